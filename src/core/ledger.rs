//! What became of every event, counted per destination.

use crate::consent::Map;

/// Why an event was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DropReason {
    /// Consent was denied at the call, or by the decision it waited for.
    Denied,
    /// Consent was withdrawn while it was queued.
    Withdrawn,
    /// Over 32 KB.
    TooLarge,
    /// The destination refused it.
    Rejected,
    /// Older than the config keeps events.
    Expired,
    /// The queue was full.
    QueueFull,
    /// Too many events waited for a decision.
    WaitingFull,
}

const REASONS: [(DropReason, &str); 7] = [
    (DropReason::Denied, "denied"),
    (DropReason::Withdrawn, "withdrawn"),
    (DropReason::TooLarge, "too-large"),
    (DropReason::Rejected, "rejected"),
    (DropReason::Expired, "expired"),
    (DropReason::QueueFull, "queue-full"),
    (DropReason::WaitingFull, "waiting-full"),
];

/// One destination's counters. Always `captured = pending + queued + in_flight + delivered + Σ dropped`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) captured: u32,
    pub(crate) pending: u32,
    pub(crate) queued: u32,
    pub(crate) in_flight: u32,
    pub(crate) delivered: u32,
    dropped: [u32; REASONS.len()],
    pub(crate) duplicates: u32,
}

impl Counts {
    pub(crate) fn drop(&mut self, reason: DropReason, events: u32) {
        let at = REASONS.iter().position(|(known, _)| *known == reason);
        if let Some(count) = at.and_then(|at| self.dropped.get_mut(at)) {
            *count += events;
        }
    }

    fn add(&mut self, other: &Counts) {
        self.captured += other.captured;
        self.pending += other.pending;
        self.queued += other.queued;
        self.in_flight += other.in_flight;
        self.delivered += other.delivered;
        self.duplicates += other.duplicates;
        for (mine, theirs) in self.dropped.iter_mut().zip(&other.dropped) {
            *mine += theirs;
        }
    }

    fn report(&self) -> CountsReport {
        let dropped = REASONS.iter().zip(&self.dropped).filter(|(_, count)| **count > 0);
        CountsReport {
            captured: self.captured,
            pending: self.pending,
            queued: self.queued,
            in_flight: self.in_flight,
            delivered: self.delivered,
            dropped: Map(dropped.map(|((_, word), count)| ((*word).to_owned(), *count)).collect()),
            duplicates_avoided: self.duplicates,
        }
    }
}

/// One destination's counters as `analytics.stats()` shows them.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CountsReport {
    /// Events taken, and those taken over from earlier pages.
    pub captured: u32,
    /// Waiting in memory for a decision.
    pub pending: u32,
    /// In the queue.
    pub queued: u32,
    /// In a request under way.
    pub in_flight: u32,
    /// Acknowledged.
    pub delivered: u32,
    /// Given up, by reason.
    pub dropped: Map<u32>,
    /// Acknowledged as already known: repeats that were stored once.
    pub duplicates_avoided: u32,
}

/// Everything counted (CONTRACT, section 3). The sums over all destinations count an event once for each.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Events taken, and those taken over from earlier pages.
    pub captured: u32,
    /// Waiting in memory for a decision.
    pub pending: u32,
    /// In the queue.
    pub queued: u32,
    /// In a request under way.
    pub in_flight: u32,
    /// Acknowledged.
    pub delivered: u32,
    /// Given up, by reason.
    pub dropped: Map<u32>,
    /// Acknowledged as already known: repeats that were stored once.
    pub duplicates_avoided: u32,
    /// Problems by code.
    pub errors: Map<u32>,
    /// `journal` while events reach local storage, otherwise `memory`.
    pub durability: &'static str,
    /// By destination.
    pub per_destination: Map<CountsReport>,
}

impl Stats {
    pub(crate) fn new<'a>(
        lanes: impl Iterator<Item = (&'a str, &'a Counts)>,
        errors: Map<u32>,
        durability: &'static str,
    ) -> Self {
        let mut total = Counts::default();
        let mut per_destination = Vec::new();
        for (id, counts) in lanes {
            total.add(counts);
            per_destination.push((id.to_owned(), counts.report()));
        }
        let CountsReport { captured, pending, queued, in_flight, delivered, dropped, duplicates_avoided } = total.report();
        let per_destination = Map(per_destination);
        Stats {
            captured,
            pending,
            queued,
            in_flight,
            delivered,
            dropped,
            duplicates_avoided,
            errors,
            durability,
            per_destination,
        }
    }
}
