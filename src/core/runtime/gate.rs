//! Consent changes: who may see what from now on, and what becomes of what waits or is queued.

use super::Runtime;
use crate::consent::{MEMORY_KEY, Memory, Requirement, Verdict};
use crate::effect::{Effect, Erasure, Notice, Part};
use crate::json::{member, push_item, push_member, push_number, whole};
use crate::keys::{GATE, IDENTITY, RECEIPTS};
use crate::ledger::DropReason;
use crate::stamp::Stamp;
use crate::text::{concat, cut};
use std::rc::Rc;

/// How long another tab's decision may take to show in storage, and how often that is looked at, in milliseconds.
const AWAITED_MS: u64 = 3_000;
const AGAIN_MS: u64 = 100;

/// A decision that another tab told of: a message overtakes what its process writes to storage.
pub(super) struct Awaited {
    /// When it ends, by which it is known.
    expires: u64,
    /// When storage is read again, and until when, on the monotonic clock.
    again: u64,
    until: u64,
}

impl Awaited {
    pub(super) fn again(&self) -> u64 {
        self.again
    }
}

impl Runtime {
    pub(super) fn set_consent(&mut self, purposes: &str, explicit: bool) {
        let (changed, unknown) = self.consent.set(purposes, explicit, self.now);
        for what in unknown {
            self.trouble("consent_invalid", &what);
        }
        if changed {
            self.consent_changed();
        }
        // An unchanged decision is renewed too. It is written once it is known what other tabs decided meanwhile.
        if explicit {
            self.read_consent();
        }
        if changed && !(explicit && self.config.consent.remember) {
            self.tell_other_tabs();
        }
    }

    /// Asks for what other tabs may have changed: what consent platforms keep, and the remembered decision.
    pub(super) fn read_consent(&mut self) {
        if !std::mem::replace(&mut self.reading_consent, true) {
            if self.identity.anonymous_id().is_none() {
                self.out.read(IDENTITY);
            }
            self.out.push(Effect::ReadSignals);
            self.out.read(MEMORY_KEY);
        }
    }

    pub(super) fn signal(&mut self, source: &str, text: &str) {
        let (changed, fault) = self.consent.signal(source, text, self.now);
        if let Some(fault) = fault {
            self.trouble("consent_string", &concat(&[source, ": ", &fault]));
        }
        if changed {
            self.consent_changed();
            self.tell_other_tabs();
        }
        self.ask_for_strings();
    }

    /// What reads strings is a part of the core that comes with the first one.
    pub(super) fn ask_for_strings(&mut self) {
        if self.consent.wants_strings() && self.strings.asks(self.now) {
            self.out.push(Effect::LoadPart { part: Part::Strings });
        }
    }

    /// It came, or did not.
    pub(super) fn strings_came(&mut self, ok: bool) {
        self.strings.came(ok, self.now);
        if ok {
            for known in self.consent.read_strings() {
                let (source, signal) = cut(&known, " ").unwrap_or_default();
                self.signal(source, signal);
            }
            self.consent.strings_are_read();
        }
    }

    /// Another tab speaks: of consent, or that everything is forgotten.
    pub(super) fn message(&mut self, message: &str) {
        if member(message, "forget").is_some() {
            return self.forget();
        }
        let denied = member(message, "denied");
        if self.identity.hear(member(message, "identity"), denied.is_none(), &mut self.out) {
            self.renew_stamp();
        }
        let Some(denied) = denied else { return };
        if let Some(expires) = member(message, "expires").and_then(whole) {
            self.awaited = Some(Awaited { expires, again: 0, until: self.now.mono.saturating_add(AWAITED_MS) });
        }
        self.read_consent();
        self.out.notify(Notice::ConsentHint);
        if self.consent.other_tab(denied) {
            self.consent_changed();
        }
    }

    /// The remembered decision was read again: what another tab decided holds here too, and what was decided here
    /// joins it.
    pub(super) fn consent_read(&mut self, text: Option<&str>) {
        if !std::mem::take(&mut self.reading_consent) {
            return;
        }
        let spoken = self.consent.has_spoken();
        let memory = text.and_then(|text| Memory::read(text, &self.config.consent, self.now));
        if let Some(awaited) = &mut self.awaited {
            awaited.again = self.now.mono.saturating_add(AGAIN_MS);
            let is_here = memory.as_ref().is_some_and(|memory| memory.expires >= awaited.expires);
            if is_here || self.now.mono >= awaited.until {
                self.awaited = None;
            }
        }
        if self.consent.restore(memory) {
            self.consent_changed();
        }
        if let Some(memory) = self.consent.memory().filter(|_| spoken) {
            self.consent.note_stored(true);
            self.out.write(MEMORY_KEY, memory.write(&self.config.consent));
            self.tell_other_tabs();
        }
        self.identity_is_fresh = false;
        // Nothing leaves under a state that is not applied yet.
        self.knows_consent = !self.reading_identity;
    }

