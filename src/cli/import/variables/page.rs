//! Variables of the page: its address, cookies, elements and globals.

use super::Variables;
use crate::import::parse::Params;
use crate::import::report::Notes;
use crate::import::words::{selector_of, word};
use serde_json::{Value, json};

/// A part of an address: the page's, the referrer's, or one that a variable holds.
pub(super) fn url(variables: &mut Variables<'_>, kind: &str, params: &Params, notes: &mut Notes) -> Result<Value, String> {
    let mut definition = part(kind, params)?;
    let source = params.text("customUrlSource");
    if !source.is_empty() {
        super::set(&mut definition, "of", variables.input(source)?.into());
    }
    if params.find("defaultPages").is_some_and(|pages| !pages.list.is_empty() || !pages.value.is_empty()) {
        notes.change("its default pages stay in the path");
    }
    if definition.get("key").is_none() {
        return Ok(definition);
    }
    if params.is_true("multiQueryKeys") {
        return Ok(first_of(variables, definition, params, notes));
    }
    if params.is_true("ignoreEmptyQueryParam") {
        notes.change("an empty value of the query stays an empty text");
    }
    Ok(definition)
}

/// The value of the first of several keys of the query: a table for each key, which goes on to the next where there is nothing.
fn first_of(variables: &mut Variables<'_>, definition: Value, params: &Params, notes: &mut Notes) -> Value {
    let keys = params.text("queryKey").split(',').map(str::trim).filter(|key| !key.is_empty());
    let mut all = keys.rev().map(|key| {
        let mut one = definition.clone();
        super::set(&mut one, "key", key.into());
        (key, one)
    });
    let mut found = all.next().map_or(definition.clone(), |(_, last)| last);
    for (key, one) in all {
        if !params.is_true("ignoreEmptyQueryParam") {
            notes.change("a key of the query without a value counts as none");
        }
        let otherwise = variables.add(found, &format!("query behind {key}"));
        let input = variables.add(one, &format!("query {key}"));
        let rows = json!([
            { "matches": "^$", "value": format!("{{{{{otherwise}}}}}") },
            { "matches": "^[\\s\\S]*$", "value": format!("{{{{{input}}}}}") },
        ]);
        found = json!({ "kind": "regex-table", "input": input, "rows": rows });
    }
    found
}

/// The part that a component names.
pub(super) fn part(kind: &str, params: &Params) -> Result<Value, String> {
    let mut definition = json!({ "kind": kind });
    let part = match word(params.text("component")).as_str() {
        "" | "url" => "url",
        "protocol" => "protocol",
        "host" => "host",
        "port" => "port",
        "path" => "path",
        "extension" => "extension",
        "query" => "query",
        "fragment" => "fragment",
        other => return Err(format!("the importer does not know the part {other} of an address")),
    };
    super::set(&mut definition, "part", part.into());
    let key = params.text("queryKey");
    if part == "query" && !key.is_empty() {
        if key.contains("{{") {
            return Err("the key of the query comes from a variable: write it out".into());
        }
        super::set(&mut definition, "key", key.into());
    }
    if part == "host" && params.is_true("stripWww") {
        super::set(&mut definition, "stripWww", true.into());
    }
    Ok(definition)
}

pub(super) fn cookie(params: &Params) -> Result<Value, String> {
    let name = literal(params.text("name"), "the cookie's name")?;
    Ok(json!({ "kind": "cookie", "name": name, "decode": params.is_true("decodeCookie") }))
}

pub(super) fn global(params: &Params) -> Result<Value, String> {
    Ok(json!({ "kind": "global", "path": literal(params.text("name"), "the global's name")? }))
}

pub(super) fn element(params: &Params) -> Result<Value, String> {
    let selector = match word(params.text("selectorType")).as_str() {
        "css" => literal(params.text("elementSelector"), "the selector")?.to_owned(),
        _ => selector_of(literal(params.text("elementId"), "the element's id")?),
    };
    let mut definition = json!({ "kind": "element", "selector": selector });
    let attribute = params.text("attributeName");
    if !attribute.is_empty() {
        super::set(&mut definition, "attribute", literal(attribute, "the attribute's name")?.into());
    }
    Ok(definition)
}

pub(super) fn random(params: &Params) -> Result<Value, String> {
    let mut definition = json!({ "kind": "random" });
    let [mut min, mut max] = [0, i32::MAX as u64];
    for (key, bound) in [("min", &mut min), ("max", &mut max)] {
        let text = params.text(key);
        if text.is_empty() {
            continue;
        }
        let number = text.parse().ok().filter(|number| *number <= i32::MAX as u64);
        *bound = number.ok_or_else(|| format!("its {key}, {text}, is no whole number from 0 to {}", i32::MAX))?;
        // 0 is the smallest unless another is named.
        if *bound > 0 {
            super::set(&mut definition, key, (*bound).into());
        }
    }
    if max == 0 || min > max {
        return Err("no number is between its bounds".into());
    }
    Ok(definition)
}

fn literal<'a>(text: &'a str, what: &str) -> Result<&'a str, String> {
    if text.is_empty() || text.contains("{{") {
        return Err(format!("{what} is empty or comes from a variable: write it out"));
    }
    Ok(text)
}
