//! What consent strings let through: every vector is judged a second time here, from the fields that the reference encoders expect.

use super::page::Page;
use serde_json::{Value, json};
use tidegate_core::effect::Part;
use tidegate_core::input::{Lifecycle, Verb};
use tidegate_core::{Input, keys};

const CONFIG: &str = r#"{"version":1,
  "consent":{"purposes":{
      "analytics":{"tcf":{"purposes":[1,8]}},
      "advertising":{"tcf":{"purposes":[1,2,7]},"gpp":["sale","sharing","targeted"]},
      "place":{"tcf":{"purposes":[1],"specialFeatures":[1]}},
      "sold":{"gpp":["sale"]}, "shared":{"gpp":["sharing"]}, "aimed":{"gpp":["targeted"]}, "us":{"usp":["sale"]},
      "own":{}},
    "vendors":{"v":{"tcf":{"id":21,"purposes":[1,4],"legIntPurposes":[7,9],"flexiblePurposes":[9]}}}},
  "destinations":[{"id":"v","kind":"segment","url":"/v","consent":{"allOf":["own"],"vendor":"v"}}]}"#;

fn vectors(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../vectors/consent-strings.json")).unwrap();
    all[kind].as_array().unwrap().clone()
}

fn tell(page: &mut Page, source: &str, signal: &Value) {
    page.give(Input::Signal { source, text: &signal.to_string() });
}

fn purposes(page: &Page) -> Value {
    serde_json::from_str::<Value>(&page.core.consent()).unwrap()["purposes"].clone()
}

/// The verdict on the destination that needs the vendor, by its last decision.
fn vendor(page: &Page) -> (String, String) {
    let told: Vec<Value> = serde_json::from_str(&page.core.explain(None)).unwrap();
    let because =
        told[0]["because"].as_array().unwrap().iter().find(|why| why.as_str().unwrap().starts_with("vendor v ")).unwrap();
    (told[0]["decision"].as_str().unwrap().into(), because.as_str().unwrap().into())
}

fn has(list: &Value, id: u64) -> bool {
    list.as_array().unwrap().contains(&id.into())
}

/// The decision rule of the framework, written down once more.
fn vendor_may(tc: &Value, id: u64) -> bool {
    let disclosed = &tc["disclosedVendors"];
    (disclosed.is_null() || has(disclosed, id))
        && [(1, false, false), (4, false, false), (7, true, false), (9, true, true)].iter().all(
            |(purpose, by_interest, flexible)| {
                let mut basis = Some(*by_interest);
                for restriction in tc["publisherRestrictions"].as_array().unwrap() {
                    if restriction["purpose"] == *purpose && has(&restriction["vendors"], id) {
                        let wanted = match restriction["type"].as_u64().unwrap() {
                            0 => return false,
                            1 => false,
                            2 => true,
                            _ => continue,
                        };
                        basis = if wanted == *by_interest || *flexible { Some(wanted) } else { return false };
                    }
                }
                match basis {
                    Some(false) => has(&tc["purposeConsents"], *purpose) && has(&tc["vendorConsents"], id),
                    _ => {
                        has(&tc["purposeLegitimateInterests"], *purpose)
                            && has(&tc["vendorLegitimateInterests"], id)
                            && ![1, 3, 4, 5, 6].contains(purpose)
                    }
                }
            },
        )
}

