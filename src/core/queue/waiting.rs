//! Events that wait for consent: in memory only, bounded.

use crate::stamp::Stamp;
use std::rc::Rc;

const MAX_EVENTS: usize = 1000;
const MAX_BYTES: usize = 1 << 20;

/// An event that some destinations may not see yet.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The event as a journal line; see [`crate::event::Line`].
    pub(crate) line: String,
    pub(crate) stamp: Rc<Stamp>,
    /// The destinations that wait for it, a bit each.
    pub(crate) lanes: u64,
}

/// All of them, in call order.
#[derive(Debug, Default)]
pub(crate) struct WaitingRoom {
    events: Vec<Waiting>,
    bytes: usize,
}

impl WaitingRoom {
    /// Adds an event. Returns those that had to give way, oldest first.
    pub(crate) fn push(&mut self, event: Waiting) -> Vec<Waiting> {
        self.bytes += event.line.len();
        self.events.push(event);
        let mut gone = Vec::new();
        while self.events.len() > MAX_EVENTS || (self.bytes > MAX_BYTES && !self.events.is_empty()) {
            let oldest = self.events.remove(0);
            self.bytes -= oldest.line.len();
            gone.push(oldest);
        }
        gone
    }

    /// Empties the room; what still waits is pushed again.
    pub(crate) fn take(&mut self) -> Vec<Waiting> {
        self.bytes = 0;
        std::mem::take(&mut self.events)
    }
}
