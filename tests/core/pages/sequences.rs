//! In which order tags run, and what runs before and after them.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::{Input, config};

fn site(tags: &Value) -> String {
    json!({
        "version": 1,
        "consent": { "cmp": "manual", "purposes": { "a": {}, "b": {} } },
        "triggers": [{ "id": "buy", "kind": "event", "event": "Buy" }, { "id": "all", "kind": "event", "event": "*" }],
        "tags": tags,
    })
    .to_string()
}

fn open(tags: &Value) -> Page {
    let mut page = Page::new(&site(tags));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page
}

fn tag(id: &str, template: &str, more: Value) -> Value {
    let mut tag = json!({ "id": id, "template": template, "consent": { "allOf": ["a"] } });
    if template.starts_with("custom-") {
        tag["params"] = json!({ "src": format!("/{id}") });
    }
    for (key, value) in more.as_object().unwrap() {
        tag[key] = value.clone();
    }
    tag
}

fn buy(page: &mut Page) {
    page.track("Buy");
    page.give(Input::Commit);
}

fn says(page: &mut Page, said: Value) {
    page.give(Input::Tags(&said.to_string()));
    page.give(Input::Commit);
}

#[test]
fn a_higher_priority_is_first_and_otherwise_the_config_s_order() {
    let tags = json!([
        tag("low", "custom-pixel", json!({ "fireOn": ["buy"], "priority": -1 })),
        tag("first", "custom-pixel", json!({ "fireOn": ["buy"] })),
        tag("second", "custom-pixel", json!({ "fireOn": ["buy"] })),
        tag("high", "custom-pixel", json!({ "fireOn": ["buy"], "priority": 10 })),
    ]);
    let mut page = open(&tags);
    buy(&mut page);
    assert_eq!(page.loaded, ["/high", "/first", "/second", "/low"]);
}

#[test]
fn a_tag_fires_once_an_event_once_a_page_or_for_each_trigger() {
    let tags = json!([
        tag("event", "custom-pixel", json!({ "fireOn": ["buy", "all"] })),
        tag("page", "custom-pixel", json!({ "fireOn": ["buy", "all"], "fire": "per-page" })),
        tag("each", "custom-pixel", json!({ "fireOn": ["buy", "all"], "fire": "unlimited" })),
    ]);
    let mut page = open(&tags);
    buy(&mut page);
    buy(&mut page);
    let of = |id: &str| page.loaded.iter().filter(|url| *url == id).count();
    assert_eq!([of("/event"), of("/page"), of("/each")], [2, 1, 4]);
}

#[test]
fn a_tag_waits_for_the_one_before_it_and_the_one_after_it_waits_for_it() {
    let tags = json!([
        tag(
            "main",
            "custom-script",
            json!({ "fireOn": ["buy"], "setup": [{ "tag": "before" }], "cleanup": [{ "tag": "after" }] })
        ),
        tag("before", "custom-script", json!({})),
        tag("after", "custom-pixel", json!({})),
    ]);
    let mut page = open(&tags);
    buy(&mut page);
    assert_eq!(page.loaded, ["/before"]);
    says(&mut page, json!(["loaded", 0, true]));
    assert_eq!(page.loaded, ["/before", "/main"]);
    says(&mut page, json!(["loaded", 1, true]));
    assert_eq!(page.loaded, ["/before", "/main", "/after"]);
}

#[test]
fn where_the_one_before_fails_a_strict_tag_does_not_run_nor_a_strict_one_after_it() {
    for (strict, wanted) in [(true, vec!["/before"]), (false, vec!["/before", "/main", "/log", "/done"])] {
        let tags = json!([
            tag(
                "main",
                "custom-pixel",
                json!({ "fireOn": ["buy"], "setup": [{ "tag": "before", "stopOnFailure": strict }],
                "cleanup": [{ "tag": "log", "onlyOnSuccess": true }, { "tag": "done", "onlyOnSuccess": true }] })
            ),
            tag("before", "custom-script", json!({})),
            tag("log", "custom-pixel", json!({})),
            tag("done", "custom-pixel", json!({})),
        ]);
        let mut page = open(&tags);
        buy(&mut page);
        says(&mut page, json!(["loaded", 0, false]));
        assert_eq!(page.loaded, wanted, "{strict}");
        assert_eq!(page.codes(), ["tag_failed"]);
    }
}

