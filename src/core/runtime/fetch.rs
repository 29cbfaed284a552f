//! A part of the core that is asked for until it comes.

use crate::time::Now;

/// How long after the first failure it is tried again, in milliseconds; twice that after each further one.
const AGAIN_MS: u64 = 1000;
const MAX_DOUBLINGS: u32 = 9;

#[derive(Debug, Default)]
pub(super) struct Fetch {
    /// Whether it is there, or was asked for.
    pub(super) is_here: bool,
    asked: bool,
    failures: u32,
    /// When it may be asked for again, on the monotonic clock.
    again: u64,
}

impl Fetch {
    /// Whether to ask for it now, where it is wanted.
    pub(super) fn asks(&mut self, now: Now) -> bool {
        !self.is_here && self.again <= now.mono && !std::mem::replace(&mut self.asked, true)
    }

    /// Whether an answer is still to come.
    pub(super) fn is_under_way(&self) -> bool {
        self.asked && !self.is_here
    }

    /// It came, or did not. Returns whether it is there only now.
    pub(super) fn came(&mut self, ok: bool, now: Now) -> bool {
        if !ok {
            self.asked = false;
            self.again = now.mono.saturating_add(AGAIN_MS << self.failures.min(MAX_DOUBLINGS));
            self.failures += 1;
        }
        ok && !std::mem::replace(&mut self.is_here, true)
    }

    /// When to ask for it, on the monotonic clock, where it is wanted.
    pub(super) fn deadline(&self) -> Option<u64> {
        (!self.is_here && !self.asked).then_some(self.again)
    }

    /// The network is back: no need to wait.
    pub(super) fn end_wait(&mut self) {
        self.again = 0;
    }
}
