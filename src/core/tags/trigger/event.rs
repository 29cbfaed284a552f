//! Fires on events by name.

use crate::config::{Faults, Reader};
use crate::tags::Occasion;

/// `"event": "Order Completed"`, or `"*"` for every event of every kind.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct EventTrigger {
    name: String,
}

impl EventTrigger {
    pub(super) fn read(reader: &mut Reader<'_>, faults: &mut Faults) -> Self {
        EventTrigger { name: reader.required_text("event", faults) }
    }

    pub(super) fn fires(&self, occasion: &Occasion<'_>) -> bool {
        self.name == "*" || occasion.verb == crate::input::Verb::Track && occasion.name == self.name
    }
}
