//! From an occasion to firings: which triggers, which tags, with which values.

use super::firing::{After, Before, Firing};
use super::scene::{Captured, Circumstances, Occasion, Scene};
use super::{Fire, Kind, Standing, Tag, Tags, TemplateRef, Trigger};
use crate::consent::Verdict;
use crate::json::{self, members, push_member, push_string, text_of};
use crate::mapping::{Scope, fill_url, filled};
use crate::queue::Waiting;
use crate::time::Now;
use std::rc::Rc;

/// Occasions that wait for the page's answers; more are looked at without.
const MAX_UNREAD: usize = 100;

/// What an occasion did.
#[derive(Default)]
pub(crate) struct Fired {
    /// The tags it fired, by position.
    pub(crate) tags: Vec<usize>,
    /// Whether an older firing gave way.
    pub(crate) lost: bool,
    /// Whether one has so many waiting that it should run before the task ends.
    pub(crate) full: bool,
    /// Whether the page has to be asked first.
    pub(crate) asks_page: bool,
}

/// An occasion that waits for the page's answers.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) event: Waiting,
    /// Of something seen the triggers that it was seen for.
    pub(super) seen_for: Option<Vec<usize>>,
}

/// What an occasion is looked at with.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) standings: &'a [Standing],
    /// From 0 to 1.
    pub(crate) random: f64,
    pub(crate) now: Now,
}

impl Tags {
    /// Looks at a captured event; `track` where the call says all of it.
    pub(crate) fn take(
        &mut self,
        track: Option<&Occasion<'_>>,
        event: &Waiting,
        seen_for: Option<&[usize]>,
        given: Given<'_>,
    ) -> Fired {
        if !self.variables.page.is_empty() && self.unread.len() < MAX_UNREAD && self.would_ask_page(track, event, seen_for) {
            self.unread.push(Unread { event: event.clone(), seen_for: seen_for.map(<[usize]>::to_vec) });
            return Fired { asks_page: true, ..Fired::default() };
        }
        self.take_with(track, event, seen_for, &[], given)
    }

    /// The page has answered: what waited for it is looked at. `answers` are raw.
    pub(crate) fn read_page(&mut self, answers: &[&str], given: Given<'_>) -> Vec<(u32, Fired)> {
        let mut all = Vec::new();
        for unread in std::mem::take(&mut self.unread) {
            let fired = self.take_with(None, &unread.event, unread.seen_for.as_deref(), answers, given);
            all.push((unread.event.capture, fired));
        }
        all
    }

    fn would_ask_page(&self, track: Option<&Occasion<'_>>, event: &Waiting, seen_for: Option<&[usize]>) -> bool {
        let reads = |at: &usize| self.reads_page.get(*at) == Some(&true);
        if let Some(seen_for) = seen_for {
            return seen_for.iter().any(reads) || self.in_groups(&reads);
        }
        let line = crate::event::finished(&event.line, &event.stamp);
        let of_event;
        let occasion = match track {
            Some(occasion) => occasion,
            None => {
                of_event = Occasion::of(&line, "{}");
                &of_event
            }
        };
        self.named(&occasion.name).chain(self.unnamed.iter().copied()).any(|at| reads(&at)) || self.in_groups(&reads)
    }

    /// Whether a group that has not fired has what `reads` says.
    fn in_groups(&self, reads: &dyn Fn(&usize) -> bool) -> bool {
        self.groups().zip(&self.missing).any(|(at, missing)| !missing.is_empty() && reads(&at))
    }

    fn groups(&self) -> impl Iterator<Item = usize> {
        self.triggers.iter().enumerate().filter(|(_, trigger)| matches!(trigger.kind, Kind::Group(_))).map(|(at, _)| at)
    }

