//! What is wrong with a string, and where.

use crate::json::digits;
use crate::text::concat;

/// Why a consent string cannot be decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DecodeError {
    /// The part of the string: a segment, a header or a cookie.
    pub segment: &'static str,
    /// The field as its standard names it.
    pub field: &'static str,
    /// Where the field begins, counted from 0 within the segment.
    pub place: Place,
    /// What is wrong there.
    pub problem: &'static str,
}

/// A place within a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A bit of a base64url text.
    Bit(usize),
    /// A byte of a plain text.
    Byte(usize),
}

impl DecodeError {
    /// The sentence for people: `core segment, CmpId, bit 78: the string ends here`.
    pub fn message(&self) -> String {
        let (unit, at) = match self.place {
            Place::Bit(at) => (", bit ", at),
            Place::Byte(at) => (", byte ", at),
        };
        let comma = if self.field.is_empty() { "" } else { ", " };
        concat(&[self.segment, comma, self.field, unit, &digits(at as u64), ": ", self.problem])
    }
}
