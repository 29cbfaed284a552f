//! Batches for other platforms, and for destinations that leave events out or change them: `src/core/destinations` maps them, once that part came.

use super::super::Runtime;
use super::pack::{Batch, Bounds, MAX_TOLD};
use crate::config::Destination;
use crate::destinations::{self, Answer, Beside, PAUSE_MS, Prelude, Pushed, WiredRequest, part};
use crate::effect::{Effect, Part};
use crate::input::Outcome;
use crate::json::digits;
use crate::ledger::DropReason;
use crate::queue::EventRef;
use crate::text::concat;
use crate::time::push_iso;

/// How long a destination waits for the part before it looks again.
const LOOK_AGAIN_MS: u64 = 30_000;
/// How many events are left out in one go.
const MOST_LEFT_OUT: usize = 500;

/// What a platform was asked for before a batch, for one destination.
#[derive(Debug)]
pub(super) struct Known {
    at: usize,
    /// What it is about.
    key: String,
    /// Nothing until it has answered.
    value: Option<String>,
}

impl Runtime {
    /// Notes which destinations need the part.
    pub(super) fn note_wired(&mut self) {
        for (at, destination) in self.config.destinations.iter().enumerate() {
            self.delivery.wired |= u64::from(destinations::is_wired(&destination.raw)) << at;
        }
    }

    pub(super) fn is_wired(&self, at: usize) -> bool {
        self.delivery.wired >> at & 1 == 1
    }

    /// Whether a destination waits for the part.
    pub(super) fn lacks_wires(&self, at: usize) -> bool {
        self.is_wired(at) && !self.delivery.wires.is_here
    }

    /// Asks for the part where a destination has something to send that needs it.
    pub(super) fn fetch_wires(&mut self) {
        for at in 0..self.lanes.len() {
            let is_due = self.lanes.get(at).is_some_and(|lane| lane.deadline(false).is_some_and(|due| due <= self.now.mono));
            if self.lacks_wires(at) && is_due {
                if self.delivery.wires.asks(self.now) {
                    self.out.push(Effect::LoadPart { part: Part::Wires });
                }
                self.hold_back(at, LOOK_AGAIN_MS);
            }
        }
    }

    /// It came, or did not: then it is asked for again.
    pub(super) fn wires_answered(&mut self, ok: bool) {
        self.delivery.wires.came(ok, self.now);
        let wait = self.delivery.wires.deadline().map_or(0, |at| at.saturating_sub(self.now.mono));
        for at in 0..self.lanes.len() {
            if self.is_wired(at) {
                self.hold_back(at, wait);
            }
        }
    }

    /// What an answer means.
    pub(super) fn meaning_of(
        &self,
        at: usize,
        destination: &Destination,
        batch_id: &str,
        status: u16,
        body: &str,
        retry_after_ms: Option<u64>,
    ) -> Answer {
        if self.is_wired(at) {
            part::read_answer(destination, batch_id, status, body, retry_after_ms)
        } else {
            destinations::read_answer(destination, batch_id, status, body, retry_after_ms)
        }
    }

    /// Cuts a batch of events that have in common what one request says once. What the destination does not take is given up on the way, counted.
    pub(super) fn cut_wired(&mut self, at: usize, bounds: &Bounds, batch_id: &str) -> Option<Batch> {
        let destination = self.config.destinations.get(at)?;
        let mut batch = part::batch(destination, bounds.events, bounds.bytes);
        let (mut filtered, mut too_large): (Vec<EventRef>, Vec<EventRef>) = (Vec::new(), Vec::new());
        for event in self.of_one_revision(at, usize::MAX) {
            let mut text = String::new();
            self.push_event(&mut text, at, event);
            match part::push(&mut batch, destination, &text) {
                Pushed::Taken => {}
                Pushed::Filtered => filtered.push(event),
                Pushed::TooLarge => too_large.push(event),
                Pushed::Next => break,
            }
            if filtered.len() + too_large.len() >= MOST_LEFT_OUT {
                break;
            }
        }
        let mut sent_at = String::new();
        push_iso(&mut sent_at, self.now.wall);
        let beside = Beside { batch_id, sent_at: &sent_at, ..Beside::default() };
        let asks = (batch.events() > 0).then(|| part::prelude(&batch, destination, &beside)).flatten();
        let known = asks.as_ref().map(|asks| self.known(at, &asks.key));
        let (cut, asked) = match (asks, known) {
            (Some(Prelude { key, request }), Some(None)) => (Some(wired(0, 0, request)), Some(key)),
            (_, known) if batch.events() > 0 => (self.wired_batch(at, &batch, &beside, known.flatten().unwrap_or("")), None),
            _ => (None, None),
        };
        if let Some(function) = batch.failed() {
            let said = concat(&["\"", &destination.id, "\": ", function]);
            self.trouble("mapping_failed", &said);
        }
        self.leave_out(at, &filtered, DropReason::Filtered);
        self.leave_out(at, &too_large, DropReason::TooLarge);
        if let Some(key) = asked {
            self.delivery.known.retain(|known| known.at != at);
            self.delivery.known.push(Known { at, key, value: None });
        }
        // Only what is small outlives the page.
        cut.filter(|cut| !bounds.is_last || cut.events > 0 && cut.body.len() <= bounds.bytes)
    }

