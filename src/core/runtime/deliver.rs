//! Batches out, answers in.

use super::Runtime;
use crate::consent::Verdict;
use crate::destinations::{self, Answer, Settled};
use crate::effect::{Effect, Notice, Request, Transport};
use crate::input::Outcome;
use crate::json::digits;
use crate::ledger::DropReason;
use crate::queue::{EventRef, Flight, Lane, wait_ms};
use crate::text::concat;
use crate::time::Now;

/// A request without an answer is given up after this.
const TIMEOUT_MS: u64 = 10_000;
/// Browsers let a page have 64 KiB of keepalive requests under way; some room is left for others.
const KEEPALIVE_BYTES: usize = 56 * 1024;
/// How long a destination that refuses our credentials is left alone.
const PAUSE_MS: u64 = 5 * 60_000;

impl Runtime {
    /// End of the task: what was appended goes to storage.
    pub(super) fn commit(&mut self) {
        self.commit_due = false;
        if self.journal.has_unwritten() {
            self.journal.commit(&mut self.out);
            self.evict();
        }
    }

    /// Sends what is due, gives up what takes too long, and answers `flush`.
    pub(super) fn service(&mut self, now: Now) {
        self.reclaim_due(now);
        for at in 0..self.lanes.len() {
            self.give_up_late(at, now);
        }
        // Another tab may have withdrawn what this one still believes granted, so its decision is read before each send.
        let wanted = (0..self.lanes.len()).any(|at| self.is_due(at, now) || self.leaving && self.is_ready(at, now));
        if wanted && (std::mem::take(&mut self.knows_memory) || !self.read_memory()) {
            self.send_due(now);
        }
        self.knows_memory = false;
        self.leaving &= self.reading_memory;
        if self.flushing && !self.journal.has_unwritten() && self.lanes.iter().all(|lane| lane.is_idle(now.mono)) {
            self.flushing = false;
            self.out.notify(Notice::Flushed);
        }
    }

    fn send_due(&mut self, now: Now) {
        if std::mem::take(&mut self.leaving) {
            self.send_last(now);
        }
        for at in 0..self.lanes.len() {
            if self.is_due(at, now) {
                self.send(at, usize::MAX, Transport::Fetch, now);
            }
        }
    }

    /// The page may be going: one last request a destination, small enough to outlive it. Nothing depends on it.
    fn send_last(&mut self, now: Now) {
        for at in 0..self.lanes.len() {
            let in_flight: usize =
                self.lanes.iter().filter_map(|lane| lane.flight.as_ref()).map(|flight| flight.keepalive_bytes).sum();
            let room = KEEPALIVE_BYTES.saturating_sub(in_flight);
            if self.is_ready(at, now) && room > 0 {
                self.send(at, room, Transport::Keepalive, now);
            }
        }
    }

    /// `flush` and a network that is back end every wait but the server's own.
    pub(super) fn end_waits(&mut self) {
        for lane in &mut self.lanes {
            lane.retry_at = 0;
            if !lane.queue.is_empty() {
                lane.due = Some(0);
            }
        }
    }

    fn is_due(&self, at: usize, now: Now) -> bool {
        let Some((lane, destination)) = self.lanes.get(at).zip(self.config.destinations.get(at)) else { return false };
        let full = lane.queue.len() >= destination.batch.max_events;
        let due = full || lane.due.is_some_and(|due| due <= now.mono);
        due && self.is_ready(at, now) && !self.journal.has_unwritten()
    }

    /// Whether a destination has events and nothing it waits for.
    fn is_ready(&self, at: usize, now: Now) -> bool {
        self.lanes.get(at).is_some_and(|lane| lane.flight.is_none() && !lane.queue.is_empty() && lane.blocked_until() <= now.mono)
    }