#[test]
fn a_tag_after_one_that_failed_runs_unless_it_is_for_success_only() {
    let tags = json!([
        tag(
            "main",
            "custom-script",
            json!({ "fireOn": ["buy"], "cleanup": [{ "tag": "log" }, { "tag": "done", "onlyOnSuccess": true }] })
        ),
        tag("log", "custom-pixel", json!({})),
        tag("done", "custom-pixel", json!({})),
    ]);
    let mut page = open(&tags);
    buy(&mut page);
    says(&mut page, json!(["loaded", 0, false]));
    assert_eq!(page.loaded, ["/main", "/log"]);
}

#[test]
fn the_one_before_is_waited_for_so_long_and_no_longer() {
    let tags = json!([
        tag("main", "custom-pixel", json!({ "fireOn": ["buy"], "setup": [{ "tag": "before" }] })),
        tag("before", "custom-script", json!({ "timeoutMs": 700 })),
        tag("other", "custom-pixel", json!({ "fireOn": ["buy"] })),
    ]);
    let mut page = open(&tags);
    buy(&mut page);
    page.pass(650);
    assert_eq!(page.loaded, ["/before", "/other"]);
    page.pass(100);
    assert_eq!(page.loaded, ["/before", "/other", "/main"]);
}

#[test]
fn one_before_that_is_not_allowed_counts_as_failed() {
    for (strict, wanted) in [(true, Vec::<&str>::new()), (false, vec!["/main"])] {
        for consent in ["b", "nobody"] {
            let mut before = tag("before", "custom-pixel", json!({}));
            before["consent"] = if consent == "b" { json!({ "allOf": ["b"] }) } else { json!({}) };
            let main = tag(
                "main",
                "custom-pixel",
                json!({ "fireOn": ["buy"], "setup": [{ "tag": "before", "stopOnFailure": strict }] }),
            );
            let mut page = open(&json!([main, before]));
            buy(&mut page);
            assert_eq!(page.loaded, wanted, "{strict} {consent}");
        }
    }
}

#[test]
fn a_step_that_throws_fails_the_tag_for_those_that_wait_for_it() {
    let template = r#"{"id":"v","docs":"https://v.example","permissions":{"globals":["v"]},"on":{"*":[{"call":"v.hit"}]}}"#;
    let tags = json!([
        tag("main", "custom-pixel", json!({ "fireOn": ["buy"], "setup": [{ "tag": "before", "stopOnFailure": true }] })),
        tag("before", "v", json!({})),
    ]);
    let mut page = open(&tags);
    page.throws = true;
    buy(&mut page);
    page.template(0, template);
    page.give(Input::Commit);
    assert_eq!((page.invoked.len(), page.loaded.len()), (1, 0));
    page.throws = false;
    buy(&mut page);
    assert_eq!((page.invoked.len(), page.loaded.len()), (2, 1));
}

#[test]
fn whoever_waits_for_an_event_s_tags_is_told_once_all_are_done() {
    let tags = json!([
        tag("main", "custom-script", json!({ "fireOn": ["buy"], "cleanup": [{ "tag": "after" }] })),
        tag("after", "custom-script", json!({})),
        tag("denied", "custom-script", json!({ "fireOn": ["buy"], "consent": { "allOf": ["b"] } })),
    ]);
    let mut page = open(&tags);
    let ended = |page: &Page| page.page.iter().filter(|what| what[0] == "done").count();
    page.track("Buy");
    says(&mut page, json!(["watch", 7]));
    says(&mut page, json!(["loaded", 0, true]));
    assert_eq!((ended(&page), page.loaded.len()), (0, 2));
    says(&mut page, json!(["loaded", 1, true]));
    assert_eq!(ended(&page), 1);
    page.track("Nothing");
    says(&mut page, json!(["watch", 7]));
    assert_eq!(ended(&page), 2);
}

#[test]
fn a_circle_of_tags_is_a_fault() {
    let tags = json!([
        tag("one", "custom-pixel", json!({ "setup": [{ "tag": "two" }] })),
        tag("two", "custom-pixel", json!({ "cleanup": [{ "tag": "one" }] })),
        tag("three", "custom-pixel", json!({ "setup": [{ "tag": "nope" }], "priority": 1.5, "timeoutMs": 0 })),
    ]);
    let faults = config::Config::check(&site(&tags)).map(drop).unwrap_err();
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/tags/2/timeoutMs", "/tags/2/setup/0/tag", "/tags/2/priority", "/tags/0", "/tags/1"]);
}
