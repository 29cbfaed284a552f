//! Writing scenario files: what fits stands on one line.

use super::raw::{items, members};
use super::{Scenario, Step};
use serde_json::json;

const WIDTH: usize = 130;

/// A whole file. Title, config, environment and inputs stay as they were written.
pub(super) fn file(scenario: &Scenario) -> String {
    let mut out = format!("{{\n  \"title\": {},\n  \"config\": {},\n", json!(scenario.title), scenario.config.get());
    if let Some(environment) = &scenario.environment {
        out += &format!("  \"environment\": {},\n", environment.get());
    }
    let steps: Vec<String> = scenario.steps.iter().map(step).collect();
    out + &format!("  \"steps\": [\n{}\n  ]\n}}\n", steps.join(",\n"))
}

fn step(step: &Step) -> String {
    let tab = step.tab.map_or(String::new(), |tab| format!(" \"tab\": {tab},"));
    let wake = step.wake.map_or(String::new(), |wake| format!(", \"wake\": {wake}"));
    let effects = step.effects.as_ref().map_or("[]", |raw| raw.get());
    format!(
        "    {{ \"at\": {},{tab} \"input\": {},\n      \"effects\": {}{wake} }}",
        step.at,
        step.input.get(),
        pretty(effects, 6)
    )
}

/// JSON in lines of at most [`WIDTH`], where its texts allow it.
pub(super) fn pretty(raw: &str, indent: usize) -> String {
    let flat = flat(raw);
    if flat.len() + indent <= WIDTH {
        return flat;
    }
    let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
    let broken = |open: &str, lines: Vec<String>, close: &str| {
        format!("{open}\n{inner}{}\n{outer}{close}", lines.join(&format!(",\n{inner}")))
    };
    if let Some(members) = members(raw) {
        let lines = members.iter().map(|(key, raw)| format!("{}: {}", json!(key), pretty(raw.get(), indent + 2)));
        return broken("{", lines.collect(), "}");
    }
    match items(raw) {
        Some(items) => broken("[", items.iter().map(|raw| pretty(raw.get(), indent + 2)).collect(), "]"),
        None => flat,
    }
}

fn flat(raw: &str) -> String {
    if let Some(members) = members(raw) {
        let shown: Vec<String> = members.iter().map(|(key, raw)| format!("{}: {}", json!(key), flat(raw.get()))).collect();
        return if shown.is_empty() { String::from("{}") } else { format!("{{ {} }}", shown.join(", ")) };
    }
    match items(raw) {
        Some(items) => format!("[{}]", items.iter().map(|raw| flat(raw.get())).collect::<Vec<_>>().join(", ")),
        None => raw.to_owned(),
    }
}
