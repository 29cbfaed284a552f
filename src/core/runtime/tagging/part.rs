//! What tags came to, told to the page's core. Part of the file that tags come in: see `src/core/tags/part.rs`. So nothing here is called
//! before it came.

use super::super::Runtime;
use crate::effect::Effects;
use crate::tags::Tags;
use crate::text::concat;

/// It came.
#[inline(never)]
pub(super) fn came(core: &mut Runtime) {
    let tagging = &mut core.tagging;
    let missed = tagging.missed.take();
    let (rules, history) = (&core.config.rules, &mut core.history);
    let faults = Tags::start(&mut tagging.tags, rules, &tagging.standings, &missed, history);
    for fault in faults.0 {
        core.problem("config_invalid", &concat(&[&fault.pointer, " ", &fault.message, ". No tag runs."]));
    }
}

/// A tag's template came, or did not.
#[inline(never)]
pub(super) fn template(core: &mut Runtime, tag: usize, text: Option<&str>) {
    act(core, tag, |tags, _| tags.template(tag, text));
}

/// A tag's script ran, or did not.
#[inline(never)]
pub(super) fn loaded(core: &mut Runtime, tag: usize, ok: bool) {
    act(core, tag, |tags, out| tags.loaded(tag, ok, out));
}

/// What a tag called is missing, or it threw.
#[inline(never)]
pub(super) fn invoke_failed(core: &mut Runtime, tag: usize, path: &str) {
    act(core, tag, |_, _| Some(concat(&[path, " is missing, or it threw"])));
}

fn act(core: &mut Runtime, tag: usize, act: impl FnOnce(&mut Tags, &mut Effects) -> Option<String>) {
    let Some(problem) = core.tagging.tags.as_mut().and_then(|tags| act(tags, &mut core.out)) else { return };
    let id = core.config.tags.get(tag).map_or("", |tag| tag.id.as_str());
    let message = concat(&["tag \"", id, "\": ", &problem]);
    core.problem("tag_failed", &message);
}
