//! Other tabs: messages, and Web Locks as a sign of life.

use crate::browser::Browser;
use std::rc::Rc;
use tidegate_core::Input;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &JsValue, holding: &JsValue) -> Result<JsValue, JsValue>;
}

/// The channel of this project's tabs; none where the browser has none.
pub(crate) fn channel(write_key: &str) -> Option<BroadcastChannel> {
    BroadcastChannel::new(&["tg_", write_key].concat()).ok()
}

/// Hands other tabs' messages to the core.
pub(crate) fn listen(browser: &Rc<Browser>) {
    let Some(channel) = &browser.channel else { return };
    let browser = browser.clone();
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = event.data().as_string() {
            browser.handle(Input::Message(&message));
        }
    });
    channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
}

/// Whether Web Locks exist: in secure contexts only.
pub(crate) fn has_locks() -> bool {
    manager().is_some()
}

/// Takes a lock and holds it while the page lives.
pub(crate) fn lock(browser: &Rc<Browser>, name: String, wait: bool) {
    let Some(manager) = manager() else { return };
    let browser = browser.clone();
    let lock_name = name.clone();
    let holding = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let taken = !lock.is_null();
        browser.handle(Input::Lock { name: &lock_name, taken });
        // A promise that never settles holds the lock until the page goes.
        if taken { js_sys::Promise::new(&mut |_, _| {}).into() } else { JsValue::UNDEFINED }
    });
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"ifAvailable".into(), &(!wait).into());
    if let Ok(promise) = manager.request(&name, &options, &holding) {
        crate::promise::settle(promise, |_| {});
    }
}

fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = js_sys::Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
