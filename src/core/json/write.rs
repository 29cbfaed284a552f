//! Writing JSON text.

use super::members;
use crate::ids::push_hex;

/// Appends a JSON string with its quotes.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "\\u00",
            _ => continue,
        };
        out.push_str(text.get(plain..at).unwrap_or(""));
        out.push_str(escaped);
        if escaped.len() > 2 {
            push_hex(out, byte.into(), 2);
        }
        plain = at + 1;
    }
    out.push_str(text.get(plain..).unwrap_or(""));
    out.push('"');
}

/// Appends `"text"`, with a comma before it unless an object or array was just opened.
pub fn push_item(out: &mut String, text: &str) {
    if !matches!(out.as_bytes().last(), None | Some(b'{' | b'[')) {
        out.push(',');
    }
    push_string(out, text);
}

/// Appends `"key":raw`, with a comma like [`push_item`].
pub fn push_member(out: &mut String, key: &str, raw: &str) {
    push_item(out, key);
    out.push(':');
    out.push_str(raw);
}

/// Appends `"key":"text"`, or `"key":null` where there is none.
pub(crate) fn push_optional(out: &mut String, key: &str, text: Option<&str>) {
    match text {
        Some(text) => push_text(out, key, text),
        None => push_member(out, key, "null"),
    }
}

/// Appends `"key":"text"`.
pub fn push_text(out: &mut String, key: &str, text: &str) {
    push_member(out, key, "");
    push_string(out, text);
}

/// Appends `"key":number`.
pub fn push_number(out: &mut String, key: &str, number: u64) {
    push_member(out, key, "");
    push_digits(out, number);
}

/// Appends members of several objects; of members with one key the last object's stands.
pub fn push_merged(out: &mut String, objects: &[&str]) {
    for (at, object) in objects.iter().enumerate() {
        for (key, raw) in members(object) {
            let is_newer = |object: &&str| members(object).any(|(other, _)| other == key);
            if !objects.iter().skip(at + 1).any(is_newer) {
                push_member(out, &key, raw);
            }
        }
    }
}

/// Appends a number in decimal digits.
pub fn push_digits(out: &mut String, number: u64) {
    if number >= 10 {
        push_digits(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// A number in decimal digits.
pub fn digits(number: u64) -> String {
    let mut out = String::new();
    push_digits(&mut out, number);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_survive_the_round_trip() {
        for text in ["", "plain", "a\"b\\c\n\r\t\u{1}é😀"] {
            let mut out = String::new();
            push_string(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
