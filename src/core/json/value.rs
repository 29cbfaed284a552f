//! An owned JSON tree, for configuration and the data layer.

use super::scan::{Cursor, Kind, elements, kind, members, text_of};
use super::{push_string, whole};
use crate::text::next_piece;

/// A JSON value. Numbers keep their text; objects keep their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object: its members in order, the last one wins where a key repeats.
    Object(Vec<(String, Value)>),
}

/// Where and why a text is not JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Reads one JSON text.
///
/// # Errors
/// The place of the first character that does not fit the grammar, or that nests deeper than [`super::MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let mut cursor = Cursor::new(text);
    match cursor.skip_value().filter(|_| cursor.is_at_end()) {
        Some(raw) => Ok(tree(raw)),
        None => Err(place(text, cursor.at())),
    }
}

/// The tree of a value that is known to be JSON.
fn tree(raw: &str) -> Value {
    match kind(raw) {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(raw == "true"),
        Kind::Number => Value::Number(raw.to_owned()),
        Kind::String => Value::String(text_of(raw).into_owned()),
        Kind::Array => {
            let mut items = Vec::new();
            for item in elements(raw) {
                items.push(tree(item));
            }
            Value::Array(items)
        }
        Kind::Object => {
            let mut object = Value::Object(Vec::new());
            for (key, member) in members(raw) {
                object.set(key.into_owned(), tree(member));
            }
            object
        }
    }
}

fn place(text: &str, at: usize) -> JsonError {
    let mut place = JsonError { line: 1, column: 1 };
    for c in text.get(..at).unwrap_or(text).chars() {
        place.column += 1;
        if c == '\n' {
            place = JsonError { line: place.line + 1, column: 1 };
        }
    }
    place
}

impl Value {
    /// An own member of an object.
    pub fn member(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Object(object) => object.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Takes a member out.
    pub fn take(&mut self, key: &str) -> Value {
        match self {
            Value::Object(object) => {
                object.iter_mut().find(|(known, _)| known == key).map_or(Value::Null, |(_, value)| std::mem::take(value))
            }
            _ => Value::Null,
        }
    }

    /// Puts a member in, or in place of one of its name. Nothing happens where this is no object.
    fn set(&mut self, key: String, value: Value) {
        if let Value::Object(object) = self {
            match object.iter_mut().find(|(known, _)| *known == key) {
                Some((_, old)) => *old = value,
                None => object.push((key, value)),
            }
        }
    }

    /// The value at a dotted path, through objects and array positions.
    pub fn at_path(&self, path: &str) -> Option<&Value> {
        let mut here = self;
        let mut steps = Some(path);
        while let Some(step) = next_piece(&mut steps, ".") {
            here = match here {
                Value::Array(items) => items.get(usize::try_from(whole(step)?).ok()?)?,
                _ => here.member(step)?,
            };
        }
        Some(here)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a member; empty where there is none.
    pub fn text(&self, key: &str) -> &str {
        self.member(key).and_then(Value::as_str).unwrap_or("")
    }

    /// The whole number of a member, or the default.
    pub fn number(&self, key: &str, default: u32) -> u32 {
        match self.member(key) {
            Some(Value::Number(text)) => whole(text).and_then(|number| number.try_into().ok()).unwrap_or(default),
            _ => default,
        }
    }

    /// The flag of a member, or the default.
    pub fn flag(&self, key: &str, default: bool) -> bool {
        match self.member(key) {
            Some(Value::Bool(flag)) => *flag,
            _ => default,
        }
    }

    /// The position of a member's text among these words; 0 where it is none of them.
    pub fn word(&self, key: &str, words: &[&str]) -> usize {
        let text = self.text(key);
        words.iter().position(|word| *word == text).unwrap_or(0)
    }

    /// The elements of a member that is a list.
    pub fn list(&self, key: &str) -> &[Value] {
        match self.member(key) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }

    /// The texts of a member that is a list.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(key) {
            texts.push(item.as_str().unwrap_or("").to_owned());
        }
        texts
    }

    /// The members of a member that is an object.
    pub fn object(&self, key: &str) -> &[(String, Value)] {
        self.member(key).map_or(&[], Value::members)
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Value)] {
        match self {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// Appends the value as JSON text.
    pub fn write(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Number(text) => out.push_str(text),
            Value::String(text) => push_string(out, text),
            Value::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Value::Object(object) => {
                out.push('{');
                for (i, (key, value)) in object.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    push_string(out, key);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// The value as JSON text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Merges another value in: objects by key, arrays by position, anything else is replaced. This is the
    /// merge of Google's documented data-layer model.
    pub fn merge(&mut self, other: Value) {
        match (self, other) {
            (Value::Object(mine), Value::Object(theirs)) => {
                for (key, value) in theirs {
                    match mine.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, old)) => old.merge(value),
                        None => mine.push((key, value)),
                    }
                }
            }
            (Value::Array(mine), Value::Array(theirs)) => {
                for (i, value) in theirs.into_iter().enumerate() {
                    match mine.get_mut(i) {
                        Some(old) => old.merge(value),
                        None => mine.push(value),
                    }
                }
            }
            (mine, other) => *mine = other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_same_text() {
        let text = r#"{"a":[1,-2.50,"x\"y",true,null],"b":{"c":{}}}"#;
        assert_eq!(parse(text).unwrap().to_text(), text);
    }

    #[test]
    fn tells_where_a_text_breaks() {
        assert_eq!(parse("{\n  \"a\": nope }"), Err(JsonError { line: 2, column: 8 }));
    }

    #[test]
    fn merges_as_a_data_layer_does() {
        let mut layer = parse(r#"{"a":{"x":1,"list":[1,2,3]}}"#).unwrap();
        layer.merge(parse(r#"{"a":{"y":2,"list":[9]}}"#).unwrap());
        assert_eq!(layer.to_text(), r#"{"a":{"x":1,"list":[9,2,3],"y":2}}"#);
        assert_eq!(layer.at_path("a.list.0").unwrap().to_text(), "9");
    }
}
