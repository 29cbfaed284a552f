//! Cutting batches: which events go out together, and as what.

use super::super::Runtime;
use crate::consent::Verdict;
use crate::destinations;
use crate::effect::{Effect, Request, Transport};
use crate::queue::{EventRef, Flight};

/// A request without an answer is given up after this.
const TIMEOUT_MS: u64 = 10_000;
/// How many losses one batch tells.
pub(super) const MAX_TOLD: usize = 50;

/// What one request is to be.
pub(super) struct Bounds {
    pub(super) events: usize,
    pub(super) bytes: usize,
    pub(super) is_last: bool,
}

/// The first events of a lane's queue, as they go out.
pub(super) struct Batch {
    pub(super) events: usize,
    /// How many losses it tells.
    pub(super) losses: usize,
    pub(super) url: String,
    pub(super) body: String,
}

impl Runtime {
    /// Cuts a batch of one consent revision and sends it. The gate is asked once more: capture and now must both allow.
    pub(super) fn send(&mut self, at: usize, max_bytes: usize, transport: Transport) {
        self.expire(at);
        let (Some(lane), Some(destination)) = (self.lanes.get(at), self.config.destinations.get(at)) else { return };
        let allowed = destination.consent.evaluate(self.consent.purposes(), self.consent.model()) == Verdict::Allow;
        if !allowed || lane.verdict != Verdict::Allow || lane.queue.is_empty() {
            return;
        }
        let bounds = Bounds {
            events: lane.split.unwrap_or(usize::MAX).min(destination.batch.max_events),
            bytes: max_bytes.min(destination.batch.max_bytes),
            is_last: transport == Transport::Keepalive,
        };
        let (batch_id, batch) = (self.ids.random(), self.ids.last());
        let cut = if self.is_wired(at) { self.cut_wired(at, &bounds, &batch_id) } else { self.cut(at, &bounds, &batch_id) };
        let (Some(Batch { events, losses, url, body }), Some(lane)) = (cut, self.lanes.get_mut(at)) else { return };
        lane.due = None;
        self.requests += 1;
        let keepalive_bytes = if bounds.is_last { body.len() } else { 0 };
        let deadline = self.now.mono.saturating_add(TIMEOUT_MS);
        lane.flight = Some(Flight { request: self.requests, batch, events, losses, deadline, keepalive_bytes });
        self.out.push(Effect::Send(Request { id: self.requests, destination: at, url, body, transport }));
    }

    fn cut(&self, at: usize, bounds: &Bounds, batch_id: &str) -> Option<Batch> {
        let (lane, destination) = (self.lanes.get(at)?, self.config.destinations.get(at)?);
        let mut end = String::new();
        let lost = lane.lost.get(..MAX_TOLD).unwrap_or(&lane.lost);
        destinations::push_batch_end(&mut end, destination, batch_id, self.now.wall, lost);
        let mut body = String::with_capacity(bounds.bytes.min(64 * 1024));
        destinations::push_batch_start(&mut body);
        let mut events = 0;
        for event in self.of_one_revision(at, bounds.events) {
            let before = body.len();
            if events > 0 {
                body.push(',');
            }
            self.push_event(&mut body, at, event);
            // An event that alone is over the limit goes alone; only a keepalive request must not be too large.
            let over = body.len() + end.len() > bounds.bytes;
            if over && (events > 0 || bounds.is_last) {
                body.truncate(before);
                break;
            }
            events += 1;
        }
        body.push_str(&end);
        (events > 0).then(|| Batch { events, losses: lost.len(), url: destination.url.clone(), body })
    }

    /// The first events of a queue that were captured under the same consent.
    pub(super) fn of_one_revision(&self, at: usize, most: usize) -> Vec<EventRef> {
        let mut rev = None;
        let queue = self.lanes.get(at).map_or(&[][..], |lane| &lane.queue);
        let is_alike = |event: &&EventRef| {
            self.journal.page(event.page).is_some_and(|page| *rev.get_or_insert(page.stamp.rev) == page.stamp.rev)
        };
        queue.iter().take(most).take_while(is_alike).copied().collect()
    }

    pub(super) fn push_event(&self, out: &mut String, at: usize, event: EventRef) {
        if let (Some(page), Some(destination)) = (self.journal.page(event.page), self.config.destinations.get(at)) {
            page.push_event(out, event.line, at, &destination.id);
        }
    }

    /// Sends it nothing for a while, unless the page flushes or the network comes back.
    pub(super) fn hold_back(&mut self, at: usize, ms: u64) {
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.retry_at = self.now.mono.saturating_add(ms);
        }
    }
}
