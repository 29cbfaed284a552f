//! First-party cookies.

use tidegate_core::json::digits;
use tidegate_core::text::{concat, cut, next_piece};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Window};

fn document(window: &Window) -> Option<HtmlDocument> {
    // A page whose document has no cookies answers with nothing.
    Some(window.document()?.unchecked_into())
}

pub(crate) fn read(window: &Window, name: &str) -> Option<String> {
    let all = document(window)?.cookie().ok()?;
    let mut pairs = Some(all.as_str());
    while let Some(pair) = next_piece(&mut pairs, "; ") {
        if let Some((_, value)) = cut(pair, "=").filter(|(key, _)| *key == name) {
            return Some(value.to_owned());
        }
    }
    None
}

/// Sets a cookie for this host; a lifetime of 0 deletes it.
pub(crate) fn set(window: &Window, name: &str, value: &str, max_age_s: u32, secure: bool) {
    let Some(document) = document(window) else { return };
    let age = digits(max_age_s.into());
    let cookie = concat(&[name, "=", value, "; Path=/; SameSite=Lax; Max-Age=", &age, if secure { "; Secure" } else { "" }]);
    let _ = document.set_cookie(&cookie);
}
