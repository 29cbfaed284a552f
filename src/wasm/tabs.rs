//! Other tabs: messages, and Web Locks as a sign of life.

use crate::browser::Page;
use crate::heard::{Heard, hear, settle};
use tidegate_core::Input;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent, Navigator, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Navigator)]
    type Locking;
    type LockManager;

    #[wasm_bindgen(method, getter)]
    fn locks(this: &Locking) -> Option<LockManager>;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &JsValue, holding: &JsValue) -> Result<JsValue, JsValue>;
}

/// The channel of this site's tabs, which share what is stored whatever their write key; none where the browser has none.
pub(crate) fn channel(space: &str) -> Option<BroadcastChannel> {
    BroadcastChannel::new(space).ok()
}

/// Hands other tabs' messages to the core.
pub(crate) fn listen(page: Page) {
    if let Some(channel) = &page.channel {
        channel.set_onmessage(Some(hear(page, Heard::Message).unchecked_ref()));
    }
}

pub(crate) fn message(page: Page, event: JsValue) {
    if let Some(message) = event.unchecked_into::<MessageEvent>().data().as_string() {
        page.handle(Input::Message(&message));
    }
}

/// Web Locks; they exist in secure contexts only.
pub(crate) fn has_locks(window: &Window) -> bool {
    manager(window).is_some()
}

/// Takes a lock and holds it while the page lives.
pub(crate) fn lock(page: Page, name: String, wait: bool) {
    let Some(manager) = manager(&page.window) else { return };
    let Ok(options) = js_sys::JSON::parse(if wait { "{}" } else { r#"{"ifAvailable":true}"# }) else { return };
    let requested = manager.request(&name.clone(), &options, &hear(page, Heard::Lock(name)));
    if let Ok(promise) = requested {
        settle(page, promise, Heard::Nothing, Heard::Nothing);
    }
}

/// What holds the lock: a promise that never settles, so that only the page's end lets go of it.
pub(crate) fn locked(page: Page, name: &str, lock: &JsValue) -> JsValue {
    let taken = !lock.is_null();
    page.handle(Input::Lock { name, taken });
    if taken { js_sys::Promise::race(&JsValue::from_str("")).into() } else { JsValue::UNDEFINED }
}

fn manager(window: &Window) -> Option<LockManager> {
    window.navigator().unchecked_into::<Locking>().locks()
}