    /// Reads again what another tab's decision has not shown in yet.
    pub(super) fn look_again(&mut self) {
        if self.awaited.as_ref().is_some_and(|awaited| awaited.again <= self.now.mono) {
            self.read_consent();
        }
    }

    /// A remembered decision ends.
    pub(super) fn check_expiry(&mut self) {
        if self.consent.expires().is_some_and(|expires| expires <= self.now.wall) {
            self.out.remove(MEMORY_KEY);
            self.consent.note_stored(true);
            if self.consent.restore(None) {
                self.consent_changed();
            }
        }
    }

    /// Consent changed. Where an identifier would be minted, what another tab stored since this page began is read first, in
    /// the same task: one visitor has one.
    pub(super) fn consent_changed(&mut self) {
        let is_known = self.identity.anonymous_id().is_some() || self.identity_is_fresh;
        if is_known || self.identity_verdict() != Verdict::Allow {
            self.apply_consent();
        } else if !std::mem::replace(&mut self.reading_identity, true) {
            self.out.read(IDENTITY);
        }
    }

    /// The stored identity was read.
    pub(super) fn identity_read(&mut self, text: Option<&str>) {
        if self.identity.hear(text, false, &mut self.out) {
            self.renew_stamp();
        }
        // What is read with it comes next.
        self.identity_is_fresh = self.reading_consent;
        if std::mem::take(&mut self.reading_identity) {
            self.apply_consent();
        }
        if std::mem::take(&mut self.tell_due) {
            self.tell_other_tabs();
        }
    }

    /// Applies the present state of consent everywhere.
    pub(super) fn apply_consent(&mut self) {
        self.history.gate(&self.config, &self.consent, self.now.wall);
        // What waits for another grant under an identifier that is withdrawn would bring it back.
        let forgets = self.identity.is_allowed() && self.identity_verdict() != Verdict::Allow;
        let lost = self.decide_lanes();
        self.decide_identity();
        self.release_waiting(lost, forgets);
        self.decide_adopted();
        self.decide_tags(forgets);
        self.decide_plugins(forgets);
        self.write_gate(lost);
        self.out.notify(Notice::Consent(self.consent.report()));
    }

    /// Gives every destination its verdict; one that lost its grant loses its requests and queued events at once. What
    /// other tabs hold for it goes too, and where it is denied now, what a page of an earlier grant left behind. Returns
    /// those that lost it.
    fn decide_lanes(&mut self) -> u64 {
        let (mut lost, mut purged) = (0, 0);
        for at in 0..self.lanes.len() {
            let requirement = self.config.destinations.get(at).map(|destination| destination.consent).unwrap_or_default();
            let verdict = requirement.evaluate(self.consent.purposes(), self.consent.model());
            let Some(lane) = self.lanes.get_mut(at) else { continue };
            let had = std::mem::replace(&mut lane.verdict, verdict);
            if had == Verdict::Allow && verdict != Verdict::Allow {
                lost |= 1 << at;
                self.withdraw(at);
            }
            if had != verdict && (had == Verdict::Allow || verdict == Verdict::Deny) {
                purged |= 1 << at;
            }
        }
        if lost != 0 {
            for page in self.journal.ids() {
                self.journal.withdraw(page, lost, &mut self.out);
            }
            self.commit();
        }
        if purged != 0 {
            self.purge_left(purged);
        }
        lost
    }

    /// Takes back what other tabs and earlier pages left for these destinations, the journal's copy included.
    pub(super) fn purge_left(&mut self, lanes: u64) {
        self.purge_other_tabs(lanes);
        let erasure = match self.lanes_with(Verdict::Allow) {
            0 if self.had_gate => Erasure::Everything,
            0 => Erasure::IfAny,
            _ => Erasure::WhatIsDenied,
        };
        self.out.notify(Notice::Erase(erasure));
    }

