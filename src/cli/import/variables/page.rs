//! Variables of the page: its address, cookies, elements and globals.

use super::Variables;
use crate::import::parse::Params;
use crate::import::words::{selector_of, word};
use serde_json::{Value, json};

/// A part of an address: the page's, the referrer's, or one that a variable holds.
pub(super) fn url(variables: &mut Variables<'_>, kind: &str, params: &Params) -> Result<Value, String> {
    let mut definition = part(kind, params)?;
    let source = params.text("customUrlSource");
    if !source.is_empty() {
        super::set(&mut definition, "of", variables.input(source)?.into());
    }
    Ok(definition)
}

/// The part that a component names.
pub(super) fn part(kind: &str, params: &Params) -> Result<Value, String> {
    let mut definition = json!({ "kind": kind });
    let part = match word(params.text("component")).as_str() {
        "" | "url" => return Ok(definition),
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

fn literal<'a>(text: &'a str, what: &str) -> Result<&'a str, String> {
    if text.is_empty() || text.contains("{{") {
        return Err(format!("{what} is empty or comes from a variable: write it out"));
    }
    Ok(text)
}
