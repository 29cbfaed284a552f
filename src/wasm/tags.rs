//! What tags ask of the page, and the words for a faulty config. Part of a file of its own, which comes
//! where it is needed: see js/scripts/build/split.mjs.

use crate::browser::Page;
use tidegate_core::Input;
use tidegate_core::config::{Fault, explain};
use tidegate_core::json::push_text;

/// Has the page do something; what it answers is told to the core.
#[inline(never)]
pub(crate) fn page(page: Page, what: &str) {
    let said = page.host.page(what);
    if !said.is_empty() {
        page.call(Input::Tags(&said));
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
