//! What became of every event, counted per destination.

use crate::json::{member, push_member, push_number, push_text, text, whole};
use std::rc::Rc;

/// Why an event was given up; see [`REASONS`].
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
    /// Too many events waited for a decision, or for plugins.
    WaitingFull,
    /// The call's `integrations` leave the destination out.
    Excluded,
    /// Middleware or a plugin kept it back.
    Cancelled,
    /// Middleware or a plugin that decides whether it may go on failed.
    PluginFailed,
    /// The destination's `filter`, `sample` or `map` leaves it out, or its kind has no place for it.
    Filtered,
}

/// The words reports use, in the order of [`DropReason`].
const REASONS: [&str; 11] = [
    "denied",
    "withdrawn",
    "too-large",
    "rejected",
    "expired",
    "queue-full",
    "waiting-full",
    "excluded",
    "cancelled",
    "plugin-failed",
    "filtered",
];

/// Those that destinations are told.
const TOLD: [DropReason; 4] = [DropReason::Rejected, DropReason::Expired, DropReason::QueueFull, DropReason::Filtered];

/// Events of one tab's sequence that a destination will never get, the first and the last. The next batch tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Loss {
    tab: Rc<str>,
    from: u32,
    to: u32,
    reason: DropReason,
}

impl Loss {
    /// Notes an event, with those before it where they are alike. The first `flying` are on their way as they are.
    pub(crate) fn note(all: &mut Vec<Loss>, flying: usize, tab: &Rc<str>, seq: u32, reason: DropReason) {
        match all
            .get_mut(flying..)
            .and_then(<[Loss]>::last_mut)
            .filter(|last| last.tab == *tab && last.reason == reason && last.to.checked_add(1) == Some(seq))
        {
            Some(last) => last.to = seq,
            None => all.push(Loss { tab: tab.clone(), from: seq, to: seq, reason }),
        }
    }

    /// Reads one that was stored.
    pub(crate) fn read(raw: &str) -> Option<Self> {
        let number = |key| member(raw, key).and_then(whole)?.try_into().ok();
        let reason = text(raw, "reason");
        let reason = *TOLD.iter().find(|told| REASONS.get(**told as usize).is_some_and(|word| *word == reason))?;
        let (from, to) = (number("from")?, number("to")?);
        (from <= to).then(|| Loss { tab: text(raw, "tab").into_owned().into(), from, to, reason })
    }

    /// Appends it as a JSON object.
    pub(crate) fn push(&self, out: &mut String, destination: &str) {
        out.push('{');
        push_text(out, "tab", &self.tab);
        push_text(out, "destination", destination);
        push_number(out, "from", self.from.into());
        push_number(out, "to", self.to.into());
        push_text(out, "reason", REASONS.get(self.reason as usize).unwrap_or(&""));
        out.push('}');
    }
}

/// Counters of one destination, or of all. Always `captured = pending + queued + in_flight + delivered + Σ dropped`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts {
    /// Events taken, and those taken over from earlier pages.
    pub(crate) captured: u32,
    /// Waiting in memory for a decision.
    pub(crate) pending: u32,
    /// In the queue.
    pub(crate) queued: u32,
    /// In a request under way.
    pub(crate) in_flight: u32,
    /// Acknowledged.
    pub(crate) delivered: u32,
    /// Acknowledged as already known: repeats that were stored once.
    pub(crate) duplicates: u32,
    /// Given up, by reason.
    dropped: [u32; REASONS.len()],
}

impl Counts {
    pub(crate) fn drop(&mut self, reason: DropReason, events: u32) {
        if let Some(count) = self.dropped.get_mut(reason as usize) {
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

    /// Appends the counters as members of a JSON object.
    fn push_members(&self, out: &mut String) {
        for (key, count) in [
            ("captured", self.captured),
            ("pending", self.pending),
            ("queued", self.queued),
            ("inFlight", self.in_flight),
            ("delivered", self.delivered),
            ("duplicatesAvoided", self.duplicates),
        ] {
            push_number(out, key, count.into());
        }
        push_member(out, "dropped", "{");
        for (reason, count) in REASONS.iter().zip(self.dropped) {
            if count > 0 {
                push_number(out, reason, count.into());
            }
        }
        out.push('}');
    }
}

/// Everything counted (CONTRACT, section 3), a JSON object. The sums over all destinations count an event once for each.
pub(crate) fn report<'a>(lanes: impl Iterator<Item = (&'a str, Counts)>, errors: &[(String, u32)], durability: &str) -> String {
    let mut total = Counts::default();
    let mut per_destination = String::from("{");
    for (id, counts) in lanes {
        total.add(&counts);
        push_member(&mut per_destination, id, "{");
        counts.push_members(&mut per_destination);
        per_destination.push('}');
    }
    per_destination.push('}');
    let mut out = String::from("{");
    total.push_members(&mut out);
    push_member(&mut out, "errors", "{");
    for (code, count) in errors {
        push_number(&mut out, code, (*count).into());
    }
    out.push('}');
    push_text(&mut out, "durability", durability);
    push_member(&mut out, "perDestination", &per_destination);
    out.push('}');
    out
}
