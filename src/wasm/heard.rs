//! Everything the page's browser calls back with, through one kind of function: each further kind costs a kilobyte.

use crate::browser::{Browser, Page};
use crate::tabs;
use js_sys::Promise;
use tidegate_core::Input;
use tidegate_core::input::Lifecycle;
use wasm_bindgen::prelude::*;

/// What a callback is about.
pub(crate) enum Heard {
    /// The running microtask is at its end.
    Commit,
    /// What tags need came, or did not.
    Tags(bool),
    /// The script of a tag ran, or did not.
    Loaded {
        tag: usize,
        ok: bool,
    },
    /// A lock of that name was taken, or `null`.
    Lock(String),
    /// A message of another tab.
    Message,
    /// The document became visible or hidden.
    Visibility,
    Hidden,
    Visible,
    Online,
    /// Nothing to the core.
    Nothing,
}

/// A function for JavaScript that hands in what it hears.
pub(crate) fn hear(page: Page, heard: Heard) -> JsValue {
    Closure::<dyn Fn(JsValue) -> JsValue>::new(move |value| page.hear(&heard, value)).into_js_value()
}

#[wasm_bindgen]
extern "C" {
    type Thenable;

    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &JsValue, rejected: &JsValue);
}

/// Hears of a promise's end without an executor, which would cost kilobytes.
pub(crate) fn settle(page: Page, promise: JsValue, fulfilled: Heard, rejected: Heard) {
    Promise::resolve(&promise).unchecked_into::<Thenable>().then(&hear(page, fulfilled), &hear(page, rejected));
}

impl Browser {
    fn hear(&'static self, heard: &Heard, value: JsValue) -> JsValue {
        self.entered();
        match heard {
            Heard::Commit => self.handle(Input::Commit),
            Heard::Tags(ok) => self.handle(Input::Tags { ok: *ok }),
            Heard::Loaded { tag, ok } => self.handle(Input::Loaded { tag: *tag, ok: *ok }),
            Heard::Lock(name) => return tabs::locked(self, name, &value),
            Heard::Message => tabs::message(self, value),
            Heard::Visibility => self.live(match self.window.document() {
                Some(document) if document.hidden() => Lifecycle::Hidden,
                _ => Lifecycle::Visible,
            }),
            Heard::Hidden => self.live(Lifecycle::Hidden),
            Heard::Visible => self.live(Lifecycle::Visible),
            Heard::Online => self.live(Lifecycle::Online),
            Heard::Nothing => {}
        }
        JsValue::UNDEFINED
    }

    fn live(&'static self, life: Lifecycle) {
        self.handle(Input::Lifecycle(life));
    }
}
