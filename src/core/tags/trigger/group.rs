//! Fires once when all of its triggers have fired on the page.

use super::named;
use crate::config::{Hear, Place};
use crate::json::{list, member, text, text_of};
use crate::text::concat;

/// The triggers of a group. A group of groups is a fault: one that waits for itself could never fire.
pub(super) fn read(raw: &str, document: &str, place: &Place<'_>, faults: &mut impl Hear) -> Vec<usize> {
    for (at, id) in list(raw, "of").enumerate() {
        let id = text_of(id);
        let is_group = |trigger: &&str| text(trigger, "id") == id && text(trigger, "kind") == "group";
        if list(document, "triggers").any(|trigger| is_group(&trigger)) {
            faults.add(&place.key("of").item(at), || concat(&["\"", &id, "\" is a group itself: name its triggers"]));
        }
    }
    if member(raw, "of").is_some() && list(raw, "of").next().is_none() {
        faults.add(&place.key("of"), || "names no trigger, so it would never fire".into());
    }
    named(raw, "of", document, place, faults)
}
