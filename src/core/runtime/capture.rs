//! Taking a call: identity as of the call, the gate per destination, the journal or the waiting room, the tags.

use super::Runtime;
use crate::consent::Verdict;
use crate::event::{Call, Line, MAX_EVENT_BYTES};
use crate::input::Verb;
use crate::ledger::DropReason;
use crate::queue::{EventRef, Lane, Target, Waiting};
use crate::stamp::Stamp;
use crate::tags::{Fire, Firing, Occasion};
use crate::time::Now;
use std::rc::Rc;

const MAX_CIRCUMSTANCES: usize = 64;

/// What holds for events from one capture number on.
#[derive(Debug)]
pub(super) struct Circumstance {
    from: u32,
    page: Rc<str>,
    stamp: Rc<Stamp>,
    consent: Rc<str>,
}

impl Circumstance {
    fn finished(&self, call: &Call<'_>, message_id: &str, at: u64) -> String {
        let mut line = String::new();
        call.push_line(&mut line, message_id, at, &self.page, &self.stamp);
        let mut event = String::new();
        if let Some(line) = Line::parse(&line) {
            line.push_event(&mut event, &self.stamp, &self.consent, None);
        }
        event
    }
}

impl Runtime {
    pub(super) fn capture(&mut self, verb: Verb, args: &str, at: u64, now: Now) {
        let call = match Call::parse(verb, args) {
            Ok(call) => call,
            Err(message) => return self.problem("invalid_event", message),
        };
        self.captures += 1;
        for lane in &mut self.lanes {
            lane.counts.captured += 1;
        }
        let own_id = crate::json::at_path(call.options, "messageId").map(|raw| crate::json::text_of(raw).into_owned());
        self.history.event(self.captures, at, own_id, self.consent.rev());
        // Before identity is touched, so that what cannot travel changes nothing.
        if args.len() > 2 * MAX_EVENT_BYTES {
            return self.too_large(&call, args.len());
        }
        self.note_identity(&call);
        self.note_circumstance();
        let message_id = self.ids.message(at, self.captures);
        let (allowed, pending) = (self.lanes_with(Verdict::Allow), self.lanes_with(Verdict::Pending));
        let denied = !(allowed | pending);
        let queued = if allowed == 0 { Ok(()) } else { self.queue(&call, &message_id, at, allowed, now) };
        let waited = if pending == 0 || queued.is_err() { Ok(()) } else { self.wait(&call, &message_id, at, pending) };
        if let Err(bytes) = queued.and(waited) {
            return self.too_large(&call, bytes);
        }
        self.drop_for(denied, DropReason::Denied, 1);
        let fired = self.fire_tags(&call, &message_id, at);
        self.history.fired(self.captures, fired);
    }

    /// The finished event of a call that was captured before, rebuilt from what the caller still has: its capture
    /// number, arguments and call time. Exact while at most 64 changes of page, identity or consent lie between.
    pub fn event(&self, capture: u32, verb: Verb, args: &str, at: u64) -> Option<String> {
        let call = Call::parse(verb, args).ok()?;
        let then = self.circumstances.iter().rev().find(|then| then.from <= capture).or(self.circumstances.first())?;
        Some(then.finished(&call, &self.ids.message(at, capture), at))
    }

    /// Remembers what holds for the event being captured, where it changed.
    fn note_circumstance(&mut self) {
        let same = |last: &Circumstance| Rc::ptr_eq(&last.stamp, &self.stamp) && Rc::ptr_eq(&last.consent, &self.consent_stamp);
        if self.circumstances.last().is_some_and(same) {
            return;
        }
        if self.circumstances.len() >= MAX_CIRCUMSTANCES {
            self.circumstances.remove(0);
        }
        let (page, stamp, consent) = (self.surroundings.page().clone(), self.stamp.clone(), self.consent_stamp.clone());
        self.circumstances.push(Circumstance { from: self.captures, page, stamp, consent });
    }

    fn note_identity(&mut self, call: &Call<'_>) {
        let before = (self.identity.anonymous_id().cloned(), self.identity.user_id().cloned());
        let out = &mut self.out;
        match call.verb {
            Verb::Identify => self.identity.identify(call.id, call.body, &mut self.ids, out),
            Verb::Group => self.identity.group(call.id, call.body, out),
            Verb::Alias => self.identity.identify(call.id, "{}", &mut self.ids, out),
            Verb::Track | Verb::Page | Verb::Screen => return,
        }
        if before != (self.identity.anonymous_id().cloned(), self.identity.user_id().cloned()) {
            self.renew_stamp();
        }
    }

    /// Appends to the open journal page. The error is the size of an event that is too large.
    fn queue(&mut self, call: &Call<'_>, message_id: &str, at: u64, lanes: u64, now: Now) -> Result<(), usize> {
        let (stamp, consent) = (self.stamp.clone(), self.consent_stamp.clone());
        let room = MAX_EVENT_BYTES.saturating_sub(stamp.context.len() + consent.len());
        let page = self.page_for(&stamp, &consent, lanes, now);
        let facts = self.surroundings.page();
        if let Some(held) = self.journal.page_mut(page) {
            held.append(room, |out| call.push_line(out, message_id, at, facts, &stamp))?;
        }
        self.enqueue_last(page, lanes, now);
        Ok(())
    }

