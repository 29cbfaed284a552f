//! Texts and dates in other forms.

use crate::json::digits;
use crate::text::{concat, next_piece};
use crate::time::{from_iso, push_iso};

/// A date, ISO 8601, as `ms`, `s` or `us` since the Unix epoch, as a `date` (YYYY-MM-DD), or as ISO 8601 in UTC. JSON.
pub(super) fn format(date: &str, form: &str) -> Option<String> {
    let ms = from_iso(date)?;
    let iso = || {
        let mut iso = String::new();
        push_iso(&mut iso, ms);
        iso
    };
    Some(match form {
        "ms" => digits(ms),
        "s" => digits(ms / 1000),
        "us" => concat(&[&digits(ms), "000"]),
        "date" => concat(&["\"", iso().get(..10)?, "\""]),
        _ => concat(&["\"", &iso(), "\""]),
    })
}

/// A text with another in all places of a third.
pub(super) fn replaced(text: &str, all: &str, with: &str) -> String {
    if all.is_empty() {
        return text.to_owned();
    }
    let (mut out, mut rest, mut is_first) = (String::new(), Some(text), true);
    while let Some(piece) = next_piece(&mut rest, all) {
        if !std::mem::take(&mut is_first) {
            out.push_str(with);
        }
        out.push_str(piece);
    }
    out
}
