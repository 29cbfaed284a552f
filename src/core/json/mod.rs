//! A small JSON reader and writer.
//!
//! JSON stays text: [`members`] and [`elements`] cut it into raw slices, and no tree is built. Numbers keep the digits they
//! came with, so nothing is rounded on the way through. Grammar: RFC 8259.

mod merge;
mod number;
mod paths;
mod read;
mod scan;
mod unescape;
mod write;

pub use merge::push_deep;
pub use number::{f64_of, whole};
pub(crate) use paths::Paths;
pub use read::{JsonError, document, flag, list, member, number, text};
pub use scan::{Elements, Kind, Members, at_path, elements, kind, members, pairs, valid};
pub use unescape::text_of;
pub(crate) use write::push_optional;
pub use write::{digits, push_digits, push_item, push_member, push_merged, push_number, push_string, push_text};

/// Nesting beyond this is refused: it bounds the work and the memory that any input can ask for.
pub const MAX_DEPTH: usize = 64;
