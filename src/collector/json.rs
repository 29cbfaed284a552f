//! JSON text in one line. Event bodies are kept as the text that arrived, so that no number is rounded and no odd
//! string is lost on the way through.

use indexmap::IndexMap;
use serde_json::value::RawValue;

/// A JSON object as its members in order, each value still text. A repeated key keeps its last value.
pub(crate) type Object<'a> = IndexMap<String, &'a RawValue>;

/// How deeply an event may nest: readers further down the line are recursive.
pub(crate) const MAX_DEPTH: usize = 70;

/// Valid JSON without the white space between its tokens, hence one line of NDJSON; `None` if it nests more deeply
/// than [`MAX_DEPTH`].
pub(crate) fn compact(json: &str) -> Option<String> {
    let mut out = String::with_capacity(json.len());
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for c in json.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            match c {
                ' ' | '\t' | '\n' | '\r' => continue,
                '"' => in_string = true,
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > MAX_DEPTH {
                return None;
            }
        }
        out.push(c);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_between_tokens_goes() {
        let text = "{\n \"a b\\\" \\\\\" : [ 1e400 , 12345678901234567890123 ],\t\"\\ud800 \" : \"é\" }\r";
        assert_eq!(compact(text).as_deref(), Some(r#"{"a b\" \\":[1e400,12345678901234567890123],"\ud800 ":"é"}"#));
    }

    #[test]
    fn depth_is_bounded_and_brackets_in_strings_do_not_count() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(compact(&nested(MAX_DEPTH)).is_some());
        assert!(compact(&nested(MAX_DEPTH + 1)).is_none());
        assert!(compact(&format!("\"{}\"", "[".repeat(1000))).is_some());
    }
}
