//! How long events are kept, and what stays known of those that went.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;
mod sink;

use http::{get, post, statuses};
use running::Collector;
use serde_json::{Value, json};
use sink::{Scripted, wait_until};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tidegate_collector::Verdict;

const KEEP: Duration = Duration::from_millis(400);

fn event(number: usize) -> Value {
    let place = json!({ "tab": "t", "seq": number });
    json!({ "type": "track", "event": "E", "messageId": format!("m{number}"), "context": { "tidegate": place } })
}

fn send(collector: &Collector, numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let events: Vec<Value> = numbers.into_iter().map(event).collect();
    statuses(&post(collector.address, "/v1/batch", json!({ "writeKey": "demo", "batch": events }).to_string()))
}

fn kept(collector: &Collector) -> Vec<i64> {
    get(collector.address, "/api/events?limit=9999&after=0").lines().iter().map(|event| event["id"].as_i64().unwrap()).collect()
}

#[test]
fn what_went_is_still_known_to_the_ledger_and_as_a_duplicate() {
    let collector = Collector::with(|options| options.keep = Some(KEEP));
    let start = Instant::now();
    send(&collector, 0..1_200);
    let ledger = get(collector.address, "/ledger").text();
    wait_until("all but the newest to go", || kept(&collector) == [1_200]);
    assert!(start.elapsed() >= KEEP, "they went after {:?}", start.elapsed());
    assert_eq!(get(collector.address, "/ledger").text(), ledger);
    assert_eq!(send(&collector, 0..1_201), [vec!["duplicate"; 1_200], vec!["stored"]].concat());
    assert_eq!(kept(&collector), [1_200, 1_201], "identifiers go on");
    let elsewhere = json!({ "tab": "t", "destination": "d", "seq": 0 });
    let again = json!({ "type": "track", "messageId": "m5", "context": { "tidegate": elsewhere } });
    let answer = post(collector.address, "/v1/batch", json!({ "writeKey": "demo", "batch": [again] }).to_string());
    assert_eq!(statuses(&answer), ["duplicate"]);
    let accounts = get(collector.address, "/ledger").lines();
    assert_eq!((&accounts[0]["stored"], &accounts[0]["missing"]), (&json!(1_201), &json!(0)));
    assert_eq!(accounts[1]["lost"], json!({ "duplicate": 1 }));
}

#[test]
fn nothing_goes_before_every_sink_has_it_and_its_time_counts_from_then() {
    let open = Arc::new(AtomicBool::new(false));
    let is_open = open.clone();
    let (slow, _) = Scripted::new("slow", move |events| {
        let verdict = |id: i64| match id {
            5 => Verdict::Refused("too large".into()),
            _ if id <= 3 || is_open.load(SeqCst) => Verdict::Acknowledged,
            _ => Verdict::again("closed"),
        };
        events.iter().map(|event| verdict(event.id)).collect()
    });
    let (quick, _) = Scripted::willing("quick");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), vec![Box::new(slow), Box::new(quick)], |options| {
        options.keep = Some(KEEP)
    });
    send(&collector, 0..10);
    wait_until("what both have to go", || kept(&collector) == [4, 5, 6, 7, 8, 9, 10]);
    std::thread::sleep(KEEP * 2);
    assert_eq!(kept(&collector), [4, 5, 6, 7, 8, 9, 10]);
    open.store(true, SeqCst);
    let start = Instant::now();
    wait_until("the rest to go", || kept(&collector).len() < 7);
    assert!(start.elapsed() >= KEEP, "they went {:?} after the sink had them", start.elapsed());
    wait_until("what was refused and the newest to be left", || kept(&collector) == [5, 10]);
}

#[test]
fn a_sink_that_is_no_longer_there_keeps_its_events_until_it_is_dropped() {
    let (sink, _) = Scripted::hanging("gone");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    send(&collector, 0..4);
    let collector = Collector::within(collector.stop(), |options| options.keep = Some(KEEP));
    std::thread::sleep(KEEP * 3);
    assert_eq!(kept(&collector), [1, 2, 3, 4]);
    let collector = Collector::within(collector.stop(), |options| {
        options.keep = Some(KEEP);
        options.drop_sinks = vec!["gone".into()];
    });
    wait_until("they go", || kept(&collector) == [4]);
}

#[test]
fn a_new_sink_gets_all_that_is_still_there() {
    let keep = Duration::from_secs(1);
    let collector = Collector::with(|options| options.keep = Some(keep));
    send(&collector, 0..4);
    std::thread::sleep(keep / 5);
    let (sink, came) = Scripted::hanging("new");
    let collector = Collector::forwarding(collector.stop(), sink.boxed(), |options| options.keep = Some(keep));
    came.wait_for(4);
    std::thread::sleep(keep * 2);
    assert_eq!(kept(&collector), [1, 2, 3, 4]);
}

#[test]
fn without_a_time_everything_stays() {
    let (sink, came) = Scripted::willing("a");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    send(&collector, 0..4);
    came.wait_for(4);
    std::thread::sleep(KEEP * 2);
    assert_eq!(kept(&collector), [1, 2, 3, 4]);
}
