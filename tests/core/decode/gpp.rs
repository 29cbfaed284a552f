//! GPP strings and their sections.

use super::tcf::Tc;
use super::writer::Writer;
use super::{message, printed};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use tidegate_core::consent::decode::{DecodeError, GppString, Section};

/// A GPP string with these sections, in the order of their IDs.
pub(crate) fn gpp(sections: &[(u64, String)]) -> String {
    let mut header = Writer::default();
    header.int(3, 6).int(1, 6).int(sections.len() as u64, 12);
    let mut last = 0;
    for (id, _) in sections {
        header.int(0, 1).fibonacci(id - last);
        last = *id;
    }
    sections.iter().fold(header.text(), |text, (_, section)| text + "~" + section)
}

fn section(id: u64, name: &str, text: &str) -> Result<Value, DecodeError> {
    let text = gpp(&[(id, text.to_owned())]);
    let decoded = GppString::decode(&text).unwrap();
    decoded.sections[0].content.clone().map(|_| printed(&text).unwrap()["sections"][name].clone())
}

#[test]
fn the_headers_of_the_specification_are_read_with_both_paddings() {
    let tc = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";
    let canada = "BPXuQIAPXuQIAAfKABENB-CgAAAAAAAAAAAAAAAA";
    for (header, sections, ids) in [
        ("DBABM", &[tc][..], json!([2])),
        ("DBABMA", &[tc], json!([2])),
        ("DBACNY", &[tc, "1YNN"], json!([2, 6])),
        ("DBACNYA", &[tc, "1YNN"], json!([2, 6])),
        ("DBABjw", &[canada, "1YNN"], json!([5, 6])),
        ("DBAA", &[], json!([])),
    ] {
        let text = [&[header], sections].concat().join("~");
        let got = printed(&text).unwrap();
        assert_eq!(got["sectionIds"], ids, "{text}");
        assert_eq!(got["sections"].as_object().unwrap().len(), sections.len(), "{text}: {got}");
    }
}

#[test]
fn section_ids_count_on_from_the_last_one_however_many_there_are() {
    let sections: Vec<(u64, String)> = (6..24).filter(|id| id % 3 != 1).map(|id| (id, "!".into())).collect();
    let got = printed(&gpp(&sections)).unwrap();
    assert_eq!(got["sectionIds"], json!(sections.iter().map(|(id, _)| id).collect::<Vec<_>>()));
}

#[test]
fn a_header_that_does_not_fit_is_refused() {
    for (text, start) in [
        ("D", "GPP header, Version, bit 6: the string ends"),
        ("DCAA", "GPP header, Version, bit 6: version 1"),
        ("DBABM", "GPP header, Sections, bit 12: the header does not list"),
        ("DBABM~a~b", "GPP header, Sections, bit 12: the header does not list"),
        ("DBAA~", "GPP header, Sections, bit 12: the header does not list"),
        ("DBABA~a", "GPP header, Sections, bit 12: the string ends"),
        ("DBAB=~a", "GPP header, byte 4: "),
        ("DBD_AAAAAAAAAA~a", "GPP header, Sections, bit 12: a number beyond 65,535"),
    ] {
        assert!(message(text).starts_with(start), "{text}: {}", message(text));
    }
    let mut all = Writer::default();
    all.int(3, 6).int(1, 6).int(1, 12).int(1, 1).fibonacci(1).fibonacci(65_534);
    assert!(message(&all.text()).contains("does not list as many"));
    let mut beyond = Writer::default();
    beyond.int(3, 6).int(1, 6).int(2, 12).int(0, 1).fibonacci(65_535).int(0, 1).fibonacci(1);
    assert!(message(&beyond.text()).contains("an ID beyond 65,535"));
}

