//! The behaviour of Tidegate: consent, gating, queue, delivery and tags, as a state machine without I/O.
//!
//! [`Runtime::handle`] takes one [`Input`] and the time, and returns [`Effect`]s for the bindings to carry out in order.
//! There is no clock, randomness, browser or network in here: time and random bytes come in with the input, so the same
//! core runs in a browser, in `cargo test`, and in the command line tool, and a recorded session replays bit for bit.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod config;
pub mod consent;
pub mod cookies;
pub mod effect;
pub mod input;
pub mod json;
pub mod keys;
pub mod review;
pub mod tags;
pub mod time;

pub mod destinations;
mod event;
mod explain;
mod identity;
mod ids;
mod ledger;
mod mapping;
mod queue;
mod runtime;
mod stamp;
pub mod text;

pub use effect::Effect;
pub use input::Input;
pub use runtime::Runtime;
pub use time::Now;
