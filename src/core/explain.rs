//! Decision records: for each destination, plugin and tag what the gate said, and the rules it rests on.

use crate::config::{AnyFault, Config, Place, requirement};
use crate::consent::{Consent, Model, PurposeState, Purposes, Requirement, Verdict};
use crate::ids::Ids;
use crate::json::{list, push_item, push_member, push_number, push_text, text};
use crate::text::concat;
use crate::time::push_iso;

/// The gate at one consent revision.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) rev: u32,
    /// When, ISO 8601 in UTC.
    pub(crate) at: String,
    pub(crate) purposes: Purposes,
    pub(crate) model: Model,
    /// Who or what gave each purpose its state, in words.
    pub(crate) reasons: Vec<String>,
}

/// Which decisions are asked for.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The tags that the event fired, by position; nothing where no event is asked about, or that was not looked at.
    pub(crate) fired: Option<&'a [usize]>,
    /// Gates of later revisions: what was pending is decided at the first that no longer makes it wait.
    pub(crate) later: &'a [Gate],
    /// Why nobody gets the event, if so.
    pub(crate) refused: Option<&'static str>,
    /// Destinations that do not get it, a bit each, and why.
    pub(crate) kept_from: (u64, &'static str),
}

impl Gate {
    /// Appends what the gate says of the destinations, plugins and tags of a config: JSON objects with `subject`, `decision`,
    /// `because`, `consentRev` and `at`, and for tags `fired` where an event is asked about.
    pub(crate) fn push_decisions(&self, out: &mut String, config: &Config, question: &Question<'_>) {
        for (at, destination) in config.destinations.iter().enumerate() {
            let (kept_from, why) = question.kept_from;
            let refused = question.refused.or((kept_from >> at & 1 == 1).then_some(why));
            let question = &Question { refused, ..*question };
            self.push_decision(out, config, ["destination:", &destination.id], destination.consent, question, None);
        }
        for plugin in list(&config.rules, "plugins") {
            let requirement = requirement(plugin, &config.consent, &Place::ROOT, &mut AnyFault::default());
            self.push_decision(out, config, ["plugin:", &text(plugin, "name")], requirement, question, None);
        }
        for (at, tag) in config.tags.iter().enumerate() {
            let fired = question.fired.map(|fired| fired.contains(&at));
            self.push_decision(out, config, ["tag:", &tag.id], tag.consent, question, fired);
        }
    }

    fn push_decision(
        &self,
        out: &mut String,
        config: &Config,
        subject: [&str; 2],
        requirement: Requirement,
        question: &Question<'_>,
        fired: Option<bool>,
    ) {
        let verdict = self.verdict(requirement);
        self.push_record(out, config, subject, requirement, question.refused, fired);
        if verdict == Verdict::Pending && question.refused.is_none() {
            let decides = |gate: &&Gate| gate.rev > self.rev && gate.verdict(requirement) != Verdict::Pending;
            if let Some(gate) = question.later.iter().find(decides) {
                gate.push_record(out, config, subject, requirement, None, fired);
            }
        }
    }

    fn push_record(
        &self,
        out: &mut String,
        config: &Config,
        subject: [&str; 2],
        requirement: Requirement,
        refused: Option<&str>,
        fired: Option<bool>,
    ) {
        let mut verdict = self.verdict(requirement);
        let mut because = String::from("[");
        if requirement.is_empty() {
            push_item(&mut because, "names no purpose, so it is denied");
        }
        for at in 0..config.consent.purposes.len() + config.consent.vendors.len() {
            if (requirement.all_of | requirement.any_of) >> at & 1 == 1 {
                let state = match self.purposes.state(at) {
                    PurposeState::Granted => " granted: ",
                    PurposeState::Denied => " denied: ",
                    PurposeState::Unknown if self.model.unknown_passes() => " undecided, which passes: ",
                    PurposeState::Unknown => " undecided, which waits: ",
                };
                let reason = self.reasons.get(at).map_or("", String::as_str);
                push_item(&mut because, &concat(&[&config.consent.name(at), state, reason]));
            }
        }
        if let Some(why) = refused {
            verdict = Verdict::Deny;
            push_item(&mut because, why);
        } else if let Some(fired) = fired {
            push_item(&mut because, if fired { "a trigger fired" } else { "no trigger fired" });
        }
        because.push(']');
        if out.len() > 1 {
            out.push(',');
        }
        out.push('{');
        push_text(out, "subject", &concat(&subject));
        push_text(out, "decision", verdict.word());
        push_member(out, "because", &because);
        if let Some(fired) = fired {
            push_member(out, "fired", if fired { "true" } else { "false" });
        }
        push_number(out, "consentRev", self.rev.into());
        push_text(out, "at", &self.at);
        out.push('}');
    }

