//! A small JSON reader and writer.
//!
//! Event payloads stay text: [`members`] and [`elements`] cut it into raw slices without building a tree. Configuration and the
//! data layer use the owned [`Value`]. Numbers keep the digits they came with, so nothing is rounded on the way
//! through. Grammar: RFC 8259.

mod number;
mod scan;
mod value;
mod write;

pub use number::{f64_of, whole};
pub use scan::{Kind, at_path, elements, kind, members, text_of, valid};
pub use value::{JsonError, Value, parse};
pub use write::{digits, push_digits, push_member, push_merged, push_number, push_string, push_text};

/// Nesting beyond this is refused: it bounds the work and the memory that any input can ask for.
pub const MAX_DEPTH: usize = 64;