#[test]
fn every_tc_vector_grants_what_its_fields_say_and_one_that_is_not_valid_grants_nothing() {
    let (mut granted, mut allowed, mut invalid) = (0, 0, 0);
    for tc in vectors("tcf") {
        let mut page = Page::new(CONFIG);
        page.decide(r#"{"own":true}"#);
        tell(&mut page, "tcf", &json!({ "decided": true, "tcf": tc["string"] }));
        let created = tc["created"].as_str().unwrap();
        let policy = tc["policyVersion"].as_u64().unwrap();
        let is_valid = tc["isServiceSpecific"] == true
            && !(policy < 4 && created > "2023-09-30T23:59:59.999Z")
            && !(policy >= 5 && tc["disclosedVendors"].is_null())
            // The page's clock is in November 2023.
            && tc["lastUpdated"].as_str().unwrap() > "2022-10-16";
        let word = |yes: bool| match (is_valid, yes) {
            (false, _) => "unknown",
            (true, true) => "granted",
            (true, false) => "denied",
        };
        let all = |ids: &[u64]| ids.iter().all(|id| has(&tc["purposeConsents"], *id));
        let told = purposes(&page);
        let string = &tc["string"];
        assert_eq!(told["analytics"], word(all(&[1, 8])), "{string}");
        assert_eq!(told["advertising"], word(all(&[1, 2, 7])), "{string}");
        assert_eq!(told["place"], word(all(&[1]) && has(&tc["specialFeatureOptins"], 1)), "{string}");
        assert_eq!((&told["own"], &told["sold"]), (&"granted".into(), &"unknown".into()), "what TCF does not decide");
        let wanted = if !is_valid {
            "pending"
        } else if vendor_may(&tc, 21) {
            "allow"
        } else {
            "deny"
        };
        assert_eq!(vendor(&page).0, wanted, "{string} {:?}", vendor(&page));
        granted += u32::from(told["analytics"] == "granted");
        allowed += u32::from(wanted == "allow");
        invalid += u32::from(!is_valid);
    }
    assert!(granted > 50 && allowed > 0 && invalid > 50, "the vectors have of all: {granted} {allowed} {invalid}");
}

/// Prebid's reading of the US sections, written down once more.
fn opted_out(section: &Value, name: &str) -> bool {
    let number = |key: &str| section[key].as_u64();
    let child = section.as_object().unwrap().iter().any(|(key, value)| {
        let any = value.as_array().map_or(value.as_u64() != Some(0), |list| list.iter().any(|one| one != 0));
        key.starts_with("KnownChild") && any
    });
    let (answer, notice) = (number(&format!("{name}OptOut")), number(&format!("{name}OptOutNotice")));
    child
        || section["Gpc"] == true
        || number("MspaServiceProviderMode") == Some(1)
        || number("MspaCoveredTransaction") == Some(0)
        || answer == Some(1)
        || notice == Some(2)
        || answer == Some(2) && notice == Some(0)
}

#[test]
fn every_gpp_vector_denies_what_its_sections_opt_out_of_and_nothing_else() {
    let (mut denied, mut open) = (0, 0);
    for gpp in vectors("gpp") {
        let ids: Vec<u64> = gpp["sectionIds"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
        for id in ids.iter().filter(|id| **id >= 7) {
            let mut page = Page::new(CONFIG);
            tell(&mut page, "gpp", &json!({ "decided": true, "gpp": gpp["string"], "applicable": [id] }));
            let told = purposes(&page);
            // Sections stand in the order of their IDs; those that cannot be decoded are left out.
            let known = gpp["sections"].as_object().unwrap();
            let section = known.get(name(*id));
            let sharing = section.is_none_or(|section| opted_out(section, "Sharing"));
            let targeted = section.is_none_or(|section| opted_out(section, "TargetedAdvertising")) || sharing;
            let sale = section.is_none_or(|section| opted_out(section, "Sale"));
            let word = |denied: bool| if denied { "denied" } else { "unknown" };
            let string = &gpp["string"];
            assert_eq!(told["sold"], word(sale), "{string} {id}");
            assert_eq!(told["shared"], word(sharing), "{string} {id}");
            assert_eq!(told["aimed"], word(targeted), "{string} {id}");
            assert_eq!(told["advertising"], word(sale || sharing || targeted), "{string} {id}");
            assert_eq!((&told["own"], &told["analytics"]), (&"unknown".into(), &"unknown".into()));
            denied += u32::from(sale);
            open += u32::from(!sale);
        }
    }
    assert!(denied > 50 && open > 20, "{denied} {open}");
}

fn name(id: u64) -> &'static str {
    const NAMES: [&str; 21] = [
        "usnat", "usca", "usva", "usco", "usut", "usct", "usfl", "usmt", "usor", "ustx", "usde", "usia", "usne", "usnh", "usnj",
        "ustn", "usmn", "usmd", "usin", "usky", "usri",
    ];
    NAMES[id as usize - 7]
}

#[test]
fn us_privacy_denies_sale_on_a_y_and_on_what_it_cannot_read_and_never_grants() {
    for version in ["1", "2", ""] {
        for rest in ["YYN", "YNN", "---", "Y-N", "NYY", "NNN", "YY", "YYNN", "yyn"] {
            let string = format!("{version}{rest}");
            let mut page = Page::new(CONFIG);
            tell(&mut page, "usp", &json!({ "decided": true, "usp": string }));
            let is_read = version == "1" && rest.len() == 3 && rest != "yyn";
            let wanted = if is_read && !rest[1..].starts_with('Y') { "unknown" } else { "denied" };
            let told = purposes(&page);
            assert_eq!(
                (&told["us"], &told["sold"], &told["own"]),
                (&wanted.into(), &wanted.into(), &"unknown".into()),
                "{string}"
            );
            assert_eq!(page.codes().contains(&"consent_string"), !is_read, "{string}");
        }
    }
}

#[test]
fn an_answer_that_is_not_ready_any_more_makes_wait_even_where_silence_is_yes() {
    let config = CONFIG
        .replacen(r#""consent":{"#, r#""consent":{"model":"opt-out","#, 1)
        .replace(r#""allOf":["own"],"vendor":"v""#, r#""allOf":["sold"]"#);
    let mut page = Page::new(&config);
    let decision = |page: &Page| serde_json::from_str::<Vec<Value>>(&page.core.explain(None)).unwrap()[0]["decision"].clone();
    assert_eq!(decision(&page), "allow");
    let ready = json!({ "decided": true, "gpp": "DBABM~BVVqAAAAAlA.QA", "applicable": [7] });
    tell(&mut page, "gpp", &json!({ "decided": false }));
    assert_eq!(decision(&page), "pending");
    tell(&mut page, "gpp", &ready);
    assert_ne!(decision(&page), "pending");
    tell(&mut page, "gpp", &json!({ "decided": false }));
    assert_eq!(decision(&page), "pending");
    tell(&mut page, "gpp", &json!({ "decided": true, "gpp": "DBABM~BVVqAAAAAlA.QA", "applicable": [-1] }));
    assert_eq!(decision(&page), "allow");
}

#[test]
fn where_gpp_does_not_say_which_section_applies_nothing_it_decides_goes_ahead() {
    let config = CONFIG
        .replacen(r#""consent":{"#, r#""consent":{"model":"opt-out","#, 1)
        .replace(r#""allOf":["own"],"vendor":"v""#, r#""allOf":["sold"]"#);
    for (applicable, decision) in
        [(json!([]), "pending"), (json!([0]), "pending"), (json!([0, 7]), "pending"), (json!([-1]), "allow")]
    {
        let mut page = Page::new(&config);
        tell(&mut page, "gpp", &json!({ "decided": true, "gpp": "DBABM~BVVqAAAAAlA.QA", "applicable": applicable }));
        let told: Vec<Value> = serde_json::from_str(&page.core.explain(None)).unwrap();
        assert_eq!(told[0]["decision"], decision, "{applicable}");
    }
}

#[test]
fn while_a_dialog_of_gpp_is_open_again_nothing_leaves_and_nothing_is_lost() {
    const CONFIG: &str = r#"{"version":1,"consent":{"model":"opt-out","purposes":{"sold":{"gpp":["sale"]}}},
      "destinations":[{"id":"d","kind":"segment","url":"/d","consent":{"allOf":["sold"]}}],
      "triggers":[{"id":"all","kind":"event","event":"*"}],
      "tags":[{"id":"t","template":"custom-pixel","params":{"src":"/t"},"consent":{"allOf":["sold"]},"fireOn":["all"]}]}"#;
    let ready = json!({ "decided": true, "gpp": "DBABM~BVVqAAAAAlA.QA", "applicable": [-1] });
    let paused = json!({ "decided": false, "paused": true });
    let sent = |page: &Page| page.requests.iter().map(|request| request.body.matches("messageId").count()).sum::<usize>();
    for (answer, events, loaded, is_kept) in
        [(ready.clone(), 2, 2, true), (json!({ "decided": true, "gpp": "DBABM~BVVqAAAAAlA.QA", "applicable": [7] }), 0, 0, false)]
    {
        let mut page = Page::new(CONFIG);
        page.tags_come();
        tell(&mut page, "gpp", &paused);
        assert_eq!(purposes(&page)["sold"], "unknown", "before there was an answer there is none to keep");
        tell(&mut page, "gpp", &ready);
        page.call(Verb::Identify, r#"["jane"]"#);
        let known = page.stored.get(keys::IDENTITY).cloned();
        assert!(known.is_some());

        tell(&mut page, "gpp", &paused);
        page.track("Meanwhile");
        page.give(Input::Commit);
        page.give(Input::Flush);
        page.give(Input::Lifecycle(Lifecycle::Hidden));
        page.give(Input::Lifecycle(Lifecycle::Visible));
        page.pass(600_000);
        let state: Value = serde_json::from_str(&page.core.consent()).unwrap();
        assert_eq!((&state["status"], &state["purposes"]["sold"]), (&"pending".into(), &"unknown".into()));
        assert_eq!((page.requests.len(), page.loaded.len(), page.flushed), (0, 0, 1));
        assert_eq!(page.stored.get(keys::IDENTITY), known.as_ref());

        tell(&mut page, "gpp", &answer);
        page.give(Input::Commit);
        page.pass(6_000);
        assert_eq!((sent(&page), page.loaded.len()), (events, loaded), "{answer}");
        assert_eq!(page.stored.contains_key(keys::IDENTITY), is_kept);
        assert_eq!(page.stored.keys().any(|key| key.starts_with(keys::JOURNAL)), is_kept);
    }
}

#[test]
fn where_the_framework_does_not_apply_it_asks_for_nothing() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"own":true}"#);
    tell(&mut page, "tcf", &json!({ "decided": true, "applies": false }));
    assert_eq!((purposes(&page)["analytics"].clone(), vendor(&page).0.as_str()), ("granted".into(), "allow"));
    tell(&mut page, "tcf", &json!({ "decided": false }));
    assert_eq!((purposes(&page)["analytics"].clone(), vendor(&page).0.as_str()), ("unknown".into(), "pending"));
}

/// A string of TCF 2.3 that is valid and grants purposes 1 and 8.
fn good() -> String {
    let is_good = |tc: &&Value| {
        let is_valid = tc["isServiceSpecific"] == true && tc["policyVersion"] == 5 && !tc["disclosedVendors"].is_null();
        is_valid && has(&tc["purposeConsents"], 1) && has(&tc["purposeConsents"], 8)
    };
    vectors("tcf").iter().find(is_good).unwrap()["string"].as_str().unwrap().to_owned()
}

#[test]
fn a_malformed_string_after_a_grant_takes_the_grant_away() {
    let good = good();
    for bad in ["", "nonsense", &good[..good.len() / 2], "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let mut page = Page::new(CONFIG);
        tell(&mut page, "tcf", &json!({ "decided": true, "tcf": good }));
        assert_eq!(purposes(&page)["analytics"], "granted");
        tell(&mut page, "tcf", &json!({ "decided": true, "tcf": bad }));
        assert_eq!(purposes(&page)["analytics"], "unknown", "{bad}");
        let state: Value = serde_json::from_str(&page.core.consent()).unwrap();
        assert_eq!((&state["status"], &state["explicit"]), (&"pending".into(), &false.into()), "{bad}");
        assert!(page.codes().contains(&"consent_string"));
    }
}

#[test]
fn an_answer_older_than_13_months_is_none() {
    let mut page = Page::new(CONFIG);
    page.now.wall = 1_900_000_000_000;
    tell(&mut page, "tcf", &json!({ "decided": true, "tcf": good() }));
    assert_eq!(purposes(&page)["analytics"], "unknown");
    assert!(page.problems.iter().any(|(_, said)| said.contains("13 months")));
}

#[test]
fn until_what_reads_strings_has_come_nothing_they_decide_goes_ahead() {
    let mut page = Page::new(CONFIG);
    page.strings_come = false;
    page.decide(r#"{"own":true}"#);
    tell(&mut page, "tcf", &json!({ "decided": true, "tcf": good() }));
    assert_eq!((page.asked_for_strings, vendor(&page).0.as_str()), (1, "pending"));
    page.pass(7_000);
    assert_eq!(page.asked_for_strings, 4);
    page.strings_come = true;
    page.pass(8_000);
    assert_ne!(vendor(&page).0, "pending");
    let asked = page.asked_for_strings;
    tell(&mut page, "tcf", &json!({ "decided": true, "tcf": vectors("tcf")[1]["string"] }));
    assert_eq!(page.asked_for_strings, asked);
}

#[test]
fn a_string_said_before_another_tab_denied_is_no_new_answer_when_it_is_read_at_last() {
    const CONFIG: &str = r#"{"version":1,"consent":{"purposes":{"a":{"tcf":{"purposes":[1]}},"us":{"usp":["sale"]}}},
      "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;
    let string = json!({"decided": true, "tcf": good()});
    let granted = |denies_before: bool| {
        let mut page = Page::new(CONFIG);
        page.strings_come = false;
        if denies_before {
            page.give(Input::Message(r#"{"denied":["a"]}"#));
        }
        tell(&mut page, "tcf", &string);
        if !denies_before {
            page.give(Input::Message(r#"{"denied":["a"]}"#));
            // Another standard's new word makes this one no newer.
            tell(&mut page, "usp", &json!({"decided": true, "usp": "1YNN"}));
        }
        page.give(Input::Part { part: Part::Strings, ok: true });
        purposes(&page)["a"].clone()
    };
    assert_eq!(granted(false), "denied", "the denial is newer");
    assert_eq!(granted(true), "granted", "the answer is newer");
}

#[test]
fn a_dialog_that_opens_again_takes_no_denial_back() {
    const CONFIG: &str = r#"{"version":1,"consent":{"model":"opt-out","purposes":{"ads":{"gpp":["sale"]}}},
      "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["ads"]}}]}"#;
    let mut page = Page::new(CONFIG);
    tell(&mut page, "gpp", &json!({"decided": true, "gpp": "nonsense", "applicable": [7]}));
    assert_eq!(purposes(&page)["ads"], "denied");
    tell(&mut page, "gpp", &json!({"decided": false, "paused": true}));
    assert_eq!(purposes(&page)["ads"], "denied");
}

#[test]
fn sourcepoint_makes_wait_until_one_of_its_standards_has_answered() {
    const CONFIG: &str = r#"{"version":1,"consent":{"model":"opt-out","purposes":{"a":{"tcf":{"purposes":[1]}},"own":{}}},
      "destinations":[{"id":"own","kind":"segment","url":"/own","consent":{"allOf":["own"]}}]}"#;
    for stub_first in [false, true] {
        let mut page = Page::new(CONFIG);
        let stub = json!({"decided": false});
        if stub_first {
            tell(&mut page, "tcf", &stub);
        }
        tell(&mut page, "sourcepoint", &json!({"decided": true, "accepted": []}));
        tell(&mut page, "tcf", &stub);
        page.track("Early");
        page.pass(5_000);
        assert_eq!(page.requests.len(), 0, "its stub alone says nothing");
        tell(&mut page, "tcf", &json!({"decided": true, "tcf": good()}));
        page.pass(5_000);
        assert_eq!(page.requests.len(), 1);
    }
}

#[test]
fn a_standard_that_decides_nothing_of_the_config_keeps_nothing_waiting_unless_the_config_names_it() {
    let config = r#"{"version":1,"consent":{CMP"purposes":{"a":{"onetrust":["C1"]}}},
      "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;
    for (cmp, status) in [("", "ready"), (r#""cmp":["onetrust","tcf"],"#, "pending")] {
        let mut page = Page::new(&config.replace("CMP", cmp));
        tell(&mut page, "onetrust", &json!({ "decided": true, "accepted": ["C1"] }));
        for source in ["tcf", "gpp", "usp"] {
            tell(&mut page, source, &json!({ "decided": false }));
        }
        let state: Value = serde_json::from_str(&page.core.consent()).unwrap();
        assert_eq!(state["status"], status, "{cmp}");
    }
}
