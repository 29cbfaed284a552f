//! Consent that changes while what other tabs stored is being read.

use super::page::Page;
use tidegate_core::input::Verb;
use tidegate_core::{Effect, Input, keys};

/// Identifiers need one purpose, the destination another.
const CONFIG: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
  "identity":{"consent":{"allOf":["a"]}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["b"]}}]}"#;

#[test]
fn nothing_is_sent_under_a_grant_that_another_tab_took_back_however_long_the_reading_takes() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"b":true}"#);
    page.call(Verb::Track, r#"["Queued"]"#);
    page.give(Input::Commit);
    page.now.mono += 2_000;
    page.now.wall += 2_000;
    // Due: what other tabs decided is asked for before it goes.
    let asked = page.core.handle(Input::Wake, page.now);
    assert!(asked.contains(&Effect::Read { key: keys::CONSENT.into() }), "{asked:?}");
    page.core.handle(Input::Stored { key: keys::IDENTITY, value: None }, page.now);
    page.now.mono += 5;
    page.now.wall += 5;
    let decision = r#"{"v":1,"rev":9,"policy":1,"expires":1999999999999,"purposes":{"a":true,"b":false}}"#;
    let effects = page.core.handle(Input::Stored { key: keys::CONSENT, value: Some(decision) }, page.now);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Send(_))), "{effects:?}");
    page.give(Input::Stored { key: keys::IDENTITY, value: None });
    let stats: serde_json::Value = serde_json::from_str(&page.core.stats()).unwrap();
    assert_eq!((&stats["dropped"]["withdrawn"], &stats["inFlight"]), (&1.into(), &0.into()));
}

#[test]
fn an_identity_that_another_tab_has_not_taken_back_yet_does_not_come_back_with_a_new_grant() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    let before = page.core.user();
    page.decide(r#"{"a":false}"#);
    let late = format!(r#"{{"identity":{}}}"#, before.replace("\"id\"", "\"userId\""));
    page.give(Input::Message(&late));
    page.decide(r#"{"a":true}"#);
    assert_ne!(page.core.user(), before);
}