    /// What a platform said of a key.
    fn known(&self, at: usize, key: &str) -> Option<&str> {
        self.delivery.known.iter().find(|known| known.at == at && known.key == key)?.value.as_deref()
    }

    /// It was asked for before a batch, which follows once it has answered.
    pub(super) fn prelude_ended(&mut self, at: usize, outcome: Outcome<'_>) {
        let Some(destination) = self.config.destinations.get(at) else { return };
        let Outcome::Answer { status, body, retry_after_ms } = outcome else { return self.retry(at, None) };
        let id = destination.id.clone();
        let value = match part::known(destination, status, body, retry_after_ms) {
            Ok(value) => value,
            // Of whom the platform will not hear, the events go no further; others' do.
            Err(Answer::Split) => {
                self.retry(at, None);
                return self.give_up_first(at, status);
            }
            Err(Answer::Paused) => {
                self.trouble("destination_refused", &id);
                self.retry(at, None);
                return self.hold_back(at, PAUSE_MS);
            }
            Err(_) => return self.retry(at, retry_after_ms),
        };
        if let Some(known) = self.delivery.known.iter_mut().find(|known| known.at == at) {
            known.value = Some(value);
        }
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.flight = None;
            lane.due = Some(self.now.mono);
        }
    }

    fn give_up_first(&mut self, at: usize, status: u16) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        let first: Vec<EventRef> = lane.queue.first().copied().into_iter().collect();
        lane.leave_out(&first);
        self.lose_for_good(at, &first, DropReason::Rejected);
        self.journal.settle(at, &first, &mut self.out);
        let id = self.config.destinations.get(at).map_or("", |destination| destination.id.as_str());
        let said = concat(&["\"", id, "\" answered ", &digits(status.into())]);
        self.trouble("event_rejected", &said);
    }

    fn wired_batch(&self, at: usize, batch: &destinations::Batch, beside: &Beside<'_>, known: &str) -> Option<Batch> {
        let (lane, destination) = (self.lanes.get(at)?, self.config.destinations.get(at)?);
        let told = lane.lost.get(..MAX_TOLD).unwrap_or(&lane.lost);
        let mut lost = String::new();
        for loss in told {
            lost.push(if lost.is_empty() { '[' } else { ',' });
            loss.push(&mut lost, &destination.id);
        }
        if !lost.is_empty() {
            lost.push(']');
        }
        let request = part::request(batch, destination, &Beside { lost: &lost, known, ..*beside });
        Some(wired(batch.events(), told.len(), request))
    }

    /// Gives up what a destination does not take.
    fn leave_out(&mut self, at: usize, events: &[EventRef], reason: DropReason) {
        if events.is_empty() {
            return;
        }
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.leave_out(events);
            // What is behind them may go at once.
            lane.due = Some(self.now.mono);
        }
        self.lose_for_good(at, events, reason);
        self.journal.settle(at, events, &mut self.out);
    }
}

fn wired(events: usize, losses: usize, request: WiredRequest) -> Batch {
    let WiredRequest { url, init, body } = request;
    let url = if init.len() > 2 { concat(&[&url, "\n", &init]) } else { url };
    Batch { events, losses, url, body }
}
