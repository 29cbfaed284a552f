//! Fields that hold lists of IDs: bit fields and ranges.
//!
//! GPP's "Consent String Specification", Section Encoding; TCF's "Consent string and vendor list formats v2". The items of a list
//! are at most 4,095 and may repeat or overlap; memory stays in proportion to the text.

use super::bits::Bits;
use super::fault::DecodeError;
use super::ids::IdSet;

/// How a list of vendors is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Coding {
    /// `OptimizedIntRange`: the largest ID, then ranges of 16 bits or a bit field. TCF has it.
    Int,
    /// The largest ID, then ranges in Fibonacci coding or a bit field. What @iabgpp/cmpapi 3.2 writes for tcfcav1.
    MaxFibonacci,
    /// `OptimizedRange`: ranges in Fibonacci coding, or a bit field with its length before it.
    Fibonacci,
}

/// A list of vendors.
pub(crate) fn vendors(bits: &mut Bits, field: &'static str, coding: Coding) -> Result<IdSet, DecodeError> {
    bits.name(field);
    let max = if coding == Coding::Fibonacci { 0 } else { bits.take(16)? as u16 };
    let are_ranges = bits.take(1)? == 1;
    let set = match coding {
        Coding::Int if are_ranges => int_ranges(bits)?,
        Coding::MaxFibonacci | Coding::Fibonacci if are_ranges => fibonacci_ranges(bits)?,
        Coding::Int | Coding::MaxFibonacci => bit_field(bits, max)?,
        Coding::Fibonacci => {
            let length = bits.take(16)? as u16;
            bit_field(bits, length)?
        }
    };
    // The two codings with a largest ID look alike; where it is not the largest, it was the other one.
    if coding == Coding::MaxFibonacci && set.max() != max {
        return Err(bits.fault("the largest ID is not the one announced"));
    }
    Ok(set)
}

/// `Range (Int)`: single IDs and groups with first and last ID, in any order.
pub(crate) fn int_ranges(bits: &mut Bits) -> Result<IdSet, DecodeError> {
    let mut set = IdSet::default();
    for _ in 0..bits.take(12)? {
        let is_group = bits.take(1)? == 1;
        let first = bits.take(16)? as u16;
        let last = if is_group { bits.take(16)? as u16 } else { first };
        if first == 0 || last < first {
            return Err(bits.fault("a range that begins at 0 or ends before it begins"));
        }
        set.insert(first, last);
    }
    Ok(set)
}

/// `Range (Fibonacci)`: each item counts from the last ID before it.
pub(crate) fn fibonacci_ranges(bits: &mut Bits) -> Result<IdSet, DecodeError> {
    let mut set = IdSet::default();
    let mut last = 0u16;
    for _ in 0..bits.take(12)? {
        let is_group = bits.take(1)? == 1;
        let first = further(bits, last)?;
        last = if is_group { further(bits, first)? } else { first };
        set.insert(first, last);
    }
    Ok(set)
}

fn further(bits: &mut Bits, from: u16) -> Result<u16, DecodeError> {
    let offset = bits.fibonacci()?;
    from.checked_add(offset).ok_or_else(|| bits.fault("an ID beyond 65,535"))
}

fn bit_field(bits: &mut Bits, count: u16) -> Result<IdSet, DecodeError> {
    let mut set = IdSet::default();
    let mut before = 0u16;
    while before < count {
        let width = (count - before).min(32);
        let mut chunk = bits.take(width.into())? << (64 - width);
        while chunk != 0 {
            let zeros = chunk.leading_zeros() as u16;
            let ones = (chunk << zeros).leading_ones() as u16;
            set.insert(before + zeros + 1, before + zeros + ones);
            chunk &= u64::MAX.checked_shr(u32::from(zeros + ones)).unwrap_or(0);
        }
        before += width;
    }
    Ok(set)
}
