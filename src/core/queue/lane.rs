//! One destination's way: what is queued for it, what is under way, and how it is doing.

use super::EventRef;
use crate::consent::Verdict;
use crate::ledger::Counts;
use std::collections::VecDeque;

/// The state of one destination.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) verdict: Verdict,
    pub(crate) queue: VecDeque<EventRef>,
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
    pub(crate) counts: Counts,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) request: u32,
    pub(crate) events: Vec<EventRef>,
    /// When it is given up, on the monotonic clock.
    pub(crate) deadline: u64,
    /// Bytes that count against the page's keepalive budget.
    pub(crate) keepalive_bytes: usize,
}

impl Lane {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Lane {
            verdict,
            queue: VecDeque::new(),
            flight: None,
            next_seq: 0,
            due: None,
            failures: 0,
            failing_since: None,
            retry_at: 0,
            held_until: 0,
            split: None,
            counts: Counts::default(),
        }
    }

    pub(crate) fn push(&mut self, event: EventRef, due: u64) {
        self.queue.push_back(event);
        self.due.get_or_insert(due);
        self.counts.queued += 1;
    }

    /// Nothing is sent before this, on the monotonic clock.
    pub(crate) fn blocked_until(&self) -> u64 {
        self.retry_at.max(self.held_until)
    }

    /// When this lane next needs attention, on the monotonic clock.
    pub(crate) fn deadline(&self) -> Option<u64> {
        match &self.flight {
            Some(flight) => Some(flight.deadline),
            None if self.verdict != Verdict::Allow || self.queue.is_empty() => None,
            None => Some(self.due.unwrap_or(0).max(self.blocked_until())),
        }
    }

    /// Whether nothing can be done now: empty, or waiting for its server.
    pub(crate) fn is_idle(&self, now: u64) -> bool {
        self.flight.is_none() && (self.queue.is_empty() || self.verdict != Verdict::Allow || self.blocked_until() > now)
    }

    /// Ends the flight and puts its events back in front, in order.
    pub(crate) fn land(&mut self) {
        if let Some(flight) = self.flight.take() {
            self.counts.in_flight -= flight.events.len() as u32;
            self.counts.queued += flight.events.len() as u32;
            for event in flight.events.into_iter().rev() {
                self.queue.push_front(event);
            }
        }
    }
}
