//! The bindings in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use js_sys::{Array, Object, Reflect};
use tidegate_wasm::{Core, Host};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const CONFIG: &str = r#"{"version":1,"writeKey":"web","consent":{"cmp":"manual","purposes":{"analytics":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"http://127.0.0.1:9/none","consent":{"allOf":["analytics"]}}]}"#;

/// A host that keeps what it is told.
fn host() -> (Host, Array) {
    let told = Array::new();
    let list = told.clone();
    let notify = Closure::<dyn Fn(JsValue, JsValue)>::new(move |name, payload| {
        list.push(&Array::of2(&name, &payload));
    });
    let invoke = Closure::<dyn Fn(JsValue, JsValue) -> bool>::new(|_, _| true);
    let object = Object::new();
    Reflect::set(&object, &"notify".into(), &notify.into_js_value()).unwrap();
    Reflect::set(&object, &"invoke".into(), &invoke.into_js_value()).unwrap();
    (object.unchecked_into(), told)
}

fn stored() -> Vec<String> {
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let keys = (0..storage.length().unwrap()).filter_map(|at| storage.key(at).unwrap());
    keys.filter(|key| key.starts_with("tg_")).collect()
}

fn number(value: &JsValue, key: &str) -> f64 {
    Reflect::get(value, &key.into()).unwrap().as_f64().unwrap()
}

fn start(seed: u8) -> (Core, Array) {
    let (host, told) = host();
    (Core::start(host, CONFIG, r#"{"base":"/","gpc":null}"#, &[seed; 32]).unwrap(), told)
}

#[wasm_bindgen_test]
fn a_config_at_fault_is_told_with_its_place() {
    let (host, told) = host();
    assert!(Core::start(host, r#"{"version":1,"consent":{"purposes":{}},"colour":1}"#, "{}", &[1; 32]).is_none());
    let first = Array::from(&told.get(0));
    let place = Reflect::get(&first.get(1), &"where".into()).unwrap().as_string();
    assert_eq!((first.get(0).as_string().as_deref(), place.as_deref()), (Some("error"), Some("/colour")));
}

#[wasm_bindgen_test]
async fn nothing_is_stored_before_the_grant_and_all_is_gone_after_forget() {
    let (core, _) = start(2);
    assert_eq!(core.call(0, r#"["Waits",{"n":1}]"#, 1_700_000_000_000.0), 1);
    next_task().await;
    assert_eq!(stored(), Vec::<String>::new());
    assert_eq!(number(&core.stats(), "pending"), 1.0);

    core.consent_set(r#"{"analytics":true}"#, true);
    next_task().await;
    let keys = stored();
    for prefix in ["tg_consent", "tg_gate", "tg_identity", "tg_q."] {
        assert!(keys.iter().any(|key| key.starts_with(prefix)), "{prefix} is missing in {keys:?}");
    }
    let event = core.event(1, 0, r#"["Waits",{"n":1}]"#, 1_700_000_000_000.0).unwrap();
    assert!(event.contains(r#""timestamp":"2023-11-14T22:13:20.000Z""#), "{event}");

    core.forget();
    assert_eq!(stored(), Vec::<String>::new());
    assert_eq!(core.call(0, r#"["After"]"#, 0.0), 0);
}

#[wasm_bindgen_test]
async fn withdrawal_takes_the_queue_out_of_storage_before_it_returns() {
    let (core, _) = start(3);
    core.consent_set(r#"{"analytics":true}"#, true);
    core.call(0, r#"["Queued"]"#, 0.0);
    next_task().await;
    assert!(stored().iter().any(|key| key.starts_with("tg_q.")));
    core.consent_set(r#"{"analytics":false}"#, true);
    assert!(!stored().iter().any(|key| key.starts_with("tg_q.") || key == "tg_identity"), "{:?}", stored());
    core.forget();
}

async fn next_task() {
    gloo_timers::future::TimeoutFuture::new(20).await;
}
