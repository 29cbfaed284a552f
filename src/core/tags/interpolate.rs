//! Filling `{{references}}`.

use crate::json::{Value, push_string, text_of};
use std::borrow::Cow;

/// Where references are looked up. Values are raw JSON.
pub(crate) trait Scope {
    /// The value of a reference, or nothing.
    fn value(&self, reference: &str) -> Option<Cow<'_, str>>;
}

/// Appends a value as JSON with its references filled. A text that is exactly one reference takes the value's type;
/// what is not found becomes `null` there and nothing inside longer text.
pub(crate) fn push_filled(out: &mut String, value: &Value, scope: &dyn Scope) {
    match value {
        Value::String(text) => match whole_reference(text) {
            Some(reference) => out.push_str(&scope.value(reference).unwrap_or(Cow::Borrowed("null"))),
            None => push_string(out, &fill_text(text, scope, |part| Cow::Borrowed(part))),
        },
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_filled(out, item, scope);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (i, (key, member)) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_string(out, key);
                out.push(':');
                push_filled(out, member, scope);
            }
            out.push('}');
        }
        plain => plain.write(out),
    }
}

/// A URL with its references filled, each one percent-encoded so that it cannot leave its path segment or query part.
pub(crate) fn fill_url(url: &str, scope: &dyn Scope) -> String {
    fill_text(url, scope, percent_encode)
}

/// Whether scheme and host stand in the URL literally, before any reference.
pub(crate) fn has_literal_host(url: &str) -> bool {
    let literal = url.split("{{").next().unwrap_or("");
    let after_scheme = ["https://", "http://", "//"].iter().find_map(|scheme| literal.strip_prefix(scheme));
    match after_scheme {
        Some(host) => !url.contains("{{") || host.contains(['/', '?', '#']),
        None => !literal.is_empty(),
    }
}

fn whole_reference(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{")?.strip_suffix("}}")?;
    (!inside.contains("{{")).then(|| inside.trim())
}

fn fill_text(text: &str, scope: &dyn Scope, encode: impl Fn(&str) -> Cow<'_, str>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((plain, (reference, tail))) =
        rest.split_once("{{").and_then(|(plain, tail)| Some((plain, tail.split_once("}}")?)))
    {
        out.push_str(plain);
        if let Some(raw) = scope.value(reference.trim()) {
            out.push_str(&encode(&text_of(&raw)));
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// As JavaScript's `encodeURIComponent`, and a dot as well: `..` must not climb out of a path.
fn percent_encode(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for byte in text.bytes() {
        if plain(byte) || (byte == b'.' && !text.trim_matches('.').is_empty()) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    struct Fixed;
    impl Scope for Fixed {
        fn value(&self, reference: &str) -> Option<Cow<'_, str>> {
            match reference {
                "n" => Some("12.50".into()),
                "text" => Some(r#""a/b&c=\"d\" .é""#.into()),
                "object" => Some(r#"{"a":1}"#.into()),
                "up" => Some(r#""..""#.into()),
                _ => None,
            }
        }
    }

    #[test]
    fn a_whole_reference_keeps_its_type() {
        let mut out = String::new();
        push_filled(
            &mut out,
            &parse(r#"["{{n}}","€ {{ n }}","{{object}}",{"k":"{{gone}}"},"x{{gone}}y","{{"]"#).unwrap(),
            &Fixed,
        );
        assert_eq!(out, r#"[12.50,"€ 12.50",{"a":1},{"k":null},"xy","{{"]"#);
    }

    #[test]
    fn references_cannot_leave_their_part_of_a_url() {
        assert_eq!(
            fill_url("https://x.example/{{up}}/p?v={{text}}", &Fixed),
            "https://x.example/%2E%2E/p?v=a%2Fb%26c%3D%22d%22%20.%C3%A9"
        );
    }

    #[test]
    fn hosts_are_literal() {
        for url in ["https://a.example/x?y={{v}}", "/local/{{v}}", "https://a.example", "//cdn.example/{{v}}", "local.js?x={{v}}"]
        {
            assert!(has_literal_host(url), "{url}");
        }
        for url in ["https://{{v}}/x", "https://a.{{v}}/x", "{{v}}", "//{{v}}/x", "//a{{v}}/x", ""] {
            assert!(!has_literal_host(url), "{url}");
        }
    }
}
