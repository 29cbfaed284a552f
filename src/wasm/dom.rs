//! Scripts and pixels.

use crate::browser::Page;
use crate::heard::{Heard, hear};
use tidegate_core::Input;
use tidegate_core::effect::Element;
use wasm_bindgen::prelude::*;

/// Puts a script or pixel on the page. A script's end is told to the core.
pub(crate) fn load(page: Page, tag: usize, element: Element, url: &str) {
    let script = element == Element::Script;
    if insert(page, tag, script, url).is_none() && script {
        page.call(Input::Loaded { tag, ok: false });
    }
}

fn insert(page: Page, tag: usize, script: bool, url: &str) -> Option<()> {
    let document = page.window.document()?;
    let element = document.create_element(if script { "script" } else { "img" }).ok()?;
    if script {
        if url.is_empty() {
            return None;
        }
        for (event, ok) in [("load", true), ("error", false)] {
            let told = hear(page, Heard::Loaded { tag, ok });
            element.add_event_listener_with_callback(event, told.unchecked_ref()).ok()?;
        }
    }
    let url = if script { page.host.trust(url) } else { url.into() };
    js_sys::Reflect::set(&element, &"src".into(), &url).ok()?;
    if script {
        document.head()?.append_child(&element).ok()?;
    }
    Some(())
}
