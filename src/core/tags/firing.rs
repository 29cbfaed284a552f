//! Firings of a tag: what it is to do for one occasion, and those that wait.

use crate::json::{member, push_text};
use crate::stamp::Stamp;
use std::rc::Rc;

/// Firings that wait for consent or for the script, and bytes of them; older ones give way.
pub(super) const MAX_WAITING: usize = 1000;
pub(super) const MAX_WAITING_BYTES: usize = 1024 * 1024;

/// One firing, with everything as it was at the occasion.
#[derive(Clone, Debug)]
pub(super) struct Firing {
    /// The occasion's capture number.
    pub(super) capture: u32,
    /// Its number among its tag's.
    pub(super) ticket: u32,
    /// The event's type, and its name.
    pub(super) verb: &'static str,
    pub(super) name: Rc<str>,
    /// The finished event.
    pub(super) event: Rc<str>,
    /// Of a visitor without an identifier the circumstances, by which one is given to the event with a grant.
    pub(super) unknown: Option<Rc<Stamp>>,
    /// An object, every reference filled.
    pub(super) params: String,
    /// Of a stage that each page has come to before anything else: it does not wait behind events.
    pub(super) leads: bool,
    /// Firings of other tags that come first.
    pub(super) before: Vec<Before>,
    /// Tags that run after it.
    pub(super) after: Vec<After>,
}

/// A firing that another one waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) tag: usize,
    pub(super) ticket: u32,
    /// Without it the other does not run.
    pub(super) strict: bool,
    /// When it counts as failed, on the monotonic clock.
    pub(super) until: u64,
}

/// A firing that follows another.
#[derive(Clone, Debug)]
pub(super) struct After {
    pub(super) tag: usize,
    /// Not where the other failed.
    pub(super) strict: bool,
    pub(super) firing: Firing,
}

impl Firing {
    fn bytes(&self) -> usize {
        let after = |sum, after: &After| sum + after.firing.params.len();
        self.after.iter().fold(self.params.len() + self.event.len(), after)
    }

    /// Gives the event the identifier that a grant allowed.
    fn know(&mut self, id_of: &impl Fn(&Stamp) -> Option<Rc<str>>) {
        if let Some(id) = self.unknown.as_ref().and_then(|stamp| id_of(stamp))
            && !self.is_known()
            && let Some(members) = self.event.strip_prefix('{')
        {
            let mut event = String::from("{");
            push_text(&mut event, "anonymousId", &id);
            event.push_str(if members == "}" { "" } else { "," });
            event.push_str(members);
            self.event = event.into();
            self.unknown = None;
        }
        for after in &mut self.after {
            after.firing.know(id_of);
        }
    }

    /// Whether it carries an identifier of the visitor.
    pub(super) fn is_known(&self) -> bool {
        member(&self.event, "anonymousId").is_some()
    }
}

/// Firings that wait, oldest first, within bounds.
#[derive(Debug, Default)]
pub(super) struct Firings {
    all: Vec<Firing>,
    bytes: usize,
}

impl Firings {
    /// Returns those that gave way.
    pub(super) fn push(&mut self, firing: Firing) -> Vec<Firing> {
        self.bytes += firing.bytes();
        let behind = |before: &Firing| before.leads || !firing.leads;
        let place = self.all.iter().rposition(behind).map_or(0, |at| at + 1);
        self.all.insert(place, firing);
        let mut lost = Vec::new();
        while self.all.len() > MAX_WAITING || self.bytes > MAX_WAITING_BYTES && self.all.len() > 1 {
            lost.extend(self.next());
        }
        lost
    }

    pub(super) fn know(&mut self, id_of: &impl Fn(&Stamp) -> Option<Rc<str>>) {
        for mut firing in self.take() {
            firing.know(id_of);
            self.push(firing);
        }
    }

    pub(super) fn first(&self) -> Option<&Firing> {
        self.all.first()
    }

    /// Takes the oldest.
    pub(super) fn next(&mut self) -> Option<Firing> {
        if self.all.is_empty() {
            return None;
        }
        let firing = self.all.remove(0);
        self.bytes -= firing.bytes();
        Some(firing)
    }

    pub(super) fn take(&mut self) -> Vec<Firing> {
        std::mem::take(self).all
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Firing> {
        self.all.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a few more would push older ones out.
    pub(super) fn is_full(&self) -> bool {
        self.all.len() > MAX_WAITING / 2 || self.bytes > MAX_WAITING_BYTES / 2
    }
}
