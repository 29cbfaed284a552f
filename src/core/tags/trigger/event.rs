//! Fires on events by name.

use crate::json::text;
use crate::tags::Occasion;

/// `"event": "Order Completed"`, or `"*"` for every event of every kind.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct EventTrigger {
    name: String,
}

impl EventTrigger {
    pub(super) fn read(raw: &str) -> Self {
        EventTrigger { name: text(raw, "event").into_owned() }
    }

    pub(super) fn fires(&self, occasion: &Occasion<'_>) -> bool {
        self.name == "*" || occasion.verb == crate::input::Verb::Track && occasion.name == self.name
    }
}
