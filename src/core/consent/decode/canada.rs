//! The Canadian section of GPP: "IAB Canada TCF Technical Specification".

use super::bits::Bits;
use super::fault::DecodeError;
use super::ranges::{Coding, vendors};
use super::tcf::{CORE, Choices, Head, first_that_fits, restrictions};
use crate::text::next_piece;

/// A `tcfcav1` section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CanadaString {
    /// Who wrote it, and when.
    pub head: Head,
    /// Whether the stacks shown were not the standard's.
    pub use_non_standard_stacks: bool,
    /// What was decided.
    pub choices: Choices,
}

/// The specification asks for `OptimizedRange`, the reference encoder wrote ranges of 16 bits before version 3.2 and has written
/// a third form since. Each is told from the others by what is left behind it.
const CODINGS: [Coding; 3] = [Coding::MaxFibonacci, Coding::Int, Coding::Fibonacci];

impl CanadaString {
    /// Reads a section: the core sub-section, then the others in any order.
    ///
    /// # Errors
    /// What does not fit the standard, and where.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut segments = Some(text);
        let bits = &mut Bits::new(next_piece(&mut segments, ".").unwrap_or(""), CORE)?;
        let mut tc = CanadaString {
            head: Head::read(bits, 1, "version 1 is read here")?,
            use_non_standard_stacks: bits.flag("UseNonStandardStacks")?,
            choices: Choices::read_purposes(bits)?,
        };
        let (express, implied, restricted) = first_that_fits(bits, &CODINGS, |bits, coding| {
            let express = vendors(bits, "VendorExpressConsent", coding)?;
            let implied = vendors(bits, "VendorImpliedConsent", coding)?;
            // Version 1.0 ends here.
            let restricted = if bits.is_padding() { Vec::new() } else { restrictions(bits, coding)? };
            Ok((express, implied, restricted))
        })?;
        tc.choices.vendor_consents = express;
        tc.choices.vendor_legitimate_interests = implied;
        tc.choices.restrictions = restricted;
        tc.choices.read_segments(segments, &CODINGS)?;
        Ok(tc)
    }
}
