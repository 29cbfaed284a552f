//! Cutting JSON text into raw slices.

use super::MAX_DEPTH;
use std::borrow::Cow;

/// What a raw JSON value is, told from its first character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `null`, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string, with its quotes.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// The kind of a raw value.
pub fn kind(raw: &str) -> Kind {
    match raw.as_bytes().first() {
        Some(b'"') => Kind::String,
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b't' | b'f') => Kind::Bool,
        Some(b'-' | b'0'..=b'9') => Kind::Number,
        _ => Kind::Null,
    }
}

/// The raw elements of an array; none if `raw` is not an array. Stops at the first fault.
pub fn elements(raw: &str) -> Elements<'_> {
    let mut cursor = Cursor::new(raw);
    let open = cursor.eat(b'[');
    Elements { cursor, open, first: true }
}

/// The members of an object as (key, raw value); none if `raw` is not an object. Stops at the first fault.
pub fn members(raw: &str) -> Members<'_> {
    let mut cursor = Cursor::new(raw);
    let open = cursor.eat(b'{');
    Members { cursor, open, first: true }
}

/// The raw value at a dotted path (`properties.order_id`, `products.0.price`), by own members only.
pub fn at_path<'a>(raw: &'a str, path: &str) -> Option<&'a str> {
    let mut here = raw;
    for step in path.split('.') {
        here = match kind(here) {
            Kind::Object => members(here).find(|(key, _)| key == step)?.1,
            Kind::Array => elements(here).nth(step.parse().ok()?)?,
            _ => return None,
        };
    }
    Some(here)
}

/// Whether the text is exactly one JSON value within [`MAX_DEPTH`].
pub fn valid(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip_value().is_some() && {
        cursor.skip_space();
        cursor.at == text.len()
    }
}

/// A raw value as text: a string without quotes and escapes, anything else as written, `null` as nothing.
pub fn text_of(raw: &str) -> Cow<'_, str> {
    match kind(raw) {
        Kind::String => unescape(raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")),
        Kind::Null => Cow::Borrowed(""),
        _ => Cow::Borrowed(raw),
    }
}

/// Iterator of [`elements`].
pub struct Elements<'a> {
    cursor: Cursor<'a>,
    open: bool,
    first: bool,
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if !self.open || (!self.first && !self.cursor.eat(b',')) {
            self.open = false;
            return None;
        }
        self.first = false;
        let item = self.cursor.skip_value();
        self.open = item.is_some();
        item
    }
}

/// Iterator of [`members`].
pub struct Members<'a> {
    cursor: Cursor<'a>,
    open: bool,
    first: bool,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.open || (!self.first && !self.cursor.eat(b',')) {
            self.open = false;
            return None;
        }
        self.first = false;
        self.open = false;
        self.cursor.skip_space();
        let key = self.cursor.skip_string()?;
        if !self.cursor.eat(b':') {
            return None;
        }
        let value = self.cursor.skip_value()?;
        self.open = true;
        Some((text_of(key), value))
    }
}

pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Cursor { text, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn bump(&mut self) -> Option<u8> {
        let byte = self.byte()?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    pub(super) fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.byte()
    }

    pub(super) fn eat(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    /// The raw string at the cursor, with its quotes. Control characters are refused, as the grammar asks.
    pub(super) fn skip_string(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.bump()? != b'"' {
            return None;
        }
        loop {
            match self.bump()? {
                b'"' => return self.text.get(start..self.at),
                b'\\' => match self.bump()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            if !self.bump()?.is_ascii_hexdigit() {
                                return None;
                            }
                        }
                    }
                    _ => return None,
                },
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// The raw scalar at the cursor: string, number, `true`, `false` or `null`.
    pub(super) fn skip_scalar(&mut self) -> Option<&'a str> {
        self.skip_space();
        let start = self.at;
        match self.byte()? {
            b'"' => return self.skip_string(),
            b'-' | b'0'..=b'9' => self.skip_number()?,
            _ => {
                let rest = self.text.get(start..)?;
                let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word))?;
                self.at += word.len();
            }
        }
        self.text.get(start..self.at)
    }

    fn skip_number(&mut self) -> Option<()> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.skip_digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.skip_digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.skip_digits()?;
        }
        Some(())
    }

    fn skip_digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// The raw value at the cursor. Walks with a stack of one bit a level instead of recursion.
    pub(super) fn skip_value(&mut self) -> Option<&'a str> {
        self.skip_space();
        let start = self.at;
        let mut depth = 0usize;
        let mut in_object = [false; MAX_DEPTH];
        loop {
            match self.peek()? {
                open @ (b'{' | b'[') => {
                    self.at += 1;
                    *in_object.get_mut(depth)? = open == b'{';
                    depth += 1;
                    let close = if open == b'{' { b'}' } else { b']' };
                    if self.eat(close) {
                        depth -= 1;
                    } else {
                        if open == b'{' {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                _ => {
                    self.skip_scalar()?;
                }
            }
            loop {
                if depth == 0 {
                    return self.text.get(start..self.at);
                }
                let object = *in_object.get(depth - 1)?;
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        if object {
                            self.skip_key()?;
                        }
                        break;
                    }
                    b'}' if object => {}
                    b']' if !object => {}
                    _ => return None,
                }
                self.at += 1;
                depth -= 1;
            }
        }
    }

    fn skip_key(&mut self) -> Option<()> {
        self.skip_space();
        self.skip_string()?;
        self.eat(b':').then_some(())
    }
}

/// The text of a string's inside. A lone surrogate becomes U+FFFD.
fn unescape(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let mut unit = hex4(&mut rest);
                if (0xd800..0xdc00).contains(&unit) {
                    let mut ahead = rest.clone();
                    if ahead.next() == Some('\\') && ahead.next() == Some('u') {
                        let low = hex4(&mut ahead);
                        if (0xdc00..0xe000).contains(&low) {
                            rest = ahead;
                            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        }
                    }
                }
                out.push(char::from_u32(unit).unwrap_or('\u{fffd}'));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    Cow::Owned(out)
}

fn hex4(chars: &mut std::str::Chars<'_>) -> u32 {
    chars.by_ref().take(4).fold(0, |sum, c| sum * 16 + c.to_digit(16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_the_reference_parser_accepts() {
        for text in [
            "null",
            "true",
            " [1, -0.5e+3 ] ",
            "{}",
            "[]",
            r#"{"a":{"b":[[],{}]},"c":"\u00e9\n"}"#,
            "01",
            "1.",
            "-",
            "[1,]",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":1,}"#,
            "\"\u{1}\"",
            r#""\x""#,
            "[1 2]",
            "tru",
            "",
            "1 1",
            "[}",
            r#""\ud800""#,
        ] {
            // serde_json refuses lone surrogates; we keep the event and replace the character.
            let wanted = serde_json::from_str::<serde_json::Value>(text).is_ok() || text == r#""\ud800""#;
            assert_eq!(valid(text), wanted, "{text}");
        }
    }

    #[test]
    fn cuts_members_and_elements() {
        let raw = r#"{ "a" : [1,"x"] , "b\n": {"c":null} }"#;
        let found: Vec<_> = members(raw).map(|(k, v)| (k.into_owned(), v)).collect();
        assert_eq!(found, [("a".to_owned(), r#"[1,"x"]"#), ("b\n".to_owned(), r#"{"c":null}"#)]);
        assert_eq!(elements("[1, {\"a\":[2]} ,3]").collect::<Vec<_>>(), ["1", "{\"a\":[2]}", "3"]);
        assert_eq!(at_path(r#"{"p":{"items":[{"id":7}]}}"#, "p.items.0.id"), Some("7"));
        assert_eq!(at_path("{}", "p.x"), None);
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(valid(&deep));
        assert!(!valid(&format!("[{deep}]")));
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(text_of(r#""a\"\\\/\u0041\ud83d\ude00\ud800x""#), "a\"\\/A😀\u{fffd}x");
    }
}
