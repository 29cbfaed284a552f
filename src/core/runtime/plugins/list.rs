//! The plugins of a page, and which of them an event meets.

use crate::consent::{Requirement, Verdict};
use crate::json::{Kind, elements, kind, member, text_of};
use crate::runtime::capture::is_off;

/// Where on an event's way a plugin stands, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Phase {
    /// Source middleware, and what decides whether the event goes on. Where it fails the event does not.
    Before,
    /// What adds to the event. Where it fails the event goes on without.
    Enrichment,
    /// Middleware of one destination of the config. Where it fails the event does not reach that one.
    Middleware,
    /// A destination that is the page's own code, gated by the config.
    Destination,
    /// What looks at the event afterwards.
    After,
}

impl Phase {
    pub(super) fn from_word(word: &str) -> Option<Phase> {
        Some(match word {
            "before" => Phase::Before,
            "enrichment" => Phase::Enrichment,
            "middleware" => Phase::Middleware,
            "destination" => Phase::Destination,
            "after" => Phase::After,
            _ => return None,
        })
    }
}

/// One plugin.
#[derive(Debug)]
pub(super) struct Plugin {
    /// What the shim calls it.
    pub(super) id: u32,
    /// Its name; of middleware, the ID of its destination in small letters.
    pub(super) name: String,
    /// Other names that `integrations` may call it by, a JSON list.
    pub(super) other_names: String,
    pub(super) phase: Phase,
    /// The first edition it is part of, and the first it no longer is.
    pub(super) from: u32,
    pub(super) until: u32,
    /// Until when it may load, on the monotonic clock; nothing once it has.
    pub(super) loading: Option<u64>,
    /// It waits for consent before it loads. Destinations only.
    pub(super) is_untold: bool,
    /// What it needs, as the config says; destinations only.
    pub(super) consent: Requirement,
    pub(super) verdict: Verdict,
    /// Events that wait for consent: their capture number and text. Destinations only.
    pub(super) waiting: Vec<(u32, String)>,
}

impl Plugin {
    /// Whether it is a destination that consent does not deny.
    pub(super) fn may_run(&self) -> bool {
        self.phase == Phase::Destination && self.verdict != Verdict::Deny
    }

    /// Whether it may load, and was not told.
    pub(super) fn may_load(&self) -> bool {
        self.is_untold && self.verdict == Verdict::Allow && self.until == u32::MAX
    }

    /// Whether it may have the events that wait for it.
    pub(super) fn may_catch_up(&self) -> bool {
        !self.waiting.is_empty() && self.loading.is_none() && self.verdict == Verdict::Allow
    }

    /// Whether consent lets it see an event of an edition at its end.
    pub(super) fn may_end(&self, edition: u32) -> bool {
        self.phase == Phase::Destination && self.verdict == Verdict::Allow && self.is_of(edition)
    }

    /// Whether an event of an edition meets it.
    pub(super) fn is_of(&self, edition: u32) -> bool {
        self.from <= edition && edition < self.until
    }

    /// Whether it is middleware of a destination. As in analytics.js, `*` means what runs on the page, not where everything goes.
    pub(super) fn is_before(&self, destination: &str) -> bool {
        self.phase == Phase::Middleware && self.name == destination.to_ascii_lowercase()
    }

    /// Whether an event's `integrations` let it have the event: switched off it may not, nor unnamed where `All` is false.
    pub(super) fn is_in(&self, integrations: &str) -> bool {
        let named = |name: &str| member(integrations, name).filter(|raw| *raw != "null");
        let by_another = || elements(&self.other_names).filter_map(|raw| named(&text_of(raw))).last();
        match named(&self.name).or_else(by_another) {
            Some(raw) => !is_off(raw),
            None => named("All") != Some("false"),
        }
    }
}

/// The text of a member, if it is one.
pub(super) fn text_in(object: &str, key: &str) -> Option<String> {
    member(object, key).filter(|raw| kind(raw) == Kind::String).map(|raw| text_of(raw).into_owned())
}
