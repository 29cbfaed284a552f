//! One page's core, with storage answered at once and every effect noted.

use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use tidegate_core::effect::{Erasure, Hold, Notice, Part, Request};
use tidegate_core::input::Verb;
use tidegate_core::{Effect, Input, Now, Runtime, keys};

pub(crate) struct Page {
    pub core: Runtime,
    pub now: Now,
    pub stored: BTreeMap<String, String>,
    pub cookies: BTreeMap<String, String>,
    /// Addresses that tags loaded.
    pub loaded: Vec<String>,
    /// What tags called.
    pub invoked: Vec<String>,
    /// What the page was told for tags, and what it answers when it is asked.
    pub page: Vec<Value>,
    pub answers: BTreeMap<String, Value>,
    /// Whether it tells how far it has come when it is asked.
    pub tells_stages: bool,
    /// Whether it does not even say that this was all.
    pub is_mute: bool,
    /// Whether what tags call throws.
    pub throws: bool,
    /// Tags for which a reload was offered.
    pub reloads: Vec<String>,
    /// Codes and messages of problems.
    pub problems: Vec<(String, String)>,
    /// What plugins were told.
    pub told: Vec<Value>,
    /// Whether the part of the core comes that sends, and how often it was asked for.
    pub delivery_comes: bool,
    pub asked_for_delivery: u32,
    /// Likewise of what reads consent strings.
    pub strings_come: bool,
    pub asked_for_strings: u32,
    /// Whether what maps for other platforms comes.
    pub wires_come: bool,
    pub asked_for_wires: u32,
    /// The Web Locks it holds.
    pub locks: Vec<String>,
    /// What other tabs were told.
    pub posted: Vec<String>,
    /// How often all of the journal's copy was to be erased.
    pub erased: u32,
    /// How often the core said that it had flushed.
    pub flushed: u32,
    /// Whether storage takes no writes.
    pub refuses: bool,
    /// What a platform says from now on, and only where it is asked.
    pub forgets: Option<(&'static str, &'static str)>,
    /// Requests that left and were neither answered nor aborted.
    pub requests: Vec<Request>,
}

impl Page {
    pub(crate) fn new(config: &str) -> Self {
        Page::begin(config, 7, 1_700_000_000_000, BTreeMap::new(), true)
    }

    /// The next page of the visitor, with what this one left.
    pub(crate) fn next(&self, config: &str, seed: u8, locks: bool) -> Self {
        Page::begin(config, seed, self.now.wall, self.stored.clone(), locks)
    }

    pub(crate) fn begin(config: &str, seed: u8, wall: u64, stored: BTreeMap<String, String>, locks: bool) -> Self {
        let mut random = [7; 32];
        random[0] = seed;
        let core = Runtime::start(config, "{}", random).unwrap();
        let now = Now { wall, mono: 0 };
        let (loaded, invoked, problems) = (Vec::new(), Vec::new(), Vec::new());
        let (told, requests) = (Vec::new(), Vec::new());
        let (delivery_comes, asked_for_delivery, flushed, refuses) = (true, 0, 0, false);
        let mut page = Page {
            core,
            now,
            stored,
            cookies: BTreeMap::new(),
            loaded,
            invoked,
            problems,
            told,
            delivery_comes,
            asked_for_delivery,
            page: Vec::new(),
            answers: BTreeMap::new(),
            tells_stages: false,
            is_mute: false,
            throws: false,
            reloads: Vec::new(),
            locks: Vec::new(),
            posted: Vec::new(),
            erased: 0,
            strings_come: true,
            asked_for_strings: 0,
            wires_come: true,
            asked_for_wires: 0,
            flushed,
            refuses,
            forgets: None,
            requests,
        };
        let found = [keys::IDENTITY, keys::CONSENT, keys::GATE].map(|key| page.stored.get(key).cloned());
        let [identity, consent, gate] = found.each_ref().map(Option::as_deref);
        page.give(Input::Restore { identity, cookies: [None; 3], consent, gate, locks });
        page
    }

