//! The tags' side of the page: what the gate says of each, and what they miss until their part of the core is there.

mod part;

use super::Runtime;
use crate::config::Config;
use crate::consent::{Consent, Verdict};
use crate::effect::{Effect, Part};
use crate::input::Verb;
use crate::json::{list, member, text};
use crate::queue::{Waiting, WaitingRoom};
use crate::tags::{Occasion, Standing, Tags};

/// The tags of a page as the rest of the core sees them.
pub(super) struct Tagging {
    standings: Vec<Standing>,
    /// There once they came and are without fault.
    tags: Option<Box<Tags>>,
    /// Whether their part of the core is there, or was asked for.
    is_here: bool,
    asked: bool,
    /// Events kept for them until then.
    missed: WaitingRoom,
}

impl Tagging {
    pub(super) fn new(config: &Config, consent: &Consent) -> Self {
        let mut standings = Vec::new();
        for tag in &config.tags {
            let verdict = tag.consent.evaluate(consent.purposes(), consent.model());
            standings.push(Standing { verdict, barred: 0 });
        }
        Tagging { standings, tags: None, is_here: false, asked: false, missed: WaitingRoom::default() }
    }

    /// What the gate says of each tag, in the config's order.
    pub(super) fn standings_mut(&mut self) -> &mut [Standing] {
        &mut self.standings
    }

    fn any_is(&self, is: impl Fn(Verdict) -> bool) -> bool {
        self.standings.iter().any(|standing| is(standing.verdict))
    }
}

/// Whether a trigger may name the event, as far as that can be told without them.
fn may_fire(rules: &str, occasion: &Occasion<'_>) -> bool {
    list(rules, "triggers").any(|trigger| {
        let event = text(trigger, "event");
        event == "*" || occasion.verb == Verb::Track && (event == occasion.name || member(trigger, "match").is_some())
    })
}

impl Runtime {
    /// Whether consent leaves any tag.
    pub(super) fn tags_may_run(&self) -> bool {
        self.tagging.any_is(|verdict| verdict != Verdict::Deny)
    }

    /// Fires the tags whose triggers name the event, or keeps it for them where one may still fire. `whole`: the occasion says
    /// all of the event that triggers look at.
    pub(super) fn fire_tags(&mut self, occasion: &Occasion<'_>, whole: bool, event: &Waiting) {
        if self.tagging.is_here {
            return part::fire(self, whole.then_some(occasion), event, None);
        }
        if self.tags_may_run() && may_fire(&self.config.rules, occasion) && !self.tagging.missed.push(event.clone()).is_empty() {
            self.tags_missed();
        }
    }

    fn tags_missed(&mut self) {
        self.trouble("tags_missed", "");
    }

    /// Consent changed. `forgets`: what was captured so far carries an identifier that is to be forgotten.
    pub(super) fn decide_tags(&mut self, forgets: bool) {
        let tagging = &mut self.tagging;
        for (tag, standing) in self.config.tags.iter().zip(&mut tagging.standings) {
            let verdict = tag.consent.evaluate(self.consent.purposes(), self.consent.model());
            let had = std::mem::replace(&mut standing.verdict, verdict);
            let lost = had == Verdict::Allow && verdict != Verdict::Allow;
            if lost || had == Verdict::Deny || verdict == Verdict::Deny {
                standing.barred = self.captures;
            }
        }
        if forgets {
            for missed in tagging.missed.take() {
                if missed.stamp.anonymous_id.is_none() {
                    tagging.missed.push(missed);
                }
            }
        }
        if tagging.is_here {
            part::decide(self, forgets);
        } else {
            self.ask_for_tags();
        }
    }

    /// Asks for the tags' part of the core as soon as one may run.
    pub(super) fn ask_for_tags(&mut self) {
        if self.tagging.any_is(|verdict| verdict == Verdict::Allow) && !std::mem::replace(&mut self.tagging.asked, true) {
            self.out.push(Effect::LoadPart { part: Part::Tags });
        }
    }

    /// Their part of the core came, or did not.
    pub(super) fn tags_came(&mut self, ok: bool) {
        self.tagging.asked = ok;
        if ok && !std::mem::replace(&mut self.tagging.is_here, true) {
            part::came(self);
        }
    }

    /// When tags have something to do, which they may once consent was read again; 0 for now, `u64::MAX` for not at all.
    pub(super) fn tags_due(&self) -> u64 {
        self.tagging.tags.as_ref().map_or(u64::MAX, |tags| tags.due)
    }

    /// Consent was read just now.
    pub(super) fn run_tags(&mut self) {
        if self.tagging.is_here {
            part::run(self);
        }
    }

    /// Tells the vendors of tags that ran to stop.
    pub(super) fn stop_tags(&mut self) {
        for standing in &mut self.tagging.standings {
            standing.verdict = Verdict::Deny;
        }
        if self.tagging.is_here {
            part::decide(self, false);
        }
    }

    /// The page says something to tags.
    pub(super) fn hear_tags(&mut self, said: &str) {
        if self.tagging.is_here {
            part::hear(self, said);
        }
    }
}
