//! Plugins that pass, change, cancel, fail, spoil or never answer, at random beside everything else. One page, with an account of
//! its own: what plugins do to the order and the time of arrival has no place in that of the [`crate::world`], and one page
//! shrinks to a few steps.

mod account;
mod looks;
mod steps;

use crate::pages::page::Page;
use crate::world::decisions::{Told, Verdict};
use crate::world::events::Fate;
use crate::world::site::{self, NEEDS, Queue};
use account::{Called, Plugin, Run, State};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use steps::{How, Step, steps};
use tidegate_core::Input;
use tidegate_core::input::{Lifecycle, Outcome, Verb};

const PHASES: [&str; 5] = ["before", "enrichment", "middleware", "destination", "after"];
/// The place of the page's own destination among the fates: it needs b, as the pixel does.
const OWN: usize = 4;
const EVENT_MS: u64 = 30_000;
const LOAD_MS: u64 = 5_000;

struct Life {
    page: Page,
    told: Told,
    is_here: bool,
    edition: u32,
    plugins: Vec<Plugin>,
    untold: Vec<Value>,
    calls: Vec<Called>,
    open: Vec<Run>,
    over: Vec<u64>,
    /// Requests that were looked at.
    looked_at: Vec<u32>,
}

impl Life {
    fn new() -> Self {
        let own = r#""plugins":[{"name":"Own","consent":{"allOf":["b"]}}],"destinations""#;
        let mut page = Page::new(&site::config(Queue::Roomy).replace("\"destinations\"", own));
        page.tags_come();
        Life {
            page,
            told: Told::default(),
            is_here: false,
            edition: 0,
            plugins: Vec::new(),
            untold: Vec::new(),
            calls: Vec::new(),
            open: Vec::new(),
            over: Vec::new(),
            looked_at: Vec::new(),
        }
    }

