//! `tidegate import gtm`: each export beside this file gives the output beside it. After a change that is meant, run the tests with
//! `TIDEGATE_BLESS=1` and read the difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../collector/process.rs"]
mod process;
#[path = "small.rs"]
mod small;

use process::run;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/import")
}

/// The names of the exports that are to be read.
fn exports() -> Vec<String> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let is_export = |name: &String| name.ends_with(".json") && !name.ends_with(".out.json") && !name.starts_with("malformed-");
    let mut names: Vec<String> = files.filter(is_export).collect();
    names.sort();
    assert!(names.len() > 5, "{names:?}");
    names
}

fn import(file: &str) -> Value {
    let (status, out, err) = run(&folder(), &["import", "gtm", file]);
    assert_eq!(status, 0, "{file}: {err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    serde_json::from_str(&out).unwrap()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

#[test]
fn each_export_becomes_the_config_beside_it() {
    for file in exports() {
        let (_, out, _) = run(&folder(), &["import", "gtm", &file]);
        let golden = folder().join(file.replace(".json", ".out.json"));
        if std::env::var_os("TIDEGATE_BLESS").is_some() {
            fs::write(&golden, &out).unwrap();
        }
        let wanted = fs::read_to_string(&golden).unwrap();
        assert!(out == wanted, "{file}: the output is not that of {}; TIDEGATE_BLESS=1 writes it", golden.display());
    }
}

#[test]
fn everything_in_an_export_is_listed_once() {
    for file in exports() {
        let export: Value = serde_json::from_str(&fs::read_to_string(folder().join(&file)).unwrap()).unwrap();
        let imported = import(&file);
        let mut listed: HashMap<(&str, &str), usize> = HashMap::new();
        for entry in list(&imported, "/report") {
            *listed.entry((text(entry, "kind"), text(entry, "id"))).or_default() += 1;
            let has_reason = !text(entry, "reason").is_empty();
            assert!(has_reason || text(entry, "status") == "carried", "{file}: {entry}");
        }
        assert!(listed.values().all(|times| *times == 1), "{file}: {listed:?}");
        let kinds = [
            ("tag", "tagId", "tag"),
            ("trigger", "triggerId", "trigger"),
            ("variable", "variableId", "variable"),
            ("customTemplate", "templateId", "template"),
        ];
        for (key, id, kind) in kinds {
            for entity in list(&export, &format!("/containerVersion/{key}")) {
                assert!(listed.contains_key(&(kind, text(entity, id))), "{file}: {kind} {}", text(entity, "name"));
            }
        }
        // Of what is built in, all that something names.
        let whole = export.to_string();
        for tag in list(&export, "/containerVersion/tag") {
            for id in list(tag, "/firingTriggerId").iter().filter_map(Value::as_str).filter(|id| id.starts_with("21474795")) {
                assert!(listed.contains_key(&("trigger", id)), "{file}: trigger {id}");
            }
        }
        for variable in list(&export, "/containerVersion/builtInVariable") {
            let is_named = whole.contains(&format!("{{{{{}}}}}", text(variable, "name")));
            let is_listed = list(&imported, "/report").iter().any(|entry| text(entry, "name") == text(variable, "name"));
            assert_eq!(is_named, is_listed, "{file}: {variable}");
        }
    }
}

/// All `{{references}}` at any depth.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let mut rest = text.as_str();
            while let Some((_, behind)) = rest.split_once("{{")
                && let Some((name, after)) = behind.split_once("}}")
            {
                found.push(name.to_owned());
                rest = after;
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => members.values().for_each(|member| references(member, found)),
        _ => {}
    }
}

/// What conditions look at, at any depth.
fn subjects<'a>(condition: &'a Value, found: &mut Vec<&'a str>) {
    found.extend(condition.get("var").and_then(Value::as_str));
    match condition {
        Value::Array(items) => items.iter().for_each(|item| subjects(item, found)),
        Value::Object(members) => members.values().for_each(|member| subjects(member, found)),
        _ => {}
    }
}

