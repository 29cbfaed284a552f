//! Consent changes: who may see what from now on, and what becomes of what waits or is queued.

use super::{Runtime, mint};
use crate::consent::{MEMORY_KEY, Memory, Verdict};
use crate::effect::{Effect, Notice};
use crate::json::{self, push_member};
use crate::ledger::DropReason;
use crate::queue::Waiting;
use crate::stamp::Stamp;
use crate::time::Now;
use std::rc::Rc;

impl Runtime {
    pub(super) fn set_consent(&mut self, purposes: &str, explicit: bool, now: Now) {
        let (changed, unknown) = self.consent.set(purposes, explicit, now);
        for what in unknown {
            let message = ["consent.set: ", &what].concat();
            self.problem("consent_invalid", &message);
        }
        if changed {
            self.consent_changed(now);
        }
        // An unchanged decision is renewed too. It is written once it is known what other tabs decided meanwhile.
        let remembered = explicit && self.read_memory();
        if changed && !remembered {
            self.tell_other_tabs();
        }
    }

    /// Asks for the remembered decision, which another tab may have changed. Returns whether there may be one.
    pub(super) fn read_memory(&mut self) -> bool {
        let remember = self.config.consent.remember;
        if remember && !std::mem::replace(&mut self.reading_memory, true) {
            self.out.push(Effect::Read { key: MEMORY_KEY.to_owned() });
        }
        remember
    }

    pub(super) fn signal(&mut self, source: &str, text: &str, now: Now) {
        if self.consent.signal(source, text) {
            self.consent_changed(now);
            self.tell_other_tabs();
        }
    }

    /// Another tab speaks: of consent, or that everything is forgotten.
    pub(super) fn message(&mut self, message: &str, now: Now) {
        if json::at_path(message, "forget").is_some() {
            return self.forget();
        }
        let Some(denied) = json::at_path(message, "denied") else { return };
        self.read_memory();
        self.out.push(Effect::Notify(Notice::ConsentHint));
        if self.consent.other_tab(denied) {
            self.consent_changed(now);
        }
    }

    /// The remembered decision was read again: what another tab decided holds here too, and what was decided here
    /// joins it.
    pub(super) fn memory_read(&mut self, text: Option<&str>, now: Now) {
        if !std::mem::take(&mut self.reading_memory) {
            return;
        }
        let spoken = self.consent.has_spoken();
        let memory = text.and_then(|text| Memory::read(text, &self.config.consent, now));
        if self.consent.restore(memory) {
            self.consent_changed(now);
        }
        if let Some(memory) = self.consent.memory().filter(|_| spoken) {
            self.consent.note_stored(true);
            self.out.push(Effect::Write { key: MEMORY_KEY.to_owned(), value: memory.write(&self.config.consent) });
            self.tell_other_tabs();
        }
        self.knows_memory = true;
    }

    pub(super) fn check_expiry(&mut self, now: Now) {
        if self.consent.expires().is_some_and(|expires| expires <= now.wall) {
            self.out.push(Effect::Remove { key: MEMORY_KEY.to_owned() });
            self.consent.note_stored(true);
            if self.consent.restore(None) {
                self.consent_changed(now);
            }
        }
    }

    /// Applies the present state of consent everywhere, in the same task.
    pub(super) fn consent_changed(&mut self, now: Now) {
        self.consent_stamp = self.consent.stamp();
        self.history.gate(&self.config, &self.consent, now.wall);
        self.decide_lanes();
        self.decide_identity();
        self.release_waiting(now);
        self.requeue_adopted(now);
        self.decide_tags();
        self.write_gate();
        self.out.push(Effect::Notify(Notice::Consent(self.consent.report())));
    }

    /// Gives every destination its verdict; one that lost its grant loses its requests and queued events at once. What
    /// other tabs hold for it goes too, and where it is denied now, what a page of an earlier grant left behind.
    fn decide_lanes(&mut self) {
        let mut lost: Vec<usize> = Vec::new();
        let mut purged: Vec<usize> = Vec::new();
        for at in 0..self.lanes.len() {
            let requirement = self.config.destinations.get(at).map(|destination| destination.consent.clone()).unwrap_or_default();
            let verdict = requirement.evaluate(self.consent.states(), self.consent.model());
            let Some(lane) = self.lanes.get_mut(at) else { continue };
            let had = std::mem::replace(&mut lane.verdict, verdict);
            if had == Verdict::Allow && verdict != Verdict::Allow {
                lost.push(at);
                self.withdraw(at);
            }
            if had != verdict && (had == Verdict::Allow || verdict == Verdict::Deny) {
                purged.push(at);
            }
        }
        if !lost.is_empty() {
            for page in self.journal.ids() {
                self.journal.withdraw(page, &lost, &mut self.out);
            }
            self.commit();
        }
        if !purged.is_empty() {
            self.purge_other_tabs(&purged);
        }
    }

