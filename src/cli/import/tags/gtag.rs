//! Google's own snippet, `gtag(…)`, in custom HTML.

use super::ga4::{self, add};
use super::scope::{Made, Result, Scope};
use crate::import::consent::Product;
use crate::import::recognise::js::Expr;
use crate::import::recognise::script::{Script, Step, literal};
use serde_json::{Map, Value};

/// The tags that the calls of a script make; nothing where it calls no `gtag`.
pub(super) fn calls(scope: &mut Scope<'_, '_>, script: &Script) -> Option<Result<Vec<Made>>> {
    let is_gtag = |step: &Step| matches!(step, Step::Call(name, _) if name == "gtag");
    script.steps.iter().any(is_gtag).then(|| made(scope, script))
}

fn made(scope: &mut Scope<'_, '_>, script: &Script) -> Result<Vec<Made>> {
    let (mut all, mut ids) = (Vec::new(), Vec::new());
    for step in &script.steps {
        let arguments = match step {
            Step::Call(name, arguments) if name == "gtag" => arguments,
            Step::Set(name, _) if name == "dataLayer" || name == "gtag" => continue,
            Step::Let(..) => continue,
            Step::Call(name, _) | Step::Set(name, _) | Step::Other(name) => {
                scope.notes.change(format!("{name} in it is left out"));
                continue;
            }
        };
        if arguments.first().and_then(Expr::text) == Some("js") {
            continue;
        }
        let mut arguments = arguments.clone();
        for argument in &mut arguments {
            if let Expr::Object(members) = argument {
                let all = members.len();
                members.retain(|(key, _)| key != "event_callback");
                if members.len() < all {
                    scope.notes.change("what the page was to do afterwards is left out");
                }
            }
        }
        let values: Vec<Value> = arguments.iter().map(literal).collect::<std::result::Result<_, _>>()?;
        let text = |at: usize| values.get(at).and_then(Value::as_str).unwrap_or("");
        let members = match values.get(2).and_then(|value| scope.variables.fill_all(value, scope.notes)) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        match text(0) {
            "config" => {
                ids.push(text(1).to_owned());
                all.extend(config(scope, text(1), members)?);
            }
            "event" => all.extend(event(scope, text(1), members, &ids)?),
            "consent" => scope.notes.change("what it says of consent is left out: consent.googleConsentMode tells Google"),
            verb => scope.notes.change(format!("gtag('{verb}', …) in it is left out")),
        }
    }
    if all.is_empty() { Err("it makes no call of Google's that a tag makes".into()) } else { Ok(all) }
}

fn config(scope: &mut Scope<'_, '_>, id: &str, mut settings: Map<String, Value>) -> Result<Option<Made>> {
    let mut params = Map::new();
    if id.starts_with("DC-") {
        scope.notes.remark("each Floodlight tag sets up its advertiser itself");
        return Ok(None);
    }
    let sends_page_view = settings.remove("send_page_view") != Some(Value::from(false));
    if id.starts_with("AW-") {
        scope.id(&mut params, "conversionId", id, true)?;
        params.insert("remarketing".into(), sends_page_view.into());
        add(&mut params, "configParameters", settings);
        return Ok(Some(Made::new("google-ads", params, Product::Ads).sending(if sends_page_view { "page" } else { "nothing" })));
    }
    scope.id(&mut params, "measurementId", id, true)?;
    params.insert("sendPageView".into(), sends_page_view.into());
    params.extend(settings.remove("user_id").map(|user| ("userId".to_owned(), user)));
    add(&mut params, "configParameters", settings);
    Ok(Some(Made::new("ga4", params, Product::Analytics).sending("nothing")))
}

fn event(scope: &mut Scope<'_, '_>, name: &str, mut members: Map<String, Value>, ids: &[String]) -> Result<Vec<Made>> {
    let sent_to = members.remove("send_to").and_then(|to| to.as_str().map(str::to_owned));
    if let Some((id, label)) = sent_to.as_deref().filter(|to| to.starts_with("AW-")).and_then(|to| to.split_once('/')) {
        let mut params = Map::new();
        scope.id(&mut params, "conversionId", id, true)?;
        params.insert("conversionLabel".into(), label.into());
        for (own, key) in [("value", "value"), ("currency", "currency"), ("transaction_id", "transactionId"), ("items", "items")]
        {
            params.extend(members.remove(own).map(|value| (key.to_owned(), value)));
        }
        add(&mut params, "parameters", members);
        return Ok(vec![Made::new("google-ads", params, Product::Ads)]);
    }
    let to_analytics = |id: &String| id.starts_with("G-") || id.starts_with("GT-");
    // Without `send_to` Google's script sends it to all that it was set up with.
    let mut targets: Vec<String> = match sent_to.filter(to_analytics) {
        Some(id) => vec![id],
        None => ids.iter().filter(|id| to_analytics(id)).cloned().collect(),
    };
    if ids.iter().any(|id| id.starts_with("AW-")) && !targets.is_empty() {
        scope
            .notes
            .change(format!("its event {name} goes to Google Analytics, and not to Google Ads: write a google-ads tag for it"));
    }
    if targets.is_empty() {
        targets = ga4::google_tags(scope);
    }
    if targets.is_empty() {
        return Err(format!("no Google tag of the container says where its event {name} goes").into());
    }
    let made = |id: String| {
        let mut params = Map::new();
        scope.id(&mut params, "measurementId", &id, true)?;
        scope.required(&mut params, "eventName", name)?;
        ga4::add_settings_of_google_tag(scope, &mut params);
        add(&mut params, "eventParameters", members.clone());
        Ok(Made::new("ga4", params, Product::Analytics))
    };
    targets.into_iter().map(made).collect()
}
