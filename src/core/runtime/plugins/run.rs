//! One event on its way past the plugins.

use super::list::{Phase, Plugin};

/// One event on its way, or after that one destination's share of it.
#[derive(Debug)]
pub(super) struct Run {
    /// How the plugin that has it answers: another number for each.
    pub(super) number: u32,
    /// The event's capture number.
    pub(super) capture: u32,
    /// The plugins that were there then.
    pub(super) edition: u32,
    /// The destination whose middleware it meets; nothing on the common way.
    pub(super) lane: Option<usize>,
    /// The event as the last plugin left it, JSON.
    pub(super) event: String,
    /// The plugin it met last.
    pub(super) met: Option<(Phase, u32)>,
    /// Until when that one may take, on the monotonic clock; nothing once it is done.
    pub(super) due: Option<u64>,
}

/// What comes next.
pub(super) enum Next<'a> {
    /// A plugin has it, or is still loading.
    Wait,
    Meet(&'a Plugin),
    End,
}

impl Run {
    /// `destination` is the ID of its lane.
    pub(super) fn next<'a>(&self, plugins: &'a [Plugin], destination: &str) -> Next<'a> {
        let is_met = |plugin: &Plugin| match self.lane {
            Some(_) => plugin.is_before(destination),
            None => plugin.phase <= Phase::Enrichment,
        };
        let mut next: Option<&Plugin> = None;
        for plugin in plugins {
            let place = Some((plugin.phase, plugin.id));
            let is_nearer = next.is_none_or(|next| place < Some((next.phase, next.id)));
            if place > self.met && is_nearer && plugin.is_of(self.edition) && is_met(plugin) {
                next = Some(plugin);
            }
        }
        match next {
            _ if self.due.is_some() => Next::Wait,
            Some(plugin) if plugin.loading.is_some() => Next::Wait,
            Some(plugin) => Next::Meet(plugin),
            None => Next::End,
        }
    }
}
