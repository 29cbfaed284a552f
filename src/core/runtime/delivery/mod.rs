//! Getting events off the page: onto disk at the end of each task, then to their destinations.
//!
//! What sends, and what takes over from other tabs, is a part of the core that comes once something may be sent: see [`part`].
//! Until then events lie safely in the journal.

mod others;
mod part;
mod reclaim;
mod send;

use super::Runtime;
use crate::consent::Verdict;
use crate::effect::{Effect, Notice, Part};
use crate::input::Outcome;
use crate::time::Now;
use others::Others;
use reclaim::Reclaim;

/// How long after the first failure to load the part it is tried again, in milliseconds; twice that after each further one.
const AGAIN_MS: u64 = 1000;
const MAX_DOUBLINGS: u32 = 9;

/// Where delivery stands.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// Whether its part of the core is there, or was asked for.
    is_here: bool,
    asked: bool,
    failures: u32,
    /// When it may be asked for again, on the monotonic clock.
    again: u64,
    others: Others,
    reclaim: Reclaim,
}

impl Runtime {
    /// Takes this tab's own lock.
    pub(super) fn lock_tab(&mut self, locks: bool) {
        self.delivery.reclaim.locks = locks;
        if locks {
            self.out.lock([reclaim::LOCK_PREFIX, self.journal.tab()], true);
        }
    }

    /// End of the task: what was appended goes to storage.
    pub(super) fn commit(&mut self) {
        self.commit_due = false;
        if self.journal.has_unwritten() {
            self.journal.commit(&mut self.out);
            self.evict();
        }
    }

    /// Whether memory has to keep more than it may while nothing can be sent.
    pub(super) fn is_overfull(&self) -> bool {
        !self.delivery.is_here && self.journal.memory_bytes() > self.config.queue.max_overflow_bytes
    }

    /// Keeps what local storage did not take within its bound.
    pub(super) fn evict(&mut self) {
        if self.delivery.is_here {
            part::evict(self);
        }
    }

    /// Sends what is due, or asks for what sends.
    pub(super) fn service(&mut self, now: Now) {
        if self.delivery.is_here {
            return part::service(self, now);
        }
        if self.wants_delivery() && self.delivery.again <= now.mono {
            self.delivery.asked = true;
            self.out.push(Effect::LoadPart { part: Part::Delivery });
        }
        // What is known now may have changed by the time it comes.
        self.knows_consent = false;
        // Nothing is queued, or nothing can be sent for the time being.
        if !self.delivery.asked && std::mem::take(&mut self.flushing) {
            self.out.notify(Notice::Flushed);
        }
    }

    fn wants_delivery(&self) -> bool {
        !self.delivery.asked && self.lanes_with(Verdict::Allow) != 0
    }

    /// The part came, or did not.
    pub(super) fn delivery_came(&mut self, ok: bool, now: Now) {
        let delivery = &mut self.delivery;
        if ok && !std::mem::replace(&mut delivery.is_here, true) {
            part::begin(self);
        } else if !ok {
            delivery.asked = false;
            delivery.again = now.mono.saturating_add(AGAIN_MS << delivery.failures.min(MAX_DOUBLINGS));
            delivery.failures += 1;
        }
    }

    /// When delivery next has something to do, on the monotonic clock.
    pub(super) fn delivery_deadline(&self) -> Option<u64> {
        if !self.delivery.is_here {
            return self.wants_delivery().then_some(self.delivery.again);
        }
        self.lanes.iter().map(|lane| lane.deadline()).chain([self.delivery.reclaim.deadline()]).flatten().min()
    }

    /// `flush` and a network that is back end every wait but the server's own.
    pub(super) fn end_waits(&mut self) {
        self.delivery.again = 0;
        for lane in &mut self.lanes {
            lane.retry_at = 0;
            if !lane.queue.is_empty() {
                lane.due = Some(0);
            }
        }
    }

    pub(super) fn response(&mut self, request: u32, outcome: Outcome<'_>, now: Now) {
        if self.delivery.is_here {
            part::answered(self, request, outcome, now);
        }
    }

    pub(super) fn lock(&mut self, name: &str, taken: bool, now: Now) {
        if self.delivery.is_here {
            part::locked(self, name, taken, now);
        }
    }

    /// Consent changed: pages taken over go on their way, or go.
    pub(super) fn decide_adopted(&mut self, now: Now) {
        if self.delivery.is_here {
            part::decide(self, now);
        }
    }
}
