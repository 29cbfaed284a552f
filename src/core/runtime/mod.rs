//! The state machine: inputs in, effects out.

mod capture;
mod control;
mod delivery;
mod fetch;
mod gate;
mod plugins;
mod reports;
mod tagging;

use crate::config::Config;
use crate::consent::{Consent, Verdict};
use crate::effect::{Effect, Effects, Notice, Part};
use crate::event::{Call, TOO_LONG};
use crate::explain::History;
use crate::identity::Identity;
use crate::ids::Ids;
use crate::input::{Input, Lifecycle};
use crate::json::{self, push_text};
use crate::queue::{Journal, Lane, WaitingRoom};
use crate::stamp::{Stamp, Surroundings, one_line};
use crate::text::{concat, cut};
use crate::time::Now;
use capture::Circumstance;
use delivery::Delivery;
use fetch::Fetch;
use gate::Awaited;
use plugins::Plugins;
use std::rc::Rc;
use tagging::Tagging;

/// Largest data layer, in bytes.
const MAX_DATA_BYTES: usize = 1024 * 1024;
/// Different error codes counted apart.
const MAX_ERROR_CODES: usize = 50;

/// The core of one page.
pub struct Runtime {
    config: Rc<Config>,
    /// The time of the input at hand.
    now: Now,
    ids: Ids,
    surroundings: Surroundings,
    stamp: Rc<Stamp>,
    consent: Consent,
    identity: Identity,
    lanes: Vec<Lane>,
    waiting: WaitingRoom,
    journal: Journal,
    tagging: Tagging,
    plugins: Plugins,
    /// What holds for every event of `integrations`: an object.
    integrations: String,
    /// Destinations that are left out of every event, whatever a call says, a bit each.
    switched_off: u64,
    /// The data layer, JSON.
    data: Rc<str>,
    history: History,
    delivery: Delivery,
    /// What reads consent strings.
    strings: Fetch,
    errors: Vec<(String, u32)>,
    /// Events captured so far; numbers them.
    captures: u32,
    circumstances: Vec<Circumstance>,
    requests: u32,
    commit_due: bool,
    /// A decision of another tab that storage does not show yet.
    awaited: Option<Awaited>,
    /// What other tabs may have stored of the identity was asked for before consent is applied.
    reading_identity: bool,
    /// It was read together with the consent that is still to come.
    identity_is_fresh: bool,
    /// Other tabs are told once consent is applied.
    tell_due: bool,
    /// What other tabs may have changed of consent was asked for and has not come yet.
    reading_consent: bool,
    /// It came with the input at hand: requests may start.
    knows_consent: bool,
    /// Whether a destination was allowed, now or on an earlier page, so that the journal may have a copy.
    had_gate: bool,
    /// Whether the browser has Web Locks here.
    locks: bool,
    visible: bool,
    /// The page may be going, and one last request a destination is wanted.
    leaving: bool,
    flushing: bool,
    forgotten: bool,
    out: Effects,
}

