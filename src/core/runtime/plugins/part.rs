//! The way into the plugins. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_plugins_bg.wasm`), which comes with the first plugin: see js/scripts/build/split.mjs. So nothing here is called before
//! the shim has spoken of one.
//!
//! The shim says ([`crate::Input::Plugins`]), a list of
//!
//! | message | means |
//! |---|---|
//! | `{"add":id,"edition":n,"phase":"before","name":"…","names":[…],"loading":true}` | a plugin is there from edition n on; it may still be loading, or in case of a destination wait for `load` |
//! | `{"loaded":id}`, `{"loaded":id,"error":"…"}` | it has loaded, or failed to |
//! | `{"remove":id,"edition":n}` | it is gone from edition n on |
//! | `{"run":r,"event":{…}}`, `{"run":r}`, `{"run":r,"error":"…"}` | it passed the event on, cancelled it, or failed |
//!
//! and hears ([`crate::effect::Notice::Plugins`])
//!
//! | message | means |
//! |---|---|
//! | `{"run":r,"capture":c,"plugin":id,"event":{…}}` | a plugin is to see an event; `"destination":"…"` where it is that one's middleware |
//! | `{"load":id}` | consent allows a destination: it may load |
//! | `{"end":c,"event":{…},"then":[id …]}` | an event has passed them all, or is `null`; these are to have a look at it |

use super::ending::{CANCELLED, FAILED, ended};
use super::list::{Phase, Plugin, text_in};
use super::run::{Next, Run};
use super::{Plugins, Runtime};
use crate::config::{AnyFault, Place, requirement};
use crate::consent::{Requirement, Verdict};
use crate::effect::Notice;
use crate::event::{MAX_EVENT_BYTES, finished};
use crate::json::{digits, elements, flag, list, member, push_member, push_number, push_text, text, valid, whole};
use crate::ledger::DropReason;
use crate::text::concat;

/// How long a plugin may have an event, and how long one that adds to events may take to load, in milliseconds.
const EVENT_MS: u64 = 30_000;
const LOAD_MS: u64 = 5_000;

/// Twice what an event may hold: a later plugin may make it fit again.
const MAX_ANSWER_BYTES: usize = 2 * MAX_EVENT_BYTES;

/// The shim speaks.
#[inline(never)]
pub(super) fn hear(core: &mut Runtime, messages: &str) {
    for message in elements(messages) {
        let number = |key| member(message, key).and_then(whole).map(|number| number as u32);
        // Where too many calls waited for the core, it has not heard of all: what comes from here on meets them nevertheless.
        core.plugins.edition = core.plugins.edition.max(number("edition").unwrap_or(0));
        if let Some(id) = number("add") {
            core.plugins.is_wanted = true;
            if core.plugins.list.iter().all(|plugin| plugin.id != id) {
                add(core, id, message);
            }
        } else if let Some(id) = number("loaded") {
            loaded(core, id, text_in(message, "error"));
        } else if let Some(id) = number("remove") {
            let edition = number("edition").unwrap_or(0);
            let gone = core.plugins.list.iter_mut().filter(|plugin| plugin.id == id);
            gone.for_each(|plugin| plugin.until = plugin.until.min(edition));
        } else if let Some(run) = number("run") {
            met(core, run, message);
        }
    }
    core.plugins.is_here = true;
    begin(core);
}

/// Begins with the events that are held and have not begun.
#[inline(never)]
pub(super) fn begin(core: &mut Runtime) {
    let mut new = Vec::new();
    for waiting in core.waiting.newest() {
        if waiting.edition == 0 || waiting.capture <= core.plugins.newest {
            break;
        }
        new.push((waiting.capture, waiting.edition, finished(&waiting.line, &waiting.stamp)));
    }
    // What gave way in the waiting room is the oldest here too.
    while let Some(run) = core.plugins.runs.first()
        && !core.holds(run)
    {
        let run = core.plugins.runs.remove(0);
        if run.lane.is_none() {
            core.tell_end(run.capture, None, &[]);
        }
    }
    for (capture, edition, event) in new.into_iter().rev() {
        core.plugins.newest = capture;
        // An answer of a plugin holds the event two levels deeper.
        let fits = valid(&concat(&["[[", &event, "]]"]));
        let run = Run { number: 0, capture, edition, lane: None, event, met: None, due: None };
        if fits {
            core.plugins.runs.push(run);
        } else {
            core.problem("plugin_failed", "an event nests deeper than plugins can have it, about 60 levels: it is not sent");
            core.lose(&run, DropReason::PluginFailed, FAILED);
        }
    }
    drop_unwanted(core);
    go_on(core);
}

