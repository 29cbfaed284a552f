//! The invariants over random lives of one browser: decisions, calls, answers, time and reloads in any order.
//!
//! The oracle keeps what was decided for the one purpose when each event was called; it does not ask the core.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use tidegate_core::input::{Lifecycle, Outcome, Verb};
use tidegate_core::{Effect, Input, Now, Runtime, keys};

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{}}},"identity":{"consent":{"allOf":["a"]}},
  "destinations":[{"id":"one","kind":"segment","url":"/1","consent":{"allOf":["a"]},"batch":{"maxEvents":3}},
                  {"id":"two","kind":"segment","url":"/2","consent":{"anyOf":["a"]}}]}"#;

#[derive(Clone, Debug)]
enum Step {
    Track,
    Identify(u8),
    Decide(bool),
    Default(bool),
    Answer(usize, u8),
    Pass(u64),
    Hide,
    Flush,
    Reload,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Track),
        1 => (0..3u8).prop_map(Step::Identify),
        2 => any::<bool>().prop_map(Step::Decide),
        1 => any::<bool>().prop_map(Step::Default),
        4 => (0..2usize, 0..7u8).prop_map(|(at, kind)| Step::Answer(at, kind)),
        3 => (1..20_000u64).prop_map(Step::Pass),
        1 => Just(Step::Hide),
        1 => Just(Step::Flush),
        1 => Just(Step::Reload),
    ];
    prop::collection::vec(step, 1..80)
}

/// What the oracle knows of one event.
struct Called {
    decided: Option<bool>,
    at: u64,
    /// A denial met it, at the call or while it waited.
    dead: bool,
}

struct World {
    tab: Runtime,
    loads: u8,
    calls: u32,
    clock: u64,
    stored: BTreeMap<String, String>,
    cookie: Option<String>,
    requests: Vec<(u32, usize, String)>,
    decided: Option<bool>,
    called: HashMap<String, Called>,
    /// Events that reached a destination at least once.
    sent: Vec<(usize, String)>,
}

fn seed(load: u8) -> [u8; 32] {
    std::array::from_fn(|at| load.wrapping_mul(31).wrapping_add(at as u8).wrapping_mul(167))
}

impl World {
    fn new() -> Self {
        let tab = Runtime::start(CONFIG, "{}", seed(1)).unwrap();
        let mut world = World {
            tab,
            loads: 1,
            calls: 0,
            clock: 1_000_000,
            stored: BTreeMap::new(),
            cookie: None,
            requests: Vec::new(),
            decided: None,
            called: HashMap::new(),
            sent: Vec::new(),
        };
        world.restore();
        world
    }

    fn now(&self) -> Now {
        Now { wall: 1_700_000_000_000 + self.clock, mono: self.clock }
    }

    fn restore(&mut self) {
        let stored = self.stored.clone();
        let journal: Vec<String> = stored.keys().filter(|key| key.starts_with(keys::JOURNAL)).cloned().collect();
        let text = |key: &str| stored.get(key).map(String::as_str);
        self.handle(Input::Restore {
            identity: text(keys::IDENTITY),
            cookie: self.cookie.clone().as_deref(),
            consent: text(keys::CONSENT),
            gate: text(keys::GATE),
            journal: &journal,
            locks: true,
        });
    }

