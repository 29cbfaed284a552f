//! `serve --forward`: what the collector has stored goes on to other platforms, as far as the consent stamped on it allows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod http;
mod running;
mod server;
mod sink;

use http::{get, post};
use running::Collector;
use rusqlite::Connection;
use serde_json::{Value, json};
use server::{Recorder, Reply};
use sink::wait_until;
use tidegate_sinks::destinations;

fn event(n: usize, granted: &[&str], denied: &[&str]) -> Value {
    let mut preferences = serde_json::Map::new();
    for (purposes, state) in [(granted, true), (denied, false)] {
        preferences.extend(purposes.iter().map(|purpose| ((*purpose).to_owned(), state.into())));
    }
    json!({"messageId": format!("m{n}"), "timestamp": "2026-01-01T00:00:00.000Z", "type": "track", "event": format!("E{n}"), "anonymousId": "a",
        "properties": {"n": n}, "context": {"consent": {"categoryPreferences": preferences, "model": "opt-in", "rev": 1}}})
}

fn config(recorder: &Recorder) -> String {
    let to = |kind: &str, needs: &[&str], settings: Value| json!({"id": kind, "kind": kind, "url": recorder.url(kind), "consent": {"allOf": needs}, "settings": settings});
    json!({"version": 1, "writeKey": "hub", "consent": {"purposes": {"analytics": {}, "advertising": {}}}, "destinations": [
        to("webhook", &["analytics"], json!({"secret": {"$env": "HOOK_SECRET"}})),
        to("ga4", &["analytics", "advertising"], json!({"measurementId": "G", "apiSecret": "s"})),
        to("amplitude", &["advertising"], json!({"apiKey": "k"})),
    ]})
    .to_string()
}

fn hub(recorder: &Recorder) -> Collector {
    hub_within(tempfile::tempdir().unwrap(), recorder)
}

fn hub_within(folder: tempfile::TempDir, recorder: &Recorder) -> Collector {
    let sinks = destinations(&config(recorder), &|name| Some(format!("value of {name}"))).unwrap();
    Collector::forwarding(folder, sinks, |_| {})
}

fn send(collector: &Collector, events: &[Value]) {
    let answer = post(collector.address, "/v1/batch", json!({"writeKey": "demo", "batch": events}).to_string());
    assert!(answer.text().contains("stored"), "{}", answer.text());
}

fn hooked(recorder: &Recorder) -> Vec<String> {
    let bodies = recorder.bodies("webhook");
    bodies
        .iter()
        .flat_map(|body| body.as_array().unwrap().clone())
        .map(|event| event["event"].as_str().unwrap().to_owned())
        .collect()
}

fn names(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|n| format!("E{n}")).collect()
}

