//! All sources together: the normalised state and its revision.

mod report;
mod signals;

use super::{ConsentConfig, Memory, Model, PurposeSet, Purposes, Reading, Sources};
use crate::json;
use crate::text::concat;
use crate::time::Now;
use std::rc::Rc;

const MANUAL: &str = "manual";
const OTHER_TAB: &str = "another tab";
const DAY_MS: u64 = 86_400_000;

/// The visitor's consent.
pub struct Consent {
    pub(super) config: Rc<ConsentConfig>,
    readings: Vec<Reading>,
    /// Signals that carry strings, behind their source: what reads them is a part of the core that comes with the first.
    strings: Vec<String>,
    /// They were said before another tab denied: whoever reads them hears no new answer.
    pub(super) are_strings_older: bool,
    reads_strings: bool,
    /// What the site denies by default. A default never grants.
    default_denied: PurposeSet,
    /// Purposes decided here since the stored decision was last read: of these this tab knows better.
    spoken: PurposeSet,
    /// Whether the decision held is stored; one that storage refused lives on in this tab.
    stored: bool,
    gpc: Option<bool>,
    /// Where the visitor is, as the page says; empty where it does not.
    region: String,
    model: Model,
    expires: Option<u64>,
    rev: u32,
    purposes: Purposes,
    /// Standards of the IAB, a bit each, that have answered and ask not to act on it for the moment.
    paused: u8,
}

impl Consent {
    /// Before any source has spoken. `gpc` is `navigator.globalPrivacyControl` where the browser has it, `dnt` whether
    /// `navigator.doNotTrack` is set, `region` where the visitor is, ISO 3166 such as `US-CA`.
    pub fn new(config: Rc<ConsentConfig>, gpc: Option<bool>, dnt: bool, region: &str) -> Self {
        let mut readings = Vec::new();
        if dnt && config.do_not_track {
            readings.push(Reading { decided: true, denied: PurposeSet::MAX, ..Reading::silent("do-not-track") });
        }
        if let Sources::Listed(names) = &config.sources {
            for name in json::elements(names) {
                readings.push(Reading { held: PurposeSet::MAX, ..Reading::undecided(&json::text_of(name)) });
            }
        }
        let purposes = Purposes::default();
        let mut consent = Consent {
            config,
            readings,
            strings: Vec::new(),
            are_strings_older: false,
            reads_strings: false,
            default_denied: 0,
            spoken: 0,
            stored: false,
            gpc,
            region: region.to_owned(),
            model: Model::default(),
            expires: None,
            rev: 0,
            purposes,
            paused: 0,
        };
        consent.settle();
        consent.rev = 0;
        consent
    }

    /// The revision: grows with every change of what is granted or denied.
    pub fn rev(&self) -> u32 {
        self.rev
    }

    /// Goes on from the revision of an earlier page. One that no visitor reaches was tampered with, and would leave no
    /// room for another.
    pub fn resume_rev(&mut self, rev: u32) {
        if rev < u32::MAX / 2 {
            self.rev = self.rev.max(rev);
        }
    }

    /// What is known of every purpose.
    pub fn purposes(&self) -> Purposes {
        self.purposes
    }

    /// How silence counts.
    pub fn model(&self) -> Model {
        self.model
    }

    /// When the remembered decision ends, in milliseconds since the Unix epoch.
    pub fn expires(&self) -> Option<u64> {
        self.expires
    }

