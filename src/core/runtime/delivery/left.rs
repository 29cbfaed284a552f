//! What pages left behind whose own core had not come: calls that the shim stored (`js/early.ts`) while an earlier page's gate was in force.

use super::super::Runtime;
use super::others::Purpose;
use crate::consent::Verdict;
use crate::effect::Hold;
use crate::input::{Input, Verb};
use crate::json::{document, elements, text_of, whole};
use crate::keys::WAITS;
use crate::ledger::{DropReason, Loss};

/// What the names of their keys begin with. The text is a JSON list of the destinations that were allowed then, and of the calls: the verb's
/// number, its arguments as JSON text, when it was called in milliseconds since the Unix epoch, and the page's facts as the shim tells them. Last
/// comes how many calls there was no room for.
pub(super) const LEFT_PREFIX: &str = "tg_left.";

/// More calls than this a page does not leave.
const MOST_LOST: u64 = 10_000;

/// Why a destination does not get an event.
const DENIED_THEN: &str = "it was not allowed when the page was left";

impl Runtime {
    pub(super) fn find_left(&mut self) {
        self.list_pages(Purpose::Left, LEFT_PREFIX.to_owned());
    }

    /// One tab takes them up: two would mint two identifiers for one call.
    pub(super) fn ask_for_left(&mut self, keys: &[String]) {
        for key in keys.iter().filter(|key| *key != WAITS) {
            if self.locks {
                self.out.lock([key, ""], Hold::Take);
            } else {
                self.read_page(key, Purpose::Left);
            }
        }
    }

    pub(super) fn left_answered(&mut self, key: &str, taken: bool) {
        if taken {
            self.read_page(key, Purpose::Left);
        }
    }

    /// Captures the calls under one key. What was denied then sees none of them: no destination by a later grant, and no tag, since none ran on that page.
    pub(super) fn take_left(&mut self, key: &str, value: Option<&str>) {
        self.out.remove(key);
        let mut members = elements(value.and_then(|text| document(text).ok()).unwrap_or(""));
        let (to, calls) = (members.next().unwrap_or(""), members.next().unwrap_or(""));
        let lost = members.next().and_then(whole).unwrap_or(0).min(MOST_LOST) as u32;
        let lanes: Vec<Verdict> = self.lanes.iter().map(|lane| lane.verdict).collect();
        let tags: Vec<Verdict> = self.tagging.standings_mut().iter().map(|standing| standing.verdict).collect();
        let mut denied = 0;
        for (at, (lane, destination)) in self.lanes.iter_mut().zip(&self.config.destinations).enumerate() {
            if lane.verdict != Verdict::Deny && !elements(to).any(|raw| text_of(raw) == destination.id) {
                lane.verdict = Verdict::Deny;
                denied |= 1 << at;
            }
        }
        self.tagging.standings_mut().iter_mut().for_each(|standing| standing.verdict = Verdict::Deny);
        let here = self.surroundings.clone();
        for call in elements(calls) {
            let mut members = elements(call);
            let mut next = || members.next().unwrap_or("");
            let (verb, args, at, facts) = (whole(next()), text_of(next()), whole(next()), text_of(next()));
            let verb = verb.and_then(|number| Verb::from_number(u8::try_from(number).ok()?));
            if let (Some(verb), Some(at)) = (verb, at) {
                let before = self.captures;
                self.take(Input::Page(&facts), self.now);
                self.take(Input::Call { verb, args: &args, at }, self.now);
                if denied != 0 && self.captures > before {
                    self.history.kept_from(self.captures, denied, DENIED_THEN);
                }
            }
        }
        self.surroundings = here;
        self.renew_stamp();
        self.lose_left(lost);
        for (lane, verdict) in self.lanes.iter_mut().zip(lanes) {
            lane.verdict = verdict;
        }
        for (standing, verdict) in self.tagging.standings_mut().iter_mut().zip(tags) {
            standing.verdict = verdict;
        }
        self.commit();
    }

    /// Counts calls that nothing is left of, for every destination, and tells those that may hear of them.
    fn lose_left(&mut self, calls: u32) {
        if calls == 0 {
            return;
        }
        for lane in &mut self.lanes {
            lane.past.captured += calls;
            if lane.verdict == Verdict::Deny {
                lane.past.drop(DropReason::Denied, calls);
                continue;
            }
            lane.past.drop(DropReason::QueueFull, calls);
            let flying = lane.flight.as_ref().map_or(0, |flight| flight.losses);
            for _ in 0..calls {
                Loss::note(&mut lane.lost, flying, self.journal.tab(), lane.next_seq, DropReason::QueueFull);
                lane.next_seq += 1;
            }
        }
        self.trouble("queue_full", "");
    }
}
