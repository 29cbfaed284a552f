//! Floodlight: sales (`fls`) and counters (`flc`).

use super::ga4::add;
use super::{Made, Result, Scope};
use crate::import::consent::Product;
use serde_json::{Map, Value};

fn made(params: Map<String, Value>) -> Made {
    Made { template: "floodlight", params, product: Product::Ads }
}

pub(super) fn activity(scope: &mut Scope<'_, '_>) -> Result<Made> {
    let mut params = Map::new();
    for key in ["advertiserId", "groupTag", "activityTag"] {
        let text = scope.text(key);
        scope.required(&mut params, key, text)?;
    }
    let counting = scope.text("countingMethod").to_lowercase();
    scope.put(&mut params, "countingMethod", &counting);
    scope.put_all(&mut params, &[("orderId", "orderId"), ("revenue", "revenue")]);
    let mut parameters = scope.table("customVariable", ["key", "value"]);
    scope.put_all(
        &mut parameters,
        &[("quantity", "quantity"), ("ordinalUnique", "num"), ("sessionId", "session_id"), ("matchIdVariable", "match_id")],
    );
    if scope.is("enhancedUserData") {
        scope.put_all(&mut parameters, &[("userDataVariable", "user_data")]);
    }
    if scope.is("rdp") {
        parameters.insert("restricted_data_processing".into(), true.into());
    }
    add(&mut params, "parameters", parameters);
    Ok(made(params))
}

/// A Google tag with an id of Floodlight.
pub(super) fn google_tag(scope: &mut Scope<'_, '_>, id: &str, settings: Map<String, Value>) -> Result<Made> {
    let mut params = Map::new();
    let advertiser = scope.variables.literal(id).and_then(|id| id.strip_prefix("DC-").map(str::to_owned));
    let advertiser = advertiser.ok_or("its advertiser's id cannot be told from its tag id")?;
    params.insert("advertiserId".into(), advertiser.into());
    add(&mut params, "parameters", settings);
    Ok(made(params))
}
