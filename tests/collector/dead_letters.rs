//! `tidegate dead-letters`: what a sink refused for good is listed with the reason, and handed over again when it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod http;
mod process;
mod server;
mod sink;

use http::post;
use process::{Serving, run};
use serde_json::{Value, json};
use server::{Recorder, Reply};
use sink::wait_until;

const AGAIN: [&str; 6] = ["dead-letters", "--store", "events.db", "--again", "--forward", "forward.json"];

fn event(id: &str, allowed: bool) -> Value {
    json!({"messageId": id, "type": "track", "event": "E", "anonymousId": "a", "timestamp": "2026-01-01T00:00:00.000Z",
        "context": {"consent": {"model": "opt-in", "categoryPreferences": {"a": allowed}}}})
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_a_platform_refused_is_listed_and_goes_once_it_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::start();
    recorder.reply("hook", Reply::If(|body| if body.contains("\"bad") { 400 } else { 200 }));
    let forward = json!({"version": 1, "writeKey": "hub", "consent": {"purposes": {"a": {}}}, "destinations": [
        {"id": "hook", "kind": "webhook", "url": recorder.url("hook"), "consent": {"allOf": ["a"]}}]});
    std::fs::write(folder.path().join("forward.json"), forward.to_string()).unwrap();
    let collector = Serving::start_with(folder.path(), &["--forward", "forward.json"], &[]);
    let batch = json!({"writeKey": "demo", "batch": [event("good", true), event("bad-1", true), event("kept", false), event("bad-2", true)]});
    assert_eq!(post(collector.address, "/v1/batch", batch.to_string()).status, 200);
    let list = || {
        let (status, out, err) = run(folder.path(), &["dead-letters", "--store", "events.db"]);
        assert_eq!(status, 0, "{err}");
        lines(&out)
    };
    wait_until("both dead letters", || list().len() == 2);
    let listed = list();
    assert_eq!(listed[0]["messageId"], "bad-1");
    assert_eq!((&listed[1]["sink"], &listed[1]["writeKey"]), (&json!("destination:hook"), &json!("demo")));
    assert_eq!(listed[1]["reason"], "it answered 400 to this event alone");
    assert_eq!(listed[1]["event"]["messageId"], "bad-2");

    // Nothing has changed: they stay.
    let (status, out, err) = run(folder.path(), &AGAIN);
    assert_eq!(
        (status, lines(&out)),
        (0, vec![json!({"sink": "destination:hook", "acknowledged": 0, "skipped": 0, "refused": 2})]),
        "{err}"
    );
    assert_eq!(list().len(), 2);
    // A platform that is away takes nothing, and nothing is given up.
    recorder.reply("hook", Reply::status(503));
    let (status, out, err) = run(folder.path(), &AGAIN);
    assert_eq!((status, &lines(&out)[0]["trouble"]), (1, &json!("it answered 503")), "{err}");
    assert_eq!(list().len(), 2);

    recorder.reply("hook", Reply::status(200));
    let (status, out, err) = run(folder.path(), &AGAIN);
    assert_eq!((status, &lines(&out)[0]["acknowledged"]), (0, &json!(2)), "{err}");
    assert!(list().is_empty());
    let ids: Vec<Value> = recorder
        .accepted("hook")
        .iter()
        .flat_map(|body| body.as_array().unwrap().clone())
        .map(|event| event["messageId"].clone())
        .collect();
    assert_eq!(ids, ["good", "bad-1", "bad-2"]);
}

#[test]
fn a_store_that_there_is_not_is_not_made_and_sinks_go_with_again() {
    let folder = tempfile::tempdir().unwrap();
    let (status, _, err) = run(folder.path(), &["dead-letters", "--store", "none.db"]);
    assert!(status == 1 && err.starts_with("none.db: "), "{err}");
    assert!(!folder.path().join("none.db").exists());
    for arguments in [
        &["dead-letters"][..],
        &["dead-letters", "--store", "none.db", "--again"],
        &["dead-letters", "--store", "none.db", "--sink", "nats://h:1/S"],
    ] {
        assert_eq!(run(folder.path(), arguments).0, 2, "{arguments:?}");
    }
}
