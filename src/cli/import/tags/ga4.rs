//! Google Analytics 4, and the Google tag that everything of Google's may stand behind.

use super::{Made, Result, Scope, Without, ads};
use crate::import::consent::Product;
use crate::import::parse::Tag;
use crate::import::references::only;
use crate::import::words::word;
use serde_json::{Map, Value, json};

/// `gaawe`: an event.
pub(super) fn event(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    let id = measurement_id(scope);
    scope.id(&mut params, "measurementId", &id, true)?;
    scope.required(&mut params, "eventName", scope.text("eventName"))?;
    add_settings_of_google_tag(scope, &mut params);
    let mut parameters = settings(scope, "eventSettingsVariable");
    parameters.extend(scope.table("eventParameters", ["name", "value"]));
    parameters.extend(scope.table("eventSettingsTable", ["parameter", "parameterValue"]));
    if scope.is("enhancedUserId") {
        scope.put_all(&mut parameters, &[("userDataVariable", "user_data")]);
    }
    if scope.is("sendEcommerceData") {
        ecommerce(scope, &mut params, &parameters);
    }
    add(&mut params, "eventParameters", parameters);
    let properties = scope.table("userProperties", ["name", "value"]);
    add(&mut params, "userProperties", properties);
    Ok(Made::new("ga4", params, Product::Analytics))
}

/// The members of the data layer's `ecommerce`, which stand behind parameters of the tag's own.
fn ecommerce(scope: &mut Scope<'_, '_>, params: &mut Map<String, Value>, parameters: &Map<String, Value>) {
    let from = scope.text("ecommerceMacroData");
    let object = if word(scope.text("getEcommerceDataFrom")) == "datalayer" || from.is_empty() {
        let id = scope.variables.shared("ecommerce object", json!({ "kind": "data", "path": "ecommerce" }));
        format!("{{{{{id}}}}}")
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
    match scope.version.tag.iter().find(|tag| tag.name == param.value) {
        Some(tag) => id_of(tag).to_owned(),
        None if param.is_tag_reference() => String::new(),
        None => param.value.clone(),
    }
}

/// The id that a Google tag sets up.
fn id_of(tag: &Tag) -> &str {
    Some(tag.params.text("tagId")).filter(|id| !id.is_empty()).unwrap_or_else(|| tag.params.text("measurementId"))
}

/// Google's script keeps what a Google tag sets up for the events of the same id; in Tidegate each tag sets up what it needs.
pub(super) fn add_settings_of_google_tag(scope: &mut Scope<'_, '_>, params: &mut Map<String, Value>) {
    let id = params.get("measurementId").and_then(Value::as_str).map(str::to_owned);
    for tag in scope.version.tag.iter().filter(|tag| !tag.paused && is_google_tag(tag)) {
        if scope.variables.literal(id_of(tag)) != id {
            continue;
        }
        let all = scope.of_other(tag, all_settings);
        add_settings(params, all);
        params.remove("sendPageView");
        return;
    }
}

/// The ids of Analytics that the container's Google tags set up.
pub(super) fn google_tags(scope: &mut Scope<'_, '_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for tag in scope.version.tag.iter().filter(|tag| !tag.paused && is_google_tag(tag)) {
        let id = scope.variables.literal(id_of(tag)).filter(|id| id.starts_with("G-") || id.starts_with("GT-"));
        ids.extend(id.filter(|id| !ids.contains(id)));
    }
    ids
}

fn is_google_tag(tag: &Tag) -> bool {
    matches!(word(&tag.kind).as_str(), "googtag" | "gaawc")
}

/// `googtag`, and `gaawc` before it: by its id of Analytics, Ads or Floodlight.
pub(super) fn google_tag(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let id = id_of(scope.tag);
    let literal = scope.variables.literal(id).unwrap_or_default();
    match literal.split('-').next() {
        Some("AW") => {
            let all = all_settings(scope);
            return ads::google_tag(scope, id, all);
        }
        Some("DC") => return Err(Without::Covered("each Floodlight tag sets up its advertiser itself".into())),
        _ => {}
    }
    let mut params = Map::new();
    scope.id(&mut params, "measurementId", id, true)?;
    params.insert("sendPageView".into(), true.into());
    let all = all_settings(scope);
    add_settings(&mut params, all);
    let properties = scope.table("userProperties", ["name", "value"]);
    add(&mut params, "userProperties", properties);
    Ok(Made::new("ga4", params, Product::Analytics).sending("nothing"))
}

/// Everything that a Google tag sets up.
fn all_settings(scope: &mut Scope<'_, '_>) -> Map<String, Value> {
    let mut all = settings(scope, "configSettingsVariable");
    all.extend(settings(scope, "eventSettingsVariable"));
    all.extend(scope.table("eventSettingsTable", ["parameter", "parameterValue"]));
    all.extend(scope.table("configSettingsTable", ["parameter", "parameterValue"]));
    all.extend(scope.table("fieldsToSet", ["name", "value"]));
    if scope.is("enableSendToServerContainer") {
        scope.put_all(&mut all, &[("serverContainerUrl", "server_container_url")]);
    }
    scope.put_all(&mut all, &[("sendPageView", "send_page_view")]);
    all.into_iter().map(|(key, value)| (key, flag(value))).collect()
}

fn add_settings(params: &mut Map<String, Value>, mut settings: Map<String, Value>) {
    for (own, key) in [("send_page_view", "sendPageView"), ("user_id", "userId")] {
        if let Some(value) = settings.remove(own) {
            params.insert(key.into(), value);
        }
    }
    add(params, "configParameters", settings);
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
