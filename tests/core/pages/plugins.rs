//! Plugins and middleware of the page: whom an event meets and when, and what becomes of it.

mod bounds;
mod consent;
mod fate;
mod nobody;
mod order;
mod own;

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::Input;
use tidegate_core::input::{Outcome, Verb};

const CONFIG: &str = r#"{"version":1,"consent":{"cmp":"auto","purposes":{"a":{},"b":{},"c":{}}},
  "destinations":[{"id":"First","kind":"segment","url":"/first","consent":{"allOf":["a"]}},
    {"id":"second","kind":"segment","url":"/second","consent":{"allOf":["b"]}}],
  "plugins":[{"name":"Own","consent":{"allOf":["c"]}}]}"#;

const ALL: &str = r#"{"a":true,"b":true,"c":true}"#;

/// A page and its plugins. Everything done to it is followed by a look at the counters.
struct Shop {
    page: Page,
    edition: u32,
    added: u32,
    /// What reached each destination.
    arrived: [Vec<Value>; 2],
}

impl Shop {
    fn undecided() -> Self {
        Shop { page: Page::new(CONFIG), edition: 0, added: 0, arrived: [Vec::new(), Vec::new()] }
    }

    /// Everything is granted.
    fn new() -> Self {
        let mut shop = Shop::undecided();
        shop.decide(ALL);
        shop
    }

    fn give(&mut self, input: Input<'_>) {
        self.page.give(input);
        self.look();
    }

    fn look(&self) {
        for counts in self.stats()["perDestination"].as_object().unwrap().values() {
            let of = |key: &str| counts[key].as_u64().unwrap();
            let dropped: u64 = counts["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
            let sum = of("pending") + of("queued") + of("inFlight") + of("delivered") + dropped;
            assert_eq!(of("captured"), sum, "{counts}");
        }
    }

    fn stats(&self) -> Value {
        serde_json::from_str(&self.page.core.stats()).unwrap()
    }

    /// What was counted at each destination.
    fn count(&self, key: &str) -> [u64; 2] {
        let stats = self.stats();
        ["First", "second"].map(|id| {
            let counts = &stats["perDestination"][id];
            counts.get(key).or(counts["dropped"].get(key)).map_or(0, |count| count.as_u64().unwrap())
        })
    }

    fn decide(&mut self, purposes: &str) {
        self.give(Input::ConsentSet { purposes, explicit: true });
    }

    /// A consent platform asks anew: what it is asked about is open.
    fn ask_anew(&mut self) {
        self.give(Input::Signal { source: "klaro", text: r#"{"decided":false,"accepted":[]}"# });
    }

    /// And is answered: everything is accepted.
    fn accept(&mut self) {
        self.give(Input::Signal { source: "klaro", text: r#"{"decided":true,"accepted":["a","b","c"]}"# });
    }

    /// The page is about to add a plugin or to take one away.
    fn hold(&mut self) {
        self.edition += 1;
        self.give(Input::Hold("addSourceMiddleware"));
    }

    fn say(&mut self, message: &Value) {
        self.give(Input::Plugins(&json!([message]).to_string()));
    }

    fn add(&mut self, phase: &str, name: &str) -> u32 {
        self.hold();
        self.added += 1;
        self.say(&json!({ "add": self.added, "edition": self.edition, "phase": phase, "name": name, "loading": false }));
        self.added
    }

    fn add_loading(&mut self, phase: &str, name: &str) -> u32 {
        self.hold();
        self.added += 1;
        self.say(&json!({ "add": self.added, "edition": self.edition, "phase": phase, "name": name, "loading": true }));
        self.added
    }

    fn call(&mut self, verb: Verb, args: &str) {
        self.page.call(verb, args);
        self.look();
    }

    fn track(&mut self, name: &str) {
        self.call(Verb::Track, &format!(r#"["{name}"]"#));
    }

    fn pass_time(&mut self, ms: u64) {
        self.page.pass(ms);
        self.look();
    }

    /// The run in which a plugin was last told of an event, if it was.
    fn run(&self, plugin: u32, name: &str) -> Option<Value> {
        let is = |told: &&Value| told["plugin"] == plugin && told["event"]["event"] == name;
        self.page.told.iter().rev().find(is).cloned()
    }

    /// A plugin passes an event on as it is.
    fn pass(&mut self, plugin: u32, name: &str) {
        self.pass_with(plugin, name, |_| {});
    }

    fn pass_with(&mut self, plugin: u32, name: &str, change: impl FnOnce(&mut Value)) {
        let mut run = self.run(plugin, name).expect("the plugin was told of the event");
        change(&mut run["event"]);
        self.say(&json!({ "run": run["run"], "event": run["event"] }));
    }

    fn cancel(&mut self, plugin: u32, name: &str) {
        let run = self.run(plugin, name).unwrap();
        self.say(&json!({ "run": run["run"] }));
    }

    fn fail(&mut self, plugin: u32, name: &str) {
        let run = self.run(plugin, name).unwrap();
        self.say(&json!({ "run": run["run"], "error": "TypeError: no" }));
    }

    /// Whom events met, in order, as (plugin, event).
    fn meetings(&self) -> Vec<(u64, String)> {
        let met = self.page.told.iter().filter_map(|told| Some((told["plugin"].as_u64()?, told)));
        met.map(|(plugin, told)| (plugin, told["event"]["event"].as_str().unwrap().to_owned())).collect()
    }

    /// How an event ended, by its capture number: each time it did.
    fn ends(&self, capture: u32) -> Vec<&Value> {
        self.page.told.iter().filter(|told| told["end"] == capture).collect()
    }

    /// Everything that may leave does, and its servers take it.
    fn send(&mut self) {
        self.give(Input::Commit);
        loop {
            self.give(Input::Flush);
            if self.page.requests.is_empty() {
                break;
            }
            for request in std::mem::take(&mut self.page.requests) {
                let body: Value = serde_json::from_str(&request.body).unwrap();
                self.arrived[request.destination].extend(body["batch"].as_array().unwrap().iter().cloned());
                let outcome = Outcome::Answer { status: 200, body: r#"{"success":true}"#, retry_after_ms: None };
                self.give(Input::Response { request: request.id, outcome });
            }
        }
    }

    /// The names of what reached each destination, in order.
    fn names(&mut self) -> [Vec<String>; 2] {
        self.send();
        [0, 1].map(|at| self.arrived[at].iter().map(|event| event["event"].as_str().unwrap_or("").to_owned()).collect())
    }

    /// What reached a destination under a name: once.
    fn arrived(&mut self, destination: usize, name: &str) -> Value {
        self.send();
        let mut found = self.arrived[destination].iter().filter(|event| event["event"] == name);
        let event = found.next().expect("it arrived").clone();
        assert_eq!(found.next(), None, "it arrived twice");
        event
    }

    /// Decisions and rules on an event, by subject.
    fn explain(&self, message_id: &str) -> Vec<(String, String, String)> {
        let told: Vec<Value> = serde_json::from_str(&self.page.core.explain(Some(message_id))).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        told.iter().map(|one| (text(&one["subject"]), text(&one["decision"]), one["because"].to_string())).collect()
    }
}
