//! The remembered decision: `tg_consent` in local storage. It holds no identifier.

use super::{ConsentConfig, PurposeState, Reading};
use crate::json::{self, Value, push_string};
use crate::time::Now;

/// The storage key.
pub const KEY: &str = "tg_consent";

/// A decision made through `consent.set`, as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Memory {
    /// The revision at which it was made.
    pub rev: u32,
    /// What it says.
    pub reading: Reading,
    /// When it ends, in milliseconds since the Unix epoch.
    pub expires: u64,
}

impl Memory {
    /// Reads a stored decision. Nothing where it is unreadable, expired, of another policy revision, or where the
    /// config does not want it remembered.
    pub fn read(text: &str, config: &ConsentConfig, now: Now) -> Option<Self> {
        let value = json::parse(text).ok()?;
        let whole = |key| match value.member(key) {
            Some(Value::Number(text)) => text.parse::<u64>().ok(),
            _ => None,
        };
        let expires = whole("expires")?;
        let current = whole("v") == Some(1) && whole("policy") == Some(u64::from(config.policy_revision));
        if !config.remember || !current || expires <= now.wall {
            return None;
        }
        let mut reading = Reading::silent("manual", &config.purposes);
        for (purpose, state) in config.purposes.iter().zip(&mut reading.states) {
            *state = match value.member("purposes")?.member(&purpose.id) {
                Some(Value::Bool(true)) => Some(PurposeState::Granted),
                Some(Value::Bool(false)) => Some(PurposeState::Denied),
                _ => None,
            };
        }
        reading.decided = true;
        Some(Memory { rev: whole("rev")?.try_into().ok()?, reading, expires })
    }

    /// The text to store for a decision made now.
    pub fn write(&self, config: &ConsentConfig) -> String {
        let mut purposes = String::from("{");
        for (purpose, state) in config.purposes.iter().zip(&self.reading.states) {
            match state {
                Some(PurposeState::Granted) => json::push_member(&mut purposes, &purpose.id, "true"),
                Some(PurposeState::Denied) => json::push_member(&mut purposes, &purpose.id, "false"),
                _ => {}
            }
        }
        purposes.push('}');
        let mut out = String::from("{");
        json::push_member(&mut out, "v", "1");
        json::push_member(&mut out, "rev", &self.rev.to_string());
        json::push_member(&mut out, "policy", &config.policy_revision.to_string());
        json::push_member(&mut out, "expires", &self.expires.to_string());
        json::push_member(&mut out, "purposes", &purposes);
        out.push('}');
        out
    }
}

/// The denied purposes as a JSON list, for other tabs.
pub(super) fn push_denied(out: &mut String, config: &ConsentConfig, states: &[PurposeState]) {
    out.push('[');
    for (purpose, state) in config.purposes.iter().zip(states) {
        if *state == PurposeState::Denied {
            if !out.ends_with('[') {
                out.push(',');
            }
            push_string(out, &purpose.id);
        }
    }
    out.push(']');
}
