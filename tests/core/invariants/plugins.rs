//! Plugins that pass, change, cancel, fail, spoil or never answer, at random beside everything else. One page, with an account of
//! its own: what plugins do to the order and the time of arrival has no place in that of the [`crate::world`], and one page
//! shrinks to a few steps.

use crate::pages::page::Page;
use crate::world::decisions::{Told, Verdict};
use crate::world::events::Fate;
use crate::world::site::{self, NEEDS, Queue};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use tidegate_core::input::{Lifecycle, Outcome, Verb};
use tidegate_core::{Input, keys};

const PHASES: [&str; 5] = ["before", "enrichment", "middleware", "destination", "after"];
/// The place of the page's own destination among the fates: it needs b, as the pixel does.
const OWN: usize = 4;
const EVENT_MS: u64 = 30_000;
const LOAD_MS: u64 = 5_000;

#[derive(Clone, Copy, Debug)]
enum How {
    Pass,
    Cancel,
    Fail,
    Spoil,
}

#[derive(Clone, Debug)]
enum Step {
    Call {
        times: u8,
    },
    /// `to` is whose middleware it is, of all where there is no such destination.
    Add {
        phase: usize,
        to: usize,
        loading: bool,
    },
    Loaded {
        which: usize,
        ok: bool,
    },
    Remove {
        which: usize,
    },
    PartComes,
    Answer {
        which: usize,
        how: How,
    },
    /// A run that is over or was never there is answered.
    Stale {
        which: usize,
        how: How,
    },
    Decide {
        choices: [Option<bool>; 2],
    },
    Platform {
        answer: Option<[bool; 2]>,
    },
    Pass {
        ms: u64,
    },
    Commit,
    Flush,
    Show {
        visible: bool,
    },
    Network {
        ok: bool,
    },
}

fn steps() -> impl Strategy<Value = Step> {
    let choice = || prop_oneof![Just(None), Just(Some(true)), Just(Some(true)), Just(Some(false))];
    let how = || prop_oneof![6 => Just(How::Pass), 1 => Just(How::Cancel), 1 => Just(How::Fail), 1 => Just(How::Spoil)];
    prop_oneof![
        10 => (1..4u8).prop_map(|times| Step::Call { times }),
        5 => (0..5usize, 0..5usize, prop::bool::weighted(0.2)).prop_map(|(phase, to, loading)| Step::Add { phase, to, loading }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(which, ok)| Step::Loaded { which, ok }),
        1 => any::<usize>().prop_map(|which| Step::Remove { which }),
        2 => Just(Step::PartComes),
        16 => (any::<usize>(), how()).prop_map(|(which, how)| Step::Answer { which, how }),
        5 => (any::<usize>(), how()).prop_map(|(which, how)| Step::Stale { which, how }),
        5 => (choice(), choice()).prop_map(|(a, b)| Step::Decide { choices: [a, b] }),
        3 => prop::option::weighted(0.6, any::<[bool; 2]>()).prop_map(|answer| Step::Platform { answer }),
        5 => prop_oneof![0..100u64, 900..6_000u64, 25_000..35_000u64].prop_map(|ms| Step::Pass { ms }),
        4 => Just(Step::Commit),
        2 => Just(Step::Flush),
        2 => any::<bool>().prop_map(|visible| Step::Show { visible }),
        4 => prop::bool::weighted(0.7).prop_map(|ok| Step::Network { ok }),
    ]
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Until when it may; nothing before the core was told.
    Loading(Option<u64>),
    Ready,
    Failed,
}

struct Plugin {
    phase: usize,
    to: usize,
    from: u32,
    until: u32,
    state: State,
}

struct Called {
    at: u64,
    message_id: String,
    edition: u32,
    waited: [bool; 5],
    fates: [Fate; 5],
    /// Whether identifiers were allowed at the call or since.
    may_be_known: bool,
    /// A plugin that decides kept it back, for all or for one destination.
    stopped: bool,
    stopped_for: [bool; 4],
    /// It passed its plugins.
    ended: bool,
    delivered: [bool; 4],
    /// How often the page's own destination had it, by plugin.
    seen: HashMap<usize, u32>,
}

