//! The kinds of destinations, as data: a JSON file a kind. `src/core/mapping/README.md` says what is in it.

use crate::config::Destination;
use crate::json::{member, members, text, text_of};

/// What a kind is, JSON; of an unknown one nothing, which the config's shape does not let pass.
pub(crate) fn kind(id: &str) -> &'static str {
    match id {
        "amplitude" => include_str!("kinds/amplitude.json"),
        "ga4" => include_str!("kinds/ga4.json"),
        "mparticle" => include_str!("kinds/mparticle.json"),
        "segment" => include_str!("kinds/segment.json"),
        "snowplow" => include_str!("kinds/snowplow.json"),
        "tealium" => include_str!("kinds/tealium.json"),
        "webhook" => include_str!("kinds/webhook.json"),
        _ => "{}",
    }
}

/// Whether a setting of a kind is the secret of a server's API, which no page should show.
pub fn is_secret(id: &str, setting: &str) -> bool {
    says(id, setting, "secret")
}

/// The settings of a destination that requests go to beside its URL: their names, and what they are.
pub fn addresses(destination: &Destination) -> Vec<(String, String)> {
    let id = text(&destination.raw, "kind");
    members(member(&destination.raw, "settings").unwrap_or(""))
        .filter(|(name, raw)| says(&id, name, "url") && *raw != "null")
        .map(|(name, raw)| (name.into_owned(), text_of(raw).into_owned()))
        .collect()
}

fn says(id: &str, setting: &str, what: &str) -> bool {
    let settings = member(kind(id), "settings").unwrap_or("");
    member(settings, setting).is_some_and(|about| member(about, what) == Some("true"))
}
