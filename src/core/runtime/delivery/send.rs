//! Batches out, answers in.

use super::super::Runtime;
use crate::destinations::{Answer, LONGEST_WAIT_MS, PAUSE_MS, Settled, speaks_segment};
use crate::effect::{Notice, Transport};
use crate::input::Outcome;
use crate::json::digits;
use crate::ledger::{DropReason, Loss};
use crate::queue::{EventRef, Lane, Page, wait_ms};
use crate::text::concat;
use crate::time::Now;

/// Browsers let a page have 64 KiB of keepalive requests under way; some room is left for others.
const KEEPALIVE_BYTES: usize = 56 * 1024;
/// A last request below this is not worth another try.
const LEAST_KEEPALIVE_BYTES: usize = 2 * 1024;

impl Runtime {
    /// Sends what is due, gives up what takes too long, and answers `flush`.
    pub(super) fn send_and_reclaim(&mut self) {
        self.journal.note_begun(self.now.mono);
        self.reclaim_due();
        self.show_life();
        for at in 0..self.lanes.len() {
            self.give_up_late(at);
        }
        // Another tab may have withdrawn what this one still believes granted, so consent is read before each send.
        let paused = self.consent.is_paused();
        if !paused {
            self.fetch_wires();
        }
        let wanted = !paused && (0..self.lanes.len()).any(|at| self.is_due(at) || self.leaving && self.is_ready(at));
        if wanted && std::mem::take(&mut self.knows_consent) {
            self.send_due();
        } else if wanted && !self.reading_consent {
            self.read_waits();
            self.read_consent();
        }
        self.store_losses();
        self.knows_consent = false;
        self.leaving &= self.reading_consent;
        if self.flushing
            && !self.delivery.wires.is_under_way()
            && !self.journal.has_unwritten()
            && self.lanes.iter().all(|lane| lane.is_idle(self.now.mono, paused))
        {
            self.flushing = false;
            self.out.notify(Notice::Flushed);
        }
    }

    fn send_due(&mut self) {
        if std::mem::take(&mut self.leaving) {
            self.send_last();
        }
        for at in 0..self.lanes.len() {
            if self.is_due(at) {
                self.send(at, usize::MAX, Transport::Fetch);
            }
        }
    }

    /// The page may be going: one last request a destination, small enough to outlive it. Nothing depends on it.
    fn send_last(&mut self) {
        let mut ready: Vec<usize> = (0..self.lanes.len()).filter(|at| self.is_ready(*at)).collect();
        while let Some(at) = ready.pop() {
            let mut in_flight = 0;
            for flight in self.lanes.iter().filter_map(|lane| lane.flight.as_ref()) {
                in_flight += flight.keepalive_bytes;
            }
            let room = KEEPALIVE_BYTES.min(self.delivery.last_bytes.unwrap_or(usize::MAX)).saturating_sub(in_flight);
            // What one leaves of its share is the next one's.
            let share = room / (ready.len() + 1);
            if share > 0 {
                self.send(at, share, Transport::Keepalive);
            }
        }
    }

    fn is_due(&self, at: usize) -> bool {
        let is_due = self.lanes.get(at).is_some_and(|lane| lane.due.is_some_and(|due| due <= self.now.mono));
        is_due && self.is_ready(at) && !self.journal.has_unwritten()
    }

    /// Whether a destination has events and nothing it waits for.
    fn is_ready(&self, at: usize) -> bool {
        !self.lacks_wires(at)
            && self
                .lanes
                .get(at)
                .is_some_and(|lane| lane.flight.is_none() && !lane.queue.is_empty() && lane.blocked_until() <= self.now.mono)
    }

