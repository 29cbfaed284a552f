//! What `explain()` says of an event.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use tidegate_core::effect::Part;
use tidegate_core::input::Verb;
use tidegate_core::{Input, Now, Runtime, keys};

const CONFIG: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}],
  "triggers":[{"id":"all","kind":"event","event":"*"}],
  "tags":[{"id":"p","template":"custom-pixel","params":{"src":"/p.gif"},"consent":{"allOf":["a"]},"fireOn":["all"]}]}"#;

/// The decisions on an event called under a grant, as (subject, decision, rules).
fn decisions(text: &str) -> Vec<(String, String, String)> {
    let now = Now { wall: 1_700_000_000_000, mono: 0 };
    let mut core = Runtime::start(CONFIG, "{}", [7; 32]).unwrap();
    core.handle(Input::ConsentSet { purposes: r#"{"a":true}"#, explicit: true }, now);
    core.handle(Input::Stored { key: keys::IDENTITY, value: None }, now);
    core.handle(Input::Part { part: Part::Tags, ok: true }, now);
    let args = format!(r#"["E",{{"text":"{text}"}},{{"messageId":"m"}}]"#);
    core.handle(Input::Call { verb: Verb::Track, args: &args, at: now.wall }, now);
    let told: Vec<Value> = serde_json::from_str(&core.explain(Some("m"))).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told.iter().map(|one| (text(&one["subject"]), text(&one["decision"]), one["because"].to_string())).collect()
}

#[test]
fn a_granted_event_is_allowed_and_says_by_whom_and_what_fired() {
    let wanted = [
        ("destination:c", "allow", r#"["a granted: manual"]"#),
        ("tag:p", "allow", r#"["a granted: manual","a trigger fired"]"#),
    ];
    assert_eq!(decisions("small"), wanted.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
}

#[test]
fn an_event_that_is_too_large_is_denied_everywhere_and_says_so() {
    for (subject, decision, because) in decisions(&"x".repeat(33_000)) {
        assert_eq!(decision, "deny", "{subject}");
        assert!(because.contains("larger than an event may be"), "{subject}: {because}");
    }
}

#[test]
fn a_destination_of_the_page_s_own_is_spoken_of_too() {
    let config = CONFIG.replace(r#""triggers""#, r#""plugins":[{"name":"Own","consent":{"allOf":["a"]}}],"triggers""#);
    let core = &mut Runtime::start(&config, "{}", [7; 32]).unwrap();
    let now = Now { wall: 1_700_000_000_000, mono: 0 };
    core.handle(Input::ConsentSet { purposes: r#"{"a":false}"#, explicit: true }, now);
    let told: Vec<Value> = serde_json::from_str(&core.explain(None)).unwrap();
    let own = told.iter().find(|one| one["subject"] == "plugin:Own").unwrap();
    assert_eq!((&own["decision"], &own["because"][0]), (&"deny".into(), &"a denied: manual".into()));
}
