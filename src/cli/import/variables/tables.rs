//! Lookup and regular-expression tables.

use super::{Variables, set};
use crate::import::conditions::{self, OWN_EVENTS};
use crate::import::parse::Params;
use crate::import::regex::Regex;
use serde_json::{Value, json};

pub(super) fn lookup(variables: &mut Variables<'_>, params: &Params) -> Result<Value, String> {
    let input = variables.input(params.text("input"))?;
    let is_event = conditions::is_event(variables, &input);
    let mut rows = Vec::new();
    for (key, value) in params.rows("map", ["key", "value"]) {
        let key = if is_event { conditions::event_name(&key).to_owned() } else { key };
        rows.push(json!({ "is": variables.fill(&key)?, "value": variables.fill(&value)? }));
    }
    Ok(json!({ "kind": "lookup", "input": input, "rows": rows }))
}

pub(super) fn regex(variables: &mut Variables<'_>, params: &Params) -> Result<Value, String> {
    let input = variables.input(params.text("input"))?;
    let ignore_case = params.is_true("ignoreCase");
    let mut rows = Vec::new();
    for (key, value) in params.rows("map", ["key", "value"]) {
        if key.contains("{{") {
            return Err("an expression of its table comes from a variable: write it out".into());
        }
        Regex::parse(&key, ignore_case).map_err(|why| format!("the expression {key} has {why}"))?;
        if value.contains('$') && !params.is_true("replaceAfterMatch") {
            return Err("a value of its table holds a $, which would stand for a group: put the text into a variable".into());
        }
        rows.push(json!({ "matches": key, "value": variables.fill(&value)? }));
    }
    if conditions::is_event(variables, &input) {
        rows.splice(0..0, of_own_events(&rows, ignore_case, params.is_true("fullMatch"))?);
    }
    let mut definition = json!({ "kind": "regex-table", "input": input, "rows": rows });
    for (key, is) in [("ignoreCase", ignore_case), ("full", params.is_true("fullMatch"))] {
        if !is {
            set(&mut definition, key, false.into());
        }
    }
    Ok(definition)
}

/// Rows for GTM's own events, which the page knows by other names than those that the expressions are for.
fn of_own_events(rows: &[Value], ignore_case: bool, full: bool) -> Result<Vec<Value>, String> {
    let mut expressions = Vec::new();
    for row in rows {
        let text = row.get("matches").and_then(Value::as_str).unwrap_or("");
        let text = if full { format!("^(?:{text})$") } else { text.to_owned() };
        expressions.push(Regex::parse(&text, ignore_case).map_err(|why| format!("the expression {text} has {why}"))?);
    }
    let first = |name: &str| expressions.iter().position(|expression| expression.is_match(name));
    let mut own: Vec<Value> = Vec::new();
    for event in &OWN_EVENTS {
        let kind = conditions::event_name(event.name);
        let wanted = first(event.name);
        if wanted == first(kind) && own.iter().all(|row| row.get("matches") != Some(&json!(format!("^{kind}$")))) {
            continue;
        }
        let value = wanted.and_then(|at| rows.get(at)).and_then(|row| row.get("value"));
        let row = json!({ "matches": format!("^{kind}$"), "value": value });
        let is_of_two_minds = own.iter().any(|other| other.get("matches") == row.get("matches") && *other != row);
        if value.is_none_or(|value| value.as_str().is_some_and(|text| text.contains('$'))) || is_of_two_minds {
            return Err(format!("its table tells {} from others, which has another name here: make a trigger of it", event.name));
        }
        if !own.contains(&row) {
            own.push(row);
        }
    }
    Ok(own)
}