    fn withdraw(&mut self, at: usize) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        if let Some(flight) = lane.flight.take() {
            self.out.abort(flight.request);
        }
        lane.due = None;
        lane.split = None;
        lane.lost.clear();
        lane.past.drop(DropReason::Withdrawn, lane.queue.len() as u32);
        lane.queue.clear();
    }

    /// What consent says of storing identifiers: by a requirement of its own, or as soon as some destination is allowed.
    fn identity_verdict(&self) -> Verdict {
        let evaluate = |requirement: Requirement| requirement.evaluate(self.consent.purposes(), self.consent.model());
        if let Some(requirement) = self.config.identity {
            return evaluate(requirement);
        }
        let mut all = self.own_verdict();
        for destination in &self.config.destinations {
            match evaluate(destination.consent) {
                Verdict::Allow => return Verdict::Allow,
                Verdict::Pending if all == Verdict::Deny => all = Verdict::Pending,
                Verdict::Pending | Verdict::Deny => {}
            }
        }
        all
    }

    fn decide_identity(&mut self) {
        let verdict = self.identity_verdict();
        self.identity.allow(verdict == Verdict::Allow, verdict == Verdict::Deny, &mut self.ids, &mut self.out);
        self.renew_stamp();
    }

    /// What waited goes where it may now, under its own identifier and time; the rest waits on or is forgotten. What plugins
    /// hold stays, but for destinations that lost their grant (`lost`) meanwhile. What carries an identifier that is to be forgotten
    /// goes nowhere.
    pub(super) fn release_waiting(&mut self, lost: u64, forgets: bool) {
        let allowed = self.lanes_with(Verdict::Allow);
        let open = allowed | self.lanes_with(Verdict::Pending);
        let mut stamps: Option<(Rc<Stamp>, Rc<Stamp>)> = None;
        for mut waiting in self.waiting.take() {
            if forgets && waiting.stamp.anonymous_id.is_some() {
                self.drop_waiting(waiting.lanes, DropReason::Withdrawn);
                continue;
            }
            self.drop_waiting(waiting.lanes & open & lost, DropReason::Withdrawn);
            self.drop_waiting(waiting.lanes & !open, DropReason::Denied);
            waiting.lanes &= open & !lost;
            let released = waiting.lanes & allowed;
            if released != 0 && waiting.edition == 0 {
                let stamp = match &stamps {
                    Some((from, to)) if Rc::ptr_eq(from, &waiting.stamp) => to.clone(),
                    _ => self.released_stamp(&waiting.stamp),
                };
                stamps = Some((waiting.stamp.clone(), stamp.clone()));
                self.release(&waiting.line, &stamp, released);
                waiting.lanes &= !released;
            }
            // Tags may still want what no destination does.
            if waiting.lanes != 0 || waiting.edition != 0 && !waiting.is_share {
                self.waiting.push(waiting);
            }
        }
    }

    /// What waited for these destinations goes to them.
    pub(super) fn release(&mut self, line: &str, stamp: &Rc<Stamp>, lanes: u64) {
        if lanes != 0 {
            self.each_lane(lanes, &mut |lane| lane.past.pending -= 1);
            self.queue(line, stamp, lanes);
        }
    }

    /// An event from before the grant gets the identifier that the grant allowed, and the grant's consent with the
    /// revision at which it was captured beside it.
    pub(super) fn released_stamp(&self, captured: &Stamp) -> Rc<Stamp> {
        let mut consent = String::from(&*self.stamp.consent);
        push_number(&mut consent, "capturedRev", captured.rev.into());
        let mut stamp = Stamp { consent: consent.into(), rev: self.stamp.rev, ..captured.clone() };
        if stamp.anonymous_id.is_none() {
            // One visitor of this page is not another.
            stamp.anonymous_id = match &self.stamp.anonymous_id {
                Some(_) if captured.epoch != self.stamp.epoch => Some(self.ids.of_epoch(captured.epoch).into()),
                own => own.clone(),
            };
        }
        Rc::new(stamp)
    }

    /// While everything waits for a first decision, what an earlier page left stays as it is. `lost`: destinations whose grant ended.
    fn write_gate(&mut self, lost: u64) {
        if self.lanes.iter().any(|lane| lane.verdict == Verdict::Allow) {
            let mut value = String::from("{");
            push_number(&mut value, "v", 1);
            push_number(&mut value, "rev", self.consent.rev().into());
            if let Some(expires) = self.consent.expires() {
                push_number(&mut value, "expires", expires);
            }
            // What a page calls before its own core comes is for these, of this project.
            push_member(&mut value, "to", "[");
            push_item(&mut value, &self.config.write_key);
            for (lane, destination) in self.lanes.iter().zip(&self.config.destinations) {
                if lane.verdict == Verdict::Allow {
                    push_item(&mut value, &destination.id);
                }
            }
            value.push_str("]}");
            self.out.write(GATE, value);
            self.had_gate = true;
        } else if lost != 0 || self.lanes.iter().all(|lane| lane.verdict == Verdict::Deny) {
            self.out.remove(GATE);
            self.out.remove(RECEIPTS);
        }
    }

    fn tell_other_tabs(&mut self) {
        if self.reading_identity {
            self.tell_due = true;
            return;
        }
        let mut message = concat(&["{\"denied\":", &self.consent.denied()]);
        if self.identity.is_allowed() {
            push_member(&mut message, "identity", &self.identity.stored_text());
        }
        if let Some(memory) = self.consent.memory() {
            push_number(&mut message, "expires", memory.expires);
        }
        message.push('}');
        self.out.post(message);
    }
}
