//! All sources together: the normalised state and its revision.

use super::memory::push_denied;
use super::{ConsentConfig, Memory, Model, PurposeState, Reading, Sources};
use crate::json::{self, push_member, push_string};
use crate::time::Now;
use std::rc::Rc;

const MANUAL: &str = "manual";
const OTHER_TAB: &str = "another tab";
const DAY_MS: u64 = 86_400_000;

/// Why a purpose has its state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Strictly necessary.
    Always,
    /// This source said so.
    Source(String),
    /// Global Privacy Control.
    Gpc,
    /// Nobody has said, or this source has not answered.
    Undecided,
}

/// The visitor's consent.
pub struct Consent {
    config: Rc<ConsentConfig>,
    readings: Vec<Reading>,
    defaults: Vec<Option<PurposeState>>,
    /// Purposes decided here since the stored decision was last read: of these this tab knows better.
    spoken: Vec<bool>,
    /// Whether the decision held is stored; one that storage refused lives on in this tab.
    stored: bool,
    gpc: Option<bool>,
    expires: Option<u64>,
    rev: u32,
    states: Vec<PurposeState>,
    reasons: Vec<Reason>,
}

impl Consent {
    /// Before any source has spoken. `gpc` is `navigator.globalPrivacyControl` where the browser has it.
    pub fn new(config: Rc<ConsentConfig>, gpc: Option<bool>) -> Self {
        let readings = match &config.sources {
            Sources::Listed(names) => names.iter().map(|name| Reading::undecided(name, &config.purposes)).collect(),
            Sources::Auto | Sources::Manual => Vec::new(),
        };
        let defaults = vec![None; config.purposes.len()];
        let spoken = vec![false; config.purposes.len()];
        let (states, reasons) = (Vec::new(), Vec::new());
        let mut consent =
            Consent { config, readings, defaults, spoken, stored: false, gpc, expires: None, rev: 0, states, reasons };
        (consent.states, consent.reasons) = consent.merge();
        consent
    }

    /// The revision: grows with every change of what is granted or denied.
    pub fn rev(&self) -> u32 {
        self.rev
    }

    /// Goes on from the revision of an earlier page.
    pub fn resume_rev(&mut self, rev: u32) {
        self.rev = self.rev.max(rev);
    }

    /// The states of the purposes, in the config's order.
    pub fn states(&self) -> &[PurposeState] {
        &self.states
    }

    /// How silence counts.
    pub fn model(&self) -> Model {
        self.config.model
    }

    /// Why a purpose has its state.
    pub fn reason(&self, purpose: usize) -> &Reason {
        self.reasons.get(purpose).unwrap_or(&Reason::Undecided)
    }

    /// When the remembered decision ends, in milliseconds since the Unix epoch.
    pub fn expires(&self) -> Option<u64> {
        self.expires
    }

    /// Takes a consent platform's signal. Returns whether anything changed. Platforms the config does not name are
    /// not listened to.
    pub fn signal(&mut self, source: &str, signal: &str) -> bool {
        let heard = match &self.config.sources {
            Sources::Auto => true,
            Sources::Manual => false,
            Sources::Listed(names) => names.iter().any(|name| name == source),
        };
        if !heard || source == MANUAL || source == OTHER_TAB {
            return false;
        }
        let reading = Reading::from_signal(source, signal, &self.config.purposes);
        if !self.readings.contains(&reading) {
            self.put(reading);
            self.forget_other_tab();
        }
        self.settle()
    }

    /// Takes a decision of the site (`consent.set`), merged into earlier ones. Returns whether anything changed.
    ///
    /// # Errors
    /// The names that are not purposes of the config, or the whole text where it is no object of true and false.
    pub fn set(&mut self, purposes: &str, explicit: bool, now: Now) -> (bool, Vec<String>) {
        let mut reading = self.manual().cloned().unwrap_or_else(|| Reading::silent(MANUAL, &self.config.purposes));
        let mut unknown = Vec::new();
        if json::kind(purposes) != json::Kind::Object {
            unknown.push(String::from("not an object of purposes: { analytics: true }"));
        }
        let mut spoken = false;
        for (id, raw) in json::members(purposes) {
            let state = match raw {
                "true" => PurposeState::Granted,
                "false" => PurposeState::Denied,
                _ => {
                    unknown.push([&id, " is neither true nor false"].concat());
                    continue;
                }
            };
            let Some(at) = self.config.purposes.iter().position(|purpose| purpose.id == id) else {
                unknown.push([&id, " is not a purpose of the config"].concat());
                continue;
            };
            let slots = if explicit { &mut reading.states } else { &mut self.defaults };
            if let Some(slot) = slots.get_mut(at) {
                *slot = Some(state);
                spoken = true;
            }
            if let Some(own) = self.spoken.get_mut(at) {
                *own |= explicit;
            }
        }
        if explicit && spoken {
            reading.decided = true;
            self.expires = Some(now.wall.saturating_add(u64::from(self.config.expiry_days) * DAY_MS));
            self.put(reading);
            self.forget_other_tab();
        }
        (self.settle(), unknown)
    }

