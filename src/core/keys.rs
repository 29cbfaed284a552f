//! The names under which this SDK stores anything.

pub use crate::consent::MEMORY_KEY as CONSENT;
pub use crate::identity::{COOKIES, KEY as IDENTITY, read_segment};
pub use crate::queue::PAGE_PREFIX as JOURNAL;

/// What consent was at each revision.
pub const RECEIPTS: &str = "tg_receipts";
/// When servers want to hear again. Goes with all that is left for the next page.
pub const WAITS: &str = "tg_left.waits";
/// What the next page needs to know of the gate.
pub const GATE: &str = "tg_gate";
