//! What each kind of destination makes of events: the golden files of `tests/wires`, event in, exact request out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Map, Value, json};
use std::fs::{read_dir, read_to_string, write};
use std::path::{Path, PathBuf};
use tidegate_core::config::Config;
use tidegate_core::destinations::{Beside, Pushed, WiredRequest, part};

const KINDS: [&str; 7] = ["amplitude", "ga4", "mparticle", "segment", "snowplow", "tealium", "webhook"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wires")
}

fn goldens() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for entry in read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name != "events" {
            found.push((name, serde_json::from_str(&read_to_string(path).unwrap()).unwrap()));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn readable(request: WiredRequest) -> Value {
    let body = serde_json::from_str(&request.body).unwrap_or_else(|_| Value::from(request.body));
    let init: Value = serde_json::from_str(&request.init).unwrap();
    json!({"url": request.url, "init": init, "body": body})
}

/// Everything a destination sends of the events, and what it leaves out.
fn sent(destination: &Value, events: &[Value]) -> (Value, Value) {
    let config = json!({"version": 1, "writeKey": "w", "consent": {"purposes": {"a": {}, "analytics": {}, "advertising": {}}}, "destinations": [destination]});
    let (config, _) = Config::check(&config.to_string()).unwrap();
    let destination = &config.destinations[0];
    let (mut requests, mut left_out) = (Vec::new(), Map::new());
    let mut at = 0;
    while at < events.len() {
        let mut batch = part::batch(destination, destination.batch.max_events, destination.batch.max_bytes);
        while at < events.len() {
            let event = &events[at];
            match part::push(&mut batch, destination, &event.to_string()) {
                Pushed::Taken => {}
                Pushed::Next => break,
                out => drop(
                    left_out.insert(event["messageId"].as_str().unwrap().to_owned(), format!("{out:?} {}", event["type"]).into()),
                ),
            }
            at += 1;
        }
        assert_eq!(batch.failed(), None, "at {}", events[at.min(events.len() - 1)]);
        if batch.events() > 0 {
            let beside = Beside { batch_id: "b-1", sent_at: "2026-01-01T00:01:00.000Z", ..Beside::default() };
            let asks = part::prelude(&batch, destination, &beside);
            let known = if asks.is_some() { "\"known\"" } else { "" };
            requests.extend(asks.map(|asks| readable(asks.request)));
            requests.push(readable(part::request(&batch, destination, &Beside { known, ..beside })));
        }
    }
    (requests.into(), left_out.into())
}

#[test]
fn every_kind_sends_what_its_golden_file_says() {
    let events: Vec<Value> = serde_json::from_str(&read_to_string(folder().join("events.json")).unwrap()).unwrap();
    let mut kinds = Vec::new();
    for (name, mut golden) in goldens() {
        assert!(golden["docs"].as_array().is_some_and(|docs| !docs.is_empty()), "{name} cites no page");
        kinds.push(golden["destination"]["kind"].as_str().unwrap().to_owned());
        let (requests, left_out) = sent(&golden["destination"], &events);
        if std::env::var_os("TIDEGATE_BLESS").is_some() {
            golden["requests"] = requests;
            golden["leftOut"] = left_out;
            write(folder().join(format!("{name}.json")), serde_json::to_string_pretty(&golden).unwrap() + "\n").unwrap();
        } else {
            assert_eq!(golden["requests"], requests, "{name}: TIDEGATE_BLESS=1 takes over what is found");
            assert_eq!(golden["leftOut"], left_out, "{name}");
        }
    }
    assert!(KINDS.iter().all(|kind| kinds.iter().any(|known| known == kind)), "{kinds:?}");
}

#[test]
fn what_a_request_may_hold_is_kept_to() {
    let track = |n: usize| {
        json!({"messageId": n.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": "track", "event": "E", "anonymousId": "a",
        "properties": {"text": "x".repeat(100)}, "context": {}})
    };
    let events: Vec<Value> = (0..120).map(track).collect();
    let ga4 = json!({"id": "d", "kind": "ga4", "url": "/g", "consent": {"allOf": ["a"]}, "batch": {"maxEvents": 100},
        "settings": {"measurementId": "G", "apiSecret": "s"}});
    let (requests, _) = sent(&ga4, &events);
    let sizes: Vec<usize> =
        requests.as_array().unwrap().iter().map(|request| request["body"]["events"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [25, 25, 25, 25, 20]);
}

#[test]
fn a_name_that_google_keeps_for_itself_is_not_dropped_by_it() {
    let track = |name: &str| json!({"messageId": name, "timestamp": "2026-01-01T00:00:00Z", "type": "track", "event": name, "anonymousId": "a", "context": {}});
    let ga4 = json!({"id": "d", "kind": "ga4", "url": "/g", "consent": {"allOf": ["a"]}, "settings": {"measurementId": "G", "apiSecret": "s"}});
    let (requests, left_out) = sent(&ga4, &["Error", "Session Start", "Errors Seen"].map(track));
    let names: Vec<&Value> = requests[0]["body"]["events"].as_array().unwrap().iter().map(|event| &event["name"]).collect();
    assert_eq!(names, ["custom_error", "custom_session_start", "errors_seen"]);
    assert_eq!(left_out, json!({}));
}

#[test]
fn what_a_page_call_says_more_is_an_entity_of_snowplow_s_where_it_has_a_schema() {
    let page = json!({"messageId": "1", "timestamp": "2026-01-01T00:00:00Z", "type": "page", "anonymousId": "a", "context": {},
        "properties": {"url": "https://shop.example/", "path": "/", "section": "shirts"}});
    let track = json!({"messageId": "2", "timestamp": "2026-01-01T00:00:00Z", "type": "track", "event": "E", "anonymousId": "a", "context": {}});
    let entities = |settings: Value| -> Vec<Vec<Value>> {
        let snowplow = json!({"id": "d", "kind": "snowplow", "url": "/s", "consent": {"allOf": ["a"]}, "settings": settings});
        let (requests, _) = sent(&snowplow, &[page.clone(), track.clone()]);
        let contexts = |item: &Value| serde_json::from_str::<Value>(item["co"].as_str().unwrap()).unwrap()["data"].clone();
        requests[0]["body"]["data"].as_array().unwrap().iter().map(|item| contexts(item).as_array().unwrap().clone()).collect()
    };
    let plain = entities(json!({"appId": "shop", "vendor": "com.acme"}));
    assert_eq!(plain.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    let more = entities(json!({"appId": "shop", "vendor": "com.acme", "pageEntity": "page_call"}));
    assert_eq!(more[0][1], json!({"schema": "iglu:com.acme/page_call/jsonschema/1-0-0", "data": {"section": "shirts"}}));
    assert_eq!(more[1].len(), 1);
}

#[test]
fn what_nobody_could_be_found_by_goes_to_no_platform_that_needs_that() {
    let event = json!({"messageId": "1", "timestamp": "2026-01-01T00:00:00Z", "type": "track", "event": "E", "userId": null, "context": {}});
    for (kind, settings) in [("amplitude", json!({"apiKey": "k"})), ("ga4", json!({"measurementId": "G", "apiSecret": "s"}))] {
        let destination = json!({"id": "d", "kind": kind, "url": "/d", "consent": {"allOf": ["a"]}, "settings": settings});
        let (requests, left_out) = sent(&destination, std::slice::from_ref(&event));
        assert_eq!((requests, left_out), (json!([]), json!({"1": "Filtered \"track\""})), "{kind}");
    }
}

#[test]
fn names_and_properties_of_any_kind_make_a_request_that_a_platform_can_read() {
    let track = json!({"messageId": "1", "timestamp": "2026-01-01T00:00:00+01:00", "type": "track", "event": "!!!", "anonymousId": "a", "context": {},
        "properties": {"items": 5, ("x".repeat(45) + "1"): 1, ("x".repeat(45) + "2"): 2}});
    let page = json!({"messageId": "2", "timestamp": "2026-01-01T00:00:00Z", "type": "page", "anonymousId": "a", "context": {}});
    let of = |kind: &str, settings: Value| {
        let destination = json!({"id": "d", "kind": kind, "url": "/d", "consent": {"allOf": ["a"]}, "settings": settings});
        sent(&destination, &[track.clone(), page.clone()]).0[0]["body"].clone()
    };
    let ga4 = &of("ga4", json!({"measurementId": "G", "apiSecret": "s"}))["events"][0];
    assert_eq!((&ga4["name"], &ga4["params"]["items"]), (&json!("unnamed"), &Value::Null));
    assert_eq!(ga4["params"]["x".repeat(40)], json!(1));
    assert_eq!(ga4["timestamp_micros"], json!(1_767_222_000_000_000_u64));
    let snowplow = of("snowplow", json!({"appId": "shop", "vendor": "com.acme", "pageEntity": "page_call"}));
    assert!(snowplow["data"][0]["ue_pr"].as_str().unwrap().contains("iglu:com.acme/unnamed/jsonschema/1-0-0"));
    assert!(
        snowplow["data"][1]["co"].as_str().unwrap().contains(r#""schema":"iglu:com.acme/page_call/jsonschema/1-0-0","data":{}"#)
    );
}

#[test]
fn a_mapping_leaves_an_event_its_id() {
    let event = json!({"messageId": "1", "type": "track", "event": "E", "anonymousId": "a", "context": {}});
    let id = |map: Value| {
        let hook = json!({"id": "d", "kind": "webhook", "url": "/h", "consent": {"allOf": ["a"]}, "map": map});
        sent(&hook, std::slice::from_ref(&event)).0[0]["body"][0].clone()
    };
    assert_eq!(id(json!({"$merge": ["{{event}}", {"messageId": "x-{{event.messageId}}"}]})), event);
    assert_eq!(id(json!({"a": 1})), json!({"a": 1}));
}

#[test]
fn a_sample_takes_a_visitor_always_or_never() {
    let event = |visitor: usize, n: usize| {
        json!({"messageId": format!("{visitor}-{n}"), "timestamp": "2026-01-01T00:00:00Z", "type": "track", "event": "E",
        "anonymousId": format!("visitor-{visitor}"), "context": {}})
    };
    let events: Vec<Value> = (0..200).flat_map(|visitor| [event(visitor, 0), event(visitor, 1)]).collect();
    let hook = json!({"id": "d", "kind": "webhook", "url": "/h", "consent": {"allOf": ["a"]}, "sample": 25, "batch": {"maxEvents": 1000}});
    let (requests, left_out) = sent(&hook, &events);
    let taken: usize = requests.as_array().unwrap().iter().map(|request| request["body"].as_array().unwrap().len()).sum();
    assert_eq!(taken + left_out.as_object().unwrap().len(), 400);
    assert!((60..140).contains(&taken), "{taken}");
    for visitor in 0..200 {
        assert_eq!(left_out.get(format!("{visitor}-0")).is_some(), left_out.get(format!("{visitor}-1")).is_some());
    }
}

#[test]
fn faults_of_settings_and_mappings_are_told_with_their_place() {
    let faults = |destination: Value| {
        let config = json!({"version": 1, "writeKey": "w", "consent": {"purposes": {"a": {}}}, "destinations": [destination]});
        let faults = Config::check(&config.to_string()).map_or_else(|faults| faults, |_| Vec::new());
        faults.into_iter().map(|fault| fault.pointer.replace("/destinations/0", "")).collect::<Vec<_>>()
    };
    let ga4 = |more: Value| {
        let mut all = json!({"id": "d", "kind": "ga4", "url": "/g", "consent": {"allOf": ["a"]}, "settings": {"measurementId": "G", "apiSecret": "s"}});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        faults(all)
    };
    assert_eq!(ga4(json!({})), Vec::<String>::new());
    assert_eq!(
        ga4(json!({"settings": {"measurementId": "", "apiKey": 1}})),
        ["/settings/apiKey", "/settings/measurementId", "/settings/apiSecret"]
    );
    assert_eq!(ga4(json!({"sample": 101})), ["/sample"]);
    let with = |name: &str, value: Value| ga4(json!({"settings": {"measurementId": "G", "apiSecret": "s", name: value}}));
    assert_eq!(with("adUserData", json!("a")), Vec::<String>::new());
    assert_eq!(with("adUserData", json!("adds")), ["/settings/adUserData"]);
    assert_eq!(with("opaque", json!("true")), ["/settings/opaque"]);
    assert_eq!(ga4(json!({"filter": {"$is": 1}})), ["/filter/$is"]);
    assert_eq!(ga4(json!({"map": {"a": ["{{evnt.event}}"]}})), ["/map/a/0"]);
    assert_eq!(ga4(json!({"filters": 1})), ["/filters"]);
}
