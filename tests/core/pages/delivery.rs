//! What sends is a part of the core that comes when something may be sent. Until then events lie in the journal.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::input::{Outcome, Verb};
use tidegate_core::{Effect, Input, keys};

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
  "identity":{"consent":{"anyOf":["a","b"]}}, "queue":{"maxOverflowBytes":2000},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}},
    {"id":"d","kind":"segment","url":"/d","consent":{"allOf":["b"]}}]}"#;

fn page() -> Page {
    let mut page = Page::new(CONFIG);
    page.delivery_comes = false;
    page
}

fn stats(page: &Page) -> Value {
    serde_json::from_str(&page.core.stats()).unwrap()
}

fn pages(page: &Page) -> Vec<&String> {
    page.stored.keys().filter(|key| key.starts_with(keys::JOURNAL)).collect()
}

#[test]
fn it_is_not_asked_for_before_consent_allows_a_destination() {
    let mut page = page();
    page.track("Waits");
    page.decide(r#"{"a":false,"b":false}"#);
    page.track("Denied");
    page.give(Input::Flush);
    page.pass(600_000);
    assert_eq!((page.asked_for_delivery, page.flushed), (0, 1));
    page.decide(r#"{"a":true}"#);
    assert_eq!(page.asked_for_delivery, 1);
}

#[test]
fn while_it_does_not_come_events_lie_on_disk_and_it_is_asked_for_again_more_and_more_rarely() {
    let mut page = page();
    page.decide(r#"{"a":true,"b":true}"#);
    page.track("First");
    page.give(Input::Commit);
    page.give(Input::Flush);
    assert_eq!((pages(&page).len(), page.flushed, page.requests.len()), (1, 1, 0));
    page.pass(1_000);
    page.pass(2_000);
    assert_eq!(page.asked_for_delivery, 3);
    page.pass(60_000);
    assert_eq!(page.asked_for_delivery, 7);
    assert_eq!(stats(&page)["queued"], 2);

    page.delivery_comes = true;
    page.give(Input::Lifecycle(tidegate_core::input::Lifecycle::Online));
    assert_eq!((page.asked_for_delivery, page.requests.len()), (8, 2));
}

#[test]
fn memory_stays_bounded_where_neither_it_comes_nor_storage_takes_anything() {
    let mut page = page();
    page.refuses = true;
    page.decide(r#"{"a":true}"#);
    for _ in 0..40 {
        page.track(&"x".repeat(150));
        page.give(Input::Commit);
    }
    let told = stats(&page);
    let (queued, full) = (told["queued"].as_u64().unwrap(), told["dropped"]["queue-full"].as_u64().unwrap());
    assert_eq!(queued + full, 40);
    assert!((1..10).contains(&queued), "{told}");
    assert!(page.codes().contains(&"queue_full"));
}

#[test]
fn a_withdrawal_takes_what_other_tabs_left_out_of_storage_without_it() {
    let mut left = Page::new(CONFIG);
    left.decide(r#"{"a":true,"b":true}"#);
    left.track("Both");
    left.give(Input::Commit);

    let mut page = page();
    page.stored = left.stored.into_iter().filter(|(key, _)| key.starts_with(keys::JOURNAL)).collect();
    let (_, text) = page.stored.pop_first().unwrap();
    page.stored.insert(format!("{}another-tab.0.w", keys::JOURNAL), text);
    page.decide(r#"{"a":true,"b":false}"#);
    let kept = pages(&page).iter().map(|key| page.stored[*key].clone()).collect::<Vec<_>>();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].contains(r#""to":{"c":0}"#), "{kept:?}");
    page.decide(r#"{"a":false}"#);
    assert_eq!(pages(&page), Vec::<&String>::new());
    assert!(!page.core.handle(Input::Wake, page.now).iter().any(|effect| matches!(effect, Effect::Send(_))));
}

#[test]
fn the_next_batch_tells_what_the_destination_will_never_get_until_it_was_heard() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    page.track("Poison");
    page.give(Input::Commit);
    page.pass(6_000);
    let answer = |page: &mut Page, status, body| {
        let request = page.requests.remove(0).id;
        page.give(Input::Response { request, outcome: Outcome::Answer { status, body, retry_after_ms: None } });
    };
    answer(&mut page, 413, "{}");
    page.track("Next");
    page.give(Input::Commit);
    page.pass(6_000);
    let body: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    let tab = &body["batch"][0]["context"]["tidegate"]["tab"];
    let told = json!([{ "tab": tab, "destination": "c", "from": 0, "to": 0, "reason": "rejected" }]);
    assert_eq!((&body["lost"], &body["batch"][0]["context"]["tidegate"]["seq"]), (&told, &1.into()));
    // It was not heard: it is told again. Once it was, never more.
    answer(&mut page, 503, "");
    page.pass(4_000);
    let again: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    assert_eq!(again["lost"], told);
    answer(&mut page, 200, r#"{"success":true}"#);
    page.track("Last");
    page.give(Input::Commit);
    page.pass(6_000);
    let last: Value = serde_json::from_str(&page.requests[0].body).unwrap();
    assert_eq!((last["batch"].as_array().unwrap().len(), last.get("lost")), (1, None));
}

#[test]
fn what_a_page_left_behind_goes_where_it_was_allowed_then_and_is_now() {
    const TWO: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
      "destinations":[{"id":"a","kind":"segment","url":"/a","consent":{"allOf":["a"]}},
        {"id":"b","kind":"segment","url":"/b","consent":{"allOf":["b"]}}],
      "triggers":[{"id":"any","kind":"event","event":"*"}],
      "tags":[{"id":"t","template":"custom-pixel","params":{"src":"/pixel"},"consent":{"allOf":["b"]},"fireOn":["any"]}]}"#;
    let left = r#"[["","a"],[[0,"[\"Left\",{\"n\":1}]",1600000000000,"{\"path\":\"/then\"}"],["x"],[9,"[]",1,""],7]]"#;
    for (decided, goes) in [(r#"{"a":true,"b":true}"#, vec!["/a"]), (r#"{"a":false,"b":true}"#, vec![])] {
        let mut page = Page::new(TWO);
        page.give(Input::Page(r#"{"path":"/now"}"#));
        page.tags_come();
        page.stored.insert("tg_left.1".into(), left.into());
        page.decide(decided);
        page.pass(5_000);
        assert_eq!(page.stored.get("tg_left.1"), None, "taken once");
        let urls: Vec<&str> = page.requests.iter().map(|request| request.url.as_str()).collect();
        assert_eq!(urls, goes, "{decided}");
        assert_eq!(page.loaded, Vec::<String>::new(), "no tag was on that page");
        let stats: Value = serde_json::from_str(&page.core.stats()).unwrap();
        assert_eq!(stats["perDestination"]["b"]["dropped"], serde_json::json!({ "denied": 1 }), "{stats}");
        for request in &page.requests {
            let batch: Value = serde_json::from_str(&request.body).unwrap();
            let event = &batch["batch"][0];
            assert_eq!((&event["context"]["page"]["path"], &event["event"]), (&"/then".into(), &"Left".into()));
            assert_eq!(event["timestamp"], "2020-09-13T12:26:40.000Z");
        }
        page.track("Here");
        assert_eq!(page.last(Verb::Track, r#"["Here"]"#)["context"]["page"]["path"], "/now");
    }
}

#[test]
fn what_a_page_left_behind_stays_stored_for_a_destination_that_is_undecided() {
    const TWO: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","remember":false,"purposes":{"n":{"always":true},"a":{}}},
      "destinations":[{"id":"n","kind":"segment","url":"/n","consent":{"allOf":["n"]}},
        {"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;
    let left = r#"[["w","n","c"],[[0,"[\"Left\"]",1600000000000,"{}"]],0]"#;
    let stored = [("tg_gate", r#"{"v":1,"rev":1,"to":["w","n","c"]}"#), ("tg_left.1", left)];
    let stored = stored.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let urls = |page: &Page| page.requests.iter().map(|request| request.url.clone()).collect::<Vec<_>>();
    let counted = |page: &Page, id: &str| {
        let of = &stats(page)["perDestination"][id];
        (of["captured"].as_u64().unwrap(), of["delivered"].as_u64().unwrap(), of["dropped"].clone())
    };
    // The consent platform has not spoken yet when the visitor goes on.
    let mut second = Page::begin(TWO, 7, 1_700_000_000_000, stored, true);
    second.pass(6_000);
    assert_eq!(urls(&second), ["/n"]);
    let request = second.requests.remove(0).id;
    second.give(Input::Response { request, outcome: Outcome::Answer { status: 200, body: "{}", retry_after_ms: None } });
    assert_eq!((counted(&second, "n"), counted(&second, "c")), ((1, 1, json!({})), (0, 0, json!({}))));
    let mut third = second.next(TWO, 8, true);
    third.decide(r#"{"a":true}"#);
    third.pass(6_000);
    assert_eq!(urls(&third), ["/c"]);
    assert_eq!((counted(&third, "n"), counted(&third, "c").0), ((0, 0, json!({})), 1));
    assert!(third.stored.keys().all(|key| !key.starts_with("tg_left.")), "{:?}", third.stored.keys());
}

#[test]
fn where_something_is_denied_what_a_page_left_for_an_undecided_destination_waits_in_memory() {
    const TWO: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"n":{"always":true},"a":{},"b":{}}},
      "destinations":[{"id":"n","kind":"segment","url":"/n","consent":{"allOf":["n"]}},
        {"id":"a","kind":"segment","url":"/a","consent":{"allOf":["a"]}},{"id":"b","kind":"segment","url":"/b","consent":{"allOf":["b"]}}]}"#;
    let mut page = Page::new(TWO);
    page.stored.insert("tg_left.1".into(), r#"[["","n","a","b"],[[0,"[\"Left\"]",1600000000000,"{}"]],0]"#.into());
    page.decide(r#"{"b":false}"#);
    // As the shim does it then.
    page.stored.retain(|key, _| !key.starts_with("tg_left."));
    page.decide(r#"{"a":true}"#);
    page.pass(6_000);
    let urls: Vec<&str> = page.requests.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(urls, ["/n", "/a"]);
}

#[test]
fn who_is_known_on_a_page_is_not_changed_by_what_an_earlier_one_left() {
    let mut page = Page::new(CONFIG);
    page.delivery_comes = false;
    page.decide(r#"{"a":true}"#);
    page.call(Verb::Identify, r#"["new-user"]"#);
    let before = page.stored[keys::IDENTITY].clone();
    page.stored.insert(
        "tg_left.1".into(),
        r#"[["w","c"],[[3,"[\"old-user\"]",1600000000000,"{}"],[0,"[\"Left\"]",1600000000000,"{}"]],0]"#.into(),
    );
    page.delivery_comes = true;
    page.pass(2_000);
    page.track("After");
    page.give(Input::Commit);
    page.pass(6_000);
    assert_eq!(page.last(Verb::Track, r#"["After"]"#)["userId"], "new-user");
    assert_eq!(page.stored[keys::IDENTITY], before);
    let bodies: String = page.requests.iter().map(|request| request.body.as_str()).collect();
    assert!(bodies.contains("old-user") && !page.stored.contains_key("tg_left.1"), "{bodies}");
}

#[test]
fn a_denial_meets_what_a_page_left_behind_before_a_later_grant_does() {
    const ONE: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
      "destinations":[{"id":"a","kind":"segment","url":"/a","consent":{"allOf":["a"]}},
        {"id":"b","kind":"segment","url":"/b","consent":{"allOf":["b"]}}]}"#;
    let mut page = Page::new(ONE);
    page.decide(r#"{"a":true,"b":true}"#);
    page.stored.insert("tg_left.1".into(), r#"[["","a","b"],[[0,"[\"Left\"]",1600000000000,"{}"]]]"#.into());
    page.decide(r#"{"b":false}"#);
    page.decide(r#"{"b":true}"#);
    page.pass(5_000);
    let urls: Vec<&str> = page.requests.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(urls, ["/a"]);
}

#[test]
fn a_loss_beside_one_that_is_being_told_is_told_by_the_next_batch() {
    let config = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{}}},
      "queue":{"maxBytes":3000,"maxOverflowBytes":3000},
      "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]},"batch":{"maxEvents":1}}]}"#;
    let mut page = Page::new(config);
    page.decide(r#"{"a":true}"#);
    let call = |page: &mut Page, name: &str| {
        page.track(name);
        page.give(Input::Commit);
    };
    let answer = |page: &mut Page, status, body| {
        let request = page.requests.remove(0).id;
        page.give(Input::Response { request, outcome: Outcome::Answer { status, body, retry_after_ms: None } });
    };
    // An outage: local storage is full, then memory, and the oldest of what is in memory is lost.
    (0..15).for_each(|_| call(&mut page, &"x".repeat(150)));
    answer(&mut page, 503, "");
    page.pass(1_000);
    // The server is back, and hears of it. Meanwhile one more is lost.
    assert!(page.requests[0].body.contains("\"lost\":"));
    call(&mut page, &"x".repeat(150));
    let (mut known, mut last) = (std::collections::BTreeSet::new(), 0);
    for _ in 0..40 {
        if page.requests.is_empty() {
            call(&mut page, "End");
            page.pass(6_000);
        }
        let batch: Value = serde_json::from_str(&page.requests[0].body).unwrap();
        for event in batch["batch"].as_array().unwrap() {
            last = event["context"]["tidegate"]["seq"].as_u64().unwrap();
            known.insert(last);
        }
        for loss in batch["lost"].as_array().into_iter().flatten() {
            known.extend(loss["from"].as_u64().unwrap()..=loss["to"].as_u64().unwrap());
        }
        answer(&mut page, 200, r#"{"success":true}"#);
    }
    assert!(stats(&page)["dropped"]["queue-full"].as_u64() > Some(1));
    assert_eq!((0..=last).filter(|seq| !known.contains(seq)).collect::<Vec<_>>(), Vec::<u64>::new());
}
