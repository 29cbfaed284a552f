//! Reading the snippets: which calls they make with what.

use super::Found;
use crate::import::recognise::js::{Expr, Reader, is_letter};
use crate::import::recognise::script::{Script, Step, literal};
use serde_json::{Map, Value};

/// Sorts what is no call of the vendor's: setting up a queue says nothing, anything else is left.
fn beside(step: &Step, global: &str, left: &mut Vec<String>) {
    match step {
        Step::Call(name, _) => left.push(format!("{name}(…)")),
        Step::Set(name, _) if name.contains(global) => {}
        Step::Set(name, _) => left.push(format!("{name} = …")),
        Step::Let(_, value) => {
            if matches!(value, Expr::Call(..) | Expr::New(..)) {
                left.push("a value that is computed".into());
            }
        }
        Step::Other(text) => left.push(text.clone()),
    }
}

fn texts(arguments: &[Expr]) -> Vec<&str> {
    arguments.iter().map_while(Expr::text).collect()
}

fn put(into: &mut Map<String, Value>, key: &str, value: Option<&Expr>) -> Result<(), String> {
    if let Some(value) = value.map(literal).transpose()?
        && !value.is_null()
        && value.as_object().is_none_or(|members| !members.is_empty())
    {
        into.insert(key.to_owned(), value);
    }
    Ok(())
}

pub(super) fn meta(script: &Script) -> Result<Found, String> {
    let (mut found, mut ids) = (Found::default(), Vec::new());
    let mut common = Map::new();
    for step in &script.steps {
        let Step::Call(name, arguments) = step else {
            beside(step, "fbq", &mut found.left);
            continue;
        };
        let (verb, rest) = match arguments.split_first() {
            Some((verb, rest)) if name == "fbq" => (verb.text().unwrap_or(""), rest),
            _ => {
                beside(step, "fbq", &mut found.left);
                continue;
            }
        };
        let (pixel, rest) =
            if verb.starts_with("trackSingle") { (rest.first(), rest.get(1..).unwrap_or(&[])) } else { (None, rest) };
        match verb {
            "init" => {
                ids.push(rest.first().map(literal).transpose()?.ok_or("fbq('init') names no pixel")?);
                put(&mut common, "userData", rest.get(1))?;
                // Meta's script does so unless it is told not to.
                common.entry("autoConfig").or_insert(true.into());
            }
            "set" if rest.first().and_then(Expr::text) == Some("autoConfig") => {
                common.insert("autoConfig".into(), rest.get(1).map(literal).transpose()?.unwrap_or(true.into()));
            }
            "track" | "trackCustom" | "trackSingle" | "trackSingleCustom" => {
                let mut params = Map::new();
                if verb.ends_with("Custom") {
                    params.insert("custom".into(), true.into());
                }
                put(&mut params, "pixelId", pixel)?;
                put(&mut params, "eventName", rest.first())?;
                put(&mut params, "parameters", rest.get(1))?;
                if let Some(Expr::Object(members)) = rest.get(2) {
                    put(&mut params, "eventId", members.iter().find(|(key, _)| key == "eventID").map(|(_, id)| id))?;
                }
                found.tags.push(params);
            }
            _ => found.left.push(format!("fbq('{verb}', …)")),
        }
    }
    if found.tags.is_empty() && ids.is_empty() {
        return Err("it calls the pixel with nothing that is known".into());
    }
    found.tags = with_ids(found.tags, &ids, NOTHING);
    found.tags.iter_mut().for_each(|tag| tag.extend(common.clone()));
    Ok(found)
}

/// What a tag sends that only sets up, and one whose vendor's snippet sends the view of a page.
const NOTHING: &str = "nothing";
const PAGE: &str = "page";

/// A tag that names no event: what fires it is not its own.
fn sending(what: &str) -> Map<String, Value> {
    Map::from_iter([("sends".to_owned(), what.into())])
}

/// Each tag for each pixel that was set up; a snippet that sets none up leaves that open.
fn with_ids(tags: Vec<Map<String, Value>>, ids: &[Value], otherwise: &str) -> Vec<Map<String, Value>> {
    let tags = if tags.is_empty() { vec![sending(otherwise)] } else { tags };
    let mut all = Vec::new();
    for tag in tags {
        if ids.is_empty() || tag.contains_key("pixelId") {
            all.push(tag);
            continue;
        }
        for id in ids {
            let mut tag = tag.clone();
            tag.insert("pixelId".into(), id.clone());
            all.push(tag);
        }
    }
    all
}

