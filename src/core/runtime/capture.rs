//! Taking a call: identity as of the call, the gate per destination, the journal or the waiting room, the tags.

use super::Runtime;
use crate::consent::Verdict;
use crate::event::{Call, MAX_EVENT_BYTES, finished};
use crate::identity::Known;
use crate::input::Verb;
use crate::json::{member, push_member};
use crate::ledger::DropReason;
use crate::queue::{EventRef, Lane, Target, Waiting};
use crate::stamp::Stamp;
use crate::tags::Occasion;
use crate::text::concat;
use std::rc::Rc;

/// Why a destination does not get an event that the call leaves it out of.
pub(super) const EXCLUDED: &str = "the call's integrations leave it out";

const MAX_CIRCUMSTANCES: usize = 64;

/// What holds for events from one capture number on.
#[derive(Debug)]
pub(super) struct Circumstance {
    from: u32,
    stamp: Rc<Stamp>,
    known: Known,
}

/// What `integrations` say of a destination, by its ID or by the name that Segment's has there.
pub(super) fn named<'a>(integrations: &'a str, id: &str) -> Option<&'a str> {
    let named = |name| member(integrations, name).filter(|raw| *raw != "null");
    named(id).or_else(|| named("Segment.io"))
}

/// Whether what `integrations` say under a name switches it off: JavaScript's false, in JSON.
pub(super) fn is_off(raw: &str) -> bool {
    matches!(raw, "false" | "0" | "\"\"")
}

impl Runtime {
    pub(super) fn capture(&mut self, verb: Verb, args: &str, at: u64) {
        let call = match Call::parse(verb, args) {
            Ok(call) => call,
            Err(wrong) => return self.trouble("invalid_event", wrong),
        };
        self.captures += 1;
        for lane in &mut self.lanes {
            lane.past.captured += 1;
        }
        let own_id = call.own_id().map(|raw| crate::json::text_of(raw).into_owned());
        self.history.event(self.captures, at, own_id, self.consent.rev());
        // Before identity is touched, so that what cannot travel changes nothing.
        if args.len() > 2 * MAX_EVENT_BYTES {
            return self.too_large(&call, args.len());
        }
        self.note_identity(&call);
        self.note_circumstance();
        let stamp = self.stamp.clone();
        let integrations = call.integrations(&self.integrations);
        let line = call.line(&self.ids.message(at, self.captures), at, &stamp, self.identity.known(), &integrations);
        let bytes = line.len() + stamp.bytes();
        if bytes > MAX_EVENT_BYTES {
            return self.too_large(&call, bytes);
        }
        let (granted, pending) = (self.lanes_with(Verdict::Allow), self.lanes_with(Verdict::Pending));
        let excluded = self.excluded(&integrations);
        if excluded != 0 {
            self.history.kept_from(self.captures, excluded, EXCLUDED);
        }
        let lanes = (granted | pending) & !excluded;
        self.each_lane(!lanes, &mut |lane| {
            lane.past.drop(if lane.verdict == Verdict::Deny { DropReason::Denied } else { DropReason::Excluded }, 1);
        });
        let (capture, edition, data) = (self.captures, self.plugins.edition(), self.data.clone());
        let mut event =
            Waiting { capture, line, stamp, data: Some(data.clone()), lanes, granted, edition, is_share: false, bytes: 0 };
        if edition != 0 && (lanes != 0 || self.tags_may_run() || self.own_verdict() != Verdict::Deny) {
            self.wait(event);
            self.begin_plugins();
            return self.go_on_soon();
        }
        if lanes & granted != 0 {
            self.queue(&event.line, &event.stamp, lanes & granted);
        }
        let occasion = Occasion { verb, name: call.name_text(), properties: call.body, data: &data, seen_for: None };
        // Of all other calls the finished event says more.
        self.fire_tags(&occasion, verb == Verb::Track, &event);
        event.lanes &= pending;
        self.wait_on(event);
        self.go_on_soon();
    }

    /// What the event sets off on the page follows at the end of the task.
    pub(super) fn go_on_soon(&mut self) {
        if self.page_is_due() {
            self.commit_soon();
        }
    }

    /// Keeps what nothing holds but consent.
    fn wait_on(&mut self, mut event: Waiting) {
        event.edition = 0;
        event.data = None;
        if event.lanes != 0 {
            self.wait(event);
        }
    }

    fn wait(&mut self, event: Waiting) {
        self.each_lane(event.lanes, &mut |lane| lane.past.pending += 1);
        self.keep(event);
    }

    /// Keeps an event that is counted as pending in memory until it may go on, or others take its room.
    pub(super) fn keep(&mut self, event: Waiting) {
        let gone = self.waiting.push(event);
        if !gone.is_empty() {
            self.trouble("waiting_full", "");
        }
        for gone in gone {
            self.drop_waiting(gone.lanes, DropReason::WaitingFull);
        }
    }

