//! Carrying out what a core asks for, as the bindings do: in order, with storage answered at once.

use super::World;
use super::decisions::{Told, Verdict};
use super::events::{Called, Fate};
use super::log::{Sent, Touch};
use super::profile::destinations_of;
use super::site::{DESTINATIONS, IDENTITY, TAGS};
use super::tab::Request;
use super::time::Coming;
use serde_json::Value;
use tidegate_core::effect::{self, Hold, Notice, Part};
use tidegate_core::{Effect, Input, keys};

impl World {
    /// One task of a page: an input, everything that follows from it, and the microtask at its end.
    pub(crate) fn task(&mut self, tab: usize, input: Input<'_>) {
        self.feed(tab, input);
        self.end_of_task(tab);
    }

    pub(crate) fn end_of_task(&mut self, tab: usize) {
        self.drain(tab);
        while self.tab_mut(tab).is_some_and(|tab| std::mem::take(&mut tab.commit_due)) {
            self.feed(tab, Input::Commit);
            self.drain(tab);
        }
        self.note_withdrawals(tab);
    }

    /// Hands in an input; what follows joins the end of the list.
    pub(crate) fn feed(&mut self, tab: usize, input: Input<'_>) {
        let now = self.now();
        let Some(tab) = self.tab_mut(tab) else { return };
        let (effects, told) = (tab.core.handle(input, now), tab.told);
        tab.todo.extend(effects.into_iter().map(|effect| (effect, told)));
    }

    pub(crate) fn drain(&mut self, tab: usize) {
        while let Some((effect, told)) = self.tab_mut(tab).and_then(|tab| tab.todo.pop_front()) {
            self.perform(tab, effect, told);
        }
    }

    fn perform(&mut self, tab: usize, effect: Effect, told: Told) {
        match effect {
            Effect::Write { key, value } => self.write(tab, key, value, told),
            Effect::Remove { key } => {
                if key == keys::CONSENT {
                    self.profile.remembered = None;
                }
                self.profile.stored.remove(&key);
                self.note_lost();
            }
            Effect::RemoveAll { prefix } => self.profile.stored.retain(|key, _| !key.starts_with(&prefix)),
            Effect::Read { key } => self.read(tab, &key),
            Effect::List { prefix } => {
                let keys = self.profile.keys(&prefix);
                self.feed(tab, Input::Keys(&keys));
            }
            Effect::SetCookie { name, value, max_age_s } => {
                let allowed = max_age_s == 0 || IDENTITY.verdict(told.decided()) == Verdict::Allow;
                self.log.touches.push(Touch { what: name.clone(), allowed });
                self.profile.cookies.remove(&name);
                if max_age_s > 0 {
                    self.profile.cookies.insert(name, value);
                }
            }
            Effect::Lock { name, hold } => self.lock(tab, name, hold),
            Effect::Send(request) => self.send(tab, request),
            Effect::Abort { request } => {
                if let Some(tab) = self.tab_mut(tab) {
                    tab.requests.retain(|open| open.id != request);
                }
            }
            Effect::LoadPart { part } => {
                // In every other tab no part but that of the tags comes at the first try.
                let mut ok = part == Part::Tags || tab.is_multiple_of(2);
                if let Some(tab) = self.tab_mut(tab) {
                    ok |= tab.asked_for.contains(&part);
                    tab.asked_for.push(part);
                }
                self.come(self.message_delay_ms, Coming::Part { tab, part, ok });
            }
            Effect::Page { what } => {
                let what: Value = serde_json::from_str(&what).unwrap();
                if what[0] != "pixel" {
                    return;
                }
                let (tag, url) = (what[1].as_u64().unwrap() as usize, what[2].as_str().unwrap().to_owned());
                // Whatever the tab was told: the platform may have changed its mind without a word.
                let now = Told { platform: self.profile.platform, ..told };
                let allowed = [told, now].iter().all(|told| TAGS[tag].verdict(told.decided()) == Verdict::Allow);
                let denied = self.events.iter().any(|event| url.ends_with(&event.message_id) && event.pixel == Fate::Denied);
                self.log.touches.push(Touch { what: url, allowed: allowed && !denied && !self.profile.paused });
            }
            Effect::Notify(Notice::ConsentHint) | Effect::ReadSignals => self.read_platform(tab),
            Effect::Post { message } => self.post(tab, &message, told),
            Effect::CommitSoon => {
                if let Some(tab) = self.tab_mut(tab) {
                    tab.commit_due = true;
                }
            }
            _ => {}
        }
    }

    fn write(&mut self, tab: usize, key: String, value: String, told: Told) {
        let refused = self.profile.refuses;
        if let Some(tab) = self.tab_mut(tab).filter(|_| key == keys::CONSENT) {
            tab.decision_refused = refused;
            tab.spoken = [None; 2];
        }
        if refused {
            return self.feed(tab, Input::WriteFailed { key: &key });
        }
        let known = self.profile.stored.get(&key).map_or(Vec::new(), |page| destinations_of(page));
        let only_takes_out = !known.is_empty() && destinations_of(&value).iter().all(|at| known.contains(at));
        self.log.touches.push(Touch { what: key.clone(), allowed: only_takes_out || may_write(&key, &value, told) });
        if key == keys::CONSENT {
            self.profile.remembered = Some(told.manual);
        }
        self.profile.stored.insert(key, value);
    }

