//! Data-layer variables. GTM keeps what it observed in the data layer too, under `gtm.`; in Tidegate these are facts of the occasion.

use crate::import::parse::Params;
use crate::import::report::Notes;
use serde_json::{Value, json};

pub(super) fn layer(params: &Params, notes: &mut Notes) -> Result<Value, String> {
    let name = params.text("name").trim();
    if name.is_empty() || name.contains("{{") {
        return Err("its path is empty or comes from a variable: write it out".into());
    }
    if name == "event" {
        return Ok(json!({ "kind": "event", "path": "event" }));
    }
    if let Some(own) = name.strip_prefix("gtm.") {
        return fact(own).map(|path| json!({ "kind": "property", "path": path }));
    }
    if params.text("dataLayerVersion") == "1" {
        if name.contains('.') {
            notes.change("version 1 of the data layer looked for a key with dots in it; this is a path");
        } else {
            notes.remark("objects of several pushes are merged, which version 1 of the data layer did not do");
        }
    }
    Ok(json!({ "kind": "data", "path": name }))
}

/// The fact that one of GTM's own keys stands for.
pub(crate) fn fact(key: &str) -> Result<String, String> {
    let plain = match key {
        "element" => "element",
        "elementClasses" => "element.classes",
        "elementId" => "element.id",
        "elementTarget" => "element.target",
        "elementUrl" => "element.url",
        "elementText" => "element.text",
        "scrollThreshold" => "mark",
        "scrollUnits" => "unit",
        "scrollDirection" => "direction",
        "visibleRatio" => "percent",
        "visibleTime" => "ms",
        "newUrl" | "errorUrl" | "videoUrl" => "url",
        "oldUrl" => "oldUrl",
        "newUrlFragment" => "fragment",
        "oldUrlFragment" => "oldFragment",
        "newHistoryState" => "state",
        "oldHistoryState" => "oldState",
        "historyChangeSource" => "source",
        "errorMessage" => "message",
        "errorLineNumber" => "line",
        "timerEventNumber" => "number",
        "timerElapsedTime" => "ms",
        "videoProvider" => "provider",
        "videoStatus" => "status",
        "videoTitle" => "title",
        "videoDuration" => "duration",
        "videoCurrentTime" => "currentTime",
        "videoPercent" => "percent",
        _ => {
            return element(key).ok_or_else(|| format!("gtm.{key} is Google Tag Manager's own, and Tidegate has no fact for it"));
        }
    };
    Ok(plain.to_owned())
}

/// A member of the element that was seen.
fn element(key: &str) -> Option<String> {
    let member = key.strip_prefix("element.")?;
    let plain = match member {
        "id" => "element.id",
        "className" => "element.classes",
        "innerText" | "textContent" | "text" => "element.text",
        "href" | "src" | "action" => "element.url",
        "target" => "element.target",
        "name" => "element.name",
        "tagName" | "nodeName" => "element.tag",
        _ => {
            let attribute = match (member.strip_prefix("dataset."), member.strip_prefix("attributes.")) {
                (Some(name), _) => data_attribute(name),
                (_, Some(name)) => name.strip_suffix(".value").or(name.strip_suffix(".nodeValue"))?.to_owned(),
                _ => return None,
            };
            return (!attribute.contains('.')).then(|| format!("element.attributes.{attribute}"));
        }
    };
    Some(plain.to_owned())
}

/// `itemId` of a `dataset` is the attribute `data-item-id`.
pub(crate) fn data_attribute(name: &str) -> String {
    let mut attribute = String::from("data-");
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            attribute.push('-');
        }
        attribute.push(letter.to_ascii_lowercase());
    }
    attribute
}
