//! The words for a faulty config. A file of its own, which comes where it is needed: see js/scripts/build/split.mjs.

use tidegate_core::config::{Fault, explain};
use tidegate_core::json::push_text;

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
