//! Lookup and regular-expression tables.

use super::{Variables, set};
use crate::import::conditions;
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
    let mut definition = json!({ "kind": "regex-table", "input": input, "rows": rows });
    for (key, is) in [("ignoreCase", ignore_case), ("full", params.is_true("fullMatch"))] {
        if !is {
            set(&mut definition, key, false.into());
        }
    }
    Ok(definition)
}
