//! The collector's clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch; 0 on a machine whose clock stands before it.
pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// ISO 8601 in UTC with milliseconds.
pub(crate) fn iso(ms: u64) -> String {
    let mut out = String::new();
    tidegate_core::time::push_iso(&mut out, ms);
    out
}
