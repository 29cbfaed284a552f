//! What became of every call, for each destination.

use super::decisions::Verdict;

/// The state of one event for one destination.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Fate {
    /// Waits for a decision.
    Waits,
    /// May go.
    Free,
    /// A denial met it, at the call or later.
    Denied,
    /// Its page ended while only memory had it.
    Lost,
    Delivered,
    Rejected,
}

impl Fate {
    /// What becomes of it where the verdict changes.
    fn after(self, before: Verdict, after: Verdict) -> Fate {
        match (self, before, after) {
            (Fate::Waits, _, Verdict::Allow) => Fate::Free,
            (Fate::Waits | Fate::Free, _, Verdict::Deny) | (Fate::Free, Verdict::Allow, Verdict::Wait) => Fate::Denied,
            _ => self,
        }
    }
}

/// Who the visitor is in one tab, as the page said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Visitor {
    /// Nothing said in this tab: whoever an earlier page knew.
    #[default]
    Untold,
    /// `reset` was called.
    Nobody,
    /// Whoever it was, a withdrawal took back.
    Forgotten,
    /// The user of this call.
    User(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub message_id: String,
    /// The tab that answers for it; nobody while its page is gone and not taken over yet.
    pub owner: Option<usize>,
    /// The tab in which it was called.
    pub tab: usize,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
    pub visitor: Visitor,
    /// What was decided at the call.
    pub decided: [Option<bool>; 2],
    /// What was decided when it was released, for what had to wait.
    pub released: [Option<[Option<bool>; 2]>; 4],
    /// At that moment on the monotonic clock a tab may be told more: what it was told last, and when.
    pub settled: [Option<(u64, [Option<bool>; 2])>; 4],
    pub fates: [Fate; 4],
    /// For the pixel, which needs what the second destination needs and shows the event as it was called.
    pub pixel: Fate,
}

impl Called {
    /// What was decided when it was let go. Of two decisions of one moment both may be it, and the stamp says which.
    pub(crate) fn let_go_by(&self, destination: usize, stamped: [Option<bool>; 2]) -> [Option<bool>; 2] {
        match self.settled[destination] {
            Some((_, settled)) if settled == stamped => settled,
            _ => self.released[destination].unwrap_or(self.decided),
        }
    }

    pub(crate) fn waited(&self, destination: usize) -> bool {
        super::site::verdicts(self.decided)[destination] == Verdict::Wait
    }
}

/// A tab was told something: what waits is released or denied, what lost its grant is given up.
pub(crate) fn decide(events: &mut [Called], tab: usize, before: [Verdict; 4], decided: [Option<bool>; 2], clock: u64) {
    let after = super::site::verdicts(decided);
    for event in events.iter_mut().filter(|event| event.owner == Some(tab)) {
        for destination in 0..4 {
            let fate = event.fates[destination];
            event.fates[destination] = fate.after(before[destination], after[destination]);
            if event.fates[destination] != Fate::Free {
                continue;
            }
            if fate == Fate::Waits {
                event.released[destination] = Some(decided);
            }
            if fate == Fate::Waits || event.settled[destination].is_some_and(|(at, _)| at == clock) {
                event.settled[destination] = Some((clock, decided));
            }
        }
        event.pixel = event.pixel.after(before[1], after[1]);
    }
}

/// Identifiers lost their grant in a tab: what waits for another grant and carries one goes with them.
pub(crate) fn forget(events: &mut [Called], tab: usize) {
    for event in events.iter_mut().filter(|event| event.owner == Some(tab) && event.decided[0] == Some(true)) {
        for fate in event.fates.iter_mut().chain([&mut event.pixel]) {
            if *fate == Fate::Waits {
                *fate = Fate::Denied;
            }
        }
    }
}
