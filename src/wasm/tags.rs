//! What tags ask for: scripts, pixels, templates, calls; and the words for a faulty config. Part of a file of its own, which comes
//! where it is needed: see js/scripts/build/split.mjs.

use crate::browser::Page;
use tidegate_core::Input;
use tidegate_core::config::{Fault, explain};
use tidegate_core::effect::Element;
use tidegate_core::json::push_text;

/// Puts a script or pixel on the page. A script's end is told to the core.
#[inline(never)]
pub(crate) fn load(page: Page, tag: usize, element: Element, url: &str) {
    page.host.load(tag as u32, url, element == Element::Script);
}

/// Takes back pixels that have not come yet.
#[inline(never)]
pub(crate) fn unload(page: Page, tag: usize) {
    page.host.unload(tag as u32);
}

/// Calls a function of the page. A failure is told to the core.
#[inline(never)]
pub(crate) fn invoke(page: Page, tag: usize, path: &str, args: &str) {
    if !page.host.invoke(path, args) {
        page.call(Input::InvokeFailed { tag, path });
    }
}

/// What is wrong with a config: a JSON list of problems.
#[inline(never)]
pub(crate) fn faults(config: &str) -> String {
    let mut list = String::from("[");
    for Fault { pointer, message } in explain(config) {
        list.push_str(if list.len() > 1 { ",{" } else { "{" });
        push_text(&mut list, "code", "config_invalid");
        push_text(&mut list, "message", &message);
        push_text(&mut list, "where", &pointer);
        list.push('}');
    }
    list.push(']');
    list
}
