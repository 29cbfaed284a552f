//! Triggers on what is seen on the page.

use super::Members;
use crate::import::parse::{Params, Trigger};
use crate::import::report::Notes;
use crate::import::words::{selector_of, word};
use serde_json::{Value, json};

/// The kind of trigger, and what it asks for.
pub(super) fn members(trigger: &Trigger, notes: &mut Notes) -> Result<Vec<Members>, String> {
    let params = &trigger.params;
    let one = match word(&trigger.kind).as_str() {
        "pageview" => json!({ "kind": "page-view" }),
        "domready" => json!({ "kind": "dom-ready" }),
        "windowloaded" => json!({ "kind": "window-loaded" }),
        "init" => json!({ "kind": "initialization" }),
        "consentinit" => json!({ "kind": "consent-initialization" }),
        "click" => json!({ "kind": "click", "on": "all" }),
        "linkclick" => {
            waiting(trigger, notes, "link");
            json!({ "kind": "click", "on": "links" })
        }
        "formsubmission" => {
            waiting(trigger, notes, "form");
            json!({ "kind": "form-submit" })
        }
        "historychange" => json!({ "kind": "history" }),
        "jserror" => json!({ "kind": "error" }),
        "elementvisibility" => visibility(params, notes)?,
        "timer" => timer(trigger)?,
        "scrolldepth" => return scroll(params, notes),
        "youtubevideo" => {
            return Err("it watches YouTube's frames, and Tidegate <video> and <audio>: push an event from YouTube's API".into());
        }
        kind if kind.starts_with("amp") || kind.starts_with("firebase") || kind == "serverpageview" || kind == "always" => {
            return Err(format!("triggers of the type {} are of other containers than a web page's", trigger.kind));
        }
        _ => return Err(format!("the importer does not know triggers of the type {}", trigger.kind)),
    };
    Ok(one.as_object().cloned().into_iter().collect())
}

fn waiting(trigger: &Trigger, notes: &mut Notes, what: &str) {
    if trigger.wait_for_tags.is_true() {
        notes.change(format!("the {what} does not wait for tags: Tidegate never delays what the browser does"));
    }
    if trigger.check_validation.is_true() {
        notes.change(format!("it fires too where the page keeps the {what} from doing what it does"));
    }
}

fn visibility(params: &Params, notes: &mut Notes) -> Result<Value, String> {
    let selector = match word(params.text("selectorType")).as_str() {
        "id" if params.text("elementId").is_empty() => String::new(),
        "id" => selector_of(params.text("elementId")),
        _ => params.text("elementSelector").to_owned(),
    };
    if selector.is_empty() || selector.contains("{{") {
        return Err("its selector is empty or comes from a variable: write it out".into());
    }
    let once = match word(params.text("firingFrequency")).as_str() {
        "onceperelement" => "element",
        "manyperelement" | "many" => "every",
        _ => "page",
    };
    let mut trigger = json!({ "kind": "visibility", "selector": selector, "once": once });
    let mut put = |key: &str, value: Value| {
        if let Some(members) = trigger.as_object_mut() {
            members.insert(key.into(), value);
        }
    };
    if let Some(percent) = number(params.text("onScreenRatio"), "the share of it that is to be seen", 100)? {
        if percent == 0 {
            notes.change("one percent of it is to be seen, and not none");
        }
        put("percent", percent.max(1).into());
    }
    if params.is_true("useOnScreenDuration")
        && let Some(ms) = number(params.text("onScreenDuration"), "the time for which it is to be seen", 3_600_000)?
        && ms > 0
    {
        put("forMs", ms.into());
    }
    if params.is_true("useDomChangeListener") {
        put("watch", true.into());
    }
    Ok(trigger)
}

fn timer(trigger: &Trigger) -> Result<Value, String> {
    let every = number(&trigger.interval.value, "its interval", 86_400_000)?;
    let Some(every) = every.filter(|every| *every > 0) else {
        return Err("its interval is missing, or 0".into());
    };
    let mut timer = json!({ "kind": "timer", "everyMs": every });
    let times = number(&trigger.limit.value, "its limit", u64::MAX)?.filter(|times| (1..=1_000_000).contains(times));
    if let (Some(times), Some(members)) = (times, timer.as_object_mut()) {
        members.insert("times".into(), times.into());
    }
    Ok(timer)
}

/// One trigger a unit: marks in percent and in pixels are two.
fn scroll(params: &Params, notes: &mut Notes) -> Result<Vec<Members>, String> {
    let mut found: Vec<Members> = Vec::new();
    for direction in ["vertical", "horizontal"] {
        if !params.is_true(&format!("{direction}ThresholdOn")) {
            continue;
        }
        let is_pixels = word(params.text(&format!("{direction}ThresholdUnits"))) == "pixels";
        let (unit, list) = if is_pixels { ("pixels", "Pixels") } else { ("percent", "Percent") };
        let text = params.text(&format!("{direction}Thresholds{list}"));
        let marks = text.split(',').filter_map(|mark| number(mark.trim(), "a mark", 1_000_000).transpose());
        let mut marks = marks.collect::<Result<Vec<_>, _>>()?;
        let all = marks.len();
        marks.retain(|mark| *mark > 0);
        if marks.len() < all {
            notes.change("the mark 0, which every page reaches without a scroll, is left out");
        }
        if marks.is_empty() {
            continue;
        }
        let same = found.iter_mut().find(|trigger| trigger.get("unit").and_then(Value::as_str) == Some(unit));
        match same {
            Some(trigger) => {
                trigger.insert(direction.into(), marks.into());
            }
            None => found.extend(json!({ "kind": "scroll", direction: marks, "unit": unit }).as_object().cloned()),
        }
    }
    if found.is_empty() { Err("it has no marks to scroll to".into()) } else { Ok(found) }
}

/// A whole number that is written out; nothing where there is none.
fn number(text: &str, what: &str, most: u64) -> Result<Option<u64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(number) if number.round() > most as f64 => Err(format!("{what}, {text}, is more than {most}, the most there is")),
        Ok(number) if number >= 0.0 => Ok(Some(number.round() as u64)),
        _ => Err(format!("{what}, {text}, is no number that is written out")),
    }
}
