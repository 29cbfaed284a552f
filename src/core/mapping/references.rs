//! `{{references}}` in texts, addresses and paths.

use super::{Language, Scope};
use crate::json::text_of;
use crate::text::{concat, cut};

/// A URL with its references filled, each one percent-encoded so that it cannot leave its path segment or query part.
pub(crate) fn fill_url<L: Language>(url: &str, scope: &Scope<'_, L>) -> String {
    fill_text(url, scope, true)
}

/// What a raw value refers to, in texts at any depth.
pub(crate) fn references(raw: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = raw;
    while let Some((_, behind)) = cut(rest, "{{")
        && let Some((reference, tail)) = cut(behind, "}}")
    {
        found.push(text_of(&concat(&["\"", reference.trim_ascii(), "\""])).into_owned());
        rest = tail;
    }
    found
}

/// A path with its references filled; nothing where one stands for more than letters, digits, dashes and underscores.
pub(crate) fn fill_path(path: &str, scope: &Scope<'_>) -> String {
    let is_plain = |reference: &String| {
        let value = scope.value(reference).unwrap_or_default();
        !value.is_empty() && text_of(&value).bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let raw = concat(&["\"", path, "\""]);
    if references(&raw).iter().all(is_plain) { fill_text(path, scope, false) } else { String::new() }
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
        Some(host) => is_whole || host.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).is_some_and(|end| end > 0),
        None => literal != "/" && !literal.is_empty() && cut(literal, ":").is_none() || is_whole,
    }
}

pub(super) fn whole_reference(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{")?.strip_suffix("}}")?;
    cut(inside, "{{").is_none().then(|| inside.trim_ascii())
}

/// A text with its references replaced by the text of what they stand for; by nothing where that is nothing.
pub(crate) fn fill_text<L: Language>(text: &str, scope: &Scope<'_, L>, encoded: bool) -> String {
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
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
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
    use super::super::tests::FIXED;
    use super::*;

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
