//! Wire formats, one file a kind.

mod segment;

pub(crate) use segment::{push_batch_end, push_batch_start, read_answer};

/// What a destination's answer means for the batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// The whole batch is settled.
    All,
    /// These are settled, the others were not mentioned.
    Some(Vec<(String, Settled)>),
    /// Nothing is settled: try again, at the earliest after this many milliseconds if the server said so.
    Retry(Option<u64>),
    /// Refused for its size or content: try with less.
    Split,
    /// Refused for its credentials: keep, and try much later.
    Paused,
}

/// What became of one event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Settled {
    Stored,
    Duplicate,
    Rejected,
}