#[test]
fn a_section_that_is_not_known_or_not_decodable_stays_listed_and_is_left_out() {
    let sections = [(1, "BOEFEAy"), (2, "!"), (4, "x"), (6, "1YNX"), (7, "DAAA"), (8, ""), (9, "BAAAABA"), (28, "B"), (400, "")];
    let text = gpp(&sections.map(|(id, text)| (id, text.to_owned())));
    let got = printed(&text).unwrap();
    assert_eq!(got["sectionIds"], json!([1, 2, 4, 6, 7, 8, 9, 28, 400]));
    assert_eq!(got["sections"].as_object().unwrap().keys().collect::<Vec<_>>(), ["usva"]);
    let decoded = GppString::decode(&text).unwrap();
    let reasons: Vec<String> =
        decoded.sections.iter().filter_map(|section| Some(section.content.as_ref().err()?.message())).collect();
    assert_eq!(
        reasons,
        [
            "core segment, byte 0: this is not base64url",
            "US Privacy string, LspaCovered, byte 3: must be Y, N or -",
            "core segment, Version, bit 0: this version of the section is not known",
            "core segment, Version, bit 0: the string ends within this field",
        ]
    );
}

/// A US section whose answers are 1, 2, 0, 1, 2, 0 and so on.
fn answers(version: u64, count: usize) -> String {
    let mut out = Writer::default();
    out.int(version, 6);
    (0..count).fold(&mut out, |out, at| out.int([1, 2, 0][at % 3], 2)).text()
}

fn is_answered_in_order(section: &Value, names: &[&str]) {
    let mut at = 0;
    let mut next = || {
        at += 1;
        json!([1, 2, 0][(at - 1) % 3])
    };
    let mut wanted = Map::new();
    for name in names {
        let value = match name.split_once('*') {
            None => next(),
            Some((_, count)) => (0..count.parse::<usize>().unwrap()).map(|_| next()).collect(),
        };
        wanted.insert(name.split('*').next().unwrap().to_owned(), value);
    }
    let mut got = section.as_object().unwrap().clone();
    got.retain(|name, _| !["Version", "SectionID", "MspaVersion", "Gpc", "GpcSegmentType"].contains(&name.as_str()));
    assert_eq!(got, wanted);
}

#[test]
fn usnat_is_read_in_both_versions() {
    for (version, sensitive, child) in [(1, 12, 2), (2, 16, 3)] {
        let usnat = section(7, "usnat", &(answers(version, 9 + sensitive + child + 4) + ".YA")).unwrap();
        assert_eq!((&usnat["Version"], &usnat["Gpc"]), (&json!(version), &json!(true)));
        let (sensitive, child) =
            (format!("SensitiveDataProcessing*{sensitive}"), format!("KnownChildSensitiveDataConsents*{child}"));
        is_answered_in_order(
            &usnat,
            &[
                "SharingNotice",
                "SaleOptOutNotice",
                "SharingOptOutNotice",
                "TargetedAdvertisingOptOutNotice",
                "SensitiveDataProcessingOptOutNotice",
                "SensitiveDataLimitUseNotice",
                "SaleOptOut",
                "SharingOptOut",
                "TargetedAdvertisingOptOut",
                &sensitive,
                &child,
                "PersonalDataConsents",
                "MspaCoveredTransaction",
                "MspaOptOutOptionMode",
                "MspaServiceProviderMode",
            ],
        );
    }
    assert!(section(7, "usnat", &answers(3, 40)).is_err());
}

/// The header of sections 24 to 27, with a list of sub-sections in which the core is left out.
fn headed(id: u64, version: u64, core: &str, more: &str) -> String {
    let mut header = Writer::default();
    header.int(id, 6).int(version, 6).int(1, 12).int(0, 1).fibonacci(1);
    [&header.text(), core, more].join(".")
}

