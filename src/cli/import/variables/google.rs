//! Settings of Google tags, user-provided data, and variables of templates from the gallery.

use super::{Made, Meaning, Variables};
use crate::import::gallery;
use crate::import::parse::{Params, Variable, Version};
use crate::import::references::only;
use crate::import::report::Notes;
use crate::import::words::word;
use serde_json::{Map, Value, json};

/// A table of settings: an object that tags take up.
pub(super) fn settings(variables: &mut Variables<'_>, params: &Params, table: &str) -> Made {
    let mut members = Map::new();
    let mut lost = Vec::new();
    for (key, value) in params.rows(table, ["parameter", "parameterValue"]) {
        let Some(key) = variables.literal(&key) else {
            lost.push(format!("the value {value} is left out, since its name, {key}, is known on the page only"));
            continue;
        };
        match variables.fill(&value) {
            Ok(value) => {
                members.insert(key, value);
            }
            Err(why) => lost.push(format!("\"{key}\" is left out, since {why}")),
        }
    }
    for (key, value) in params.rows("userProperties", ["name", "value"]) {
        lost.push(format!("the user property \"{key}\" is left out: set it in the tag, as {value}"));
    }
    Made::Object(members, lost)
}

/// What a visitor told of themselves, in the shape that gtag.js takes.
pub(super) fn user_data(variables: &mut Variables<'_>, params: &Params) -> Result<Made, String> {
    match word(params.text("mode")).as_str() {
        "auto" => return Err("Google's script looks for user data by itself, which Tidegate does not: name each value".into()),
        "code" => {
            // The one parameter that is a reference is where the data comes from.
            let source =
                params.0.iter().find_map(|param| only(&param.value)).ok_or("it names no variable to take the data from")?;
            return match variables.meaning(source) {
                Meaning::Variable(id) => Ok(Made::Definition(json!({ "kind": "constant", "value": format!("{{{{{id}}}}}") }))),
                Meaning::Object(members, lost) => Ok(Made::Object(members, lost)),
                Meaning::Test(_) => Err("it takes its data from a test".into()),
                Meaning::Nothing(why) => Err(why),
            };
        }
        _ => {}
    }
    let (mut members, mut address, mut lost) = (Map::new(), Map::new(), Vec::new());
    for (key, own) in [
        ("email", "email"),
        ("phone_number", "phone_number"),
        ("first_name", "first_name"),
        ("last_name", "last_name"),
        ("street", "street"),
        ("city", "city"),
        ("region", "region"),
        ("country", "country"),
        ("postal_code", "postal_code"),
    ] {
        let text = params.text(key);
        if text.is_empty() {
            continue;
        }
        let place = if matches!(key, "email" | "phone_number") { &mut members } else { &mut address };
        match variables.fill(text) {
            Ok(value) => {
                place.insert(own.into(), value);
            }
            Err(why) => lost.push(format!("\"{key}\" of the user data is left out, since {why}")),
        }
    }
    if !address.is_empty() {
        members.insert("address".into(), Value::Object(address));
    }
    Ok(Made::Object(members, lost))
}

/// A variable of a template that is known by where it comes from.
pub(super) fn from_gallery(version: &Version, variable: &Variable, notes: &mut Notes) -> Result<Value, String> {
    let Some(template) = gallery::template(version, &variable.kind) else {
        return Err("its custom template is not in the export".into());
    };
    let source = gallery::source(template);
    match source.as_str() {
        _ if source.contains("unique-event-id") => Ok(json!({ "kind": "event", "path": "messageId" })),
        "gtm-templates-knowit-experience/gtm-ga4-ecom-items-dlv-version-1-variable" => {
            let member = Some(variable.params.text("ecomParam")).filter(|member| !member.is_empty()).unwrap_or("items");
            if variable.params.is_true("removeNullfromItems") {
                notes.change("null and empty members of items stay");
            }
            notes.remark("objects of several pushes are merged, which version 1 of the data layer did not do");
            Ok(json!({ "kind": "data", "path": format!("ecommerce.{member}") }))
        }
        _ => Err(format!(
            "the code of the template {} is not run here: push the value to the data layer, or write a variable for it",
            template.name
        )),
    }
}
