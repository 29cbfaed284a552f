//! Vendors that Google Tag Manager has a type of its own for.

use super::ga4::add;
use super::{Made, Result, Scope};
use crate::import::consent::Product;
use crate::import::parse::Tag;
use crate::import::recognise::vendors::is_page_view;
use crate::import::words::word;
use serde_json::{Map, Value, json};

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
    /// A table of further parameters, and its columns.
    table: Option<(&'static str, [&'static str; 2])>,
    /// What it sends that names no event, where its template would ask what fires it.
    sends: Option<&'static str>,
    /// What says nothing, or is said in another way.
    beside: &'static [&'static str],
}

const PLAIN: Vendor = Vendor {
    template: "",
    product: Product::Ads,
    id: "tagId",
    keys: &["tagId"],
    more: &[],
    event: &[],
    parameters: &[],
    table: None,
    sends: None,
    beside: &[],
};

/// What Pinterest tells of a product.
const OF_PRODUCT: [&str; 7] = [
    "product_id",
    "product_name",
    "product_category",
    "product_brand",
    "product_price",
    "product_quantity",
    "product_variant_id",
];

pub(super) const KINDS: [&str; 6] = ["hjtc", "baut", "bzi", "twitterwebsitetag", "pntr", "crto"];

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
            more: &[("c_enableAutoSpaTracking", "autoSpaTracking")],
            event: &["eventAction", "customEventAction"],
            parameters: &[
                ("eventCategory", "event_category"),
                ("eventLabel", "event_label"),
                ("eventValue", "event_value"),
                ("goalValue", "revenue_value"),
                ("p_currency", "currency"),
            ],
            beside: &["eventType", "uetqName", "c_storeConvTrackCookies", "c_consentInheritGtm", "c_consentUpdates"],
            ..PLAIN
        },
        "bzi" => Vendor {
            template: "linkedin",
            id: "partnerId",
            keys: &["id", "partnerId"],
            more: &[("conversionId", "conversionId")],
            ..PLAIN
        },
        "twitterwebsitetag" => Vendor {
            template: "x",
            id: "pixelId",
            keys: &["twitter_pixel_id"],
            event: &["event_type"],
            table: Some(("event_parameters", ["param_table_key_column", "param_table_value_column"])),
            ..PLAIN
        },
        "pntr" => Vendor {
            template: "pinterest",
            sends: Some("page"),
            keys: &["tagId", "pinterestTagId", "tag_id"],
            event: &["eventName", "event_type"],
            parameters: &[
                ("value", "value"),
                ("currency", "currency"),
                ("order_id", "order_id"),
                ("order_quantity", "order_quantity"),
                ("promo_code", "promo_code"),
                ("search_query", "search_query"),
                ("lead_type", "lead_type"),
                ("video_title", "video_title"),
                ("property", "property"),
            ],
            table: Some(("values", ["name", "value"])),
            beside: &["setCustomParams"],
            ..PLAIN
        },
        _ => Vendor {
            template: "criteo",
            id: "account",
            keys: &["accountId", "tagAccount", "partnerId"],
            more: &[("siteType", "siteType"), ("hashedEmail", "email")],
            event: &["tagType"],
            beside: &[
                "listingID",
                "productID",
                "basketArray",
                "TransactionID",
                "transactionID",
                "TransactionArray",
                "transactionArray",
            ],
            ..PLAIN
        },
    }
}

/// The template of a tag of a vendor's own type, and whose it is.
pub(super) fn id(tag: &Tag) -> Option<(&'static str, &str)> {
    let kind = word(&tag.kind);
    let vendor = KINDS.contains(&kind.as_str()).then(|| of(&kind))?;
    let id = vendor.keys.iter().map(|key| tag.params.text(key)).find(|id| !id.is_empty())?;
    Some((vendor.template, id))
}

pub(super) fn vendor(scope: &mut Scope<'_, '_>, kind: &str) -> Result<Made> {
    let vendor = of(kind);
    let mut params = Map::new();
    let id = first(scope, vendor.keys).or_else(|| of_another(scope, &vendor)).unwrap_or_default();
    scope.id(&mut params, vendor.id, &id, matches!(vendor.template, "criteo" | "hotjar"))?;
    scope.put_all(&mut params, vendor.more);
    let own = |scope: &Scope<'_, '_>| word(scope.text("eventType"));
    let event = first(scope, vendor.event).filter(|event| !is_page_view(event) && own(scope) != "pageload");
    match event {
        Some(tag_type) if kind == "crto" => criteo(scope, &mut params, &tag_type)?,
        Some(event) => {
            is_told_by(kind, &event)?;
            scope.put(&mut params, "eventName", &event);
            let mut parameters = parameters(scope, &vendor);
            if kind == "pntr" {
                of_product(scope, &mut parameters);
            }
            add(&mut params, "parameters", parameters);
        }
        None if !matches!(own(scope).as_str(), "" | "pageload") => {
            return Err(format!(
                "its event of the type {} has no name: write its template's tag by hand",
                scope.text("eventType")
            )
            .into());
        }
        None => {}
    }
    flags(&mut params);
    note_unread(scope, &vendor, kind);
    let names_event = params.contains_key("eventName");
    let made = Made::new(vendor.template, params, vendor.product);
    Ok(match vendor.sends {
        Some(what) if !names_event => made.sending(what),
        _ => made,
    })
}