    /// Takes over a stored decision, or drops the one held where it is stored no more; what was decided here since
    /// stands. Returns whether anything changed.
    pub fn restore(&mut self, memory: Option<Memory>) -> bool {
        let before = self.rev;
        match memory {
            Some(mut memory) => {
                self.resume_rev(memory.rev);
                match self.manual().filter(|_| self.has_spoken()) {
                    Some(own) => {
                        let newer = self.spoken.iter().zip(&own.states).zip(&mut memory.reading.states);
                        newer.filter(|((spoken, _), _)| **spoken).for_each(|((_, own), stored)| *stored = *own);
                    }
                    None => self.expires = Some(memory.expires),
                }
                self.stored = true;
                self.put(memory.reading);
            }
            None if self.stored && !self.has_spoken() => {
                self.stored = false;
                self.expires = None;
                self.readings.retain(|reading| reading.source != MANUAL);
            }
            None => {}
        }
        // A revision that another tab has used is a change too: stamps must show the one in force.
        self.settle() || self.rev != before
    }

    /// Whether something was decided here that is not stored yet.
    pub fn has_spoken(&self) -> bool {
        self.spoken.contains(&true)
    }

    /// The decision held was stored, or storage refused it.
    pub fn note_stored(&mut self, stored: bool) {
        self.stored = stored;
        self.spoken.fill(false);
    }

    /// The decision to store, where there is one and it is wanted.
    pub fn memory(&self) -> Option<Memory> {
        let reading = self.manual().filter(|reading| reading.decided && self.config.remember)?.clone();
        Some(Memory { rev: self.rev, reading, expires: self.expires? })
    }

    /// What another tab has as denied, a JSON list: denies here too until that tab says otherwise. Returns whether
    /// anything changed.
    pub fn other_tab(&mut self, denied: &str) -> bool {
        let denied: Vec<_> = json::elements(denied).map(json::text_of).collect();
        let mut reading = Reading::silent(OTHER_TAB, &self.config.purposes);
        for (purpose, state) in self.config.purposes.iter().zip(&mut reading.states) {
            *state = denied.iter().any(|id| *id == purpose.id).then_some(PurposeState::Denied);
        }
        self.put(reading);
        self.settle()
    }

    /// What this tab tells the others: the purposes it has as denied.
    pub fn denied(&self) -> String {
        let mut out = String::new();
        push_denied(&mut out, &self.config, &self.states);
        out
    }

    /// The stamp for events released now: `context.consent` with Segment's `categoryPreferences`, the revision,
    /// source and model. Undecided purposes are left out. Ends before the closing brace.
    pub fn stamp(&self) -> Rc<str> {
        let mut preferences = String::from("{");
        for (purpose, state) in self.config.purposes.iter().zip(&self.states) {
            match state {
                PurposeState::Granted => push_member(&mut preferences, &purpose.id, "true"),
                PurposeState::Denied => push_member(&mut preferences, &purpose.id, "false"),
                PurposeState::Unknown => {}
            }
        }
        preferences.push('}');
        let mut out = String::from("{");
        push_member(&mut out, "categoryPreferences", &preferences);
        push_member(&mut out, "rev", &self.rev.to_string());
        push_text(&mut out, "source", &self.source());
        push_text(&mut out, "model", self.config.model.word());
        if let Some(gpc) = self.gpc {
            push_member(&mut out, "gpc", if gpc { "true" } else { "false" });
        }
        out.into()
    }

    /// The state as `analytics.consent.get()` shows it.
    pub fn report(&self) -> ConsentReport {
        let purposes = self.config.purposes.iter().map(|purpose| purpose.id.clone());
        ConsentReport {
            rev: self.rev,
            status: if self.undecided() { "pending" } else { "ready" },
            model: self.config.model,
            jurisdiction: None,
            explicit: self.readings.iter().any(|reading| reading.decided),
            purposes: Map(purposes.zip(self.states.iter().copied()).collect()),
            source: self.source(),
            gpc: self.gpc,
        }
    }

