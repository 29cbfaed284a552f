//! The write-ahead queue: pages of events on disk, a lane per destination, and what waits for consent in memory.

mod backoff;
mod journal;
mod lane;
mod page;
mod waiting;

pub(crate) use backoff::wait_ms;
pub(crate) use journal::Journal;
pub(crate) use lane::{Flight, Lane};
pub use page::PAGE_PREFIX;
pub(crate) use page::{ACK_PREFIX, COPY_PREFIX, Page, PageKey, Target};
pub(crate) use waiting::{Waiting, WaitingRoom};

/// Where a queued event stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct EventRef {
    pub(crate) page: u32,
    pub(crate) line: u32,
}
