//! Google Ads.

use super::ga4::add;
use super::{Made, Result, Scope};
use crate::import::consent::Product;
use crate::import::words::word;
use serde_json::{Map, Value};

fn made(params: Map<String, Value>) -> Made {
    Made::new("google-ads", params, Product::Ads)
}

/// The id with the letters that gtag.js asks for and GTM does not.
fn conversion_id(scope: &mut Scope<'_, '_>, params: &mut Map<String, Value>) -> Result<()> {
    let id = lettered(scope.variables.literal(scope.text("conversionId")).as_deref().unwrap_or(scope.text("conversionId")));
    scope.id(params, "conversionId", &id, true)
}

pub(super) fn lettered(id: &str) -> String {
    if id.is_empty() || id.starts_with("AW-") { id.to_owned() } else { format!("AW-{id}") }
}

/// `awct`: a conversion.
pub(super) fn conversion(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    conversion_id(scope, &mut params)?;
    scope.put_all(
        &mut params,
        &[
            ("conversionLabel", "conversionLabel"),
            ("conversionValue", "value"),
            ("currencyCode", "currency"),
            ("orderId", "transactionId"),
        ],
    );
    if scope.is("enableEnhancedConversion") {
        scope.put_all(&mut params, &[("cssProvidedEnhancedConversionValue", "userData")]);
    }
    let mut parameters = Map::new();
    if scope.is("enableProductReporting") {
        scope.put_all(&mut params, &[("items", "items")]);
        scope.put_all(
            &mut parameters,
            &[
                ("awMerchantId", "aw_merchant_id"),
                ("awFeedCountry", "aw_feed_country"),
                ("awFeedLanguage", "aw_feed_language"),
                ("discount", "discount"),
            ],
        );
    }
    if scope.is("enableNewCustomerReporting") {
        scope
            .put_all(&mut parameters, &[("awNewCustomer", "new_customer"), ("customerLifetimeValue", "customer_lifetime_value")]);
    }
    if scope.is("enableShippingData") {
        scope.put_all(
            &mut parameters,
            &[
                ("deliveryPostalCode", "delivery_postal_code"),
                ("deliveryCountry", "country"),
                ("estimatedDeliveryDate", "estimated_delivery_date"),
                ("shippingFee", "shipping"),
            ],
        );
    }
    common(scope, &mut params, parameters);
    Ok(made(params))
}

/// What conversions and remarketing have in common.
fn common(scope: &mut Scope<'_, '_>, params: &mut Map<String, Value>, mut parameters: Map<String, Value>) {
    match scope.text("rdp") {
        "true" => {
            parameters.insert("restricted_data_processing".into(), true.into());
        }
        "false" => {}
        restricted => scope.put(&mut parameters, "restricted_data_processing", restricted),
    }
    add(params, "parameters", parameters);
    let mut config = Map::new();
    if scope.text("conversionCookiePrefix") != "_gcl" {
        scope.put_all(&mut config, &[("conversionCookiePrefix", "conversion_cookie_prefix")]);
    }
    if scope.text("enableConversionLinker") == "false" {
        config.insert("conversion_linker".into(), false.into());
    }
    add(params, "configParameters", config);
}

/// `sp`: remarketing.
pub(super) fn remarketing(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    conversion_id(scope, &mut params)?;
    params.insert("remarketing".into(), true.into());
    scope.put_all(&mut params, &[("conversionLabel", "conversionLabel")]);
    let mut parameters = match word(scope.text("customParamsFormat")).as_str() {
        "userspecified" => scope.table("customParams", ["key", "value"]),
        "datalayer" => {
            scope.notes.change("its parameters from a variable are left out: write each of them out");
            Map::new()
        }
        _ => Map::new(),
    };
    if scope.is("enableDynamicRemarketing") {
        scope.put_all(&mut params, &[("eventValue", "value"), ("eventItems", "items")]);
        if !scope.text("eventName").is_empty() {
            scope.notes.change("the event's name is made of what fires it");
        }
    }
    scope.put_all(&mut parameters, &[("userId", "user_id")]);
    common(scope, &mut params, parameters);
    let made = made(params);
    Ok(if scope.text("eventName").is_empty() { made.sending("page") } else { made })
}

/// `awud`: user data for conversions that were counted elsewhere.
pub(super) fn user_data(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    conversion_id(scope, &mut params)?;
    let data = scope.text("userDataVariable");
    scope.required(&mut params, "userData", data)?;
    common(scope, &mut params, Map::new());
    scope.notes.change("the user data goes with Google's next hit for this id, not with a hit of its own");
    Ok(made(params))
}

/// `awcc`: calls to a number on the site.
pub(super) fn calls(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    conversion_id(scope, &mut params)?;
    scope.put_all(&mut params, &[("conversionLabel", "conversionLabel")]);
    let mut parameters = Map::new();
    scope.put_all(
        &mut parameters,
        &[("phoneNumber", "phone_conversion_number"), ("phoneConversionNumber", "phone_conversion_number")],
    );
    if parameters.is_empty() {
        return Err("it does not say which phone number is to be replaced".into());
    }
    add(&mut params, "parameters", parameters);
    Ok(made(params))
}

/// A Google tag with an id of Ads: it sets the page up, and sends what remarketing needs.
pub(super) fn google_tag(scope: &mut Scope<'_, '_>, id: &str, mut settings: Map<String, Value>) -> Result<Made> {
    let mut params = Map::new();
    scope.id(&mut params, "conversionId", id, true)?;
    let sends = settings.remove("send_page_view") != Some(Value::from(false));
    params.insert("remarketing".into(), sends.into());
    add(&mut params, "configParameters", settings);
    Ok(made(params).sending(if sends { "page" } else { "nothing" }))
}
