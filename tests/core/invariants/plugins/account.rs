//! What the test itself knows of plugins, calls, and the events that plugins have.

use crate::world::events::Fate;
use serde_json::Value;
use std::collections::HashMap;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// Until when it may; nothing before the core was told.
    Loading(Option<u64>),
    Ready,
    Failed,
}

pub(super) struct Plugin {
    pub(super) phase: usize,
    pub(super) to: usize,
    pub(super) from: u32,
    pub(super) until: u32,
    pub(super) state: State,
}

pub(super) struct Called {
    pub(super) at: u64,
    pub(super) message_id: String,
    pub(super) edition: u32,
    pub(super) waited: [bool; 5],
    pub(super) fates: [Fate; 5],
    /// Whether identifiers were allowed at the call or since.
    pub(super) may_be_known: bool,
    /// Whether they were at the call.
    pub(super) was_known: bool,
    /// Whether it went on before they were forgotten cannot be told.
    pub(super) unsure: [bool; 5],
    /// A plugin that decides kept it back, for all or for one destination.
    pub(super) stopped: bool,
    pub(super) stopped_for: [bool; 4],
    /// It passed its plugins.
    pub(super) ended: bool,
    pub(super) delivered: [bool; 4],
    /// How often the page's own destination had it, by plugin.
    pub(super) seen: HashMap<usize, u32>,
}

impl Called {
    /// Whether it certainly may go to a destination.
    pub(super) fn is_free(&self, destination: usize) -> bool {
        self.fates[destination] == Fate::Free && !self.unsure[destination]
    }
}

/// A plugin that has an event.
pub(super) struct Run {
    pub(super) number: u64,
    pub(super) capture: usize,
    pub(super) plugin: usize,
    pub(super) destination: Option<usize>,
    pub(super) event: Value,
    pub(super) due: u64,
}
