//! Google Analytics 4, and the Google tag that everything of Google's may stand behind.

use super::{Made, Result, Scope, ads, floodlight};
use crate::import::consent::Product;
use crate::import::references::only;
use crate::import::words::word;
use serde_json::{Map, Value, json};

/// `gaawe`: an event.
pub(super) fn event(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    let id = measurement_id(scope);
    scope.required(&mut params, "measurementId", &id)?;
    let name = scope.text("eventName");
    scope.required(&mut params, "eventName", name)?;
    let mut parameters = settings(scope, "eventSettingsVariable");
    parameters.extend(scope.table("eventParameters", ["name", "value"]));
    parameters.extend(scope.table("eventSettingsTable", ["parameter", "parameterValue"]));
    if scope.is("enhancedUserId") {
        let user_data = scope.text("userDataVariable");
        scope.put(&mut parameters, "user_data", user_data);
    }
    if scope.is("sendEcommerceData") {
        ecommerce(scope, &mut params, &parameters);
    }
    add(&mut params, "eventParameters", parameters);
    let properties = scope.table("userProperties", ["name", "value"]);
    add(&mut params, "userProperties", properties);
    Ok(Made { template: "ga4", params, product: Product::Analytics })
}

/// The members of the data layer's `ecommerce`, which stand behind parameters of the tag's own.
fn ecommerce(scope: &mut Scope<'_, '_>, params: &mut Map<String, Value>, parameters: &Map<String, Value>) {
    let from = scope.text("ecommerceMacroData");
    let object = if word(scope.text("getEcommerceDataFrom")) == "datalayer" || from.is_empty() {
        format!("{{{{{}}}}}", scope.variables.shared("ecommerce object", json!({ "kind": "data", "path": "ecommerce" })))
    } else {
        match scope.variables.fill(from) {
            Ok(Value::String(reference)) => reference,
            Ok(_) => return scope.notes.change("the e-commerce data is left out: it is no variable of the page's"),
            Err(why) => return scope.notes.change(format!("the e-commerce data is left out, since {why}")),
        }
    };
    let key = if parameters.is_empty() { "eventParameters" } else { "ecommerce" };
    params.insert(key.into(), object.into());
}

/// The id itself, or that of the tag that is named instead.
fn measurement_id(scope: &Scope<'_, '_>) -> String {
    let own = scope.text("measurementIdOverride");
    if !own.is_empty() {
        return own.to_owned();
    }
    let Some(param) = scope.tag.params.find("measurementId") else { return String::new() };
    let named = scope.version.tag.iter().find(|tag| tag.name == param.value);
    match named {
        Some(tag) if tag.params.text("tagId").is_empty() => tag.params.text("measurementId").to_owned(),
        Some(tag) => tag.params.text("tagId").to_owned(),
        None if param.is_tag_reference() => String::new(),
        None => param.value.clone(),
    }
}

/// `gaawc`: what `googtag` has superseded.
pub(super) fn config(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut settings = scope.table("fieldsToSet", ["name", "value"]);
    if scope.is("enableSendToServerContainer") {
        scope.put_all(&mut settings, &[("serverContainerUrl", "server_container_url")]);
    }
    let page_view = scope.text("sendPageView");
    scope.put(&mut settings, "send_page_view", page_view);
    let id = scope.text("measurementId");
    let mut made = ga4_config(scope, id, settings)?;
    let properties = scope.table("userProperties", ["name", "value"]);
    add(&mut made.params, "userProperties", properties);
    Ok(made)
}

/// `googtag`: by its id of Analytics, Ads or Floodlight.
pub(super) fn google_tag(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let id = scope.text("tagId");
    let mut all = settings(scope, "configSettingsVariable");
    all.extend(settings(scope, "eventSettingsVariable"));
    all.extend(scope.table("eventSettingsTable", ["parameter", "parameterValue"]));
    all.extend(scope.table("configSettingsTable", ["parameter", "parameterValue"]));
    let literal = scope.variables.literal(id).unwrap_or_default();
    match literal.split('-').next() {
        Some("AW") => ads::google_tag(scope, id, all),
        Some("DC") => floodlight::google_tag(scope, id, all),
        _ => ga4_config(scope, id, all),
    }
}

fn ga4_config(scope: &mut Scope<'_, '_>, id: &str, mut settings: Map<String, Value>) -> Result<Made> {
    let mut params = Map::new();
    scope.required(&mut params, "measurementId", id)?;
    for (own, key) in [("send_page_view", "sendPageView"), ("user_id", "userId")] {
        if let Some(value) = settings.remove(own) {
            params.insert(key.into(), flag(value));
        }
    }
    let settings = settings.into_iter().map(|(key, value)| (key, flag(value))).collect();
    add(&mut params, "configParameters", settings);
    Ok(Made { template: "ga4", params, product: Product::Analytics })
}

/// Google's script takes these words of a settings table for flags.
fn flag(value: Value) -> Value {
    match value.as_str() {
        Some("true") => json!(true),
        Some("false") => json!(false),
        _ => value,
    }
}

/// The members of a settings variable that the tag names.
fn settings(scope: &mut Scope<'_, '_>, key: &str) -> Map<String, Value> {
    let text = scope.text(key);
    let mut found = Map::new();
    if only(text).is_none() {
        return found;
    }
    scope.put(&mut found, key, text);
    match found.remove(key) {
        Some(Value::Object(members)) => members,
        Some(_) => {
            scope.notes.change(format!("\"{key}\" is left out: {text} holds no table of settings"));
            Map::new()
        }
        None => Map::new(),
    }
}

pub(super) fn add(params: &mut Map<String, Value>, key: &str, members: Map<String, Value>) {
    if !members.is_empty() {
        params.insert(key.to_owned(), Value::Object(members));
    }
}
