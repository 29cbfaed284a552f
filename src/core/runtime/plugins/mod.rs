//! Plugins and middleware: the page's own code that sees events on their way, as analytics.js has it. Each event is held until those
//! that were there when it was captured have let it go; one event never waits for another.
//!
//! They run in the shim. Which is next, how long it may take, and what becomes of an event it cancels or fails on is decided here.

mod changed;
mod ending;
mod list;
mod part;
mod run;

use super::Runtime;
use crate::config::{AnyFault, Destination, Place, requirement};
use crate::consent::Verdict;
use crate::json::list;
use crate::stamp::Stamp;
use crate::text::contains;
use list::Plugin;
use run::Run;
use std::rc::Rc;

/// What a page's plugins are, and the events they have.
#[derive(Debug, Default)]
pub(super) struct Plugins {
    /// How often plugins were added or taken away so far.
    edition: u32,
    /// Whether any of them may see an event.
    is_wanted: bool,
    /// The first edition with one that may keep events back; 0 where there was none.
    decides_from: u32,
    /// When one of them has taken too long, on the monotonic clock.
    pub(super) due: Option<u64>,
    /// Whether one that consent gates is to load or to have an event, which it may once consent was read again.
    pub(super) is_due: bool,
    /// Whether their part of the core is there: see [`part`].
    is_here: bool,
    list: Vec<Plugin>,
    runs: Vec<Run>,
    /// Meetings of events and plugins so far; numbers them.
    begun: u32,
    /// The capture number of the newest event that has begun.
    newest: u32,
    /// The stamp that the last event got which a grant let go, behind that of its call and the present one.
    released: Option<[Rc<Stamp>; 3]>,
}

impl Plugins {
    /// Some come or go. Middleware, and plugins that stand before all others, may keep events back. Middleware of what is no
    /// destination of the config sees nothing.
    pub(super) fn hold(&mut self, what: &str, destinations: &[Destination]) {
        self.edition += 1;
        if let Some(name) = what.strip_prefix("addDestinationMiddleware ") {
            let name = name.to_ascii_lowercase();
            if !destinations.iter().any(|destination| contains(&name, &destination.id.to_ascii_lowercase())) {
                return;
            }
        }
        self.is_wanted = true;
        if self.decides_from == 0 && (contains(what, "Middleware") || contains(what, "before")) {
            self.decides_from = self.edition;
        }
    }

    /// By which an event captured now is held; 0 where nothing holds it.
    pub(super) fn edition(&self) -> u32 {
        if self.is_wanted { self.edition } else { 0 }
    }

    /// Whether an event goes on without them where it cannot wait any longer.
    fn may_miss(&self, edition: u32) -> bool {
        edition != 0 && (self.decides_from == 0 || edition < self.decides_from)
    }
}

impl Runtime {
    /// The shim says what plugins there are and what they did. It speaks only once their part of the core is there.
    pub(super) fn hear_plugins(&mut self, text: &str) {
        part::hear(self, text);
    }

    /// What consent says of the destinations of the page's own that the config tells of: of the one it favours most.
    pub(super) fn own_verdict(&self) -> Verdict {
        let mut best = Verdict::Deny;
        for plugin in list(&self.config.rules, "plugins") {
            let requirement = requirement(plugin, &self.config.consent, &Place::ROOT, &mut AnyFault::default());
            match requirement.evaluate(self.consent.purposes(), self.consent.model()) {
                Verdict::Allow => return Verdict::Allow,
                Verdict::Pending => best = Verdict::Pending,
                Verdict::Deny => {}
            }
        }
        best
    }

    /// An event is held for them.
    pub(super) fn begin_plugins(&mut self) {
        if self.plugins.is_here {
            part::begin(self);
        }
    }

    /// Consent was read just now.
    pub(super) fn end_plugins(&mut self) {
        if std::mem::take(&mut self.plugins.is_due) {
            part::end(self);
            // This is the end of a task already.
            self.commit();
        }
    }

    pub(super) fn wake_plugins(&mut self) {
        if self.plugins.due.is_some_and(|due| due <= self.now.mono) {
            part::wake(self);
        }
    }

    /// The page may be going.
    pub(super) fn leave_plugins(&mut self) {
        if self.plugins.is_here {
            part::leave(self);
        } else if self.plugins.edition != 0 {
            self.go_on_without();
        }
    }

    /// Before their part came: what only misses what they would have added goes to disk. A page that goes fires no tags any more.
    fn go_on_without(&mut self) {
        let allowed = self.lanes_with(Verdict::Allow);
        for mut waiting in self.waiting.take() {
            if self.plugins.may_miss(waiting.edition) {
                let granted = waiting.lanes & allowed & waiting.granted;
                self.release(&waiting.line, &waiting.stamp, granted);
                waiting.lanes &= !granted;
                waiting.edition = 0;
                waiting.data = None;
            }
            if waiting.lanes != 0 || waiting.edition != 0 {
                self.keep(waiting);
            }
        }
        self.release_waiting(0, false);
    }

    /// Consent changed.
    pub(super) fn decide_plugins(&mut self, forgets: bool) {
        if self.plugins.is_here {
            part::decide(self, forgets);
        }
    }

    pub(super) fn forget_plugins(&mut self) {
        if self.plugins.is_here {
            part::forget(self);
        }
    }
}
