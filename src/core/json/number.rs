//! Reading numbers for comparisons, without the standard library's exact parser (its tables cost kilobytes).

/// The number in a JSON number or in a text that holds one. Exact for up to 15 digits and exponents within ±22,
/// which covers money and counts; beyond that, right to the last few bits.
pub fn f64_of(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut digits, mut scale, mut seen, mut in_fraction) = (0u64, 0i32, false, false);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'0'..=b'9' => {
                let fits = digits < 1_000_000_000_000_000_000;
                if fits {
                    digits = digits * 10 + u64::from(byte - b'0');
                }
                scale += i32::from(!fits) - i32::from(in_fraction);
                seen = true;
            }
            b'.' if !in_fraction => in_fraction = true,
            b'e' | b'E' if seen => {
                scale = scale.checked_add(exponent(text.get(text.len() - bytes.len()..)?)?)?;
                break;
            }
            _ => return None,
        }
    }
    let power = (0..scale.unsigned_abs().min(400)).fold(1f64, |power, _| power * 10.0);
    let value = digits as f64;
    let value = if scale < 0 { value / power } else { value * power };
    seen.then_some(if negative { -value } else { value })
}

fn exponent(text: &str) -> Option<i32> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let exponent = i32::try_from(whole(digits)?).ok()?;
    Some(if negative { -exponent } else { exponent })
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
