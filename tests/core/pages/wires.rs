//! Destinations of other platforms: the part that maps for them, what they leave out, and what their answers mean.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::Input;
use tidegate_core::input::{Lifecycle, Outcome, Verb};

fn config(destinations: &Value) -> String {
    json!({"version": 1, "writeKey": "w", "consent": {"cmp": "manual", "purposes": {"a": {}, "b": {}}}, "destinations": destinations}).to_string()
}

fn ga4(more: Value) -> Value {
    let mut all = json!({"id": "ga", "kind": "ga4", "url": "/g", "consent": {"allOf": ["a"]}, "settings": {"measurementId": "G", "apiSecret": "s"}});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn granted(destinations: &Value) -> Page {
    let mut page = Page::new(&config(destinations));
    page.decide(r#"{"a":true}"#);
    page
}

fn call(page: &mut Page, name: &str) {
    page.track(name);
    page.give(Input::Commit);
}

fn answer(page: &mut Page, status: u16, body: &str) {
    let request = page.requests.remove(0).id;
    page.give(Input::Response { request, outcome: Outcome::Answer { status, body, retry_after_ms: None } });
}

fn stats(page: &Page, id: &str) -> Value {
    serde_json::from_str::<Value>(&page.core.stats()).unwrap()["perDestination"][id].clone()
}

fn names(page: &Page) -> Vec<String> {
    let body: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    body["events"].as_array().unwrap().iter().map(|event| event["name"].as_str().unwrap().to_owned()).collect()
}

fn stored(page: &Page) -> usize {
    page.stored.keys().filter(|key| key.starts_with("tg_q.")).count()
}

#[test]
fn what_maps_is_asked_for_by_the_first_event_that_needs_it() {
    let segment = json!({"id": "c", "kind": "segment", "url": "/c", "consent": {"allOf": ["a"]}});
    let mut page = granted(&json!([segment]));
    call(&mut page, "E");
    page.pass(6_000);
    assert_eq!((page.asked_for_wires, page.requests.len()), (0, 1));

    let mut page = granted(&json!([segment, ga4(json!({}))]));
    page.wires_come = false;
    page.pass(6_000);
    assert_eq!(page.asked_for_wires, 0);
    call(&mut page, "E");
    page.pass(500);
    page.give(Input::Flush);
    assert_eq!((page.asked_for_wires, page.requests.len(), page.flushed), (1, 1, 0));
    answer(&mut page, 200, "{}");
    // It did not come: it is asked for again, and the events wait on disk.
    assert_eq!((stats(&page, "ga")["queued"].clone(), stored(&page)), (json!(1), 1));
    page.wires_come = true;
    page.pass(10_000);
    assert_eq!((page.asked_for_wires, names(&page)), (2, vec!["e".to_owned()]));
    answer(&mut page, 204, "");
    assert_eq!((stats(&page, "ga")["delivered"].clone(), stored(&page), page.flushed), (json!(1), 0, 1));
}

#[test]
fn what_a_destination_leaves_out_is_counted_and_goes() {
    let filter = json!({"filter": {"$in": "{{event.event}}", "list": ["Bought", "Sold"]}});
    let mut page = granted(&json!([ga4(filter)]));
    for name in ["Seen", "Bought", "Seen", "Sold", "Seen"] {
        call(&mut page, name);
    }
    page.call(Verb::Alias, r#"["b"]"#);
    page.give(Input::Commit);
    page.pass(6_000);
    assert_eq!(names(&page), ["bought", "sold"]);
    answer(&mut page, 204, "");
    let told = stats(&page, "ga");
    assert_eq!((&told["captured"], &told["delivered"], &told["dropped"]), (&json!(6), &json!(2), &json!({"filtered": 4})));
    page.pass(6_000);
    assert_eq!((page.requests.len(), stored(&page)), (0, 0));

    // The whole queue may be left out.
    for _ in 0..1200 {
        call(&mut page, "Seen");
    }
    page.pass(60_000);
    assert_eq!((page.requests.len(), stored(&page)), (0, 0));
    assert_eq!(stats(&page, "ga")["dropped"]["filtered"], 1204);
}

#[test]
fn a_destination_of_segment_s_kind_is_told_what_it_was_not_sent() {
    let sampled = json!({"id": "c", "kind": "segment", "url": "/c", "consent": {"allOf": ["a"]}, "filter": {"$in": "{{event.event}}", "list": ["Bought"]}});
    let mut page = granted(&json!([sampled]));
    for name in ["Seen", "Seen", "Bought"] {
        call(&mut page, name);
    }
    page.pass(6_000);
    answer(&mut page, 200, "{}");
    call(&mut page, "Bought");
    page.pass(6_000);
    let body: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    let lost: Vec<(&Value, &Value, &Value)> =
        body["lost"].as_array().unwrap().iter().map(|loss| (&loss["from"], &loss["to"], &loss["reason"])).collect();
    assert_eq!(lost, [(&json!(0), &json!(1), &json!("filtered"))]);
    assert_eq!(body["batch"][0]["context"]["tidegate"]["seq"], 3);
}

#[test]
fn only_what_the_platform_documents_is_an_acknowledgement() {
    for (status, body, delivered) in [
        (204, "", 1),
        (200, "", 1),
        (200, "<", 0),
        (200, "<!doctype html>Please log in", 0),
        (302, "", 0),
        (503, "", 0),
        (2, "", 1),
    ] {
        let mut page = granted(&json!([ga4(json!({}))]));
        call(&mut page, "E");
        page.pass(6_000);
        answer(&mut page, status, body);
        assert_eq!(stats(&page, "ga")["delivered"], delivered, "{status} {body}");
        assert_eq!(stored(&page), 1 - delivered, "{status} {body}");
    }
}

#[test]
fn a_batch_that_is_refused_is_taken_apart_and_credentials_pause() {
    let mut page = granted(&json!([ga4(json!({}))]));
    for name in ["One", "Poison"] {
        call(&mut page, name);
    }
    page.pass(6_000);
    answer(&mut page, 400, "");
    page.await_request();
    assert_eq!(names(&page), ["one"]);
    answer(&mut page, 204, "");
    page.await_request();
    answer(&mut page, 400, "");
    assert_eq!(stats(&page, "ga")["dropped"], json!({"rejected": 1}));
    call(&mut page, "Later");
    page.await_request();
    answer(&mut page, 403, "");
    page.pass(200_000);
    assert_eq!((page.requests.len(), stored(&page)), (0, 1));
}

#[test]
fn a_batch_ends_where_the_visitor_changes() {
    let mut page = granted(&json!([ga4(json!({}))]));
    call(&mut page, "Before");
    page.call(Verb::Identify, r#"["u-1"]"#);
    call(&mut page, "After");
    page.pass(6_000);
    assert_eq!(names(&page), ["before"]);
    answer(&mut page, 204, "");
    page.await_request();
    assert_eq!(names(&page), ["after"]);
    assert!(page.requests[0].body.contains(r#""user_id":"u-1""#));
}

#[test]
fn one_that_is_stuck_costs_the_others_nothing() {
    let hook = |id: &str| json!({"id": id, "kind": "webhook", "url": format!("/{id}"), "consent": {"allOf": ["a"]}});
    let mut page = granted(&json!([hook("hangs"), hook("fails"), hook("well"), ga4(json!({}))]));
    let mut arrived = Vec::new();
    for n in 0..20 {
        call(&mut page, &format!("E{n}"));
        page.pass(3_000);
        for at in (0..page.requests.len()).rev() {
            let status = match &*page.requests[at].url.split('\n').next().unwrap().to_owned() {
                "/hangs" => continue,
                "/fails" => 500,
                "/well" => {
                    arrived.extend(serde_json::from_str::<Vec<Value>>(&page.requests[at].body).unwrap());
                    200
                }
                _ => 204,
            };
            let request = page.requests.remove(at).id;
            page.give(Input::Response { request, outcome: Outcome::Answer { status, body: "", retry_after_ms: None } });
        }
    }
    let events: Vec<&str> = arrived.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(events, (0..20).map(|n| format!("E{n}")).collect::<Vec<_>>());
    assert_eq!((&stats(&page, "ga")["delivered"], &stats(&page, "fails")["delivered"]), (&json!(20), &json!(0)));
}

#[test]
fn a_denial_takes_out_what_another_platform_has_not_had() {
    let mut page = granted(&json!([ga4(json!({}))]));
    call(&mut page, "E");
    page.decide(r#"{"a":false}"#);
    page.pass(60_000);
    assert_eq!((page.requests.len(), stored(&page)), (0, 0));
    assert_eq!(stats(&page, "ga")["dropped"], json!({"withdrawn": 1}));
}

#[test]
fn a_value_that_cannot_be_mapped_is_told_and_the_event_goes_without_it() {
    let map = json!({"map": {"$merge": ["{{event}}", {"properties": {"at": {"$format": "{{event.event}}", "as": "ms"}}}]}});
    let mut page = granted(&json!([ga4(map)]));
    call(&mut page, "Yesterday");
    page.pass(6_000);
    assert_eq!(names(&page), ["yesterday"]);
    assert_eq!(page.problems, [("mapping_failed".to_owned(), "\"ga\": $format".to_owned())]);
}

#[test]
fn a_page_that_goes_sends_what_is_small_enough() {
    let mut page = granted(&json!([ga4(json!({}))]));
    call(&mut page, "First");
    page.pass(6_000);
    answer(&mut page, 204, "");
    call(&mut page, "Last");
    page.give(Input::Lifecycle(Lifecycle::Hidden));
    page.give(Input::Commit);
    assert_eq!(names(&page), ["last"]);
}

fn mparticle() -> Value {
    json!([{"id": "mp", "kind": "mparticle", "url": "/v3/JS/k/events", "consent": {"allOf": ["a"]}, "settings": {"key": "k", "identityUrl": "/v1/identify"}}])
}

fn asked(page: &Page) -> Vec<&str> {
    page.requests.iter().map(|request| request.url.split('\n').next().unwrap()).collect()
}

fn sent(page: &Page) -> Value {
    serde_json::from_str(&page.requests[0].body).unwrap()
}

#[test]
fn a_platform_is_asked_who_the_visitor_is_once_before_the_first_batch_of_each() {
    let mut page = granted(&mparticle());
    call(&mut page, "First");
    page.pass(6_000);
    assert_eq!(asked(&page), ["/v1/identify"]);
    assert!(page.requests[0].url.contains("x-mp-key"));
    answer(&mut page, 200, r#"{"mpid":"9007199254740993","is_ephemeral":false}"#);
    page.await_request();
    assert_eq!(asked(&page), ["/v3/JS/k/events"]);
    assert_eq!(
        (&sent(&page)["mpid"], &sent(&page)["events"][0]["data"]["event_name"]),
        (&json!("9007199254740993"), &json!("First"))
    );
    answer(&mut page, 202, "");
    call(&mut page, "Second");
    page.await_request();
    assert_eq!(asked(&page), ["/v3/JS/k/events"]);
    answer(&mut page, 202, "");
    // Another visitor, as far as the platform knows.
    page.call(Verb::Identify, r#"["u-1", {"email": "a@b.example"}]"#);
    page.give(Input::Commit);
    page.await_request();
    assert_eq!((asked(&page), &sent(&page)["known_identities"]["customerid"]), (vec!["/v1/identify"], &json!("u-1")));
    answer(&mut page, 200, r#"{"mpid":"7"}"#);
    page.await_request();
    assert_eq!((&sent(&page)["mpid"], &sent(&page)["user_attributes"]), (&json!("7"), &json!({"email": "a@b.example"})));
    answer(&mut page, 202, "");
    assert_eq!((stats(&page, "mp")["delivered"].clone(), stored(&page)), (json!(3), 0));
}

#[test]
fn where_it_does_not_say_events_wait_on_disk() {
    for (status, body) in [(503, ""), (200, "<"), (200, r#"{"mpid":null}"#), (401, "")] {
        let mut page = granted(&mparticle());
        call(&mut page, "Waits");
        page.pass(6_000);
        answer(&mut page, status, body);
        assert_eq!((stats(&page, "mp")["queued"].clone(), stored(&page)), (json!(1), 1), "{status} {body}");
        page.await_request();
        assert_eq!(asked(&page), ["/v1/identify"], "{status} {body}");
        answer(&mut page, 200, r#"{"mpid":"7"}"#);
        page.await_request();
        answer(&mut page, 202, "");
        assert_eq!(stats(&page, "mp")["delivered"], 1);
    }
}

#[test]
fn a_visitor_whom_the_platform_refuses_does_not_keep_the_others_from_it() {
    let mut page = granted(&mparticle());
    call(&mut page, "Refused");
    page.pass(6_000);
    page.call(Verb::Identify, r#"["u-1"]"#);
    call(&mut page, "Later");
    answer(&mut page, 400, r#"{"Errors":[]}"#);
    page.await_request();
    assert_eq!((asked(&page), stats(&page, "mp")["dropped"].clone()), (vec!["/v1/identify"], json!({"rejected": 1})));
    answer(&mut page, 200, r#"{"mpid":"7"}"#);
    for _ in 0..2 {
        page.await_request();
        answer(&mut page, 202, "");
    }
    assert_eq!(stats(&page, "mp")["delivered"], 2);
}

#[test]
fn no_event_breaks_a_request_s_header_fields() {
    let hook = json!([{"id": "h", "kind": "webhook", "url": "/h", "consent": {"allOf": ["a"]}, "settings": {"headers": {"X-Name": "{{first.event}}"}}}]);
    let mut page = granted(&hook);
    call(&mut page, r"a\r\nb: €");
    page.pass(6_000);
    let (_, init) = page.requests[0].url.split_once('\n').unwrap();
    let init: Value = serde_json::from_str(init).unwrap();
    assert_eq!(init["headers"]["X-Name"], "a%0d%0ab: %e2%82%ac");
}

#[test]
fn what_was_sent_unread_is_acknowledged_for_every_kind() {
    let opaque = json!([{"id": "c", "kind": "segment", "url": "/c", "consent": {"allOf": ["a"]}, "settings": {"opaque": true}, "sample": 100}]);
    let mut page = granted(&opaque);
    call(&mut page, "E");
    page.pass(6_000);
    answer(&mut page, 2, "");
    assert_eq!(stats(&page, "c")["delivered"], 1);
}

#[test]
fn a_denial_ends_what_was_asked() {
    let mut page = granted(&mparticle());
    call(&mut page, "Withdrawn");
    page.pass(6_000);
    page.decide(r#"{"a":false}"#);
    assert_eq!((page.requests.len(), stored(&page)), (0, 0));
    page.pass(60_000);
    assert_eq!(page.requests.len(), 0);
}
