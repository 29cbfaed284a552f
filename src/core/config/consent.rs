//! The `consent` part of the config, and the requirements that name its purposes.

use super::{Hear, Place};
use crate::consent::{ConsentConfig, MAX_PURPOSES, Model, Purpose, Requirement, Sources, Vendor};
use crate::json::{self, Kind, flag, list, member, number, text, text_of};
use crate::text::{concat, cut, join};

/// The shape of `consent`. A purpose says, by consent platform, what stands for it there.
pub(super) const CONSENT: &str = r##"{"model":["opt-in","opt-out","none"],"regions":{"{}":["opt-in","opt-out","none"]},
"googleConsentMode":{"{}":"#texts"},"cmp":{"[]":["tcf","gpp","usp","onetrust",
"cookiebot","didomi","usercentrics","klaro","vanilla-cookieconsent","orejime","google-consent-mode","trustarc","osano","ketch",
"sourcepoint","complianz","iubenda","cookieyes"],"or":["auto","manual"]},"remember":"flag","updateEvent":"flag","doNotTrack":"flag","policyRevision":4294967295,
"expiryDays":3650,"purposes!":{"{}":{"always":"flag","tcf":{"purposes":{"[]":24},"specialFeatures":{"[]":12}},
"gpp":{"[]":["sale","sharing","targeted"]},"usp":"#texts","onetrust":"#texts","cookiebot":"#texts","didomi":"#texts",
"usercentrics":"#texts","klaro":"#texts","vanilla-cookieconsent":"#texts","orejime":"#texts","google-consent-mode":"#texts",
"trustarc":"#texts","osano":"#texts","ketch":"#texts","sourcepoint":"#texts","complianz":"#texts","iubenda":"#texts",
"cookieyes":"#texts"}},"vendors":{"{}":{"tcf!":{"id!":65535,"purposes":{"[]":24},"legIntPurposes":{"[]":24},
"flexiblePurposes":{"[]":24},"specialFeatures":{"[]":12}}}}}"##;

/// Whether it may be a code of ISO 3166, as [`ConsentConfig::model_in`] compares it. What is none would leave its visitors to another rule.
fn is_region(text: &str) -> bool {
    let (country, part) = cut(text, "-").unwrap_or((text, "A"));
    let is_code = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    country.len() == 2 && is_code(country) && !matches!(country, "UK" | "EU") && (1..=3).contains(&part.len()) && is_code(part)
}

/// The shape of a requirement.
pub(super) const REQUIREMENT: &str = r##"{"allOf":"#texts","anyOf":"#texts","vendor":"text"}"##;

/// Reads what [`CONSENT`] has checked.
pub(super) fn read(raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> ConsentConfig {
    let mut config = ConsentConfig {
        model: Model::from_word(&text(raw, "model")),
        regions: member(raw, "regions").unwrap_or("").to_owned(),
        google: member(raw, "googleConsentMode").unwrap_or("").to_owned(),
        sources: match member(raw, "cmp") {
            Some(raw) if json::kind(raw) == Kind::Array => Sources::Listed(raw.to_owned()),
            Some("\"manual\"") => Sources::Manual,
            _ => Sources::Auto,
        },
        remember: flag(raw, "remember", true),
        update_event: flag(raw, "updateEvent", false),
        do_not_track: flag(raw, "doNotTrack", false),
        policy_revision: number(raw, "policyRevision", 1),
        expiry_days: number(raw, "expiryDays", 395),
        ..ConsentConfig::default()
    };
    for (region, _) in json::members(&config.regions) {
        if !is_region(&region) {
            let ask = || "must be a country of ISO 3166, or a part of one: DE, GB, US-CA. Name each country of the EU".into();
            faults.add(&place.key("regions").key(&region), ask);
        }
    }
    for (at, (id, raw)) in json::members(member(raw, "purposes").unwrap_or("")).enumerate() {
        if at >= MAX_PURPOSES {
            faults.add(&place.key("purposes"), || "holds more than 64 purposes: remove some".into());
            break;
        }
        if flag(raw, "always", false) {
            config.always |= 1 << at;
        }
        if list(raw, "gpp").chain(list(raw, "usp")).next().is_some() {
            config.opt_out |= 1 << at;
        }
        config.purposes.push(Purpose { id: id.into_owned(), categories: raw.to_owned() });
    }
    for (id, raw) in json::members(member(raw, "vendors").unwrap_or("")) {
        if config.purposes.len() + config.vendors.len() >= MAX_PURPOSES {
            faults.add(&place.key("vendors"), || "and purposes are more than 64 together: remove some".into());
            break;
        }
        config.vendors.push(Vendor { id: id.into_owned(), registered: raw.to_owned() });
    }
    config
}

/// Notes what Google is to be told about and is no purpose. A page tells Google that a type with such a one is denied.
pub(super) fn check_google(consent: &ConsentConfig, place: &Place<'_>, faults: &mut impl Hear) {
    for (kind, purposes) in json::members(&consent.google) {
        for (at, id) in json::elements(purposes).enumerate() {
            if consent.purpose(&text_of(id)).is_none() {
                let place = place.key("googleConsentMode");
                faults.add(&place.key(&kind).item(at), || concat(&[id, " is not a purpose of the config"]));
            }
        }
    }
}

/// Reads what [`REQUIREMENT`] has checked: `{ "allOf": [purpose …], "anyOf": [purpose …], "vendor": id }` in the member
/// `consent`. Without a purpose a vendor is nothing to go by: it needs one too.
pub(crate) fn requirement(raw: &str, consent: &ConsentConfig, place: &Place<'_>, faults: &mut impl Hear) -> Requirement {
    let place = place.key("consent");
    let mut named = |key| {
        let mut set = 0;
        for (at, id) in list(member(raw, "consent").unwrap_or(""), key).enumerate() {
            let id = text_of(id);
            match consent.purpose(&id) {
                Some(purpose) => set |= purpose,
                None => faults.add(&place.key(key).item(at), || {
                    let mut known: Vec<&str> = consent.purposes.iter().map(|purpose| &*purpose.id).collect();
                    if known.is_empty() {
                        known.push("none");
                    }
                    concat(&["\"", &id, "\" is not a purpose of the config, which has ", &join(&known, ", ")])
                }),
            }
        }
        set
    };
    let mut needs = Requirement { all_of: named("allOf"), any_of: named("anyOf") };
    let vendor = text(member(raw, "consent").unwrap_or(""), "vendor");
    match consent.vendors.iter().position(|known| known.id == vendor) {
        _ if vendor.is_empty() => {}
        _ if needs.is_empty() => {
            faults.add(&place.key("vendor"), || "is no purpose: name in \"allOf\" or \"anyOf\" what it is needed for".into());
        }
        Some(at) => needs.all_of |= consent.vendor_set(at),
        None => faults.add(&place.key("vendor"), || concat(&["\"", &vendor, "\" is not among the vendors of the config"])),
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Faults, check};

    #[test]
    fn a_purpose_may_name_categories_of_every_platform() {
        for platform in json::list(member(CONSENT, "cmp").unwrap(), "[]") {
            let categories = if platform == "\"tcf\"" { "{}" } else { "[]" };
            let text = format!(r#"{{"cmp":[{platform}],"purposes":{{"a":{{{platform}:{categories}}}}}}}"#);
            let mut faults = Faults::default();
            check(CONSENT, &text, &Place::ROOT, &mut faults);
            assert_eq!(faults.0, [], "{platform}");
        }
    }
}
