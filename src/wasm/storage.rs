//! Local storage, which may be missing, full, blocked or throw.

use web_sys::Storage;

/// The page's local storage, where there is one.
pub(crate) struct Local(Option<Storage>);

impl Local {
    pub(crate) fn open() -> Self {
        Local(web_sys::window().and_then(|window| window.local_storage().ok().flatten()))
    }

    pub(crate) fn read(&self, key: &str) -> Option<String> {
        self.0.as_ref()?.get_item(key).ok().flatten()
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
        let Some(storage) = &self.0 else { return Vec::new() };
        let all = 0..storage.length().unwrap_or(0);
        all.filter_map(|at| storage.key(at).ok().flatten()).filter(|key| key.starts_with(prefix)).collect()
    }
}
