//! What tags of one template share: the vendor is loaded and begun once, and told when the last of them may no longer run.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::{Input, tags::Template};

const TEMPLATE: &str = r#"{"id":"v","docs":"https://v.example","params":{"id":{"required":true},"event":{"default":"hit"}},
    "permissions":{"scripts":["https://v.example/"],"globals":["v"],"pixels":["https://p.example/"]},
    "stub":[{"queue":"v","into":"v.q"}],"load":{"script":"https://v.example/v.js?id={{id}}"},
    "init":[{"call":"v","args":["init","{{id}}"]}],"on":{"*":[{"call":"v","args":["{{event}}"]}]},
    "withdraw":[{"call":"v","args":["stop","{{id}}"]}],"regrant":[{"call":"v","args":["go","{{id}}"]}]}"#;

fn open(tags: &[(&str, &str)]) -> Page {
    open_with(tags, TEMPLATE)
}

fn open_with(tags: &[(&str, &str)], template: &str) -> Page {
    let tags: Vec<Value> = tags
        .iter()
        .enumerate()
        .map(|(at, (id, purpose))| {
            json!({ "id": format!("t{at}"), "template": "v", "params": { "id": id, "event": format!("e{at}") }, "consent": { "allOf": [purpose] }, "fireOn": ["all"] })
        })
        .collect();
    let config = json!({
        "version": 1,
        "consent": { "cmp": "manual", "purposes": { "a": {}, "b": {} } },
        "triggers": [{ "id": "all", "kind": "event", "event": "*" }],
        "tags": tags,
    });
    let mut page = Page::new(&config.to_string());
    page.decide(r#"{"a":true,"b":true}"#);
    page.tags_come();
    page.track("E");
    page.give(Input::Commit);
    page.template(0, template);
    page.give(Input::Commit);
    page
}

fn loaded(page: &mut Page, script: usize) {
    page.give(Input::Tags(&json!(["loaded", script, true]).to_string()));
    page.give(Input::Commit);
}

/// The calls since the last time, in short.
fn calls(page: &mut Page) -> Vec<String> {
    let steps = page.page.drain(..).filter(|what| what[0] == "step" && what[2].get("call").is_some());
    steps.map(|what| what[2]["args"].as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_vendor_is_fetched_loaded_and_begun_once_for_all_its_tags() {
    let mut page = open(&[("1", "a"), ("1", "a"), ("1", "b")]);
    let of = |page: &Page, word: &str| page.page.iter().filter(|what| what[0] == word).count();
    assert_eq!((of(&page, "template"), of(&page, "load"), of(&page, "step")), (1, 1, 1));
    loaded(&mut page, 0);
    page.track("F");
    page.give(Input::Commit);
    assert_eq!(calls(&mut page), ["init 1", "e0", "e1", "e2", "e0", "e1", "e2"]);
}

#[test]
fn a_vendor_is_set_up_for_each_tag_that_asks_for_something_else_and_once_for_the_same() {
    let once = TEMPLATE.replace(
        r#""on":{"*":[{"call":"v","args":["{{event}}"]}]}"#,
        r#""on":{"*":[{"call":"v","args":["set","{{event}}"],"once":true},{"call":"v","args":["{{event}}"]}]}"#,
    );
    let mut page = open_with(&[("1", "a"), ("1", "a")], &once);
    loaded(&mut page, 0);
    page.track("F");
    page.give(Input::Commit);
    assert_eq!(calls(&mut page), ["init 1", "set e0", "e0", "set e1", "e1", "e0", "e1"]);
}

#[test]
fn a_google_tag_that_comes_after_an_event_of_its_id_still_sets_it_up() {
    let tag = |id: &str, params: Value, on: &str| json!({ "id": id, "template": "ga4", "params": params, "consent": { "allOf": ["a"] }, "fireOn": [on] });
    let config = json!({
        "version": 1,
        "consent": { "cmp": "manual", "purposes": { "a": {} } },
        "triggers": [{ "id": "view", "kind": "event", "event": "View" }, { "id": "page", "kind": "event", "event": "Page" }],
        "tags": [
            tag("event", json!({ "measurementId": "G-1", "eventName": "view_item" }), "view"),
            tag("google", json!({ "measurementId": "G-1", "sendPageView": true, "userId": "u1", "eventName": "x" }), "page"),
        ],
    });
    let mut page = Page::new(&config.to_string());
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("View");
    page.give(Input::Commit);
    page.template(0, include_str!("../../../js/templates/ga4.json"));
    loaded(&mut page, 0);
    for name in ["Page", "Page", "View"] {
        page.track(name);
    }
    page.give(Input::Commit);
    let is_config = |what: &&Value| what[0] == "step" && what[2]["args"][0] == "config";
    let sent: Vec<&Value> = page.page.iter().filter(is_config).map(|what| &what[2]["args"][2]).collect();
    assert_eq!(sent, [&json!({ "send_page_view": false }), &json!({ "send_page_view": true, "user_id": "u1" })]);
}

#[test]
fn another_account_is_another_vendor() {
    let mut page = open(&[("1", "a"), ("2", "a")]);
    assert_eq!(page.loaded, ["https://v.example/v.js?id=1", "https://v.example/v.js?id=2"]);
    loaded(&mut page, 1);
    assert_eq!(calls(&mut page), ["init 2", "e1"]);
    loaded(&mut page, 0);
    assert_eq!(calls(&mut page), ["init 1", "e0"]);
}

#[test]
fn a_vendor_is_told_when_the_last_of_its_tags_may_not_run_and_when_the_first_may_again() {
    let mut page = open(&[("1", "a"), ("1", "b")]);
    loaded(&mut page, 0);
    calls(&mut page);
    page.decide(r#"{"a":false}"#);
    page.track("F");
    page.give(Input::Commit);
    assert_eq!(calls(&mut page), ["e1"]);
    page.decide(r#"{"b":false}"#);
    assert_eq!(calls(&mut page), ["stop 1"]);
    page.track("G");
    page.give(Input::Commit);
    page.decide(r#"{"a":true}"#);
    page.track("H");
    page.give(Input::Commit);
    assert_eq!(calls(&mut page), ["go 1", "e0"]);
}

#[test]
fn a_script_that_comes_after_the_withdrawal_is_told_to_stop() {
    let mut page = open(&[("1", "a")]);
    page.decide(r#"{"a":false}"#);
    assert_eq!(calls(&mut page), Vec::<String>::new());
    loaded(&mut page, 0);
    assert_eq!(calls(&mut page), ["stop 1"]);
}

#[test]
fn a_parameter_that_a_page_fills_in_chooses_no_script() {
    let mut page = open(&[("{{event.properties.id}}", "a")]);
    page.call(tidegate_core::input::Verb::Track, r#"["E",{"id":"evil"}]"#);
    page.give(Input::Commit);
    assert!(page.loaded.iter().all(|url| url == "https://v.example/v.js?id="), "{:?}", page.loaded);
}

#[test]
fn a_template_does_only_what_its_permissions_name() {
    let faults = |change: &dyn Fn(&mut Value)| {
        let mut template: Value = serde_json::from_str(TEMPLATE).unwrap();
        change(&mut template);
        Template::parse(&template.to_string())
            .map_or_else(|faults| faults.into_iter().map(|fault| fault.pointer).collect(), |_| Vec::new())
    };
    assert_eq!(faults(&|_| {}), Vec::<String>::new());
    for (pointer, steps) in [
        ("/init", json!([{ "call": "w" }])),
        ("/init", json!([{ "call": "vv" }])),
        ("/init", json!([{ "call": "v.constructor" }])),
        ("/init", json!([{ "set": "location.href", "value": 1 }])),
        ("/init", json!([{ "push": "dataLayer", "value": 1 }])),
        ("/init", json!([{ "new": "v.K", "to": "w" }])),
        ("/init", json!([{ "queue": "v", "into": "w.q" }])),
        ("/init", json!([{ "pixel": "https://q.example/" }])),
        ("/init", json!([{ "pixel": "https://p.example.evil/" }])),
        ("/init", json!([{ "call": "v", "args": [{ "a": [{ "$cookie": "c" }] }] }])),
        ("/init", json!([{ "set": "v.x", "value": { "$global": "document" } }])),
        ("/init", json!([{ "call": "v", "value": 1 }])),
        ("/init", json!([{ "args": [] }])),
        ("/init", json!([{ "call": "v", "args": ["{{nope}}"] }])),
        ("/init", json!([{ "if": "{{id}}", "then": [{ "if": 1, "else": [{ "call": "w" }] }] }])),
    ] {
        assert_eq!(faults(&|template| template["init"] = steps.clone()), [pointer], "{steps}");
    }
    for (pointer, permissions) in [
        ("/permissions/scripts/0", json!({ "scripts": ["http://v.example/"], "globals": ["v"] })),
        ("/permissions/scripts/0", json!({ "scripts": ["https://v.example"], "globals": ["v"] })),
        ("/permissions/scripts/0", json!({ "scripts": ["https://{{id}}/"], "globals": ["v"] })),
        ("/permissions/globals/1", json!({ "scripts": ["https://v.example/"], "globals": ["v", "window"] })),
        ("/permissions/globals/1", json!({ "scripts": ["https://v.example/"], "globals": ["v", "v.eval"] })),
    ] {
        assert_eq!(faults(&|template| template["permissions"] = permissions.clone()), [pointer], "{permissions}");
    }
    assert_eq!(faults(&|template| template["load"]["attributes"] = json!({ "onload": "x" })), ["/load/attributes/onload"]);
    assert_eq!(faults(&|template| template["on"]["track"] = json!({ "E": [{ "call": "w" }] })), ["/on/track/E"]);
}

#[test]
fn a_script_outside_of_what_the_template_may_load_is_not_put_on_the_page() {
    let mut page = open(&[]);
    page.page.clear();
    let template = TEMPLATE.replace(r#""scripts":["https://v.example/"]"#, r#""scripts":["https://v.example/only/"]"#);
    assert!(Template::parse(&template).is_ok());
    let config = json!({
        "version": 1,
        "consent": { "model": "none", "purposes": { "a": {} } },
        "triggers": [{ "id": "all", "kind": "event", "event": "*" }],
        "tags": [{ "id": "t", "template": "v", "params": { "id": "1" }, "consent": { "allOf": ["a"] }, "fireOn": ["all"] }],
    });
    let mut page = Page::new(&config.to_string());
    page.tags_come();
    page.track("E");
    page.give(Input::Commit);
    page.template(0, &template);
    page.give(Input::Commit);
    assert!(page.loaded.is_empty() && page.invoked.is_empty());
    assert_eq!(page.codes(), ["tag_failed"]);
}
