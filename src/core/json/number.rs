//! Reading numbers for comparisons, without the standard library's exact parser (its tables cost kilobytes).

/// The number in a JSON number or in a text that holds one. Exact for up to 15 digits and exponents within ±22,
/// which covers money and counts; beyond that, right to the last few bits.
pub fn f64_of(text: &str) -> Option<f64> {
    let (negative, rest) = match text.trim().strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.trim()),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut digits = 0u64;
    let mut scale = exponent.clamp(-400, 400);
    for (in_fraction, c) in whole.chars().map(|c| (false, c)).chain(fraction.chars().map(|c| (true, c))) {
        let digit = u64::from(c.to_digit(10)?);
        if digits < 1_000_000_000_000_000_000 {
            digits = digits * 10 + digit;
            scale -= i32::from(in_fraction);
        } else {
            scale += i32::from(!in_fraction);
        }
    }
    let mut value = digits as f64;
    let power = (0..scale.unsigned_abs()).fold(1f64, |power, _| power * 10.0);
    if scale < 0 {
        value /= power;
    } else {
        value *= power;
    }
    Some(if negative { -value } else { value })
}

/// The whole number that a text consists of: decimal digits only, within 64 bits.
pub fn whole(text: &str) -> Option<u64> {
    let mut number = 0u64;
    for byte in text.bytes() {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    (!text.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library_on_money_and_counts() {
        for text in ["0", "1", "-1", "19.99", "1e3", "2.5E-2", "123456789012345", "0.1", "-0.05"] {
            assert_eq!(f64_of(text), text.parse::<f64>().ok(), "{text}");
        }
        for text in ["", "-", "abc", "1x", ".", "--1"] {
            assert_eq!(f64_of(text), None, "{text}");
        }
        assert_eq!(["0", "18446744073709551615"].map(whole), [Some(0), Some(u64::MAX)]);
        assert_eq!(["", "-1", "1.0", "1e3", " 1", "18446744073709551616"].map(whole), [None; 6]);
        assert!(f64_of(&"9".repeat(400)).is_some());
        assert!(f64_of("1e999999999999").is_none());
    }
}
