//! Local storage, which may be missing, full, blocked or throw.

use tidegate_core::text::concat;
use web_sys::Storage;

/// What the names of all keys begin with, to the core.
const PREFIX: &str = "tg_";
/// What those begin with that instances of other globals than `analytics` store: js/own-keys.ts.
const OTHERS: &str = "tg_~";

/// The page's local storage, where there is one, as far as it is this instance's: instances of different globals share nothing.
pub(crate) struct Local {
    storage: Option<Storage>,
    /// What stands in place of the prefix.
    space: String,
}

impl Local {
    pub(crate) fn of(storage: Option<Storage>, space: &str) -> Self {
        Local { storage, space: space.to_owned() }
    }

    /// A key or a cookie's name as this instance has it. What is not ours stays as it is.
    pub(crate) fn own(&self, key: &str) -> String {
        match key.strip_prefix(PREFIX) {
            Some(rest) => concat(&[&self.space, rest]),
            None => key.to_owned(),
        }
    }

    pub(crate) fn read(&self, key: &str) -> Option<String> {
        self.storage.as_ref()?.get_item(&self.own(key)).ok()?
    }

    /// Whether the text is stored now.
    pub(crate) fn write(&self, key: &str, value: &str) -> bool {
        self.storage.as_ref().is_some_and(|storage| storage.set_item(&self.own(key), value).is_ok())
    }

    pub(crate) fn remove(&self, key: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(&self.own(key));
        }
    }

    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let Some(storage) = &self.storage else { return keys };
        let prefix = self.own(prefix);
        let mut at = 0;
        while let Ok(Some(key)) = storage.key(at) {
            if key.starts_with(&prefix) && (self.space != PREFIX || !key.starts_with(OTHERS)) {
                keys.push(concat(&[PREFIX, key.get(self.space.len()..).unwrap_or("")]));
            }
            at += 1;
        }
        keys
    }
}