/// A plugin has taken too long.
#[inline(never)]
pub(super) fn wake(core: &mut Runtime) {
    let now = core.now;
    let is_late = |due: &Option<u64>| due.is_some_and(|due| due <= now.mono);
    let late: Vec<u32> = core.plugins.runs.iter().filter(|run| is_late(&run.due)).map(|run| run.number).collect();
    for run in late {
        let message = concat(&["{\"error\":\"it took longer than ", &digits(EVENT_MS / 1000), " s\"}"]);
        met(core, run, &message);
    }
    let mut late = Vec::new();
    for plugin in core.plugins.list.iter_mut().filter(|plugin| is_late(&plugin.loading)) {
        if plugin.phase != Phase::Enrichment {
            // What decides is not left out: from now on it gets the events, loaded or not.
            plugin.loading = None;
        } else {
            late.push(plugin.id);
        }
    }
    for id in late {
        loaded(core, id, Some(concat(&["loading took longer than ", &digits(LOAD_MS / 1000), " s"])));
    }
    go_on(core);
}

/// The page may be going: what may go on without the rest of its plugins does.
#[inline(never)]
pub(super) fn leave(core: &mut Runtime) {
    let Plugins { list, runs, .. } = &mut core.plugins;
    for run in runs.iter_mut().filter(|run| run.lane.is_none()) {
        let decides = |plugin: &Plugin| {
            let place = Some((plugin.phase, plugin.id));
            let is_open = place > run.met || place == run.met && run.due.is_some();
            plugin.phase == Phase::Before && plugin.is_of(run.edition) && is_open
        };
        if !list.iter().any(decides) {
            run.met = Some((Phase::Enrichment, u32::MAX));
            run.due = None;
        }
    }
    go_on(core);
}

/// Consent changed: what waited for it goes to the page's own destinations, or nowhere. `forgets`: so does what carries an identifier.
#[inline(never)]
pub(super) fn decide(core: &mut Runtime, forgets: bool) {
    for plugin in &mut core.plugins.list {
        let verdict = plugin.consent.evaluate(core.consent.purposes(), core.consent.model());
        let had = std::mem::replace(&mut plugin.verdict, verdict);
        if forgets && had == Verdict::Pending {
            plugin.waiting.retain(|(_, event)| member(event, "anonymousId").is_none());
        }
        if verdict == Verdict::Deny || verdict != had && had == Verdict::Allow {
            plugin.waiting.clear();
        }
    }
    if forgets {
        let all = std::mem::take(&mut core.plugins.runs);
        let (held, gone): (Vec<Run>, Vec<Run>) = all.into_iter().partition(|run| core.holds(run));
        core.plugins.runs = held;
        for run in gone.iter().filter(|run| run.lane.is_none()) {
            core.tell_end(run.capture, None, &[]);
        }
    }
    core.plugins.is_due |= core.plugins.list.iter().any(|plugin| plugin.may_load() || plugin.may_catch_up());
    drop_unwanted(core);
}

/// Consent was read just now: what is gated goes on.
#[inline(never)]
pub(super) fn end(core: &mut Runtime) {
    for plugin in core.plugins.list.iter_mut().filter(|plugin| plugin.may_load()) {
        plugin.is_untold = false;
        core.out.notify(Notice::Plugins(concat(&["{\"load\":", &digits(plugin.id.into()), "}"])));
    }
    for plugin in core.plugins.list.iter_mut().filter(|plugin| plugin.may_catch_up()) {
        for (capture, event) in std::mem::take(&mut plugin.waiting) {
            core.out.notify(Notice::Plugins(ended(capture, Some(&event), &[plugin.id])));
        }
    }
    go_on(core);
}

/// Nothing is kept.
#[inline(never)]
pub(super) fn forget(core: &mut Runtime) {
    for run in std::mem::take(&mut core.plugins.runs) {
        core.tell_end(run.capture, None, &[]);
    }
    core.plugins.list.clear();
    core.plugins.due = None;
}

/// What consent leaves to nobody any more meets no further plugin.
fn drop_unwanted(core: &mut Runtime) {
    if core.tags_may_run() || core.plugins.list.iter().any(Plugin::may_run) {
        return;
    }
    let is_wanted = |core: &Runtime, run: &Run| {
        run.lane.is_some()
            || core.waiting.newest().any(|waiting| waiting.capture == run.capture && waiting.edition != 0 && waiting.lanes != 0)
    };
    let (wanted, unwanted) = std::mem::take(&mut core.plugins.runs).into_iter().partition(|run| is_wanted(core, run));
    core.plugins.runs = wanted;
    let unwanted: Vec<Run> = unwanted;
    for run in unwanted {
        core.take_held(&run);
        core.tell_end(run.capture, None, &[]);
    }
}

