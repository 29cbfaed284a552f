//! The page's life: hidden, back, online again.

use crate::browser::Page;
use crate::heard::{Heard, hear};
use wasm_bindgen::JsCast;
use web_sys::EventTarget;

/// Hands the page's life to the core, for as long as the page lives.
pub(crate) fn listen(page: Page) {
    let window: &EventTarget = &page.window;
    if let Some(document) = page.window.document() {
        on(page, &document, "visibilitychange", Heard::Visibility);
    }
    on(page, window, "pagehide", Heard::Hidden);
    on(page, window, "pageshow", Heard::Visible);
    on(page, window, "online", Heard::Online);
}

fn on(page: Page, target: &EventTarget, event: &str, heard: Heard) {
    let _ = target.add_event_listener_with_callback(event, hear(page, heard).unchecked_ref());
}
