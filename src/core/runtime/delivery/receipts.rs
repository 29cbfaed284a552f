//! Receipts: what the visitor's consent was at each revision, by whom and when, so that the stamp on an event can be traced back.
//! In memory until storage is allowed, then stored for the pages to come.

use super::super::Runtime;
use super::part;
use crate::consent::Verdict;
use crate::explain::Gate;
use crate::input::Verb;
use crate::json::{elements, member, push_member, push_number, push_text};
use crate::keys::RECEIPTS;

/// How many are kept, and bytes of them.
pub(super) const MAX_RECEIPTS: usize = 100;
pub(super) const MAX_RECEIPT_BYTES: usize = 32 * 1024;

impl Runtime {
    /// Consent changed: what earlier pages and other tabs stored is read, then joined.
    pub(super) fn renew_receipts(&mut self) {
        self.out.read(RECEIPTS);
    }

    /// The stored ones were read.
    pub(super) fn receipts_read(&mut self, stored: Option<&str>) {
        let before = stored.unwrap_or("[]");
        if self.lanes_with(Verdict::Allow) != 0 {
            let preferences = self.config.consent.preferences(self.consent.purposes());
            let told = elements(before).last().and_then(|last| member(last, "categoryPreferences"));
            let all = part::receipts(self, before);
            if all != before {
                self.out.write(RECEIPTS, all.clone());
            }
            self.delivery.receipts = all;
            if self.config.consent.update_event && told != Some(&preferences) && self.consent.is_decided() {
                self.capture(Verb::Track, "[\"Segment Consent Preference Updated\"]", self.now.wall);
            }
        }
    }

    pub(super) fn receipt(&self, gate: &Gate) -> String {
        let consent = &self.config.consent;
        let mut because = String::from("{");
        for (at, reason) in gate.reasons.iter().enumerate() {
            push_text(&mut because, &consent.name(at), reason);
        }
        because.push('}');
        let mut out = String::from("{");
        push_number(&mut out, "rev", gate.rev.into());
        push_text(&mut out, "at", &gate.at);
        push_text(&mut out, "model", gate.model.word());
        push_number(&mut out, "policyRevision", consent.policy_revision.into());
        push_member(&mut out, "categoryPreferences", &consent.preferences(gate.purposes));
        push_member(&mut out, "because", &because);
        out.push('}');
        out
    }
}
