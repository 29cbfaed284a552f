//! Floodlight: sales (`fls`) and counters (`flc`).

use super::ga4::add;
use super::{Made, Result, Scope};
use crate::import::consent::Product;
use crate::import::words::word;
use serde_json::Map;

pub(super) fn activity(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    scope.id(&mut params, "advertiserId", scope.text("advertiserId"), true)?;
    for key in ["groupTag", "activityTag"] {
        scope.id(&mut params, key, scope.text(key), false)?;
    }
    let counting = counting(scope)?;
    params.insert("countingMethod".into(), counting.into());
    scope.put_all(&mut params, &[("orderId", "orderId"), ("revenue", "revenue"), ("quantity", "quantity")]);
    let mut parameters = scope.table("customVariable", ["key", "value"]);
    // `ordinalUnique` is there in counters of other kinds too, and says nothing there.
    if counting == "unique" {
        scope.put_all(&mut parameters, &[("ordinalUnique", "num")]);
    }
    scope.put_all(&mut parameters, &[("sessionId", "session_id"), ("matchIdVariable", "match_id")]);
    if scope.is("enhancedUserData") {
        scope.put_all(&mut parameters, &[("userDataVariable", "user_data")]);
    }
    if scope.is("rdp") {
        parameters.insert("restricted_data_processing".into(), true.into());
    }
    add(&mut params, "parameters", parameters);
    Ok(Made::new("floodlight", params, Product::Ads))
}

/// How it counts: sales by `countingMethod`, counters by `ordinalType`.
fn counting(scope: &Scope<'_, '_>) -> Result<&'static str> {
    let own = [scope.text("countingMethod"), scope.text("ordinalType")].into_iter().find(|text| !text.is_empty()).unwrap_or("");
    Ok(match word(own).as_str() {
        "" if word(&scope.tag.kind) == "fls" => "transactions",
        "" | "standard" => "standard",
        "unique" => "unique",
        "session" | "persession" => "per_session",
        "transactions" => "transactions",
        "itemsold" | "itemssold" => "items_sold",
        _ => return Err(format!("it counts by {own}, which the importer does not know").into()),
    })
}
