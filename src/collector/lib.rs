//! The collector: receives events over the HTTP Tracking API, answers once they are on disk, shows them and
//! hands them on.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod app;
mod clock;
mod connection;
mod dead_letters;
mod demo;
mod error;
mod event;
mod files;
mod forward;
mod guard;
mod ingest;
mod json;
mod ledger;
mod metrics;
mod options;
mod read;
mod refusal;
mod request;
mod sequence;
mod server;
mod site;
mod snapshot;
mod store;
mod writer;

pub use clock::now_ms;
pub use dead_letters::{DeadLetter, DeadLetters};
pub use error::StartError;
pub use forward::{HandingOver, Sink, Verdict};
pub use options::Options;
pub use server::Server;
pub use snapshot::{Record, Snapshot};
pub use store::{StoreError, StoredEvent};
