//! What only the page knows. It is asked when an occasion needs it; the answers are in `js/page-reads.ts`.

use crate::json::{flag, text};
use crate::text::join;

/// A question to the page, in words.
pub(super) fn question(kind: &str, raw: &str) -> String {
    let own = |key| text(raw, key);
    match kind {
        "cookie" => join(&[if flag(raw, "decode", true) { "cookie" } else { "rawcookie" }, &own("name")], " "),
        "element" if own("attribute").is_empty() => join(&["text", &own("selector")], " "),
        "element" => join(&["attribute", &own("attribute"), &own("selector")], " "),
        "global" => join(&["global", &own("path")], " "),
        _ => join(&["device", &own("fact")], " "),
    }
}