    fn verdicts(&self) -> [Verdict; 5] {
        let [a, b, either, both] = self.told.verdicts();
        [a, b, either, both, b]
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Call { times } => (0..*times).for_each(|_| self.call()),
            Step::Add { phase, to, loading } => {
                self.hold();
                let state = if *loading { State::Loading(None) } else { State::Ready };
                self.plugins.push(Plugin { phase: *phase, to: *to, from: self.edition, until: u32::MAX, state });
                let name = if *phase == 3 { "Own" } else { NEEDS.get(*to).unwrap_or(&"*") };
                let id = self.plugins.len();
                let add =
                    json!({ "add": id, "edition": self.edition, "phase": PHASES[*phase], "name": name, "loading": loading });
                self.say(add);
            }
            Step::Loaded { which, ok } if !self.plugins.is_empty() => {
                let at = which % self.plugins.len();
                if let State::Loading(_) = self.plugins[at].state {
                    self.plugins[at].state = if *ok { State::Ready } else { State::Failed };
                    let error = if *ok { json!({ "loaded": at + 1 }) } else { json!({ "loaded": at + 1, "error": "404" }) };
                    self.say(error);
                }
            }
            Step::Remove { which } if !self.plugins.is_empty() => {
                let at = which % self.plugins.len();
                self.hold();
                self.plugins[at].until = self.plugins[at].until.min(self.edition);
                self.say(json!({ "remove": at + 1, "edition": self.plugins[at].until }));
            }
            Step::PartComes if !self.is_here && self.edition > 0 => {
                self.is_here = true;
                self.tell();
            }
            Step::Answer { which, how } if !self.open.is_empty() => {
                let run = self.open.remove(which % self.open.len());
                self.answer(run, *how);
            }
            Step::Stale { which, how } => {
                let number = if self.over.is_empty() { 1 << 31 } else { self.over[which % self.over.len()] };
                let event = json!({ "type": "track", "properties": { "stale": true } });
                let told = self.page.told.len();
                self.say(message(number, *how, &event));
                assert!(!self.is_here || self.page.told.len() == told, "the stale answer {how:?} of {number} did something");
            }
            Step::Decide { choices } => {
                let mut purposes = serde_json::Map::new();
                for (id, choice) in site::PURPOSES.iter().zip(choices) {
                    purposes.extend(choice.map(|choice| ((*id).to_owned(), choice.into())));
                }
                let manual = [0, 1].map(|at| choices[at].or(self.told.manual[at]));
                self.decide(Told { manual, ..self.told });
                self.page.give(Input::ConsentSet { purposes: &Value::from(purposes).to_string(), explicit: true });
            }
            Step::Platform { answer } => {
                self.decide(Told { platform: Some(*answer), ..self.told });
                let accepted: Vec<&str> = match answer {
                    Some(accepted) => (0..2).filter(|at| accepted[*at]).map(|at| site::PURPOSES[at]).collect(),
                    None => Vec::new(),
                };
                let text = json!({ "decided": answer.is_some(), "accepted": accepted }).to_string();
                self.page.give(Input::Signal { source: "klaro", text: &text });
            }
            Step::Pass { ms } => {
                let mut left = *ms;
                while left > 0 {
                    // Nothing happens between two looks.
                    let now = self.page.now;
                    let next = self.page.core.deadline(now).map_or(left, |at| at.saturating_sub(now.mono));
                    let part = left.min(next.max(1));
                    left -= part;
                    self.page.pass(part);
                    self.look();
                }
            }
            Step::Commit => self.commit(),
            Step::Flush => self.page.give(Input::Flush),
            Step::Show { visible } => {
                let lifecycle = if *visible { Lifecycle::Visible } else { Lifecycle::Hidden };
                if !visible && self.is_here {
                    let is_enrichment = |run: &Run| self.plugins[run.plugin].phase == 1;
                    self.over.extend(self.open.iter().filter(|run| is_enrichment(run)).map(|run| run.number));
                    self.open.retain(|run| self.plugins[run.plugin].phase != 1);
                }
                self.page.give(Input::Lifecycle(lifecycle));
            }
            Step::Network { ok } => self.network(*ok),
            _ => {}
        }
        self.look();
    }

    fn call(&mut self) {
        let args = json!(["name", { "n": self.calls.len() }]).to_string();
        let verdicts = self.verdicts();
        let fates = verdicts.map(|verdict| match verdict {
            Verdict::Allow => Fate::Free,
            Verdict::Wait => Fate::Waits,
            Verdict::Deny => Fate::Denied,
        });
        let (at, edition) = (self.page.now.wall, self.edition);
        self.calls.push(Called {
            at,
            message_id: String::new(),
            edition,
            waited: verdicts.map(|verdict| verdict == Verdict::Wait),
            fates,
            may_be_known: self.told.decided()[0] == Some(true),
            was_known: self.told.decided()[0] == Some(true),
            unsure: [false; 5],
            stopped: false,
            stopped_for: [false; 4],
            ended: edition == 0,
            delivered: [false; 4],
            seen: HashMap::new(),
        });
        self.page.call(Verb::Track, &args);
        let event = self.page.last(Verb::Track, &args);
        event["messageId"].as_str().unwrap().clone_into(&mut self.calls.last_mut().unwrap().message_id);
        // What is denied everywhere is not held.
        self.calls.last_mut().unwrap().ended |= fates.iter().all(|fate| *fate == Fate::Denied);
        self.hear();
    }

    fn hold(&mut self) {
        self.edition += 1;
        self.page.give(Input::Hold("addSourceMiddleware"));
    }

    fn say(&mut self, message: Value) {
        self.untold.push(message);
        if self.is_here {
            self.tell();
        }
    }

    fn tell(&mut self) {
        let now = self.page.now.mono;
        for plugin in &mut self.plugins {
            if plugin.state == State::Loading(None) {
                let most = [EVENT_MS, LOAD_MS, EVENT_MS].get(plugin.phase).copied().unwrap_or(u64::MAX - now);
                plugin.state = State::Loading(Some(now + most));
            }
        }
        let messages = json!(std::mem::take(&mut self.untold)).to_string();
        self.page.give(Input::Plugins(&messages));
        self.hear();
    }

    fn answer(&mut self, run: Run, how: How) {
        let mut event = run.event;
        event["properties"][format!("by{}", run.plugin)] = json!(true);
        let called = &mut self.calls[run.capture];
        let phase = self.plugins[run.plugin].phase;
        // Of an enrichment that cancels or fails the event goes on.
        if matches!(how, How::Spoil) || !matches!(how, How::Pass) && phase != 1 {
            match run.destination {
                Some(destination) => called.stopped_for[destination] = true,
                None => called.stopped = true,
            }
        }
        self.over.push(run.number);
        self.say(message(run.number, how, &event));
    }

    /// Consent is about to change.
    fn decide(&mut self, told: Told) {
        let before = self.verdicts();
        let was_known = self.told.decided()[0] == Some(true);
        self.told = told;
        let after = self.verdicts();
        let is_known = told.decided()[0] == Some(true);
        let forgets = was_known && !is_known;
        for call in 0..self.calls.len() {
            let shares = [0, 1, 2, 3].map(|at| self.deciders(call, at).any(|(_, plugin)| plugin.phase == 2));
            let called = &mut self.calls[call];
            for at in 0..5 {
                let fate = &mut called.fates[at];
                // Identifiers lost their grant: what carries one and has not gone on goes with them.
                if forgets && called.was_known {
                    match fate {
                        Fate::Waits => *fate = Fate::Denied,
                        Fate::Free if !called.ended => *fate = Fate::Denied,
                        // Middleware of that destination has its share, or has let it go.
                        Fate::Free if shares.get(at) == Some(&true) => called.unsure[at] = true,
                        _ => {}
                    }
                }
                *fate = match (*fate, before[at], after[at]) {
                    (Fate::Waits, _, Verdict::Allow) => Fate::Free,
                    (Fate::Waits | Fate::Free, _, Verdict::Deny) | (Fate::Free, Verdict::Allow, Verdict::Wait) => Fate::Denied,
                    (fate, ..) => fate,
                };
            }
            called.may_be_known |= is_known;
            // Before their part came nobody is told of what goes.
            called.ended |= forgets && called.was_known && !self.is_here;
        }
    }

    fn network(&mut self, ok: bool) {
        for request in std::mem::take(&mut self.page.requests) {
            let outcome = if ok {
                Outcome::Answer { status: 200, body: r#"{"success":true}"#, retry_after_ms: None }
            } else {
                Outcome::Failed
            };
            if ok {
                for call in calls_in(&request.body) {
                    self.calls[call].delivered[request.destination] = true;
                }
            }
            self.page.give(Input::Response { request: request.id, outcome });
            self.look();
        }
    }

    /// What the core told of plugins is noted, and held against what it may.
    fn hear(&mut self) {
        let now = self.page.now.mono;
        for told in std::mem::take(&mut self.page.told) {
            if let Some(number) = told["run"].as_u64() {
                let (capture, plugin) =
                    (told["capture"].as_u64().unwrap() as usize - 1, told["plugin"].as_u64().unwrap() as usize - 1);
                assert!(self.meets(plugin, capture), "call {capture} meets plugin {plugin}");
                let is_over = self.calls[capture].ended && told.get("destination").is_none();
                assert!(!is_over, "call {capture} meets plugin {plugin} and was denied everywhere, or has ended");
                assert_eq!(self.plugins[plugin].state, State::Ready, "plugin {plugin} has not loaded");
                let destination = told["destination"].as_str().map(|id| NEEDS.iter().position(|needs| *needs == id).unwrap());
                let due = now + EVENT_MS;
                self.open.push(Run { number, capture, plugin, destination, event: told["event"].clone(), due });
                continue;
            }
            if let Some(plugin) = told["load"].as_u64() {
                let plugin = &self.plugins[plugin as usize - 1];
                assert_eq!((plugin.phase, self.verdicts()[OWN]), (3, Verdict::Allow), "it loads");
                continue;
            }
            let call = told["end"].as_u64().unwrap() as usize - 1;
            let then = told["then"].as_array().unwrap();
            let own: Vec<usize> = then.iter().map(|id| id.as_u64().unwrap() as usize - 1).collect();
            let called = &mut self.calls[call];
            called.ended = true;
            let is_wanted = called.fates[..4].iter().any(|fate| *fate != Fate::Denied);
            assert!(!told["event"].is_null() || called.stopped || !is_wanted, "call {call} was lost");
            assert!(!told["event"].is_null() || own.is_empty());
            for plugin in own {
                assert!(self.meets(plugin, call), "call {call} meets plugin {plugin} at last");
                assert!(!self.calls[call].stopped, "call {call} was stopped and goes to {plugin}");
                if self.plugins[plugin].phase == 3 {
                    assert_eq!(self.calls[call].fates[OWN], Fate::Free, "call {call} went to the page's own destination");
                    let seen = self.calls[call].seen.entry(plugin).or_default();
                    *seen += 1;
                    assert_eq!(*seen, 1, "call {call} went to plugin {plugin} again");
                }
            }
        }
    }

    fn meets(&self, plugin: usize, call: usize) -> bool {
        let (plugin, edition) = (&self.plugins[plugin], self.calls[call].edition);
        plugin.from <= edition && edition < plugin.until
    }

    /// The plugins that decide whether a call reaches a destination.
    fn deciders(&self, call: usize, destination: usize) -> impl Iterator<Item = (usize, &Plugin)> {
        let is_met = move |plugin: &Plugin| match plugin.phase {
            0 => true,
            2 => plugin.to == destination,
            _ => false,
        };
        self.plugins.iter().enumerate().filter(move |(at, plugin)| self.meets(*at, call) && is_met(plugin))
    }
}

fn message(run: u64, how: How, event: &Value) -> Value {
    match how {
        How::Pass => json!({ "run": run, "event": event }),
        How::Cancel => json!({ "run": run }),
        How::Fail => json!({ "run": run, "error": "no" }),
        How::Spoil => json!({ "run": run, "event": { "properties": event["properties"] } }),
    }
}

fn calls_in(body: &str) -> Vec<usize> {
    let body: Value = serde_json::from_str(body).unwrap();
    body["batch"].as_array().unwrap().iter().map(|event| event["properties"]["n"].as_u64().unwrap() as usize).collect()
}

proptest! {
    #![proptest_config(super::config())]

    /// Invariants 1, 2, 3, 6, 7 and 10, and that no event waits for another's plugins.
    #[test]
    fn whatever_plugins_do_consent_holds_every_event_is_accounted_for_and_none_blocks_another(
        life in prop::collection::vec(steps(), 1..60),
    ) {
        let mut page = Life::new();
        for step in &life {
            page.take(step);
        }
        page.settle();
    }
}