    fn verdict(&self, requirement: Requirement) -> Verdict {
        requirement.evaluate(self.purposes, self.model)
    }
}

/// One event of the recent past.
#[derive(Debug)]
struct Record {
    at: u64,
    own_id: Option<String>,
    capture: u32,
    captured_rev: u32,
    refused: Option<&'static str>,
    kept_from: (u64, &'static str),
    /// The tags that the event fired; nothing while that has not been looked at.
    fired: Option<Vec<usize>>,
}

const MAX_GATES: usize = 64;
const MAX_RECORDS: usize = 1000;

/// The recent past: what the gate said at each revision, and which events passed then.
#[derive(Debug, Default)]
pub(crate) struct History {
    gates: Vec<Gate>,
    /// By capture number, around and around.
    records: Vec<Record>,
}

impl History {
    /// Notes the gate at the present revision.
    pub(crate) fn gate(&mut self, config: &Config, consent: &Consent, wall: u64) {
        let rev = consent.rev();
        let mut at = String::new();
        push_iso(&mut at, wall);
        let same = self.gates.iter().position(|known| known.rev == rev);
        if let Some(at) = same.or((self.gates.len() >= MAX_GATES).then_some(0)) {
            self.gates.remove(at);
        }
        let mut reasons = Vec::new();
        for purpose in 0..config.consent.purposes.len() + config.consent.vendors.len() {
            reasons.push(consent.reason(purpose).to_owned());
        }
        self.gates.push(Gate { rev, at, purposes: consent.purposes(), model: consent.model(), reasons });
    }

    /// What the gate said, the oldest first.
    pub(crate) fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// Notes an event. Captures are numbered from 1, without gaps.
    pub(crate) fn event(&mut self, capture: u32, at: u64, own_id: Option<String>, captured_rev: u32) {
        let record = Record { at, own_id, capture, captured_rev, refused: None, kept_from: (0, ""), fired: None };
        match self.record(capture) {
            Some(old) => *old = record,
            None => self.records.push(record),
        }
    }

    /// Notes the tags that an event fired, by position.
    pub(crate) fn fired(&mut self, capture: u32, tags: Vec<usize>) {
        if let Some(record) = self.record(capture).filter(|record| record.capture == capture) {
            record.fired = Some(tags);
        }
    }

    /// Notes why nobody gets an event.
    pub(crate) fn refused(&mut self, capture: u32, why: &'static str) {
        if let Some(record) = self.record(capture).filter(|record| record.capture == capture) {
            record.refused = Some(why);
        }
    }

    /// Notes destinations that do not get an event, a bit each, and why.
    pub(crate) fn kept_from(&mut self, capture: u32, lanes: u64, why: &'static str) {
        if let Some(record) = self.record(capture).filter(|record| record.capture == capture) {
            record.kept_from = (record.kept_from.0 | lanes, why);
        }
    }

    /// What the gate says now, a JSON list.
    pub(crate) fn now(&self, config: &Config) -> String {
        let mut out = String::from("[");
        if let Some(gate) = self.gates.last() {
            gate.push_decisions(&mut out, config, &Question { fired: None, later: &[], refused: None, kept_from: (0, "") });
        }
        out.push(']');
        out
    }

    /// What the gate said of one event: at its call, and for what had to wait, at the later decision. An empty list
    /// where the event is not known (any more).
    pub(crate) fn of(&self, message_id: &str, ids: &Ids, config: &Config) -> String {
        let is = |record: &&Record| match &record.own_id {
            Some(own) => own == message_id,
            None => ids.message(record.at, record.capture) == message_id,
        };
        let mut out = String::from("[");
        if let Some(record) = self.records.iter().find(is)
            && let Some(gate) = self.at(record.captured_rev)
        {
            let Record { refused, kept_from, .. } = *record;
            let question = Question { fired: record.fired.as_deref(), later: &self.gates, refused, kept_from };
            gate.push_decisions(&mut out, config, &question);
        }
        out.push(']');
        out
    }

    /// What an event captured at a revision may do that needs this: what was denied it or taken back since stays so.
    pub(crate) fn verdict(&self, rev: u32, requirement: Requirement) -> Verdict {
        let mut verdict = self.at(rev).map_or(Verdict::Deny, |gate| gate.verdict(requirement));
        for gate in self.gates.iter().filter(|gate| gate.rev > rev) {
            verdict = match (verdict, gate.verdict(requirement)) {
                (Verdict::Deny, _) | (Verdict::Allow, Verdict::Pending) => Verdict::Deny,
                (_, next) => next,
            };
        }
        verdict
    }

    fn record(&mut self, capture: u32) -> Option<&mut Record> {
        self.records.get_mut(capture.wrapping_sub(1) as usize % MAX_RECORDS)
    }

    fn at(&self, rev: u32) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.rev == rev)
    }
}
