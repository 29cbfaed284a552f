//! Texts and dates in other forms.

use crate::json::digits;
use crate::text::{concat, cut, next_piece};
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

/// Of an address its `host`, its `hostname`, which is that without port, or the `page`: without query and fragment.
pub(super) fn url_part(url: &str, part: &str) -> Option<String> {
    let page = ["?", "#"].iter().fold(url, |page, mark| cut(page, mark).map_or(page, |(before, _)| before));
    let (_, rest) = cut(page, "://")?;
    let authority = cut(rest, "/").map_or(rest, |(before, _)| before);
    let host = cut(authority, "@").map_or(authority, |(_, after)| after);
    // The colons of an IPv6 address are within brackets.
    let port = host.rfind(':').filter(|at| host.rfind(']').is_none_or(|end| end < *at));
    Some(String::from(match part {
        "host" => host,
        "hostname" => port.and_then(|at| host.get(..at)).unwrap_or(host),
        "page" => page,
        _ => return None,
    }))
}

/// A name as platforms take it: letters of ASCII, digits and underscores, a letter first.
pub(super) fn identifier(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        let is_plain = char.is_ascii_alphanumeric();
        if out.is_empty() && !char.is_ascii_alphabetic() {
            out.push('x');
        }
        if is_plain || !out.ends_with('_') {
            out.push(if is_plain { char } else { '_' });
        }
    }
    out.trim_end_matches('_').to_owned()
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
