//! The page's life: hidden, back, online again.

use crate::browser::Browser;
use std::rc::Rc;
use tidegate_core::Input;
use tidegate_core::input::Lifecycle;
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, VisibilityState};

/// Hands the page's life to the core, for as long as the page lives.
pub(crate) fn listen(browser: &Rc<Browser>) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let changed = document.clone();
    on(browser, &document, "visibilitychange", move || match changed.visibility_state() {
        VisibilityState::Hidden => Lifecycle::Hidden,
        _ => Lifecycle::Visible,
    });
    on(browser, &window, "pagehide", || Lifecycle::Hidden);
    on(browser, &window, "pageshow", || Lifecycle::Visible);
    on(browser, &window, "online", || Lifecycle::Online);
}

fn on(browser: &Rc<Browser>, target: &EventTarget, event: &str, life: impl Fn() -> Lifecycle + 'static) {
    let browser = browser.clone();
    let heard = Closure::<dyn Fn()>::new(move || browser.handle(Input::Lifecycle(life())));
    let _ = target.add_event_listener_with_callback(event, heard.into_js_value().unchecked_ref());
}
