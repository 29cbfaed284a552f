//! Cutting a batch for another platform: event after event, until one does not fit or does not belong to it.

use super::wire::{Envelope, Prelude, Taken, Wire, WiredRequest};

/// A batch under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    items: String,
    shared: String,
    events: usize,
    most_events: usize,
    most_bytes: usize,
    failed: Option<&'static str>,
}

/// What a request has beside its events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The batch's ID.
    pub batch_id: &'a str,
    /// When it is sent, ISO 8601.
    pub sent_at: &'a str,
    /// What will never come, a JSON list; empty where there is nothing.
    pub lost: &'a str,
    /// What the answer to its [`Prelude`] said, JSON; empty where there is none.
    pub known: &'a str,
}

/// What became of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pushed {
    /// It is in the batch.
    Taken,
    /// The destination's `filter`, `sample` or `map` leaves it out, or its kind has no place for it.
    Filtered,
    /// It would be made into more than it may.
    TooLarge,
    /// It belongs to the next batch: this one is full, or says something once that differs for this event.
    Next,
}

impl Batch {
    /// An empty one, of at most so many events and bytes, and of what the platform takes.
    pub(super) fn new(wire: &Wire<'_>, most_events: usize, most_bytes: usize) -> Self {
        let (events, bytes) = wire.limits();
        Batch {
            items: String::from("["),
            shared: String::new(),
            events: 0,
            most_events: events.min(most_events),
            most_bytes: bytes.min(most_bytes),
            failed: None,
        }
    }

    /// Adds a finished event. The first one may be larger than a batch.
    pub(super) fn push(&mut self, wire: &Wire<'_>, event: &str) -> Pushed {
        if self.events >= self.most_events {
            return Pushed::Next;
        }
        let (taken, failed) = wire.take(event);
        self.failed = self.failed.or(failed);
        let (made, shared) = match taken {
            Taken::Made { items, shared } => (items, shared),
            Taken::Filtered => return Pushed::Filtered,
            Taken::TooLarge => return Pushed::TooLarge,
        };
        let mut bytes = self.items.len() + shared.len();
        for item in &made {
            bytes += item.len() + 1;
        }
        if self.events > 0 && (shared != self.shared || bytes > self.most_bytes) {
            return Pushed::Next;
        }
        self.shared = shared;
        for item in &made {
            if self.items.len() > 1 {
                self.items.push(',');
            }
            self.items.push_str(item);
        }
        self.events += 1;
        Pushed::Taken
    }

    /// How many events it has.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// The first function of the mapping that could do nothing with what it was given.
    #[must_use]
    pub fn failed(&self) -> Option<&'static str> {
        self.failed
    }

    /// Its request, as `beside` has it.
    pub(super) fn request(&self, wire: &Wire<'_>, beside: &Beside<'_>) -> WiredRequest {
        let mut items = self.items.clone();
        items.push(']');
        wire.request(&self.envelope(&items, beside))
    }

    pub(super) fn prelude(&self, wire: &Wire<'_>, beside: &Beside<'_>) -> Option<Prelude> {
        wire.prelude(&self.envelope("[]", beside))
    }

    fn envelope<'a>(&'a self, items: &'a str, beside: &Beside<'a>) -> Envelope<'a> {
        let Beside { batch_id, sent_at, lost, known } = *beside;
        Envelope { items, shared: &self.shared, batch_id, sent_at, lost, known }
    }
}
