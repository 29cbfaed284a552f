//! One destination's way: what is queued for it, what is under way, and how it is doing.

use super::EventRef;
use crate::consent::Verdict;
use crate::ledger::{Counts, Loss};

/// The state of one destination. It begins undecided: what it is denied from the start takes away what earlier pages left, as a denial does.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    pub(crate) verdict: Verdict,
    /// Its events in call order, those of the flight first.
    pub(crate) queue: Vec<EventRef>,
    pub(crate) flight: Option<Flight>,
    /// The next sequence number.
    pub(crate) next_seq: u32,
    /// When a batch is due although it is not full, on the monotonic clock.
    pub(crate) due: Option<u64>,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// When the outage began, on the monotonic clock.
    pub(crate) failing_since: Option<u64>,
    /// Not before this, on the monotonic clock; `flush` and `online` end it.
    pub(crate) retry_at: u64,
    /// Not before this, on the monotonic clock, because the server said so (`Retry-After`); nothing ends it.
    pub(crate) held_until: u64,
    /// Events a request while a refused batch is being taken apart.
    pub(crate) split: Option<usize>,
    /// What became of its events; [`Lane::counts`] adds those that are still here.
    pub(crate) past: Counts,
    /// What it has not been told yet that it will never get.
    pub(crate) lost: Vec<Loss>,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) request: u32,
    /// The number of the batch's own ID, which an answer may repeat.
    pub(crate) batch: u64,
    /// How many events it carries.
    pub(crate) events: usize,
    /// How many losses it tells.
    pub(crate) losses: usize,
    /// When it is given up, on the monotonic clock.
    pub(crate) deadline: u64,
    /// Bytes that count against the page's keepalive budget.
    pub(crate) keepalive_bytes: usize,
}

impl Lane {
    pub(crate) fn push(&mut self, event: EventRef, due: u64) {
        self.queue.push(event);
        self.due = Some(self.due.unwrap_or(due).min(due));
    }

    fn flying(&self) -> usize {
        self.flight.as_ref().map_or(0, |flight| flight.events)
    }

    /// The events that are not in flight.
    pub(crate) fn grounded(&self) -> &[EventRef] {
        self.queue.get(self.flying()..).unwrap_or(&[])
    }

    /// What became of its events, and where those stand that are still here.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = self.past.clone();
        counts.in_flight = self.flying() as u32;
        counts.queued = self.grounded().len() as u32;
        counts
    }

    /// Ends the flight. Takes those of its events out of the queue that `leaves` says.
    pub(crate) fn land(&mut self, leaves: &mut dyn FnMut(EventRef) -> bool) {
        let flying = self.flying();
        self.flight = None;
        self.take_out(0, flying, leaves);
    }

    /// Takes events that are not in flight out of the queue.
    pub(crate) fn give_up(&mut self, leaves: &mut dyn FnMut(EventRef) -> bool) {
        self.take_out(self.flying(), self.queue.len(), leaves);
    }

    /// Takes these out, of those that are not in flight.
    pub(crate) fn leave_out(&mut self, events: &[EventRef]) {
        self.queue.retain(|event| !events.contains(event));
    }

    fn take_out(&mut self, from: usize, to: usize, leaves: &mut dyn FnMut(EventRef) -> bool) {
        let mut kept = 0;
        for at in 0..self.queue.len() {
            let Some(event) = self.queue.get(at).copied() else { return };
            if !(from..to).contains(&at) || !leaves(event) {
                if let Some(place) = self.queue.get_mut(kept) {
                    *place = event;
                }
                kept += 1;
            }
        }
        self.queue.truncate(kept);
    }

    /// Nothing is sent before this, on the monotonic clock.
    pub(crate) fn blocked_until(&self) -> u64 {
        self.retry_at.max(self.held_until)
    }

    /// When this lane next needs attention, on the monotonic clock. While it is `paused` nothing is sent.
    pub(crate) fn deadline(&self, paused: bool) -> Option<u64> {
        match &self.flight {
            Some(flight) => Some(flight.deadline),
            None if paused || self.verdict != Verdict::Allow || self.queue.is_empty() => None,
            None => Some(self.due.unwrap_or(0).max(self.blocked_until())),
        }
    }

    /// Whether nothing can be done now: empty, or waiting for its server.
    pub(crate) fn is_idle(&self, now: u64, paused: bool) -> bool {
        self.flight.is_none() && (paused || self.queue.is_empty() || self.verdict != Verdict::Allow || self.blocked_until() > now)
    }
}
