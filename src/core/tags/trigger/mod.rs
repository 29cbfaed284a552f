//! Triggers: what makes a tag fire. A closed set, one file a kind.

mod condition;
mod event;

use super::{Occasion, Variable};
use crate::config::{Faults, Reader, join};
use crate::json::Value;
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

impl Trigger {
    pub(crate) fn read(value: &Value, pointer: &str, variables: &[Variable], faults: &mut Faults) -> Option<Self> {
        let mut reader = Reader::new(value, pointer, faults)?;
        let id = reader.required_text("id", faults);
        reader.required_text("kind", faults);
        reader.word("kind", &[("event", ())], (), faults);
        let kind = Kind::Event(EventTrigger::read(&mut reader, faults));
        let where_pointer = reader.pointer("where");
        let conditions = reader.list("where", faults).iter().enumerate();
        let conditions = conditions
            .filter_map(|(i, value)| Condition::read(value, &join(&where_pointer, &i.to_string()), variables, faults))
            .collect();
        reader.finish(faults);
        Some(Trigger { id, kind, conditions })
    }

    pub(crate) fn fires(&self, occasion: &Occasion<'_>, variables: &[Variable]) -> bool {
        let kind = match &self.kind {
            Kind::Event(event) => event.fires(occasion),
        };
        kind && self.conditions.iter().all(|condition| condition.holds(occasion, variables))
    }
}
