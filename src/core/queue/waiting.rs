//! Events that wait for consent or for plugins: in memory only, bounded.

use crate::stamp::Stamp;
use std::rc::Rc;

const MAX_EVENTS: usize = 1000;
const MAX_BYTES: usize = 1 << 20;

/// An event that plugins have not let go yet.
#[derive(Debug)]
pub(crate) struct Held {
    /// Its capture number.
    pub(crate) capture: u32,
    /// Which plugins see it: those of this edition.
    pub(crate) edition: u32,
    /// Whether it is one destination's share of an event.
    pub(crate) is_share: bool,
    /// Of the destinations that wait for it, those that were allowed to have it at its call.
    pub(crate) granted: u64,
    /// The data layer as of then, JSON.
    pub(crate) data: Rc<str>,
}

/// An event that some destinations may not see yet.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The event as a journal line; see [`crate::event::Line`].
    pub(crate) line: String,
    pub(crate) stamp: Rc<Stamp>,
    /// The destinations that wait for it, a bit each.
    pub(crate) lanes: u64,
    pub(crate) held: Option<Held>,
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

    /// The newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Waiting> {
        self.events.iter().rev()
    }

    /// Takes out the event that plugins hold under a capture number, or one destination's share of it.
    pub(crate) fn take_held(&mut self, capture: u32, share: Option<u64>) -> Option<Waiting> {
        let is = |waiting: &Waiting| {
            let is_meant = |held: &Held| held.capture == capture && held.is_share == share.is_some();
            waiting.held.as_ref().is_some_and(is_meant) && share.is_none_or(|lane| waiting.lanes == lane)
        };
        let at = self.events.iter().position(is)?;
        let event = self.events.remove(at);
        self.bytes -= event.line.len();
        Some(event)
    }

    /// Empties the room; what still waits is pushed again.
    pub(crate) fn take(&mut self) -> Vec<Waiting> {
        self.bytes = 0;
        std::mem::take(&mut self.events)
    }
}
