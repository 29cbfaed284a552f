//! Requests.

use crate::browser::Browser;
use crate::promise::settle;
use std::rc::Rc;
use tidegate_core::Input;
use tidegate_core::effect::{Request, Transport};
use tidegate_core::input::Outcome;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestCredentials, RequestInit, RequestRedirect, Response};

/// Posts a batch: no credentials, redirects are errors, `text/plain` by the body's type.
pub(crate) fn send(browser: &Rc<Browser>, request: Request) {
    let id = request.id;
    let Some(window) = web_sys::window() else { return };
    let keepalive = request.transport == Transport::Keepalive;
    if keepalive && !has_keepalive() {
        let _ = window.navigator().send_beacon_with_opt_str(&request.url, Some(&request.body));
        return answer(browser, id, Outcome::Unknown);
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(&request.body));
    init.set_redirect(RequestRedirect::Error);
    init.set_credentials(RequestCredentials::Omit);
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &keepalive.into());
    if let Ok(controller) = AbortController::new() {
        init.set_signal(Some(&controller.signal()));
        browser.requests.borrow_mut().push((id, controller));
    }
    let browser = browser.clone();
    settle(window.fetch_with_str_and_init(&request.url, &init), move |response| {
        match response.and_then(|response| response.dyn_into::<Response>().ok()) {
            Some(response) => read(browser, id, response),
            None => answer(&browser, id, Outcome::Failed),
        }
    });
}

/// Aborts a request that is under way.
pub(crate) fn abort(browser: &Rc<Browser>, id: u32) {
    if let Some(controller) = take(browser, id) {
        controller.abort();
    }
}

/// Fetches a template from beside the script.
pub(crate) fn fetch_template(browser: &Rc<Browser>, tag: usize, name: &str) {
    let Some(window) = web_sys::window() else { return };
    let url = [&browser.base, "templates/", name, ".json"].concat();
    let browser = browser.clone();
    settle(window.fetch_with_str(&url), move |response| {
        let text = response
            .and_then(|response| response.dyn_into::<Response>().ok())
            .filter(Response::ok)
            .and_then(|response| response.text().ok());
        match text {
            Some(text) => settle(text, move |text| {
                browser.handle(Input::Template { tag, text: text.and_then(|text| text.as_string()).as_deref() });
            }),
            None => browser.handle(Input::Template { tag, text: None }),
        }
    });
}

fn read(browser: Rc<Browser>, id: u32, response: Response) {
    let status = response.status();
    let retry_after_ms = response.headers().get("Retry-After").ok().flatten().and_then(|text| retry_after(&text));
    let Ok(text) = response.text() else { return answer(&browser, id, Outcome::Failed) };
    settle(text, move |text| match text.and_then(|text| text.as_string()) {
        Some(body) => answer(&browser, id, Outcome::Answer { status, body: &body, retry_after_ms }),
        None => answer(&browser, id, Outcome::Failed),
    });
}

fn answer(browser: &Rc<Browser>, id: u32, outcome: Outcome<'_>) {
    take(browser, id);
    browser.handle(Input::Response { request: id, outcome });
}

fn take(browser: &Rc<Browser>, id: u32) -> Option<AbortController> {
    let mut requests = browser.requests.borrow_mut();
    let at = requests.iter().position(|(known, _)| *known == id)?;
    Some(requests.swap_remove(at).1)
}

/// `Retry-After` in milliseconds from now: seconds, or an HTTP date (RFC 9110, section 10.2.3).
fn retry_after(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(u64::from(seconds) * 1000);
    }
    let wait = js_sys::Date::parse(text) - js_sys::Date::now();
    (wait > 0.0).then_some(wait as u64)
}

fn has_keepalive() -> bool {
    let request = js_sys::Reflect::get(&js_sys::global(), &"Request".into());
    let prototype = request.and_then(|request| js_sys::Reflect::get(&request, &"prototype".into()));
    prototype.and_then(|prototype| js_sys::Reflect::has(&prototype, &"keepalive".into())).unwrap_or(false)
}