    fn undecided(&self) -> bool {
        let mut answers =
            self.readings.iter().filter(|reading| reading.source != OTHER_TAB).map(|reading| reading.decided).peekable();
        self.config.model != Model::None && (answers.peek().is_none() || answers.any(|decided| !decided))
    }

    fn source(&self) -> String {
        let decided = self.readings.iter().filter(|reading| reading.decided);
        let names: Vec<&str> = decided.map(|reading| reading.source.as_str()).collect();
        if names.is_empty() { String::from("none") } else { names.join("+") }
    }

    fn manual(&self) -> Option<&Reading> {
        self.readings.iter().find(|reading| reading.source == MANUAL)
    }

    fn put(&mut self, reading: Reading) {
        match self.readings.iter_mut().find(|known| known.source == reading.source) {
            Some(known) => *known = reading,
            None => self.readings.push(reading),
        }
    }

    /// A newer answer here overrides what another tab once said.
    fn forget_other_tab(&mut self) {
        self.readings.retain(|reading| reading.source != OTHER_TAB);
    }

    fn settle(&mut self) -> bool {
        let (states, reasons) = self.merge();
        let changed = states != self.states;
        self.rev = self.rev.saturating_add(u32::from(changed));
        (self.states, self.reasons) = (states, reasons);
        changed
    }

    /// Intersects the sources: one denial denies, one that has not answered keeps the purpose unknown.
    fn merge(&self) -> (Vec<PurposeState>, Vec<Reason>) {
        let mut merged = Vec::new();
        for (at, purpose) in self.config.purposes.iter().enumerate() {
            merged.push(if purpose.always {
                (PurposeState::Granted, Reason::Always)
            } else if purpose.opt_out && self.gpc == Some(true) {
                (PurposeState::Denied, Reason::Gpc)
            } else {
                self.merge_one(at)
            });
        }
        merged.into_iter().unzip()
    }

    fn merge_one(&self, at: usize) -> (PurposeState, Reason) {
        let mut result = (PurposeState::Unknown, Reason::Undecided);
        for reading in &self.readings {
            match reading.states.get(at).copied().flatten() {
                None => {}
                Some(PurposeState::Denied) => return (PurposeState::Denied, Reason::Source(reading.source.clone())),
                Some(PurposeState::Unknown) => result = (PurposeState::Unknown, Reason::Source(reading.source.clone())),
                Some(PurposeState::Granted) if result.1 == Reason::Undecided => {
                    result = (PurposeState::Granted, Reason::Source(reading.source.clone()));
                }
                Some(PurposeState::Granted) => {}
            }
        }
        // A default may deny where silence would pass; it never grants.
        let default_denies = self.defaults.get(at).copied().flatten() == Some(PurposeState::Denied);
        if result.1 == Reason::Undecided && default_denies && self.config.model.unknown_passes() {
            return (PurposeState::Denied, Reason::Source(String::from("a default")));
        }
        if result.0 == PurposeState::Unknown && self.config.model == Model::None {
            return (PurposeState::Granted, Reason::Source(String::from("no consent regime")));
        }
        result
    }
}

impl Model {
    /// The word used in the config and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Model::OptIn => "opt-in",
            Model::OptOut => "opt-out",
            Model::None => "none",
            Model::Unknown => "unknown",
        }
    }
}

fn push_text(out: &mut String, key: &str, text: &str) {
    let mut raw = String::new();
    push_string(&mut raw, text);
    push_member(out, key, &raw);
}

/// The state as the page sees it (CONTRACT, section 3).
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct ConsentReport {
    /// Grows with every change.
    pub rev: u32,
    /// `pending` until a source has answered.
    pub status: &'static str,
    /// How silence counts.
    pub model: Model,
    /// The place whose law applies, where known.
    pub jurisdiction: Option<String>,
    /// Whether a person decided.
    pub explicit: bool,
    /// The states by purpose.
    pub purposes: Map<PurposeState>,
    /// Who decided; several are joined by `+`.
    pub source: String,
    /// Global Privacy Control, where the browser tells.
    pub gpc: Option<bool>,
}

/// A small ordered map that serialises as an object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Map<T>(pub Vec<(String, T)>);

impl<T: serde::Serialize> serde::Serialize for Map<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