pub(super) fn tiktok(script: &Script) -> Result<Found, String> {
    let mut found = Found::default();
    let mut ids = Vec::new();
    let own: Vec<Step> =
        script.loader_calls.iter().map(|(name, arguments)| Step::Call(name.clone(), arguments.clone())).collect();
    for (step, is_loader) in own.iter().map(|step| (step, true)).chain(script.steps.iter().map(|step| (step, false))) {
        match step {
            Step::Call(name, arguments) if name == "ttq.load" => {
                if let Some(id) = arguments.first().map(literal).transpose()? {
                    ids.push(id);
                }
            }
            Step::Call(name, arguments) if name == "ttq.track" => {
                let mut params = Map::new();
                put(&mut params, "eventName", arguments.first())?;
                put(&mut params, "parameters", arguments.get(1))?;
                if let Some(Expr::Object(members)) = arguments.get(2) {
                    put(&mut params, "eventId", members.iter().find(|(key, _)| key == "event_id").map(|(_, id)| id))?;
                }
                found.tags.push(params);
            }
            // What each tag of it sends at its start.
            Step::Call(name, _) if name == "ttq.page" => found.tags.insert(0, sending(PAGE)),
            _ if is_loader => {}
            _ => beside(step, "ttq", &mut found.left),
        }
    }
    found.tags = with_ids(found.tags, &ids, NOTHING);
    Ok(found)
}

pub(super) fn linkedin(script: &Script) -> Result<Found, String> {
    let mut found = Found::default();
    let mut partner = Map::new();
    for step in &script.steps {
        match step {
            Step::Set(name, value) | Step::Let(name, value) if name == "_linkedin_partner_id" => {
                put(&mut partner, "partnerId", Some(value))?
            }
            Step::Call(name, arguments) if name == "lintrk" && texts(arguments).first() == Some(&"track") => {
                let mut params = Map::new();
                conversion(&mut params, arguments.get(1))?;
                found.tags.push(params);
            }
            Step::Call(name, _) if name.ends_with("_linkedin_data_partner_ids.push") => {}
            _ => beside(step, "linkedin", &mut found.left),
        }
    }
    if found.tags.is_empty() {
        found.tags.push(Map::new());
    }
    for tag in &mut found.tags {
        tag.extend(partner.clone());
    }
    Ok(found)
}

/// What a conversion of LinkedIn's is told with; what its template has no name for goes along as it is.
fn conversion(params: &mut Map<String, Value>, told: Option<&Expr>) -> Result<(), String> {
    let Some(Expr::Object(members)) = told else { return Ok(()) };
    let mut others = Map::new();
    for (key, value) in members {
        let own = match key.as_str() {
            "conversion_id" => "conversionId",
            "conversion_value" => "value",
            "currency" => "currency",
            "event_id" => "eventId",
            _ => {
                put(&mut others, key, Some(value))?;
                continue;
            }
        };
        put(params, own, Some(value))?;
    }
    if !others.is_empty() {
        params.insert("parameters".into(), Value::Object(others));
    }
    Ok(())
}

/// The standard snippet hands the project to its loader; others write it into the address.
pub(super) fn clarity(script: &Script, code: &str) -> Result<Found, String> {
    let mut found = Found::default();
    let mut params = Map::new();
    put(&mut params, "projectId", script.loader_arguments.get(4))?;
    if params.is_empty()
        && let Some(id) = code.split("clarity.ms/tag/").nth(1).and_then(|rest| rest.split(['"', '\'', '?', '&']).next())
        && !id.is_empty()
    {
        params.insert("projectId".into(), id.into());
    }
    events(script, "clarity", &params, &mut found)?;
    Ok(found)
}

