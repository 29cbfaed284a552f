//! What the page may ask: answers at once, and changes nothing.

use super::Runtime;
use crate::config::Config;
use crate::json::at_path;
use crate::ledger;

impl Runtime {
    /// How many events were captured; the last one's number.
    pub fn captures(&self) -> u32 {
        self.captures
    }

    /// `consent.get()` as JSON.
    pub fn consent(&self) -> String {
        self.consent.report()
    }

    /// `stats()` as JSON.
    pub fn stats(&self) -> String {
        let lanes = self.config.destinations.iter().zip(&self.lanes);
        let lanes = lanes.map(|(destination, lane)| (destination.id.as_str(), lane.counts()));
        ledger::report(lanes, &self.errors, if self.journal.is_durable() { "journal" } else { "memory" })
    }

    /// `explain()` as JSON: of one event, or what the gate says now.
    pub fn explain(&self, message_id: Option<&str>) -> String {
        match message_id {
            Some(id) => self.history.of(id, &self.ids, &self.config),
            None => self.history.now(&self.config),
        }
    }

    /// `user()` as JSON: `{"id":…,"anonymousId":…,"traits":{…}}`.
    pub fn user(&self) -> String {
        self.identity.user_text()
    }

    /// `group()` as JSON: `{"id":…,"traits":{…}}`.
    pub fn group(&self) -> String {
        self.identity.group_text()
    }

    /// The data layer, or the value at a path of it.
    pub fn data(&self, path: Option<&str>) -> Option<String> {
        match path {
            Some(path) => at_path(&self.data, path).map(str::to_owned),
            None => Some((*self.data).to_owned()),
        }
    }

    /// The config in force.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
