//! `tidegate decode`: what it prints where, and its exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod process;

use process::{run, run_with};
use serde_json::{Value, json};

#[test]
fn decode_prints_what_a_string_says() {
    let folder = tempfile::tempdir().unwrap();
    let tc = "CQfDEkAQpmuwAZr4ZKENBNF0AP3gAAIgAAAAAAoAAAAA.IAAA";
    let (status, out, err) = run(folder.path(), &["decode", tc]);
    assert_eq!((status, err.as_str(), out.lines().count()), (0, "", 1));
    let wanted = json!({
        "format": "tcf", "version": 2, "created": "2026-02-03T00:00:00.000Z", "lastUpdated": "2026-08-27T00:00:00.000Z", "cmpId": 1643,
        "cmpVersion": 3609, "consentScreen": 10, "consentLanguage": "EN", "vendorListVersion": 77, "policyVersion": 5,
        "isServiceSpecific": true, "useNonStandardTexts": true, "specialFeatureOptins": [2],
        "purposeConsents": [1, 2, 3, 4, 5, 6, 8, 9, 10, 11], "purposeLegitimateInterests": [7, 11], "purposeOneTreatment": false,
        "publisherCountryCode": "AA", "vendorConsents": [1], "vendorLegitimateInterests": [], "disclosedVendors": [],
        "publisherRestrictions": [], "publisherPurposeConsents": [], "publisherPurposeLegitimateInterests": [],
        "publisherCustomConsents": [],
    });
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), wanted);
    for (string, wanted) in [
        ("1YNN", json!({ "format": "usp", "version": 1, "notice": "Y", "optOutSale": "N", "lspaCovered": "N" })),
        ("DBAA", json!({ "format": "gpp", "sectionIds": [], "sections": {} })),
    ] {
        let (status, out, err) = run(folder.path(), &["decode", string]);
        assert_eq!((status, err.as_str(), serde_json::from_str(&out).ok()), (0, "", Some(wanted)), "{string}");
    }
    for (cookie, format) in [
        ("OptanonConsent=groups=C0001%3A1", "onetrust"),
        ("{necessary:true,preferences:true,statistics:false,marketing:false}", "cookiebot"),
    ] {
        let (status, out, _) = run(folder.path(), &["decode", cookie]);
        assert_eq!((status, &serde_json::from_str::<Value>(&out).unwrap()["format"]), (0, &json!(format)), "{cookie}");
    }
}

#[test]
fn a_string_that_cannot_be_decoded_is_a_line_that_says_where() {
    let folder = tempfile::tempdir().unwrap();
    for (string, line) in [
        ("CQfDEkAQ", "core segment, LastUpdated, bit 42: the string ends within this field\n"),
        ("1YXN", "US Privacy string, OptOutSale, byte 2: must be Y, N or -\n"),
    ] {
        assert_eq!(run(folder.path(), &["decode", string]), (1, String::new(), line.into()), "{string}");
    }
    let (status, out, err) = run(folder.path(), &["decode", "--", "-1"]);
    assert!((status, out.as_str()) == (1, "") && err.contains("no TC, GPP or US Privacy string"), "{err}");
}

#[test]
fn what_a_decoded_string_does_not_show_is_told_on_stderr() {
    let folder = tempfile::tempdir().unwrap();
    for (string, lines) in [
        (
            "CQfDEkAQpmuwAZr4ZKENBNF0AP3gAAIgAAAAAAoAAAAA",
            &["the TC string is invalid: it has no segment of disclosed vendors"][..],
        ),
        ("DBABzw~1YNX~!", &["section 6 (uspv1) is left out: US Privacy", "section 7 (usnat) is left out: "]),
        ("DBABM~CQfDEkAQpmuwAZr4ZKENBNF0AP3gAAIgAAAAAAoAAAAA", &["section 2 (tcfeuv2) is invalid: it has no segment"]),
        ("DBABYA~B", &["section 1 is not known"]),
    ] {
        let (status, _, err) = run(folder.path(), &["decode", string]);
        let told: Vec<&str> = err.lines().collect();
        assert_eq!((status, told.len()), (0, lines.len()), "{string}: {err}");
        assert!(lines.iter().zip(&told).all(|(line, told)| told.starts_with(line)), "{string}: {err}");
    }
}

#[test]
fn decode_answers_each_line_of_stdin_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let long = "A".repeat(3 << 20);
    let lines = [b"1YNN", &b"nonsense \"\xc3\xa9\""[..], b"", b"\xff\xfe", long.as_bytes(), b" DBAA \r", b"1---"];
    for end in ["", "\n"] {
        let input = [&lines.join(&b'\n')[..], end.as_bytes()].concat();
        let (status, out, err) = run_with(folder.path(), &["decode", "-"], &input);
        assert_eq!((status, err.as_str()), (0, ""));
        let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let shown: Vec<&str> = answers.iter().map(|answer| answer["format"].as_str().unwrap_or("error")).collect();
        assert_eq!(shown, ["usp", "error", "error", "error", "error", "gpp", "usp"], "{out}");
        let faults = answers.iter().filter_map(|answer| answer["error"].as_str());
        let wanted =
            ["this, byte 0: is no TC", "this, byte 0: is no TC", "the line is not UTF-8", "the line is longer than 1 MiB"];
        assert!(faults.zip(wanted).all(|(fault, wanted)| fault.starts_with(wanted)), "{out}");
    }
    assert_eq!(run_with(folder.path(), &["decode", "-"], b""), (0, String::new(), String::new()));
}
