//! Wire formats. Segment's, which our collector speaks too, is in the first load; what the others are is data, a file a kind in `kinds`, and what reads it
//! is a part of the core: see [`part`].

mod check;
mod clock;
mod cut;
mod kinds;
mod lanes;
pub mod part;
mod refusals;
mod runs;
mod segment;
mod wire;

pub(crate) use check::check;
pub use clock::by_our_clock;
pub use cut::{Batch, Beside, Pushed};
pub use kinds::{addresses, is_secret};
pub use lanes::{Dealt, LANES, deal};
pub use refusals::Refusals;
pub use runs::Runs;
pub(crate) use segment::{push_batch_end, push_batch_start, read_answer};
pub use wire::{Prelude, WiredRequest};

use crate::config::Destination;
use crate::json::{member, text};

/// How long a destination that refuses our credentials is left alone, in milliseconds.
pub const PAUSE_MS: u64 = 5 * 60_000;
/// No server keeps a destination waiting for longer, in milliseconds, whatever its `Retry-After` says.
pub const LONGEST_WAIT_MS: u64 = 24 * 3_600_000;

/// Whether a destination, as the config has it, needs the part: by its kind, or by what it leaves out and changes.
pub(crate) fn is_wired(raw: &str) -> bool {
    let has = |key| member(raw, key).is_some();
    !speaks_segment(raw) || has("filter") || has("sample") || has("map")
}

/// Whether it speaks Segment's format.
pub(crate) fn speaks_segment(raw: &str) -> bool {
    text(raw, "kind") == "segment"
}

/// What a status that is no 2xx means for the batch.
fn read_status(status: u16, retry_after_ms: Option<u64>) -> Answer {
    match status {
        400 | 413 | 422 => Answer::Split,
        401 | 403 => Answer::Paused,
        _ => Answer::Retry(retry_after_ms),
    }
}

/// What a destination's answer means for the batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
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
pub enum Settled {
    /// It is on disk.
    Stored,
    /// It was on disk before.
    Duplicate,
    /// It was refused for good.
    Rejected,
}
