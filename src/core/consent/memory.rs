//! The remembered decision: `tg_consent` in local storage. It holds no identifier. Behind it may stand, a line each, what pages said by
//! `consent.set` whose core did not come (`js/early.ts`): the last word on a purpose counts.

use super::{ConsentConfig, Purposes, Reading};
use crate::json::{at_path, members, push_member, push_number, whole};
use crate::text::{cut, next_piece};
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
        let number = |key| at_path(text, key).and_then(whole);
        let (expires, rev) = (number("expires")?, number("rev")?);
        let current = number("v") == Some(1) && number("policy") == Some(u64::from(config.policy_revision));
        if !config.remember || !current || expires <= now.wall {
            return None;
        }
        let mut reading = Reading { decided: true, ..Reading::silent("manual") };
        let mut said = cut(text, "\n").map(|(_, said)| said);
        let mut purposes = at_path(text, "purposes");
        while let Some(line) = purposes {
            for (id, raw) in members(line) {
                let purpose = config.purpose(&id).unwrap_or(0);
                if matches!(raw, "true" | "false") {
                    let is_granted = raw == "true";
                    reading.granted = if is_granted { reading.granted | purpose } else { reading.granted & !purpose };
                    reading.denied = if is_granted { reading.denied & !purpose } else { reading.denied | purpose };
                }
            }
            purposes = next_piece(&mut said, "\n");
        }
        Some(Memory { rev: rev.try_into().ok()?, reading, expires })
    }

    /// The text to store for a decision made now.
    pub fn write(&self, config: &ConsentConfig) -> String {
        let decided = Purposes { granted: self.reading.granted, denied: self.reading.denied, held: 0 };
        let mut out = String::from("{\"v\":1");
        push_number(&mut out, "rev", self.rev.into());
        push_number(&mut out, "policy", config.policy_revision.into());
        push_number(&mut out, "expires", self.expires);
        push_member(&mut out, "purposes", &config.preferences(decided));
        out.push('}');
        out
    }
}
