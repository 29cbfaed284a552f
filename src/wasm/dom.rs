//! Scripts and pixels.

use crate::browser::Page;
use crate::heard::{Heard, hear};
use std::cell::OnceCell;
use tidegate_core::Input;
use tidegate_core::effect::Element;
use wasm_bindgen::prelude::*;
use web_sys::Window;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Window)]
    type Trusting;
    type Factory;
    type Policy;

    #[wasm_bindgen(method, getter, js_name = trustedTypes)]
    fn trusted_types(this: &Trusting) -> Option<Factory>;

    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(this: &Factory, name: &str, rules: &JsValue) -> Result<Policy, JsValue>;

    #[wasm_bindgen(method, catch, js_name = createScriptURL)]
    fn create_script_url(this: &Policy, url: &JsValue) -> Result<JsValue, JsValue>;
}

thread_local! {
    // One for all instances: a page's policy may forbid a second of that name.
    static POLICY: OnceCell<Option<Policy>> = const { OnceCell::new() };
}

/// Puts a script or pixel on the page. A script's end is told to the core.
pub(crate) fn load(page: Page, tag: usize, element: Element, url: &str) {
    let script = element == Element::Script;
    if insert(page, tag, script, url).is_none() && script {
        page.call(Input::Loaded { tag, ok: false });
    }
}

fn insert(page: Page, tag: usize, script: bool, url: &str) -> Option<()> {
    let document = page.window.document()?;
    let mut url = JsValue::from_str(url);
    let element = document.create_element(if script { "script" } else { "img" }).ok()?;
    if script {
        if url.as_string()?.is_empty() {
            return None;
        }
        for (event, ok) in [("load", true), ("error", false)] {
            let told = hear(page, Heard::Loaded { tag, ok });
            element.add_event_listener_with_callback(event, told.unchecked_ref()).ok()?;
        }
        url = trusted(&page.window, url);
    }
    js_sys::Reflect::set(&element, &"src".into(), &url).ok()?;
    if script {
        document.head()?.append_child(&element).ok()?;
    }
    Some(())
}

/// An address with the page's trust: the core checked it, its config holds the hosts literally.
fn trusted(window: &Window, url: JsValue) -> JsValue {
    POLICY.with(|policy| match policy.get_or_init(|| policy_of(window)) {
        Some(policy) => policy.create_script_url(&url).unwrap_or(url),
        None => url,
    })
}

/// The Trusted Types policy `tidegate`.
fn policy_of(window: &Window) -> Option<Policy> {
    let factory = window.unchecked_ref::<Trusting>().trusted_types()?;
    let rules = js_sys::Object::new();
    // JavaScript's `String` gives back the text it is given.
    let pass = js_sys::Reflect::get(window, &"String".into()).ok()?;
    js_sys::Reflect::set(&rules, &"createScriptURL".into(), &pass).ok()?;
    factory.create_policy("tidegate", &rules).ok()
}
