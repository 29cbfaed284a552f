//! Reading members of objects. What is not there, or not of the kind, is empty or the default.

use super::{Kind, elements, kind, members, text_of, valid, whole};
use crate::json::scan::{Elements, broken_at};
use std::borrow::Cow;

/// The raw value of an own member of an object. Where a key repeats, the first stands.
pub fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    members(object).find(|(known, _)| known == key).map(|(_, raw)| raw)
}

/// The text of a member that is a string.
pub fn text<'a>(object: &'a str, key: &str) -> Cow<'a, str> {
    member(object, key).filter(|raw| kind(raw) == Kind::String).map(text_of).unwrap_or_default()
}

/// The whole number of a member.
pub fn number(object: &str, key: &str, default: u32) -> u32 {
    member(object, key).and_then(whole).and_then(|number| number.try_into().ok()).unwrap_or(default)
}

/// The flag of a member.
pub fn flag(object: &str, key: &str, default: bool) -> bool {
    match member(object, key) {
        Some("true") => true,
        Some("false") => false,
        _ => default,
    }
}

/// The raw elements of a member that is an array.
pub fn list<'a>(object: &'a str, key: &str) -> Elements<'a> {
    elements(member(object, key).unwrap_or(""))
}

/// Where a text stops being JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Takes the space around one JSON value away.
///
/// # Errors
/// The place of the first character that does not fit the grammar, or that nests deeper than [`super::MAX_DEPTH`].
pub fn document(text: &str) -> Result<&str, JsonError> {
    if valid(text) {
        return Ok(text.trim_ascii());
    }
    let mut place = JsonError { line: 1, column: 1 };
    for byte in text.bytes().take(broken_at(text)) {
        // Bytes that go on with a character are not counted.
        place.column += usize::from(byte & 0xc0 != 0x80);
        if byte == b'\n' {
            place = JsonError { line: place.line + 1, column: 1 };
        }
    }
    Err(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: &str = r#"{"a.b":"x\ty","n":7,"no":false,"list":[1,"z"],"deep":{"n":8},"n":9}"#;

    #[test]
    fn members_are_read_by_their_whole_key_and_kind() {
        assert_eq!((member(OBJECT, "a.b"), member(OBJECT, "deep.n"), member("[]", "n")), (Some(r#""x\ty""#), None, None));
        assert_eq!((&*text(OBJECT, "a.b"), &*text(OBJECT, "n"), &*text(OBJECT, "gone")), ("x\ty", "", ""));
        assert_eq!((number(OBJECT, "n", 1), number(OBJECT, "a.b", 1), number(r#"{"n":4294967296}"#, "n", 1)), (7, 1, 1));
        assert_eq!((flag(OBJECT, "no", true), flag(OBJECT, "n", true)), (false, true));
        assert_eq!((list(OBJECT, "list").count(), list(OBJECT, "deep").count(), list(OBJECT, "gone").count()), (2, 0, 0));
    }

    #[test]
    fn a_document_is_told_from_what_breaks_it() {
        assert_eq!(document(" {\"a\":1}\n"), Ok("{\"a\":1}"));
        assert_eq!(document("{\n  \"a\": nope }"), Err(JsonError { line: 2, column: 8 }));
    }
}