    /// Cuts a batch of one consent revision and sends it. The gate is asked once more: capture and now must both allow.
    fn send(&mut self, at: usize, max_bytes: usize, transport: Transport, now: Now) {
        let (Some(lane), Some(destination)) = (self.lanes.get_mut(at), self.config.destinations.get(at)) else { return };
        let allowed = destination.consent.evaluate(self.consent.purposes(), self.consent.model()) == Verdict::Allow;
        if !allowed || lane.verdict != Verdict::Allow || lane.queue.is_empty() {
            return;
        }
        let batch_id = self.ids.random();
        let mut end = String::new();
        destinations::push_batch_end(&mut end, destination, &batch_id, now.wall);
        let max_bytes = max_bytes.min(destination.batch.max_bytes);
        let max_events = lane.split.unwrap_or(usize::MAX).min(destination.batch.max_events);
        let mut body = String::with_capacity(max_bytes.min(64 * 1024));
        destinations::push_batch_start(&mut body);
        let mut events: Vec<EventRef> = Vec::new();
        let mut rev = None;
        while let Some(event) = lane.queue.front().copied().filter(|_| events.len() < max_events) {
            let Some(page) = self.journal.page(event.page) else {
                lane.queue.pop_front();
                continue;
            };
            if rev.is_some_and(|rev| rev != page.stamp.rev) {
                break;
            }
            let before = body.len();
            if !events.is_empty() {
                body.push(',');
            }
            page.push_event(&mut body, event.line, at);
            // An event that alone is over the limit goes alone; only a keepalive request must not be too large.
            let over = body.len() + end.len() > max_bytes;
            if over && (!events.is_empty() || transport == Transport::Keepalive) {
                body.truncate(before);
                break;
            }
            rev = Some(page.stamp.rev);
            lane.queue.pop_front();
            events.push(event);
        }
        if events.is_empty() {
            return;
        }
        body.push_str(&end);
        lane.due = None;
        lane.counts.queued -= events.len() as u32;
        lane.counts.in_flight += events.len() as u32;
        self.requests += 1;
        let keepalive_bytes = if transport == Transport::Keepalive { body.len() } else { 0 };
        lane.flight =
            Some(Flight { request: self.requests, events, deadline: now.mono.saturating_add(TIMEOUT_MS), keepalive_bytes });
        let request = Request { id: self.requests, destination: at, url: destination.url.clone(), body, transport };
        self.out.push(Effect::Send(request));
    }

