//! Hands committed events on: each sink has a cursor of its own in the store, which moves once the sink has answered.

mod backoff;
mod forwarder;
mod keep;
mod settle;
mod sink;
mod status;
mod thread;

pub(crate) use forwarder::Forwarder;
pub(crate) use keep::keep;
pub use sink::{HandingOver, Sink, Verdict};
pub(crate) use status::{Status, write};
pub(crate) use thread::start;