    fn handle(&mut self, input: Input<'_>) {
        let effects = self.tab.handle(input, self.now());
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Write { key, value } => {
                // Invariant 7: before a grant nothing but the decision itself is stored.
                assert!(self.decided == Some(true) || key == keys::CONSENT, "{key} was written without consent");
                self.stored.insert(key, value);
            }
            Effect::Remove { key } => drop(self.stored.remove(&key)),
            Effect::RemoveAll { prefix } => self.stored.retain(|key, _| !key.starts_with(&prefix)),
            Effect::Read { key } => {
                let value = self.stored.get(&key).cloned();
                self.handle(Input::Stored { key: &key, value: value.as_deref() });
            }
            Effect::List { prefix } => {
                let found: Vec<String> = self.stored.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
                self.handle(Input::Keys(&found));
            }
            Effect::SetCookie { value, max_age_s, .. } => {
                assert!(self.decided == Some(true) || max_age_s == 0, "a cookie was set without consent");
                self.cookie = (max_age_s > 0).then_some(value);
            }
            Effect::Lock { name, wait } if !wait => self.handle(Input::Lock { name: &name, taken: true }),
            Effect::Send(request) => self.sent(request.id, request.destination, request.body),
            Effect::Abort { request } => self.requests.retain(|(id, ..)| *id != request),
            Effect::CommitSoon => self.handle(Input::Commit),
            _ => {}
        }
    }

    fn sent(&mut self, id: u32, destination: usize, body: String) {
        // Invariant 3: no request starts without a grant. Invariant 5: one batch in flight a destination.
        assert_eq!(self.decided, Some(true), "a request started without a grant: {body}");
        assert!(self.requests.iter().all(|(_, other, _)| *other != destination), "two batches in flight");
        let batch: Value = serde_json::from_str(&body).unwrap();
        let events = batch["batch"].as_array().unwrap();
        let revs: Vec<&Value> = events.iter().map(|event| &event["context"]["consent"]["rev"]).collect();
        assert!(revs.windows(2).all(|pair| pair[0] == pair[1]), "one batch, one revision: {revs:?}");
        for event in events {
            let message_id = event["messageId"].as_str().unwrap();
            let called = self.called.get(message_id).unwrap_or_else(|| panic!("nobody called {message_id}"));
            assert!(!called.dead, "an event that was denied left: {event}");
            let mut iso = String::new();
            tidegate_core::time::push_iso(&mut iso, called.at);
            assert_eq!(event["timestamp"], iso.as_str(), "the time is the call's");
            let waited = event["context"]["consent"].get("capturedRev").is_some();
            assert_eq!(waited, called.decided.is_none(), "what waited says so: {event}");
            assert!(event["anonymousId"].is_string());
            self.sent.push((destination, message_id.to_owned()));
        }
        self.requests.push((id, destination, body));
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Track => self.call(Verb::Track, "E"),
            Step::Identify(user) => self.call(Verb::Identify, &format!("u{user}")),
            Step::Decide(yes) => self.decide(*yes),
            Step::Default(yes) => self.handle(Input::ConsentSet { purposes: &format!(r#"{{"a":{yes}}}"#), explicit: false }),
            Step::Answer(at, kind) => self.answer(*at, *kind),
            Step::Pass(ms) => {
                self.clock += ms;
                if self.tab.deadline(self.now()).is_some_and(|at| at <= self.clock) {
                    self.handle(Input::Wake);
                }
            }
            Step::Hide => {
                self.handle(Input::Lifecycle(Lifecycle::Hidden));
                self.handle(Input::Lifecycle(Lifecycle::Visible));
            }
            Step::Flush => self.handle(Input::Flush),
            Step::Reload => self.reload(),
        }
        self.check_stats();
    }

    fn call(&mut self, verb: Verb, first: &str) {
        self.clock += 1;
        let (at, message_id) = (self.now().wall, format!("m{}", self.calls));
        self.calls += 1;
        let dead = self.decided == Some(false);
        self.called.insert(message_id.clone(), Called { decided: self.decided, at, dead });
        let args = format!(r#"["{first}",{{"n":1}},{{"messageId":"{message_id}"}}]"#);
        self.handle(Input::Call { verb, args: &args, at });
    }

    fn decide(&mut self, yes: bool) {
        self.decided = Some(yes);
        if !yes {
            for called in self.called.values_mut() {
                called.dead = true;
            }
        }
        let before = self.rev();
        self.handle(Input::ConsentSet { purposes: &format!(r#"{{"a":{yes}}}"#), explicit: true });
        assert!(self.rev() >= before);
        if !yes {
            // Invariant 3: the queued copies and the identifiers are gone when the call returns.
            let left: Vec<&String> = self.stored.keys().filter(|key| *key != keys::CONSENT).collect();
            assert!(left.is_empty() && self.cookie.is_none(), "left after withdrawal: {left:?}");
            assert!(self.requests.is_empty(), "a request goes on after withdrawal");
        }
    }

    fn answer(&mut self, at: usize, kind: u8) {
        if self.requests.is_empty() {
            return;
        }
        let (id, _, body) = self.requests.remove(at % self.requests.len());
        let batch: Value = serde_json::from_str(&body).unwrap();
        let first = batch["batch"][0]["messageId"].as_str().unwrap();
        let some = format!(r#"{{"results":[{{"messageId":"{first}","status":"duplicate"}}]}}"#);
        let answer = |status, body| Outcome::Answer { status, body, retry_after_ms: None };
        let outcome = match kind {
            0 => answer(200, r#"{"success":true}"#),
            1 => answer(200, &some),
            2 => answer(200, "<html>portal</html>"),
            3 => answer(503, ""),
            4 => answer(413, "{}"),
            5 => Outcome::Answer { status: 429, body: "", retry_after_ms: Some(3000) },
            _ => Outcome::Failed,
        };
        self.handle(Input::Response { request: id, outcome });
    }

    fn reload(&mut self) {
        // What waited in memory is lost with the page, which is what undecided means; the rest stays stored.
        self.called.retain(|_, called| called.decided.is_some() || self.decided.is_some());
        self.requests.clear();
        self.loads += 1;
        self.tab = Runtime::start(CONFIG, "{}", seed(self.loads)).unwrap();
        self.restore();
    }

    fn stats(&self) -> Value {
        serde_json::from_str(&self.tab.stats()).unwrap()
    }

    fn rev(&self) -> u64 {
        serde_json::from_str::<Value>(&self.tab.consent()).unwrap()["rev"].as_u64().unwrap()
    }

    fn check_stats(&self) {
        for (id, counts) in self.stats()["perDestination"].as_object().unwrap() {
            let sum = |value: &Value| value.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
            let of = |key: &str| counts[key].as_u64().unwrap();
            let total = of("pending") + of("queued") + of("inFlight") + of("delivered") + sum(&counts["dropped"]);
            assert_eq!(of("captured"), total, "invariant 6, {id}: {counts}");
        }
    }

    /// Every server answers from now on: everything that may go must arrive.
    fn settle(&mut self) {
        for _ in 0..200 {
            self.clock += 400_000;
            self.handle(Input::Wake);
            for _ in 0..10 {
                self.answer(0, 0);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Invariants 1 to 7 along the way; at the end, whatever was called under a lasting grant and not refused by a
    /// server for good has reached both destinations.
    #[test]
    fn consent_never_leaks_and_what_may_go_goes(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
        if world.decided == Some(true) {
            world.settle();
            let stats = world.stats();
            prop_assert_eq!([&stats["pending"], &stats["queued"], &stats["inFlight"]], [0, 0, 0]);
            for (id, called) in &world.called {
                if !called.dead {
                    for destination in 0..2 {
                        prop_assert!(world.sent.contains(&(destination, id.clone())), "{id} never left for {destination}");
                    }
                }
            }
            prop_assert!(!world.stored.keys().any(|key| key.starts_with(keys::JOURNAL)), "delivered, and still stored");
        }
    }

    /// Invariant 10: whatever comes in, nothing panics, and the counters still add up.
    #[test]
    fn no_text_makes_the_core_fail(texts in prop::collection::vec((0..12u8, ".{0,40}|[\\[\\]{}\":,0-9truefalsn\\\\u]{0,60}", any::<u32>()), 1..30)) {
        let mut world = World::new();
        world.decided = Some(true);
        world.handle(Input::ConsentSet { purposes: r#"{"a":true}"#, explicit: true });
        for (kind, text, number) in &texts {
            let at = *number as usize;
            let page = format!("{}t.{number}.w", keys::JOURNAL);
            let input = match kind {
                0 => Input::Call { verb: Verb::from_number((number % 6) as u8).unwrap(), args: text, at: u64::from(*number) },
                1 => Input::Page(text),
                2 => Input::Signal { source: text, text },
                3 => Input::Data(text),
                4 => Input::SetAnonymousId(text),
                5 => Input::Stored { key: &page, value: Some(text) },
                6 => Input::Template { tag: at, text: Some(text) },
                7 => Input::Message(text),
                8 => Input::Response { request: *number % 4, outcome: Outcome::Answer { status: (*number % 700) as u16, body: text, retry_after_ms: None } },
                9 => Input::Lock { name: text, taken: true },
                10 => Input::WriteFailed { key: text },
                _ => Input::Report { code: text, message: text },
            };
            let effects = world.tab.handle(input, world.now());
            prop_assert!(effects.len() < 100);
            world.check_stats();
        }
        prop_assert!(world.stats()["errors"].as_object().unwrap().len() <= 50);
    }

    /// Invariant 9: with thousands queued a call does what it did with none.
    #[test]
    fn a_call_costs_the_same_with_a_backlog(backlog in 1..4000u32) {
        let mut world = World::new();
        world.decided = Some(true);
        world.handle(Input::ConsentSet { purposes: r#"{"a":true}"#, explicit: true });
        let cost = |world: &mut World| {
            let call = world.tab.handle(Input::Call { verb: Verb::Track, args: r#"["E",{"n":1}]"#, at: 1 }, world.now());
            let commit = world.tab.handle(Input::Commit, world.now());
            let writes = commit.iter().filter_map(|effect| match effect { Effect::Write { value, .. } => Some(value.len()), _ => None });
            (call.len(), writes.clone().count(), writes.sum::<usize>() / 100)
        };
        let empty = cost(&mut world);
        for _ in 0..backlog {
            world.tab.handle(Input::Call { verb: Verb::Track, args: r#"["E"]"#, at: 1 }, world.now());
        }
        world.tab.handle(Input::Commit, world.now());
        prop_assert_eq!(cost(&mut world), empty);
    }
}
