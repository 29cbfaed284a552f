//! Fires on what the page sees: `js/triggers` has a file for each kind, and is handed the trigger as the config has it.

use crate::config::{Hear, Place};
use crate::json::{list, text};

pub(super) fn read(raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> String {
    let is_empty = |key| list(raw, key).next().is_none();
    if text(raw, "kind") == "scroll" && is_empty("vertical") && is_empty("horizontal") {
        faults.add(place, || "names no mark in \"vertical\" or \"horizontal\", so it would never fire".into());
    }
    raw.to_owned()
}
