//! Triggers on events by name. GTM's own events are occasions of their own in Tidegate.

use super::{Members, observed, where_also};
use crate::import::conditions::{self, OWN_EVENTS};
use crate::import::parse::{Trigger, Version};
use crate::import::regex::Regex;
use crate::import::report::Notes;
use crate::import::variables::Variables;
use crate::import::words::word;
use serde_json::{Map, Value};

pub(super) fn members(
    version: &Version,
    trigger: &Trigger,
    variables: &mut Variables<'_>,
    notes: &mut Notes,
) -> Result<Vec<Members>, String> {
    let [condition] = trigger.custom_event_filter.as_slice() else {
        return Err("it does not say by one condition which events it is for".into());
    };
    let name = condition.params.text("arg1");
    let is_plain = !condition.params.is_true("negate") && !name.contains("{{") && condition.params.text("arg0") == "{{_event}}";
    let is_exact = word(&condition.kind) == "equals";
    if is_plain && is_exact && name.starts_with("gtm.") {
        if !OWN_EVENTS.iter().any(|own| own.name == name) {
            return Err(format!("Tidegate has nothing like the event {name}"));
        }
        let found = own(version, notes, |own| own == name);
        return if found.is_empty() { Err(format!("no trigger of the container brings about {name}")) } else { Ok(found) };
    }
    if is_plain && is_exact && name != "*" {
        return Ok(vec![event(name, None)]);
    }
    let matches = conditions::matcher(condition)?;
    let mut found = match word(&condition.kind).as_str() {
        "matchregex" if is_plain && !condition.params.is_true("ignore_case") => {
            Regex::parse(name, false).map_err(|why| format!("the expression {name} has {why}"))?;
            if matches_all(name) { vec![event("*", None)] } else { vec![event(name, Some("regex"))] }
        }
        _ => {
            let mut any = event("*", None);
            where_also(&mut any, &[conditions::one(variables, condition)?]);
            vec![any]
        }
    };
    found.extend(own(version, notes, |own| matches.as_ref().is_some_and(|matches| matches(own))));
    Ok(found)
}

fn event(name: &str, how: Option<&str>) -> Members {
    let mut members = Map::from_iter([("kind".to_owned(), Value::from("event")), ("event".to_owned(), name.into())]);
    if let Some(how) = how {
        members.insert("match".into(), how.into());
    }
    members
}

/// Expressions that people write for any event.
fn matches_all(expression: &str) -> bool {
    matches!(expression, ".*" | ".+" | "^.*$" | "^.+$" | "(.*)" | "(.+)" | ".")
}

/// Those of GTM's own events that a condition holds for, as triggers: of pages, and of what the container's triggers look for.
fn own(version: &Version, notes: &mut Notes, holds: impl Fn(&str) -> bool) -> Vec<Members> {
    let mut found: Vec<Members> = Vec::new();
    for event in OWN_EVENTS.iter().filter(|event| holds(event.name)) {
        let plain = Trigger { kind: event.trigger.to_owned(), ..Trigger::default() };
        let same = |trigger: &&Trigger| word(&trigger.kind) == word(event.trigger);
        let sources: Vec<&Trigger> = if event.is_of_pages { vec![&plain] } else { version.trigger.iter().filter(same).collect() };
        for source in sources {
            // What the source itself has to say is said there.
            match observed::members(source, &mut Notes::default()) {
                Ok(members) => found.extend(members.into_iter().filter(|members| !found.contains(members)).collect::<Vec<_>>()),
                Err(_) => notes.change(format!("it does not fire on {}, since {} is left out", event.name, source.name)),
            }
        }
    }
    found
}
