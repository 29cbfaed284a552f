//! First-party cookies.

use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

fn document() -> Option<HtmlDocument> {
    web_sys::window()?.document()?.dyn_into().ok()
}

pub(crate) fn read(name: &str) -> Option<String> {
    let all = document()?.cookie().ok()?;
    all.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// Sets a cookie for this host; a lifetime of 0 deletes it.
pub(crate) fn set(name: &str, value: &str, max_age_s: u32) {
    let Some(document) = document() else { return };
    let secure = document.location().and_then(|location| location.protocol().ok()).is_some_and(|protocol| protocol == "https:");
    let age = max_age_s.to_string();
    let cookie = [name, "=", value, "; Path=/; SameSite=Lax; Max-Age=", &age, if secure { "; Secure" } else { "" }].concat();
    let _ = document.set_cookie(&cookie);
}