/// A plugin that has an event.
struct Run {
    number: u64,
    capture: usize,
    plugin: usize,
    destination: Option<usize>,
    event: Value,
    due: u64,
}

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
        self.told = told;
        let after = self.verdicts();
        for called in &mut self.calls {
            called.may_be_known |= told.decided()[0] == Some(true);
            for at in 0..5 {
                let fate = &mut called.fates[at];
                *fate = match (*fate, before[at], after[at]) {
                    (Fate::Waits, _, Verdict::Allow) => Fate::Free,
                    (Fate::Waits | Fate::Free, _, Verdict::Deny) | (Fate::Free, Verdict::Allow, Verdict::Wait) => Fate::Denied,
                    (fate, ..) => fate,
                };
            }
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

    fn look(&mut self) {
        self.run_out();
        self.hear();
        self.look_at_requests();
        self.look_at_tags();
        self.look_at_storage();
        self.look_at_counts();
        self.look_for_blocked();
    }

    /// Time is up for some.
    fn run_out(&mut self) {
        let now = self.page.now.mono;
        let (open, late): (Vec<Run>, Vec<Run>) = std::mem::take(&mut self.open).into_iter().partition(|run| run.due > now);
        self.open = open;
        for run in late {
            self.over.push(run.number);
            match (run.destination, self.plugins[run.plugin].phase) {
                (Some(destination), _) => self.calls[run.capture].stopped_for[destination] = true,
                (None, 0) => self.calls[run.capture].stopped = true,
                _ => {}
            }
        }
        for plugin in &mut self.plugins {
            if matches!(plugin.state, State::Loading(Some(due)) if due <= now) {
                plugin.state = if plugin.phase == 1 { State::Failed } else { State::Ready };
            }
        }
    }

    /// Invariants 1, 2, 3 and 7.
    fn look_at_requests(&mut self) {
        let verdicts = self.verdicts();
        for request in &self.page.requests {
            let destination = request.destination;
            let of = NEEDS[destination];
            assert_eq!(verdicts[destination], Verdict::Allow, "a request to {of} is under way");
            if self.looked_at.contains(&request.id) {
                continue;
            }
            let body: Value = serde_json::from_str(&request.body).unwrap();
            for (event, call) in body["batch"].as_array().unwrap().iter().zip(calls_in(&request.body)) {
                let called = &self.calls[call];
                assert_eq!(called.fates[destination], Fate::Free, "call {call} left for {of}");
                assert!(!called.stopped && !called.stopped_for[destination], "call {call} was stopped and left for {of}");
                assert!(!called.delivered[destination], "call {call} left for {of} again");
                let mut time = String::new();
                tidegate_core::time::push_iso(&mut time, called.at);
                assert_eq!((&event["timestamp"], &event["messageId"]), (&json!(time), &json!(called.message_id)));
                let is_released = event["context"]["consent"].get("capturedRev").is_some();
                assert_eq!(is_released, called.waited[destination], "{event}");
                assert!(event.get("anonymousId").is_none() || called.may_be_known, "{event}");
                self.look_at_marks(call, destination, &event["properties"]);
            }
        }
        self.looked_at.extend(self.page.requests.iter().map(|request| request.id));
    }

    /// What decides about a call has let it go, and nobody else had it.
    fn look_at_marks(&self, call: usize, destination: usize, properties: &Value) {
        for (at, plugin) in self.deciders(call, destination) {
            let has_passed = properties.get(format!("by{at}")).is_some();
            assert_eq!(plugin.state == State::Ready, has_passed, "call {call} and plugin {at}: {properties}");
            assert!(!matches!(plugin.state, State::Loading(_)), "call {call} did not wait for plugin {at}");
        }
        for (at, plugin) in self.plugins.iter().enumerate().filter(|(at, _)| properties.get(format!("by{at}")).is_some()) {
            let is_its = plugin.phase == 1 || self.deciders(call, destination).any(|(decider, _)| decider == at);
            assert!(self.meets(at, call) && is_its, "plugin {at} had call {call}: {properties}");
        }
        assert!(properties.get("stale").is_none());
    }

    fn look_at_tags(&mut self) {
        for url in std::mem::take(&mut self.page.loaded) {
            let Some(id) = url.strip_prefix("/pixel?n=") else { continue };
            let called = self.calls.iter().find(|called| called.message_id == id).unwrap();
            assert_eq!(called.fates[OWN], Fate::Free, "{url}");
            assert!(!called.stopped && called.ended, "{url}");
        }
    }

    /// Invariants 3 and 7.
    fn look_at_storage(&self) {
        let verdicts = self.verdicts();
        for (key, text) in self.page.stored.iter().filter(|(key, _)| key.starts_with(keys::JOURNAL)) {
            let header: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
            for (destination, id) in NEEDS.iter().enumerate() {
                let is_kept = header["to"].get(id).is_some();
                assert!(!is_kept || verdicts[destination] == Verdict::Allow, "{key} keeps events for {id}");
            }
        }
        let is_known = self.page.stored.contains_key(keys::IDENTITY);
        assert!(!is_known || self.told.decided()[0] == Some(true), "an identifier is stored");
    }

    /// Invariant 6.
    fn look_at_counts(&self) {
        let stats: Value = serde_json::from_str(&self.page.core.stats()).unwrap();
        for id in NEEDS {
            let counts = &stats["perDestination"][id];
            let of = |key: &str| counts[key].as_u64().unwrap();
            let dropped: u64 = counts["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
            let sum = of("pending") + of("queued") + of("inFlight") + of("delivered") + dropped;
            assert_eq!((of("captured"), self.calls.len() as u64), (sum, sum), "{id}: {counts}");
        }
    }

    /// Whatever other events do: one that is not out with a plugin waits for one that loads, or has ended.
    fn look_for_blocked(&self) {
        let is_loading = |plugin: &Plugin| matches!(plugin.state, State::Loading(_)) && plugin.phase < 2;
        for (call, _) in self.calls.iter().enumerate().filter(|(_, called)| self.is_here && !called.ended) {
            let is_out = self.open.iter().any(|run| run.capture == call);
            let waits = self.plugins.iter().enumerate().any(|(at, plugin)| self.meets(at, call) && is_loading(plugin));
            assert!(is_out || waits, "call {call} is stuck");
        }
    }

    /// End of a task: what plugins let go and consent allows is on disk, or on its way.
    fn commit(&mut self) {
        self.page.give(Input::Commit);
        self.look();
        let verdicts = self.verdicts();
        for (call, called) in self.calls.iter().enumerate().filter(|(_, called)| called.ended && !called.stopped) {
            for destination in 0..4 {
                let may_go = called.fates[destination] == Fate::Free && verdicts[destination] == Verdict::Allow;
                let has_share = self.deciders(call, destination).any(|(_, plugin)| plugin.phase == 2);
                if !may_go || has_share || called.delivered[destination] {
                    continue;
                }
                let mut pages = self.page.stored.iter().filter(|(key, _)| key.starts_with(keys::JOURNAL));
                let is_kept = pages.any(|(_, text)| {
                    text.contains(&called.message_id) && text.lines().nth(1).unwrap().contains(NEEDS[destination])
                });
                assert!(is_kept, "call {call} is not in the journal for {}", NEEDS[destination]);
            }
        }
    }

    /// Everything is granted, every server is well, and no plugin does anything any more.
    fn settle(&mut self) {
        self.take(&Step::PartComes);
        self.take(&Step::Show { visible: true });
        self.take(&Step::Platform { answer: Some([true; 2]) });
        self.take(&Step::Decide { choices: [Some(true); 2] });
        // Each plugin may take its time with each event, and a batch may hold no more than two.
        for _ in 0..self.plugins.len() + self.calls.len() + 2 {
            self.take(&Step::Pass { ms: EVENT_MS });
            self.take(&Step::Flush);
            self.take(&Step::Network { ok: true });
            if self.left() == [0; 3] {
                break;
            }
        }
        self.commit();
        for (call, called) in self.calls.iter().enumerate() {
            for (destination, of) in NEEDS.iter().enumerate() {
                let may_go = called.fates[destination] == Fate::Free && !called.stopped && !called.stopped_for[destination];
                assert!(called.delivered[destination] || !may_go, "call {call} never arrived at {of}");
            }
        }
        assert_eq!(self.left(), [0; 3], "{}", self.page.core.stats());
    }

    /// Events pending, queued and in flight.
    fn left(&self) -> [u64; 3] {
        let stats: Value = serde_json::from_str(&self.page.core.stats()).unwrap();
        ["pending", "queued", "inFlight"].map(|key| stats[key].as_u64().unwrap())
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
