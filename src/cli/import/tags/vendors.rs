//! Vendors that Google Tag Manager has a type of its own for.

use super::{Made, Result, Scope};
use crate::import::consent::Product;
use serde_json::Map;

pub(super) fn vendor(scope: &mut Scope<'_, '_>, kind: &str) -> Result<Made> {
    use Product::{Ads, Analytics};
    let (template, product, required, keys): (_, _, _, &[(&str, &str)]) = match kind {
        "hjtc" => ("hotjar", Analytics, ("siteId", &["hotjar_site_id"][..]), &[]),
        "baut" => ("microsoft-ads", Ads, ("tagId", &["tagId", "c_tagId"][..]), &[]),
        "bzi" => ("linkedin", Ads, ("partnerId", &["id", "partnerId"][..]), &[("conversionId", "conversionId")]),
        "twitterwebsitetag" => ("x", Ads, ("pixelId", &["twitter_pixel_id"][..]), &[]),
        "pntr" => ("pinterest", Ads, ("tagId", &["tagId", "pinterestTagId", "tag_id"][..]), &[]),
        _ => ("criteo", Ads, ("partnerId", &["tagAccount", "accountId", "partnerId"][..]), &[]),
    };
    let mut params = Map::new();
    let (key, own) = required;
    let text = own.iter().map(|own| scope.text(own)).find(|text| !text.is_empty()).unwrap_or("").to_owned();
    scope.required(&mut params, key, &text)?;
    scope.put_all(&mut params, keys);
    for own in ["eventType", "event_type", "eventAction", "eventName"] {
        let event = scope.text(own);
        let is_page_view = matches!(event.to_lowercase().replace(['_', ' '], "").as_str(), "" | "pageview" | "pageload" | "pagevisit");
        if !is_page_view {
            scope.notes.change(format!("its event {event} is left out: the template {template} names events by those of the page"));
        }
    }
    Ok(Made { template, params, product })
}
