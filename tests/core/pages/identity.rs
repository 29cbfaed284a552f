//! Who the visitor is across the subdomains of a site, and across SDKs.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::input::Verb;
use tidegate_core::{Input, keys};

const CONFIG: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{}}},"identity":{"migrateFrom":["segment"]},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;

const SEGMENTS: [&str; 5] = ["ajs_anonymous_id", "ajs_user_id", "ajs_user_traits", "ajs_group_id", "ajs_group_properties"];

/// A page under a grant, on a subdomain that stored `stored` where cookies say `cookies`.
fn granted(stored: Option<&Value>, cookies: [Option<&str>; 3]) -> Page {
    let mut page = Page::new(CONFIG);
    let stored = stored.map(Value::to_string);
    page.give(Input::Restore { identity: stored.as_deref(), cookies, consent: None, gate: None, locks: true });
    page.decide(r#"{"a":true}"#);
    page
}

/// `[anonymousId, userId, traits, groupId, group traits]`.
fn known(page: &Page) -> Value {
    let [user, group] = [page.core.user(), page.core.group()].map(|text| serde_json::from_str::<Value>(&text).unwrap());
    json!([user["anonymousId"], user["id"], user["traits"], group["id"], group["traits"]])
}

fn stored() -> Value {
    json!({ "v": 1, "anonymousId": "anon", "userId": "u1", "traits": { "plan": "sea" }, "groupId": "g1", "groupTraits": { "n": 1 } })
}

#[test]
fn cookies_carry_user_and_group_to_other_subdomains_and_take_a_logout_there() {
    let mut page = granted(None, [None; 3]);
    page.call(Verb::Identify, r#"["u 1"]"#);
    page.call(Verb::Group, r#"["g1"]"#);
    let anonymous = known(&page)[0].as_str().unwrap().to_owned();
    let cookies = |page: &Page| keys::COOKIES.map(|name| page.cookies.get(name).cloned());
    assert_eq!(cookies(&page), [Some(anonymous), Some("u 1".into()), Some("g1".into())]);
    page.give(Input::Reset);
    let [anonymous, user, group] = cookies(&page);
    assert!(anonymous.is_some());
    assert_eq!((user, group), (None, None));
}

#[test]
fn a_login_on_another_subdomain_holds_here_and_does_not_inherit_traits() {
    let here = granted(Some(&stored()), [Some("anon"), Some("u1"), Some("g1")]);
    assert_eq!(known(&here), json!(["anon", "u1", { "plan": "sea" }, "g1", { "n": 1 }]));
    let other = granted(Some(&stored()), [Some("anon"), Some("u2"), Some("g2")]);
    assert_eq!(known(&other), json!(["anon", "u2", {}, "g2", {}]));
}

#[test]
fn who_began_anew_on_another_subdomain_is_not_the_user_that_this_one_remembers() {
    let page = granted(Some(&stored()), [Some("fresh"), None, None]);
    assert_eq!(known(&page), json!(["fresh", null, {}, null, {}]));
    let page = granted(Some(&stored()), [None; 3]);
    assert_eq!(known(&page), json!(["anon", "u1", { "plan": "sea" }, "g1", { "n": 1 }]));
}

#[test]
fn who_somebody_was_is_forgotten_where_the_grant_ends_and_a_new_grant_does_not_bring_it_back() {
    let nobody = json!([null, null, {}, null, {}]);
    for (ends, by) in [("denied", r#"{"decided":true,"accepted":[]}"#), ("undecided", r#"{"decided":false,"accepted":[]}"#)] {
        let mut page = Page::new(&CONFIG.replace("manual", "auto"));
        let yes = r#"{"decided":true,"accepted":["a"]}"#;
        page.give(Input::Signal { source: "klaro", text: yes });
        page.call(Verb::Identify, r#"["u1",{"plan":"sea"}]"#);
        page.call(Verb::Group, r#"["g1",{"n":1}]"#);
        let before = known(&page);
        page.give(Input::Signal { source: "klaro", text: by });
        assert_eq!(known(&page), nobody, "{ends}");
        page.give(Input::Signal { source: "klaro", text: yes });
        let after = known(&page);
        assert!(after[0].is_string() && after[0] != before[0], "{ends}: {after}");
        assert_eq!(after.as_array().unwrap()[1..], nobody.as_array().unwrap()[1..], "{ends}");
        page.track("E");
        let event = page.last(Verb::Track, r#"["E"]"#);
        assert_eq!((&event["userId"], &event["anonymousId"]), (&Value::Null, &after[0]), "{ends}");
        page.call(Verb::Identify, r#"["u1"]"#);
        assert_eq!(known(&page)[1], "u1", "{ends}");
    }
}

#[test]
fn who_is_logged_in_may_be_said_before_the_visitor_answers_and_while_the_answer_is_no() {
    let mut page = Page::new(CONFIG);
    page.call(Verb::Identify, r#"["u1",{"plan":"sea"}]"#);
    page.decide(r#"{"a":false}"#);
    assert_eq!(known(&page)[1], "u1");
    assert!(page.stored.keys().all(|key| key == keys::CONSENT) && page.cookies.is_empty());
    page.decide(r#"{"a":true}"#);
    assert_eq!((&known(&page)[1], &known(&page)[2]), (&"u1".into(), &json!({ "plan": "sea" })));
}

#[test]
fn what_analytics_js_stored_goes_with_a_withdrawal_a_reset_or_forget_in_the_same_task() {
    for end in [Input::ConsentSet { purposes: r#"{"a":false}"#, explicit: true }, Input::Reset, Input::Forget] {
        let mut page = granted(None, [None; 3]);
        for name in SEGMENTS {
            page.stored.insert(name.into(), "x".into());
            page.cookies.insert(name.into(), "x".into());
        }
        page.give(end);
        let left: Vec<_> =
            SEGMENTS.iter().filter(|name| page.stored.contains_key(**name) || page.cookies.contains_key(**name)).collect();
        assert!(left.is_empty(), "{end:?}: {left:?}");
    }
}

/// Identifiers need one purpose, the destination another.
const APART: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
  "identity":{"consent":{"allOf":["a"]}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["b"]}}]}"#;

fn dropped(page: &Page) -> Value {
    let stats: Value = serde_json::from_str(&page.core.stats()).unwrap();
    json!([stats["dropped"], stats["queued"], stats["pending"]])
}

#[test]
fn what_waits_under_an_identifier_goes_with_it_although_its_destination_is_granted_later() {
    let mut page = Page::new(APART);
    page.track("Nobody Known");
    page.decide(r#"{"a":true}"#);
    page.call(Verb::Identify, r#"["u1",{"plan":"x"}]"#);
    page.track("Known");
    let known = page.core.user();
    page.decide(r#"{"a":false}"#);
    page.decide(r#"{"b":true}"#);
    page.give(Input::Commit);
    assert_eq!(dropped(&page), json!([{ "withdrawn": 2 }, 1, 0]));
    let anonymous_id = serde_json::from_str::<Value>(&known).unwrap()["anonymousId"].as_str().unwrap().to_owned();
    for text in page.stored.values() {
        assert!(!text.contains("u1") && !text.contains(&anonymous_id), "{text}");
    }
}

#[test]
fn what_is_queued_for_a_destination_that_stays_allowed_goes_on_as_it_was_called() {
    let mut page = Page::new(APART);
    page.decide(r#"{"a":true,"b":true}"#);
    page.track("Known");
    page.decide(r#"{"a":false}"#);
    page.give(Input::Flush);
    assert!(matches!(&page.requests[..], [request] if request.body.contains("\"Known\"")));
    assert_eq!(dropped(&page)[0], json!({}));
}

#[test]
fn a_tag_does_not_get_an_event_that_carries_an_identifier_of_a_grant_that_ended() {
    let tags = r#""triggers":[{"id":"t","kind":"event","event":"*"}],"tags":[{"id":"p","template":"custom-pixel",
      "params":{"src":"/p?id={{event.anonymousId}}"},"consent":{"allOf":["b"]},"fireOn":["t"]}],"destinations""#;
    for early in [true, false] {
        let mut page = Page::new(&APART.replace("\"destinations\"", tags));
        if early {
            page.tags_come();
        }
        page.track("Nobody Known");
        page.decide(r#"{"a":true}"#);
        page.track("Known");
        page.decide(r#"{"a":false}"#);
        page.decide(r#"{"b":true}"#);
        page.tags_come();
        page.give(Input::Commit);
        assert_eq!(page.loaded, ["/p?id="], "{early}");
    }
}
