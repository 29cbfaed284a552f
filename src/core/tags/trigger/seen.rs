//! Fires on what the page sees: `js/triggers` has a file for each kind, and is handed the trigger as the config has it.

use crate::config::{Hear, Place};
use crate::json::{list, member, members, push_member, text, text_of};
use crate::text::concat;

/// What the page is to look out for: the trigger without what the core judges, its members in one order, so that two that watch for the same
/// are equal.
pub(super) fn read(raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> String {
    let is_empty = |key| list(raw, key).next().is_none();
    if text(raw, "kind") == "scroll" && is_empty("vertical") && is_empty("horizontal") {
        faults.add(place, || "names no mark in \"vertical\" or \"horizontal\", so it would never fire".into());
    }
    let mut own: Vec<_> = members(raw).filter(|(key, _)| !matches!(&**key, "id" | "where" | "schedule" | "sample")).collect();
    own.sort();
    let mut watched = String::new();
    for (key, raw) in own {
        push_member(&mut watched, &key, raw);
    }
    watched
}

/// Why what it is to look out for never comes, if it never does.
pub(super) fn never(watched: &str) -> Option<&'static str> {
    let watched = &concat(&["{", watched, "}"]);
    let on = member(watched, "on").map(|_| list(watched, "on").map(text_of).collect::<Vec<_>>());
    let progress = list(watched, "progress").next();
    match on.as_deref() {
        _ if text(watched, "kind") != "media" => None,
        Some([]) => Some("\"on\" names nothing"),
        Some([one]) if one == "progress" && progress.is_none() => Some("\"progress\" names no mark"),
        _ => None,
    }
}

/// Whether the page may tell of both at once: each timer and each element that is waited for is told of by itself.
pub(super) fn may_meet(one: &str, other: &str) -> bool {
    let kind = |watched: &str| text(&concat(&["{", watched, "}"]), "kind").into_owned();
    let (one_kind, other_kind) = (kind(one), kind(other));
    one_kind == other_kind && (one == other || !matches!(&*one_kind, "timer" | "visibility"))
}
