//! Fires on events by name.

use crate::config::{Hear, Place};
use crate::input::Verb;
use crate::json::text;
use crate::tags::regex::Regex;
use crate::tags::scene::Occasion;
use crate::text::concat;

/// Which events.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum EventTrigger {
    /// `"event": "*"`: every event of every kind.
    All,
    /// Track calls of one name.
    Named(String),
    /// `"match": "regex"`: track calls whose name an expression matches.
    Matching(Regex),
}

impl EventTrigger {
    pub(super) fn read(raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> Self {
        let name = text(raw, "event");
        if text(raw, "match") == "regex" {
            match Regex::new(&name, false) {
                Ok(regex) => return EventTrigger::Matching(regex),
                Err(wrong) => faults.add(&place.key("event"), || concat(&["the expression ", wrong])),
            }
        }
        if name == "*" { EventTrigger::All } else { EventTrigger::Named(name.into_owned()) }
    }

    /// The one name that fires it.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            EventTrigger::Named(name) => Some(name),
            EventTrigger::All | EventTrigger::Matching(_) => None,
        }
    }

    pub(super) fn fires(&self, occasion: &Occasion<'_>) -> bool {
        match self {
            EventTrigger::All => true,
            EventTrigger::Named(name) => occasion.verb == Verb::Track && occasion.name == *name,
            EventTrigger::Matching(regex) => occasion.verb == Verb::Track && regex.is_in(&occasion.name),
        }
    }
}
