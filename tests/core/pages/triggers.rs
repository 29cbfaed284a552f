//! Which triggers fire, when, and what the page is asked to look out for.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::{Input, config};

fn site(triggers: &Value, tags: &Value) -> String {
    json!({
        "version": 1,
        "consent": { "cmp": "manual", "purposes": { "a": {}, "b": {} } },
        "variables": [
            { "id": "id", "kind": "property", "path": "element.id" },
            { "id": "number", "kind": "property", "path": "n" },
        ],
        "triggers": triggers,
        "tags": tags,
    })
    .to_string()
}

fn pixel(id: &str, fire_on: &[&str]) -> Value {
    json!({ "id": id, "template": "custom-pixel", "params": { "src": format!("/{id}?{{{{event.event}}}}") }, "consent": { "allOf": ["a"] }, "fireOn": fire_on })
}

fn open(triggers: &Value, tags: &Value) -> Page {
    let mut page = Page::new(&site(triggers, tags));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page
}

fn see(page: &mut Page, kind: &str, facts: Value, seen_for: &[usize]) {
    page.give(Input::Tags(&json!(["seen", kind, facts, seen_for]).to_string()));
    page.give(Input::Commit);
}

/// The kinds that the page was last asked to look out for.
fn listening(page: &Page) -> Vec<String> {
    let asked = page.page.iter().rev().find(|what| what[0] == "listen");
    let triggers = asked.and_then(|what| what[1]["triggers"].as_array().cloned()).unwrap_or_default();
    triggers.iter().map(|trigger| format!("{} {}", trigger["at"], trigger["kind"].as_str().unwrap())).collect()
}

