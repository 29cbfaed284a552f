//! What the collector takes from the site's config.

use crate::error::StartError;
use std::collections::HashSet;
use std::path::Path;
use tidegate_core::config::Config;
use tidegate_core::review;
use tidegate_core::tags::Tags;

/// The config of the site whose events are collected.
pub(crate) struct Site {
    text: String,
    write_keys: HashSet<String>,
}

impl Site {
    /// Reads and checks `tidegate.json`.
    pub(crate) fn load(path: &Path) -> Result<Self, StartError> {
        let text = std::fs::read_to_string(path).map_err(|error| StartError::ConfigUnreadable(path.into(), error))?;
        let (config, _) = Config::check(&text).map_err(|faults| StartError::ConfigFaults(path.into(), faults))?;
        let own = config.destinations.into_iter().map(|destination| destination.write_key);
        let write_keys = own.chain([config.write_key]).filter(|key| !key.is_empty()).collect();
        Ok(Site { text, write_keys })
    }

    /// The config as it stands in its file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether events with this write key are taken.
    pub(crate) fn knows(&self, write_key: &str) -> bool {
        self.write_keys.contains(write_key)
    }

    /// Explains events by this config. Belongs to one thread, as the core's config does.
    pub(crate) fn reviewer(&self) -> Option<Reviewer> {
        Config::check(&self.text).ok().map(|(config, tags)| Reviewer(config, tags))
    }
}

/// Tells what the consent stamped on an event allows.
pub(crate) struct Reviewer(Config, Tags);

impl Reviewer {
    /// The decision for each destination and tag, as a JSON list.
    pub(crate) fn decisions(&self, event: &str) -> String {
        review::review(&self.0, &self.1, event)
    }
}
