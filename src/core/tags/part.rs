//! The way into the tags. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_tags_bg.wasm`), which comes when a tag may first run: see js/scripts/build/split.mjs. So nothing here is
//! called before [`crate::Input::Part`].

use super::{Fire, Firing, Occasion, Runner, Tags};
use crate::config::{Faults, Place};
use crate::consent::Verdict;
use crate::effect::Effects;
use crate::event::finished;
use crate::explain::History;
use crate::input::Verb;
use crate::json::{at_path, text};
use crate::queue::Waiting;
use crate::stamp::Stamp;
use std::rc::Rc;

/// What the gate says of one tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) verdict: Verdict,
    /// Events up to this capture number are none of its business: it was denied then, or has lost its grant since.
    pub(crate) barred: u32,
}

/// What an event did.
pub(crate) struct Fired {
    /// The tags it fired, by position.
    pub(crate) tags: Vec<usize>,
    /// Whether an older firing gave way.
    pub(crate) lost: bool,
    /// Whether one has so many waiting that it should run before the task ends.
    pub(crate) full: bool,
}

/// An event as the journal has it.
pub(crate) struct Captured<'a> {
    pub(crate) capture: u32,
    pub(crate) line: &'a str,
    pub(crate) stamp: &'a Stamp,
    /// The data layer as of then, raw.
    pub(crate) data: &'a str,
}

impl Tags {
    /// Reads the rules of a config that was checked against its shape, and fires what was missed meanwhile.
    #[inline(never)]
    pub(crate) fn start(
        into: &mut Option<Tags>,
        rules: &str,
        standings: &[Standing],
        missed: &[Waiting],
        history: &mut History,
    ) -> Faults {
        let mut faults = Faults::default();
        let mut tags = Tags::read(rules, &mut faults);
        if !faults.0.is_empty() {
            return faults;
        }
        for (at, standing) in standings.iter().enumerate() {
            tags.runners.push(Runner::new(at, standing.verdict));
        }
        for missed in missed {
            let Waiting { capture, line, stamp, data, .. } = missed;
            let data = data.as_deref().unwrap_or("{}");
            let fired = tags.fire(None, &Captured { capture: *capture, line, stamp, data }, standings);
            history.fired(missed.capture, fired.tags);
        }
        *into = Some(tags);
        faults
    }

    /// Reads the rules of a config that was checked against its shape.
    #[inline(never)]
    pub(crate) fn read(rules: &str, faults: &mut Faults) -> Tags {
        Tags::of(rules, &Place::ROOT, faults)
    }

    /// Notes a firing for the tags whose triggers name the event; `track` where the call says all of it.
    #[inline(never)]
    pub(crate) fn fire(&mut self, track: Option<&Occasion<'_>>, captured: &Captured<'_>, standings: &[Standing]) -> Fired {
        let (mut fired, mut event) = (Fired { tags: Vec::new(), lost: false, full: false }, None);
        let finished = || Rc::<str>::from(finished(captured.line, captured.stamp));
        let (whole, of_event);
        let occasion = if let Some(occasion) = track {
            occasion
        } else {
            whole = finished();
            event = Some(whole.clone());
            of_event = Occasion::of(&whole, captured.data);
            &of_event
        };
        for (at, ((tag, runner), standing)) in self.tags.iter().zip(&mut self.runners).zip(standings).enumerate() {
            let spent = tag.fire == Fire::PerPage && runner.has_fired();
            if spent || !tag.is_fired_by(&self.triggers, &self.variables, occasion) {
                continue;
            }
            fired.tags.push(at);
            if standing.verdict != Verdict::Deny && standing.barred < captured.capture {
                let event = event.get_or_insert_with(finished);
                let params = super::resolve(tag, event, &self.variables, occasion);
                fired.lost |= !runner.fire(Firing { verb: occasion.verb.word(), event: event.clone(), params });
                fired.full |= runner.is_full();
            }
        }
        self.look();
        fired
    }

    /// Consent changed. `forgets`: what waited for it under an identifier would bring back one that is withdrawn.
    #[inline(never)]
    pub(crate) fn decide(&mut self, standings: &[Standing], forgets: bool, out: &mut Effects) {
        for ((tag, runner), standing) in self.tags.iter().zip(&mut self.runners).zip(standings) {
            runner.decide(tag, standing.verdict, forgets, out);
        }
        self.look();
    }

    /// Consent was read just now: what is due runs.
    #[inline(never)]
    pub(crate) fn run(&mut self, out: &mut Effects) {
        for (tag, runner) in self.tags.iter().zip(&mut self.runners) {
            runner.advance(tag, out);
        }
        self.look();
    }

    fn look(&mut self) {
        self.is_due = self.runners.iter().any(Runner::is_due);
    }

    /// A tag's template came, or did not. Returns what is wrong with it.
    #[inline(never)]
    pub(crate) fn template(&mut self, tag: usize, text: Option<&str>) -> Option<String> {
        let problem = self.runners.get_mut(tag)?.template(self.tags.get(tag)?, text);
        self.look();
        problem
    }

    /// A tag's script ran, or did not. Returns what is wrong.
    #[inline(never)]
    pub(crate) fn loaded(&mut self, tag: usize, ok: bool, out: &mut Effects) -> Option<String> {
        let problem = self.runners.get_mut(tag)?.loaded(self.tags.get(tag)?, ok, out);
        self.look();
        problem
    }
}

impl<'a> Occasion<'a> {
    /// A finished event, in the data layer of its time.
    pub(crate) fn of(event: &'a str, data: &'a str) -> Self {
        let kind = text(event, "type");
        let verb = (0..6).filter_map(Verb::from_number).find(|verb| verb.word() == kind).unwrap_or(Verb::Track);
        let name = text(event, if verb == Verb::Track { "event" } else { "name" });
        let properties = at_path(event, "properties").or_else(|| at_path(event, "traits")).unwrap_or("{}");
        Occasion { verb, name, properties, data }
    }
}
