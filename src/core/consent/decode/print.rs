//! Decoded strings as JSON, for people and tools: what `tidegate decode` prints.

use super::{CanadaString, Choices, CookieConsent, Decoded, GppString, Head, OptanonConsent, Restriction, Section};
use super::{TcString, UsPrivacy, UsSection, Value, usp};
use crate::json::{push_digits, push_member, push_number, push_string, push_text};
use crate::time::push_iso;

/// Appends the object that describes a decoded string. Its names are an outside contract.
pub fn push_decoded(out: &mut String, decoded: &Decoded) {
    out.push('{');
    push_text(out, "format", decoded.format());
    match decoded {
        Decoded::Tcf(tc) => push_tcf(out, tc, &CONTRACT),
        Decoded::Gpp(gpp) => push_gpp(out, gpp),
        Decoded::Usp(usp) => push_usp(out, usp, ["version", "notice", "optOutSale", "lspaCovered"]),
        Decoded::OneTrust(cookie) => push_onetrust(out, cookie),
        Decoded::Cookiebot(cookie) => push_cookiebot(out, cookie),
    }
    out.push('}');
}

/// The names of a TC string's members.
struct Names {
    head: [&'static str; 9],
    /// `IsServiceSpecific`, `UseNonStandardTexts`, `PurposeOneTreatment`, `PublisherCC`.
    europe: [&'static str; 4],
    special_features: &'static str,
    purposes: [&'static str; 2],
    vendors: [&'static str; 2],
    restrictions: [&'static str; 4],
    disclosed: &'static str,
    publisher: [&'static str; 2],
    custom: [&'static str; 3],
    /// Whether the members of an absent segment are there.
    whole: bool,
}

const CONTRACT: Names = Names {
    head: [
        "version",
        "created",
        "lastUpdated",
        "cmpId",
        "cmpVersion",
        "consentScreen",
        "consentLanguage",
        "vendorListVersion",
        "policyVersion",
    ],
    europe: ["isServiceSpecific", "useNonStandardTexts", "purposeOneTreatment", "publisherCountryCode"],
    special_features: "specialFeatureOptins",
    purposes: ["purposeConsents", "purposeLegitimateInterests"],
    vendors: ["vendorConsents", "vendorLegitimateInterests"],
    restrictions: ["publisherRestrictions", "purpose", "type", "vendors"],
    disclosed: "disclosedVendors",
    publisher: ["publisherPurposeConsents", "publisherPurposeLegitimateInterests"],
    custom: ["", "publisherCustomConsents", ""],
    whole: true,
};

/// GPP, "IAB TCF Europe Technical Specification".
const TCFEUV2: Names = Names {
    head: [
        "Version",
        "Created",
        "LastUpdated",
        "CmpId",
        "CmpVersion",
        "ConsentScreen",
        "ConsentLanguage",
        "VendorListVersion",
        "TcfPolicyVersion",
    ],
    europe: ["IsServiceSpecific", "UseNonStandardTexts", "PurposeOneTreatment", "PublisherCC"],
    special_features: "SpecialFeatureOptIns",
    purposes: ["PurposeConsent", "PurposesLITransparency"],
    vendors: ["VendorConsent", "VendorLegitimateInterest"],
    restrictions: ["PubRestrictions", "key", "type", "ids"],
    disclosed: "DisclosedVendors",
    publisher: ["PubPurposesConsent", "PubPurposesLITransparency"],
    custom: ["NumCustomPurposes", "CustomPurposesConsent", "CustomPurposesLITransparency"],
    whole: false,
};

/// GPP, "IAB Canada TCF Technical Specification".
const TCFCAV1: Names = Names {
    special_features: "SpecialFeatureExpressConsent",
    purposes: ["PurposesExpressConsent", "PurposesImpliedConsent"],
    vendors: ["VendorExpressConsent", "VendorImpliedConsent"],
    publisher: ["PubPurposesExpressConsent", "PubPurposesImpliedConsent"],
    custom: ["NumCustomPurposes", "CustomPurposesExpressConsent", "CustomPurposesImpliedConsent"],
    ..TCFEUV2
};

fn push_tcf(out: &mut String, tc: &TcString, names: &Names) {
    push_head(out, &tc.head, &names.head);
    let [service_specific, non_standard, one_treatment, country] = names.europe;
    push_flag(out, service_specific, tc.is_service_specific);
    push_flag(out, non_standard, tc.use_non_standard_texts);
    push_flag(out, one_treatment, tc.purpose_one_treatment);
    push_letters(out, country, tc.publisher_country_code);
    push_choices(out, &tc.choices, names);
}

fn push_canada(out: &mut String, tc: &CanadaString) {
    push_head(out, &tc.head, &TCFCAV1.head);
    push_flag(out, "UseNonStandardStacks", tc.use_non_standard_stacks);
    push_choices(out, &tc.choices, &TCFCAV1);
}

fn push_head(out: &mut String, head: &Head, names: &[&str; 9]) {
    let [version, created, updated, cmp, cmp_version, screen, language, list, policy] = names;
    push_number(out, version, head.version.into());
    push_time(out, created, head.created);
    push_time(out, updated, head.last_updated);
    push_number(out, cmp, head.cmp_id.into());
    push_number(out, cmp_version, head.cmp_version.into());
    push_number(out, screen, head.consent_screen.into());
    push_letters(out, language, head.consent_language);
    push_number(out, list, head.vendor_list_version.into());
    push_number(out, policy, head.policy_version.into());
}

fn push_choices(out: &mut String, choices: &Choices, names: &Names) {
    push_ids(out, names.special_features, choices.special_features.iter());
    let ([consents, interests], [vendor_consents, vendor_interests]) = (names.purposes, names.vendors);
    push_ids(out, consents, choices.purpose_consents.iter());
    push_ids(out, interests, choices.purpose_legitimate_interests.iter());
    push_ids(out, vendor_consents, choices.vendor_consents.iter());
    push_ids(out, vendor_interests, choices.vendor_legitimate_interests.iter());
    push_restrictions(out, &choices.restrictions, names.restrictions);
    match &choices.disclosed_vendors {
        Some(vendors) => push_ids(out, names.disclosed, vendors.iter()),
        None if names.whole => push_member(out, names.disclosed, "null"),
        None => {}
    }
    let Some(publisher) = choices.publisher.clone().or(names.whole.then(Default::default)) else { return };
    let ([consents, interests], [count, custom_consents, custom_interests]) = (names.publisher, names.custom);
    push_ids(out, consents, publisher.consents.iter());
    push_ids(out, interests, publisher.legitimate_interests.iter());
    push_ids(out, custom_consents, publisher.custom_consents.iter());
    if !names.whole {
        push_number(out, count, publisher.custom_count.into());
        push_ids(out, custom_interests, publisher.custom_legitimate_interests.iter());
    }
}

fn push_restrictions(out: &mut String, restrictions: &[Restriction], [list, purpose, kind, vendors]: [&str; 4]) {
    push_member(out, list, "[");
    for (at, restriction) in restrictions.iter().enumerate() {
        out.push_str(if at > 0 { ",{" } else { "{" });
        push_number(out, purpose, restriction.purpose.into());
        push_number(out, kind, restriction.kind.into());
        push_ids(out, vendors, restriction.vendors.iter());
        out.push('}');
    }
    out.push(']');
}

fn push_gpp(out: &mut String, gpp: &GppString) {
    push_ids(out, "sectionIds", gpp.section_ids.iter());
    push_member(out, "sections", "{");
    for section in &gpp.sections {
        let Ok(content) = &section.content else { continue };
        push_member(out, section.name, "{");
        match content {
            Section::Tcf(tc) => push_tcf(out, tc, &TCFEUV2),
            Section::Canada(tc) => push_canada(out, tc),
            Section::Usp(usp) => push_usp(out, usp, ["Version", "Notice", "OptOutSale", "LspaCovered"]),
            Section::Us(section) => push_us(out, section),
        }
        out.push('}');
    }
    out.push('}');
}

fn push_us(out: &mut String, section: &UsSection) {
    for (name, value) in &section.fields {
        match value {
            Value::Number(number) => push_number(out, name, (*number).into()),
            Value::List(list) => push_ids(out, name, list.iter().map(|number| (*number).into())),
            Value::Flag(flag) => push_flag(out, name, *flag),
        }
    }
}

fn push_usp(out: &mut String, usp: &UsPrivacy, [version, notice, sale, lspa]: [&str; 4]) {
    push_number(out, version, usp::VERSION.into());
    for (name, answer) in [(notice, usp.notice), (sale, usp.opt_out_sale), (lspa, usp.lspa_covered)] {
        push_text(out, name, answer.letter());
    }
}

fn push_onetrust(out: &mut String, cookie: &OptanonConsent) {
    push_member(out, "groups", "{");
    for (id, is_on) in &cookie.groups {
        push_flag(out, id, *is_on);
    }
    out.push('}');
    push_maybe(out, "isGpcEnabled", cookie.is_gpc_enabled, push_flag);
    push_maybe(out, "interactionCount", cookie.interaction_count, push_number);
    push_maybe(out, "awaitingReconsent", cookie.awaiting_reconsent, push_flag);
    push_text(out, "version", &cookie.version);
    push_text(out, "datestamp", &cookie.datestamp);
}

fn push_cookiebot(out: &mut String, cookie: &CookieConsent) {
    push_text(out, "stamp", &cookie.stamp);
    push_flag(out, "necessary", cookie.necessary);
    push_flag(out, "preferences", cookie.preferences);
    push_flag(out, "statistics", cookie.statistics);
    push_flag(out, "marketing", cookie.marketing);
    push_text(out, "method", &cookie.method);
    push_flag(out, "explicit", cookie.is_explicit());
    push_maybe(out, "ver", cookie.ver, push_number);
    push_maybe(out, "utc", cookie.utc, push_time);
    push_text(out, "region", &cookie.region);
    push_text(out, "iab2", &cookie.iab2);
}

fn push_maybe<T>(out: &mut String, name: &str, value: Option<T>, push: fn(&mut String, &str, T)) {
    match value {
        Some(value) => push(out, name, value),
        None => push_member(out, name, "null"),
    }
}

fn push_flag(out: &mut String, name: &str, flag: bool) {
    push_member(out, name, if flag { "true" } else { "false" });
}

fn push_time(out: &mut String, name: &str, time: u64) {
    push_member(out, name, "\"");
    push_iso(out, time);
    out.push('"');
}

fn push_letters(out: &mut String, name: &str, letters: [u8; 2]) {
    push_member(out, name, "");
    push_string(out, &String::from_utf8_lossy(&letters));
}

fn push_ids(out: &mut String, name: &str, ids: impl Iterator<Item = u16>) {
    push_member(out, name, "[");
    for (at, id) in ids.enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_digits(out, id.into());
    }
    out.push(']');
}
