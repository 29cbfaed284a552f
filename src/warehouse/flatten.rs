//! Nested members become values with the JSON pointer (RFC 6901) of their place.

use indexmap::IndexMap;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A JSON object as its members in order, each value still text. A repeated key keeps its last value.
pub(crate) type Object<'a> = IndexMap<String, &'a RawValue>;

/// A value that is neither null nor an object, and its place in the event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Leaf<'a> {
    pub(crate) pointer: String,
    pub(crate) json: Cow<'a, str>,
}

/// The values of an event, and those of them that no column can hold.
#[derive(Default, Debug)]
pub(crate) struct Leaves<'a> {
    pub(crate) columns: Vec<Leaf<'a>>,
    /// What is no Unicode: a string or a key with half a surrogate pair.
    pub(crate) rest: Vec<Leaf<'a>>,
}

impl<'a> Leaves<'a> {
    /// Takes in what is at `pointer`. Null and objects without members are nothing.
    pub(crate) fn push(&mut self, pointer: String, json: &'a str) {
        if json == "null" {
            return;
        }
        if !json.starts_with('{') {
            let list = if is_text(json) { &mut self.columns } else { &mut self.rest };
            return list.push(Leaf { pointer, json: Cow::Borrowed(json) });
        }
        let Ok(members) = serde_json::from_str::<Object<'a>>(json) else {
            return self.rest.push(Leaf { pointer, json: Cow::Borrowed(json) });
        };
        for (key, value) in members {
            self.push(below(&pointer, &key), value.get());
        }
    }
}

/// Whether a value of JSON is nothing: null, or an object without members.
pub(crate) fn is_nothing(json: &str) -> bool {
    json == "null" || json == "{}"
}

/// Whether a value of JSON, where it is a string, is Unicode.
pub(crate) fn is_text(json: &str) -> bool {
    !(json.starts_with('"') && json.contains("\\u")) || serde_json::from_str::<String>(json).is_ok()
}

/// The place of a member.
pub(crate) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The keys on the way to a place.
pub(crate) fn keys(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places<'a>(leaves: &'a [Leaf<'a>]) -> Vec<(&'a str, &'a str)> {
        leaves.iter().map(|leaf| (leaf.pointer.as_str(), leaf.json.as_ref())).collect()
    }

    #[test]
    fn objects_are_taken_apart_and_arrays_are_not() {
        let mut leaves = Leaves::default();
        leaves.push("/p".into(), r#"{"a":{"b":1,"c":null,"d":{}},"e/f~":[{"g":2}],"a":{"b":3}}"#);
        assert_eq!(places(&leaves.columns), [("/p/a/b", "3"), ("/p/e~1f~0", r#"[{"g":2}]"#)]);
        assert_eq!(keys("/p/e~1f~0"), ["p", "e/f~"]);
    }

    #[test]
    fn what_is_no_unicode_is_kept_apart() {
        let mut leaves = Leaves::default();
        leaves.push("".into(), r#"{"a":"\ud800","b":{"\udfff":1,"c":2},"d":"\ud83d\ude00"}"#);
        assert_eq!(places(&leaves.columns), [("/d", r#""\ud83d\ude00""#)]);
        assert_eq!(places(&leaves.rest), [("/a", r#""\ud800""#), ("/b", r#"{"\udfff":1,"c":2}"#)]);
    }
}
