//! What the tabs of one browser profile share: local storage, the cookie, locks, and the consent platform's answer.

use super::decisions::Platform;
use super::site::NEEDS;
use std::collections::BTreeMap;
use tidegate_core::keys;

#[derive(Default)]
pub(crate) struct Profile {
    pub stored: BTreeMap<String, String>,
    pub cookies: BTreeMap<String, String>,
    /// Lock names and the tab that holds each.
    pub locks: Vec<(String, usize)>,
    /// Likewise of those that wait for one.
    pub waiting: Vec<(String, usize)>,
    /// Local storage takes no more writes.
    pub refuses: bool,
    pub platform: Platform,
    /// Its dialog is open again.
    pub paused: bool,
    /// What the stored decision says, as the tests know it.
    pub remembered: Option<[Option<bool>; 2]>,
}

impl Profile {
    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        self.stored.keys().filter(|key| key.starts_with(prefix)).cloned().collect()
    }

    /// The journal pages: their key, the destinations they are for, and their text.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&String, Vec<usize>, &String)> {
        let pages = self.stored.iter().filter(|(key, _)| key.starts_with(keys::JOURNAL));
        pages.map(|(key, text)| (key, destinations_of(text), text))
    }

    /// Whether local storage holds an event for a destination.
    pub(crate) fn holds(&self, message_id: &str, destination: usize) -> bool {
        self.pages().any(|(_, to, text)| to.contains(&destination) && text.contains(message_id))
    }
}

/// The destinations that a page's header names.
pub(crate) fn destinations_of(page: &str) -> Vec<usize> {
    let header = page.lines().nth(1).unwrap_or("");
    let header: serde_json::Value = serde_json::from_str(header).unwrap_or_default();
    (0..NEEDS.len()).filter(|at| header["to"].get(NEEDS[*at]).is_some()).collect()
}