    pub(crate) fn give(&mut self, input: Input<'_>) {
        let mut todo: VecDeque<Effect> = self.core.handle(input, self.now).into();
        while let Some(effect) = todo.pop_front() {
            match effect {
                Effect::Write { key, .. } if self.refuses => {
                    todo.extend(self.core.handle(Input::WriteFailed { key: &key }, self.now));
                }
                Effect::Write { key, value } => drop(self.stored.insert(key, value)),
                Effect::SetCookie { name, max_age_s: 0, .. } => drop(self.cookies.remove(&name)),
                Effect::SetCookie { name, value, .. } => drop(self.cookies.insert(name, value)),
                Effect::Remove { key } => drop(self.stored.remove(&key)),
                Effect::Read { key } => {
                    let value = self.stored.get(&key).map(String::as_str);
                    todo.extend(self.core.handle(Input::Stored { key: &key, value }, self.now));
                }
                Effect::ReadSignals => {
                    if let Some((source, text)) = self.forgets {
                        todo.extend(self.core.handle(Input::Signal { source, text }, self.now));
                    }
                }
                Effect::Page { what } => {
                    let what: Value = serde_json::from_str(&what).unwrap();
                    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
                    match what[0].as_str().unwrap() {
                        "pixel" => self.loaded.push(text(&what[2])),
                        "load" => self.loaded.push(text(&what[2]["src"])),
                        "step" => {
                            self.invoked.push(text(&what[2]["call"]));
                            if self.throws {
                                let failed = serde_json::json!(["failed", what[1], what[2]["call"]]).to_string();
                                todo.extend(self.core.handle(Input::Tags(&failed), self.now));
                            }
                        }
                        "listen" if !self.is_mute => todo.extend(self.listen(&what[1]["triggers"])),
                        "end" => todo.extend(self.core.handle(Input::Tags(&what.to_string()), self.now)),
                        "read" => {
                            let answers: Vec<Value> =
                                what[1].as_array().unwrap().iter().map(|of| self.answers[&text(of)].clone()).collect();
                            let answers = serde_json::json!(["answers", answers]).to_string();
                            todo.extend(self.core.handle(Input::Tags(&answers), self.now));
                        }
                        _ => {}
                    }
                    self.page.push(what);
                }
                Effect::Notify(Notice::Error(problem)) => {
                    let problem: Value = serde_json::from_str(&problem).unwrap();
                    let text = |key: &str| problem[key].as_str().map(str::to_owned);
                    self.problems.push((text("code").unwrap(), text("message").or(text("said")).unwrap()));
                }
                Effect::Notify(Notice::Plugins(told)) => self.told.push(serde_json::from_str(&told).unwrap()),
                Effect::LoadPart { part: part @ Part::Delivery } => {
                    self.asked_for_delivery += 1;
                    todo.extend(self.core.handle(Input::Part { part, ok: self.delivery_comes }, self.now));
                }
                Effect::LoadPart { part: part @ Part::Strings } => {
                    self.asked_for_strings += 1;
                    todo.extend(self.core.handle(Input::Part { part, ok: self.strings_come }, self.now));
                }
                Effect::LoadPart { part: part @ Part::Wires } => {
                    self.asked_for_wires += 1;
                    todo.extend(self.core.handle(Input::Part { part, ok: self.wires_come }, self.now));
                }
                Effect::Notify(Notice::Reload(tag)) => self.reloads.push(tag),
                Effect::Notify(Notice::Erase(erasure)) if erasure != Erasure::WhatIsDenied => self.erased += 1,
                Effect::Notify(Notice::Flushed) => self.flushed += 1,
                Effect::List { prefix } => {
                    let keys: Vec<String> = self.stored.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
                    todo.extend(self.core.handle(Input::Keys(&keys), self.now));
                }
                // No other tab is here.
                Effect::Lock { hold: Hold::None, .. } => self.locks.clear(),
                Effect::Lock { name, hold } => {
                    todo.extend(self.core.handle(Input::Lock { name: &name, taken: true }, self.now));
                    if hold != Hold::Probe {
                        self.locks.push(name);
                    }
                }
                Effect::Post { message } => self.posted.push(message),
                Effect::Send(request) => self.requests.push(request),
                Effect::Abort { request } => self.requests.retain(|open| open.id != request),
                _ => {}
            }
        }
    }

    /// Tells of the stages that a page has always come to, if it does, and that this was all.
    fn listen(&mut self, wanted: &Value) -> Vec<Effect> {
        let mut effects = Vec::new();
        for stage in ["consent-initialization", "initialization", "page-view"] {
            let at = |trigger: &Value| (trigger["kind"] == stage).then(|| trigger["at"].clone());
            let of: Vec<Value> = wanted.as_array().unwrap().iter().filter_map(at).collect();
            if self.tells_stages && !of.is_empty() {
                let said = serde_json::json!(["seen", stage, {}, of]).to_string();
                effects.extend(self.core.handle(Input::Tags(&said), self.now));
            }
        }
        effects.extend(self.core.handle(Input::Tags(r#"["listening"]"#), self.now));
        effects
    }

    /// Passes time, and wakes the core when it asked to be.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now.mono + ms;
        // What one waking queues may be due at once.
        let (mut wakings, mut since) = (0, self.now.mono);
        while let Some(at) = self.core.deadline(self.now).filter(|at| *at <= end) {
            self.go_to(at.max(self.now.mono));
            self.give(Input::Wake);
            self.give(Input::Commit);
            wakings = if self.now.mono == since { wakings + 1 } else { 1 };
            since = self.now.mono;
            assert!(wakings < 4, "woken over and over");
        }
        self.go_to(end);
    }

    /// Passes time until a request is under way.
    pub(crate) fn await_request(&mut self) {
        for _ in 0..4_000 {
            if !self.requests.is_empty() {
                return;
            }
            self.pass(100);
        }
        panic!("no request within {} s", 400);
    }

    fn go_to(&mut self, mono: u64) {
        self.now = Now { wall: self.now.wall + mono - self.now.mono, mono };
    }

    pub(crate) fn call(&mut self, verb: Verb, args: &str) {
        self.give(Input::Call { verb, args, at: self.now.wall });
    }

    pub(crate) fn track(&mut self, name: &str) {
        self.call(Verb::Track, &format!(r#"["{name}"]"#));
    }

    pub(crate) fn decide(&mut self, purposes: &str) {
        self.give(Input::ConsentSet { purposes, explicit: true });
    }

    pub(crate) fn tags_come(&mut self) {
        self.give(Input::Part { part: Part::Tags, ok: true });
    }

    pub(crate) fn template(&mut self, slot: usize, text: &str) {
        self.give(Input::Tags(&serde_json::json!(["template", slot, text]).to_string()));
    }

    pub(crate) fn codes(&self) -> Vec<&str> {
        self.problems.iter().map(|(code, _)| code.as_str()).collect()
    }

    /// The finished event of the last call.
    pub(crate) fn last(&self, verb: Verb, args: &str) -> Value {
        serde_json::from_str(&self.core.event(self.core.captures(), verb, args, self.now.wall).unwrap()).unwrap()
    }
}
