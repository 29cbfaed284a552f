//! Beginning, storage answers, and forgetting everything.

use super::Runtime;
use crate::consent::{MEMORY_KEY, Memory};
use crate::effect::{Effect, Notice};
use crate::explain::History;
use crate::identity::Identity;
use crate::json::{at_path, whole};
use crate::keys::{COOKIES, GATE, IDENTITY, RECEIPTS};
use crate::ledger::DropReason;
use crate::queue::ACK_PREFIX;

impl Runtime {
    /// Takes up what earlier pages left: first the decision, then what it allows.
    pub(super) fn restore(
        &mut self,
        identity: Option<&str>,
        cookies: [Option<&str>; 3],
        consent: Option<&str>,
        gate: Option<&str>,
        locks: bool,
    ) {
        self.had_gate = gate.is_some();
        if let Some(rev) = gate.and_then(|gate| at_path(gate, "rev")).and_then(whole) {
            // Whatever is known now, it is not what the last page knew: no two states share a revision.
            self.consent.resume_rev(u32::try_from(rev).unwrap_or(u32::MAX).saturating_add(1));
        }
        self.identity.restore(identity, cookies);
        if let Some(memory) = consent.and_then(|text| Memory::read(text, &self.config.consent, self.now)) {
            self.consent.restore(Some(memory));
        } else if consent.is_some() {
            // The grant it held has ended: nothing of it stays.
            self.out.remove(MEMORY_KEY);
            self.out.remove(GATE);
            self.out.remove(RECEIPTS);
            self.identity.allow(false, true, &mut self.ids, &mut self.out);
            self.purge_left(u64::MAX);
        }
        self.apply_consent();
        self.ask_for_strings();
        self.identity.share();
        self.locks = locks;
    }

    pub(super) fn stored(&mut self, key: &str, value: Option<&str>) {
        match key {
            MEMORY_KEY => self.consent_read(value),
            IDENTITY => self.identity_read(value),
            _ => self.page_read(key, value),
        }
    }

    pub(super) fn write_failed(&mut self, key: &str) {
        // An older text under this key may hold what is withdrawn since. An older acknowledgement is still true.
        if !key.starts_with(ACK_PREFIX) {
            self.out.remove(key);
        }
        if key == MEMORY_KEY {
            self.consent.note_stored(false);
        }
        if self.journal.write_failed(key) {
            self.trouble("storage_refused", "");
            self.evict();
        }
    }

    /// Deletes everything this SDK ever wrote here, tells other tabs, and stops.
    pub(super) fn forget(&mut self) {
        for lane in &self.lanes {
            if let Some(flight) = &lane.flight {
                self.out.abort(flight.request);
            }
        }
        self.stop_tags();
        self.out.push(Effect::RemoveAll { prefix: "tg_".to_owned() });
        COOKIES.iter().for_each(|name| self.out.cookie(name, "", 0));
        self.identity.erase_segment(&mut self.out);
        self.out.post("{\"forget\":true}".to_owned());
        self.out.notify(Notice::Forgotten);
        for lane in &mut self.lanes {
            lane.past.drop(DropReason::Withdrawn, lane.queue.len() as u32);
            lane.flight = None;
            lane.queue.clear();
        }
        for waiting in self.waiting.take() {
            self.drop_waiting(waiting.lanes, DropReason::Withdrawn);
        }
        self.forget_plugins();
        self.identity = Identity::new(false);
        self.history = History::default();
        self.forgotten = true;
    }
}