    /// Takes a decision of the site (`consent.set`), merged into earlier ones. Returns whether anything changed, and
    /// what is wrong: names that are not purposes of the config, values that are neither true nor false.
    pub fn set(&mut self, purposes: &str, explicit: bool, now: Now) -> (bool, Vec<String>) {
        let mut faults = Vec::new();
        if json::kind(purposes) != json::Kind::Object {
            faults.push(String::new());
        }
        let mut reading = self.manual().cloned().unwrap_or_else(|| Reading::silent(MANUAL));
        let mut spoken = 0;
        for (id, raw) in json::members(purposes) {
            let granted = raw == "true";
            let fault = match self.config.purpose(&id) {
                _ if !granted && raw != "false" => " is neither true nor false",
                None => " is not a purpose of the config",
                Some(purpose) => {
                    spoken |= purpose;
                    if !explicit {
                        put_bit(&mut self.default_denied, purpose, !granted);
                    } else {
                        self.spoken |= purpose;
                        put_bit(&mut reading.granted, purpose, granted);
                        put_bit(&mut reading.denied, purpose, !granted);
                    }
                    continue;
                }
            };
            faults.push(concat(&[&id, fault]));
        }
        if explicit && spoken != 0 {
            reading.decided = true;
            self.expires = Some(now.wall.saturating_add(u64::from(self.config.expiry_days) * DAY_MS));
            self.put(reading);
            self.overrule(spoken);
        }
        (self.settle(), faults)
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
                        memory.reading.granted = memory.reading.granted & !self.spoken | own.granted & self.spoken;
                        memory.reading.denied = memory.reading.denied & !self.spoken | own.denied & self.spoken;
                    }
                    None => self.expires = Some(memory.expires),
                }
                self.stored = true;
                self.put(memory.reading);
            }
            None if self.stored && !self.has_spoken() => {
                self.stored = false;
                self.expires = None;
                self.take_out(MANUAL);
            }
            None => {}
        }
        // A revision that another tab has used is a change too: stamps must show the one in force.
        self.settle() || self.rev != before
    }

    /// Whether something was decided here that is not stored yet.
    pub fn has_spoken(&self) -> bool {
        self.spoken != 0
    }

    /// The decision held was stored, or storage refused it.
    pub fn note_stored(&mut self, stored: bool) {
        self.stored = stored;
        self.spoken = 0;
    }

    /// The decision to store, where there is one and it is wanted.
    pub fn memory(&self) -> Option<Memory> {
        let reading = self.manual().filter(|reading| reading.decided && self.config.remember)?.clone();
        Some(Memory { rev: self.rev, reading, expires: self.expires? })
    }

    /// What another tab has as denied, a JSON list: denies here too until that tab says otherwise. Returns whether
    /// anything changed.
    pub fn other_tab(&mut self, denied: &str) -> bool {
        let mut reading = Reading::silent(OTHER_TAB);
        for id in json::elements(denied) {
            reading.denied |= self.config.purpose(&json::text_of(id)).unwrap_or(0);
        }
        self.put(reading);
        self.are_strings_older = !self.strings.is_empty();
        self.settle()
    }

    /// Whether any source has decided anything.
    pub(crate) fn is_decided(&self) -> bool {
        self.readings.iter().any(|reading| reading.decided)
    }

    fn undecided(&self) -> bool {
        let mut sources = self.readings.iter().filter(|reading| reading.source != OTHER_TAB).peekable();
        self.is_paused() || self.model != Model::None && (sources.peek().is_none() || sources.any(|reading| !reading.decided))
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

    /// What another tab denies stands until these purposes are answered anew here.
    fn overrule(&mut self, answered: PurposeSet) {
        for reading in self.readings.iter_mut().filter(|reading| reading.source == OTHER_TAB) {
            reading.denied &= !answered;
        }
    }

    /// Forgets what a source said.
    fn take_out(&mut self, source: &str) {
        if let Some(at) = self.readings.iter().position(|reading| reading.source == source) {
            self.readings.remove(at);
        }
    }

    fn settle(&mut self) -> bool {
        let before = self.model;
        self.model = self.model_by_all();
        let purposes = self.merge();
        let changed = purposes != self.purposes || self.model != before;
        self.rev = self.rev.saturating_add(u32::from(changed));
        self.purposes = purposes;
        changed
    }

    /// How silence counts: by region, by the config, or as the platforms say. Of those the strictest counts.
    fn model_by_all(&self) -> Model {
        let hints = || self.readings.iter().filter_map(|reading| reading.model);
        let hinted = hints().find(|model| *model == Model::OptIn).or_else(|| hints().next());
        self.config.model_in(&self.region).or(hinted).unwrap_or_default()
    }

    /// Intersects the sources: one denial denies, one that has not answered keeps the purpose unknown.
    fn merge(&self) -> Purposes {
        let (mut granted, mut denied, mut unknown, mut held) = (0, 0, 0, 0);
        for reading in &self.readings {
            granted |= reading.granted;
            denied |= reading.denied;
            unknown |= reading.unknown;
            held |= reading.held;
        }
        granted &= !unknown;
        if self.model.unknown_passes() {
            denied |= self.default_denied & !granted & !unknown;
        }
        if self.model == Model::None {
            granted = !held;
        }
        // Here what is not decided waits anyway.
        if self.model == Model::OptIn {
            held = 0;
        }
        if self.gpc == Some(true) {
            denied |= self.config.opt_out;
        }
        denied &= !self.config.always;
        let declared = self.config.all();
        let granted = (granted | self.config.always) & !denied & declared;
        Purposes { granted, denied: denied & declared, held: held & !denied & !granted & declared }
    }
}

fn put_bit(set: &mut PurposeSet, bit: PurposeSet, on: bool) {
    if on { *set |= bit } else { *set &= !bit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_that_was_tampered_with_leaves_room_for_others() {
        let mut consent = Consent::new(Rc::new(ConsentConfig::default()), None, false, "");
        consent.resume_rev(7);
        for tampered in [u32::MAX, u32::MAX / 2] {
            consent.resume_rev(tampered);
            assert_eq!(consent.rev(), 7);
        }
    }
}
