//! The journal's copy, as the core has it: what is to be in it, what it may have alone, and what comes back from it.

use super::page::Page;
use serde_json::Value;
use tidegate_core::input::Outcome;
use tidegate_core::{Input, keys};

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{}}},"queue":{"maxBytes":10000},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}},{"id":"d","kind":"segment","url":"/d","consent":{"allOf":["a"]}}]}"#;

fn call(page: &mut Page) {
    page.track("E");
    page.give(Input::Commit);
}

fn answer(page: &mut Page, url: &str, status: u16) {
    let at = page.requests.iter().position(|request| request.url == url).unwrap();
    let request = page.requests.remove(at).id;
    page.give(Input::Response { request, outcome: Outcome::Answer { status, body: "{}", retry_after_ms: None } });
}

fn listed(page: &Page, member: &str) -> Vec<String> {
    let told: Value = serde_json::from_str(&page.core.unstored("").unwrap()).unwrap();
    told[member].as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect()
}

fn stored(page: &Page) -> Vec<String> {
    page.stored.keys().filter(|key| key.starts_with(keys::JOURNAL)).cloned().collect()
}

fn text_of(page: &Page, key: &str) -> String {
    serde_json::from_str(&page.core.unstored(key).unwrap()).unwrap()
}

/// The copy has all that may be there alone.
fn copied(page: &mut Page) {
    for key in listed(page, "spare") {
        page.give(Input::Stored { key: &key.replace('q', "m"), value: Some("") });
    }
}

/// A page whose local storage has more than half of what it is to take.
fn with_backlog() -> Page {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    while listed(&page, "spare").is_empty() {
        call(&mut page);
    }
    page
}

#[test]
fn a_backlog_leaves_room_in_local_storage_for_what_comes_next() {
    let mut page = with_backlog();
    for _ in 0..200 {
        copied(&mut page);
        let before = stored(&page).len();
        call(&mut page);
        assert_eq!(stored(&page).len(), before + 1, "local storage did not take an event");
        let stats: Value = serde_json::from_str(&page.core.stats()).unwrap();
        assert_eq!(stats["durability"], "journal");
    }
    assert!(stored(&page).iter().map(|key| page.stored[key].len()).sum::<usize>() < 10_000);
}

#[test]
fn the_oldest_pages_leave_and_the_copy_is_to_keep_them() {
    let mut page = with_backlog();
    let oldest = stored(&page)[0].clone();
    assert_eq!(listed(&page, "spare"), [&*oldest]);
    let text = page.stored[&oldest].clone();
    copied(&mut page);
    assert!(!stored(&page).contains(&oldest));
    assert_eq!(listed(&page, "keys"), [&*oldest]);
    assert_eq!(text_of(&page, &oldest), text);
    // Again, and what is gone meanwhile: nothing happens.
    page.give(Input::Stored { key: &oldest.replace('q', "m"), value: Some("") });
    page.give(Input::Stored { key: "tg_m.gone.0.w", value: Some("") });
    assert_eq!(page.codes(), Vec::<&str>::new());
    assert_eq!(listed(&page, "keys"), [&*oldest]);
}

#[test]
fn where_the_browser_gives_less_half_of_that_is_kept_free() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    for _ in 0..3 {
        call(&mut page);
    }
    assert_eq!(listed(&page, "spare").len(), 0);
    page.refuses = true;
    call(&mut page);
    page.refuses = false;
    assert_eq!(listed(&page, "spare").len(), 2);
    copied(&mut page);
    call(&mut page);
    assert_eq!((stored(&page).len(), listed(&page, "keys").len()), (2, 3));
}

#[test]
fn what_the_copy_alone_has_goes_on_later_only_to_whom_it_did_not_reach() {
    let mut page = with_backlog();
    let oldest = stored(&page)[0].clone();
    let text = page.stored[&oldest].clone();
    copied(&mut page);
    page.await_request();
    answer(&mut page, "/c", 200);
    answer(&mut page, "/d", 503);
    let mut next = page.next(CONFIG, 8, true);
    let acks = oldest.replace('q', "a");
    let acknowledged = next.stored[&acks].clone();
    next.give(Input::Stored { key: &acks, value: Some(&acknowledged) });
    next.give(Input::Stored { key: &oldest.replace('q', "m"), value: Some(&text) });
    next.pass(6_000);
    let bodies =
        |url: &str| next.requests.iter().filter(|request| request.url == url).map(|request| &*request.body).collect::<String>();
    let id = text.split("\"messageId\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(bodies("/d").contains(id));
    assert!(!bodies("/c").contains(id));
    answer(&mut next, "/d", 200);
    assert_eq!(next.stored.get(&acks), None);
}

#[test]
fn who_is_forgotten_leaves_nothing_to_copy() {
    let mut page = Page::new(CONFIG);
    page.refuses = true;
    page.decide(r#"{"a":true}"#);
    call(&mut page);
    assert!(page.core.unstored("").unwrap().contains("tg_q."));
    page.give(Input::Forget);
    assert_eq!(page.core.unstored("").as_deref(), Some("null"));
}

#[test]
fn what_the_copy_alone_has_and_is_not_this_projects_is_said_to_stay_there() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    page.give(Input::Stored { key: "tg_m.gone.0.blog", value: Some("anything") });
    assert_eq!(page.codes(), Vec::<&str>::new());
    assert_eq!(listed(&page, "keys"), ["tg_q.gone.0.blog"]);
    assert_eq!(page.core.unstored("tg_q.gone.0.blog").as_deref(), Some(r#""anything""#));
    // What is torn of this project's own is told, and goes.
    page.give(Input::Stored { key: "tg_m.gone.1.w", value: Some("anything") });
    assert_eq!(page.codes(), ["journal_torn"]);
    assert_eq!(listed(&page, "keys"), ["tg_q.gone.0.blog"]);
}