    fn give_up_late(&mut self, at: usize) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let Some(flight) = lane.flight.as_ref().filter(|flight| flight.deadline <= self.now.mono) else { return };
        self.out.abort(flight.request);
        self.retry(at, None);
    }

    pub(super) fn request_ended(&mut self, request: u32, outcome: Outcome<'_>) {
        let flies = |lane: &Lane| lane.flight.as_ref().is_some_and(|flight| flight.request == request);
        // An answer to a request that was given up or withdrawn says nothing any more.
        let Some(at) = self.lanes.iter().position(flies) else { return };
        let Some(destination) = self.config.destinations.get(at) else { return };
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let (batch, bytes) = lane.flight.as_ref().map(|flight| (flight.batch, flight.keepalive_bytes)).unwrap_or_default();
        let batch_id = self.ids.numbered(batch);
        if lane.flight.as_ref().is_some_and(|flight| flight.events == 0) {
            return self.prelude_ended(at, outcome);
        }
        match outcome {
            Outcome::Answer { status, body, retry_after_ms } => {
                match self.meaning_of(at, destination, &batch_id, status, body, retry_after_ms) {
                    Answer::All => self.settle(at, None, self.now),
                    Answer::Some(results) => self.settle(at, Some(&results), self.now),
                    Answer::Retry(wait) => {
                        self.retry(at, wait);
                        if wait.is_some() {
                            self.store_waits();
                        }
                    }
                    Answer::Split => self.split(at, status),
                    Answer::Paused => {
                        let id = destination.id.clone();
                        self.trouble("destination_refused", &id);
                        self.retry(at, None);
                        self.hold_back(at, PAUSE_MS);
                    }
                }
            }
            // The browser has no room for it beside others: half may fit, and there is no later.
            Outcome::Failed if bytes >= LEAST_KEEPALIVE_BYTES && !self.visible => {
                self.delivery.last_bytes = Some(bytes / 2);
                lane.due = Some(self.now.mono);
                lane.land(&mut |_| false);
                self.leaving = true;
            }
            Outcome::Failed | Outcome::Unknown => self.retry(at, None),
        }
    }

    /// Settles the batch, or of it what is listed; the rest goes back in front, in order.
    fn settle(&mut self, at: usize, results: Option<&[(String, Settled)]>, now: Now) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let journal = &self.journal;
        let mut settled = Vec::new();
        let mut rejected = Vec::new();
        let mut duplicates = 0;
        let told = lane.flight.as_ref().map_or(0, |flight| flight.losses);
        lane.land(&mut |event| {
            let verdict = match results {
                None => Some(Settled::Stored),
                Some(results) => journal.page(event.page).and_then(|page| page.line(event.line)).and_then(|line| {
                    let id = line.message_id();
                    results.iter().find(|(listed, _)| listed == id).map(|(_, settled)| *settled)
                }),
            };
            if verdict.is_some() {
                settled.push(event);
            }
            if verdict == Some(Settled::Rejected) {
                rejected.push(event);
            }
            duplicates += u32::from(verdict == Some(Settled::Duplicate));
            verdict.is_some()
        });
        lane.past.delivered += (settled.len() - rejected.len()) as u32;
        lane.past.duplicates += duplicates;
        if !settled.is_empty() && told > 0 {
            lane.lost.drain(..told.min(lane.lost.len()));
            self.delivery.losses_changed = true;
        }
        self.lose_for_good(at, &rejected, DropReason::Rejected);
        self.journal.settle(at, &settled, &mut self.out);
        let Some(lane) = self.lanes.get_mut(at) else { return };
        if settled.is_empty() {
            return self.back_off(at, None);
        }
        (lane.failures, lane.failing_since, self.delivery.last_bytes) = (0, None, None);
        lane.split = lane.split.map(|split| split * 2).filter(|split| *split < 2500);
        if !lane.queue.is_empty() {
            lane.due = Some(now.mono);
        }
        if !rejected.is_empty() {
            self.tell_rejected(at, rejected.len() as u32);
        }
    }

    fn tell_rejected(&mut self, at: usize, events: u32) {
        let id = self.config.destinations.get(at).map_or("", |destination| destination.id.as_str());
        let said = concat(&["\"", id, "\" refused ", &digits(events.into())]);
        self.trouble("event_rejected", &said);
    }

    /// A batch that is refused is halved until the event at fault stands alone; that one is given up. A server that refuses one after another is
    /// likelier at fault itself: it gets more and more time between them.
    fn split(&mut self, at: usize, status: u16) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let events = lane.flight.as_ref().map_or(0, |flight| flight.events);
        lane.due = Some(self.now.mono);
        if events > 1 {
            lane.land(&mut |_| false);
            lane.split = Some(events / 2);
            return;
        }
        let mut refused = Vec::new();
        lane.land(&mut |event| {
            refused.push(event);
            true
        });
        lane.split = None;
        let is_again = lane.failures > 0;
        lane.failures = lane.failures.saturating_add(1);
        self.lose_for_good(at, &refused, DropReason::Rejected);
        self.journal.settle(at, &refused, &mut self.out);
        if is_again {
            self.back_off(at, None);
        }
        let id = self.config.destinations.get(at).map_or("", |destination| destination.id.as_str());
        let said = concat(&["\"", id, "\" answered ", &digits(status.into())]);
        self.trouble("event_rejected", &said);
    }

    pub(super) fn retry(&mut self, at: usize, wait: Option<u64>) {
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.land(&mut |_| false);
        }
        self.back_off(at, wait);
    }

    fn back_off(&mut self, at: usize, wait: Option<u64>) {
        let fraction = self.ids.fraction();
        let visible = self.visible;
        let Some(lane) = self.lanes.get_mut(at) else { return };
        lane.failures = lane.failures.saturating_add(1);
        let outage = self.now.mono.saturating_sub(*lane.failing_since.get_or_insert(self.now.mono));
        lane.retry_at = self.now.mono.saturating_add(wait_ms(lane.failures, fraction, visible, outage));
        lane.due = Some(self.now.mono);
        if let Some(wait) = wait {
            lane.held_until = self.now.mono.saturating_add(wait.min(LONGEST_WAIT_MS));
        }
    }

    /// Keeps what local storage did not take within its bound. The oldest events of the destination with the most queued
    /// go first, counted, so that one that is stuck costs the others nothing.
    pub(super) fn give_up_oldest(&mut self) {
        while self.journal.memory_bytes() > self.config.queue.max_overflow_bytes {
            let mut found = None;
            let mut most = 0;
            for (at, lane) in self.lanes.iter().enumerate() {
                if lane.queue.len() > most
                    && let Some(oldest) = lane.grounded().iter().find(|event| self.journal.is_in_memory(event.page))
                {
                    most = lane.queue.len();
                    found = Some((at, oldest.page));
                }
            }
            let Some((at, page)) = found else { return };
            self.give_up(at, page, DropReason::QueueFull);
            self.trouble("queue_full", "");
        }
    }

    /// Gives up what is older than the config keeps it.
    pub(super) fn expire(&mut self, at: usize) {
        let Some(lane) = self.lanes.get(at) else { return };
        let mut pages: Vec<u32> = lane.grounded().iter().map(|event| event.page).collect();
        pages.dedup();
        pages.retain(|page| self.journal.page(*page).is_some_and(|page| self.is_expired(page)));
        for page in pages {
            self.give_up(at, page, DropReason::Expired);
        }
    }

    /// By the time that passed, not by a clock that may have been put right meanwhile.
    pub(super) fn is_expired(&self, page: &Page) -> bool {
        page.begun.is_some_and(|begun| (self.now.mono as i64).saturating_sub(begun) > self.config.queue.max_age_ms as i64)
    }

    /// Counts events that a destination will never get, while their pages are there, and notes them for it.
    pub(super) fn lose_for_good(&mut self, at: usize, events: &[EventRef], reason: DropReason) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        lane.past.drop(reason, events.len() as u32);
        // What consent takes away is nobody's loss to hear of, and other platforms hear of none.
        if reason == DropReason::Withdrawn || self.config.destinations.get(at).is_none_or(|to| !speaks_segment(&to.raw)) {
            return;
        }
        self.delivery.losses_changed |= !events.is_empty();
        let flying = lane.flight.as_ref().map_or(0, |flight| flight.losses);
        for event in events {
            let Some(page) = self.journal.page(event.page) else { continue };
            if let Some(target) = page.target(at) {
                Loss::note(&mut lane.lost, flying, &page.key.tab, target.first_seq.wrapping_add(event.line), reason);
            }
        }
    }

    /// Gives up what one destination has queued of a page.
    fn give_up(&mut self, at: usize, page: u32, reason: DropReason) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let mut gone = Vec::new();
        lane.give_up(&mut |event| {
            if event.page == page {
                gone.push(event);
            }
            event.page == page
        });
        self.lose_for_good(at, &gone, reason);
        self.journal.settle(at, &gone, &mut self.out);
    }
}
