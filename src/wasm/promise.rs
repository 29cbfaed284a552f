//! Hearing of a promise's end without an executor, which would cost kilobytes.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Thenable;

    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &JsValue, rejected: &JsValue) -> JsValue;
}

/// Calls `done` once: with the value, or with nothing where the promise is rejected.
pub(crate) fn settle(promise: impl Into<JsValue>, done: impl FnOnce(Option<JsValue>) + 'static) {
    let shared = std::rc::Rc::new(std::cell::Cell::new(Some(done)));
    let other = shared.clone();
    let fulfilled = Closure::once_into_js(move |value: JsValue| {
        if let Some(done) = shared.take() {
            done(Some(value));
        }
    });
    let rejected = Closure::once_into_js(move |_: JsValue| {
        if let Some(done) = other.take() {
            done(None);
        }
    });
    promise.into().unchecked_into::<Thenable>().then(&fulfilled, &rejected);
}
