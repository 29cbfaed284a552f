//! The HTTP Tracking API: what is taken, what is refused, and what each answer says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::{ask, batch, get, post, statuses};
use running::Collector;
use serde_json::json;
use std::io::Write;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_batch_is_answered_event_by_event_and_can_be_read_back() {
    let collector = Collector::start();
    let body = r#"{"writeKey":"demo","batchId":"b-1","sentAt":"2026-01-02T03:04:05.678Z","batch":[
        {"type":"page","messageId":"m1","properties":{"title":"Tide"}},
        {"type":"track","messageId":"m2","event":"Order Completed"}]}"#;
    let answer = post(collector.address, "/v1/batch", body);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({ "success": true, "batchId": "b-1", "results": [
            { "messageId": "m1", "status": "stored" }, { "messageId": "m2", "status": "stored" } ] })
    );

    let events = get(collector.address, "/api/events").lines();
    assert_eq!(events.len(), 2);
    let [page, order] = &events[..] else { panic!() };
    assert_eq!((&page["id"], &order["id"]), (&json!(1), &json!(2)));
    assert_eq!(page["properties"]["title"], "Tide");
    assert_eq!(order["event"], "Order Completed");
    assert_eq!(page["sentAt"], "2026-01-02T03:04:05.678Z");
    assert!(page["receivedAt"].as_str().unwrap().ends_with('Z'));
    let subjects: Vec<&str> = page["decisions"].as_array().unwrap().iter().map(|d| d["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["destination:collector", "destination:second", "tag:pixel"]);
}

#[test]
fn an_event_is_stored_once_however_often_it_comes() {
    let collector = Collector::start();
    let send = |collector: &Collector, ids: &[&str]| statuses(&post(collector.address, "/v1/b", batch(ids)));
    assert_eq!(send(&collector, &["a", "b", "a"]), ["stored", "stored", "duplicate"]);
    assert_eq!(send(&collector, &["b", "c"]), ["duplicate", "stored"]);

    let collector = Collector::within(collector.stop(), |_| {});
    assert_eq!(send(&collector, &["a", "b", "c", "d"]), ["duplicate", "duplicate", "duplicate", "stored"]);
    let stored: Vec<_> = get(collector.address, "/api/events").lines().iter().map(|e| e["messageId"].clone()).collect();
    assert_eq!(stored, ["a", "b", "c", "d"]);
}

#[test]
fn a_message_id_is_unique_within_its_write_key_only() {
    let collector = Collector::start();
    assert_eq!(statuses(&post(collector.address, "/v1/batch", batch(&["a"]))), ["stored"]);
    let other = batch(&["a"]).replace("demo", "other");
    assert_eq!(statuses(&post(collector.address, "/v1/batch", other)), ["stored"]);
}

#[test]
fn a_different_event_under_a_stored_message_id_is_not_stored_and_said_so() {
    let collector = Collector::start();
    post(collector.address, "/v1/batch", batch(&["a"]));
    let answer = post(collector.address, "/v1/batch", batch(&["a"]).replace("Seen", "Forged"));
    assert_eq!(statuses(&answer), ["duplicate"]);
    assert!(answer.json()["results"][0]["reason"].as_str().unwrap().contains("different event"));
    let events = get(collector.address, "/api/events").lines();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["event"], "Seen");
    assert!(get(collector.address, "/metrics").text().contains("tidegate_events_total{status=\"conflict\"} 1\n"));
}

#[test]
fn a_bad_event_never_harms_its_batch() {
    let collector = Collector::start();
    let large = format!(r#"{{"type":"track","messageId":"large","x":"{}"}}"#, "x".repeat(33_000));
    let body = format!(
        r#"{{"writeKey":"demo","batch":[7, {{"type":"track","messageId":"m1"}}, {{"type":"nope","messageId":"m2"}}, {large},
            {{"type":"track","messageId":9}}, {{"type":"identify"}}, null]}}"#
    );
    let answer = post(collector.address, "/v1/batch", body);
    assert_eq!(statuses(&answer), ["rejected", "stored", "rejected", "rejected", "rejected", "stored", "rejected"]);
    let results = answer.json()["results"].clone();
    assert_eq!(results[0]["messageId"], json!(null));
    assert_eq!(results[2]["messageId"], "m2");
    for (at, word) in [(0, "JSON object"), (2, "type must be one of"), (3, "32768"), (4, "messageId must be"), (6, "JSON object")]
    {
        assert!(results[at]["reason"].as_str().unwrap().contains(word), "{}", results[at]);
    }
    let events = get(collector.address, "/api/events").lines();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1]["messageId"], results[5]["messageId"], "a missing messageId is made and reported");
}

