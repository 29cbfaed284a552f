//! Triggers: what makes a tag fire. A closed set, one file a kind.

mod condition;
mod event;

use super::{Occasion, Variable};
use crate::config::{Faults, Place, check};
use crate::json::{list, text};
use condition::Condition;
use event::EventTrigger;

/// A named trigger: a kind, and conditions that must all hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Trigger {
    /// Its name, which tags' `fireOn` lists.
    pub id: String,
    kind: Kind,
    conditions: Vec<Condition>,
}

#[derive(Clone, PartialEq, Debug)]
enum Kind {
    Event(EventTrigger),
}

/// The shape of a trigger.
const TRIGGER: &str = r##"{"id!":"name","kind!":{"event":{"event!":"name"}},"where":{"[]":"any"}}"##;

impl Trigger {
    /// Reads and checks one.
    pub(crate) fn read(raw: &str, variables: &[Variable], place: &Place<'_>, faults: &mut Faults) -> Self {
        check(TRIGGER, raw, place, faults);
        let mut conditions = Vec::new();
        for (at, item) in list(raw, "where").enumerate() {
            conditions.push(Condition::read(item, variables, &place.key("where").item(at), faults));
        }
        Trigger { id: text(raw, "id").into_owned(), kind: Kind::Event(EventTrigger::read(raw)), conditions }
    }

    pub(crate) fn fires(&self, occasion: &Occasion<'_>, variables: &[Variable]) -> bool {
        let kind = match &self.kind {
            Kind::Event(event) => event.fires(occasion),
        };
        kind && self.conditions.iter().all(|condition| condition.holds(occasion, variables))
    }
}