    /// A page of a dead tab that cannot be rewritten goes whole: a denial counts more than what it would have kept.
    fn note_lost(&mut self) {
        if !self.profile.refuses {
            return;
        }
        for event in self.events.iter_mut().filter(|event| event.owner.is_none()) {
            for destination in 0..4 {
                let fate = &mut event.fates[destination];
                if *fate == Fate::Free && !self.profile.holds(&event.message_id, destination) {
                    *fate = Fate::Lost;
                }
            }
        }
    }

    fn read(&mut self, tab: usize, key: &str) {
        let value = self.profile.stored.get(key).cloned();
        if key == keys::CONSENT {
            self.tell_remembered(tab);
        } else if let Some(name) = key.strip_prefix(keys::JOURNAL) {
            let taken = self.tab_mut(tab).and_then(|tab| tab.taking_over.take());
            if let (Some(text), true) = (&value, taken.as_deref() == Some(name)) {
                self.take_over(tab, text);
            }
        } else if let (Some((_, name)), Some(tab)) = (key.split_once('.'), self.tab_mut(tab)) {
            tab.taking_over = Some(name.to_owned());
        }
        self.feed(tab, Input::Stored { key, value: value.as_deref() });
    }

    /// What a dead tab left is this tab's to deliver, or to give up where it is denied now.
    fn take_over(&mut self, tab: usize, page: &str) {
        let Some(verdicts) = self.tab(tab).map(|tab| tab.told.verdicts()) else { return };
        for event in self.events.iter_mut().filter(|event| page.contains(&event.message_id)) {
            let owner = event.owner.replace(tab);
            assert!(owner.is_none_or(|owner| owner == tab), "a living tab's page was taken over");
            for destination in destinations_of(page) {
                if event.fates[destination] == Fate::Free && verdicts[destination] == Verdict::Deny {
                    event.fates[destination] = Fate::Denied;
                }
            }
        }
        if let Some(tab) = self.tab_mut(tab) {
            tab.heir = true;
        }
    }

    /// A tab's own lock is waited for where another one has it, to take over what it left.
    fn lock(&mut self, tab: usize, name: String, hold: Hold) {
        if hold == Hold::None {
            self.release_locks(tab);
            return;
        }
        let held = self.profile.locks.iter().any(|(held, _)| *held == name);
        if held && hold == Hold::Own {
            self.profile.waiting.push((name, tab));
            return;
        }
        if !held && hold != Hold::Probe {
            self.profile.locks.push((name.clone(), tab));
        }
        self.come(0, Coming::Lock { tab, name, taken: !held });
    }

    /// A tab lets go of all its locks, or is gone; those who wait get theirs.
    pub(crate) fn release_locks(&mut self, tab: usize) {
        self.profile.locks.retain(|(_, holder)| *holder != tab);
        self.profile.waiting.retain(|(_, waits)| *waits != tab);
        for (name, tab) in std::mem::take(&mut self.profile.waiting) {
            self.lock(tab, name, Hold::Own);
        }
    }

    fn send(&mut self, tab: usize, request: effect::Request) {
        let batch: Value = serde_json::from_str(&request.body).unwrap();
        let events = batch["batch"].as_array().unwrap().clone();
        let calls: Vec<usize> = events.iter().map(super::visitor::call_of).collect();
        let destination = request.destination;
        let fates = calls.iter().map(|call| self.events[*call].fates[destination]).collect();
        let in_turn = calls.iter().all(|call| self.is_in_turn(tab, destination, &calls, *call));
        let (remembered, platform) = (self.profile.remembered, self.profile.platform);
        let answer = self.servers[destination].answer(&batch, &calls, destination);
        let Some(at) = self.tabs.iter_mut().find(|open| open.id == tab) else { return };
        // A newer decision that local storage refused just now holds in this tab; the older one is about to be removed.
        let remembered = remembered.filter(|_| !at.decision_refused);
        let stored = Told { manual: remembered.unwrap_or(at.told.manual), platform, ..at.told };
        let allowed = [at.told, stored].iter().all(|told| told.verdicts()[destination] == Verdict::Allow) && !self.profile.paused;
        let beside = at.requests.iter().filter(|open| open.destination == destination).count();
        at.requests.push(Request { id: request.id, destination, calls: calls.clone() });
        self.come(super::servers::LATENCY_MS, Coming::Answer { tab, request: request.id, answer });
        let (at, body) = (self.clock, request.body);
        self.log.sent.push(Sent { destination, at, calls, fates, events, body, beside, in_turn, allowed });
    }

    /// Whether every earlier call of the same origin that still has to go goes along, or went before.
    fn is_in_turn(&self, tab: usize, destination: usize, calls: &[usize], call: usize) -> bool {
        let origin = self.events[call].tab;
        let open = |event: &Called| event.owner == Some(tab) && event.tab == origin && event.fates[destination] == Fate::Free;
        self.events[..call].iter().enumerate().all(|(earlier, event)| !open(event) || calls.contains(&earlier))
    }
}

/// Before consent allows it nothing is stored but the decision itself.
fn may_write(key: &str, value: &str, told: Told) -> bool {
    let verdicts = told.verdicts();
    match key {
        keys::CONSENT => true,
        keys::IDENTITY => IDENTITY.verdict(told.decided()) == Verdict::Allow,
        _ if key.starts_with(keys::JOURNAL) => {
            let to = destinations_of(value);
            !to.is_empty() && to.iter().all(|at| DESTINATIONS[*at].verdict(told.decided()) == Verdict::Allow)
        }
        _ => verdicts.contains(&Verdict::Allow),
    }
}