    /// The triggers for events of one name.
    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let from = self.by_name.partition_point(|(known, _)| known.as_str() < name);
        let behind = self.by_name.get(from..).unwrap_or(&[]);
        behind.iter().take_while(move |(known, _)| known == name).map(|(_, at)| *at)
    }

    /// The triggers that fire, groups aside.
    pub(super) fn triggers_of(&self, scene: &Scene<'_>) -> Vec<usize> {
        let mut fired = Vec::new();
        let mut look = |at: usize| {
            if self.triggers.get(at).is_some_and(|trigger| trigger.is_about(scene, at) && trigger.holds(scene, at)) {
                fired.push(at);
            }
        };
        match scene.occasion.seen_for {
            Some(seen_for) => seen_for.iter().for_each(|at| look(*at)),
            None => {
                self.named(&scene.occasion.name).for_each(&mut look);
                self.unnamed.iter().for_each(|at| look(*at));
            }
        }
        fired
    }

    fn take_with(
        &mut self,
        track: Option<&Occasion<'_>>,
        event: &Waiting,
        seen_for: Option<&[usize]>,
        answers: &[&str],
        given: Given<'_>,
    ) -> Fired {
        let finished;
        let of_event;
        let occasion = if let Some(occasion) = track {
            occasion
        } else {
            finished = crate::event::finished(&event.line, &event.stamp);
            of_event = Occasion { seen_for, ..Occasion::of(&finished, event.data.as_deref().unwrap_or("{}")) };
            &of_event
        };
        let captured = Captured { line: &event.line, stamp: &event.stamp };
        let circumstances = Circumstances { page: answers, random: given.random, wall: given.now.wall };
        // Values are read from the rules while runners change.
        let variables = std::mem::take(&mut self.variables);
        let scene = Scene::new(&variables, occasion, captured, circumstances);
        let fired = self.fire(&scene, event.capture, given);
        drop(scene);
        self.variables = variables;
        self.look(given.now);
        fired
    }

    fn fire(&mut self, scene: &Scene<'_>, capture: u32, given: Given<'_>) -> Fired {
        let mut triggers = self.triggers_of(scene);
        self.note_groups(&mut triggers, scene);
        let mut fired = Fired::default();
        if triggers.is_empty() {
            return fired;
        }
        for at in self.order.clone() {
            let Some(tag) = self.tags.get(at) else { continue };
            let times = tag.fire_on.iter().filter(|trigger| triggers.contains(trigger)).count();
            let spent = tag.fire == Fire::PerPage && self.runners.get(at).is_some_and(super::Runner::has_fired);
            if times == 0 || spent || self.is_excepted(tag, &triggers, scene) {
                continue;
            }
            fired.tags.push(at);
            for _ in 0..if tag.fire == Fire::Unlimited { times } else { 1 } {
                fired.lost |= self.fire_tag(at, scene, capture, given).is_some_and(|(_, lost)| lost);
            }
            fired.full |= self.runners.get(at).is_some_and(super::Runner::is_full);
        }
        fired
    }

    /// Whether one of a tag's exceptions fires with these. The page may have told of one that watches for the same thing at another time: a stage it came to
    /// before the tag's grant, or a timer of its own. Then its conditions are what counts.
    fn is_excepted(&self, tag: &Tag, fired: &[usize], scene: &Scene<'_>) -> bool {
        let watches_like = |except: &Trigger| {
            let mut firing = tag.fire_on.iter().filter(|at| fired.contains(at)).filter_map(|at| self.triggers.get(*at));
            firing.any(|trigger| trigger.watches_like(except))
        };
        tag.except_on.iter().any(|at| {
            fired.contains(at) || self.triggers.get(*at).is_some_and(|except| watches_like(except) && except.holds(scene, *at))
        })
    }

    /// Adds the groups that are whole with these.
    fn note_groups(&mut self, triggers: &mut Vec<usize>, scene: &Scene<'_>) {
        let groups: Vec<usize> = self.groups().collect();
        for (at, missing) in groups.into_iter().zip(&mut self.missing) {
            let was = missing.len();
            missing.retain(|member| !triggers.contains(member));
            let holds = self.triggers.get(at).is_some_and(|trigger| trigger.holds(scene, at));
            if was > 0 && missing.is_empty() && holds {
                triggers.push(at);
            }
        }
    }

    /// Puts a firing of a tag where it waits, and those of the tags that go with it. Returns its ticket, and whether an older one gave way;
    /// nothing where the tag may not have it.
    fn fire_tag(&mut self, at: usize, scene: &Scene<'_>, capture: u32, given: Given<'_>) -> Option<(u32, bool)> {
        let barred = |at: usize| {
            given.standings.get(at).is_none_or(|standing| standing.verdict == Verdict::Deny || standing.barred >= capture)
        };
        if barred(at) {
            return None;
        }
        let mut firing = self.firing(at, scene, capture)?;
        let mut lost = false;
        let setup = self.tags.get(at)?.setup.clone();
        for beside in setup {
            let wait = self.tags.get(beside.tag).map_or(0, |tag| tag.timeout_ms);
            match self.fire_tag(beside.tag, scene, capture, given) {
                Some((ticket, gone)) => {
                    lost |= gone;
                    let until = given.now.mono.saturating_add(wait);
                    firing.before.push(Before { tag: beside.tag, ticket, strict: beside.strict, until });
                }
                None if beside.strict => return None,
                None => {}
            }
        }
        for beside in self.tags.get(at)?.cleanup.clone() {
            if !barred(beside.tag)
                && let Some(firing_after) = self.firing(beside.tag, scene, capture)
            {
                firing.after.push(After { tag: beside.tag, strict: beside.strict, firing: firing_after });
            }
        }
        let (ticket, gone) = self.runners.get_mut(at)?.fire(firing);
        Some((ticket, lost | gone))
    }

    fn firing(&self, at: usize, scene: &Scene<'_>, capture: u32) -> Option<Firing> {
        let tag = self.tags.get(at)?;
        let event = scene.event();
        let params = resolve(tag, &Scope::new(&event, &scene.named_in(&tag.params)));
        let name = Rc::from(&*scene.occasion.name);
        let verb = scene.occasion.verb.word();
        let unknown = scene.unknown();
        let leads = scene.occasion.seen_for.is_some() && is_early(&name);
        Some(Firing { capture, ticket: 0, verb, name, event, unknown, params, leads, before: Vec::new(), after: Vec::new() })
    }
}

/// A tag's parameters as a JSON object, with variables and event paths filled as they are now. The address of a
/// `custom-script` or `custom-pixel` takes them encoded.
fn resolve(tag: &Tag, scope: &Scope<'_>) -> String {
    let mut out = String::from("{");
    for (name, raw) in members(&tag.params) {
        match &tag.template {
            TemplateRef::Script | TemplateRef::Pixel if json::kind(raw) == json::Kind::String => {
                push_member(&mut out, &name, "");
                push_string(&mut out, &fill_url(&text_of(raw), scope));
            }
            _ => {
                if let Some(value) = filled(raw, scope) {
                    push_member(&mut out, &name, &value);
                }
            }
        }
    }
    out.push('}');
    out
}

/// Whether it is a stage that every page has come to.
fn is_early(stage: &str) -> bool {
    matches!(stage, "consent-initialization" | "initialization" | "page-view")
}
