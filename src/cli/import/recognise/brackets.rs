//! How far a block or a string goes.

use super::reader::Reader;

pub(crate) fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// The length of a block that begins with a bracket, to the one that closes it. Brackets in strings and comments do not count.
pub(crate) fn block(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut reader = Reader::new(text);
    if !text.starts_with(['{', '(', '[']) {
        return None;
    }
    loop {
        let next = reader.rest.chars().next()?;
        match next {
            '"' | '\'' | '`' if reader.string(next).is_some() => continue,
            '/' if reader.rest.starts_with("//") || reader.rest.starts_with("/*") => {
                reader.space();
                continue;
            }
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        reader.rest = reader.rest.get(next.len_utf8()..)?;
        if depth == 0 {
            return Some(text.len() - reader.rest.len());
        }
    }
}

pub(super) fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
