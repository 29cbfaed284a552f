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

/// Tags and triggers that can never do anything, and exceptions that can never hold.
pub(super) fn idle(triggers: &[Trigger], tags: &[Tag]) -> Vec<Fault> {
    let mut faults = Faults::default();
    let root = &Place::ROOT;
    for (at, trigger) in triggers.iter().enumerate() {
        if let Some(why) = trigger.never() {
            let place = &root.key("triggers");
            faults.add(&place.item(at), || concat(&["never fires: ", why]));
        }
    }
    for (at, tag) in tags.iter().enumerate() {
        let place = &root.key("tags");
        let place = &place.item(at);
        if tag.fire_on.is_empty() && !goes_with_another(tags, at) {
            faults.add(place, || {
                "never fires: name triggers under \"fireOn\", or the tag under \"setup\" or \"cleanup\" of another".into()
            });
        }
        check_exceptions(triggers, tag, place, &mut faults);
    }
    faults.0
}

fn goes_with_another(tags: &[Tag], at: usize) -> bool {
    tags.iter().any(|other| other.setup.iter().chain(&other.cleanup).any(|beside| beside.tag == at))
}

fn check_exceptions(triggers: &[Trigger], tag: &Tag, place: &Place<'_>, faults: &mut impl Hear) {
    let all = |places: &[usize]| -> Vec<&Trigger> { places.iter().filter_map(|at| triggers.get(*at)).collect() };
    let (fire_on, except_on) = (all(&tag.fire_on), all(&tag.except_on));
    for trigger in &fire_on {
        if except_on.iter().any(|except| except.id == trigger.id) {
            faults.add(place, || concat(&["never fires on \"", &trigger.id, "\", which stands under \"exceptOn\" too"]));
        } else if let Some(except) = except_on.iter().find(|except| except.always_meets(trigger)) {
            faults.add(place, || {
                concat(&["never fires on \"", &trigger.id, "\": \"", &except.id, "\" under \"exceptOn\" fires on every event"])
            });
        }
    }
    for (at, except) in except_on.iter().enumerate() {
        if !fire_on.is_empty() && !fire_on.iter().any(|trigger| trigger.may_meet(except)) {
            faults.add(&place.key("exceptOn").item(at), || {
                concat(&["\"", &except.id, "\" never fires at the same occasion as a trigger of \"fireOn\""])
            });
        }
    }
}
