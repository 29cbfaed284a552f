//! Requests.

use crate::browser::Page;
use crate::heard::{Heard, settle};
use tidegate_core::Input;
use tidegate_core::effect::{Request, Transport};
use tidegate_core::input::Outcome;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    type Fetching;

    // The page may have put a function of its own in its place, which throws.
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Fetching, url: &str, init: &JsValue) -> Result<JsValue, JsValue>;
}

/// The page's `fetch`.
pub(crate) fn fetch(page: Page, url: &str, init: &JsValue) -> Result<JsValue, JsValue> {
    page.window.unchecked_ref::<Fetching>().fetch(url, init)
}

/// An answer whose text is still under way.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    request: u32,
    status: u16,
    retry_after_ms: Option<u64>,
}

/// Posts a batch: no credentials, redirects are errors, `text/plain` by the body's type.
pub(crate) fn send(page: Page, request: &Request) {
    let id = request.id;
    let init = match request.transport {
        Transport::Fetch => r#"{"method":"POST","redirect":"error","credentials":"omit"}"#,
        Transport::Keepalive if page.keepalive => r#"{"method":"POST","redirect":"error","credentials":"omit","keepalive":true}"#,
        Transport::Keepalive => {
            let _ = page.window.navigator().send_beacon_with_opt_str(&request.url, Some(&request.body));
            return ended(page, id, Outcome::Unknown);
        }
    };
    let Ok(init) = js_sys::JSON::parse(init) else { return };
    let init: RequestInit = init.unchecked_into();
    init.set_body(&JsValue::from_str(&request.body));
    if let Ok(controller) = AbortController::new() {
        init.set_signal(Some(&controller.signal()));
        page.requests.borrow_mut().push((id, controller));
    }
    match fetch(page, &request.url, &init) {
        Ok(promise) => settle(page, promise, Heard::Answer(id), Heard::NoAnswer(id)),
        Err(_) => failed(page, id),
    }
}

/// Aborts a request that is under way.
pub(crate) fn abort(page: Page, id: u32) {
    if let Some(controller) = take(page, id) {
        controller.abort();
    }
}

pub(crate) fn answer(page: Page, request: u32, response: JsValue) {
    let Ok(response) = response.dyn_into::<Response>() else { return failed(page, request) };
    let retry_after = response.headers().get("Retry-After").ok().flatten();
    let retry_after_ms = retry_after.and_then(|text| retry_after_ms(&text));
    let head = Head { request, status: response.status(), retry_after_ms };
    match response.text() {
        Ok(text) => settle(page, text.into(), Heard::Body(head), Heard::NoAnswer(request)),
        Err(_) => failed(page, request),
    }
}

pub(crate) fn body(page: Page, &Head { request, status, retry_after_ms }: &Head, text: &JsValue) {
    match text.as_string() {
        Some(body) => ended(page, request, Outcome::Answer { status, body: &body, retry_after_ms }),
        None => failed(page, request),
    }
}

pub(crate) fn failed(page: Page, request: u32) {
    ended(page, request, Outcome::Failed);
}

fn ended(page: Page, request: u32, outcome: Outcome<'_>) {
    take(page, request);
    page.handle(Input::Response { request, outcome });
}

fn take(page: Page, id: u32) -> Option<AbortController> {
    let mut requests = page.requests.borrow_mut();
    let at = requests.iter().position(|(known, _)| *known == id)?;
    Some(requests.swap_remove(at).1)
}

/// `Retry-After` in milliseconds from now: seconds, or an HTTP date (RFC 9110, section 10.2.3).
fn retry_after_ms(text: &str) -> Option<u64> {
    if let Some(seconds) = tidegate_core::json::whole(text.trim_ascii()) {
        return Some(seconds.saturating_mul(1000));
    }
    let wait = js_sys::Date::parse(text) - js_sys::Date::now();
    (wait > 0.0).then_some(wait as u64)
}
