//! Reading fields from base64url text, bit by bit and without a copy of it.
//!
//! Types: GPP's "Consent String Specification", Section Encoding. A Boolean is true where its bit is 1; the table there says
//! the opposite, which no encoder follows.

use super::fault::{DecodeError, Place};
use super::ids::SmallSet;

/// One segment, read from its first bit on.
#[derive(Clone)]
pub(crate) struct Bits<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the field that is being read begins.
    start: usize,
    segment: &'static str,
    field: &'static str,
}

impl<'a> Bits<'a> {
    /// Starts at the first bit. `segment` is the name for faults.
    ///
    /// # Errors
    /// A character outside of base64url (RFC 4648, section 5). `=` is one: these standards do not pad with it.
    pub(crate) fn new(text: &'a str, segment: &'static str) -> Result<Self, DecodeError> {
        match text.bytes().position(|byte| digit(byte).is_none()) {
            Some(at) => Err(DecodeError { segment, field: "", place: Place::Byte(at), problem: "this is not base64url" }),
            None => Ok(Bits { text: text.as_bytes(), at: 0, start: 0, segment, field: "" }),
        }
    }

    /// How many bits are left, padding included.
    pub(crate) fn left(&self) -> usize {
        self.text.len() * 6 - self.at
    }

    /// Whether nothing but padding is left: less than a group of 24 bits, none of them set.
    pub(crate) fn is_padding(&self) -> bool {
        let mut rest = self.clone();
        rest.left() < 24 && rest.take(rest.left()) == Ok(0)
    }

    /// Names the field that is read from here on.
    pub(crate) fn name(&mut self, field: &'static str) {
        (self.field, self.start) = (field, self.at);
    }

    /// A fault in the field that is being read.
    pub(crate) fn fault(&self, problem: &'static str) -> DecodeError {
        DecodeError { segment: self.segment, field: self.field, place: Place::Bit(self.start), problem }
    }

    /// The next bits as a number, the first one highest. At most 64.
    ///
    /// # Errors
    /// The text ends before.
    pub(crate) fn take(&mut self, width: usize) -> Result<u64, DecodeError> {
        if self.left() < width {
            return Err(self.fault("the string ends within this field"));
        }
        let (mut number, end) = (0, self.at + width);
        while self.at < end {
            let byte = self.text.get(self.at / 6).copied().unwrap_or(0);
            let behind = 6 - self.at % 6;
            let taken = behind.min(end - self.at);
            let bits = u64::from(digit(byte).unwrap_or(0)) >> (behind - taken) & ((1 << taken) - 1);
            number = number << taken | bits;
            self.at += taken;
        }
        Ok(number)
    }

    /// `Int(width)`, at most 16 bits.
    pub(crate) fn int(&mut self, field: &'static str, width: usize) -> Result<u16, DecodeError> {
        self.name(field);
        Ok(self.take(width)? as u16)
    }

    /// `Int(width)` that can be nothing but `wanted`.
    ///
    /// # Errors
    /// It is something else, which is told as `problem`, or the text ends before.
    pub(crate) fn constant(
        &mut self,
        field: &'static str,
        width: usize,
        wanted: u16,
        problem: &'static str,
    ) -> Result<(), DecodeError> {
        if self.int(field, width)? == wanted { Ok(()) } else { Err(self.fault(problem)) }
    }

    /// `Boolean`.
    pub(crate) fn flag(&mut self, field: &'static str) -> Result<bool, DecodeError> {
        Ok(self.int(field, 1)? == 1)
    }

    /// `Datetime`, in milliseconds since the Unix epoch; the string counts tenths of a second in 36 bits.
    pub(crate) fn time(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.name(field);
        Ok(self.take(36)? * 100)
    }

