//! The way into the tags. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_tags_bg.wasm`), which comes when a tag may first run: see js/scripts/build/split.mjs. So nothing here is
//! called before [`crate::Input::Part`].

use super::super::Runtime;
use crate::config::AnyFaultOfTags;
use crate::consent::Verdict;
use crate::event::{Call, MAX_EVENT_BYTES};
use crate::input::Verb;
use crate::json::valid;
use crate::queue::Waiting;
use crate::tags::{Fired, Given, Heard, Occasion, Tags};
use crate::text::concat;

/// It came: the rules are read, and what was missed meanwhile fires, once the page has said how far it has come.
#[inline(never)]
pub(super) fn came(core: &mut Runtime) {
    let mut fault = AnyFaultOfTags::default();
    let mut tags = Tags::read(&core.config.rules, &mut fault);
    if fault.0 {
        core.tagging.missed.take();
        // No tag runs. The page gets the words for it.
        return core.out.page(String::from("[\"faults\"]"));
    }
    tags.start(&core.tagging.standings);
    tags.listen(core.now, &mut core.out);
    core.tagging.tags = Some(Box::new(tags));
    go_on(core);
}

/// Events that were missed fire, unless the page is yet to be heard, or what it said is yet to run: a page's stages come before all events.
fn go_on(core: &mut Runtime) {
    if core.tagging.tags.as_ref().is_some_and(|tags| !tags.is_held(core.now) && tags.due > core.now.mono) {
        catch_up(core);
    }
}

fn catch_up(core: &mut Runtime) {
    for event in &core.tagging.missed.take() {
        fire(core, None, event, None);
    }
    let allowed = core.tagging.standings.iter().enumerate().filter(|(_, standing)| standing.verdict == Verdict::Allow);
    let allowed = allowed.map(|(at, _)| at).collect();
    know(core, allowed);
}

/// These tags were granted: what waited for it gets the identifier that is allowed by now.
fn know(core: &mut Runtime, granted: Vec<usize>) {
    if core.stamp.anonymous_id.is_some()
        && let Some(mut tags) = core.tagging.tags.take()
    {
        tags.know(&granted, &|stamp| core.released_stamp(stamp).anonymous_id.clone());
        core.tagging.tags = Some(tags);
    }
}

/// Looks at an event, or at something seen; `track` where the call says all of it.
#[inline(never)]
pub(super) fn fire(core: &mut Runtime, track: Option<&Occasion<'_>>, event: &Waiting, seen_for: Option<&[usize]>) {
    let tagging = &mut core.tagging;
    let Some(tags) = &mut tagging.tags else { return };
    if seen_for.is_none() && tags.is_held(core.now) {
        if !tagging.missed.push(event.clone()).is_empty() {
            core.tags_missed();
        }
        return;
    }
    let random = if tags.is_random() { core.ids.fraction() } else { 0.0 };
    let given = Given { standings: &tagging.standings, random, now: core.now };
    let fired = tags.take(track, event, seen_for, given);
    if fired.asks_page {
        core.out.page(tags.question());
    } else {
        note(core, event.capture, fired);
    }
}

fn note(core: &mut Runtime, capture: u32, fired: Fired) {
    core.history.fired(capture, fired.tags);
    if fired.lost {
        core.tags_missed();
    }
    if fired.full {
        core.read_consent();
    }
}

/// Consent changed.
#[inline(never)]
pub(super) fn decide(core: &mut Runtime, forgets: bool) {
    let tagging = &mut core.tagging;
    let Some(tags) = &mut tagging.tags else { return };
    let granted = tags.decide(&tagging.standings, forgets, core.now, &mut core.out);
    let awaiting = tags.awaiting_consent();
    know(core, granted);
    if !awaiting.is_empty() {
        let report = core.consent.report();
        see(core, "\"consent\"", &report, &awaiting);
    }
    go_on(core);
}

/// Consent was read just now: what is due runs.
#[inline(never)]
pub(super) fn run(core: &mut Runtime) {
    let Some(tags) = core.tagging.tags.as_mut().filter(|tags| !tags.is_held(core.now)) else { return };
    let problems = tags.run(core.now, &mut core.out);
    tell(core, problems);
    if core.tagging.missed.newest().next().is_some() {
        catch_up(core);
        run(core);
    }
}

/// The page says something.
#[inline(never)]
pub(super) fn hear(core: &mut Runtime, said: &str) {
    let tagging = &mut core.tagging;
    let Some(tags) = tagging.tags.as_mut().filter(|_| valid(said)) else { return };
    match tags.hear(said, core.captures, core.now, &mut core.out) {
        Heard::Problems(problems) => tell(core, problems),
        Heard::Answers(answers) => {
            let random = if tags.is_random() { core.ids.fraction() } else { 0.0 };
            let given = Given { standings: &tagging.standings, random, now: core.now };
            for (capture, fired) in tags.read_page(&answers, given) {
                note(core, capture, fired);
            }
        }
        Heard::Seen { kind, facts, seen_for } => see(core, kind, facts, &seen_for),
    }
    go_on(core);
}

/// Something was seen: tags look at it as at an event. `kind` and `facts` are raw.
fn see(core: &mut Runtime, kind: &str, facts: &str, seen_for: &[usize]) {
    let args = concat(&["[", kind, ",", facts, "]"]);
    let Ok(call) = Call::parse(Verb::Track, &args) else { return };
    if args.len() > MAX_EVENT_BYTES {
        return core.trouble("event_too_large", &concat(&["32 ", &call.name_text()]));
    }
    core.captures += 1;
    core.history.event(core.captures, core.now.wall, None, core.consent.rev());
    let (capture, stamp) = (core.captures, core.stamp.clone());
    let line = call.line(&core.ids.message(core.now.wall, capture), core.now.wall, &stamp, core.identity.known(), "{}");
    let data = Some(core.data.clone());
    let event = Waiting { capture, line, stamp, data, lanes: 0, granted: 0, edition: 0, is_share: false, bytes: 0 };
    fire(core, None, &event, Some(seen_for));
}

fn tell(core: &mut Runtime, problems: Vec<(usize, String)>) {
    for (tag, problem) in problems {
        let id = core.config.tags.get(tag).map_or("", |tag| tag.id.as_str());
        core.problem("tag_failed", &concat(&["tag \"", id, "\": ", &problem]));
    }
}
