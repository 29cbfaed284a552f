//! Why something was let through or not: what the gate said, and on which rules.

use crate::config::Config;
use crate::consent::{Consent, Model, PurposeState, Reason, Requirement, Verdict};
use crate::ids::Ids;
use crate::time::push_iso;
use std::collections::VecDeque;
use std::rc::Rc;

/// What the gate said of one destination or tag (CONTRACT, section 3, `explain`).
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// `destination:<id>` or `tag:<id>`.
    pub subject: String,
    /// The answer.
    pub decision: Verdict,
    /// The rules it rests on, in words.
    pub because: Vec<String>,
    /// The consent revision at which it was given.
    pub consent_rev: u32,
    /// When, ISO 8601 in UTC.
    pub at: String,
}

/// The purposes' states and who is behind them, as the rules in words need it.
pub(crate) struct Ground<'a> {
    pub(crate) states: &'a [PurposeState],
    pub(crate) model: Model,
    pub(crate) reason: &'a dyn Fn(usize) -> String,
    pub(crate) rev: u32,
    pub(crate) at: u64,
}

impl Ground<'_> {
    /// What the gate says of every destination and tag of a config.
    pub(crate) fn decisions(&self, config: &Config) -> Vec<Decision> {
        let destinations = config.destinations.iter().map(|d| (["destination:", &d.id].concat(), &d.consent));
        let tags = config.tags.iter().map(|t| (["tag:", &t.id].concat(), &t.consent));
        destinations.chain(tags).map(|(subject, requirement)| self.decision(config, subject, requirement)).collect()
    }

    fn decision(&self, config: &Config, subject: String, requirement: &Requirement) -> Decision {
        let mut because = Vec::new();
        if requirement.is_empty() {
            because.push(String::from("names no consent requirement: what is not mapped is denied"));
        }
        for purpose in requirement.purposes() {
            let id = config.consent.purposes.get(purpose).map_or("", |purpose| purpose.id.as_str());
            let state = match self.states.get(purpose) {
                Some(PurposeState::Granted) => " granted: ",
                Some(PurposeState::Denied) => " denied: ",
                _ if self.model.unknown_passes() => " not decided, which passes under this model: ",
                _ => " not decided, which waits under this model: ",
            };
            because.push([id, state, &(self.reason)(purpose)].concat());
        }
        let mut at = String::new();
        push_iso(&mut at, self.at);
        Decision { subject, decision: requirement.evaluate(self.states, self.model), because, consent_rev: self.rev, at }
    }
}

/// A reason in words.
pub(crate) fn words(reason: &Reason) -> String {
    match reason {
        Reason::Always => String::from("strictly necessary"),
        Reason::Source(source) => source.clone(),
        Reason::Gpc => String::from("Global Privacy Control"),
        Reason::Undecided => String::from("no decision yet"),
    }
}

/// The gate of one consent revision.
#[derive(Debug)]
struct Epoch {
    rev: u32,
    decisions: Vec<Decision>,
}

/// One event of the recent past.
#[derive(Debug)]
struct Record {
    capture: u32,
    at: u64,
    own_id: Option<Rc<str>>,
    captured: u32,
    released: Option<u32>,
    fired: Vec<usize>,
}

const MAX_EPOCHS: usize = 64;
const MAX_RECORDS: usize = 1000;

/// The recent past: what the gate said at each revision, and which events passed then.
#[derive(Debug, Default)]
pub(crate) struct History {
    epochs: VecDeque<Epoch>,
    records: VecDeque<Record>,
}

impl History {
    /// Notes the gate at the present revision.
    pub(crate) fn gate(&mut self, config: &Config, consent: &Consent, at: u64) {
        let reason = |purpose| words(consent.reason(purpose));
        let ground = Ground { states: consent.states(), model: consent.model(), reason: &reason, rev: consent.rev(), at };
        let epoch = Epoch { rev: consent.rev(), decisions: ground.decisions(config) };
        self.epochs.retain(|known| known.rev != epoch.rev);
        if self.epochs.len() >= MAX_EPOCHS {
            self.epochs.pop_front();
        }
        self.epochs.push_back(epoch);
    }

    /// Notes an event and the tags that it fired, by position.
    pub(crate) fn event(&mut self, capture: u32, at: u64, own_id: Option<&str>, rev: u32, fired: Vec<usize>) {
        if self.records.len() >= MAX_RECORDS {
            self.records.pop_front();
        }
        self.records.push_back(Record { capture, at, own_id: own_id.map(Rc::from), captured: rev, released: None, fired });
    }

    /// Notes that an event that waited was released or refused at a later revision.
    pub(crate) fn release(&mut self, capture: u32, rev: u32) {
        let first = self.records.front().map_or(capture, |record| record.capture);
        if let Some(record) = capture.checked_sub(first).and_then(|at| self.records.get_mut(at as usize)) {
            record.released = Some(rev);
        }
    }

    /// What the gate says now.
    pub(crate) fn now(&self) -> Vec<Decision> {
        self.epochs.back().map_or(Vec::new(), |epoch| epoch.decisions.clone())
    }

    /// What the gate said of one event: at its call, and for what had to wait, at the later decision. Nothing where the
    /// event is not known (any more).
    pub(crate) fn of(&self, message_id: &str, ids: &Ids, tags_from: usize) -> Vec<Decision> {
        let is = |record: &&Record| match &record.own_id {
            Some(own) => **own == *message_id,
            None => ids.message(record.at, record.capture) == message_id,
        };
        let Some(record) = self.records.iter().rev().find(is) else { return Vec::new() };
        let mut decisions = self.at(record.captured);
        for (tag, decision) in decisions.iter_mut().skip(tags_from).enumerate() {
            let fired = record.fired.contains(&tag);
            decision.because.push(String::from(if fired { "a trigger fired" } else { "no trigger fired" }));
        }
        if let Some(released) = record.released {
            let waited =
                |decision: &Decision| decisions.iter().any(|d| d.subject == decision.subject && d.decision == Verdict::Pending);
            let later: Vec<Decision> = self.at(released).into_iter().filter(waited).collect();
            decisions.extend(later);
        }
        decisions
    }

    fn at(&self, rev: u32) -> Vec<Decision> {
        self.epochs.iter().find(|epoch| epoch.rev == rev).map_or(Vec::new(), |epoch| epoch.decisions.clone())
    }
}
