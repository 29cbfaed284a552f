//! Filling `{{references}}`.

use super::{Occasion, Variable};
use crate::json::{Kind, at_path, elements, kind, member, members, push_member, push_string, text_of};
use crate::text::cut;
use std::borrow::Cow;

/// Where references are looked up.
pub(super) struct Scope<'a> {
    /// The finished event, for `event.…`.
    pub(super) event: &'a str,
    pub(super) names: Names<'a>,
}

/// What the other names stand for.
pub(super) enum Names<'a> {
    /// Variables, as they are at an event.
    Variables(&'a [Variable], &'a Occasion<'a>),
    /// The members of a JSON object.
    Members(&'a str),
}

impl<'a> Scope<'a> {
    /// The value of a reference, raw JSON, or nothing.
    pub(super) fn value(&self, reference: &str) -> Option<Cow<'a, str>> {
        if let Some(path) = reference.strip_prefix("event.") {
            return at_path(self.event, path).map(Cow::Borrowed);
        }
        match self.names {
            Names::Variables(variables, occasion) => {
                variables.iter().find(|variable| variable.id == reference).map(|variable| variable.value(occasion))
            }
            Names::Members(object) => member(object, reference).map(Cow::Borrowed),
        }
    }
}

/// Appends a raw value with its references filled. A text that is exactly one reference takes the value's type;
/// what is not found becomes `null` there and nothing inside longer text.
pub(super) fn push_filled(out: &mut String, raw: &str, scope: &Scope<'_>) {
    match kind(raw) {
        Kind::String => {
            let text = text_of(raw);
            match whole_reference(&text) {
                Some(reference) => out.push_str(&scope.value(reference).unwrap_or(Cow::Borrowed("null"))),
                None => push_string(out, &fill_text(&text, scope, false)),
            }
        }
        Kind::Array => {
            out.push('[');
            for (at, item) in elements(raw).enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_filled(out, item, scope);
            }
            out.push(']');
        }
        Kind::Object => {
            out.push('{');
            for (key, member) in members(raw) {
                push_member(out, &key, "");
                push_filled(out, member, scope);
            }
            out.push('}');
        }
        _ => out.push_str(raw),
    }
}

/// A URL with its references filled, each one percent-encoded so that it cannot leave its path segment or query part.
pub(super) fn fill_url(url: &str, scope: &Scope<'_>) -> String {
    fill_text(url, scope, true)
}

/// Whether scheme and host stand in the URL literally, before any reference.
pub(crate) fn has_literal_host(url: &str) -> bool {
    let (literal, is_whole) = cut(url, "{{").map_or((url, true), |(literal, _)| (literal, false));
    // Browsers drop tabs and line breaks and take a backslash for a slash, so that what looks like a path may be a host.
    if literal.bytes().any(|byte| byte <= b' ' || byte == b'\\') {
        return false;
    }
    let after_scheme = ["https://", "http://", "//"].iter().find_map(|scheme| literal.strip_prefix(scheme));
    match after_scheme {
        // An empty host is no host: browsers take the next part for one.
        Some(host) => is_whole || host.bytes().position(|byte| b"/?#".contains(&byte)).is_some_and(|end| end > 0),
        None => literal != "/" && !literal.is_empty() && cut(literal, ":").is_none() || is_whole,
    }
}

fn whole_reference(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{")?.strip_suffix("}}")?;
    cut(inside, "{{").is_none().then(|| inside.trim_ascii())
}

/// A text with its references replaced by the text of what they stand for; by nothing where that is nothing.
pub(super) fn fill_text(text: &str, scope: &Scope<'_>, encoded: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((plain, behind)) = cut(rest, "{{")
        && let Some((reference, tail)) = cut(behind, "}}")
    {
        out.push_str(plain);
        if let Some(raw) = scope.value(reference.trim_ascii()) {
            let value = text_of(&raw);
            if encoded {
                push_encoded(&mut out, &value);
            } else {
                out.push_str(&value);
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// As JavaScript's `encodeURIComponent`, and a dot as well: `..` must not climb out of a path.
fn push_encoded(out: &mut String, text: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    let only_dots = text.bytes().all(|byte| byte == b'.');
    for byte in text.bytes() {
        if plain(byte) || (byte == b'.' && !only_dots) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(nibble + if nibble < 10 { b'0' } else { b'A' - 10 }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXED: Scope<'static> =
        Scope { event: "{}", names: Names::Members(r#"{"n":12.50,"text":"a/b&c=\"d\" .é","object":{"a":1},"up":".."}"#) };

    #[test]
    fn a_whole_reference_keeps_its_type() {
        let mut out = String::new();
        push_filled(&mut out, r#"["{{n}}","€ {{ n }}","{{object}}",{"k":"{{gone}}"},"x{{gone}}y","{{"]"#, &FIXED);
        assert_eq!(out, r#"[12.50,"€ 12.50",{"a":1},{"k":null},"xy","{{"]"#);
    }

    #[test]
    fn references_cannot_leave_their_part_of_a_url() {
        assert_eq!(
            fill_url("https://x.example/{{up}}/p?v={{text}}", &FIXED),
            "https://x.example/%2E%2E/p?v=a%2Fb%26c%3D%22d%22%20.%C3%A9"
        );
    }

    #[test]
    fn hosts_are_literal() {
        for url in ["https://a.example/x?y={{v}}", "/local/{{v}}", "https://a.example", "//cdn.example/{{v}}", "local.js?x={{v}}"]
        {
            assert!(has_literal_host(url), "{url}");
        }
        for url in [
            "https://{{v}}/x",
            "https://a.{{v}}/x",
            "{{v}}",
            "/{{v}}",
            "//{{v}}/x",
            "//a{{v}}/x",
            " https://{{v}}/a.js",
            "HTTPS://{{v}}/a.js",
            "///{{v}}/a.js",
            "https:///{{v}}/a.js",
            "http:////{{v}}/a.js",
            "\\{{v}}/a.js",
            "/\\{{v}}/a.js",
            "/\t/{{v}}/a.js",
        ] {
            assert!(!has_literal_host(url), "{url}");
        }
    }
}
