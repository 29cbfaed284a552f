//! What is wrong with tags and triggers taken together.

use super::tag::{Beside, Tag};
use super::trigger::Trigger;
use crate::config::{Fault, Faults, Hear, Place};
use crate::text::concat;

/// Notes tags that would wait for themselves.
pub(super) fn sequences(tags: &[Tag], faults: &mut impl Hear) {
    for (at, tag) in tags.iter().enumerate() {
        if reaches(tags, at, at, tags.len()) {
            let place = &Place::ROOT.key("tags");
            faults.add(&place.item(at), || {
                concat(&["\"", &tag.id, "\" runs before or after itself, by \"setup\" and \"cleanup\": break the circle"])
            });
        }
    }
}

fn reaches(tags: &[Tag], from: usize, wanted: usize, depth: usize) -> bool {
    let Some(tag) = tags.get(from).filter(|_| depth > 0) else { return false };
    let leads = |beside: &Beside| beside.tag == wanted || reaches(tags, beside.tag, wanted, depth - 1);
    tag.setup.iter().any(leads) || tag.cleanup.iter().any(leads)
}

/// Tags that can never do anything.
pub(super) fn idle(triggers: &[Trigger], tags: &[Tag]) -> Vec<Fault> {
    let mut faults = Faults::default();
    let root = &Place::ROOT;
    for (at, tag) in tags.iter().enumerate() {
        let place = &root.key("tags");
        if let Some(always) = tag.fire_on.iter().find(|trigger| tag.except_on.contains(trigger)) {
            let id = triggers.get(*always).map_or("", |trigger| trigger.id.as_str());
            faults.add(&place.item(at), || concat(&["never fires on \"", id, "\", which stands under \"exceptOn\" too"]));
        }
    }
    faults.0
}
