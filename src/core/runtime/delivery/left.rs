//! What pages left behind whose own core had not come: calls that the shim stored (`js/early.ts`) while an earlier page's gate was in force.

use super::super::Runtime;
use super::others::Purpose;
use crate::consent::Verdict;
use crate::effect::{Effect, Hold};
use crate::input::{Input, Verb};
use crate::json::{digits, document, elements, push_item, text_of, whole};
use crate::keys::{IDENTITY, WAITS};
use crate::ledger::{Counts, DropReason, Loss};
use crate::text::concat;

/// What the names of their keys begin with. The text is a JSON list of the destinations that were allowed then, and of the calls: the verb's
/// number, its arguments as JSON text, when it was called in milliseconds since the Unix epoch, and the page's facts as the shim tells them. Last
/// come how many calls there was no room for, and, where some destinations have had them, that the list is of the others.
pub(super) const LEFT_PREFIX: &str = "tg_left.";

/// More calls than this a page does not leave.
const MOST_LOST: u64 = 10_000;

/// Why a destination does not get an event.
const DENIED_THEN: &str = "it was not allowed when the page was left";

/// Whether an effect stores or tells who the visitor is.
fn says_who(effect: &Effect) -> bool {
    match effect {
        Effect::Write { key, .. } | Effect::Remove { key } => key == IDENTITY,
        Effect::SetCookie { .. } | Effect::Post { .. } => true,
        _ => false,
    }
}

impl Runtime {
    pub(super) fn find_left(&mut self) {
        self.list_pages(Purpose::Left, LEFT_PREFIX.to_owned());
    }

    /// One tab takes them up: two would mint two identifiers for one call.
    pub(super) fn ask_for_left(&mut self, keys: &[String]) {
        for key in keys.iter().filter(|key| *key != WAITS) {
            if self.locks && !Self::has_losses(key) && !self.delivery.reclaim.left.contains(key) {
                self.out.lock([key, ""], Hold::Take);
            } else {
                self.read_page(key, Purpose::Left);
            }
        }
    }

    pub(super) fn left_answered(&mut self, key: &str, taken: bool) {
        if taken {
            self.delivery.reclaim.left.push(key.to_owned());
            self.read_page(key, Purpose::Left);
        }
    }

    /// Captures the calls under one key. What was denied then sees none of them: no destination by a later grant, and no tag, since none ran on that page.
    /// For those that are undecided they stay where they are: the next page may know.
    pub(super) fn take_left(&mut self, key: &str, value: Option<&str>) {
        if Self::has_losses(key) {
            return self.take_losses(key, value.unwrap_or(""));
        }
        let mut members = elements(value.and_then(|text| document(text).ok()).unwrap_or(""));
        let (to, calls) = (members.next().unwrap_or(""), members.next().unwrap_or(""));
        let lost = members.next().and_then(whole).unwrap_or(0).min(MOST_LOST) as u32;
        let is_for = |id: &str| elements(to).any(|raw| text_of(raw) == id);
        let is_rest = members.next() == Some("true");
        let mut rest = String::from("[");
        // What they counted before: of an event that they get later, or have had, nothing is counted now.
        let mut untouched: Vec<(usize, Counts)> = Vec::new();
        let mut decided = false;
        // With a denial all that is left leaves the disk: what is undecided then waits in memory, as this page's own calls do.
        let is_denied = self.lanes_with(Verdict::Deny) != 0;
        for (at, (lane, destination)) in self.lanes.iter().zip(&self.config.destinations).enumerate() {
            let waits = !is_denied && lane.verdict == Verdict::Pending && is_for(&destination.id);
            if waits {
                push_item(&mut rest, &destination.id);
            }
            if waits || is_rest && !is_for(&destination.id) {
                untouched.push((at, lane.past.clone()));
            } else {
                decided |= is_for(&destination.id);
            }
        }
        rest.push(']');
        if rest.len() > 2 && !decided {
            return;
        }
        match rest.len() {
            2 => self.out.remove(key),
            _ => self.out.write(key, concat(&["[", &rest, ",", calls, ",", &digits(lost.into()), ",true]"])),
        }
        let lanes: Vec<Verdict> = self.lanes.iter().map(|lane| lane.verdict).collect();
        let tags: Vec<Verdict> = self.tagging.standings_mut().iter().map(|standing| standing.verdict).collect();
        let mut denied = 0;
        for (at, (lane, destination)) in self.lanes.iter_mut().zip(&self.config.destinations).enumerate() {
            if untouched.iter().any(|(of, _)| *of == at) {
                lane.verdict = Verdict::Deny;
            } else if lane.verdict != Verdict::Deny && !is_for(&destination.id) {
                lane.verdict = Verdict::Deny;
                denied |= 1 << at;
            }
        }
        self.tagging.standings_mut().iter_mut().for_each(|standing| standing.verdict = Verdict::Deny);
        let here = self.surroundings.clone();
        // Whoever is known by now is not who was there then.
        let is_known = self.identity.epoch() > 0 || self.identity.user_id().is_some();
        let visitor = is_known.then(|| (self.identity.clone(), self.out.0.len()));
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
        if let Some((visitor, from)) = visitor {
            self.identity = visitor;
            let mut at = 0;
            self.out.0.retain(|effect| {
                at += 1;
                at <= from || !says_who(effect)
            });
        }
        self.renew_stamp();
        self.lose_left(lost);
        for (lane, verdict) in self.lanes.iter_mut().zip(lanes) {
            lane.verdict = verdict;
        }
        for (at, past) in untouched {
            if let Some(lane) = self.lanes.get_mut(at) {
                lane.past = past;
            }
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
        self.delivery.losses_changed = true;
        self.trouble("queue_full", "");
    }
}
