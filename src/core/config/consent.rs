//! The `consent` part of the config, and the requirements that name its purposes.

use super::shape::{Member, Shape, may, must};
use super::{Faults, Place};
use crate::consent::{ConsentConfig, MAX_PURPOSES, Model, PLATFORMS, Purpose, Requirement, Sources};
use crate::json::{self, Kind, flag, list, member, number, text_of, word};

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
pub(super) fn read(raw: &str, place: &Place<'_>, faults: &mut Faults) -> ConsentConfig {
    let mut config = ConsentConfig {
        model: [Model::OptIn, Model::OptOut, Model::None].get(word(raw, "model", &MODELS)).copied().unwrap_or_default(),
        sources: match member(raw, "cmp") {
            Some(raw) if json::kind(raw) == Kind::Array => Sources::Listed(raw.to_owned()),
            Some("\"manual\"") => Sources::Manual,
            _ => Sources::Auto,
        },
        remember: flag(raw, "remember", true),
        policy_revision: number(raw, "policyRevision", 1),
        expiry_days: number(raw, "expiryDays", 395),
        ..ConsentConfig::default()
    };
    for (at, (id, raw)) in json::members(member(raw, "purposes").unwrap_or("")).enumerate() {
        if at >= MAX_PURPOSES {
            faults.add(&place.key("purposes"), &["holds more than 64 purposes: remove some"]);
            break;
        }
        if flag(raw, "always", false) {
            config.always |= 1 << at;
        }
        if list(raw, "gpp").next().is_some() {
            config.opt_out |= 1 << at;
        }
        config.purposes.push(Purpose { id: id.into_owned(), categories: raw.to_owned() });
    }
    config
}

/// Reads what [`REQUIREMENT`] has checked: `{ "allOf": [purpose …], "anyOf": [purpose …] }` in the member `consent`.
pub(crate) fn requirement(raw: &str, consent: &ConsentConfig, place: &Place<'_>, faults: &mut Faults) -> Requirement {
    let place = place.key("consent");
    let mut named = |key| {
        let mut set = 0;
        for (at, id) in list(member(raw, "consent").unwrap_or(""), key).enumerate() {
            let id = text_of(id);
            match consent.purpose(&id) {
                Some(purpose) => set |= purpose,
                None => {
                    let mut known = Vec::new();
                    for purpose in &consent.purposes {
                        known.push(purpose.id.as_str());
                    }
                    let message = ["\"", &id, "\" is not a purpose: write one of ", &crate::text::join(&known, ", ")];
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
            CONSENT.check(&text, &Place::ROOT, &mut faults);
            assert_eq!(faults.0, [], "{platform}");
        }
    }
}
