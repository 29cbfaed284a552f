//! Vendors that Google Tag Manager has a type of its own for.

use super::ga4::add;
use super::{Made, Result, Scope};
use crate::import::consent::Product;
use crate::import::recognise::vendors::is_page_view;
use crate::import::words::word;
use serde_json::Map;

/// A vendor: its template, the parameter that says whose tag it is and the keys that it has in exports, and what else is taken over.
struct Vendor {
    template: &'static str,
    product: Product,
    id: &'static str,
    keys: &'static [&'static str],
    more: &'static [(&'static str, &'static str)],
    /// What an event is called by, and what goes with it.
    event: &'static [&'static str],
    parameters: &'static [(&'static str, &'static str)],
    /// What it sends that names no event, where its template would ask what fires it.
    sends: Option<&'static str>,
}

const PLAIN: Vendor = Vendor {
    template: "",
    product: Product::Ads,
    id: "tagId",
    keys: &["tagId"],
    more: &[],
    event: &[],
    parameters: &[],
    sends: None,
};

fn of(kind: &str) -> Vendor {
    match kind {
        "hjtc" => Vendor {
            template: "hotjar",
            product: Product::Analytics,
            id: "siteId",
            keys: &["hotjar_site_id"],
            sends: Some("nothing"),
            ..PLAIN
        },
        "baut" => Vendor {
            template: "microsoft-ads",
            sends: Some("nothing"),
            event: &["eventAction"],
            parameters: &[("eventCategory", "event_category"), ("eventLabel", "event_label"), ("eventValue", "event_value")],
            ..PLAIN
        },
        "bzi" => Vendor {
            template: "linkedin",
            id: "partnerId",
            keys: &["id", "partnerId"],
            more: &[("conversionId", "conversionId")],
            ..PLAIN
        },
        "twitterwebsitetag" => {
            Vendor { template: "x", id: "pixelId", keys: &["twitter_pixel_id"], event: &["event_type"], ..PLAIN }
        }
        "pntr" => Vendor {
            template: "pinterest",
            sends: Some("page"),
            keys: &["tagId", "pinterestTagId", "tag_id"],
            event: &["eventName", "event_type"],
            ..PLAIN
        },
        _ => Vendor { template: "criteo", id: "account", keys: &["tagAccount", "accountId", "partnerId"], ..PLAIN },
    }
}

pub(super) fn vendor(scope: &mut Scope<'_, '_>, kind: &str) -> Result<Made> {
    let vendor = of(kind);
    let mut params = Map::new();
    let first =
        |scope: &Scope<'_, '_>, keys: &[&str]| keys.iter().map(|key| scope.text(key).to_owned()).find(|text| !text.is_empty());
    let id = first(scope, vendor.keys).unwrap_or_default();
    scope.id(&mut params, vendor.id, &id, matches!(vendor.template, "criteo" | "hotjar"))?;
    scope.put_all(&mut params, vendor.more);
    if let Some(event) =
        first(scope, vendor.event).filter(|event| !is_page_view(event) && word(scope.text("eventType")) != "pageload")
    {
        scope.put(&mut params, "eventName", &event);
        let mut parameters = Map::new();
        scope.put_all(&mut parameters, vendor.parameters);
        add(&mut params, "parameters", parameters);
    }
    let names_event = params.contains_key("eventName");
    let made = Made::new(vendor.template, params, vendor.product);
    Ok(match vendor.sends {
        Some(what) if !names_event => made.sending(what),
        _ => made,
    })
}