    fn give_up_late(&mut self, at: usize, now: Now) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let Some(flight) = lane.flight.as_ref().filter(|flight| flight.deadline <= now.mono) else { return };
        self.out.abort(flight.request);
        self.retry(at, None, now);
    }

    pub(super) fn response(&mut self, request: u32, outcome: Outcome<'_>, now: Now) {
        let flies = |lane: &Lane| lane.flight.as_ref().is_some_and(|flight| flight.request == request);
        // An answer to a request that was given up or withdrawn says nothing any more.
        let Some(at) = self.lanes.iter().position(flies) else { return };
        let Some(destination) = self.config.destinations.get(at) else { return };
        match outcome {
            Outcome::Answer { status, body, retry_after_ms } => {
                match destinations::read_answer(destination, status, body, retry_after_ms) {
                    Answer::All => self.settle(at, None, now),
                    Answer::Some(results) => self.settle(at, Some(&results), now),
                    Answer::Retry(wait) => self.retry(at, wait, now),
                    Answer::Split => self.split(at, status, now),
                    Answer::Paused => {
                        let message = concat(&[
                            "destination \"",
                            &destination.id,
                            "\" refuses the write key: check \"writeKey\" and \"url\"",
                        ]);
                        self.problem("destination_refused", &message);
                        self.retry(at, Some(PAUSE_MS), now);
                    }
                }
            }
            Outcome::Failed | Outcome::Unknown => self.retry(at, None, now),
        }
    }

    /// Settles the batch, or of it what is listed; the rest goes back in front, in order.
    fn settle(&mut self, at: usize, results: Option<&[(String, Settled)]>, now: Now) {
        let Some(flight) = self.lanes.get_mut(at).and_then(|lane| lane.flight.take()) else { return };
        let (mut settled, mut back) = (Vec::new(), Vec::new());
        let (mut rejected, mut duplicates) = (0, 0);
        for event in flight.events {
            let verdict = match results {
                None => Some(Settled::Stored),
                Some(results) => self.journal.page(event.page).and_then(|page| page.line(event.line)).and_then(|line| {
                    let id = line.message_id();
                    results.iter().find(|(listed, _)| listed == id).map(|(_, settled)| *settled)
                }),
            };
            match verdict {
                None => back.push(event),
                Some(verdict) => {
                    settled.push(event);
                    rejected += u32::from(verdict == Settled::Rejected);
                    duplicates += u32::from(verdict == Settled::Duplicate);
                }
            }
        }
        self.journal.settle(at, &settled, &mut self.out);
        let Some(lane) = self.lanes.get_mut(at) else { return };
        lane.counts.in_flight -= (settled.len() + back.len()) as u32;
        lane.counts.delivered += settled.len() as u32 - rejected;
        lane.counts.duplicates += duplicates;
        lane.counts.drop(DropReason::Rejected, rejected);
        lane.counts.queued += back.len() as u32;
        for event in back.into_iter().rev() {
            lane.queue.push_front(event);
        }
        if settled.is_empty() {
            return self.back_off(at, None, now);
        }
        (lane.failures, lane.failing_since) = (0, None);
        lane.split = lane.split.map(|split| split * 2).filter(|split| *split < 2500);
        if !lane.queue.is_empty() {
            lane.due = Some(now.mono);
        }
        if rejected > 0 {
            self.tell_rejected(at, rejected);
        }
    }

    fn tell_rejected(&mut self, at: usize, events: u32) {
        let id = self.config.destinations.get(at).map_or("", |destination| destination.id.as_str());
        let message = concat(&["destination \"", id, "\" refused ", &digits(events.into()), " event(s): its answer says why"]);
        self.problem("event_rejected", &message);
    }

    /// A batch that is refused is halved until the event at fault stands alone; that one is given up.
    fn split(&mut self, at: usize, status: u16, now: Now) {
        let Some(flight) = self.lanes.get_mut(at).and_then(|lane| lane.flight.as_ref()) else { return };
        if flight.events.len() > 1 {
            let half = flight.events.len() / 2;
            let Some(lane) = self.lanes.get_mut(at) else { return };
            lane.land();
            (lane.split, lane.due) = (Some(half), Some(now.mono));
            return;
        }
        let events = flight.events.clone();
        self.journal.settle(at, &events, &mut self.out);
        let Some(lane) = self.lanes.get_mut(at) else { return };
        lane.flight = None;
        lane.counts.in_flight -= events.len() as u32;
        lane.counts.drop(DropReason::Rejected, events.len() as u32);
        (lane.split, lane.due) = (None, Some(now.mono));
        let id = self.config.destinations.get(at).map_or("", |destination| destination.id.as_str());
        let message =
            concat(&["destination \"", id, "\" answered ", &digits(status.into()), " to a single event, which is given up"]);
        self.problem("event_rejected", &message);
    }

    fn retry(&mut self, at: usize, wait: Option<u64>, now: Now) {
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.land();
        }
        self.back_off(at, wait, now);
    }

    fn back_off(&mut self, at: usize, wait: Option<u64>, now: Now) {
        let fraction = self.ids.fraction();
        let visible = self.visible;
        let Some(lane) = self.lanes.get_mut(at) else { return };
        lane.failures = lane.failures.saturating_add(1);
        let outage = now.mono.saturating_sub(*lane.failing_since.get_or_insert(now.mono));
        lane.retry_at = now.mono.saturating_add(wait_ms(lane.failures, fraction, visible, outage));
        lane.due = Some(now.mono);
        if let Some(wait) = wait {
            lane.held_until = now.mono.saturating_add(wait);
        }
    }

    /// Keeps what local storage did not take within its bound. The oldest events of the destination with the most queued
    /// go first, counted, so that one that is stuck costs the others nothing.
    pub(super) fn evict(&mut self) {
        while self.journal.memory_bytes() > self.config.queue.max_overflow_bytes {
            let oldest = |lane: &Lane| lane.queue.iter().map(|event| event.page).find(|page| self.journal.is_in_memory(*page));
            let lanes = self.lanes.iter().enumerate();
            let Some((_, at, page)) = lanes.filter_map(|(at, lane)| Some((lane.queue.len(), at, oldest(lane)?))).max() else {
                return;
            };
            self.give_up(at, page);
            self.problem("queue_full", "the queue is full and the oldest events were given up: is a destination unreachable?");
        }
    }

    /// Gives up what one destination has queued of a page.
    fn give_up(&mut self, at: usize, page: u32) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let gone: Vec<EventRef> = lane.queue.iter().copied().filter(|event| event.page == page).collect();
        lane.queue.retain(|event| event.page != page);
        lane.counts.queued -= gone.len() as u32;
        lane.counts.drop(DropReason::QueueFull, gone.len() as u32);
        self.journal.settle(at, &gone, &mut self.out);
    }
}
