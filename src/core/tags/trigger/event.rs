//! Fires on events by name.

use crate::config::{Member, Shape, must};
use crate::json::Value;
use crate::tags::Occasion;

/// `"event": "Order Completed"`, or `"*"` for every event of every kind.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct EventTrigger {
    name: String,
}

pub(super) const MEMBERS: &[Member] = &[must("event", Shape::Name)];

impl EventTrigger {
    pub(super) fn read(value: &Value) -> Self {
        EventTrigger { name: value.text("event").to_owned() }
    }

    pub(super) fn fires(&self, occasion: &Occasion<'_>) -> bool {
        self.name == "*" || occasion.verb == crate::input::Verb::Track && occasion.name == self.name
    }
}
