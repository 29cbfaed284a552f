//! Events that wait: for consent, for plugins, or for tags. In memory only, bounded.

use crate::stamp::Stamp;
use std::rc::Rc;

const MAX_EVENTS: usize = 1000;
const MAX_BYTES: usize = 4 << 20;

/// An event that may not go on yet.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    /// Its capture number.
    pub(crate) capture: u32,
    /// The event as a journal line; see [`crate::event::Line`].
    pub(crate) line: String,
    pub(crate) stamp: Rc<Stamp>,
    /// The data layer as of its call, JSON, where somebody will ask for it.
    pub(crate) data: Option<Rc<str>>,
    /// The destinations that wait for it, a bit each.
    pub(crate) lanes: u64,
    /// Those of them that were allowed to have it at its call.
    pub(crate) granted: u64,
    /// Plugins of this edition have not let it go yet; 0 where none holds it.
    pub(crate) edition: u32,
    /// It is one destination's share of an event that plugins hold.
    pub(crate) is_share: bool,
    /// What it adds to memory; set by the room.
    pub(crate) bytes: usize,
}

/// All of them, in call order.
#[derive(Debug, Default)]
pub(crate) struct WaitingRoom {
    events: Vec<Waiting>,
    bytes: usize,
}

impl WaitingRoom {
    /// Adds an event. Returns those that had to give way, oldest first.
    pub(crate) fn push(&mut self, mut event: Waiting) -> Vec<Waiting> {
        // Data counts where it is not that of the event before.
        let before = self.events.last().and_then(|before| before.data.as_ref());
        let data = event.data.as_ref().filter(|data| before.is_none_or(|before| !Rc::ptr_eq(before, data)));
        event.bytes = event.line.len() + data.map_or(0, |data| data.len());
        self.bytes += event.bytes;
        self.events.push(event);
        let mut gone = Vec::new();
        while self.events.len() > MAX_EVENTS || (self.bytes > MAX_BYTES && !self.events.is_empty()) {
            gone.push(self.remove(0));
        }
        gone
    }

    fn remove(&mut self, at: usize) -> Waiting {
        let event = self.events.remove(at);
        self.bytes -= event.bytes;
        event
    }

    /// The newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Waiting> {
        self.events.iter().rev()
    }

    /// Where the event is that plugins hold under a capture number, or one destination's share of it.
    pub(crate) fn holds(&self, capture: u32, share: Option<u64>) -> Option<usize> {
        self.events.iter().position(|event| {
            let is_held = event.edition != 0 && event.capture == capture && event.is_share == share.is_some();
            is_held && share.is_none_or(|lane| event.lanes == lane)
        })
    }

    /// Takes it out.
    pub(crate) fn take_held(&mut self, capture: u32, share: Option<u64>) -> Option<Waiting> {
        let at = self.holds(capture, share)?;
        Some(self.remove(at))
    }

    /// Empties the room; what still waits is pushed again.
    pub(crate) fn take(&mut self) -> Vec<Waiting> {
        self.bytes = 0;
        std::mem::take(&mut self.events)
    }
}
