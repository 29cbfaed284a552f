//! Custom images, and tags of templates from the gallery.

use super::ga4::add;
use super::{Made, Result, Scope, Without};
use crate::import::consent::Product;
use crate::import::gallery::{self, Family, Known};
use crate::import::parse::{Tag, Version};
use serde_json::{Map, Value, json};

/// `img`: a pixel.
pub(super) fn image(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut address = absolute(scope.text("url"));
    if scope.is("useCacheBuster") {
        let key = Some(scope.text("cacheBusterQueryParam")).filter(|key| !key.is_empty()).unwrap_or("gtmcb");
        let mark = if address.contains('?') { '&' } else { '?' };
        let random = scope.variables.shared("cache buster", json!({ "kind": "random" }));
        let filled = fixed_host(scope, &address)?;
        return Ok(pixel(format!("{filled}{mark}{key}={{{{{random}}}}}")));
    }
    address = fixed_host(scope, &address)?;
    Ok(pixel(address))
}

/// `awj`: Awin's script for every page, whose address has the advertiser's id.
pub(super) fn awin(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut found = Map::new();
    scope.id(&mut found, "merchantId", scope.text("merchantId"), true)?;
    let id = found.get("merchantId").and_then(Value::as_str).unwrap_or("");
    if !id.chars().all(|letter| letter.is_ascii_digit()) {
        return Err(format!("its merchantId, {id}, is no number").into());
    }
    let src = format!("https://www.dwin1.com/{id}.js");
    Ok(Made::new("custom-script", Map::from_iter([("src".to_owned(), src.into())]), Product::Ads))
}

pub(super) fn pixel(src: String) -> Made {
    Made::new("custom-pixel", Map::from_iter([("src".to_owned(), src.into())]), Product::Unknown)
}

/// An address without a protocol has that of the page, which is `https:`.
pub(super) fn absolute(address: &str) -> String {
    match address.trim() {
        address if address.starts_with("//") => format!("https:{address}"),
        address => address.to_owned(),
    }
}

/// An address, filled. Its host has to be written out.
pub(super) fn fixed_host(scope: &mut Scope<'_, '_>, address: &str) -> Result<String> {
    let end = address.find("://").map_or(0, |at| at + 3);
    let host_end = address.get(end..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(address.len(), |at| end + at);
    let (host, path) = address.split_at(host_end);
    let Some(host) = scope.variables.literal(host).filter(|host| host.starts_with("http")) else {
        return Err(format!("the host of its address, {address}, is not written out").into());
    };
    let path = scope.variables.fill(path).map_err(|why| format!("its address cannot be told, since {why}"))?;
    Ok(host + path.as_str().unwrap_or(""))
}

/// `cvt_…`: by the template it is of.
pub(super) fn from_gallery(scope: &mut Scope<'_, '_>) -> Result<Vec<Made>> {
    let Some(template) = gallery::template(scope.version, &scope.tag.kind) else {
        return Err("its custom template is not in the export".into());
    };
    match gallery::known(template) {
        Some(Known::Tags(Family::Facebook)) => facebook(scope),
        Some(Known::Tags(Family::TikTok)) => tiktok(scope),
        Some(Known::Consent(how)) => Err(Without::Elsewhere(how.into())),
        Some(Known::Platform(name)) => Err(gallery::platform(name).into()),
        Some(Known::Variables) | None => {
            Err(format!("the code of the template {} is not run here: write a template of Tidegate's for it", template.name)
                .into())
        }
    }
}

/// Whose pixel a tag of a template from the gallery is, and Tidegate's template for it.
pub(super) fn id<'t>(version: &Version, tag: &'t Tag) -> Option<(&'static str, &'t str)> {
    let (template, key) = match gallery::known(gallery::template(version, &tag.kind)?)? {
        Known::Tags(Family::Facebook) => ("meta-pixel", "pixelId"),
        Known::Tags(Family::TikTok) => ("tiktok", "pixel_code"),
        _ => return None,
    };
    Some((template, tag.params.text(key)))
}

fn facebook(scope: &mut Scope<'_, '_>) -> Result<Vec<Made>> {
    if scope.is("enhancedEcommerce") {
        return Err("it makes its event from Universal Analytics' e-commerce data: write a tag for each event".into());
    }
    let mut params = Map::new();
    let kind = scope.text("eventName");
    let name = match kind {
        "custom" => scope.text("customEventName"),
        "variable" => scope.text("variableEventName"),
        _ => scope.text("standardEventName"),
    };
    scope.required(&mut params, "eventName", if name.is_empty() { "PageView" } else { name })?;
    if kind == "custom" {
        params.insert("custom".into(), true.into());
    }
    let properties = scope.table("objectPropertyList", ["name", "value"]);
    let from = scope.text("objectPropertiesFromVariable");
    if from.starts_with("{{") && properties.is_empty() {
        scope.put(&mut params, "parameters", from);
    } else {
        if from.starts_with("{{") {
            scope.notes.change(format!("the properties from {from} are left out: write each of them out"));
        }
        add(&mut params, "parameters", properties);
    }
    scope.put_all(&mut params, &[("eventId", "eventId")]);
    if scope.is("advancedMatching") {
        let user_data = scope.table("advancedMatchingList", ["name", "value"]);
        add(&mut params, "userData", user_data);
    }
    if !scope.is("disableAutoConfig") {
        params.insert("autoConfig".into(), true.into());
    }
    if scope.is("dpoLDU") {
        scope.notes.change("limited data use is left out");
    }
    let ids = scope.text("pixelId");
    let ids = scope.variables.literal(ids).unwrap_or_else(|| ids.to_owned());
    let with_id = |id: &str| {
        let mut params = params.clone();
        scope.id(&mut params, "pixelId", id.trim(), false)?;
        Ok(Made::new("meta-pixel", params, Product::Ads))
    };
    ids.split(',').map(with_id).collect()
}

fn tiktok(scope: &mut Scope<'_, '_>) -> Result<Vec<Made>> {
    let mut params = Map::new();
    scope.id(&mut params, "pixelId", scope.text("pixel_code"), true)?;
    scope.required(&mut params, "eventName", scope.text("event"))?;
    let mut parameters = scope.table("custom_properties", ["key", "value"]);
    let keys = [
        "content_id",
        "content_type",
        "content_name",
        "content_category",
        "price",
        "quantity",
        "currency",
        "value",
        "query",
        "order_id",
    ];
    scope.put_all(&mut parameters, &keys.map(|key| (key, key)));
    if scope.is("enhance_ecomm") {
        scope.notes.change("the e-commerce data of the data layer is left out: name its values in parameters");
    }
    add(&mut params, "parameters", parameters);
    scope.put_all(&mut params, &[("event_id", "eventId")]);
    let mut user_data = Map::new();
    scope.put_all(&mut user_data, &[("email", "email"), ("phone", "phone_number"), ("external_id", "external_id")]);
    add(&mut params, "userData", user_data);
    Ok(vec![Made::new("tiktok", params, Product::Ads)])
}