#[test]
fn maryland_indiana_kentucky_and_rhode_island_are_read_with_their_header() {
    let names = ["MspaCoveredTransaction", "MspaMode", "ProcessingNotice", "SaleOptOutNotice", "TargetedAdvertisingOptOutNotice"];
    let end = ["SaleOptOut", "TargetedAdvertisingOptOut"];
    let usmd = section(24, "usmd", &headed(24, 1, &answers(1, 8), "YA")).unwrap();
    is_answered_in_order(&usmd, &[&names[..], &end, &["AdditionalDataProcessingConsent"]].concat());
    assert_eq!((&usmd["SectionID"], &usmd["MspaVersion"], &usmd["Gpc"]), (&json!(24), &json!(1), &json!(true)));
    for (id, name) in [(25, "usin"), (26, "usky"), (27, "usri")] {
        let mut sensitive = Writer::default();
        // The answers of the core end with 2, so the list goes on with 0.
        (0..8).for_each(|at| {
            sensitive.int([1, 2, 0][at % 3], 2);
        });
        let got = section(id, name, &headed(id, 1, &answers(1, 9), &sensitive.text())).unwrap();
        let own = ["KnownChildSensitiveDataConsents", "AdditionalDataProcessingConsent", "SensitiveDataProcessing*8"];
        is_answered_in_order(&got, &[&names[..], &end, &own].concat());
        let bare = headed(id, 1, &answers(1, 9), "");
        assert!(section(id, name, bare.trim_end_matches('.')).unwrap().get("SensitiveDataProcessing").is_none());
        for (version, more) in [(2, "AAA"), (1, "AAA.AAA"), (1, "AA"), (1, ".")] {
            assert!(section(id, name, &headed(id, version, &answers(1, 9), more)).is_err(), "{name} {version} {more}");
        }
    }
}

#[test]
fn a_section_without_the_header_its_specification_asks_for_is_not_understood() {
    // Two of @iabgpp/cmpapi 3.2.0, which omits it.
    for text in ["BQAA.QA", "BVVU.YA", "BQAA", ""] {
        for (id, name) in [(24, "usmd"), (25, "usin"), (26, "usky"), (27, "usri")] {
            assert!(section(id, name, text).is_err(), "{name} {text}");
        }
    }
}

#[test]
fn global_privacy_control_is_on_where_its_bit_is_1_in_every_state() {
    for (segment, gpc) in [("YA", json!(true)), ("Y", json!(true)), ("QA", json!(false)), ("Q", json!(false))] {
        assert_eq!(section(8, "usca", &format!("{}.{segment}", answers(1, 20))).unwrap()["Gpc"], gpc);
        assert_eq!(section(9, "usva", &format!("{}.{segment}", answers(1, 17))).unwrap()["Gpc"], gpc);
    }
    assert_eq!(section(8, "usca", &answers(1, 20)).unwrap().get("Gpc"), None);
    for more in ["YA.YA", "AA", "gA", "", "I"] {
        assert!(section(8, "usca", &format!("{}.{more}", answers(1, 20))).is_err(), "{more}");
    }
}

#[test]
fn an_opt_out_is_found_by_the_name_of_its_field() {
    let decoded = GppString::decode(&gpp(&[(8, answers(1, 20))])).unwrap();
    let Some(Section::Us(usca)) = decoded.section("usca") else { panic!() };
    assert_eq!(usca.number("SaleOptOutNotice"), Some(1));
    assert_eq!((usca.number("SharingNotice"), usca.number("SensitiveDataProcessing")), (None, None));
    assert!(decoded.section("usnat").is_none());
}

#[test]
fn tcfeuv2_is_a_tc_string_with_the_names_of_gpp() {
    let tc = Tc { purposes: [1 << 23, 1 << 22], restrictions: vec![(2, 1, vec![(7, 9)])], ..Tc::default() };
    let got = section(2, "tcfeuv2", &tc.text()).unwrap();
    for (name, value) in [
        ("Version", json!(2)),
        ("Created", json!("2026-02-02T02:40:00.000Z")),
        ("PublisherCC", json!("DE")),
        ("PurposeConsent", json!([1])),
        ("PurposesLITransparency", json!([2])),
        ("PubRestrictions", json!([{ "key": 2, "type": 1, "ids": [7, 8, 9] }])),
        ("DisclosedVendors", json!([])),
    ] {
        assert_eq!(got[name], value, "{name}");
    }
    assert_eq!(got.get("PubPurposesConsent"), None);
    assert!(section(2, "tcfeuv2", "BQAA").is_err());
}

