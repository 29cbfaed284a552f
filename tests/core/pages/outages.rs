//! Servers that refuse, ask for time, or answer for something else; clocks and storage that cannot be trusted.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::effect::{Part, Transport};
use tidegate_core::input::{Lifecycle, Outcome};
use tidegate_core::{Input, keys};

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}},
    {"id":"d","kind":"segment","url":"/d","consent":{"allOf":["b"]}}]}"#;
const HOUR: u64 = 3_600_000;

fn granted() -> Page {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    page
}

fn call(page: &mut Page, name: &str) {
    page.track(name);
    page.give(Input::Commit);
}

fn answer_in(page: &mut Page, status: u16, body: &str, retry_after_ms: Option<u64>) {
    let request = page.requests.remove(0).id;
    page.give(Input::Response { request, outcome: Outcome::Answer { status, body, retry_after_ms } });
}

fn answer(page: &mut Page, status: u16, body: &str) {
    answer_in(page, status, body, None);
}

fn stats(page: &Page) -> Value {
    let stats: Value = serde_json::from_str(&page.core.stats()).unwrap();
    stats["perDestination"]["c"].clone()
}

fn names(page: &Page) -> Vec<String> {
    let body: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    body["batch"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn when_a_server_wants_to_hear_again_holds_for_the_next_page_too() {
    let mut page = granted();
    call(&mut page, "Asked To Wait");
    page.pass(6_000);
    answer_in(&mut page, 429, "", Some(HOUR));
    let mut next = page.next(CONFIG, 8, true);
    call(&mut next, "Waits Too");
    next.pass(HOUR - 10_000);
    next.give(Input::Flush);
    assert_eq!(next.requests.len(), 0);
    next.pass(10_000);
    assert_eq!(names(&next), ["Waits Too"]);
    answer(&mut next, 200, "{}");
    assert_eq!(names(&next), ["Asked To Wait"]);
}

#[test]
fn another_tab_hears_of_it_before_its_next_request() {
    let mut page = granted();
    call(&mut page, "One");
    page.pass(6_000);
    let mut other = page.next(CONFIG, 8, true);
    answer_in(&mut page, 503, "", Some(HOUR));
    other.stored = page.stored.clone();
    call(&mut other, "Two");
    other.pass(HOUR / 2);
    assert_eq!(other.requests.len(), 0);
}

#[test]
fn what_a_server_asked_for_goes_with_the_grant_and_waits_for_no_clock_that_was_put_back() {
    let mut page = granted();
    call(&mut page, "One");
    page.pass(6_000);
    answer_in(&mut page, 429, "", Some(HOUR));
    assert!(page.stored[keys::WAITS].contains("\"/c\""));
    let mut back = Page::begin(CONFIG, 8, page.now.wall - 24 * HOUR, page.stored.clone(), true);
    call(&mut back, "Two");
    back.pass(10_000);
    assert_eq!(back.requests.len(), 1);

    page.decide(r#"{"a":false,"b":true}"#);
    assert_eq!(page.stored.get(keys::WAITS), None);
}

#[test]
fn no_server_keeps_a_destination_waiting_for_more_than_a_day() {
    let mut page = granted();
    call(&mut page, "One");
    page.pass(6_000);
    answer_in(&mut page, 503, "", Some(1_000_000_000_000));
    let day = page.next(CONFIG, 8, true);
    page.pass(24 * HOUR - 10_000);
    assert_eq!(page.requests.len(), 0);
    page.await_request();
    // A visit a day later, with what was stored then.
    let mut later = Page::begin(CONFIG, 9, day.now.wall + 24 * HOUR, day.stored, true);
    call(&mut later, "Two");
    later.await_request();
    assert!(later.now.mono < 60_000);
}

#[test]
fn an_event_that_is_refused_without_an_identifier_harms_no_other() {
    let mut page = granted();
    (0..5).for_each(|n| call(&mut page, &format!("E{n}")));
    for _ in 0..20 {
        page.pass(10_000);
        if page.requests.is_empty() {
            continue;
        }
        let batch: Value = serde_json::from_str(&page.requests[0].body).unwrap();
        let of = |event: &Value| match event["event"] == "E2" {
            true => json!({ "messageId": null, "status": "rejected" }),
            false => json!({ "messageId": event["messageId"], "status": "stored" }),
        };
        let results: Vec<Value> = batch["batch"].as_array().unwrap().iter().map(of).collect();
        answer(&mut page, 200, &json!({ "results": results }).to_string());
    }
    assert_eq!((&stats(&page)["delivered"], &stats(&page)["dropped"]), (&4.into(), &json!({ "rejected": 1 })));
}

#[test]
fn an_answer_about_something_else_acknowledges_nothing() {
    let mut page = granted();
    call(&mut page, "Kept");
    for body in [r#"{"success":false}"#, "null", r#"{"success":true,"batchId":"another"}"#] {
        page.await_request();
        answer(&mut page, 200, body);
        assert_eq!(stats(&page)["delivered"], 0, "{body}");
    }
    page.await_request();
    let batch: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    answer(&mut page, 200, &json!({ "success": true, "batchId": batch["batchId"] }).to_string());
    assert_eq!(stats(&page)["delivered"], 1);
}

#[test]
fn one_poison_costs_no_time_and_a_server_that_refuses_everything_gets_more_and_more() {
    let mut page = granted();
    (0..40).for_each(|n| call(&mut page, &format!("E{n}")));
    page.pass(6_000);
    let mut refused = 0;
    while page.requests.len() == 1 && stats(&page)["dropped"]["rejected"] == Value::Null {
        answer(&mut page, 400, "{}");
        refused += 1;
    }
    assert!(refused < 10);
    // Some event is refused on its own every time, but ever more rarely.
    page.pass(0);
    for _ in 0..12 * 60 {
        if !page.requests.is_empty() {
            answer(&mut page, 400, "{}");
        }
        page.pass(5_000);
    }
    let rejected = stats(&page)["dropped"]["rejected"].as_u64().unwrap();
    assert!((5..25).contains(&rejected), "{rejected} given up within an hour");
    // Put right, it gets all that is left.
    while stats(&page)["queued"] != 0 || !page.requests.is_empty() {
        page.await_request();
        answer(&mut page, 200, "{}");
    }
    assert_eq!(stats(&page)["delivered"], 40 - rejected);
}

#[test]
fn losses_outlive_the_page_that_had_them_until_they_were_told() {
    let mut page = granted();
    call(&mut page, "Poison");
    page.pass(6_000);
    answer(&mut page, 400, "{}");
    let mut next = page.next(CONFIG, 8, true);
    call(&mut next, "Next");
    next.await_request();
    let batch: Value = serde_json::from_str(&next.requests[0].body).unwrap();
    let [lost] = &batch["lost"].as_array().unwrap()[..] else { panic!("{batch}") };
    assert_eq!(
        (&lost["from"], &lost["to"], &lost["reason"], &lost["destination"]),
        (&0.into(), &0.into(), &"rejected".into(), &"c".into())
    );
    assert_ne!(lost["tab"], batch["batch"][0]["context"]["tidegate"]["tab"]);
    answer(&mut next, 200, "{}");
    let kept: Vec<&String> = next.stored.keys().filter(|key| key.starts_with("tg_left.")).collect();
    assert_eq!(kept, Vec::<&String>::new());
    let mut third = next.next(CONFIG, 9, true);
    call(&mut third, "Third");
    third.await_request();
    assert!(!third.requests[0].body.contains("\"lost\""), "{}", third.requests[0].body);
}

#[test]
fn losses_of_a_destination_that_is_not_decided_stay_on_disk_until_it_is() {
    let key = "tg_left.lost.gone.w";
    let mut page = Page::new(CONFIG);
    let stored = r#"{"c":[{"tab":"gone","destination":"c","from":3,"to":4,"reason":"rejected"}]}"#;
    page.stored.insert(key.into(), stored.into());
    page.give(Input::Part { part: Part::Delivery, ok: true });
    page.pass(6_000);
    assert_eq!(page.stored.get(key).map(String::as_str), Some(stored));
    page.decide(r#"{"a":true}"#);
    call(&mut page, "Next");
    page.await_request();
    assert!(page.requests[0].body.contains(r#""from":3,"to":4"#), "{}", page.requests[0].body);
    answer(&mut page, 200, "{}");
    assert!(!page.stored.contains_key(key));
}

#[test]
fn storage_that_refused_once_is_written_to_again_when_there_is_room() {
    let mut page = granted();
    call(&mut page, "Stored");
    page.refuses = true;
    call(&mut page, "In memory");
    page.refuses = false;
    page.await_request();
    answer(&mut page, 200, "{}");
    call(&mut page, "Stored again");
    assert!(page.stored.iter().any(|(key, text)| key.starts_with(keys::JOURNAL) && text.contains("Stored again")));
}

#[test]
fn destinations_share_the_room_of_the_last_requests() {
    let mut page = granted();
    page.decide(r#"{"a":true,"b":true}"#);
    (0..45).for_each(|n| call(&mut page, &format!("{n} {}", "x".repeat(1000))));
    page.give(Input::Lifecycle(Lifecycle::Hidden));
    let mut last: Vec<(&str, bool)> = page.requests.iter().map(|one| (&*one.url, one.body.len() > 20_000)).collect();
    last.sort_unstable();
    assert_eq!(last, [("/c", true), ("/d", true)]);
    assert!(page.requests.iter().map(|request| request.body.len()).sum::<usize>() <= 56 * 1024);
}

#[test]
fn a_last_request_that_the_browser_refuses_is_halved() {
    let mut page = granted();
    (0..30).for_each(|n| call(&mut page, &format!("{n} {}", "x".repeat(1000))));
    page.give(Input::Lifecycle(Lifecycle::Hidden));
    let mut sizes = Vec::new();
    for _ in 0..20 {
        let Some(request) = page.requests.pop().filter(|request| request.transport == Transport::Keepalive) else { break };
        sizes.push(request.body.len());
        page.give(Input::Response { request: request.id, outcome: Outcome::Failed });
    }
    assert!(sizes[0] > 20_000 && (2..8).contains(&sizes.len()), "{sizes:?}");
    assert!(sizes.windows(2).all(|pair| pair[1] <= pair[0] / 2), "{sizes:?}");
    // A page that lives on sends as ever.
    page.give(Input::Lifecycle(Lifecycle::Visible));
    page.await_request();
    assert!(page.requests[0].body.len() > 20_000);
}

#[test]
fn a_page_that_stays_open_expires_what_is_too_old_and_no_clock_does() {
    let mut page = granted();
    call(&mut page, "Old");
    page.pass(6_000);
    page.now.wall += 30 * 24 * HOUR;
    answer(&mut page, 503, "");
    page.await_request();
    assert_eq!(names(&page), ["Old"], "a clock that jumps makes nothing old");
    for _ in 0..170 {
        page.requests.clear();
        page.pass(HOUR);
    }
    assert_eq!((stats(&page)["dropped"]["expired"].as_u64(), page.requests.len()), (Some(1), 0));
}

#[test]
fn what_was_queued_under_a_clock_that_stood_at_its_beginning_arrives() {
    let mut page = Page::begin(CONFIG, 7, 1_000_000, std::collections::BTreeMap::new(), true);
    page.decide(r#"{"a":true}"#);
    call(&mut page, "In 1970");
    let stored = page.stored.into_iter().filter(|(key, _)| key.starts_with(keys::JOURNAL)).collect();
    let mut next = Page::begin(CONFIG, 8, 1_700_000_000_000, stored, true);
    next.decide(r#"{"a":true}"#);
    next.await_request();
    assert_eq!(names(&next), ["In 1970"]);
}

#[test]
fn events_of_a_destination_that_is_gone_are_counted_each() {
    let mut page = granted();
    (0..3).for_each(|n| page.track(&format!("E{n}")));
    page.give(Input::Commit);
    let mut next = page.next(&CONFIG.replace("\"c\"", "\"renamed\""), 8, true);
    next.decide(r#"{"a":true}"#);
    next.pass(10_000);
    let stats: Value = serde_json::from_str(&next.core.stats()).unwrap();
    assert_eq!(stats["errors"]["destination_gone"], 3);
    assert!(next.stored.keys().all(|key| !key.starts_with(keys::JOURNAL)));
}
