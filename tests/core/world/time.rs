//! Time passes: servers answer, messages and locks arrive, and cores wake when they asked to.

use super::World;
use super::events::{Fate, Visitor};
use super::servers::{Answer, Settles};
use tidegate_core::Input;
use tidegate_core::effect::Part;
use tidegate_core::input::Outcome;

/// What is on its way to a tab.
#[derive(Clone, Debug)]
pub(crate) enum Coming {
    Answer { tab: usize, request: u32, answer: Answer },
    Message { tab: usize, text: String, denied: Option<[bool; 2]>, visitor: Option<Visitor> },
    Lock { tab: usize, name: String, taken: bool },
    Part { tab: usize, part: Part, ok: bool },
}

impl Coming {
    pub(crate) fn tab(&self) -> usize {
        match self {
            Coming::Answer { tab, .. } | Coming::Message { tab, .. } | Coming::Lock { tab, .. } | Coming::Part { tab, .. } => {
                *tab
            }
        }
    }
}

impl World {
    /// Something arrives in a while, behind what arrives at the same moment.
    pub(crate) fn come(&mut self, delay_ms: u64, coming: Coming) {
        let at = self.clock + delay_ms;
        // A channel keeps its order, whatever the delay.
        let behind = self.coming.iter().filter(|(_, other)| same_channel(other, &coming)).map(|(at, _)| *at).max();
        self.coming.push((at.max(behind.unwrap_or(0)), coming));
    }

    /// Passes time, event by event.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.clock + ms;
        let mut at_once = 0;
        while let Some(next) = self.next_event().filter(|(at, _)| *at <= end) {
            let (at, what) = next;
            at_once = if at > self.clock { 0 } else { at_once + 1 };
            assert!(at_once < 1000, "a core wants to be woken over and over");
            self.clock = self.clock.max(at);
            match what {
                Next::Arrival(at) => {
                    let (_, coming) = self.coming.remove(at);
                    self.arrive(coming);
                }
                Next::Wake(tab) => self.task(tab, Input::Wake),
            }
        }
        self.clock = self.clock.max(end);
    }

    fn next_event(&self) -> Option<(u64, Next)> {
        let now = self.now();
        let arrivals = self.coming.iter().enumerate().map(|(index, (at, _))| (*at, Next::Arrival(index)));
        let wakes = self.tabs.iter().filter_map(|tab| Some((tab.core.deadline(now)?, Next::Wake(tab.id))));
        arrivals.chain(wakes).min_by_key(|(at, _)| *at)
    }

    fn arrive(&mut self, coming: Coming) {
        match coming {
            Coming::Answer { tab, request, answer } => self.answered(tab, request, &answer),
            Coming::Message { tab, text, denied, visitor } => self.hear(tab, &text, denied, visitor),
            Coming::Part { tab, part, ok } => self.take_part(tab, part, ok),
            Coming::Lock { tab, name, taken } => self.task(tab, Input::Lock { name: &name, taken }),
        }
    }

    fn answered(&mut self, tab: usize, id: u32, answer: &Answer) {
        let Some(open) = self.tab_mut(tab) else { return };
        let Some(at) = open.requests.iter().position(|request| request.id == id) else { return };
        if matches!(answer, Answer::None) {
            return;
        }
        let request = open.requests.remove(at);
        if let Answer::Status { settles, .. } = answer {
            let (calls, fate) = match settles {
                Settles::All => (request.calls.as_slice(), Fate::Delivered),
                Settles::First => (&request.calls[..1], Fate::Delivered),
                Settles::OneAsRejected => (request.calls.as_slice(), Fate::Rejected),
                Settles::Nothing => (&request.calls[..0], Fate::Free),
            };
            for call in calls {
                self.events[*call].fates[request.destination] = fate;
            }
        }
        let outcome = match answer {
            Answer::Status { status, body, retry_after_ms, .. } => {
                Outcome::Answer { status: *status, body, retry_after_ms: *retry_after_ms }
            }
            _ => Outcome::Failed,
        };
        self.task(tab, Input::Response { request: id, outcome });
    }
}

enum Next {
    Arrival(usize),
    Wake(usize),
}

fn same_channel(one: &Coming, other: &Coming) -> bool {
    matches!((one, other), (Coming::Message { tab, .. }, Coming::Message { tab: to, .. }) if tab == to)
}
