//! What tags ask of the page. Part of a file of its own, which comes where it is needed: see js/scripts/build/split.mjs.

use crate::browser::Page;
use tidegate_core::Input;

/// Has the page do something; what it answers is told to the core.
#[inline(never)]
pub(crate) fn page(page: Page, what: &str) {
    let said = page.host.page(what);
    if !said.is_empty() {
        page.call(Input::Tags(&said));
    }
}
