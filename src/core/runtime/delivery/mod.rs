//! Getting events off the page: onto disk at the end of each task, then to their destinations.
//!
//! What sends, and what takes over from other tabs, is a part of the core that comes once something may be sent: see [`part`].
//! Until then events lie safely in the journal.

mod left;
mod losses;
mod others;
mod pack;
mod part;
mod receipts;
mod reclaim;
mod send;
mod waits;
mod wired;

use super::Runtime;
use super::fetch::Fetch;
use crate::consent::Verdict;
use crate::effect::{Effect, Hold, Notice, Part};
use crate::input::Outcome;
use others::Others;
use reclaim::{LOCK_PREFIX, Reclaim};

/// Where delivery stands.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    part: Fetch,
    /// What maps events for other platforms, and the destinations that need it, a bit each.
    wires: Fetch,
    wired: u64,
    /// What platforms were asked for before batches.
    known: Vec<wired::Known>,
    /// Receipts as they are stored, a JSON list.
    receipts: String,
    others: Others,
    reclaim: Reclaim,
    /// This tab's own lock is taken, or asked for.
    pub(super) holds_own: bool,
    /// Losses are to be stored, and are.
    losses_changed: bool,
    stores_losses: bool,
    /// Bytes of last requests, where the browser refused larger ones.
    last_bytes: Option<usize>,
    /// What servers said of when to come back is stored once it was read.
    stores_waits: bool,
}

impl Runtime {
    /// `consent.receipts()` as JSON, where the part is there.
    pub fn receipts(&self) -> Option<String> {
        self.delivery.part.is_here.then(|| part::receipts(self, &self.delivery.receipts))
    }

    /// What the keys of this tab's journal pages begin with (`own`), the `keys` of pages that local storage does not have, those that it has to `spare` once the
    /// copy has them, and how many bytes of the copy's it is to take at `most`; of a key such a page's text, empty where it is gone. JSON, where the part is
    /// there; `null` while no destination is allowed.
    pub fn unstored(&self, key: &str) -> Option<String> {
        self.delivery.part.is_here.then(|| part::unstored(self, key))
    }

    /// End of the task: what was appended goes to storage. While something lies there this tab holds the lock of its name: other tabs see that
    /// it lives. A page without one may go to the browser's back/forward cache.
    pub(super) fn commit(&mut self) {
        self.commit_due = false;
        if self.journal.has_unwritten() {
            self.hold_own();
            self.journal.commit(&mut self.out);
            self.evict();
        }
    }

    // Base and part have one each.
    #[inline(always)]
    fn hold_own(&mut self) {
        if self.locks && !std::mem::replace(&mut self.delivery.holds_own, true) {
            self.out.lock([LOCK_PREFIX, self.journal.tab()], Hold::Own);
        }
    }

    /// Whether memory has to keep more than it may while nothing can be sent.
    pub(super) fn is_overfull(&self) -> bool {
        !self.delivery.part.is_here && self.journal.memory_bytes() > self.config.queue.max_overflow_bytes
    }

    /// Keeps what local storage did not take within its bound.
    pub(super) fn evict(&mut self) {
        if self.delivery.part.is_here {
            part::evict(self);
        }
    }

    /// Sends what is due, or asks for what sends.
    pub(super) fn service(&mut self) {
        if self.delivery.part.is_here {
            return part::service(self);
        }
        if self.wants_delivery() && self.delivery.part.asks(self.now) {
            self.out.push(Effect::LoadPart { part: Part::Delivery });
        }
        // What is known now may have changed by the time it comes.
        self.knows_consent = false;
        // Nothing is queued, or nothing can be sent for the time being.
        if !self.delivery.part.is_under_way() && std::mem::take(&mut self.flushing) {
            self.out.notify(Notice::Flushed);
        }
    }

    fn wants_delivery(&self) -> bool {
        self.lanes_with(Verdict::Allow) != 0
    }

    /// The part came, or did not.
    pub(super) fn delivery_came(&mut self, ok: bool) {
        if self.delivery.part.came(ok, self.now) {
            part::begin(self);
        }
    }

    /// What maps events for other platforms came, or did not.
    pub(super) fn wires_came(&mut self, ok: bool) {
        if self.delivery.part.is_here {
            part::wires(self, ok);
        }
    }

    /// When delivery next has something to do, on the monotonic clock.
    pub(super) fn delivery_deadline(&self) -> Option<u64> {
        if !self.delivery.part.is_here {
            return self.delivery.part.deadline().filter(|_| self.wants_delivery());
        }
        let paused = self.consent.is_paused();
        self.lanes.iter().map(|lane| lane.deadline(paused)).chain([self.delivery.reclaim.deadline()]).flatten().min()
    }

    /// `flush` and a network that is back end every wait but the server's own.
    pub(super) fn end_waits(&mut self) {
        self.delivery.part.end_wait();
        for lane in &mut self.lanes {
            lane.retry_at = 0;
            if !lane.queue.is_empty() {
                lane.due = Some(0);
            }
        }
    }

    pub(super) fn response(&mut self, request: u32, outcome: Outcome<'_>) {
        if self.delivery.part.is_here {
            part::answered(self, request, outcome);
        }
    }

    pub(super) fn lock(&mut self, name: &str, taken: bool) {
        if self.delivery.part.is_here {
            part::locked(self, name, taken);
        }
    }

    /// Consent changed: pages taken over go on their way, or go.
    pub(super) fn decide_adopted(&mut self) {
        if self.delivery.part.is_here {
            part::decide(self);
        }
    }
}
