//! What the shim gives the core to call back.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The shim's side, see `js/tidegate-wasm.d.ts`. It never throws.
    pub type Host;

    /// The payload is JSON text, or empty.
    #[wasm_bindgen(method)]
    pub(crate) fn notify(this: &Host, name: &str, payload: &str);

    /// Milliseconds on a clock that only goes forward.
    #[wasm_bindgen(method)]
    pub(crate) fn mono(this: &Host) -> f64;

    /// Comes back with [`tidegate_core::Input::Wake`] after so many milliseconds, and for none asked for before; negative: not at all.
    #[wasm_bindgen(method)]
    pub(crate) fn timer(this: &Host, ms: f64);

    /// Comes back with [`tidegate_core::Input::Commit`] at the end of the running microtask.
    #[wasm_bindgen(method)]
    pub(crate) fn commit(this: &Host);

    /// Loads a part of the core. It is told, not at once, when it is there or will not be.
    #[wasm_bindgen(method)]
    pub(crate) fn part(this: &Host, name: &str);

    /// Takes a Web Lock, as [`tidegate_core::effect::Hold`] numbers the ways. Whether it was taken is told, not at once.
    #[wasm_bindgen(method)]
    pub(crate) fn lock(this: &Host, name: &str, hold: u8);

    /// Tells the other tabs.
    #[wasm_bindgen(method)]
    pub(crate) fn post(this: &Host, message: &str);

    /// Posts a batch. Its end is told, not at once, unless it is aborted.
    #[wasm_bindgen(method)]
    pub(crate) fn send(this: &Host, request: u32, url: &str, body: &str, outlives: bool);

    #[wasm_bindgen(method)]
    pub(crate) fn abort(this: &Host, request: u32);

    /// Sets a first-party cookie; a lifetime of 0 deletes it.
    #[wasm_bindgen(method)]
    pub(crate) fn cookie(this: &Host, name: &str, value: &str, max_age_s: u32);

    /// Does something for tags. What it answers is theirs to hear; empty for nothing. It is there once their part of the core is.
    #[wasm_bindgen(method)]
    pub(crate) fn page(this: &Host, what: &str) -> String;

    /// What consent platforms say that was not told yet: a line each, its source, a space and the reading.
    #[wasm_bindgen(method)]
    pub(crate) fn signals(this: &Host) -> String;
}
