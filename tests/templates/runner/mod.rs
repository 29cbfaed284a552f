//! Runs the golden cases of a template: the same code natively and in a browser.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use tidegate_core::effect::{Notice, Part};
use tidegate_core::input::Verb;
use tidegate_core::{Effect, Input, Now, Runtime};

/// A file of golden cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    /// The vendor's pages that the calls were compared with.
    docs: Vec<String>,
    #[serde(flatten)]
    first: Variant,
    #[serde(default)]
    variants: Vec<Variant>,
}

/// One set of parameters, and what happens on one page with them.
#[derive(Deserialize)]
struct Variant {
    params: Value,
    cases: Vec<Case>,
    /// What is called when consent ends after these, and when it comes back.
    withdrawn: Option<Vec<Value>>,
    regranted: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    event: Value,
    does: Vec<Value>,
}

/// Runs all cases. Returns each that came out otherwise: title, expected, found.
pub(crate) fn run(name: &str, template: &str, golden: &str) -> Vec<String> {
    let golden: Golden = serde_json::from_str(golden).unwrap_or_else(|error| panic!("tests/templates/{name}.json: {error}"));
    assert!(golden.docs.iter().all(|page| page.starts_with("https://")), "{name}: no vendor page is named");
    let mut faults = Vec::new();
    for variant in std::iter::once(golden.first).chain(golden.variants) {
        let mut page = Page::new(name, template, &variant.params);
        let mut compare = |page: &mut Page<'_>, title: &str, does: &[Value]| {
            if page.does != does || !page.problems.is_empty() {
                let shown = |does: &[Value]| does.iter().map(|one| format!("    {one}\n")).collect::<String>();
                let (wanted, found) = (shown(does), shown(&page.does));
                let problems = page.problems.drain(..).collect::<Vec<_>>().join("\n");
                faults.push(format!("{name}: {title} {}\n  expected\n{wanted}  found\n{found}{problems}", variant.params));
            }
        };
        for case in variant.cases {
            page.does.clear();
            page.call(&case.event);
            compare(&mut page, &case.title, &case.does);
        }
        for (does, is_granted) in [(variant.withdrawn, false), (variant.regranted, true)] {
            let Some(does) = does else { continue };
            page.does.clear();
            page.give(Input::ConsentSet { purposes: &json!({ "all": is_granted }).to_string(), explicit: true });
            compare(&mut page, if is_granted { "consent comes back" } else { "consent ends" }, &does);
        }
    }
    faults
}

/// A page whose scripts all load, and where nothing that is called throws.
struct Page<'a> {
    core: Runtime,
    template: &'a str,
    does: Vec<Value>,
    problems: Vec<String>,
}

const NOW: Now = Now { wall: 1_767_225_600_000, mono: 0 };

impl<'a> Page<'a> {
    fn new(name: &str, template: &'a str, params: &Value) -> Self {
        let config = json!({
            "version": 1,
            "consent": { "model": "none", "purposes": { "all": {} } },
            "triggers": [{ "id": "everything", "kind": "event", "event": "*" }],
            "tags": [{ "id": "tag", "template": name, "params": params, "consent": { "allOf": ["all"] }, "fireOn": ["everything"] }],
        });
        let core = Runtime::start(&config.to_string(), "{}", [7; 32]).unwrap();
        let mut page = Page { core, template, does: Vec::new(), problems: Vec::new() };
        page.give(Input::Restore { identity: None, cookies: [None; 3], consent: None, gate: None, locks: true });
        page.give(Input::Part { part: Part::Tags, ok: true });
        page
    }

    /// Makes the call that comes to a finished event.
    fn call(&mut self, event: &Value) {
        let kind = event["type"].as_str().unwrap_or("track");
        let verb = (0..6).filter_map(Verb::from_number).find(|verb| verb.word() == kind).unwrap();
        let mut options = Map::new();
        for key in ["messageId", "timestamp", "anonymousId", "userId", "context"] {
            if let Some(value) = event.get(key).filter(|value| !value.is_null()) {
                options.insert(key.into(), value.clone());
            }
        }
        let empty = json!({});
        let body =
            event.get(if matches!(verb, Verb::Identify | Verb::Group) { "traits" } else { "properties" }).unwrap_or(&empty);
        let args = match verb {
            Verb::Track => json!([event["event"], body, options]),
            Verb::Page | Verb::Screen if event.get("category").is_some() => {
                json!([event["category"], event["name"], body, options])
            }
            Verb::Page | Verb::Screen => json!([event["name"].as_str().unwrap_or(""), body, options]),
            Verb::Identify => json!([event["userId"], body, options]),
            Verb::Group => json!([event["groupId"], body, options]),
            Verb::Alias => json!([event["userId"], event["previousId"], options]),
        };
        self.give(Input::Call { verb, args: &args.to_string(), at: NOW.wall });
        self.give(Input::Commit);
    }

    fn give(&mut self, input: Input<'_>) {
        let mut todo: VecDeque<Effect> = self.core.handle(input, NOW).into();
        let mut later = Vec::new();
        loop {
            let Some(effect) = todo.pop_front() else {
                if later.is_empty() {
                    return;
                }
                let said: Value = later.remove(0);
                todo.extend(self.core.handle(Input::Tags(&said.to_string()), NOW));
                todo.extend(self.core.handle(Input::Commit, NOW));
                continue;
            };
            match effect {
                Effect::Read { key } => todo.extend(self.core.handle(Input::Stored { key: &key, value: None }, NOW)),
                Effect::Notify(Notice::Error(problem)) => self.problems.push(problem),
                Effect::Page { what } => {
                    let what: Value = serde_json::from_str(&what).unwrap();
                    match what[0].as_str().unwrap() {
                        "listen" => later.push(json!(["listening"])),
                        "template" => later.push(json!(["template", what[1], self.template])),
                        "load" => {
                            self.does.push(script(&what[2]));
                            later.push(json!(["loaded", what[1], true]));
                        }
                        "step" => self.does.push(what[2].clone()),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }
}

/// As golden files have it: attributes are left out where there are none.
fn script(tag: &Value) -> Value {
    let mut shown = Map::from_iter([("script".into(), tag["src"].clone())]);
    for key in ["attributes", "module"] {
        if let Some(value) = tag.get(key).filter(|value| **value != json!({})) {
            shown.insert(key.into(), value.clone());
        }
    }
    shown.into()
}
