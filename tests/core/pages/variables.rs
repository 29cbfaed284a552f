//! What variables come to, and which conditions hold.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::{Input, config};

fn site(variables: &Value, condition: &Value, params: &Value) -> String {
    json!({
        "version": 1,
        "consent": { "model": "none", "purposes": { "a": {}, "b": {} } },
        "variables": variables,
        "triggers": [{ "id": "t", "kind": "event", "event": "*", "where": condition }],
        "tags": [{ "id": "tag", "template": "v", "params": params, "consent": { "allOf": ["a"] }, "fireOn": ["t"] }],
    })
    .to_string()
}

const TEMPLATE: &str = r#"{"id":"v","docs":"https://v.example","params":{"value":{}},"permissions":{"globals":["v"]},
    "on":{"*":[{"call":"v.hit","args":["{{value}}"]}]}}"#;

/// The value of the variable `x` at an event, with this data layer.
fn value(variables: Value, answers: &[(&str, Value)]) -> Value {
    let mut page = open(&site(&variables, &json!([]), &json!({ "value": "{{x}}" })), answers);
    page.give(Input::Data(r#"{"shop":{"items":[{"price":1.50}],"name":"Hafen"},"n":7,"yes":true}"#));
    let event = r#"["Order Completed",{"total":12,"coupon":"SUMMER"},{"messageId":"m-1"}]"#;
    page.call(tidegate_core::input::Verb::Track, event);
    page.give(Input::Commit);
    page.page.iter().rev().find(|what| what[0] == "step").map_or(Value::Null, |what| what[2]["args"][0].clone())
}

fn open(config: &str, answers: &[(&str, Value)]) -> Page {
    let mut page = Page::new(config);
    page.answers.extend(answers.iter().map(|(question, answer)| ((*question).to_owned(), answer.clone())));
    page.tags_come();
    page.track("Warm");
    page.give(Input::Commit);
    page.template(0, TEMPLATE);
    page.give(Input::Commit);
    page
}

#[test]
fn a_variable_is_what_its_kind_says() {
    let url = [("url", json!("https://www.shop.example/a/b.html?q=1&utm_source=news#top"))];
    for (variable, answers, wanted) in [
        (json!({ "kind": "data", "path": "shop.items.0.price" }), &[][..], json!(1.5)),
        (json!({ "kind": "data", "path": "shop.items.length" }), &[], json!(1)),
        (json!({ "kind": "data", "path": "shop.name.length" }), &[], json!(5)),
        (json!({ "kind": "data", "path": "shop.length", "default": "none" }), &[], json!("none")),
        (json!({ "kind": "data", "path": "shop.gone", "default": "none" }), &[], json!("none")),
        (json!({ "kind": "property", "path": "total" }), &[], json!(12)),
        (json!({ "kind": "event", "path": "event" }), &[], json!("Order Completed")),
        (json!({ "kind": "event", "path": "messageId" }), &[], json!("m-1")),
        (
            json!({ "kind": "constant", "value": { "a": ["{{event.properties.total}}", "€ {{event.properties.total}}"] } }),
            &[],
            json!({ "a": [12, "€ 12"] }),
        ),
        (json!({ "kind": "url" }), &url, url[0].1.clone()),
        (json!({ "kind": "url", "part": "host", "stripWww": true }), &url, json!("shop.example")),
        (json!({ "kind": "url", "part": "query", "key": "q" }), &url, json!("1")),
        (json!({ "kind": "utm", "key": "source" }), &url, json!("news")),
        (json!({ "kind": "referrer", "part": "path" }), &[("referrer", json!("https://a.example/x"))], json!("/x")),
        (json!({ "kind": "cookie", "name": "seen" }), &[("cookie seen", json!("1"))], json!("1")),
        (json!({ "kind": "cookie", "name": "seen", "decode": false }), &[("rawcookie seen", json!("%31"))], json!("%31")),
        (json!({ "kind": "element", "selector": "h1 > b" }), &[("text h1 > b", json!("Hi"))], json!("Hi")),
        (json!({ "kind": "element", "selector": "a", "attribute": "rel" }), &[("attribute rel a", json!("x"))], json!("x")),
        (json!({ "kind": "global", "path": "app.user" }), &[("global app.user", json!({ "id": 1 }))], json!({ "id": 1 })),
        (json!({ "kind": "device", "fact": "language", "default": "de" }), &[("device language", Value::Null)], json!("de")),
        (
            json!({ "kind": "lookup", "input": "coupon", "rows": [{ "is": "WINTER", "value": 1 }, { "is": "SUMMER", "value": "{{event.event}}!" }] }),
            &[],
            json!("Order Completed!"),
        ),
        (
            json!({ "kind": "lookup", "input": "coupon", "rows": [{ "is": "summer", "value": 1 }], "default": "no" }),
            &[],
            json!("no"),
        ),
        (
            json!({ "kind": "regex-table", "input": "coupon", "rows": [{ "matches": "sum", "value": 1 }, { "matches": "(sum)mer", "value": "<$1>" }] }),
            &[],
            json!("<SUM>"),
        ),
        (
            json!({ "kind": "regex-table", "input": "coupon", "full": false, "ignoreCase": false, "rows": [{ "matches": "sum", "value": 1 }, { "matches": "M+", "value": 2 }] }),
            &[],
            json!(2),
        ),
        (json!({ "kind": "consent", "purpose": "a" }), &[], json!("granted")),
        (json!({ "kind": "consent", "purpose": "nobody" }), &[], json!("unknown")),
        (json!({ "kind": "data", "path": "shop.name", "format": { "case": "upper" } }), &[], json!("HAFEN")),
        (json!({ "kind": "data", "path": "yes", "format": { "true": "on", "false": "off" } }), &[], json!("on")),
        (json!({ "kind": "data", "path": "gone", "format": { "null": "n/a" } }), &[], json!("n/a")),
    ] {
        let mut x = variable.clone();
        x["id"] = json!("x");
        let coupon = json!({ "id": "coupon", "kind": "property", "path": "coupon" });
        assert_eq!(value(json!([x, coupon]), answers), wanted, "{variable}");
    }
}

#[test]
fn a_row_of_a_table_may_be_what_another_variable_says() {
    let table = |is: &str| {
        let rows = json!([{ "is": "other", "value": 1 }, { "is": is, "value": 2 }]);
        value(
            json!([
                { "id": "name", "kind": "data", "path": "shop.name" },
                { "id": "port", "kind": "constant", "value": "Hafen" },
                { "id": "x", "kind": "lookup", "input": "name", "rows": rows, "default": 0 },
            ]),
            &[],
        )
    };
    assert_eq!([table("{{port}}"), table("{{event.event}}")], [json!(2), json!(0)]);
    let unknown = json!([{ "id": "x", "kind": "lookup", "input": "x2", "rows": [{ "is": "{{gone}}", "value": 1 }] },
        { "id": "x2", "kind": "constant", "value": 1 }]);
    let faults = config::Config::check(&site(&unknown, &json!([]), &json!({}))).map(drop).unwrap_err();
    assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/variables/0/rows/0/is"]);
}

#[test]
fn a_random_number_is_another_at_each_occasion_and_within_its_bounds() {
    let numbers = |variable: Value| {
        let config = site(&json!([variable]), &json!([]), &json!({ "value": "{{x}}-{{x}}" }));
        let mut page = open(&config, &[]);
        (0..50).for_each(|_| page.track("E"));
        page.give(Input::Commit);
        let all: Vec<&str> = page.page.iter().filter_map(|what| what[2]["args"][0].as_str()).collect();
        assert_eq!(all.len(), 51);
        all.into_iter().map(str::to_owned).collect::<std::collections::BTreeSet<String>>()
    };
    let up_to = numbers(json!({ "id": "x", "kind": "random", "max": 5 }));
    assert_eq!(up_to, ["0-0", "1-1", "2-2", "3-3", "4-4", "5-5"].map(str::to_owned).into());
    let between = numbers(json!({ "id": "x", "kind": "random", "min": 3, "max": 5 }));
    assert_eq!(between, ["3-3", "4-4", "5-5"].map(str::to_owned).into());
    let none = site(&json!([{ "id": "x", "kind": "random", "min": 6, "max": 5 }]), &json!([]), &json!({}));
    assert_eq!(config::Config::check(&none).unwrap_err()[0].pointer, "/variables/0/min");
}

#[test]
fn conditions_compare_as_their_operators_say() {
    let variables = json!([
        { "id": "text", "kind": "property", "path": "text" },
        { "id": "number", "kind": "property", "path": "number" },
        { "id": "gone", "kind": "property", "path": "gone" },
        { "id": "limit", "kind": "constant", "value": 10 },
    ]);
    for (condition, wanted) in [
        (json!({ "var": "text", "op": "==", "value": "Hafen-Straße" }), true),
        (json!({ "var": "text", "op": "==", "value": "hafen-straße" }), false),
        (json!({ "var": "text", "op": "==", "value": "HAFEN-STRAßE", "ignoreCase": true }), true),
        (json!({ "var": "text", "op": "!=", "value": "x" }), true),
        (json!({ "var": "number", "op": "==", "value": "12.0" }), true),
        (json!({ "var": "number", "op": ">", "value": 9 }), true),
        (json!({ "var": "number", "op": "<=", "value": "12" }), true),
        (json!({ "var": "number", "op": "<", "value": 12 }), false),
        (json!({ "var": "number", "op": ">=", "value": "{{limit}}" }), true),
        (json!({ "var": "text", "op": ">", "value": 1 }), false),
        (json!({ "var": "text", "op": "contains", "value": "en-S" }), true),
        (json!({ "var": "text", "op": "starts-with", "value": "hafen", "ignoreCase": true }), true),
        (json!({ "var": "text", "op": "ends-with", "value": "aße" }), true),
        (json!({ "var": "text", "op": "matches", "value": "^h.*-(?=S)", "ignoreCase": true }), true),
        (json!({ "var": "text", "op": "matches", "value": "^\\d" }), false),
        (json!({ "var": "gone", "op": "==", "value": "" }), true),
        (json!({ "var": "gone", "op": "exists" }), false),
        (json!({ "var": "number", "op": "exists" }), true),
        (json!({ "not": { "var": "gone", "op": "exists" } }), true),
        (json!({ "any": [{ "var": "gone", "op": "exists" }, { "var": "text", "op": "contains", "value": "Hafen" }] }), true),
        (json!({ "all": [{ "var": "gone", "op": "exists" }, { "var": "text", "op": "contains", "value": "Hafen" }] }), false),
        (
            json!([{ "var": "number", "op": ">", "value": 1 }, { "not": { "any": [{ "var": "number", "op": ">", "value": 100 }] } }]),
            true,
        ),
        (json!([]), true),
    ] {
        let config = site(&variables, &condition, &json!({}));
        assert!(config::Config::check(&config).is_ok(), "{condition}");
        let mut page = open(&config, &[]);
        page.page.clear();
        page.call(tidegate_core::input::Verb::Track, r#"["E",{"text":"Hafen-Straße","number":12}]"#);
        page.give(Input::Commit);
        assert_eq!(page.page.len() == 1, wanted, "{condition} {:?}", page.page);
    }
}

#[test]
fn what_cannot_be_meant_is_a_fault_with_its_place() {
    let faults = |variables: Value, condition: Value| {
        let found = config::Config::check(&site(&variables, &condition, &json!({})));
        found.map_or_else(|faults| faults.into_iter().map(|fault| fault.pointer).collect(), |_| Vec::new())
    };
    let none = || json!([]);
    assert_eq!(faults(json!([{ "id": "a", "kind": "lookup", "input": "b", "rows": [] }]), none()), ["/variables/0/input"]);
    let circle = json!([
        { "id": "a", "kind": "lookup", "input": "b", "rows": [{ "is": 1, "value": 1 }] },
        { "id": "b", "kind": "constant", "value": "{{a}}" },
    ]);
    assert_eq!(faults(circle, none()), ["/variables/0"]);
    let table = json!([{ "id": "a", "kind": "regex-table", "input": "a2", "rows": [{ "matches": "(", "value": 1 }] }, { "id": "a2", "kind": "url" }]);
    assert_eq!(faults(table, none()), ["/variables/0/rows/0/matches"]);
    assert_eq!(faults(json!([{ "id": "a", "kind": "constant", "value": "{{nope}}" }]), none()), ["/variables/0/value"]);
    assert_eq!(faults(none(), json!({ "var": "nope", "op": "==" })), ["/triggers/0/where/var"]);
    let a = || json!([{ "id": "a", "kind": "url" }]);
    assert_eq!(faults(a(), json!([{ "var": "a", "op": "matches", "value": "[" }])), ["/triggers/0/where/0/var"]);
    assert_eq!(faults(a(), json!({ "any": [{ "var": "a" }] })), ["/triggers/0/where/any/0/var"]);
    assert_eq!(faults(a(), json!({ "any": [], "not": { "var": "a", "op": "exists" } })), ["/triggers/0/where"]);
    assert_eq!(faults(a(), json!({ "not": {} })), ["/triggers/0/where/not"]);
}

#[test]
fn a_page_that_does_not_answer_costs_nothing_but_its_answers() {
    let config =
        site(&json!([{ "id": "x", "kind": "cookie", "name": "c", "default": "none" }]), &json!([]), &json!({ "value": "{{x}}" }));
    let mut page = Page::new(&config);
    page.answers.insert("cookie c".into(), json!("yes"));
    page.tags_come();
    page.give(Input::Tags(r#"["answers",["early"]]"#));
    page.track("E");
    page.give(Input::Tags(r#"["answers",[]]"#));
    page.give(Input::Commit);
    page.template(0, TEMPLATE);
    page.give(Input::Commit);
    assert_eq!(page.invoked, ["v.hit"]);
}
