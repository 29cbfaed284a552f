//! Cutting JSON text into raw slices.

use super::{MAX_DEPTH, text_of, whole};
use crate::text::{bytes_below, bytes_that_are, next_piece};
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
    Members(pairs(raw))
}

/// The raw value at a dotted path (`properties.order_id`, `products.0.price`), by own members only.
pub fn at_path<'a>(raw: &'a str, path: &str) -> Option<&'a str> {
    let mut here = raw;
    let mut steps = Some(path);
    while let Some(step) = next_piece(&mut steps, ".") {
        here = match kind(here) {
            Kind::Object => members(here).find(|(key, _)| key == step)?.1,
            Kind::Array => elements(here).nth(whole(step)?.try_into().ok()?)?,
            _ => return None,
        };
    }
    Some(here)
}

/// Whether the text is exactly one JSON value within [`MAX_DEPTH`].
pub fn valid(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip_value().is_some() && cursor.is_at_end()
}

/// How many bytes of a text that is not [`valid`] fit the grammar.
pub(super) fn broken_at(text: &str) -> usize {
    let mut cursor = Cursor::new(text);
    if cursor.skip_value().is_some() {
        cursor.skip_space();
    }
    cursor.at
}

/// Iterator of [`elements`].
pub struct Elements<'a> {
    cursor: Cursor<'a>,
    open: bool,
    first: bool,
}

impl Elements<'_> {
    /// Goes to the end. Whether nothing was at fault until there.
    pub fn is_whole(mut self) -> bool {
        while self.next().is_some() {}
        self.cursor.eat(b']') && self.cursor.is_at_end()
    }
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

/// The members of an object as (raw key, raw value): see [`members`].
pub fn pairs(raw: &str) -> Pairs<'_> {
    let mut cursor = Cursor::new(raw);
    let open = cursor.eat(b'{');
    Pairs { cursor, open, first: true }
}

/// Iterator of [`pairs`].
pub struct Pairs<'a> {
    cursor: Cursor<'a>,
    open: bool,
    first: bool,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.open || (!self.first && !self.cursor.eat(b',')) {
            self.open = false;
            return None;
        }
        self.first = false;
        self.open = false;
        let key = self.cursor.skip_string()?;
        if !self.cursor.eat(b':') {
            return None;
        }
        let value = self.cursor.skip_value()?;
        self.open = true;
        Some((key, value))
    }
}

/// Iterator of [`members`].
pub struct Members<'a>(Pairs<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (text_of(key), value))
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Cursor { text, at: 0 }
    }

    /// The byte at the cursor; 0 at the end, which no JSON text holds anywhere.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn skip_space(&mut self) {
        while let b' ' | b'\t' | b'\n' | b'\r' = self.byte() {
            self.at += 1;
        }
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.text.len()
    }

    fn eat(&mut self, wanted: u8) -> bool {
        self.skip_space();
        let found = self.byte() == wanted;
        self.at += usize::from(found);
        found
    }

    /// The raw string at the cursor, with its quotes. Control characters are refused, as the grammar asks.
    fn skip_string(&mut self) -> Option<&'a str> {
        self.skip_space();
        let start = self.at;
        if self.byte() != b'"' {
            return None;
        }
        loop {
            self.at += 1;
            self.skip_plain();
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    match self.byte() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.byte().is_ascii_hexdigit() {
                                    return None;
                                }
                            }
                        }
                        _ => return None,
                    }
                }
                0..=0x1f => return None,
                _ => {}
            }
        }
        self.at += 1;
        self.text.get(start..self.at)
    }

    /// Goes on, four bytes a step, to what means something in a string or to the text's last bytes.
    fn skip_plain(&mut self) {
        while let Some(word) = self.text.as_bytes().get(self.at..).and_then(<[u8]>::first_chunk) {
            let word = u32::from_le_bytes(*word);
            let found = bytes_below(b' ', word) | bytes_that_are(b'"', word) | bytes_that_are(b'\\', word);
            self.at += found.trailing_zeros() as usize / 8;
            if found != 0 {
                return;
            }
        }
    }

    fn skip_number(&mut self) -> Option<()> {
        self.at += usize::from(self.byte() == b'-');
        if self.byte() == b'0' {
            self.at += 1;
        } else {
            self.skip_digits()?;
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.skip_digits()?;
        }
        if let b'e' | b'E' = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), b'+' | b'-'));
            self.skip_digits()?;
        }
        Some(())
    }

    fn skip_digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// The raw value at the cursor.
    fn skip_value(&mut self) -> Option<&'a str> {
        self.skip_space();
        let start = self.at;
        self.skip(MAX_DEPTH)?;
        self.text.get(start..self.at)
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        self.skip_space();
        let close = match self.byte() {
            b'{' => b'}',
            b'[' => b']',
            b'"' => return self.skip_string().map(drop),
            b'-' | b'0'..=b'9' => return self.skip_number(),
            _ => {
                let rest = self.text.get(self.at..)?;
                let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word))?;
                self.at += word.len();
                return Some(());
            }
        };
        self.at += 1;
        let depth = depth.checked_sub(1)?;
        if self.eat(close) {
            return Some(());
        }
        loop {
            if close == b'}' {
                self.skip_string()?;
                if !self.eat(b':') {
                    return None;
                }
            }
            self.skip(depth)?;
            if !self.eat(b',') {
                return self.eat(close).then_some(());
            }
        }
    }
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
}
