//! Reports of the core as JSON text.

use serde::Serialize;

/// Empty where the value cannot be written.
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
