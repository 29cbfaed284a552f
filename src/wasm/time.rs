//! The browser's clocks.

use tidegate_core::Now;

/// The time of an input.
pub(crate) fn now() -> Now {
    let mono = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now());
    Now { wall: js_sys::Date::now() as u64, mono: mono as u64 }
}
