//! The class the shim drives.

use crate::browser::Browser;
use crate::host::Host;
use crate::{cookies, lifecycle, tabs};
use std::rc::Rc;
use tidegate_core::input::Verb;
use tidegate_core::{Input, Runtime, json, keys};
use wasm_bindgen::prelude::*;

/// The core of one page. Texts are JSON; times are milliseconds since the Unix epoch.
#[wasm_bindgen]
pub struct Core {
    browser: Rc<Browser>,
}

#[wasm_bindgen]
impl Core {
    /// Checks the config and takes up what earlier pages left. On a config at fault tells each fault and returns nothing.
    pub fn start(host: Host, config: &str, env: &str, seed: &[u8]) -> Option<Core> {
        let mut bytes = [0u8; 32];
        for (into, from) in bytes.iter_mut().zip(seed) {
            *into = *from;
        }
        let runtime = match Runtime::start(config, env, bytes) {
            Ok(runtime) => runtime,
            Err(faults) => {
                for fault in faults {
                    host.notify("error", &problem("config_invalid", &fault.message, &fault.pointer));
                }
                return None;
            }
        };
        let base = json::at_path(env, "base").map(|raw| json::text_of(raw).into_owned()).unwrap_or_default();
        let browser = Browser::new(runtime, host, base);
        browser.handle(Input::Restore {
            identity: browser.storage.read(keys::IDENTITY).as_deref(),
            cookie: cookies::read(keys::COOKIE).as_deref(),
            consent: browser.storage.read(keys::CONSENT).as_deref(),
            gate: browser.storage.read(keys::GATE).as_deref(),
            journal: &browser.storage.keys(keys::JOURNAL),
            locks: tabs::has_locks(),
        });
        tabs::listen(&browser);
        lifecycle::listen(&browser);
        Some(Core { browser })
    }

    /// Page facts for the calls that follow.
    pub fn page(&self, facts: &str) {
        self.browser.call(Input::Page(facts));
    }

    /// A call of an event verb. Returns the capture number; 0 for a refused call, after an `error`.
    pub fn call(&self, verb: u8, args: &str, wall: f64) -> u32 {
        let Some(verb) = Verb::from_number(verb) else { return 0 };
        let before = self.browser.runtime.borrow().captures();
        self.browser.call(Input::Call { verb, args, at: wall as u64 });
        let after = self.browser.runtime.borrow().captures();
        if after == before { 0 } else { before + 1 }
    }

    /// The finished event of an earlier call, from what that call passed.
    pub fn event(&self, capture: u32, verb: u8, args: &str, wall: f64) -> Option<String> {
        self.browser.runtime.borrow().event(capture, Verb::from_number(verb)?, args, wall as u64)
    }

    /// `consent.set`.
    #[wasm_bindgen(js_name = consentSet)]
    pub fn consent_set(&self, purposes: &str, explicit: bool) {
        self.browser.handle(Input::ConsentSet { purposes, explicit });
    }

    /// A consent platform's reading.
    pub fn signal(&self, source: &str, text: &str) {
        self.browser.handle(Input::Signal { source, text });
    }

    /// `consent.get()`.
    pub fn consent(&self) -> String {
        self.browser.runtime.borrow().consent()
    }

    /// `stats()`.
    pub fn stats(&self) -> String {
        self.browser.runtime.borrow().stats()
    }

    /// `explain()`.
    pub fn explain(&self, message_id: Option<String>) -> String {
        self.browser.runtime.borrow().explain(message_id.as_deref())
    }

    /// `data.push()`.
    #[wasm_bindgen(js_name = dataPush)]
    pub fn data_push(&self, text: &str) {
        self.browser.handle(Input::Data(text));
    }

    /// `data.get()`.
    #[wasm_bindgen(js_name = dataGet)]
    pub fn data_get(&self, path: &str) -> Option<String> {
        self.browser.runtime.borrow().data(Some(path))
    }

    /// `data.snapshot()`.
    #[wasm_bindgen(js_name = dataSnapshot)]
    pub fn data_snapshot(&self) -> String {
        self.browser.runtime.borrow().data(None).unwrap_or_default()
    }

    /// The visitor.
    pub fn user(&self) -> String {
        self.browser.runtime.borrow().user()
    }

    /// The group.
    pub fn group(&self) -> String {
        self.browser.runtime.borrow().group()
    }

    /// `setAnonymousId`.
    #[wasm_bindgen(js_name = setAnonymousId)]
    pub fn set_anonymous_id(&self, id: &str) {
        self.browser.handle(Input::SetAnonymousId(id));
    }

    /// `reset`.
    pub fn reset(&self) {
        self.browser.handle(Input::Reset);
    }

    /// A problem that the shim saw: counted and told.
    pub fn report(&self, code: &str, message: &str) {
        self.browser.handle(Input::Report { code, message });
    }

    /// `flush`; `flushed` follows.
    pub fn flush(&self) {
        self.browser.handle(Input::Flush);
    }

    /// `forget`.
    pub fn forget(&self) {
        self.browser.handle(Input::Forget);
    }
}

fn problem(code: &str, message: &str, place: &str) -> JsValue {
    let object = js_sys::Object::new();
    for (key, text) in [("code", code), ("message", message), ("where", place)] {
        let _ = js_sys::Reflect::set(&object, &key.into(), &text.into());
    }
    object.into()
}