    /// Destinations that an event's `integrations` leave out, by their own ID or by the name that Segment's has there. As in
    /// analytics.js, `All` is not about them: they may hand the event on to those that are meant.
    pub(super) fn excluded(&self, integrations: &str) -> u64 {
        let mut lanes = self.switched_off;
        if integrations != "{}" {
            for (at, destination) in self.config.destinations.iter().enumerate() {
                if named(integrations, &destination.id).is_some_and(is_off) {
                    lanes |= 1 << at;
                }
            }
        }
        lanes
    }

    /// The finished event of a call that was captured before, rebuilt from what the caller still has: its capture
    /// number, arguments and call time. Exact while at most 64 changes of page, identity or consent lie between.
    pub fn event(&self, capture: u32, verb: Verb, args: &str, at: u64) -> Option<String> {
        let call = Call::parse(verb, args).ok()?;
        let then = self.circumstances.iter().rev().find(|then| then.from <= capture).or(self.circumstances.first())?;
        let integrations = call.integrations(&self.integrations);
        let line = call.line(&self.ids.message(at, capture), at, &then.stamp, &then.known, &integrations);
        let mut event = finished(&line, &then.stamp);
        event.pop();
        push_member(&mut event, "options", call.options);
        event.push('}');
        Some(event)
    }

    /// Remembers what holds for the event being captured, where it changed.
    fn note_circumstance(&mut self) {
        // Whatever changes what is known changes the stamp too.
        if self.circumstances.last().is_some_and(|last| Rc::ptr_eq(&last.stamp, &self.stamp)) {
            return;
        }
        if self.circumstances.len() >= MAX_CIRCUMSTANCES {
            self.circumstances.remove(0);
        }
        let (stamp, known) = (self.stamp.clone(), self.identity.known().clone());
        self.circumstances.push(Circumstance { from: self.captures, stamp, known });
    }

    pub(super) fn note_identity(&mut self, call: &Call<'_>) {
        let out = &mut self.out;
        match call.verb {
            Verb::Identify => self.identity.identify(call.id, call.body, &mut self.ids, out),
            Verb::Group => self.identity.group(call.id, call.body, out),
            // An alias tells the receiver that two IDs are one person; who the visitor is here does not change.
            Verb::Track | Verb::Page | Verb::Screen | Verb::Alias if call.anonymous_id().is_none() => return,
            Verb::Track | Verb::Page | Verb::Screen | Verb::Alias => {}
        }
        if let Some(raw) = call.anonymous_id() {
            let given = concat(&["{\"anonymousId\":", raw, "}"]);
            self.identity.set(&given, &mut self.ids, out);
        }
        self.identity_changed();
    }

    /// Appends a line to the open journal page, or begins one, and puts it into the lanes.
    pub(super) fn queue(&mut self, line: &str, stamp: &Rc<Stamp>, lanes: u64) {
        if self.is_overfull() {
            self.each_lane(lanes, &mut |lane| lane.past.drop(DropReason::QueueFull, 1));
            return self.trouble("queue_full", "");
        }
        let (config, states) = (&self.config, &self.lanes);
        let id = self.journal.page_for(stamp, lanes, self.now.wall, || {
            let mut targets = Vec::new();
            for (at, (destination, lane)) in config.destinations.iter().zip(states).enumerate() {
                if lanes >> at & 1 == 1 {
                    let id = destination.id.as_str().into();
                    targets.push(Target { id, lane: Some(at), first_seq: lane.next_seq, settled: Vec::new(), queued: true });
                }
            }
            targets
        });
        let Some(page) = self.journal.page_mut(id) else { return };
        let event = EventRef { page: id, line: page.lines() as u32 };
        page.append(line);
        for (at, lane) in self.lanes.iter_mut().enumerate() {
            if lanes >> at & 1 == 1 {
                let Some(destination) = self.config.destinations.get(at) else { continue };
                lane.next_seq += 1;
                let is_full = lane.queue.len() + 1 >= destination.batch.max_events;
                lane.push(event, self.now.mono.saturating_add(if is_full { 0 } else { destination.batch.max_wait_ms }));
            }
        }
        self.commit_soon();
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
            lane.past.pending -= 1;
            lane.past.drop(reason, 1);
        });
    }

    fn too_large(&mut self, call: &Call<'_>, bytes: usize) {
        self.history.refused(self.captures, "larger than an event may be");
        self.each_lane(u64::MAX, &mut |lane| lane.past.drop(DropReason::TooLarge, 1));
        let size = crate::json::digits(bytes as u64 / 1024);
        let said = concat(&[&size, " ", call.verb.word(), " ", &call.name_text()]);
        self.trouble("event_too_large", &said);
    }
}