#[test]
fn events_fire_by_their_name_by_an_expression_or_all() {
    let triggers = json!([
        { "id": "buy", "kind": "event", "event": "Buy" },
        { "id": "some", "kind": "event", "event": "^Bu|y$", "match": "regex" },
        { "id": "all", "kind": "event", "event": "*" },
    ]);
    let mut page = open(&triggers, &json!([pixel("buy", &["buy"]), pixel("some", &["some"]), pixel("all", &["all"])]));
    for name in ["Buy", "Bun", "Sell"] {
        page.track(name);
    }
    page.call(tidegate_core::input::Verb::Page, r#"["Buy"]"#);
    page.give(Input::Commit);
    let of = |id: &str| page.loaded.iter().filter(|url| url.starts_with(id)).count();
    assert_eq!([of("/buy"), of("/some"), of("/all")], [1, 2, 4]);
}

#[test]
fn what_is_seen_fires_the_triggers_it_was_seen_for_where_their_conditions_hold() {
    let triggers = json!([
        { "id": "click", "kind": "click", "on": "links", "where": { "var": "id", "op": "==", "value": "buy" } },
        { "id": "any", "kind": "click" },
        { "id": "all", "kind": "event", "event": "*" },
    ]);
    let mut page = open(&triggers, &json!([pixel("one", &["click"]), pixel("two", &["any"]), pixel("three", &["all"])]));
    assert_eq!(listening(&page), ["0 click", "1 click"]);
    see(&mut page, "click", json!({ "element": { "id": "buy" } }), &[0, 1]);
    see(&mut page, "click", json!({ "element": { "id": "other" } }), &[0]);
    see(&mut page, "click", json!({ "element": { "id": "buy" } }), &[2, 99]);
    assert_eq!(page.loaded, ["/one?click", "/two?click"]);
    assert!(page.requests.is_empty());
}

#[test]
fn what_is_seen_goes_to_no_destination() {
    let mut config: Value =
        serde_json::from_str(&site(&json!([{ "id": "t", "kind": "timer", "everyMs": 1 }]), &json!([pixel("p", &["t"])])))
            .unwrap();
    config["destinations"] = json!([{ "id": "c", "kind": "segment", "url": "/c", "consent": { "allOf": ["a"] } }]);
    let mut page = Page::new(&config.to_string());
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    see(&mut page, "timer", json!({ "number": 1 }), &[0]);
    page.pass(60_000);
    assert_eq!(page.loaded, ["/p?timer"]);
    assert!(page.requests.is_empty());
    let stats: Value = serde_json::from_str(&page.core.stats()).unwrap();
    assert_eq!(stats["captured"], 0);
}

#[test]
fn the_page_looks_out_only_for_what_a_tag_that_is_allowed_waits_for() {
    let triggers = json!([
        { "id": "s", "kind": "scroll", "vertical": [50] },
        { "id": "t", "kind": "timer", "everyMs": 1000, "sample": 50, "where": [] },
        { "id": "unused", "kind": "history" },
        { "id": "never", "kind": "error" },
        { "id": "g", "kind": "group", "of": ["t", "page"] },
        { "id": "page", "kind": "page-view" },
    ]);
    let mut later = pixel("q", &["g"]);
    later["consent"]["allOf"] = json!(["b"]);
    let mut first = pixel("p", &["s"]);
    first["exceptOn"] = json!(["never"]);
    let mut page = open(&triggers, &json!([first, later]));
    assert_eq!(listening(&page), ["0 scroll", "3 error"]);
    page.decide(r#"{"b":true}"#);
    assert_eq!(listening(&page), ["0 scroll", "1 timer", "3 error", "5 page-view"]);
    page.decide(r#"{"a":false}"#);
    assert_eq!(listening(&page), ["1 timer", "5 page-view"]);
    page.give(Input::Forget);
    assert_eq!(listening(&page), Vec::<String>::new());
}

#[test]
fn the_page_gets_a_trigger_without_what_the_core_judges_and_the_selectors_it_asks_for() {
    let triggers = json!([{ "id": "v", "kind": "visibility", "selector": ".ad", "percent": 10, "sample": 50,
        "where": [{ "var": "id", "op": "matches-selector", "value": "main .ad" }] }]);
    let page = open(&triggers, &json!([pixel("p", &["v"])]));
    let asked = page.page.iter().find(|what| what[0] == "listen").unwrap();
    assert_eq!(
        asked[1],
        json!({ "triggers": [{ "at": 0, "kind": "visibility", "selector": ".ad", "percent": 10 }], "selectors": ["main .ad"] })
    );
    let mut page = open(
        &json!([{ "id": "v", "kind": "click", "where": { "var": "id", "op": "matches-selector", "value": ".x" } }]),
        &json!([pixel("p", &["v"])]),
    );
    see(&mut page, "click", json!({ "element": { "id": "a", "matches": [".y"] } }), &[0]);
    see(&mut page, "click", json!({ "element": { "id": "b", "matches": [".x", ".y"] } }), &[0]);
    assert_eq!(page.loaded.len(), 1);
}

#[test]
fn an_exception_holds_for_its_own_occasion_only() {
    let triggers = json!([
        { "id": "all", "kind": "event", "event": "*" },
        { "id": "staff", "kind": "event", "event": "Staff" },
    ]);
    let mut tag = pixel("p", &["all"]);
    tag["exceptOn"] = json!(["staff"]);
    let mut page = open(&triggers, &json!([tag]));
    for name in ["Staff", "Buy", "Staff"] {
        page.track(name);
    }
    page.give(Input::Commit);
    assert_eq!(page.loaded, ["/p?Buy"]);
}

#[test]
fn an_exception_for_a_stage_the_page_came_to_before_the_grant_still_holds() {
    let triggers = json!([
        { "id": "pv", "kind": "page-view" },
        { "id": "later", "kind": "page-view" },
        { "id": "internal", "kind": "page-view", "where": { "var": "id", "op": "==", "value": "staff" } },
    ]);
    let (mut first, mut second) = (pixel("a", &["pv"]), pixel("b", &["later"]));
    (first["exceptOn"], second["exceptOn"]) = (json!(["internal"]), json!(["internal"]));
    second["consent"] = json!({ "allOf": ["b"] });
    for (who, fired) in [("staff", vec![]), ("guest", vec!["/a?page-view", "/b?page-view"])] {
        let mut page = open(&triggers, &json!([first, second]));
        let facts = json!({ "element": { "id": who } });
        see(&mut page, "page-view", facts.clone(), &[0, 2]);
        page.decide(r#"{"b":true}"#);
        see(&mut page, "page-view", facts, &[1]);
        assert_eq!(page.loaded, fired);
    }
}

#[test]
fn an_exception_that_watches_for_the_same_holds_though_it_is_told_by_itself() {
    for (kind, own) in [("timer", json!({ "everyMs": 10 })), ("visibility", json!({ "selector": ".x", "forMs": 5 }))] {
        let trigger = |id: &str, more: Value| {
            let mut trigger = json!({ "id": id, "kind": kind });
            for (key, value) in own.as_object().unwrap().iter().chain(more.as_object().unwrap()) {
                trigger[key] = value.clone();
            }
            trigger
        };
        let staff = trigger("staff", json!({ "where": { "var": "id", "op": "==", "value": "staff" } }));
        let mut tag = pixel("p", &["seen"]);
        tag["exceptOn"] = json!(["staff"]);
        let mut page = open(&json!([trigger("seen", json!({})), staff]), &json!([tag]));
        for id in ["staff", "guest"] {
            for at in [0, 1] {
                see(&mut page, kind, json!({ "element": { "id": id } }), &[at]);
            }
        }
        assert_eq!(page.loaded, [format!("/p?{kind}")]);
    }
}

#[test]
fn an_exception_that_watches_for_something_else_has_occasions_of_its_own() {
    let triggers = json!([
        { "id": "often", "kind": "timer", "everyMs": 10 },
        { "id": "rarely", "kind": "timer", "everyMs": 20 },
    ]);
    let mut tag = pixel("p", &["often"]);
    tag["exceptOn"] = json!(["rarely"]);
    let mut page = open(&triggers, &json!([tag]));
    see(&mut page, "timer", json!({}), &[0]);
    assert_eq!(page.loaded, ["/p?timer"]);
}

fn staged(of: &[&str]) -> (Value, Value) {
    let triggers = json!([
        { "id": "sale", "kind": "event", "event": "Sale" },
        { "id": "pv", "kind": "page-view" },
        { "id": "init", "kind": "initialization" },
        { "id": "ci", "kind": "consent-initialization" },
    ]);
    (triggers, json!([pixel("sale", of), pixel("stage", &["ci", "init", "pv"])]))
}

#[test]
fn a_page_s_stages_fire_before_the_events_it_made_before_the_tags_came() {
    let (triggers, tags) = staged(&["sale"]);
    let mut page = Page::new(&site(&triggers, &tags));
    page.tells_stages = true;
    page.track("Sale");
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.give(Input::Commit);
    assert_eq!(page.loaded, ["/stage?consent-initialization", "/stage?initialization", "/stage?page-view", "/sale?Sale"]);
}

#[test]
fn they_fire_before_the_events_that_waited_for_a_later_grant_too() {
    let (triggers, mut tags) = staged(&["pv", "sale"]);
    tags[0]["consent"] = json!({ "allOf": ["b"] });
    let mut page = Page::new(&site(&triggers, &tags));
    page.tells_stages = true;
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("Sale");
    page.give(Input::Commit);
    page.loaded.clear();
    page.decide(r#"{"b":true}"#);
    page.give(Input::Commit);
    assert_eq!(page.loaded, ["/sale?page-view", "/sale?Sale"]);
}

#[test]
fn a_page_that_never_says_how_far_it_is_holds_nothing_up_for_long() {
    let (triggers, tags) = staged(&["sale"]);
    let mut page = Page::new(&site(&triggers, &tags));
    page.is_mute = true;
    page.track("Sale");
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("Sale");
    assert!(page.loaded.is_empty());
    page.pass(2_000);
    assert_eq!(page.loaded, ["/sale?Sale", "/sale?Sale"]);
}

#[test]
fn a_group_fires_once_when_all_of_it_has_fired() {
    let triggers = json!([
        { "id": "a", "kind": "event", "event": "A" },
        { "id": "b", "kind": "event", "event": "B", "where": { "var": "number", "op": ">", "value": 1 } },
        { "id": "both", "kind": "group", "of": ["a", "b"] },
    ]);
    let mut page = open(&triggers, &json!([pixel("p", &["both"])]));
    page.track("A");
    page.call(tidegate_core::input::Verb::Track, r#"["B",{"n":1}]"#);
    page.track("A");
    assert!(page.loaded.is_empty());
    page.call(tidegate_core::input::Verb::Track, r#"["B",{"n":2}]"#);
    page.call(tidegate_core::input::Verb::Track, r#"["B",{"n":3}]"#);
    page.track("A");
    page.give(Input::Commit);
    assert_eq!(page.loaded, ["/p?B"]);
}

#[test]
fn a_schedule_bounds_a_trigger_and_a_sample_thins_it_out() {
    // The page's clock stands at 2023-11-14T22:13:20Z.
    let at = |from: &str, until: &str| json!({ "from": from, "until": until });
    let triggers = json!([
        { "id": "now", "kind": "event", "event": "*", "schedule": at("2023-11-14T22:13:20Z", "2023-11-14T22:13:20.001Z") },
        { "id": "over", "kind": "event", "event": "*", "schedule": at("2023-01-01", "2023-11-14T22:13:20Z") },
        { "id": "tenth", "kind": "event", "event": "*", "sample": 10 },
    ]);
    let mut page = open(&triggers, &json!([pixel("now", &["now"]), pixel("over", &["over"]), pixel("tenth", &["tenth"])]));
    for _ in 0..1000 {
        page.track("E");
    }
    page.give(Input::Commit);
    let of = |id: &str| page.loaded.iter().filter(|url| url.starts_with(id)).count();
    assert_eq!([of("/now"), of("/over")], [1000, 0]);
    assert!((60..140).contains(&of("/tenth")), "{}", of("/tenth"));
}

#[test]
fn a_change_of_consent_fires_its_trigger_with_the_new_state() {
    let triggers = json!([{ "id": "c", "kind": "consent" }]);
    let mut tag = pixel("p", &["c"]);
    tag["params"]["src"] = json!("/p?b={{event.properties.purposes.b}}");
    let mut page = open(&triggers, &json!([tag]));
    page.decide(r#"{"b":true}"#);
    page.decide(r#"{"b":false}"#);
    page.give(Input::Commit);
    assert_eq!(page.loaded, ["/p?b=granted", "/p?b=denied"]);
}

#[test]
fn nothing_a_page_says_does_harm() {
    let mut page = open(&json!([{ "id": "c", "kind": "click" }]), &json!([pixel("p", &["c"])]));
    for said in [
        "",
        "[]",
        "{}",
        "[1]",
        "[\"seen\"]",
        "[\"seen\",1,2,3]",
        "[\"seen\",\"click\",{},[-1,1e9,\"0\",99999999999999999999]]",
        "[\"seen\",\"click\",",
        "[\"loaded\",0,true]",
        "[\"loaded\",-1]",
        "[\"template\",0,\"x\"]",
        "[\"failed\",7,\"x\"]",
        "[\"end\",0,0]",
        "[\"end\",0,7]",
        "[\"answers\",7]",
        "[\"watch\",1]",
        "[\"watch\",99999999999999999999]",
        "[\"nobody\",1]",
    ] {
        page.give(Input::Tags(said));
    }
    page.give(Input::Tags(&json!(["seen", "click", { "element": { "text": "x".repeat(40_000) } }, [0]]).to_string()));
    assert_eq!(page.codes(), ["tag_failed", "event_too_large"]);
    see(&mut page, "click", json!({}), &[0]);
    assert_eq!(page.loaded, ["/p?click"]);
}

#[test]
fn what_cannot_be_meant_is_a_fault_with_its_place() {
    let faults = |trigger: Value| {
        let found = config::Config::check(&site(&json!([trigger, { "id": "e", "kind": "event", "event": "E" }]), &json!([])));
        found.map_or_else(|faults| faults.into_iter().map(|fault| fault.pointer).collect(), |_| Vec::new())
    };
    assert_eq!(faults(json!({ "id": "t", "kind": "event", "event": "(", "match": "regex" })), ["/triggers/0/event"]);
    assert_eq!(faults(json!({ "id": "t", "kind": "scroll" })), ["/triggers/0"]);
    assert_eq!(faults(json!({ "id": "t", "kind": "group", "of": [] })), ["/triggers/0/of"]);
    assert_eq!(faults(json!({ "id": "t", "kind": "group", "of": ["e", "nope", "t"] })), ["/triggers/0/of/2", "/triggers/0/of/1"]);
    assert_eq!(
        faults(json!({ "id": "t", "kind": "history", "schedule": { "from": "tomorrow" } })),
        ["/triggers/0/schedule/from"]
    );
    assert_eq!(
        faults(json!({ "id": "t", "kind": "history", "schedule": { "from": "2026-01-02", "until": "2026-01-01" } })),
        ["/triggers/0/schedule"]
    );
    assert_eq!(faults(json!({ "id": "t", "kind": "click", "everyMs": 5 })), ["/triggers/0/everyMs"]);
}
