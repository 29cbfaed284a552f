//! What happens in a tab: calls, decisions, and what other tabs tell.

use super::World;
use super::decisions::{Platform, Verdict};
use super::events::{Called, Fate, Visitor, decide, forget};
use super::log::Withdrawal;
use super::site::{IDENTITY, PURPOSES};
use super::speech::{self, heard};
use super::tab::Tab;
use super::time::Coming;
use serde_json::{Value, json};
use tidegate_core::effect::Part;
use tidegate_core::input::Verb;
use tidegate_core::{Input, keys};

/// The number of the call that an event on the wire came from: every call brings its own.
pub(crate) fn call_of(event: &Value) -> usize {
    let number = event["properties"]["n"].as_u64().or(event["traits"]["n"].as_u64());
    let alias = || event["userId"].as_str()?.strip_prefix('u')?.parse().ok();
    number.or_else(alias).unwrap() as usize
}

/// Newer choices over older ones.
fn over(newer: [Option<bool>; 2], older: [Option<bool>; 2]) -> [Option<bool>; 2] {
    [0, 1].map(|purpose| newer[purpose].or(older[purpose]))
}

impl World {
    /// A call of an event verb, within the running task.
    pub(crate) fn call(&mut self, id: usize, verb: Verb) {
        self.clock += 1;
        let (number, at) = (self.events.len(), self.now().wall);
        let Some(tab) = self.tab_mut(id) else { return };
        if verb == Verb::Identify {
            tab.visitor = Visitor::User(number);
        }
        tab.calls += 1;
        let user = format!("u{number}");
        let args = match verb {
            Verb::Alias => json!([user]),
            Verb::Identify => json!([user, { "n": number }]),
            _ => json!(["name", { "n": number }]),
        };
        // An alias speaks of another user, and the visitor stays who it is.
        let visitor = if verb == Verb::Alias { Visitor::User(number) } else { tab.visitor };
        let (decided, args) = (tab.told.decided(), args.to_string());
        let fates = tab.told.verdicts().map(|verdict| match verdict {
            Verdict::Allow => Fate::Free,
            Verdict::Wait => Fate::Waits,
            Verdict::Deny => Fate::Denied,
        });
        self.feed(id, Input::Call { verb, args: &args, at });
        let message_id = self.message_id(id, verb, &args, at);
        let called = Called {
            message_id,
            owner: Some(id),
            tab: id,
            at,
            visitor,
            decided,
            released: [None; 4],
            settled: [None; 4],
            fates,
            pixel: fates[1],
        };
        self.events.push(called);
        self.drain(id);
    }

    fn message_id(&self, tab: usize, verb: Verb, args: &str, at: u64) -> String {
        let core = &self.tab(tab).unwrap().core;
        let event: Value = serde_json::from_str(&core.event(core.captures(), verb, args, at).unwrap()).unwrap();
        event["messageId"].as_str().unwrap().to_owned()
    }

    pub(crate) fn set(&mut self, tab: usize, choices: [Option<bool>; 2], explicit: bool) {
        let mut purposes = serde_json::Map::new();
        for (id, choice) in PURPOSES.iter().zip(choices) {
            if let Some(choice) = choice {
                purposes.insert((*id).to_owned(), choice.into());
            }
        }
        if explicit && choices != [None; 2] {
            if let Some(tab) = self.tab_mut(tab) {
                tab.spoken = over(choices, tab.spoken);
            }
            self.tell(tab, |told| {
                told.manual = over(choices, told.manual);
                for (elsewhere, choice) in told.elsewhere.iter_mut().zip(choices) {
                    *elsewhere &= choice.is_none();
                }
            });
        }
        self.task(tab, Input::ConsentSet { purposes: &Value::from(purposes).to_string(), explicit });
    }

    /// The visitor answers the consent platform of one tab, or it asks anew.
    pub(crate) fn answer_platform(&mut self, tab: usize, answer: Option<[bool; 2]>) {
        self.profile.platform = Some(answer);
        self.profile.paused = false;
        self.read_platform(tab);
        self.end_of_task(tab);
    }

    /// Only strings come with word of it.
    pub(crate) fn open_dialog(&mut self, tab: usize, opens: bool) {
        self.profile.paused = opens && self.speech == speech::Speech::Strings && self.profile.platform.is_some();
        self.read_platform(tab);
        self.end_of_task(tab);
    }

    /// The adapter reads the platform.
    pub(crate) fn read_platform(&mut self, tab: usize) {
        let Some(answer) = self.profile.platform else { return };
        let (speech, paused) = (self.speech, self.profile.paused);
        let (source, mut text) = speech.signal(answer, self.now().wall);
        let Some(Tab { reads_strings, answer: last, told, .. }) = self.tab_mut(tab) else { return };
        // What was answered stands; where nothing was, there is nothing yet.
        let answer = if paused { told.platform.flatten() } else { answer };
        if paused {
            text = speech::PAUSED.to_owned();
        }
        *last = answer;
        let platform = heard(speech, *reads_strings, answer);
        self.hear_platform(tab, platform, true);
        self.feed(tab, Input::Signal { source, text: &text });
    }

    /// `anew`: since another tab denied.
    fn hear_platform(&mut self, tab: usize, platform: Platform, anew: bool) {
        self.tell(tab, |told| {
            let grants = |said: Platform, purpose: usize| said.flatten().is_some_and(|accepted| accepted[purpose]);
            for purpose in 0..2 {
                told.elsewhere[purpose] &= !anew || !grants(platform, purpose) || grants(told.platform, purpose);
            }
            told.platform = platform;
        });
    }

