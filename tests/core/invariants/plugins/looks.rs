//! What must hold after every step, at the end of a task, and in the end.

use super::steps::Step;
use super::{EVENT_MS, Life, OWN, Plugin, Run, State, calls_in};
use crate::world::decisions::Verdict;
use crate::world::events::Fate;
use crate::world::site::NEEDS;
use serde_json::{Value, json};
use tidegate_core::{Input, keys};

impl Life {
    pub(super) fn look(&mut self) {
        self.run_out();
        self.hear();
        self.look_at_requests();
        self.look_at_tags();
        self.look_at_storage();
        self.look_at_counts();
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
    pub(super) fn commit(&mut self) {
        self.page.give(Input::Commit);
        self.look();
        self.look_for_blocked();
        let verdicts = self.verdicts();
        for (call, called) in self.calls.iter().enumerate().filter(|(_, called)| called.ended && !called.stopped) {
            for destination in 0..4 {
                let may_go = called.is_free(destination) && verdicts[destination] == Verdict::Allow;
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
    pub(super) fn settle(&mut self) {
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
                let may_go = called.is_free(destination) && !called.stopped && !called.stopped_for[destination];
                assert!(called.delivered[destination] || !may_go, "call {call} never arrived at {of}");
            }
        }
        assert_eq!(self.left(), [0; 3], "{}", self.page.core.stats());
    }

    /// Events pending, queued and in flight.
    pub(super) fn left(&self) -> [u64; 3] {
        let stats: Value = serde_json::from_str(&self.page.core.stats()).unwrap();
        ["pending", "queued", "inFlight"].map(|key| stats[key].as_u64().unwrap())
    }
}
