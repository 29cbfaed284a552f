//! What a call may bring, and what is told of one that cannot travel.

use super::page::Page;
use tidegate_core::input::Verb;
use tidegate_core::{Input, Runtime};

const CONFIG: &str = r#"{"version":1,"consent":{"model":"none","cmp":"manual","purposes":{"a":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;

#[test]
fn an_identifier_that_would_weigh_on_every_event_is_refused_and_told() {
    let long = "u".repeat(2_000);
    let mut page = Page::new(CONFIG);
    page.call(Verb::Identify, r#"["u-1"]"#);
    for (verb, args) in [
        (Verb::Identify, format!(r#"["{long}"]"#)),
        (Verb::Group, format!(r#"["{long}"]"#)),
        (Verb::Alias, format!(r#"["u-2","{long}"]"#)),
    ] {
        page.call(verb, &args);
    }
    assert_eq!(page.codes(), vec!["invalid_event"; 3]);
    for given in [format!(r#"{{"id":"{long}"}}"#), format!(r#"{{"anonymousId":"{long}"}}"#)] {
        let before = page.core.user();
        page.give(Input::Identity(&given));
        assert_eq!((page.codes().pop(), page.core.user()), (Some("invalid_argument"), before));
    }
    page.call(Verb::Track, &format!(r#"["E",{{}},{{"anonymousId":"{long}","userId":"{long}"}}]"#));
    let event = page.last(Verb::Track, r#"["E"]"#);
    assert!(event.to_string().len() < 2_000, "{event}");
}

#[test]
fn traits_that_add_up_to_more_than_an_event_holds_stop_adding_up() {
    let mut page = Page::new(CONFIG);
    for n in 0..10 {
        page.call(Verb::Identify, &format!(r#"["u-1",{{"t{n}":"{}"}}]"#, "t".repeat(6_000)));
    }
    page.track("After");
    assert_eq!(page.codes(), Vec::<&str>::new());
    assert!(page.core.user().len() < 32_000);
}

#[test]
fn what_nests_too_deep_is_told_and_not_sent_empty() {
    let deep = format!(r#"["E",{{"keep":1,"deep":{}{}}}]"#, "[".repeat(70), "]".repeat(70));
    let mut page = Page::new(CONFIG);
    page.call(Verb::Track, &deep);
    assert_eq!((page.codes(), page.core.captures()), (vec!["invalid_event"], 0));
    let flat = format!(r#"["E",{{"keep":1,"deep":{}{}}}]"#, "[".repeat(60), "]".repeat(60));
    page.call(Verb::Track, &flat);
    assert_eq!(page.last(Verb::Track, &flat)["properties"]["keep"], 1);
}

#[test]
fn a_key_that_stands_twice_starts_nothing() {
    let twice = CONFIG.replace(r#""a":{}"#, r#""a":{"always":true},"a":{}"#);
    assert!(Runtime::start(&twice, "{}", [7; 32]).is_none());
    assert!(
        Runtime::start(&CONFIG.replace(r#""model":"none","#, r#""model":"none","model":"opt-in","#), "{}", [7; 32]).is_none()
    );
}

#[test]
fn visitors_who_follow_each_other_on_a_page_do_not_share_an_identifier() {
    let config = CONFIG.replace(r#""model":"none""#, r#""model":"opt-in""#);
    let mut page = Page::new(&config);
    page.call(Verb::Identify, r#"["u-1"]"#);
    page.track("First");
    page.give(Input::Reset);
    page.track("Somebody");
    page.call(Verb::Identify, r#"["u-2"]"#);
    page.track("Second");
    page.call(Verb::Identify, r#"["u-3"]"#);
    page.track("Third");
    page.decide(r#"{"a":true}"#);
    page.give(Input::Commit);
    let of = |event: &str| {
        let stored = page.stored.values().find(|text| text.contains(&format!("\"{event}\""))).unwrap();
        let (_, behind) = stored.split_once(r#""anonymousId":""#).unwrap();
        behind.split('"').next().unwrap().to_owned()
    };
    let [first, somebody, second, third] = ["First", "Somebody", "Second", "Third"].map(of);
    assert_eq!((somebody == second, first == second, second == third, first == third), (true, false, false, false));
}

#[test]
fn another_tab_s_login_and_logout_hold_here_too() {
    let mut page = Page::new(CONFIG);
    let own = page.core.user();
    page.give(Input::Message(r#"{"identity":{"v":1,"anonymousId":"other","userId":"jane","traits":{"n":1},"groupTraits":{}}}"#));
    assert_eq!(page.core.user(), r#"{"id":"jane","anonymousId":"other","traits":{"n":1}}"#);
    assert_ne!(own, page.core.user());
    page.give(Input::Message(r#"{"identity":{"v":1,"anonymousId":"new","traits":{},"groupTraits":{}}}"#));
    assert_eq!(page.core.user(), r#"{"id":null,"anonymousId":"new","traits":{}}"#);
}
