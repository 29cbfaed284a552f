//! The text of raw values.

use super::{Kind, kind};
use crate::text::cut;
use std::borrow::Cow;

/// A raw value as text: a string without quotes and escapes, anything else as written, `null` as nothing.
pub fn text_of(raw: &str) -> Cow<'_, str> {
    match kind(raw) {
        Kind::String => unescape(raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")),
        Kind::Null => Cow::Borrowed(""),
        _ => Cow::Borrowed(raw),
    }
}

/// The text of a string's inside. A lone surrogate becomes U+FFFD.
fn unescape(inside: &str) -> Cow<'_, str> {
    let Some((plain, mut rest)) = cut(inside, "\\") else { return Cow::Borrowed(inside) };
    let mut out = String::from(plain);
    loop {
        let (escape, behind) = (rest.as_bytes().first().copied().unwrap_or(0), rest.get(1..).unwrap_or(""));
        rest = behind;
        out.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut unit = take_unit(&mut rest);
                if (0xd800..0xdc00).contains(&unit)
                    && let Some(mut low) = rest.strip_prefix("\\u")
                {
                    let half = take_unit(&mut low);
                    if (0xdc00..0xe000).contains(&half) {
                        rest = low;
                        unit = 0x10000 + ((unit - 0xd800) << 10) + (half - 0xdc00);
                    }
                }
                char::from_u32(unit).unwrap_or('\u{fffd}')
            }
            itself => char::from(itself),
        });
        match cut(rest, "\\") {
            Some((plain, behind)) => {
                out.push_str(plain);
                rest = behind;
            }
            None => {
                out.push_str(rest);
                return Cow::Owned(out);
            }
        }
    }
}

/// Takes four hexadecimal digits.
fn take_unit(text: &mut &str) -> u32 {
    let mut unit = 0;
    for byte in text.bytes().take(4) {
        let digit = if byte <= b'9' { byte.wrapping_sub(b'0') } else { (byte | 32).wrapping_sub(b'a' - 10) };
        unit = unit * 16 + u32::from(digit & 15);
    }
    *text = text.get(4..).unwrap_or("");
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(text_of(r#""a\"\\\/\u0041\ud83d\ude00\ud800x""#), "a\"\\/A😀\u{fffd}x");
    }
}