#[test]
fn each_call_has_two_endpoints_that_set_the_type() {
    let collector = Collector::start();
    let calls = ["track", "page", "screen", "identify", "group", "alias"];
    for call in calls {
        for endpoint in [call, &call[..1]] {
            let answer = post(collector.address, &format!("/v1/{endpoint}"), r#"{"writeKey":"demo","userId":"u"}"#);
            assert_eq!(statuses(&answer), ["stored"], "{endpoint}");
        }
    }
    let types: Vec<_> = get(collector.address, "/api/events").lines().iter().map(|e| e["type"].clone()).collect();
    assert_eq!(types, calls.into_iter().flat_map(|call| [call, call]).collect::<Vec<_>>());
}

#[test]
fn a_single_event_at_fault_is_a_400_that_names_the_member() {
    let collector = Collector::start();
    let answer = post(collector.address, "/v1/track", r#"{"writeKey":"demo","messageId":7}"#);
    assert_eq!((answer.status, &answer.json()["pointer"]), (400, &json!("/messageId")));
    assert_eq!(answer.json()["success"], false);
}

#[test]
fn the_write_key_may_come_by_basic_auth() {
    let collector = Collector::start();
    let send = |headers: &str, body: &str| ask(collector.address, "POST", "/v1/track", headers, body.as_bytes());
    assert_eq!(send("Authorization: Basic ZGVtbzo=\r\n", r#"{"messageId":"a"}"#).status, 200);
    let unknown = send("Authorization: Basic bm9wZTo=\r\n", r#"{"writeKey":"demo"}"#);
    assert_eq!(unknown.status, 401);
    assert!(unknown.json()["error"].as_str().unwrap().contains("config names"), "{}", unknown.text());
    assert_eq!(unknown.header("www-authenticate"), None, "it would open a password box on the page");
    assert_eq!(send("", "{}").status, 401);
    assert_eq!(send("", r#"{"writeKey":"nope"}"#).status, 401);
    let misshapen = send("", r#"{"writeKey":["demo"]}"#);
    assert_eq!((misshapen.status, &misshapen.json()["pointer"]), (400, &json!("/writeKey")));
    assert_eq!(get(collector.address, "/api/events").lines().len(), 1);
}

#[test]
fn a_body_at_fault_is_a_400_that_names_what_is_wrong() {
    let collector = Collector::start();
    let many = format!(r#"{{"writeKey":"demo","batch":[{}]}}"#, vec!["1"; 2_501].join(","));
    for (body, pointer, word) in [
        ("", "", "empty"),
        ("batch=1", "", "not JSON"),
        (r#"{"writeKey":"demo","batch":[}"#, "", "line 1 column 29"),
        (r#"[{"type":"track"}]"#, "", "must be a JSON object"),
        (r#"{"writeKey":"demo"}"#, "/batch", "missing"),
        (r#"{"writeKey":"demo","batch":{}}"#, "/batch", "list"),
        (&many, "/batch", "2501 events"),
    ] {
        let answer = post(collector.address, "/v1/batch", body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["success"], false);
        assert_eq!(answer.json()["pointer"], pointer, "{body}");
        assert!(answer.json()["error"].as_str().unwrap().contains(word), "{body}: {}", answer.text());
    }
    assert_eq!(post(collector.address, "/v1/batch", b"{\"a\":\"\xff\"}").status, 400);
    assert_eq!(post(collector.address, "/v1/batch", r#"{"writeKey":"demo","batch":[]}"#).json()["results"], json!([]));
}

#[test]
fn a_batch_id_that_is_not_sane_is_replaced() {
    let collector = Collector::start();
    for given in ["7", "\"\"", "\"a\\nb\"", &format!("\"{}\"", "x".repeat(101))] {
        let body = format!(r#"{{"writeKey":"demo","batch":[],"batchId":{given}}}"#);
        let answer = post(collector.address, "/v1/batch", body).json();
        assert_eq!(answer["batchId"].as_str().unwrap().len(), 36, "{given}");
    }
}

#[test]
fn bodies_may_be_gzipped() {
    let collector = Collector::start();
    let send = |encoding: &str, body: &[u8]| {
        ask(collector.address, "POST", "/v1/batch", &format!("Content-Encoding: {encoding}\r\n"), body)
    };
    assert_eq!(statuses(&send("gzip", &gzip(&batch(&["a"])))), ["stored"]);
    assert_eq!(statuses(&send("identity", batch(&["b"]).as_bytes())), ["stored"]);
    let broken = send("gzip", batch(&["c"]).as_bytes());
    assert_eq!(broken.status, 400);
    assert!(broken.json()["error"].as_str().unwrap().contains("not gzip"));
    let cut = gzip(&batch(&["d"]));
    assert_eq!(send("gzip", &cut[..cut.len() / 2]).status, 400);
    assert_eq!(send("br", b"x").status, 415);
}

#[test]
fn an_event_is_kept_to_the_letter() {
    let collector = Collector::start();
    let odd = "{ \"type\" : \"track\",\r\n \"messageId\":\"m\",\t\"n\":[1.10, 1e400, 12345678901234567890123], \
               \"half\":\"\\ud83d\", \"line\":\"\u{2028}\" }";
    let answer = post(collector.address, "/v1/batch", format!(r#"{{"writeKey":"demo","batch":[{odd}]}}"#));
    assert_eq!(statuses(&answer), ["stored"]);
    let text = get(collector.address, "/api/events").text();
    assert_eq!(text.lines().count(), 1);
    assert!(
        text.starts_with(
            "{\"type\":\"track\",\"messageId\":\"m\",\"n\":[1.10,1e400,12345678901234567890123],\"half\":\"\\ud83d\",\
         \"line\":\"\u{2028}\",\"id\":1,"
        ),
        "{text}"
    );
}

#[test]
fn any_page_may_write_and_see_when_to_come_back() {
    let collector = Collector::start();
    let preflight = ask(
        collector.address,
        "OPTIONS",
        "/v1/batch",
        "Origin: https://shop.test\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type\r\n",
        b"",
    );
    assert_eq!(preflight.status, 200);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(preflight.header("access-control-allow-methods"), Some("POST"));
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("authorization"));
    assert_eq!(preflight.header("access-control-allow-credentials"), None);
    for body in [batch(&["a"]), "nonsense".into()] {
        let answer = ask(collector.address, "POST", "/v1/t", "Origin: https://shop.test\r\n", body.as_bytes());
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after"));
    }
}

#[test]
fn only_the_known_endpoints_exist_and_only_for_post() {
    let collector = Collector::start();
    assert_eq!(post(collector.address, "/v1/nope", "{}").status, 404);
    assert_eq!(post(collector.address, "/v1/", "{}").status, 404);
    let get = get(collector.address, "/v1/batch");
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    assert!(get.json()["error"].as_str().unwrap().contains("POST"));
}