fn add(core: &mut Runtime, id: u32, message: &str) {
    let Some(phase) = Phase::from_word(&text(message, "phase")) else { return };
    let name = text(message, "name").into_owned();
    let mut consent = Requirement::default();
    if phase == Phase::Destination {
        let mut faults = AnyFault::default();
        for (at, plugin) in list(&core.config.rules, "plugins").enumerate() {
            if text(plugin, "name") == name {
                consent = requirement(plugin, &core.config.consent, &Place::ROOT.key("plugins").item(at), &mut faults);
            }
        }
        if consent.is_empty() || faults.0 {
            consent = Requirement::default();
            let advice = "\" gets no event: the config does not say what consent it needs. Add it to \"plugins\": \
                          [{ \"name\": …, \"consent\": { \"allOf\": [ … ] } }]";
            core.problem("plugin_denied", &concat(&["the destination plugin \"", &name, advice]));
        }
    }
    let verdict = consent.evaluate(core.consent.purposes(), core.consent.model());
    let until = match phase {
        Phase::Before | Phase::Middleware => core.now.mono.saturating_add(EVENT_MS),
        Phase::Enrichment => core.now.mono.saturating_add(LOAD_MS),
        // Nothing waits for what only looks on.
        _ => u64::MAX,
    };
    let loading = flag(message, "loading", false).then_some(until);
    let from = member(message, "edition").and_then(whole).unwrap_or(0) as u32;
    let other_names = member(message, "names").unwrap_or("[]").to_owned();
    let (until, waiting) = (u32::MAX, Vec::new());
    let is_untold = phase == Phase::Destination && loading.is_some();
    core.plugins.list.push(Plugin { id, name, other_names, phase, from, until, loading, is_untold, consent, verdict, waiting });
    decide(core, false);
}

/// One has loaded, or failed to: then it is as if it had never been there.
fn loaded(core: &mut Runtime, id: u32, error: Option<String>) {
    let Some(plugin) = core.plugins.list.iter_mut().find(|plugin| plugin.id == id && plugin.loading.is_some()) else { return };
    plugin.loading = None;
    if let Some(error) = error {
        plugin.until = 0;
        plugin.waiting.clear();
        let message = concat(&["plugin \"", &plugin.name, "\" did not load, events go on without it: ", &error]);
        core.problem("plugin_failed", &message);
    }
    decide(core, false);
}

/// A plugin is done with an event.
fn met(core: &mut Runtime, number: u32, message: &str) {
    let Plugins { list, runs, .. } = &mut core.plugins;
    let Some(at) = runs.iter().position(|run| run.number == number && run.due.is_some()) else { return };
    let Some(run) = runs.get_mut(at) else { return };
    let (phase, id) = run.met.unwrap_or((Phase::After, 0));
    run.due = None;
    let event = member(message, "event");
    if let Some(event) = event.filter(|event| event.len() <= MAX_ANSWER_BYTES) {
        event.clone_into(&mut run.event);
        return;
    }
    let error = text_in(message, "error").or(event.map(|_| "it left more than an event may hold".to_owned()));
    if let Some(error) = &error {
        let name = list.iter().find(|plugin| plugin.id == id).map_or("", |plugin| &plugin.name);
        let outcome = if phase == Phase::Enrichment { "The event goes on without it." } else { "The event is not sent." };
        let event = text_in(&run.event, "event").or(text_in(&run.event, "type")).unwrap_or_default();
        let message = concat(&["plugin \"", name, "\" failed on \"", &event, "\": ", error, ". ", outcome]);
        core.problem("plugin_failed", &message);
    }
    if phase != Phase::Enrichment {
        let run = core.plugins.runs.remove(at);
        let (reason, why) = if error.is_some() { (DropReason::PluginFailed, FAILED) } else { (DropReason::Cancelled, CANCELLED) };
        core.lose(&run, reason, why);
    }
}

/// Every event meets its next plugin.
fn go_on(core: &mut Runtime) {
    let mut at = 0;
    while let Some(run) = core.plugins.runs.get_mut(at) {
        let destination = run.lane.and_then(|lane| core.config.destinations.get(lane)).map_or("", |destination| &destination.id);
        match run.next(&core.plugins.list, destination) {
            Next::Wait => at += 1,
            Next::Meet(plugin) => {
                run.met = Some((plugin.phase, plugin.id));
                run.due = Some(core.now.mono.saturating_add(EVENT_MS));
                // A late answer of the plugin before is none of this one's.
                core.plugins.begun += 1;
                run.number = core.plugins.begun;
                let mut notice = String::from("{");
                push_number(&mut notice, "run", run.number.into());
                push_number(&mut notice, "capture", run.capture.into());
                push_number(&mut notice, "plugin", plugin.id.into());
                if run.lane.is_some() {
                    push_text(&mut notice, "destination", destination);
                }
                push_member(&mut notice, "event", &run.event);
                notice.push('}');
                core.out.notify(Notice::Plugins(notice));
                at += 1;
            }
            // Who is to see it at the end depends on what consent says then.
            Next::End
                if !core.knows_consent
                    && run.lane.is_none()
                    && core.plugins.list.iter().any(|plugin| plugin.may_end(run.edition)) =>
            {
                core.plugins.is_due = true;
                at += 1;
            }
            Next::End => {
                let run = core.plugins.runs.remove(at);
                core.end_run(run);
            }
        }
    }
    // No event will meet them any more.
    let oldest = core.plugins.runs.iter().map(|run| run.edition).min().unwrap_or(core.plugins.edition);
    core.plugins.list.retain(|plugin| plugin.until > oldest || !plugin.waiting.is_empty());
    let loading = core.plugins.list.iter().map(|plugin| plugin.loading);
    core.plugins.due = core.plugins.runs.iter().map(|run| run.due).chain(loading).flatten().min();
}