    /// `String(2)`: two letters, A as 0.
    pub(crate) fn letters(&mut self, field: &'static str) -> Result<[u8; 2], DecodeError> {
        self.name(field);
        let mut letters = [0; 2];
        for letter in &mut letters {
            match self.take(6)? as u8 {
                number @ 0..26 => *letter = b'A' + number,
                _ => return Err(self.fault("a letter beyond Z")),
            }
        }
        Ok(letters)
    }

    /// `Bitfield(count)` of at most 64 IDs.
    pub(crate) fn small_set(&mut self, field: &'static str, count: usize) -> Result<SmallSet, DecodeError> {
        self.name(field);
        let bits = self.take(count)?;
        Ok(SmallSet::from_bitfield(bits, count))
    }

    /// An integer in Fibonacci coding, from 1 to 65,535.
    ///
    /// # Errors
    /// The text ends before the two set bits that end it, or the number is larger.
    pub(crate) fn fibonacci(&mut self) -> Result<u16, DecodeError> {
        let (mut number, mut last) = (0u32, false);
        let (mut weight, mut next) = (1u32, 2u32);
        while weight <= u32::from(u16::MAX) {
            let bit = self.take(1)? == 1;
            if bit && last {
                return number.try_into().map_err(|_| self.fault(TOO_LARGE));
            }
            number += if bit { weight } else { 0 };
            last = bit;
            (weight, next) = (next, weight + next);
        }
        // Only the bit that ends the number may follow the largest weight.
        match last && self.take(1)? == 1 {
            true => number.try_into().map_err(|_| self.fault(TOO_LARGE)),
            false => Err(self.fault(TOO_LARGE)),
        }
    }
}

const TOO_LARGE: &str = "a number beyond 65,535";

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::writer::Writer;
    use super::*;

    fn bits(text: &str) -> Bits<'_> {
        Bits::new(text, "test").unwrap()
    }

    #[test]
    fn numbers_cross_the_borders_of_characters() {
        let mut read = bits("BAD_");
        assert_eq!([read.take(6), read.take(7), read.take(10), read.take(1)], [Ok(1), Ok(0), Ok(0b1111111), Ok(1)]);
        assert_eq!(read.take(0), Ok(0));
        read.name("next");
        let place = Place::Bit(24);
        assert_eq!(read.take(1).map_err(|fault| (fault.field, fault.place)), Err(("next", place)));
        assert_eq!(bits("__________-").take(64), Ok(u64::MAX));
    }

    #[test]
    fn only_base64url_is_read() {
        for (text, at) in [("AB=", 2), ("A+", 1), ("/", 0), ("AAé", 2), ("A A", 1), ("A\0", 1), ("A~", 1)] {
            assert_eq!(Bits::new(text, "test").err().map(|fault| fault.place), Some(Place::Byte(at)), "{text}");
        }
    }

    #[test]
    fn fibonacci_numbers_are_those_of_the_specification() {
        for (code, number) in [("11", 1), ("011", 2), ("0011", 3), ("1011", 4), ("00011", 5), ("10011", 6), ("01011", 7)] {
            let mut writer = Writer::default();
            writer.int(u64::from_str_radix(code, 2).unwrap(), code.len() as u32);
            assert_eq!(bits(&writer.text()).fibonacci(), Ok(number), "{code}");
        }
    }

    #[test]
    fn every_fibonacci_number_of_16_bits_is_read_and_none_beyond() {
        for number in 1..=u16::MAX {
            let mut writer = Writer::default();
            writer.fibonacci(number.into());
            assert_eq!(bits(&writer.text()).fibonacci(), Ok(number));
        }
        for number in [65_536, 75_024, 75_025, 1 << 30] {
            let mut writer = Writer::default();
            writer.fibonacci(number);
            assert_eq!(bits(&writer.text()).fibonacci().map_err(|fault| fault.problem), Err(TOO_LARGE), "{number}");
        }
        assert_eq!(bits(&"A".repeat(100_000)).fibonacci().map_err(|fault| fault.problem), Err(TOO_LARGE));
        assert!(bits("A").fibonacci().is_err() && bits("").fibonacci().is_err());
    }
}
