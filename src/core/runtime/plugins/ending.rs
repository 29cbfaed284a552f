//! How an event leaves its plugins: to its destinations, its tags and those who look on, or nowhere.

use super::super::Runtime;
use super::super::capture::EXCLUDED;
use super::changed::Changed;
use super::list::{Phase, Plugin};
use super::run::Run;
use crate::consent::Verdict;
use crate::effect::Notice;
use crate::event::finished;
use crate::json::{digits, member, push_member, push_number};
use crate::ledger::DropReason;
use crate::queue::Waiting;
use crate::tags::Occasion;
use std::rc::Rc;

/// Events kept for a destination of the page's own while consent is open, in number and bytes.
const MAX_WAITING: usize = 1000;
const MAX_WAITING_BYTES: usize = 1 << 20;

/// Why nobody gets an event.
pub(super) const CANCELLED: &str = "a plugin cancelled it";
pub(super) const FAILED: &str = "a plugin failed on it";

/// The notice that an event has passed its plugins, or is none any more.
pub(super) fn ended(capture: u32, event: Option<&str>, then: &[u32]) -> String {
    let mut notice = String::from("{");
    push_number(&mut notice, "end", capture.into());
    push_member(&mut notice, "event", event.unwrap_or("null"));
    push_member(&mut notice, "then", "[");
    for (at, id) in then.iter().enumerate() {
        if at > 0 {
            notice.push(',');
        }
        notice.push_str(&digits((*id).into()));
    }
    notice.push_str("]}");
    notice
}

impl Runtime {
    pub(super) fn holds(&self, run: &Run) -> bool {
        self.waiting.holds(run.capture, run.lane.map(|lane| 1 << lane)).is_some()
    }

    pub(super) fn take_held(&mut self, run: &Run) -> Option<Waiting> {
        self.waiting.take_held(run.capture, run.lane.map(|lane| 1 << lane))
    }

    /// An event, or one destination's share of it, ends here.
    pub(super) fn lose(&mut self, run: &Run, reason: DropReason, why: &'static str) {
        if let Some(waiting) = self.take_held(run) {
            self.drop_waiting(waiting.lanes, reason);
            self.history.kept_from(run.capture, waiting.lanes, why);
        }
        if run.lane.is_none() {
            self.history.refused(run.capture, why);
            self.tell_end(run.capture, None, &[]);
        }
    }

    pub(super) fn tell_end(&mut self, capture: u32, event: Option<&str>, then: &[u32]) {
        self.out.notify(Notice::Plugins(ended(capture, event, then)));
    }

    /// An event has met its plugins.
    pub(super) fn end_run(&mut self, run: Run) {
        let Some(mut waiting) = self.take_held(&run) else {
            // It gave way, or consent was withdrawn.
            return if run.lane.is_none() {
                self.tell_end(run.capture, None, &[])
            };
        };
        let Some(Changed { line, stamp }) = Changed::of(&run.event, &waiting.line, &waiting.stamp) else {
            self.drop_waiting(waiting.lanes, DropReason::PluginFailed);
            self.history.kept_from(run.capture, waiting.lanes, FAILED);
            self.problem("plugin_failed", "plugins left something that is no event, or is larger than 32 KB: it is not sent");
            if run.lane.is_none() {
                self.history.refused(run.capture, FAILED);
                self.tell_end(run.capture, None, &[]);
            }
            return;
        };
        let integrations = member(&run.event, "integrations").unwrap_or("{}");
        let excluded = self.excluded(integrations) & waiting.lanes;
        self.drop_waiting(excluded, DropReason::Excluded);
        if excluded != 0 {
            self.history.kept_from(run.capture, excluded, EXCLUDED);
        }
        (waiting.line, waiting.stamp) = (line, stamp);
        let mut lanes = waiting.lanes & !excluded;
        if run.lane.is_none() {
            for lane in 0..self.lanes.len() {
                let destination = self.config.destinations.get(lane).map_or("", |destination| &destination.id);
                let is_met = |plugin: &Plugin| plugin.is_of(run.edition) && plugin.is_before(destination);
                if lanes >> lane & 1 == 1 && self.plugins.list.iter().any(is_met) {
                    lanes &= !(1 << lane);
                    self.keep(Waiting { lanes: 1 << lane, is_share: true, ..waiting.clone() });
                    self.plugins.runs.push(Run { event: run.event.clone(), lane: Some(lane), met: None, due: None, ..run });
                }
            }
        }
        let allowed = lanes & self.lanes_with(Verdict::Allow);
        self.release(&waiting.line, &waiting.stamp, allowed & waiting.granted);
        let by_grant = allowed & !waiting.granted;
        if by_grant != 0 {
            let [captured, present] = [&waiting.stamp, &self.stamp].map(Rc::clone);
            let same =
                self.plugins.released.as_ref().filter(|[from, by, _]| Rc::ptr_eq(from, &captured) && Rc::ptr_eq(by, &present));
            // Events of one stamp share a page of the journal.
            let stamp = same.map_or_else(|| self.released_stamp(&captured), |[_, _, stamp]| stamp.clone());
            self.plugins.released = Some([captured, present, stamp.clone()]);
            self.release(&waiting.line, &stamp, by_grant);
        }
        if run.lane.is_none() {
            let event = finished(&waiting.line, &waiting.stamp);
            let data = waiting.data.clone().unwrap_or_else(|| "{}".into());
            self.fire_tags(&Occasion::of(&event, &data), false, &waiting);
            let then = self.later_plugins(&run, waiting.stamp.rev, integrations);
            self.tell_end(run.capture, Some(&run.event), &then);
        }
        lanes &= !allowed;
        if lanes != 0 {
            self.keep(Waiting { lanes, edition: 0, is_share: false, data: None, ..waiting });
        }
    }

    /// Those that are to have a look at a finished event now. `rev` is the consent revision at its call.
    fn later_plugins(&mut self, run: &Run, rev: u32, integrations: &str) -> Vec<u32> {
        let mut then = Vec::new();
        for plugin in &mut self.plugins.list {
            if !plugin.is_of(run.edition) || plugin.phase == Phase::Destination && !plugin.is_in(integrations) {
                continue;
            }
            match (plugin.phase, self.history.verdict(rev, plugin.consent)) {
                (Phase::After, _) => then.push((plugin.phase, plugin.id)),
                (Phase::Destination, Verdict::Allow) if plugin.loading.is_none() => then.push((plugin.phase, plugin.id)),
                (Phase::Destination, Verdict::Allow | Verdict::Pending) => {
                    plugin.waiting.push((run.capture, run.event.clone()));
                    let bytes = |plugin: &Plugin| plugin.waiting.iter().fold(0, |sum, (_, event)| sum + event.len());
                    while plugin.waiting.len() > MAX_WAITING || bytes(plugin) > MAX_WAITING_BYTES {
                        plugin.waiting.remove(0);
                    }
                }
                _ => {}
            }
        }
        then.sort_unstable();
        then.into_iter().map(|(_, id)| id).collect()
    }
}
