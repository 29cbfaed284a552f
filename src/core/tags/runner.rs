//! One tag on one page: what waits for it, and what became of it.

use super::firing::{Firing, Firings};
use crate::consent::Verdict;

/// Failures that are remembered for those that wait for the firing.
const MAX_FAILED: usize = 100;

/// The state of one tag.
#[derive(Debug)]
pub(super) struct Runner {
    pub(super) verdict: Verdict,
    pub(super) waiting: Firings,
    /// Tickets given.
    tickets: u32,
    /// Firings that are being carried out: the script they wait for, if it is one.
    pub(super) open: Vec<(Firing, Option<usize>)>,
    failed: Vec<u32>,
    /// A step of the firing at hand failed.
    pub(super) stumbled: bool,
    /// Whether it has put something on the page.
    pub(super) has_run: bool,
    fired: bool,
    /// Nothing more of it runs: it is at fault.
    pub(super) is_over: bool,
    pub(super) withdrawn: bool,
    /// Its parameters were held against the template.
    pub(super) is_checked: bool,
}

impl Runner {
    pub(super) fn new(verdict: Verdict) -> Self {
        Runner {
            verdict,
            waiting: Firings::default(),
            tickets: 0,
            open: Vec::new(),
            failed: Vec::new(),
            stumbled: false,
            has_run: false,
            fired: false,
            is_over: false,
            withdrawn: false,
            is_checked: false,
        }
    }

    /// Whether it ever fired on this page.
    pub(super) fn has_fired(&self) -> bool {
        self.fired
    }

    /// Keeps a firing until it may run. Returns its ticket, and whether an older one gave way.
    pub(super) fn fire(&mut self, mut firing: Firing) -> (u32, bool) {
        self.tickets += 1;
        firing.ticket = self.tickets;
        if self.verdict == Verdict::Deny || self.is_over {
            self.fail(self.tickets);
            return (self.tickets, false);
        }
        self.fired = true;
        let gone = self.waiting.push(firing);
        let lost = !gone.is_empty();
        gone.into_iter().for_each(|firing| self.fail(firing.ticket));
        (self.tickets, lost)
    }

    /// What became of a firing; nothing while it waits or is being carried out.
    pub(super) fn outcome(&self, ticket: u32) -> Option<bool> {
        let is_open = self.waiting.iter().any(|firing| firing.ticket == ticket)
            || self.open.iter().any(|(firing, _)| firing.ticket == ticket);
        (!is_open).then(|| !self.failed.contains(&ticket))
    }

    pub(super) fn fail(&mut self, ticket: u32) {
        if self.failed.len() >= MAX_FAILED {
            self.failed.remove(0);
        }
        self.failed.push(ticket);
    }

    /// Whether a few more firings would cost older ones although they may run.
    pub(super) fn is_full(&self) -> bool {
        self.verdict == Verdict::Allow && self.open.is_empty() && self.waiting.is_full()
    }

    /// Drops what waits. What only waited did not fire.
    pub(super) fn forget(&mut self) {
        for firing in self.waiting.take() {
            self.fail(firing.ticket);
        }
        self.fired = self.has_run;
    }

    /// What waits and carries an identifier does not run any more.
    pub(super) fn forget_known(&mut self) {
        for firing in self.waiting.take() {
            if firing.is_known() {
                self.fail(firing.ticket);
            } else {
                self.waiting.push(firing);
            }
        }
        self.fired = self.has_run || !self.waiting.is_empty();
    }
}
