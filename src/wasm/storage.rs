//! Local storage, which may be missing, full, blocked or throw.

use web_sys::{Storage, Window};

/// The page's local storage, where there is one.
pub(crate) struct Local(Option<Storage>);

impl Local {
    pub(crate) fn of(window: &Window) -> Self {
        Local(window.local_storage().ok().flatten())
    }

    pub(crate) fn read(&self, key: &str) -> Option<String> {
        self.0.as_ref()?.get_item(key).ok()?
    }

    /// Whether the text is stored now.
    pub(crate) fn write(&self, key: &str, value: &str) -> bool {
        self.0.as_ref().is_some_and(|storage| storage.set_item(key, value).is_ok())
    }

    pub(crate) fn remove(&self, key: &str) {
        if let Some(storage) = &self.0 {
            let _ = storage.remove_item(key);
        }
    }

    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let Some(storage) = &self.0 else { return keys };
        let mut at = 0;
        while let Ok(Some(key)) = storage.key(at) {
            if key.starts_with(prefix) {
                keys.push(key);
            }
            at += 1;
        }
        keys
    }
}