    /// A part of the core came, or did not.
    pub(crate) fn take_part(&mut self, id: usize, part: Part, ok: bool) {
        if let Some(tab) = self.tab_mut(id).filter(|_| ok && part == Part::Strings) {
            tab.reads_strings = true;
            let (answer, anew) = (tab.answer, !tab.is_older);
            self.hear_platform(id, Some(answer), anew);
        }
        self.task(id, Input::Part { part, ok });
    }

    /// The stored decision is read again.
    pub(crate) fn tell_remembered(&mut self, tab: usize) {
        let remembered = self.profile.remembered;
        let Some(Tab { spoken, decision_refused, .. }) = self.tab_mut(tab) else { return };
        let (spoken, keeps_own) = (*spoken, *decision_refused || *spoken != [None; 2]);
        *decision_refused &= remembered.is_none();
        self.tell(tab, |told| match remembered {
            Some(manual) => told.manual = over(spoken, manual),
            None if keeps_own => {}
            None => told.manual = [None; 2],
        });
    }

    pub(crate) fn tell(&mut self, id: usize, change: impl FnOnce(&mut super::Told)) {
        let clock = self.clock;
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.id == id) else { return };
        let (before, identity) = (tab.told.verdicts(), IDENTITY.verdict(tab.told.decided()));
        change(&mut tab.told);
        let (after, decided) = (tab.told.verdicts(), tab.told.decided());
        tab.visitor = match (identity, IDENTITY.verdict(decided), tab.visitor) {
            (Verdict::Allow, Verdict::Deny, _) => Visitor::Forgotten,
            // Until the next grant a tab that has not heard of it yet may store whom it knows.
            (Verdict::Allow, Verdict::Wait, _) | (Verdict::Deny, Verdict::Wait, Visitor::Forgotten) => Visitor::Untold,
            (_, _, visitor) => visitor,
        };
        if identity == Verdict::Allow && IDENTITY.verdict(decided) != Verdict::Allow {
            forget(&mut self.events, id);
        }
        decide(&mut self.events, id, before, decided, clock);
        for destination in 0..4 {
            let denied = after[destination] == Verdict::Deny && before[destination] != Verdict::Deny;
            let lost = after[destination] != Verdict::Allow && before[destination] == Verdict::Allow;
            if !denied && !lost {
                continue;
            }
            self.withdrawn.push(destination);
            // Nobody answers for what a dead tab left: it is denied with the tab that heard of it.
            for event in self.events.iter_mut().filter(|event| event.owner.is_none()) {
                if event.fates[destination] == Fate::Free {
                    event.fates[destination] = Fate::Denied;
                }
            }
        }
    }

    /// What is left of a destination that lost its grant in this task.
    pub(crate) fn note_withdrawals(&mut self, id: usize) {
        for destination in std::mem::take(&mut self.withdrawn) {
            let Some(tab) = self.tab(id) else { return };
            if tab.told.verdicts()[destination] == Verdict::Allow {
                continue;
            }
            let pages =
                self.profile.pages().filter(|(_, to, _)| to.contains(&destination)).map(|(key, ..)| key.clone()).collect();
            let requests = tab.requests.iter().filter(|request| request.destination == destination).count();
            let mut identifiers = Vec::new();
            if destination == 0 && IDENTITY.verdict(tab.told.decided()) != Verdict::Allow {
                identifiers.extend(self.profile.stored.keys().filter(|key| *key == keys::IDENTITY).cloned());
                identifiers.extend(self.profile.cookies.values().cloned());
            }
            self.log.withdrawals.push(Withdrawal { destination, pages, requests, identifiers });
        }
    }

    /// A message goes to every other tab, some later than others.
    pub(crate) fn post(&mut self, from: usize, message: &str, told: super::Told) {
        let others: Vec<usize> = self.tabs.iter().map(|tab| tab.id).filter(|tab| *tab != from).collect();
        // One that tells who the visitor is says nothing of consent.
        let denied = message.contains("\"denied\"").then(|| told.denied());
        let visitor = self.tab(from).map(|tab| tab.visitor).filter(|_| denied.is_none());
        for tab in others {
            self.come(self.message_delay_ms, Coming::Message { tab, text: message.to_owned(), denied, visitor });
        }
    }

    pub(crate) fn hear(&mut self, tab: usize, message: &str, denied: Option<[bool; 2]>, visitor: Option<Visitor>) {
        if let (Some(visitor), Some(tab)) = (visitor, self.tab_mut(tab)) {
            if IDENTITY.verdict(tab.told.decided()) == Verdict::Allow {
                tab.visitor = visitor;
            } else if matches!(tab.visitor, Visitor::Nobody | Visitor::Forgotten) {
                // Whoever it is by the time of a grant.
                tab.visitor = Visitor::Untold;
            }
        }
        if let Some(denied) = denied {
            self.tell(tab, |told| told.elsewhere = denied);
            let says_strings = self.speech == speech::Speech::Strings;
            if let Some(tab) = self.tab_mut(tab) {
                tab.is_older = says_strings && !tab.reads_strings && tab.answer.is_some();
            }
        }
        self.task(tab, Input::Message(message));
    }
}