/// A Canadian section up to its lists of vendors.
fn canada_head() -> Writer {
    let mut out = Writer::default();
    out.int(1, 6).int(17_700_000_000, 36).int(17_700_000_000, 36).int(31, 12).int(1, 12).int(1, 6);
    out.int(0b000100_001101, 12).int(5, 12).int(2, 6).int(0, 1).int(1, 12).int(1, 24).int(2, 24);
    out
}

#[test]
fn tcfcav1_is_read_in_all_three_ways_its_encoders_write_vendors() {
    // Vendors 2, 500 to 502 and 2; restriction of purpose 3, type 1, for vendor 70.
    let of_specification = |out: &mut Writer| {
        out.int(1, 1).int(2, 12).int(0, 1).fibonacci(2).int(1, 1).fibonacci(498).fibonacci(2);
        out.int(0, 1).int(2, 16).int(0b01, 2);
        out.int(1, 12).int(3, 6).int(1, 2).int(1, 1).int(1, 12).int(0, 1).fibonacci(70);
    };
    let of_cmpapi = |out: &mut Writer| {
        out.int(502, 16).int(1, 1).int(2, 12).int(0, 1).fibonacci(2).int(1, 1).fibonacci(498).fibonacci(2);
        out.int(2, 16).int(0, 1).int(0b01, 2);
        out.int(1, 12).int(3, 6).int(1, 2).int(70, 16).int(1, 1).int(1, 12).int(0, 1).fibonacci(70);
    };
    let of_older_encoders = |out: &mut Writer| {
        out.int(502, 16).int(1, 1).int(2, 12).int(0, 1).int(2, 16).int(1, 1).int(500, 16).int(502, 16);
        out.int(2, 16).int(0, 1).int(0b01, 2);
        out.int(1, 12).int(3, 6).int(1, 2).int(1, 12).int(0, 1).int(70, 16);
    };
    for (which, write) in [of_specification as fn(&mut Writer), of_cmpapi, of_older_encoders].into_iter().enumerate() {
        let mut out = canada_head();
        write(&mut out);
        let got = section(5, "tcfcav1", &out.text()).unwrap();
        for (name, value) in [
            ("PurposesExpressConsent", json!([24])),
            ("PurposesImpliedConsent", json!([23])),
            ("VendorExpressConsent", json!([2, 500, 501, 502])),
            ("VendorImpliedConsent", json!([2])),
            ("PubRestrictions", json!([{ "key": 3, "type": 1, "ids": [70] }])),
        ] {
            assert_eq!(got[name], value, "{which} {name}");
        }
    }
    let mut other = canada_head();
    other.int(502, 16).int(1, 1).int(u64::MAX, 60);
    assert!(section(5, "tcfcav1", &other.text()).is_err());
}

#[test]
fn tcfcav1_without_restrictions_is_its_version_1_0() {
    let mut out = canada_head();
    out.int(0, 17).int(0, 17);
    let got = section(5, "tcfcav1", &out.text()).unwrap();
    assert_eq!((&got["PubRestrictions"], &got["VendorExpressConsent"]), (&json!([]), &json!([])));
}

#[test]
fn every_section_of_the_standard_is_known() {
    let known: BTreeSet<u64> = [2, 5, 6].into_iter().chain(7..=27).collect();
    let sections: Vec<(u64, String)> = (1..=40).map(|id| (id, "!".into())).collect();
    let decoded = GppString::decode(&gpp(&sections)).unwrap();
    assert_eq!(decoded.sections.iter().map(|section| section.id.into()).collect::<BTreeSet<u64>>(), known);
}