    /// The page that takes events for these destinations now.
    pub(super) fn page_for(&mut self, stamp: &Rc<Stamp>, consent: &Rc<str>, lanes: u64, now: Now) -> u32 {
        let (config, states) = (&self.config, &self.lanes);
        self.journal.page_for(stamp, consent, self.consent.rev(), lanes, now.wall, || {
            let mut targets = Vec::new();
            for (at, (destination, lane)) in config.destinations.iter().zip(states).enumerate() {
                if lanes >> at & 1 == 1 {
                    let id = destination.id.as_str().into();
                    targets.push(Target { id, lane: Some(at), first_seq: lane.next_seq, settled: Vec::new(), queued: true });
                }
            }
            targets
        })
    }

    /// Puts the page's last line into the lanes.
    pub(super) fn enqueue_last(&mut self, page: u32, lanes: u64, now: Now) {
        let Some(held) = self.journal.page_mut(page) else { return };
        let line = (held.lines() as u32).saturating_sub(1);
        for target in &mut held.targets {
            target.settled.push(false);
        }
        for (at, lane) in self.lanes.iter_mut().enumerate().filter(|(at, _)| lanes >> at & 1 == 1) {
            let wait = self.config.destinations.get(at).map_or(0, |destination| destination.batch.max_wait_ms);
            lane.next_seq += 1;
            lane.push(EventRef { page, line }, now.mono.saturating_add(wait));
        }
        self.commit_soon();
    }

    fn wait(&mut self, call: &Call<'_>, message_id: &str, at: u64, lanes: u64) -> Result<(), usize> {
        let stamp = self.stamp.clone();
        let mut line = String::new();
        call.push_line(&mut line, message_id, at, self.surroundings.page(), &stamp);
        let bytes = line.len() + stamp.context.len() + self.consent_stamp.len();
        if bytes > MAX_EVENT_BYTES {
            return Err(bytes);
        }
        self.each_lane(lanes, &mut |lane| lane.counts.pending += 1);
        let waiting = Waiting { line, stamp, captured_rev: self.consent.rev(), capture: self.captures, lanes };
        for gone in self.waiting.push(waiting) {
            self.drop_waiting(gone.lanes, DropReason::WaitingFull);
        }
        Ok(())
    }

    pub(super) fn each_lane(&mut self, lanes: u64, change: &mut dyn FnMut(&mut Lane)) {
        for (at, lane) in self.lanes.iter_mut().enumerate() {
            if lanes >> at & 1 == 1 {
                change(lane);
            }
        }
    }

    pub(super) fn drop_waiting(&mut self, lanes: u64, reason: DropReason) {
        self.each_lane(lanes, &mut |lane| {
            lane.counts.pending -= 1;
            lane.counts.drop(reason, 1);
        });
    }

    fn drop_for(&mut self, lanes: u64, reason: DropReason, events: u32) {
        self.each_lane(lanes, &mut |lane| lane.counts.drop(reason, events));
    }

    fn too_large(&mut self, call: &Call<'_>, bytes: usize) {
        self.drop_for(u64::MAX, DropReason::TooLarge, 1);
        let name = call.name_text();
        let name = name.get(..name.floor_char_boundary(80)).unwrap_or("");
        let size = crate::json::digits(bytes as u64 / 1024);
        let message = [call.verb.word(), " \"", name, "\" is ", &size, " KB and an event may be 32 KB: send less"].concat();
        self.problem("event_too_large", &message);
    }

    /// Fires the tags whose triggers name the event. Returns which, by position.
    fn fire_tags(&mut self, call: &Call<'_>, message_id: &str, at: u64) -> Vec<usize> {
        let mut fired = Vec::new();
        if self.tags.is_empty() {
            return fired;
        }
        let config = self.config.clone();
        let data = std::mem::replace(&mut self.data, crate::json::Value::Null);
        let occasion = Occasion { verb: call.verb, name: call.name_text(), properties: call.body, data: &data };
        let mut event: Option<Rc<str>> = None;
        for (at_tag, (tag, runner)) in config.tags.iter().zip(&mut self.tags).enumerate() {
            let spent = tag.fire == Fire::PerPage && runner.has_fired();
            if spent || !tag.is_fired_by(&config, &occasion) {
                continue;
            }
            fired.push(at_tag);
            if runner.verdict() == Verdict::Deny {
                continue;
            }
            let finish = || self.circumstances.last().map_or_else(String::new, |now| now.finished(call, message_id, at)).into();
            let event: Rc<str> = event.get_or_insert_with(finish).clone();
            let params = crate::tags::resolve(tag, &event, &config.variables, &occasion);
            runner.fire(tag, Firing { verb: call.verb.word(), event, params }, &mut self.out);
        }
        self.data = data;
        fired
    }
}