impl Runtime {
    /// A page's core. `environment` is the shim's text: an object with `userAgent`, `locale`, `timezone`, `gpc`, `dnt`, and
    /// `platforms`, what they said so far, by source. `seed` is 32 bytes of the browser's cryptographic generator.
    pub fn new(config: Config, environment: &str, seed: [u8; 32]) -> Self {
        let config = Rc::new(config);
        let gpc = json::at_path(environment, "gpc").and_then(|raw| match raw {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        let dnt = json::flag(environment, "dnt", false);
        let mut consent = Consent::new(config.consent.clone(), gpc, dnt, &json::text(environment, "region"));
        // Before anything is granted by silence.
        for (source, signal) in json::members(json::at_path(environment, "platforms").unwrap_or("")) {
            consent.signal(&source, &json::text_of(signal), Now::default());
        }
        let mut lanes = Vec::new();
        lanes.resize_with(config.destinations.len(), Lane::default);
        let tagging = Tagging::new(&config, &consent);
        let ids = Ids::new(seed);
        let identity = Identity::new(config.migrates);
        let surroundings = Surroundings::new(environment);
        let stamp = surroundings.stamp(&identity, &consent);
        let integrations = json::member(environment, "integrations").unwrap_or("{}");
        let mut switched_off = 0;
        for (at, destination) in config.destinations.iter().enumerate() {
            if capture::named(integrations, &destination.id).or_else(|| json::member(integrations, "All")) == Some("false") {
                switched_off |= 1 << at;
            }
        }
        let journal = Journal::new(ids.tab().into(), config.write_key.as_str().into(), config.queue.max_bytes);
        Runtime {
            now: Now::default(),
            ids,
            surroundings,
            stamp,
            consent,
            identity,
            lanes,
            waiting: WaitingRoom::default(),
            journal,
            tagging,
            plugins: Plugins::default(),
            integrations: integrations.to_owned(),
            switched_off,
            data: "{}".into(),
            history: History::default(),
            delivery: Delivery::default(),
            strings: Fetch::default(),
            errors: Vec::new(),
            captures: 0,
            circumstances: Vec::new(),
            requests: 0,
            commit_due: false,
            awaited: None,
            reading_identity: false,
            identity_is_fresh: false,
            tell_due: false,
            reading_consent: false,
            knows_consent: false,
            had_gate: false,
            locks: false,
            visible: true,
            leaving: false,
            flushing: false,
            forgotten: false,
            out: Effects::default(),
            config,
        }
    }

    /// Reads a config and makes a page's core of it. A `writeKey` of the environment (the script tag's) goes before
    /// the config's own.
    /// Nothing where the config is at fault: see [`crate::config::explain`].
    pub fn start(config: &str, environment: &str, seed: [u8; 32]) -> Option<Self> {
        let mut config = Config::parse(config)?;
        if let Some(key) = json::at_path(environment, "writeKey").filter(|raw| json::kind(raw) == json::Kind::String) {
            config.use_write_key(&json::text_of(key));
        }
        Some(Runtime::new(config, environment, seed))
    }

    /// Takes one input and says what to do about it.
    pub fn handle(&mut self, input: Input<'_>, now: Now) -> Vec<Effect> {
        if !self.forgotten {
            self.take(input, now);
        }
        std::mem::take(&mut self.out.0)
    }

    /// When [`Input::Wake`] is wanted, on the monotonic clock; nothing: not at all.
    pub fn deadline(&self, now: Now) -> Option<u64> {
        if self.forgotten {
            return None;
        }
        let mut next = u64::MAX;
        let mut at = |deadline: Option<u64>| next = next.min(deadline.unwrap_or(u64::MAX));
        at(self.delivery_deadline());
        at(self.strings.deadline().filter(|_| self.consent.wants_strings()));
        at(self.consent.expires().map(|expires| now.mono.saturating_add(expires.saturating_sub(now.wall))));
        at(self.awaited.as_ref().map(Awaited::again));
        at(self.plugins.due);
        at(Some(self.tags_due()).filter(|due| *due > 0));
        (next < u64::MAX).then_some(next)
    }

    fn take(&mut self, input: Input<'_>, now: Now) {
        self.now = now;
        match input {
            // The hot path: no batch is ever cut inside a call.
            Input::Call { verb, args, at } => return self.capture(verb, args, at),
            Input::Page(facts) => {
                if self.surroundings.set_page(facts) {
                    if let Some((_, referrer)) =
                        cut(facts, "\n").and_then(|(_, rest)| cut(rest, "\n")).filter(|(_, raw)| json::valid(raw))
                    {
                        self.identity.refer(&one_line(referrer), &mut self.out);
                    }
                    self.renew_stamp();
                }
                return;
            }
            Input::Restore { identity, cookies, consent, gate, locks } => {
                self.restore(identity, cookies, consent, gate, locks);
            }
            Input::ConsentSet { purposes, explicit } => self.set_consent(purposes, explicit),
            Input::Signal { source, text } => self.signal(source, text),
            Input::Data(text) => self.push_data(text),
            Input::Identity(given) => {
                if !self.identity.set(given, &mut self.ids, &mut self.out) {
                    return self.trouble("invalid_argument", TOO_LONG);
                }
                self.identity_changed();
            }
            Input::Identify { verb, args } => match Call::parse(verb, args) {
                Ok(call) => self.note_identity(&call),
                Err(wrong) => self.trouble("invalid_argument", wrong),
            },
            Input::Reset => {
                self.identity.reset(&mut self.ids, &mut self.out);
                self.identity_changed();
            }
            Input::Commit => {
                self.commit();
                // A page in use has other things to do: what is due is sent in a task of its own. Without locks the tab has to say that it lives.
                if self.visible && self.locks {
                    return self.go_on_page();
                }
            }
            Input::Hold(what) => self.plugins.hold(what, &self.config.destinations),
            Input::Plugins(text) => self.hear_plugins(text),
            Input::Wake => {
                self.wake_plugins();
                self.check_expiry();
                self.look_again();
                self.ask_for_strings();
            }
            Input::Response { request, outcome } => self.response(request, outcome),
            Input::Stored { key, value } => self.stored(key, value),
            Input::WriteFailed { key } => self.write_failed(key),
            Input::Keys(keys) => self.keys_listed(keys),
            Input::Lock { name, taken } => self.lock(name, taken),
            Input::Part { part: Part::Tags, ok } => self.tags_came(ok),
            Input::Part { part: Part::Delivery, ok } => self.delivery_came(ok),
            Input::Part { part: Part::Strings, ok } => self.strings_came(ok),
            Input::Part { part: Part::Wires, ok } => self.wires_came(ok),
            Input::Tags(said) => self.hear_tags(said),
            Input::Lifecycle(Lifecycle::Hidden) => {
                self.visible = false;
                self.leave_plugins();
                self.commit();
                self.leaving = true;
            }
            Input::Lifecycle(Lifecycle::Visible) => {
                self.visible = true;
                self.leaving = false;
                // A page that went and comes back has none any more.
                self.delivery.holds_own = false;
                self.check_expiry();
                // A page that was frozen heard nothing from other tabs.
                self.read_consent();
            }
            Input::Lifecycle(Lifecycle::Online) => {
                self.end_waits();
                self.strings.end_wait();
                self.ask_for_strings();
                self.ask_for_tags();
            }
            Input::Message(message) => self.message(message),
            Input::Flush => {
                self.commit();
                self.end_waits();
                self.flushing = true;
            }
            Input::Forget => return self.forget(),
            Input::Report { code, message } => self.problem(code, message),
        }
        if !self.forgotten {
            self.go_on_page();
            self.service();
        }
    }

    /// Lets tags and destinations of the page's own go on. A platform may have forgotten its answer without a word, and another tab may have
    /// withdrawn, so consent is read before.
    fn go_on_page(&mut self) {
        if !self.page_is_due() || self.consent.is_paused() {
            return;
        }
        if self.knows_consent {
            self.run_tags();
            self.end_plugins();
        } else {
            self.read_consent();
        }
    }

    /// Whether something of the page's own would run.
    fn page_is_due(&self) -> bool {
        self.tags_due() <= self.now.mono || self.plugins.is_due
    }

    /// Notes and tells a problem.
    fn problem(&mut self, code: &str, message: &str) {
        self.tell_problem(code, "message", message);
    }

    /// Notes and tells a problem whose words are in `js/words.ts`, which is fetched when there is one. `said` is what this one
    /// is about.
    fn trouble(&mut self, code: &str, said: &str) {
        self.tell_problem(code, "said", said);
    }

    fn tell_problem(&mut self, code: &str, key: &str, text: &str) {
        if let Some((_, count)) = self.errors.iter_mut().find(|(known, _)| known == code) {
            *count += 1;
        } else if self.errors.len() < MAX_ERROR_CODES {
            self.errors.push((code.to_owned(), 1));
        }
        let mut problem = String::from("{");
        push_text(&mut problem, "code", code);
        push_text(&mut problem, key, text);
        problem.push('}');
        self.out.notify(Notice::Error(problem));
    }

    fn push_data(&mut self, text: &str) {
        match json::document(text) {
            Ok(document) if json::kind(document) == json::Kind::Object => {
                let mut data = String::new();
                json::push_deep(&mut data, &self.data, document);
                if data.len() > MAX_DATA_BYTES {
                    return self.trouble("data_too_large", "");
                }
                self.data = data.into();
            }
            _ => self.trouble("data_invalid", ""),
        }
    }

    /// The page said who the visitor is: later events carry it, and other tabs hear of it.
    fn identity_changed(&mut self) {
        self.renew_stamp();
        if self.identity.is_allowed() {
            let message = concat(&["{\"identity\":", &self.identity.stored_text(), "}"]);
            self.out.post(message);
        }
    }

    /// Identity, page or consent changed: later events carry the new facts, earlier ones keep theirs.
    fn renew_stamp(&mut self) {
        self.stamp = self.surroundings.stamp(&self.identity, &self.consent);
    }

    fn commit_soon(&mut self) {
        if !std::mem::replace(&mut self.commit_due, true) {
            self.out.push(Effect::CommitSoon);
        }
    }

    /// A lane's bit in a set of destinations.
    fn lanes_with(&self, verdict: Verdict) -> u64 {
        self.lanes.iter().enumerate().filter(|(_, lane)| lane.verdict == verdict).fold(0, |mask, (at, _)| mask | 1 << at)
    }
}
