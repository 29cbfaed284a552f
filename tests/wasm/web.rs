//! The bindings in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, JSON, Object, Reflect};
use serde::Deserialize;
use std::collections::BTreeMap;
use tidegate_wasm::{Host, ask, call, tell};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Storage;

wasm_bindgen_test_configure!(run_in_browser);

const CONFIG: &str = r#"{"version":1,"writeKey":"web","consent":{"cmp":"manual","purposes":{"analytics":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"http://127.0.0.1:9/none","consent":{"allOf":["analytics"]}}]}"#;

/// A host that keeps what it is told.
fn host() -> (Host, Array) {
    let told = Array::new();
    let (list, timers, requests) = (told.clone(), told.clone(), told.clone());
    let notify = Closure::<dyn Fn(JsValue, JsValue)>::new(move |name, payload| {
        list.push(&Array::of2(&name, &payload));
    });
    let timer = Closure::<dyn Fn(JsValue)>::new(move |ms| {
        timers.push(&Array::of2(&"timer".into(), &ms));
    });
    let send = Closure::<dyn Fn(JsValue, JsValue)>::new(move |_, url| {
        requests.push(&Array::of2(&"send".into(), &url));
    });
    let mono = Closure::<dyn Fn() -> f64>::new(|| web_sys::window().unwrap().performance().unwrap().now());
    let signals = Closure::<dyn Fn() -> String>::new(String::new);
    let object = Object::new();
    Reflect::set(&object, &"signals".into(), &signals.into_js_value()).unwrap();
    Reflect::set(&object, &"notify".into(), &notify.into_js_value()).unwrap();
    Reflect::set(&object, &"timer".into(), &timer.into_js_value()).unwrap();
    Reflect::set(&object, &"send".into(), &send.into_js_value()).unwrap();
    Reflect::set(&object, &"mono".into(), &mono.into_js_value()).unwrap();
    for name in ["abort", "cookie", "lock", "post", "part", "commit"] {
        Reflect::set(&object, &name.into(), &js_sys::Function::new_no_args("")).unwrap();
    }
    (object.unchecked_into(), told)
}

fn storage() -> Option<Storage> {
    web_sys::window().unwrap().local_storage().unwrap()
}

fn stored() -> Vec<String> {
    let storage = storage().unwrap();
    let keys = (0..storage.length().unwrap()).filter_map(|at| storage.key(at).unwrap());
    keys.filter(|key| key.starts_with("tg_")).collect()
}

