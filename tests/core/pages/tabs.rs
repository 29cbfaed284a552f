//! How tabs know of each other: Web Locks, and where there are none, keys that say when a tab was last there.

use super::page::Page;
use serde_json::Value;
use tidegate_core::input::{Lifecycle, Outcome};
use tidegate_core::{Input, keys};

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;

fn call(page: &mut Page) {
    page.track("E");
    page.give(Input::Commit);
}

fn answer(page: &mut Page, status: u16) {
    let request = page.requests.remove(0).id;
    page.give(Input::Response { request, outcome: Outcome::Answer { status, body: "{}", retry_after_ms: None } });
}

fn beats(page: &Page) -> usize {
    page.stored.keys().filter(|key| key.starts_with("tg_tab.")).count()
}

fn without_locks() -> Page {
    let mut page = Page::begin(CONFIG, 7, 1_700_000_000_000, std::collections::BTreeMap::new(), false);
    page.decide(r#"{"a":true}"#);
    page
}

#[test]
fn a_lock_is_held_while_something_is_queued_and_at_no_other_time() {
    let mut page = Page::new(CONFIG);
    call(&mut page);
    assert_eq!(page.locks, Vec::<String>::new(), "nothing is decided");
    page.decide(r#"{"a":true}"#);
    for _ in 0..2 {
        call(&mut page);
        assert_eq!(page.locks.len(), 1);
        page.pass(6_000);
        answer(&mut page, 200);
        assert_eq!(page.locks, Vec::<String>::new(), "all is delivered");
    }
}

#[test]
fn a_tab_that_was_taken_over_is_let_go_of_when_its_events_are_delivered() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    call(&mut page);
    let mut next = page.next(CONFIG, 8, true);
    next.pass(2_000);
    assert_eq!(next.locks.len(), 1);
    answer(&mut next, 200);
    assert_eq!(next.locks, Vec::<String>::new());
}

#[test]
fn without_locks_a_tab_says_that_it_lives_while_something_is_queued() {
    let mut page = without_locks();
    assert_eq!(beats(&page), 0);
    call(&mut page);
    page.pass(6_000);
    assert_eq!(beats(&page), 1);
    answer(&mut page, 200);
    assert_eq!(beats(&page), 0);
}

#[test]
fn without_locks_a_tab_that_lives_keeps_its_events_and_one_that_is_gone_does_not() {
    let mut page = without_locks();
    call(&mut page);
    page.pass(6_000);
    let mut other = page.next(CONFIG, 8, false);
    for _ in 0..10 {
        page.await_request();
        answer(&mut page, 503);
        page.pass(29_000);
        other.stored.extend(page.stored.clone());
        other.pass(29_000);
    }
    assert_eq!(other.requests.len(), 0, "the other tab is there");
    // It crashes.
    other.pass(300_000);
    other.await_request();
    answer(&mut other, 200);
    assert_eq!(beats(&other), 0);
}

#[test]
fn without_locks_the_beat_of_a_tab_that_is_long_gone_goes() {
    let mut page = without_locks();
    call(&mut page);
    page.stored.retain(|key, _| key.starts_with("tg_tab."));
    assert_eq!(beats(&page), 1);
    assert_eq!(beats(&page.next(CONFIG, 8, false)), 1, "nothing was ever allowed there");
    for (later, left) in [(60_000, 1), (100_000, 0)] {
        let mut next = Page::begin(CONFIG, 8, page.now.wall + later, page.stored.clone(), false);
        next.decide(r#"{"a":true}"#);
        assert_eq!(beats(&next), left);
    }
}

#[test]
fn what_another_project_left_is_left_to_it() {
    let stored = [
        ("tg_left.1", r#"[["blog","c"],[[0,"[\"Left\"]",1600000000000,"{}"]],3]"#),
        ("tg_left.lost.gone.blog", r#"{"c":[{"tab":"gone","destination":"c","from":3,"to":4,"reason":"rejected"}]}"#),
        ("tg_left.waits", r#"{"/other":[1700000000000,1700000500000]}"#),
    ];
    let mut page = Page::new(CONFIG);
    page.stored.extend(stored.map(|(key, text)| (key.to_owned(), text.to_owned())));
    page.decide(r#"{"a":true}"#);
    call(&mut page);
    page.pass(6_000);
    let batch: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    assert_eq!((batch["batch"].as_array().unwrap().len(), &batch["lost"]), (1, &Value::Null));
    let request = page.requests.remove(0).id;
    let outcome = Outcome::Answer { status: 429, body: "", retry_after_ms: Some(60_000) };
    page.give(Input::Response { request, outcome });
    for (key, text) in stored {
        assert!(
            page.stored.get(key).is_some_and(|kept| kept.contains(text.trim_matches(['{', '}']))),
            "{key}: {:?}",
            page.stored
        );
    }
    assert!(page.stored["tg_left.waits"].contains("\"/c\":"), "{:?}", page.stored);
}

#[test]
fn pages_of_a_project_that_is_long_gone_do_not_stay_for_ever() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    call(&mut page);
    let other = CONFIG.replace("\"w\"", "\"blog\"");
    for (days, kept) in [(30, true), (370, false)] {
        let stored = page.stored.clone();
        let mut next = Page::begin(&other, 8, page.now.wall + days * 86_400_000, stored, true);
        next.decide(r#"{"a":true}"#);
        next.pass(6_000);
        assert_eq!(next.stored.keys().any(|key| key.starts_with(keys::JOURNAL)), kept, "after {days} days");
    }
}

#[test]
fn without_locks_a_page_that_goes_is_taken_over_at_once() {
    let mut page = without_locks();
    call(&mut page);
    page.pass(6_000);
    answer(&mut page, 503);
    page.give(Input::Lifecycle(Lifecycle::Hidden));
    let mut next = page.next(CONFIG, 8, false);
    next.pass(2_000);
    assert_eq!(next.requests.len(), 1);
}

#[test]
fn calls_that_a_page_had_no_room_to_leave_are_counted_and_told() {
    let mut page = Page::new(CONFIG);
    page.stored.insert("tg_left.1".into(), r#"[["w","c"],[[0,"[\"Left\"]",1600000000000,"{}"]],3]"#.into());
    page.decide(r#"{"a":true}"#);
    page.pass(6_000);
    let stats: Value = serde_json::from_str(&page.core.stats()).unwrap();
    assert_eq!((&stats["captured"], &stats["dropped"]["queue-full"]), (&4.into(), &3.into()));
    let batch: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    let tab = &batch["batch"][0]["context"]["tidegate"]["tab"];
    let lost = serde_json::json!([{ "tab": tab, "destination": "c", "from": 1, "to": 3, "reason": "queue-full" }]);
    assert_eq!(batch["lost"], lost);
    assert!(page.codes().contains(&"queue_full"));
    assert!(!page.stored.contains_key("tg_left.1"), "{:?}", page.stored.keys());
    assert!(page.stored.keys().any(|key| key.starts_with(keys::JOURNAL)));
}
