//! The `consent` part of the config, and the requirements that name its purposes.

use super::shape::{Member, Shape, may, must};
use super::{Faults, Place};
use crate::consent::{ConsentConfig, MAX_PURPOSES, Model, PLATFORMS, Purpose, Requirement, Sources};
use crate::json::Value;

const MODELS: [&str; 3] = ["opt-in", "opt-out", "none"];
const TEXTS: Shape = Shape::List(&Shape::Name);

/// The shape of `consent`.
pub(super) const CONSENT: Shape = Shape::Object(&[
    may("model", Shape::Word(&MODELS)),
    may("cmp", Shape::OneOrList(&Shape::Word(&["auto", "manual"]), &Shape::Word(&PLATFORMS))),
    may("remember", Shape::Flag),
    may("policyRevision", Shape::Number(u32::MAX)),
    may("expiryDays", Shape::Number(3650)),
    must("purposes", Shape::Map(&Shape::Object(&PURPOSE))),
]);

/// By consent platform, what stands for the purpose there.
const PURPOSE: [Member; PLATFORMS.len() + 1] = [
    may("always", Shape::Flag),
    may("tcf", TCF),
    may("gpp", Shape::List(&Shape::Word(&["sale", "sharing", "targeted"]))),
    may("usp", TEXTS),
    may("onetrust", TEXTS),
    may("cookiebot", TEXTS),
    may("didomi", TEXTS),
    may("usercentrics", TEXTS),
    may("klaro", TEXTS),
    may("vanilla-cookieconsent", TEXTS),
    may("orejime", TEXTS),
    may("google-consent-mode", TEXTS),
    may("trustarc", TEXTS),
    may("osano", TEXTS),
    may("ketch", TEXTS),
    may("sourcepoint", TEXTS),
    may("complianz", TEXTS),
    may("iubenda", TEXTS),
    may("cookieyes", TEXTS),
];

const TCF: Shape = Shape::Object(&[may("purposes", Shape::List(&Shape::Any)), may("specialFeatures", Shape::List(&Shape::Any))]);

/// The shape of a requirement.
pub(crate) const REQUIREMENT: Shape = Shape::Object(&[may("allOf", TEXTS), may("anyOf", TEXTS)]);

/// Reads what [`CONSENT`] has checked.
pub(super) fn read(mut value: Value, place: &Place<'_>, faults: &mut Faults) -> ConsentConfig {
    let mut config = ConsentConfig {
        model: [Model::OptIn, Model::OptOut, Model::None].get(value.word("model", &MODELS)).copied().unwrap_or_default(),
        sources: match value.member("cmp") {
            Some(Value::Array(_)) => Sources::Listed(value.texts("cmp")),
            Some(Value::String(word)) if word == "manual" => Sources::Manual,
            _ => Sources::Auto,
        },
        remember: value.flag("remember", true),
        policy_revision: value.number("policyRevision", 1),
        expiry_days: value.number("expiryDays", 395),
        ..ConsentConfig::default()
    };
    let Value::Object(purposes) = value.take("purposes") else { return config };
    if purposes.len() > MAX_PURPOSES {
        faults.add(&place.key("purposes"), &["holds more than 64 purposes: remove some"]);
        return config;
    }
    for (at, (id, value)) in purposes.into_iter().enumerate() {
        if value.flag("always", false) {
            config.always |= 1 << at;
        }
        if !value.list("gpp").is_empty() {
            config.opt_out |= 1 << at;
        }
        config.purposes.push(Purpose { id, categories: value });
    }
    config
}

/// Reads what [`REQUIREMENT`] has checked: `{ "allOf": [purpose …], "anyOf": [purpose …] }` in the member `consent`.
pub(crate) fn requirement(value: &Value, consent: &ConsentConfig, place: &Place<'_>, faults: &mut Faults) -> Requirement {
    let place = place.key("consent");
    let mut named = |key| {
        let mut set = 0;
        for (at, id) in value.member("consent").map_or(&[][..], |value| value.list(key)).iter().enumerate() {
            let id = id.as_str().unwrap_or("");
            match consent.purpose(id) {
                Some(purpose) => set |= purpose,
                None => {
                    let mut known = Vec::new();
                    for purpose in &consent.purposes {
                        known.push(purpose.id.as_str());
                    }
                    let message = ["\"", id, "\" is not a purpose: write one of ", &crate::text::join(&known, ", ")];
                    faults.add(&place.key(key).item(at), &message);
                }
            }
        }
        set
    };
    Requirement { all_of: named("allOf"), any_of: named("anyOf") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_may_name_categories_of_every_platform() {
        for platform in PLATFORMS {
            let categories = if platform == "tcf" { "{}" } else { "[]" };
            let text = format!(r#"{{"purposes":{{"a":{{"{platform}":{categories}}}}}}}"#);
            let mut faults = Faults::default();
            CONSENT.check(&crate::json::parse(&text).unwrap(), &Place::ROOT, &mut faults);
            assert_eq!(faults.0, [], "{platform}");
        }
    }
}