#[test]
fn each_destination_gets_what_the_stamp_allows_it_in_its_own_format() {
    let recorder = Recorder::start();
    recorder.reply("ga4", Reply::status(204));
    recorder.reply("amplitude", Reply::json(r#"{"code":200}"#));
    let collector = hub(&recorder);
    send(
        &collector,
        &[
            event(1, &["analytics"], &["advertising"]),
            event(2, &["analytics", "advertising"], &[]),
            event(3, &[], &["analytics"]),
            event(4, &[], &[]),
        ],
    );
    wait_until("what is allowed", || {
        hooked(&recorder) == names(1, 2) && recorder.bodies("ga4").len() == 1 && recorder.bodies("amplitude").len() == 1
    });
    assert_eq!(recorder.bodies("ga4")[0]["events"].as_array().unwrap().len(), 1);
    assert_eq!(recorder.bodies("amplitude")[0]["events"][0]["event_type"], "E2");
    assert_eq!(recorder.paths("ga4"), ["/ga4?measurement_id=G&api_secret=s"]);
    assert!(
        recorder.headers("webhook")[0].iter().any(|(name, value)| name == "x-tidegate-signature" && value.starts_with("sha256="))
    );
    wait_until("the cursors", || {
        let metrics = get(collector.address, "/metrics").text();
        ["webhook", "ga4", "amplitude"]
            .iter()
            .all(|kind| metrics.contains(&format!("tidegate_sink_lag_events{{sink=\"destination:{kind}\"}} 0\n")))
    });
}

#[test]
fn one_that_hangs_or_fails_costs_the_others_nothing_and_gets_all_of_it_later() {
    let recorder = Recorder::start();
    recorder.reply("ga4", Reply::Hang);
    recorder.reply("amplitude", Reply::status(500));
    let collector = hub(&recorder);
    let all: Vec<Value> = (1..=120).map(|n| event(n, &["analytics", "advertising"], &[])).collect();
    for part in all.chunks(10) {
        send(&collector, part);
    }
    wait_until("the one that is well", || hooked(&recorder).len() == 120);
    assert_eq!(hooked(&recorder), names(1, 120));
    recorder.reply("amplitude", Reply::json(r#"{"code":200}"#));
    recorder.forget("amplitude");
    wait_until("the one that was down", || {
        recorder.bodies("amplitude").iter().map(|body| body["events"].as_array().unwrap().len()).sum::<usize>() >= 120
    });
    let folder = collector.stop();
    // The one that hung gets them from the next collector.
    recorder.reply("ga4", Reply::status(204));
    recorder.forget("ga4");
    let _next = hub_within(folder, &recorder);
    wait_until("the one that hung", || {
        recorder.bodies("ga4").iter().map(|body| body["events"].as_array().unwrap().len()).sum::<usize>() == 120
    });
    assert_eq!(hooked(&recorder).len(), 120, "what was acknowledged does not go again");
}

#[test]
fn the_event_that_a_platform_refuses_becomes_a_dead_letter_and_the_others_go() {
    let recorder = Recorder::start();
    recorder.reply("webhook", Reply::If(|body| if body.contains("\"E7\"") { 400 } else { 200 }));
    recorder.reply("ga4", Reply::status(204));
    recorder.reply("amplitude", Reply::json(r#"{"code":200}"#));
    let collector = hub(&recorder);
    let all: Vec<Value> = (1..=20).map(|n| event(n, &["analytics", "advertising"], &[])).collect();
    send(&collector, &all);
    let store = collector.path("store.db");
    let letters = || -> Vec<(String, String)> {
        let other = Connection::open(&store).unwrap();
        let mut found = other.prepare("SELECT sink, reason FROM dead_letters").unwrap();
        found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    wait_until("the dead letter", || letters().len() == 1);
    assert_eq!(letters()[0].0, "destination:webhook");
    assert!(letters()[0].1.contains("400"), "{}", letters()[0].1);
    let taken = recorder
        .accepted("webhook")
        .iter()
        .flat_map(|body| body.as_array().unwrap().clone())
        .filter_map(|event| event["event"].as_str().map(str::to_owned))
        .collect::<Vec<_>>();
    let mut wanted = names(1, 20);
    wanted.retain(|name| name != "E7");
    assert_eq!(taken, wanted);
}

#[test]
fn a_web_page_in_a_platform_s_place_acknowledges_nothing() {
    let recorder = Recorder::start();
    recorder.reply("webhook", Reply::page("<h1>Log in to the network</h1>"));
    recorder.reply("ga4", Reply::status(204));
    recorder.reply("amplitude", Reply::json(r#"{"code":200}"#));
    let collector = hub(&recorder);
    send(&collector, &[event(1, &["analytics"], &[])]);
    wait_until("a second try", || recorder.bodies("webhook").len() >= 2);
    assert!(get(collector.address, "/metrics").text().contains("tidegate_sink_lag_events{sink=\"destination:webhook\"} 1\n"));
    recorder.reply("webhook", Reply::status(200));
    wait_until("the cursor", || {
        get(collector.address, "/metrics").text().contains("tidegate_sink_lag_events{sink=\"destination:webhook\"} 0\n")
    });
}

#[test]
fn a_platform_that_gives_visitors_its_own_ids_is_asked_for_them_first() {
    let recorder = Recorder::start();
    recorder.reply("identify", Reply::json(r#"{"mpid":"77"}"#));
    recorder.reply("mparticle", Reply::status(202));
    let config = json!({"version": 1, "writeKey": "hub", "consent": {"purposes": {"analytics": {}}}, "destinations": [
        {"id": "mp", "kind": "mparticle", "url": recorder.url("mparticle"), "consent": {"allOf": ["analytics"]},
         "settings": {"key": "k", "identityUrl": recorder.url("identify")}}]});
    let sinks = destinations(&config.to_string(), &|_| None).unwrap();
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sinks, |_| {});
    for n in 1..=3 {
        send(&collector, &[event(n, &["analytics"], &[])]);
        wait_until("a batch", || recorder.bodies("mparticle").len() == n);
    }
    assert!(recorder.bodies("mparticle").iter().all(|body| body["mpid"] == "77"));
    assert_eq!(recorder.bodies("identify").len(), 1);
    assert_eq!(recorder.bodies("identify")[0]["known_identities"], json!({"device_application_stamp": "a"}));
}

#[test]
fn visitors_do_not_wait_for_each_other_and_each_one_s_events_stay_in_order() {
    let recorder = Recorder::start();
    recorder.reply("webhook", Reply::After(50));
    let config = json!({"version": 1, "writeKey": "hub", "consent": {"purposes": {"analytics": {}}}, "destinations": [
        {"id": "hook", "kind": "webhook", "url": recorder.url("webhook"), "consent": {"allOf": ["analytics"]}, "batch": {"maxEvents": 1}}]});
    let sinks = destinations(&config.to_string(), &|_| None).unwrap();
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sinks, |_| {});
    let of = |n: usize| {
        let mut event = event(n, &["analytics"], &[]);
        event["anonymousId"] = format!("visitor {}", n % 20).into();
        event
    };
    send(&collector, &(0..100).map(of).collect::<Vec<_>>());
    wait_until("all of them", || hooked(&recorder).len() == 100);
    assert!((4..=8).contains(&recorder.peak()), "{} at a time", recorder.peak());
    let came = hooked(&recorder);
    for visitor in 0..20 {
        let theirs = came.iter().filter(|name| name[1..].parse::<usize>().unwrap() % 20 == visitor);
        let wanted: Vec<_> = (0..5).map(|at| format!("E{}", visitor + 20 * at)).collect();
        assert_eq!(theirs.cloned().collect::<Vec<_>>(), wanted);
    }
}

#[test]
fn visitors_side_by_side_are_not_refused_any_faster() {
    let recorder = Recorder::start();
    recorder.reply("webhook", Reply::status(400));
    let collector = hub(&recorder);
    let of = |n: usize| {
        let mut event = event(n, &["analytics"], &[]);
        event["anonymousId"] = n.into();
        event
    };
    send(&collector, &(1..=40).map(of).collect::<Vec<_>>());
    wait_until("that it is down", || {
        get(collector.address, "/metrics").text().contains("tidegate_sink_up{sink=\"destination:webhook\"} 0\n")
    });
    let store = Connection::open(collector.path("store.db")).unwrap();
    let letters: i64 = store.query_row("SELECT count(*) FROM dead_letters", [], |row| row.get(0)).unwrap();
    assert!(letters <= 3, "{letters}");
}

#[test]
fn a_client_s_clock_that_is_wrong_is_put_right_before_an_event_goes_on() {
    let recorder = Recorder::start();
    let collector = hub(&recorder);
    // Made two seconds before it was sent, in 2020 as the client believes.
    let mut late = event(1, &["analytics"], &[]);
    late["timestamp"] = "2020-01-01T00:00:00.000Z".into();
    let batch = json!({"writeKey": "demo", "sentAt": "2020-01-01T00:00:02.000Z", "batch": [late]});
    let before = tidegate_collector::now_ms();
    post(collector.address, "/v1/batch", batch.to_string());
    wait_until("the event", || !recorder.bodies("webhook").is_empty());
    let made = recorder.bodies("webhook")[0][0]["timestamp"].as_str().and_then(tidegate_core::time::from_iso).unwrap();
    assert!((before - 2_000..=tidegate_collector::now_ms() - 2_000).contains(&made), "{made} is not two seconds before {before}");
}

#[test]
fn an_event_that_an_answer_leaves_out_goes_before_later_ones_of_its_visitor() {
    let recorder = Recorder::start();
    let results = |verdicts: &[usize]| {
        let all: Vec<_> = verdicts.iter().map(|n| json!({"messageId": format!("m{n}"), "status": "stored"})).collect();
        Reply::json(&json!({"results": all}).to_string())
    };
    recorder.reply("segment", results(&[2, 3]));
    let to = json!({"id": "segment", "kind": "segment", "url": recorder.url("segment"), "consent": {"allOf": ["analytics"]}, "batch": {"maxEvents": 3}});
    let config = json!({"version": 1, "writeKey": "hub", "consent": {"purposes": {"analytics": {}}}, "destinations": [to]});
    let sinks = destinations(&config.to_string(), &|_| None).unwrap();
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sinks, |_| {});
    send(&collector, &(1..=6).map(|n| event(n, &["analytics"], &[])).collect::<Vec<_>>());
    wait_until("two requests", || recorder.bodies("segment").len() > 1);
    let names =
        |body: &Value| body["batch"].as_array().unwrap().iter().map(|event| event["messageId"].clone()).collect::<Vec<_>>();
    let bodies = recorder.bodies("segment");
    assert_eq!(names(&bodies[0]), ["m1", "m2", "m3"]);
    assert_eq!(names(&bodies[1])[0], "m1");
}

#[test]
fn what_a_call_keeps_from_a_destination_the_hub_keeps_from_it_too() {
    let recorder = Recorder::start();
    let collector = hub(&recorder);
    let with = |n: usize, integrations: Value| {
        let mut event = event(n, &["analytics"], &[]);
        event["integrations"] = integrations;
        event
    };
    let all = [
        with(1, json!({"webhook": false})),
        with(2, json!({"All": false})),
        with(3, json!({"All": false, "webhook": true})),
        with(4, json!({"All": true})),
        with(5, json!({"ga4": false})),
    ];
    send(&collector, &all);
    wait_until("what may go", || hooked(&recorder).len() >= 3);
    assert_eq!(hooked(&recorder), ["E3", "E4", "E5"]);
}

#[test]
fn what_was_undecided_does_not_go_on_where_silence_is_yes() {
    let recorder = Recorder::start();
    let collector = hub(&recorder);
    let of_model = |n: usize, model: &str| {
        let mut event = event(n, &[], &[]);
        event["context"]["consent"]["model"] = model.into();
        event
    };
    send(&collector, &[of_model(1, "opt-out"), of_model(2, "none"), event(3, &["analytics"], &[])]);
    wait_until("what may go", || hooked(&recorder).len() >= 2);
    assert_eq!(hooked(&recorder), ["E2", "E3"]);
}

/// How many events are given up.
fn dead_letters(collector: &Collector) -> i64 {
    let store = Connection::open(collector.path("store.db")).unwrap();
    store.query_row("SELECT count(*) FROM dead_letters", [], |row| row.get(0)).unwrap()
}

fn refusing_everything() -> Recorder {
    let recorder = Recorder::start();
    recorder.reply("webhook", Reply::status(400));
    recorder.reply("ga4", Reply::status(204));
    recorder.reply("amplitude", Reply::json(r#"{"code":200}"#));
    recorder
}

#[test]
fn a_platform_that_refuses_everything_is_not_the_end_of_everything() {
    let recorder = refusing_everything();
    let collector = hub(&recorder);
    let of_visitor = |n: usize| {
        let mut event = event(n, &["analytics"], &[]);
        event["anonymousId"] = format!("a{n}").into();
        event
    };
    send(&collector, &(1..=40).map(of_visitor).collect::<Vec<_>>());
    wait_until("that it is down", || {
        get(collector.address, "/metrics").text().contains("tidegate_sink_up{sink=\"destination:webhook\"} 0\n")
    });
    let letters = dead_letters(&collector);
    assert!((3..20).contains(&letters), "{letters}");
}

#[test]
fn events_of_one_visitor_that_a_platform_refuses_hold_nobody_up() {
    let recorder = refusing_everything();
    let collector = hub(&recorder);
    send(&collector, &(1..=40).map(|n| event(n, &["analytics"], &[])).collect::<Vec<_>>());
    wait_until("that all are given up", || dead_letters(&collector) == 40);
}
