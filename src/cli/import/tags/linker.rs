//! The Conversion Linker: it keeps the click ids of ads. gtag.js does that for every id that it is set up with.

use super::ga4::add;
use super::{Made, Result, Scope, Without, ads};
use crate::import::consent::Product;
use crate::import::parse::Tag;
use crate::import::words::word;
use serde_json::{Map, Value, json};

pub(super) fn linker(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut parameters = Map::new();
    if scope.is("enableCrossDomain") {
        let mut linker = Map::new();
        let domains = scope.text("linkerDomains");
        match scope.variables.literal(domains) {
            Some(domains) => {
                let list: Vec<&str> = domains.split(',').map(str::trim).filter(|domain| !domain.is_empty()).collect();
                linker.insert("domains".into(), json!(list));
            }
            None => scope.notes.change("its linked domains are left out: write them out"),
        }
        if scope.is("decorateFormsAutoLink") {
            linker.insert("decorate_forms".into(), true.into());
        }
        if word(scope.text("urlPosition")) == "fragment" {
            linker.insert("url_position".into(), "fragment".into());
        }
        add(&mut parameters, "linker", linker);
    }
    if scope.is("enableUrlPassthrough") {
        parameters.insert("url_passthrough".into(), true.into());
    }
    if scope.is("enableCookieOverrides") {
        scope.put_all(
            &mut parameters,
            &[
                ("conversionCookiePrefix", "conversion_cookie_prefix"),
                ("cookieDomain", "cookie_domain"),
                ("cookiePath", "cookie_path"),
            ],
        );
    }
    let live = || scope.version.tag.iter().filter(|tag| !tag.paused);
    if let Some(id) = live().find_map(ads_id).and_then(|id| scope.variables.literal(id)) {
        let mut params = Map::from_iter([("remarketing".to_owned(), Value::from(false))]);
        scope.id(&mut params, "conversionId", &ads::lettered(&id), true)?;
        add(&mut params, "configParameters", parameters);
        return Ok(Made::new("google-ads", params, Product::Ads));
    }
    match live().find(|tag| matches!(word(&tag.kind).as_str(), "googtag" | "gaawc" | "fls" | "flc")) {
        Some(tag) if parameters.is_empty() => {
            Err(Without::Covered(format!("gtag.js keeps click ids itself, for \"{}\" too: it needs no tag of its own", tag.name)))
        }
        Some(tag) => Err(format!("put its settings into the configParameters of \"{}\"", tag.name).into()),
        None => Err("no tag of the container has an id of Google's to keep click ids for".into()),
    }
}

/// The id of a tag of Google Ads.
fn ads_id(tag: &Tag) -> Option<&str> {
    let id = match word(&tag.kind).as_str() {
        "awct" | "awud" | "sp" | "awcc" => tag.params.text("conversionId"),
        "googtag" => Some(tag.params.text("tagId")).filter(|id| id.starts_with("AW-"))?,
        _ => return None,
    };
    (!id.is_empty()).then_some(id)
}