/// What a script tells of events, `f('event', name)`; one that loads the vendor and tells of none sets it up.
fn events(script: &Script, function: &str, set_up: &Map<String, Value>, found: &mut Found) -> Result<(), String> {
    for step in &script.steps {
        match step {
            Step::Call(name, arguments) if name == function => match arguments.first().and_then(Expr::text) {
                Some("event") => {
                    let mut params = Map::new();
                    put(&mut params, "eventName", arguments.get(1))?;
                    found.tags.push(params);
                }
                verb => found.left.push(format!("{function}('{}', …)", verb.unwrap_or(""))),
            },
            step => beside(step, function, &mut found.left),
        }
    }
    if found.tags.is_empty() {
        if set_up.is_empty() {
            return Err(format!("it makes no call of {function} that a tag makes"));
        }
        found.tags.push(sending(NOTHING));
    }
    found.tags.iter_mut().for_each(|tag| tag.extend(set_up.clone()));
    Ok(())
}

pub(super) fn hotjar(script: &Script, code: &str) -> Result<Found, String> {
    let mut found = Found::default();
    let ids = [("siteId", "hjid"), ("version", "hjsv")];
    let set_up = ids.into_iter().filter_map(|(key, mark)| Some((key.to_owned(), behind(code, mark)?))).collect();
    events(script, "hj", &set_up, &mut found)?;
    Ok(found)
}

pub(super) fn uet(script: &Script, code: &str) -> Result<Found, String> {
    let mut found = Found::default();
    let id = behind(code, "ti");
    for step in &script.steps {
        match step {
            Step::Call(name, arguments) if name == "uetq.push" && texts(arguments).first() == Some(&"event") => {
                let mut params = Map::new();
                put(&mut params, "eventName", arguments.get(1))?;
                put(&mut params, "parameters", arguments.get(2))?;
                found.tags.push(params);
            }
            _ => beside(step, "uetq", &mut found.left),
        }
    }
    if found.tags.is_empty() {
        if id.is_none() {
            return Err("it makes no call of uetq that a tag makes".into());
        }
        found.tags.push(sending(NOTHING));
    }
    if let Some(id) = id {
        found.tags.iter_mut().for_each(|tag| drop(tag.insert("tagId".into(), id.clone())));
    }
    Ok(found)
}

/// A value behind its name, as `hjid:123` or `ti:"123"`.
fn behind(code: &str, mark: &str) -> Option<Value> {
    code.match_indices(mark).find_map(|(at, _)| {
        let before = code.get(..at)?.chars().next_back();
        if before.is_some_and(is_letter) {
            return None;
        }
        let rest = code.get(at + mark.len()..)?.trim_start_matches(['"', '\'']).trim_start().strip_prefix([':', '='])?;
        let mut reader = Reader::new(rest);
        match literal(&reader.expression()?).ok()? {
            Value::String(text) => Some(text.into()),
            Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        }
    })
}

pub(super) fn queue(script: &Script, function: &str, init: &[&str], id: &str) -> Result<Found, String> {
    let mut found = Found::default();
    let mut common = Map::new();
    let mut is_page_view_sent = false;
    for step in &script.steps {
        let (verb, rest) = match step {
            Step::Call(name, arguments) if name == function => match arguments.split_first() {
                Some((verb, rest)) => (verb.text().unwrap_or(""), rest),
                None => continue,
            },
            _ => {
                beside(step, function, &mut found.left);
                continue;
            }
        };
        match verb {
            _ if init.contains(&verb) => {
                put(&mut common, id, rest.first())?;
                put(&mut common, "userData", rest.get(1))?;
            }
            // Its template makes this call when it sets up.
            "page" => {}
            "track" | "event" if rest.first().and_then(Expr::text).is_some_and(is_page_view) => is_page_view_sent = true,
            "track" | "event" => {
                let mut params = Map::new();
                put(&mut params, "eventName", rest.first())?;
                put(&mut params, "parameters", rest.get(1))?;
                found.tags.push(params);
            }
            _ => found.left.push(format!("{function}('{verb}', …)")),
        }
    }
    if is_page_view_sent {
        found.tags.insert(0, sending(PAGE));
    }
    if found.tags.is_empty() {
        if common.is_empty() {
            return Err("it calls the pixel with nothing that is known".into());
        }
        found.tags.push(sending(NOTHING));
    }
    found.tags.iter_mut().for_each(|tag| tag.extend(common.clone()));
    Ok(found)
}

/// Whether an event is a vendor's name for the view of a page, which its template sends by itself.
pub(crate) fn is_page_view(event: &str) -> bool {
    matches!(event.to_lowercase().replace(['_', ' '], "").as_str(), "" | "pageview" | "pagevisit" | "pageload" | "page")
}
