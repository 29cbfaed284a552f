//! Purposes: what tags need, and the `consent` of the config.

use super::gallery::{self, Known};
use super::parse::{Tag, Version};
use super::report::Notes;
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
    /// What a tag needs: what its product is for, and what the container asks for besides. Where nobody can tell what it is for, the
    /// container's word is all there is.
    pub(super) fn requirement(&mut self, tag: &Tag, product: Product, notes: &mut Notes) -> Value {
        let asked = self.asked(tag, product);
        let of_product: &[&str] = match product {
            Product::Analytics => &["analytics"],
            Product::Ads => &["advertising"],
            Product::Local => &["necessary"],
            Product::Unknown if asked.is_empty() => {
                notes.remark(
                    "nobody can tell what it is for: it needs consent to analytics and to advertising; correct that if it needs less",
                );
                &["analytics", "advertising"]
            }
            Product::Unknown => &[],
        };
        let mut purposes: Vec<String> = of_product.iter().map(|purpose| (*purpose).to_owned()).collect();
        for purpose in &purposes {
            if !asked.is_empty() && !asked.contains(purpose) && product != Product::Local {
                notes.remark(format!("it needs consent to {purpose} too, which its product is for"));
            }
        }
        purposes.extend(asked.into_iter().filter(|purpose| !of_product.contains(&purpose.as_str())));
        self.named.extend(purposes.iter().cloned());
        json!({ "allOf": purposes })
    }

    /// The purposes that the container's settings of a tag name.
    fn asked(&mut self, tag: &Tag, product: Product) -> Vec<String> {
        let settings = &tag.consent_settings;
        let mut purposes = Vec::new();
        if word(&settings.consent_status) != "needed" {
            return purposes;
        }
        for param in &settings.consent_type.list {
            let known = TYPES.iter().find(|(own, _)| *own == param.value);
            if known.is_some() {
                self.types.insert(param.value.clone());
            }
            // A type of the site's own is a purpose of its own.
            let purpose = known.map_or_else(|| Ids::default().take(&param.value, "other"), |(_, purpose)| (*purpose).to_owned());
            // What is always granted says nothing of what a vendor's tag may do.
            let is_said = purpose != "necessary" || product == Product::Local;
            if is_said && !purposes.contains(&purpose) {
                purposes.push(purpose);
            }
        }
        purposes
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
