//! Purposes: what tags need, and the `consent` of the config.

use super::gallery::{self, Known};
use super::parse::{Tag, Version};
use super::words::{Ids, word};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a product is for, where the container does not say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    Analytics,
    Ads,
    /// It might be either.
    Unknown,
    /// It stays on the page.
    Local,
}

/// Google's types of consent, and the purposes that they are in the config.
const TYPES: [(&str, &str); 7] = [
    ("ad_storage", "advertising"),
    ("ad_user_data", "advertising"),
    ("ad_personalization", "advertising"),
    ("analytics_storage", "analytics"),
    ("functionality_storage", "functional"),
    ("personalization_storage", "personalization"),
    ("security_storage", "necessary"),
];

/// The purposes that tags name, and Google's types among them.
#[derive(Default)]
pub(super) struct Purposes {
    named: BTreeSet<String>,
    types: BTreeSet<String>,
}

impl Purposes {
    /// What a tag needs: what the container says, otherwise what its product is for.
    pub(super) fn requirement(&mut self, tag: &Tag, product: Product) -> Value {
        let settings = &tag.consent_settings;
        let mut purposes = Vec::new();
        if word(&settings.consent_status) == "needed" {
            for param in &settings.consent_type.list {
                let known = TYPES.iter().find(|(own, _)| *own == param.value);
                if known.is_some() {
                    self.types.insert(param.value.clone());
                }
                // A type of the site's own is a purpose of its own.
                let purpose =
                    known.map_or_else(|| Ids::default().take(&param.value, "other"), |(_, purpose)| (*purpose).to_owned());
                if !purposes.contains(&purpose) {
                    purposes.push(purpose);
                }
            }
        }
        if purposes.is_empty() {
            let by_product: &[&str] = match product {
                Product::Analytics => &["analytics"],
                Product::Ads => &["advertising"],
                Product::Unknown => &["analytics", "advertising"],
                Product::Local => &["necessary"],
            };
            purposes.extend(by_product.iter().map(|purpose| (*purpose).to_owned()));
        }
        self.named.extend(purposes.iter().cloned());
        json!({ "allOf": purposes })
    }

    /// The `consent` of the config. Who told Google's consent mode told GTM by it, so the purposes hear it; where Tidegate is to tell
    /// Google instead of a tag, it does.
    pub(super) fn config(&self, version: &Version) -> Value {
        let known = |wanted: fn(&Known) -> bool| {
            version.custom_template.iter().filter_map(gallery::known).filter(wanted).collect::<Vec<_>>()
        };
        let platforms = known(|known| matches!(known, Known::Platform(_)));
        let tells_google = !known(|known| matches!(known, Known::Consent(_))).is_empty();
        let mut purposes = Map::new();
        let always = ["analytics", "advertising"].map(str::to_owned);
        for purpose in always.iter().chain(self.named.iter().filter(|name| !always.contains(name))) {
            let mut members = Map::new();
            if purpose == "necessary" {
                members.insert("always".into(), true.into());
            } else {
                let of = |(own, _): &&(&str, &str)| self.types.contains(*own);
                let types: Vec<&str> = TYPES.iter().filter(|(_, name)| name == purpose).filter(of).map(|(own, _)| *own).collect();
                if !types.is_empty() && !tells_google {
                    members.insert("google-consent-mode".into(), json!(types));
                }
                for platform in &platforms {
                    if let Known::Platform(name) = platform
                        && let Some(category) = category(name, purpose)
                    {
                        members.insert((*name).into(), json!([category]));
                    }
                }
            }
            purposes.insert(purpose.clone(), Value::Object(members));
        }
        let mut consent = json!({ "model": "opt-in", "cmp": "auto", "purposes": purposes });
        let named = |purpose: &str| purposes_have(&consent, purpose);
        let told: Map<String, Value> = TYPES
            .iter()
            .filter(|(_, purpose)| named(purpose))
            .map(|(own, purpose)| ((*own).to_owned(), json!([purpose])))
            .collect();
        if (tells_google || self.types.is_empty())
            && let Some(members) = consent.as_object_mut()
        {
            members.insert("googleConsentMode".into(), Value::Object(told));
        }
        consent
    }
}

fn purposes_have(consent: &Value, purpose: &str) -> bool {
    consent.get("purposes").and_then(|purposes| purposes.get(purpose)).is_some()
}

/// What platforms call a purpose unless a site changed it.
fn category(platform: &str, purpose: &str) -> Option<&'static str> {
    match (platform, purpose) {
        ("cookiebot", "analytics") => Some("statistics"),
        ("cookiebot", "advertising") => Some("marketing"),
        ("cookiebot", "functional" | "personalization") => Some("preferences"),
        ("onetrust", "analytics") => Some("C0002"),
        ("onetrust", "advertising") => Some("C0004"),
        ("onetrust", "functional" | "personalization") => Some("C0003"),
        _ => None,
    }
}