fn start_with(config: &str, seed: u8) -> (u32, Array) {
    let (host, told) = host();
    let seed = char::from(seed).to_string().repeat(32);
    let text = format!(r#"{{"base":"/","gpc":null,"space":"tg_","seed":"{seed}"}}"#) + "\n" + config;
    (tidegate_wasm::start(host, storage(), &text), told)
}

fn start(seed: u8) -> u32 {
    start_with(CONFIG, seed).0
}

fn consent_set(core: u32, purposes: &str) {
    tell(core, 2, purposes);
}

fn forget(core: u32) {
    tell(core, 9, "");
}

fn stats(core: u32) -> Stats {
    read(&ask(core, 1, "").unwrap())
}

/// JSON as a page reads it.
fn read<T: for<'a> Deserialize<'a>>(text: &str) -> T {
    serde_wasm_bindgen::from_value(JSON::parse(text).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Problem {
    code: String,
    #[serde(rename = "where")]
    place: String,
}

#[derive(Deserialize)]
struct Stats {
    captured: u32,
    pending: u32,
}

#[derive(Deserialize)]
struct Consent {
    status: String,
    purposes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Decision {
    subject: String,
    decision: String,
}

#[wasm_bindgen_test]
fn a_config_at_fault_is_told_with_its_place() {
    let config = r#"{"version":1,"consent":{"purposes":{}},"colour":1,"queue":{"maxBytes":0}}"#;
    let (core, told) = start_with(config, b'1');
    assert_eq!((core, told.length()), (0, 0));
    let problems: Vec<Problem> = read(&ask(0, 9, config).unwrap());
    let told: Vec<_> = problems.iter().map(|problem| (problem.code.as_str(), problem.place.as_str())).collect();
    assert_eq!(told, [("config_invalid", "/colour"), ("config_invalid", "/queue/maxBytes")]);
}

#[wasm_bindgen_test]
fn nothing_is_stored_before_the_grant_and_all_is_gone_after_forget() {
    let core = start(b'2');
    assert_eq!(call(core, 0, r#"["Waits",{"n":1}]"#, 1_700_000_000_000.0), 1);
    commit(core);
    assert_eq!(stored(), Vec::<String>::new());
    let Stats { captured, pending } = stats(core);
    assert_eq!((captured, pending), (1, 1));

    consent_set(core, r#"{"analytics":true}"#);
    commit(core);
    let keys = stored();
    for prefix in ["tg_consent", "tg_gate", "tg_identity", "tg_q."] {
        assert!(keys.iter().any(|key| key.starts_with(prefix)), "{prefix} is missing in {keys:?}");
    }
    let event = ask(core, 8, "[1,0,1700000000000]\n[\"Waits\",{\"n\":1}]").unwrap();
    assert!(event.contains(r#""timestamp":"2023-11-14T22:13:20.000Z""#), "{event}");

    forget(core);
    assert_eq!(stored(), Vec::<String>::new());
    assert_eq!(call(core, 0, r#"["After"]"#, 0.0), 0);
}

#[wasm_bindgen_test]
fn withdrawal_takes_the_queue_out_of_storage_before_it_returns() {
    let core = start(b'3');
    consent_set(core, r#"{"analytics":true}"#);
    call(core, 0, r#"["Queued"]"#, 0.0);
    commit(core);
    assert!(stored().iter().any(|key| key.starts_with("tg_q.")));
    consent_set(core, r#"{"analytics":false}"#);
    assert!(!stored().iter().any(|key| key.starts_with("tg_q.") || key == "tg_identity"), "{:?}", stored());
    forget(core);
}

#[wasm_bindgen_test]
fn reports_are_texts_of_the_documented_shape() {
    let (core, told) = start_with(CONFIG, b'4');
    consent_set(core, r#"{"analytics":true}"#);
    let consent: Consent = read(&ask(core, 0, "").unwrap());
    assert_eq!((consent.status.as_str(), consent.purposes["analytics"].as_str()), ("ready", "granted"));
    let news = told.iter().map(|entry| Array::from(&entry)).rfind(|entry| entry.get(0) == "consent").unwrap();
    assert_eq!(Some(ask(core, 0, "").unwrap()), news.get(1).as_string());
    let decisions: Vec<Decision> = read(&ask(core, 2, "").unwrap());
    assert!(decisions.iter().any(|each| each.subject.contains('c') && each.decision == "allow"));
    let of_none: Vec<Decision> = read(&ask(core, 3, "no such event").unwrap());
    assert!(of_none.is_empty());
    forget(core);
}

#[wasm_bindgen_test]
fn a_number_without_a_core_answers_nothing() {
    assert_eq!((call(0, 0, r#"["A"]"#, 0.0), ask(99, 1, "")), (0, None));
    tell(99, 8, "");
}

#[wasm_bindgen_test]
async fn the_core_asks_to_be_woken_and_sends_then() {
    let (core, told) = start_with(CONFIG, b'5');
    let last = |name: &str| told.iter().map(|entry| Array::from(&entry)).rfind(|entry| entry.get(0) == name);
    consent_set(core, r#"{"analytics":true}"#);
    tell(core, 17, "true delivery");
    call(core, 0, r#"["Queued"]"#, 0.0);
    commit(core);
    let ms = last("timer").unwrap().get(1).as_f64().unwrap();
    assert!((0.0..60_000.0).contains(&ms), "{ms}");
    assert!(last("send").is_none());
    TimeoutFuture::new(ms as u32 + 50).await;
    tell(core, 22, "");
    assert_eq!(last("send").unwrap().get(1), "http://127.0.0.1:9/none");
    forget(core);
    assert_eq!(last("timer").unwrap().get(1), -1.0);
}

#[wasm_bindgen_test]
fn without_storage_it_works_in_memory() {
    let (host, _) = host();
    let core = tidegate_wasm::start(host, None, &format!("{{}}\n{CONFIG}"));
    consent_set(core, r#"{"analytics":true}"#);
    assert_eq!(call(core, 0, r#"["Kept"]"#, 0.0), 1);
    commit(core);
    assert_eq!((stored().len(), stats(core).captured), (0, 1));
    forget(core);
}

/// The end of a task, as the shim tells it.
fn commit(core: u32) {
    tell(core, 21, "");
}
