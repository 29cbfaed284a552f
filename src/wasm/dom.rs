//! Scripts and pixels.

use crate::browser::Browser;
use std::rc::Rc;
use tidegate_core::Input;
use tidegate_core::effect::Element;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlImageElement, HtmlScriptElement};

#[wasm_bindgen]
extern "C" {
    type Factory;
    type Policy;

    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(this: &Factory, name: &str, rules: &JsValue) -> Result<Policy, JsValue>;

    #[wasm_bindgen(method, catch, js_name = createScriptURL)]
    fn create_script_url(this: &Policy, url: &str) -> Result<JsValue, JsValue>;
}

thread_local! {
    static POLICY: Option<Policy> = policy();
}

/// Puts a script or pixel on the page. A script's end is told to the core.
pub(crate) fn load(browser: &Rc<Browser>, tag: usize, element: Element, url: &str) {
    match element {
        Element::Pixel => {
            if let Ok(image) = HtmlImageElement::new() {
                image.set_src(url);
            }
        }
        Element::Script => {
            if url.is_empty() || insert(browser, tag, url).is_none() {
                browser.call(Input::Loaded { tag, ok: false });
            }
        }
    }
}

fn insert(browser: &Rc<Browser>, tag: usize, url: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let script: HtmlScriptElement = document.create_element("script").ok()?.dyn_into().ok()?;
    script.set_async(true);
    for (event, ok) in [("load", true), ("error", false)] {
        let browser = browser.clone();
        let told = Closure::once_into_js(move || browser.handle(Input::Loaded { tag, ok }));
        script.add_event_listener_with_callback(event, told.unchecked_ref()).ok()?;
    }
    let trusted = POLICY.with(|policy| policy.as_ref().and_then(|policy| policy.create_script_url(url).ok()));
    js_sys::Reflect::set(&script, &"src".into(), &trusted.unwrap_or_else(|| url.into())).ok()?;
    document.head()?.append_child(&script).ok()?;
    Some(())
}

/// The Trusted Types policy `tidegate`: addresses were checked by the core, whose config holds the hosts literally.
fn policy() -> Option<Policy> {
    let factory =
        js_sys::Reflect::get(&js_sys::global(), &"trustedTypes".into()).ok().filter(|factory| !factory.is_undefined())?;
    let rules = js_sys::Object::new();
    let pass = Closure::<dyn Fn(String) -> String>::new(|url: String| url).into_js_value();
    js_sys::Reflect::set(&rules, &"createScriptURL".into(), &pass).ok()?;
    factory.unchecked_into::<Factory>().create_policy("tidegate", &rules).ok()
}