fn first(scope: &Scope<'_, '_>, keys: &[&str]) -> Option<String> {
    keys.iter().map(|key| scope.text(key).to_owned()).find(|text| !text.is_empty())
}

/// The id that another tag of the vendor's sets up, where this one leaves it to that.
fn of_another(scope: &Scope<'_, '_>, vendor: &Vendor) -> Option<String> {
    let same = scope.version.tag.iter().filter(|tag| !tag.paused && tag.kind == scope.tag.kind);
    same.flat_map(|tag| vendor.keys.iter().map(|key| tag.params.text(key))).find(|id| !id.is_empty()).map(str::to_owned)
}

/// X takes events by the ids that it gave them.
fn is_told_by(kind: &str, event: &str) -> Result<()> {
    if kind == "twitterwebsitetag" && !event.starts_with("tw-") && !event.contains("{{") {
        return Err(format!(
            "X takes no event {event} any more, but ids that it gives them (tw-…): write an x tag with such an eventName"
        )
        .into());
    }
    Ok(())
}

fn parameters(scope: &mut Scope<'_, '_>, vendor: &Vendor) -> Map<String, Value> {
    let mut parameters = Map::new();
    scope.put_all(&mut parameters, vendor.parameters);
    if let Some((table, columns)) = vendor.table {
        parameters.extend(scope.table(table, columns));
    }
    parameters
}

/// Pinterest takes what it is told of a product in a list.
fn of_product(scope: &mut Scope<'_, '_>, parameters: &mut Map<String, Value>) {
    let mut product = Map::new();
    scope.put_all(&mut product, &OF_PRODUCT.map(|key| (key, key)));
    if !product.is_empty() {
        parameters.insert("line_items".into(), json!([product]));
    }
}

/// Criteo's kinds of pages, and what each tells.
fn criteo(scope: &mut Scope<'_, '_>, params: &mut Map<String, Value>, tag_type: &str) -> Result<()> {
    let (event, keys): (&str, &[(&str, &str)]) = match word(tag_type).as_str() {
        "hometag" => ("viewHome", &[]),
        "listingtag" => ("viewList", &[("listingID", "item")]),
        "producttag" => ("viewItem", &[("productID", "item")]),
        "baskettag" => ("viewBasket", &[("basketArray", "item")]),
        "transactiontag" => (
            "trackTransaction",
            &[("TransactionID", "id"), ("transactionID", "id"), ("TransactionArray", "item"), ("transactionArray", "item")],
        ),
        _ => return Err(format!("the importer does not know Criteo's {tag_type}").into()),
    };
    params.insert("eventName".into(), event.into());
    let mut parameters = Map::new();
    scope.put_all(&mut parameters, keys);
    add(params, "parameters", parameters);
    if params.contains_key("email") {
        params.insert("hashMethod".into(), "md5".into());
        scope.notes.change("its hashed e-mail address is said to be hashed by MD5: correct hashMethod if it is not");
    }
    Ok(())
}

/// Flags are no texts.
fn flags(params: &mut Map<String, Value>) {
    if let Some(flag) = params.get_mut("autoSpaTracking") {
        *flag = (flag == "true").into();
    }
}

/// Notes each parameter that has a say and was not read.
fn note_unread(scope: &mut Scope<'_, '_>, vendor: &Vendor, kind: &str) {
    let pairs = vendor.more.iter().chain(vendor.parameters).map(|(key, _)| *key);
    let mut read: Vec<&str> = [vendor.keys, vendor.event, vendor.beside].concat();
    read.extend(pairs.chain(vendor.table.map(|(key, _)| key)));
    if kind == "pntr" {
        read.extend(OF_PRODUCT);
    }
    for key in scope.tag.params.said() {
        if !read.contains(&key) {
            scope.notes.change(format!("its {key} is left out"));
        }
    }
}