fn ids<'a>(config: &'a Value, key: &str) -> HashSet<&'a str> {
    let all: Vec<&str> = list(config, &format!("/{key}")).iter().map(|one| text(one, "id")).collect();
    let unique: HashSet<&str> = all.iter().copied().collect();
    assert_eq!(unique.len(), all.len(), "{all:?}");
    assert!(!unique.contains(""));
    unique
}

#[test]
fn a_config_names_nothing_that_is_not_in_it() {
    for file in exports() {
        let imported = import(&file);
        let config = &imported["config"];
        let [variables, triggers, tags] = ["variables", "triggers", "tags"].map(|key| ids(config, key));
        let mut found = Vec::new();
        references(config, &mut found);
        for name in found {
            assert!(variables.contains(name.as_str()), "{file}: {{{{{name}}}}}");
        }
        let mut looked_at = Vec::new();
        list(config, "/triggers").iter().for_each(|trigger| subjects(trigger, &mut looked_at));
        let inputs = list(config, "/variables").iter().flat_map(|one| [one.get("input"), one.get("of")]).flatten();
        looked_at.extend(inputs.filter_map(Value::as_str));
        assert!(looked_at.iter().all(|id| variables.contains(id)), "{file}: {looked_at:?}");
        let purposes = config["consent"]["purposes"].as_object().unwrap();
        for tag in list(config, "/tags") {
            let named = [list(tag, "/fireOn"), list(tag, "/exceptOn")].concat();
            assert!(named.iter().all(|id| triggers.contains(id.as_str().unwrap())), "{file}: {tag}");
            let sequels = [list(tag, "/setup"), list(tag, "/cleanup")].concat();
            assert!(sequels.iter().all(|sequel| tags.contains(text(sequel, "tag"))), "{file}: {tag}");
            let needs = list(tag, "/consent/allOf");
            assert!(!needs.is_empty() && needs.iter().all(|one| purposes.contains_key(one.as_str().unwrap())), "{file}: {tag}");
        }
        for group in list(config, "/triggers").iter().filter(|trigger| text(trigger, "kind") == "group") {
            assert!(list(group, "/of").iter().all(|id| triggers.contains(id.as_str().unwrap())), "{file}: {group}");
        }
    }
}

/// What `src/core/tags/README.md` lets a variable or trigger of a kind have beside what all of them may have.
fn members_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "data" | "property" | "event-variable" | "global" => &["path"],
        "url" | "referrer" => &["part", "key", "stripWww", "of"],
        "cookie" => &["name", "decode"],
        "element" => &["selector", "attribute"],
        "device" => &["fact"],
        "constant" => &["value"],
        "lookup" => &["input", "rows"],
        "regex-table" => &["input", "rows", "ignoreCase", "full"],
        "random" => &["min", "max"],
        "event" => &["event", "match"],
        "click" => &["on", "selector"],
        "form-submit" => &["selector"],
        "visibility" => &["selector", "once", "percent", "forMs", "watch"],
        "scroll" => &["vertical", "horizontal", "unit"],
        "timer" => &["everyMs", "times"],
        "group" => &["of"],
        "consent-initialization" | "initialization" | "page-view" | "dom-ready" | "window-loaded" | "history" | "error" => &[],
        other => panic!("{other}"),
    }
}

fn has_only(value: &Value, known: &[&[&str]]) -> bool {
    value.as_object().unwrap().keys().all(|key| known.iter().any(|known| known.contains(&key.as_str())))
}

fn is_condition(condition: &Value) -> bool {
    let all_are = |key: &str| list(condition, &format!("/{key}")).iter().all(is_condition);
    if condition.get("var").is_some() {
        let (op, value) = (text(condition, "op"), condition.get("value"));
        let texts = ["==", "!=", "contains", "starts-with", "ends-with", "matches", "matches-selector"];
        let is_known = texts.contains(&op) && value.is_some_and(Value::is_string)
            || [">", ">=", "<", "<="].contains(&op) && value.is_some()
            || op == "exists" && value.is_none();
        return is_known && has_only(condition, &[&["var", "op", "value", "ignoreCase"]]);
    }
    has_only(condition, &[&["all", "any", "not"]])
        && all_are("all")
        && all_are("any")
        && condition.get("not").is_none_or(is_condition)
}

