//! Cookies of OneTrust and Cookiebot.

use super::{message, printed};
use serde_json::json;
use tidegate_core::consent::decode::{CookieConsent, OptanonConsent};

const OPTANON: &str = "isGpcEnabled=1&datestamp=Tue+Nov+24+2026+10%3A00%3A00+GMT%2B0100&version=202405.1.0&browserGpcFlag=1&isIABGlobal=false\
    &hosts=&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0%2CSTACK42%3A1&AwaitingReconsent=false&interactionCount=2";

#[test]
fn optanon_consent_is_decoded_with_and_without_its_name() {
    let wanted = json!({
        "format": "onetrust",
        "groups": { "C0001": true, "C0002": false, "STACK42": true },
        "isGpcEnabled": true,
        "interactionCount": 2,
        "awaitingReconsent": false,
        "version": "202405.1.0",
        "datestamp": "Tue Nov 24 2026 10:00:00 GMT+0100",
    });
    let encoded = OPTANON.replace('%', "%25").replace('=', "%3D").replace('&', "%26");
    for text in [OPTANON, &format!("OptanonConsent={OPTANON}"), &encoded, &format!(" OptanonConsent={encoded}\n")] {
        assert_eq!(printed(text).as_ref(), Ok(&wanted), "{text}");
    }
}

#[test]
fn only_1_turns_a_group_on_and_a_contradiction_turns_it_off() {
    let groups = |text: &str| OptanonConsent::decode(text).unwrap().groups;
    let on = |id: &str| (id.to_owned(), true);
    let off = |id: &str| (id.to_owned(), false);
    assert_eq!(groups("groups=C1:1,C2:2,C3:,C4:true,C5:-1"), [on("C1"), off("C2"), off("C3"), off("C4"), off("C5")]);
    assert_eq!(groups("groups=C1:1,C2:0,C1:0,C2:1&groups=C3:1"), [off("C1"), off("C2"), on("C3")]);
    assert_eq!(groups("groups="), []);
}

#[test]
fn optanon_consent_without_usable_groups_is_refused() {
    for (text, start) in [
        ("OptanonConsent=isGpcEnabled=0&x", "OptanonConsent, groups, byte 16: is missing"),
        ("OptanonConsent=", "OptanonConsent, groups, byte 0: is missing"),
        ("a=b&groups=C1", "OptanonConsent, groups, byte 4: a group without a value"),
        ("groups=C1:1,,", "OptanonConsent, groups, byte 0: a group without a value"),
    ] {
        assert!(message(text).starts_with(start), "{text}: {}", message(text));
    }
    let many: Vec<String> = (0..501).map(|number| format!("C{number}:1")).collect();
    assert!(message(&format!("groups={}", many.join(","))).contains("more than 500 groups"));
}

const COOKIEBOT: &str = "{stamp:'A1b2C3==',necessary:true,preferences:false,statistics:true,marketing:false,method:'explicit',ver:1,\
    utc:1795000000000,region:'de'}";

#[test]
fn cookie_consent_is_decoded_with_and_without_its_name() {
    let wanted = json!({
        "format": "cookiebot",
        "stamp": "A1b2C3==",
        "necessary": true,
        "preferences": false,
        "statistics": true,
        "marketing": false,
        "method": "explicit",
        "explicit": true,
        "ver": 1,
        "utc": "2026-11-18T11:06:40.000Z",
        "region": "de",
        "iab2": "",
    });
    let encoded = COOKIEBOT.replace('{', "%7B").replace('}', "%7D").replace('\'', "%27").replace(',', "%2C").replace('=', "%3D");
    let half_encoded = COOKIEBOT.replace('\'', "%27").replace(',', "%2C");
    let quoted = COOKIEBOT.replace("ver:", "\"ver\" : ").replace("stamp:", "stamp: ");
    for text in
        [COOKIEBOT, &encoded, &half_encoded, &quoted, &format!("CookieConsent={encoded}"), &format!("CookieConsent={COOKIEBOT} ")]
    {
        assert_eq!(printed(text).as_ref(), Ok(&wanted), "{text}");
    }
}

#[test]
fn what_was_only_assumed_is_not_an_explicit_decision() {
    let is_explicit = |text: &str| CookieConsent::decode(text).unwrap().is_explicit();
    assert!(is_explicit(COOKIEBOT));
    assert!(!is_explicit(&COOKIEBOT.replace("A1b2C3==", "-1")));
    assert!(!is_explicit(&COOKIEBOT.replace("explicit", "implied")));
    assert!(!is_explicit(&COOKIEBOT.replace("method:'explicit',", "")));
}

#[test]
fn a_category_that_is_missing_or_not_a_flag_is_refused_and_a_contradiction_is_no() {
    for (old, new, wanted) in [
        ("statistics:true,", "", "CookieConsent, statistics, byte "),
        ("statistics:true", "statistics:maybe", "CookieConsent, statistics, byte 51: must be true or false"),
        ("'de'", "'de", "CookieConsent, byte "),
        ("'explicit',", "'explicit'x,", "CookieConsent, byte "),
        ("}", "", "CookieConsent, byte 0: must be an object"),
        ("{", "[", "this, byte 0: is no TC, GPP or US Privacy string"),
    ] {
        let text = COOKIEBOT.replace(old, new);
        assert!(message(&text).starts_with(wanted), "{text}: {}", message(&text));
    }
    let twice = COOKIEBOT.replace("marketing:false", "marketing:true,marketing:false,marketing:true");
    assert!(!CookieConsent::decode(&twice).unwrap().marketing);
}

#[test]
fn a_tc_string_within_cookie_consent_is_kept_as_it_is() {
    let text = COOKIEBOT.replace("region:'de'", "region:'de',iab2:'CQ.IAAA'");
    assert_eq!(CookieConsent::decode(&text).unwrap().iab2, "CQ.IAAA");
}
