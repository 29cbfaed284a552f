//! Triggers: what makes a tag fire. A closed set, one file a kind.

mod event;
mod group;
mod schedule;
mod seen;

use super::condition::{Condition, Needs};
use super::scene::Scene;
use super::variable::Variables;
use crate::config::{Hear, Place, check};
use crate::json::{list, member, number, text, text_of};
use crate::text::concat;
use event::EventTrigger;
use schedule::Schedule;

/// A named trigger: a kind, and what must hold beside it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Trigger {
    /// Its name, which tags' `fireOn` lists.
    pub(crate) id: String,
    pub(super) kind: Kind,
    conditions: Condition,
    schedule: Schedule,
    /// How many of a hundred occasions.
    sample: u32,
    /// Whether it looks at the page.
    pub(super) reads_page: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Kind {
    Event(EventTrigger),
    /// The page tells when: the members that say what it watches for.
    Seen(String),
    Consent,
    /// Its triggers.
    Group(Vec<usize>),
}

/// The shape of a trigger.
const TRIGGER: &str = r##"{"id!":"name","kind!":{"event":{"event!":"name","match":["exact","regex"]},
"consent-initialization":{},"initialization":{},"page-view":{},"dom-ready":{},"window-loaded":{},
"click":{"on":["all","links"],"selector":"name"},"form-submit":{"selector":"name"},
"visibility":{"selector!":"name","once":["page","element","every"],"percent":100,"forMs":3600000,"watch":"flag"},
"scroll":{"vertical":{"[]":1000000},"horizontal":{"[]":1000000},"unit":["percent","pixels"]},
"timer":{"everyMs!":86400000,"times":1000000},"history":{},"error":{},
"media":{"on":{"[]":["start","pause","complete","progress"]},"progress":{"[]":100},"selector":"name"},
"consent":{},"group":{"of!":"#texts"}},"where":"#conditions",
"schedule":{"from":"name","until":"name"},"sample":100}"##;

impl Trigger {
    /// Reads and checks one. `selectors` takes those that its conditions hold elements against.
    pub(super) fn read(
        raw: &str,
        document: &str,
        variables: &Variables,
        selectors: &mut Vec<String>,
        place: &Place<'_>,
        faults: &mut impl Hear,
    ) -> Self {
        check(TRIGGER, raw, place, faults);
        let mut needs = Needs { selectors: std::mem::take(selectors), ..Needs::default() };
        let conditions = match member(raw, "where") {
            Some(conditions) => Condition::read(conditions, variables, &place.key("where"), &mut needs, faults),
            None => Condition::All(Vec::new()),
        };
        *selectors = needs.selectors;
        let word = text(raw, "kind");
        let kind = match &*word {
            "event" => Kind::Event(EventTrigger::read(raw, place, faults)),
            "group" => Kind::Group(group::read(raw, document, place, faults)),
            "consent" => Kind::Consent,
            _ => Kind::Seen(seen::read(raw, place, faults)),
        };
        Trigger {
            id: text(raw, "id").into_owned(),
            kind,
            conditions,
            schedule: Schedule::read(member(raw, "schedule").unwrap_or(""), &place.key("schedule"), faults),
            sample: number(raw, "sample", 100),
            reads_page: variables.read_page(&needs.variables),
        }
    }

    /// Whether chance has a part in it.
    pub(super) fn is_random(&self) -> bool {
        self.sample != 100
    }

    /// Whether what it is about came about, its conditions aside.
    pub(super) fn is_about(&self, scene: &Scene<'_>, at: usize) -> bool {
        match (&self.kind, scene.occasion.seen_for) {
            (Kind::Event(event), None) => event.fires(scene.occasion),
            (Kind::Seen(_) | Kind::Consent, Some(seen_for)) => seen_for.contains(&at),
            _ => false,
        }
    }

    /// Whether the page watches for the same thing on behalf of both.
    pub(super) fn watches_like(&self, other: &Trigger) -> bool {
        matches!(&self.kind, Kind::Seen(_)) && self.kind == other.kind
    }

    /// Why it can never fire, if it cannot.
    pub(super) fn never(&self) -> Option<&'static str> {
        if self.conditions.never() {
            return Some("its conditions can never hold");
        }
        match &self.kind {
            Kind::Seen(watched) => seen::never(watched),
            _ => None,
        }
    }

    /// Whether it may fire at one occasion with another. What a group needs last may be anything.
    pub(super) fn may_meet(&self, other: &Trigger) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Group(_), _) | (_, Kind::Group(_)) | (Kind::Event(_), Kind::Event(_)) | (Kind::Consent, Kind::Consent) => true,
            (Kind::Seen(watched), Kind::Seen(others)) => seen::may_meet(watched, others),
            _ => false,
        }
    }

    /// Whether it fires wherever an event fires the other.
    pub(super) fn always_meets(&self, other: &Trigger) -> bool {
        let is_for_all = self.kind == Kind::Event(EventTrigger::All) && !self.is_random();
        is_for_all && matches!(other.kind, Kind::Event(_)) && self.conditions.always() && self.schedule.is_unbounded()
    }

    /// Whether its conditions hold. `at` is its place.
    pub(super) fn holds(&self, scene: &Scene<'_>, at: usize) -> bool {
        self.schedule.holds(scene.wall())
            && (!self.is_random() || scene.random(at + 1) * 100.0 < f64::from(self.sample))
            && self.conditions.holds(scene)
    }
}

/// The places of the triggers that a list of the config names.
pub(super) fn named(raw: &str, key: &str, document: &str, place: &Place<'_>, faults: &mut impl Hear) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, id) in list(raw, key).enumerate() {
        let id = text_of(id);
        match list(document, "triggers").position(|trigger| text(trigger, "id") == id) {
            Some(trigger) => found.push(trigger),
            None => faults.add(&place.key(key).item(at), || {
                concat(&["\"", &id, "\" is not a trigger of this config: add it under \"triggers\""])
            }),
        }
    }
    found
}
