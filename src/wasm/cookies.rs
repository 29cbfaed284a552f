//! First-party cookies.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Window};

fn document(window: &Window) -> Option<HtmlDocument> {
    // A page whose document has no cookies answers with nothing.
    Some(window.document()?.unchecked_into())
}

pub(crate) fn read(window: &Window, name: &str) -> Option<String> {
    let all = document(window)?.cookie().ok()?;
    let value = |pair: &str| Some(pair.trim_start().strip_prefix(name)?.strip_prefix('=')?.to_owned());
    all.split(';').find_map(value)
}

/// Sets a cookie for this host; a lifetime of 0 deletes it.
pub(crate) fn set(window: &Window, name: &str, value: &str, max_age_s: u32, secure: bool) {
    let Some(document) = document(window) else { return };
    let age = max_age_s.to_string();
    let cookie = [name, "=", value, "; Path=/; SameSite=Lax; Max-Age=", &age, if secure { "; Secure" } else { "" }].concat();
    let _ = document.set_cookie(&cookie);
}
