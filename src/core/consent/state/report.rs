//! What is told of consent: to other tabs, on events, to the page, to Google, and by `explain()`.

use super::Consent;
use crate::consent::{PurposeSet, PurposeState, Reading, Requirement, Verdict};
use crate::json::{self, push_member, push_number, push_optional, push_text};
use std::rc::Rc;

impl Consent {
    /// What this tab tells the others: the purposes it has as denied, a JSON list. A default of this page is no word to another.
    pub fn denied(&self) -> String {
        let said = self.readings.iter().fold(!self.default_denied, |said, reading| said | reading.denied);
        let mut out = String::from("[");
        for (at, purpose) in self.config.purposes.iter().enumerate() {
            if (self.purposes.denied & said) >> at & 1 == 1 {
                json::push_item(&mut out, &purpose.id);
            }
        }
        out.push(']');
        out
    }

    /// The stamp for events released now: `context.consent` with Segment's `categoryPreferences`, the revision,
    /// source and model; where the config has vendors, of those too. Undecided purposes are left out. Ends before the closing brace.
    pub fn stamp(&self) -> Rc<str> {
        let mut out = String::from("{");
        push_member(&mut out, "categoryPreferences", &self.config.preferences(self.purposes));
        if !self.config.vendors.is_empty() {
            push_member(&mut out, "vendors", &self.config.decided_vendors(self.purposes));
        }
        self.push_origin(&mut out);
        out.into()
    }

    /// The state as `analytics.consent.get()` shows it (CONTRACT, section 3), a JSON object.
    pub fn report(&self) -> String {
        let mut known = self.purposes;
        if self.is_paused() {
            known.granted &= self.config.always;
        }
        let mut purposes = String::from("{");
        for (at, purpose) in self.config.purposes.iter().enumerate() {
            push_text(&mut purposes, &purpose.id, known.state(at).word());
        }
        purposes.push('}');
        let explicit = self.is_decided();
        let mut out = String::from("{");
        push_text(&mut out, "status", if self.undecided() { "pending" } else { "ready" });
        push_optional(&mut out, "jurisdiction", Some(self.region.as_str()).filter(|region| !region.is_empty()));
        push_member(&mut out, "explicit", if explicit { "true" } else { "false" });
        push_member(&mut out, "purposes", &purposes);
        self.push_origin(&mut out);
        if self.gpc.is_none() {
            push_member(&mut out, "gpc", "null");
        }
        if !self.config.google.is_empty() {
            push_member(&mut out, "googleConsentMode", &self.google());
        }
        out.push('}');
        out
    }

    /// What Google's Consent Mode is told: each type is granted where all purposes that stand for it may be used, and at least one
    /// does.
    fn google(&self) -> String {
        let mut out = String::from("{");
        for (kind, purposes) in json::members(&self.config.google) {
            let mut all_of = 0;
            for id in json::elements(purposes) {
                all_of |= self.config.purpose(&json::text_of(id)).unwrap_or(PurposeSet::MAX);
            }
            let verdict = Requirement { all_of, any_of: 0 }.evaluate(self.purposes, self.model);
            push_text(&mut out, &kind, if verdict == Verdict::Allow { "granted" } else { "denied" });
        }
        out.push('}');
        out
    }

    /// Revision, source, model and Global Privacy Control where the browser tells.
    fn push_origin(&self, out: &mut String) {
        push_number(out, "rev", self.rev.into());
        push_text(out, "source", &self.source());
        push_text(out, "model", self.model.word());
        if let Some(gpc) = self.gpc {
            push_member(out, "gpc", if gpc { "true" } else { "false" });
        }
    }

    /// Who or what gave a purpose its state, in words.
    pub(crate) fn reason(&self, purpose: usize) -> &str {
        let set = 1 << purpose;
        let first = |has: fn(&Reading) -> PurposeSet, otherwise| {
            self.readings.iter().find(|reading| has(reading) & set != 0).map_or(otherwise, |reading| reading.source.as_str())
        };
        match self.purposes.state(purpose) {
            PurposeState::Granted if self.config.always & set != 0 => "strictly necessary",
            PurposeState::Granted => first(|reading| reading.granted, "no consent regime"),
            PurposeState::Denied if self.gpc == Some(true) && self.config.opt_out & set != 0 => "Global Privacy Control",
            PurposeState::Denied => first(|reading| reading.denied, "a default"),
            PurposeState::Unknown => first(|reading| reading.unknown, "no decision yet"),
        }
    }

    fn source(&self) -> String {
        let mut out = String::new();
        for reading in self.readings.iter().filter(|reading| reading.decided) {
            if !out.is_empty() {
                out.push('+');
            }
            out.push_str(&reading.source);
        }
        if out.is_empty() { String::from("none") } else { out }
    }
}
