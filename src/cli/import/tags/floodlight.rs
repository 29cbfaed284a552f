//! Floodlight: sales (`fls`) and counters (`flc`).

use super::ga4::add;
use super::{Made, Result, Scope};
use crate::import::consent::Product;
use serde_json::Map;

pub(super) fn activity(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    scope.id(&mut params, "advertiserId", scope.text("advertiserId"), true)?;
    for key in ["groupTag", "activityTag"] {
        scope.id(&mut params, key, scope.text(key), false)?;
    }
    let counting = scope.text("countingMethod").to_lowercase();
    scope.put(&mut params, "countingMethod", &counting);
    scope.put_all(&mut params, &[("orderId", "orderId"), ("revenue", "revenue"), ("quantity", "quantity")]);
    let mut parameters = scope.table("customVariable", ["key", "value"]);
    scope.put_all(&mut parameters, &[("ordinalUnique", "num"), ("sessionId", "session_id"), ("matchIdVariable", "match_id")]);
    if scope.is("enhancedUserData") {
        scope.put_all(&mut parameters, &[("userDataVariable", "user_data")]);
    }
    if scope.is("rdp") {
        parameters.insert("restricted_data_processing".into(), true.into());
    }
    add(&mut params, "parameters", parameters);
    Ok(Made::new("floodlight", params, Product::Ads))
}