#[test]
fn a_config_is_written_in_the_language_of_the_core() {
    for file in exports() {
        let imported = import(&file);
        let config = &imported["config"];
        for variable in list(config, "/variables") {
            let kind = if text(variable, "kind") == "event" { "event-variable" } else { text(variable, "kind") };
            assert!(has_only(variable, &[&["id", "kind", "default", "format"], members_of(kind)]), "{file}: {variable}");
            let row = if kind == "lookup" { "is" } else { "matches" };
            assert!(list(variable, "/rows").iter().all(|one| has_only(one, &[&[row, "value"]])), "{file}: {variable}");
        }
        for trigger in list(config, "/triggers") {
            let members = members_of(text(trigger, "kind"));
            assert!(has_only(trigger, &[&["id", "kind", "where", "schedule"], members]), "{file}: {trigger}");
            assert!(list(trigger, "/where").iter().all(is_condition), "{file}: {trigger}");
        }
        let members = ["id", "template", "params", "consent", "fireOn", "exceptOn", "fire", "priority", "setup", "cleanup"];
        for tag in list(config, "/tags") {
            assert!(has_only(tag, &[&members]), "{file}: {tag}");
            let template = folder().join(format!("../../js/templates/{}.json", text(tag, "template")));
            let Ok(template) = fs::read_to_string(template) else { continue };
            let template: Value = serde_json::from_str(&template).unwrap();
            for param in tag["params"].as_object().unwrap().keys() {
                assert!(template["params"].get(param).is_some(), "{file}: {param} is no parameter of {}", text(tag, "template"));
            }
            for (param, about) in template["params"].as_object().unwrap() {
                let is_there = about.get("required").is_none() || tag["params"].get(param).is_some();
                assert!(is_there, "{file}: {param} is missing in {tag}");
            }
        }
    }
}

#[test]
fn no_config_is_refused() {
    for file in exports() {
        let checked = tidegate_core::config::Config::check(&import(&file)["config"].to_string());
        assert_eq!(checked.err(), None, "{file}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_line_that_says_where_and_what_to_do() {
    for (file, wanted) in [
        ("malformed-text.json", "malformed-text.json: /: EOF while parsing a value at line 2 column 0; it is no JSON: export "),
        ("malformed-type.json", "malformed-type.json: /containerVersion/tag/1/parameter: invalid type: map, expected a sequence"),
        ("malformed-other.json", "malformed-other.json: /: \"containerVersion\" is missing: this is no export of a container."),
        ("malformed-server.json", "malformed-server.json: /containerVersion/container/usageContext: the container is for SERVER"),
        ("malformed-amp.json", "malformed-amp.json: /containerVersion/container/usageContext: the container is for AMP"),
        ("nowhere.json", "nowhere.json: /: cannot be read: "),
    ] {
        let (status, out, err) = run(&folder(), &["import", "gtm", file]);
        assert_eq!((status, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        assert!(err.starts_with(wanted), "{err}");
    }
}

#[test]
fn wrong_usage_says_what_is_right() {
    for (arguments, wanted) in [
        (&["import"][..], "tidegate: import takes the tag manager and one file: tidegate import gtm <container.json>"),
        (&["import", "tealium", "x.json"], "tidegate: import does not know \"tealium\": it takes gtm"),
        (&["import", "gtm", "a.json", "--force"], "tidegate: invalid option '--force'"),
    ] {
        let (status, out, err) = run(&folder(), arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{err}");
        assert!(err.starts_with(wanted), "{err}");
    }
    let (status, out, _) = run(&folder(), &["import", "--help"]);
    assert!(status == 0 && out.starts_with("Usage: tidegate import gtm"), "{out}");
}
