//! Batches for other platforms, and for destinations that leave events out or change them: `src/core/destinations` maps them, once that part came.

use super::super::Runtime;
use super::pack::{Batch, Bounds, MAX_TOLD};
use crate::config::Destination;
use crate::destinations::{self, Answer, Pushed, WiredRequest, part};
use crate::effect::{Effect, Part};
use crate::ledger::DropReason;
use crate::queue::EventRef;
use crate::text::concat;
use crate::time::push_iso;

/// How long a destination waits for the part before it looks again.
const LOOK_AGAIN_MS: u64 = 30_000;
/// How many events are left out in one go.
const MOST_LEFT_OUT: usize = 500;

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
        let cut = (batch.events() > 0).then(|| self.wired_batch(at, destination, &batch, batch_id)).flatten();
        if let Some(function) = batch.failed() {
            let said = concat(&["\"", &destination.id, "\": ", function]);
            self.trouble("mapping_failed", &said);
        }
        self.leave_out(at, &filtered, DropReason::Filtered);
        self.leave_out(at, &too_large, DropReason::TooLarge);
        // Only what is small outlives the page.
        cut.filter(|cut| !bounds.is_last || cut.body.len() <= bounds.bytes)
    }

    fn wired_batch(&self, at: usize, destination: &Destination, batch: &destinations::Batch, batch_id: &str) -> Option<Batch> {
        let lane = self.lanes.get(at)?;
        let told = lane.lost.get(..MAX_TOLD).unwrap_or(&lane.lost);
        let mut lost = String::new();
        for loss in told {
            lost.push(if lost.is_empty() { '[' } else { ',' });
            loss.push(&mut lost, &destination.id);
        }
        if !lost.is_empty() {
            lost.push(']');
        }
        let mut sent_at = String::new();
        push_iso(&mut sent_at, self.now.wall);
        let WiredRequest { url, init, body } = part::request(batch, destination, batch_id, &sent_at, &lost);
        let url = if init.len() > 2 { concat(&[&url, "\n", &init]) } else { url };
        Some(Batch { events: batch.events(), losses: told.len(), url, body })
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
