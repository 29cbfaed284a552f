//! Fires on what the page sees: `js/triggers` has a file for each kind, and is handed the trigger as the config has it.

use crate::config::{Hear, Place};
use crate::json::{list, members, push_member, text};

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
