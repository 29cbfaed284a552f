//! Writing JSON text.

/// Appends a JSON string with its quotes.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) => {
                out.push_str("\\u00");
                for nibble in [u32::from(c) >> 4, u32::from(c) & 15] {
                    out.push(char::from_digit(nibble, 16).unwrap_or('0'));
                }
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Appends `"key":raw`, with a comma before it unless an object or array was just opened.
pub fn push_member(out: &mut String, key: &str, raw: &str) {
    if !out.is_empty() && !out.ends_with(['{', '[']) {
        out.push(',');
    }
    push_string(out, key);
    out.push(':');
    out.push_str(raw);
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
