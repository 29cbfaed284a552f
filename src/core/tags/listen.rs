//! What the page is to look out for: only what a tag that is not denied waits for.

use super::Tags;
use super::trigger::Kind;
use crate::consent::Verdict;
use crate::effect::Effects;
use crate::json::{push_item, push_number};
use crate::text::concat;
use crate::time::Now;

/// How long tags wait for the page's word of how far it has come, in milliseconds.
const MOST_HELD: u64 = 1_000;

/// What the page was asked for last.
#[derive(Debug, Default)]
pub(super) struct Listening(String);

impl Tags {
    /// The triggers that somebody waits for.
    pub(super) fn awaited(&self) -> Vec<bool> {
        let mut awaited = vec![false; self.triggers.len()];
        let mut mark = |at: &usize| {
            if let Some(place) = awaited.get_mut(*at) {
                *place = true;
            }
        };
        for (tag, runner) in self.tags.iter().zip(&self.runners) {
            if runner.verdict == Verdict::Allow && !runner.is_over {
                for at in tag.fire_on.iter().chain(&tag.except_on) {
                    mark(at);
                    if let Some(Kind::Group(of)) = self.triggers.get(*at).map(|trigger| &trigger.kind) {
                        of.iter().for_each(&mut mark);
                    }
                }
            }
        }
        awaited
    }

    /// Tells the page, where that changed.
    pub(crate) fn listen(&mut self, now: Now, out: &mut Effects) {
        let mut wanted = String::new();
        for (at, (trigger, is_awaited)) in self.triggers.iter().zip(self.awaited()).enumerate() {
            if let (Kind::Seen(watched), true) = (&trigger.kind, is_awaited) {
                wanted.push_str(if wanted.is_empty() { "{" } else { ",{" });
                push_number(&mut wanted, "at", at as u64);
                wanted.push(',');
                wanted.push_str(watched);
                wanted.push('}');
            }
        }
        if wanted == self.listening.0 {
            return;
        }
        let mut selectors = String::from("[");
        for selector in &self.selectors {
            push_item(&mut selectors, selector);
        }
        out.page(concat(&["[\"listen\",{\"triggers\":[", &wanted, "],\"selectors\":", &selectors, "]}]"]));
        self.listening = Listening(wanted);
        self.held_until = now.mono + MOST_HELD;
        self.look(now);
    }

    /// Whether the page was asked and has not said yet what it has come to: that fires first.
    pub(crate) fn is_held(&self, now: Now) -> bool {
        now.mono < self.held_until
    }

    /// The triggers of kind `consent` that somebody waits for.
    pub(crate) fn awaiting_consent(&self) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, (trigger, is_awaited)) in self.triggers.iter().zip(self.awaited()).enumerate() {
            if is_awaited && trigger.kind == Kind::Consent {
                found.push(at);
            }
        }
        found
    }
}