    fn withdraw(&mut self, at: usize) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        if let Some(flight) = &lane.flight {
            self.out.push(Effect::Abort { request: flight.request });
        }
        lane.land();
        lane.due = None;
        lane.split = None;
        lane.counts.drop(DropReason::Withdrawn, lane.counts.queued);
        lane.counts.queued = 0;
        lane.queue.clear();
    }

    fn decide_identity(&mut self) {
        let verdict = match &self.config.identity {
            Some(requirement) => requirement.evaluate(self.consent.states(), self.consent.model()),
            None if self.lanes.iter().any(|lane| lane.verdict == Verdict::Allow) => Verdict::Allow,
            None if self.lanes.iter().all(|lane| lane.verdict == Verdict::Deny) => Verdict::Deny,
            None => Verdict::Pending,
        };
        let mint = mint(&self.ids, &mut self.randoms);
        self.identity.allow(verdict == Verdict::Allow, verdict == Verdict::Deny, mint, &mut self.out);
        self.renew_stamp();
    }

    /// What waited goes where it may now, under its own identifier and time; the rest waits on or is forgotten.
    fn release_waiting(&mut self, now: Now) {
        let (allowed, pending) = (self.lanes_with(Verdict::Allow), self.lanes_with(Verdict::Pending));
        let rev = self.consent.rev();
        let mut stamps: Option<(Rc<Stamp>, Rc<Stamp>)> = None;
        let mut consents: Option<(u32, Rc<str>)> = None;
        for waiting in self.waiting.take() {
            let denied = waiting.lanes & !allowed & !pending;
            let released = waiting.lanes & allowed;
            if denied | released != 0 {
                self.history.release(waiting.capture, rev);
            }
            self.drop_waiting(denied, DropReason::Denied);
            if released != 0 {
                let stamp = match &stamps {
                    Some((from, to)) if Rc::ptr_eq(from, &waiting.stamp) => to.clone(),
                    _ => self.with_identity(&waiting.stamp),
                };
                stamps = Some((waiting.stamp.clone(), stamp.clone()));
                let consent = match &consents {
                    Some((captured, consent)) if *captured == waiting.captured_rev => consent.clone(),
                    _ => self.stamp_with_captured(waiting.captured_rev),
                };
                consents = Some((waiting.captured_rev, consent.clone()));
                self.release(&waiting, released, &stamp, &consent, now);
            }
            let lanes = waiting.lanes & pending;
            if lanes != 0 {
                self.waiting.push(Waiting { lanes, ..waiting });
            }
        }
    }

    fn release(&mut self, waiting: &Waiting, lanes: u64, stamp: &Rc<Stamp>, consent: &Rc<str>, now: Now) {
        for (_, lane) in self.lanes.iter_mut().enumerate().filter(|(at, _)| lanes >> at & 1 == 1) {
            lane.counts.pending -= 1;
        }
        let page = self.page_for(stamp, consent, lanes, now);
        if let Some(held) = self.journal.page_mut(page) {
            // Its size was checked when it began to wait.
            let _ = held.append(usize::MAX, |out| out.push_str(&waiting.line));
        }
        self.enqueue_last(page, lanes, now);
    }

    /// An event from before the grant gets the identifier that the grant allowed.
    fn with_identity(&self, stamp: &Rc<Stamp>) -> Rc<Stamp> {
        if stamp.anonymous_id.is_some() {
            return stamp.clone();
        }
        Rc::new(Stamp { anonymous_id: self.identity.anonymous_id().cloned(), ..(**stamp).clone() })
    }

    /// The grant that released an event, with the revision at which it was captured beside it.
    fn stamp_with_captured(&self, captured_rev: u32) -> Rc<str> {
        let mut out = self.consent_stamp.to_string();
        push_member(&mut out, "capturedRev", &captured_rev.to_string());
        out.into()
    }

    fn decide_tags(&mut self) {
        for (tag, runner) in self.config.tags.iter().zip(&mut self.tags) {
            let verdict = tag.consent.evaluate(self.consent.states(), self.consent.model());
            runner.decide(tag, verdict, &mut self.out);
        }
    }

    /// While everything waits for a decision, what an earlier page left stays as it is.
    fn write_gate(&mut self) {
        let key = crate::keys::GATE.to_owned();
        if self.lanes.iter().any(|lane| lane.verdict == Verdict::Allow) {
            let value = ["{\"v\":1,\"rev\":", &self.consent.rev().to_string(), "}"].concat();
            self.out.push(Effect::Write { key, value });
        } else if self.lanes.iter().all(|lane| lane.verdict == Verdict::Deny) {
            self.out.push(Effect::Remove { key });
        }
    }

    fn tell_other_tabs(&mut self) {
        let message = ["{\"denied\":", &self.consent.denied(), "}"].concat();
        self.out.push(Effect::Post { message });
    }
}
