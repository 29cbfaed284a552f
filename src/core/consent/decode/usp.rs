//! US Privacy strings: IAB Tech Lab's "U.S. Privacy String", version 1.

use super::fault::{DecodeError, Place};

/// `[version][notice][opt-out of sale][LSPA]`, such as `1YNN`; `1---` where the law does not apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UsPrivacy {
    /// Whether notice and the opportunity to opt out were given.
    pub notice: Answer,
    /// Whether the visitor opted out of sale.
    pub opt_out_sale: Answer,
    /// Whether the transaction is covered by the Limited Service Provider Agreement.
    pub lspa_covered: Answer,
}

/// One character of a US Privacy string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// `Y`
    Yes,
    /// `N`
    No,
    /// `-`
    NotApplicable,
}

impl Answer {
    /// The character.
    pub fn letter(self) -> &'static str {
        match self {
            Answer::Yes => "Y",
            Answer::No => "N",
            Answer::NotApplicable => "-",
        }
    }
}

/// The version that is read.
pub(super) const VERSION: u8 = 1;

impl UsPrivacy {
    /// Reads a string of exactly four characters.
    ///
    /// # Errors
    /// The character that is not as it must be.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let fault = |field, at, problem| DecodeError { segment: "US Privacy string", field, place: Place::Byte(at), problem };
        let answer = |field, at| match text.as_bytes().get(at) {
            Some(b'Y') => Ok(Answer::Yes),
            Some(b'N') => Ok(Answer::No),
            Some(b'-') => Ok(Answer::NotApplicable),
            _ => Err(fault(field, at, "must be Y, N or -")),
        };
        if !text.starts_with('1') {
            return Err(fault("Version", 0, "must be 1"));
        }
        let (notice, opt_out_sale, lspa_covered) = (answer("Notice", 1)?, answer("OptOutSale", 2)?, answer("LspaCovered", 3)?);
        match text.len() {
            4 => Ok(UsPrivacy { notice, opt_out_sale, lspa_covered }),
            _ => Err(fault("", 4, "must end here, after four characters")),
        }
    }
}
