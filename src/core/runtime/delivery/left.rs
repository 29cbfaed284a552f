//! What pages left behind whose own core had not come: calls that the shim stored (`js/early.ts`) while an earlier page's gate was in force.

use super::super::Runtime;
use super::others::Purpose;
use crate::config::Destination;
use crate::consent::Verdict;
use crate::effect::{Effect, Hold};
use crate::input::{Input, Verb};
use crate::json::{Kind, digits, document, elements, kind, push_item, text_of, whole};
use crate::keys::{IDENTITY, WAITS};
use crate::ledger::{Counts, DropReason, Loss};
use crate::queue::Lane;
use crate::text::concat;

/// What the names of their keys begin with. The text is a JSON list of the project's write key with the destinations that were allowed then, and of the calls: the verb's
/// number, its arguments as JSON text, when it was called in milliseconds since the Unix epoch, and the page's facts as the shim tells them. Last
/// come how many calls there was no room for, and, where some destinations have had them, that the list is of the others.
pub(super) const LEFT_PREFIX: &str = "tg_left.";

/// More calls than this a page does not leave.
const MOST_LOST: u64 = 10_000;

/// Why a destination does not get an event.
const DENIED_THEN: &str = "it was not allowed when the page was left";

/// One key's text.
struct Left<'a> {
    /// JSON lists: the write key and the destinations' ids, and the calls.
    to: &'a str,
    calls: &'a str,
    lost: u32,
    is_rest: bool,
}

impl<'a> Left<'a> {
    /// Of what is no such text, one without calls.
    fn read(text: &'a str) -> Self {
        let mut members = elements(document(text).unwrap_or(""));
        let mut next = || members.next().unwrap_or("");
        let (to, calls, lost, is_rest) = (next(), next(), next(), next());
        Left { to, calls, lost: whole(lost).unwrap_or(0).min(MOST_LOST) as u32, is_rest: is_rest == "true" }
    }

    /// Whether they are not another project's.
    fn is_of(&self, write_key: &str) -> bool {
        elements(self.to).next().is_none_or(|raw| kind(raw) != Kind::String || text_of(raw) == write_key)
    }

    fn is_for(&self, id: &str) -> bool {
        let mut all = elements(self.to);
        all.next();
        all.any(|raw| text_of(raw) == id)
    }

    /// What to store for destinations that are to have it later.
    fn rest<'d>(&self, write_key: &str, ids: impl Iterator<Item = &'d str>) -> String {
        let mut to = String::from("[");
        push_item(&mut to, write_key);
        ids.for_each(|id| push_item(&mut to, id));
        concat(&["[", &to, "],", self.calls, ",", &digits(self.lost.into()), ",true]"])
    }
}

/// What a destination has to do with such a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    /// It is undecided: it has the calls later.
    Waits,
    /// It has had them.
    Had,
    /// They are decided by what consent says now.
    Gets,
    /// It was not allowed.
    DeniedThen,
}

/// Verdicts while they are set aside.
struct Gates {
    /// With what was counted for a destination that is not counted now.
    lanes: Vec<(Verdict, Option<Counts>)>,
    tags: Vec<Verdict>,
    /// Destinations that were not allowed then, a bit each.
    denied: u64,
}

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
        let left = Left::read(value.unwrap_or(""));
        if !left.is_of(&self.config.write_key) {
            return;
        }
        let shares = self.shares(&left);
        if !shares.contains(&Share::Waits) {
            self.out.remove(key);
        } else if shares.contains(&Share::Gets) {
            let waiting = self.config.destinations.iter().zip(&shares).filter(|(_, share)| **share == Share::Waits);
            self.out.write(key, left.rest(&self.config.write_key, waiting.map(|(destination, _)| &*destination.id)));
        } else {
            return;
        }
        let gates = self.close(&shares);
        self.replay(left.calls, gates.denied);
        self.lose_left(left.lost);
        self.open(gates);
        self.commit();
    }

    /// What each destination has to do with a text. With a denial all that is left leaves the disk: what is undecided then waits in memory, as
    /// this page's own calls do.
    fn shares(&self, left: &Left<'_>) -> Vec<Share> {
        let is_denied = self.lanes_with(Verdict::Deny) != 0;
        let share = |(lane, destination): (&Lane, &Destination)| match left.is_for(&destination.id) {
            true if !is_denied && lane.verdict == Verdict::Pending => Share::Waits,
            true => Share::Gets,
            false if left.is_rest => Share::Had,
            false => Share::DeniedThen,
        };
        self.lanes.iter().zip(&self.config.destinations).map(share).collect()
    }

    /// Denies all that are not to see what is captured next.
    fn close(&mut self, shares: &[Share]) -> Gates {
        let mut gates = Gates { lanes: Vec::new(), tags: Vec::new(), denied: 0 };
        for (at, (lane, share)) in self.lanes.iter_mut().zip(shares).enumerate() {
            // Of an event that they get later, or have had, nothing is counted now.
            let is_counted = matches!(share, Share::Gets | Share::DeniedThen);
            gates.lanes.push((lane.verdict, (!is_counted).then(|| lane.past.clone())));
            if *share == Share::DeniedThen && lane.verdict != Verdict::Deny {
                gates.denied |= 1 << at;
            }
            if *share != Share::Gets {
                lane.verdict = Verdict::Deny;
            }
        }
        for standing in self.tagging.standings_mut() {
            gates.tags.push(std::mem::replace(&mut standing.verdict, Verdict::Deny));
        }
        gates
    }

    fn open(&mut self, gates: Gates) {
        for (lane, (verdict, past)) in self.lanes.iter_mut().zip(gates.lanes) {
            lane.verdict = verdict;
            if let Some(past) = past {
                lane.past = past;
            }
        }
        for (standing, verdict) in self.tagging.standings_mut().iter_mut().zip(gates.tags) {
            standing.verdict = verdict;
        }
    }

    /// Captures calls with the page's facts of then. Whoever is known by now is not who was there then.
    fn replay(&mut self, calls: &str, denied: u64) {
        let here = self.surroundings.clone();
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
