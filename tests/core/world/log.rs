//! What the tabs did, with what the tests knew at that moment.

use super::events::Fate;
use serde_json::Value;

/// A request that left.
pub(crate) struct Sent {
    pub destination: usize,
    /// On the monotonic clock.
    pub at: u64,
    /// The numbers of the calls it carries.
    pub calls: Vec<usize>,
    /// What the tests knew of each.
    pub fates: Vec<Fate>,
    pub events: Vec<Value>,
    pub body: String,
    /// Other requests of the tab under way to this destination.
    pub beside: usize,
    /// Whether it leaves nothing behind that was called before what it carries.
    pub in_turn: bool,
    /// Whether what the tab was told, and what local storage and the platform say, let the destination see anything.
    pub allowed: bool,
}

/// Something that touched the page or its storage.
#[derive(Debug)]
pub(crate) struct Touch {
    pub what: String,
    pub allowed: bool,
}

/// A destination lost its grant in a tab.
#[derive(Debug)]
pub(crate) struct Withdrawal {
    pub destination: usize,
    /// Pages in local storage that still name it once the call has returned.
    pub pages: Vec<String>,
    /// Requests to it that the tab still has under way.
    pub requests: usize,
    /// Identifiers left although they lost their grant.
    pub identifiers: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Log {
    pub sent: Vec<Sent>,
    pub touches: Vec<Touch>,
    pub withdrawals: Vec<Withdrawal>,
}
