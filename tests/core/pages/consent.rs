//! Consent that changes while what other tabs stored is being read.

use super::page::Page;
use tidegate_core::input::Verb;
use tidegate_core::{Effect, Input, Now, Runtime, keys};

/// Identifiers need one purpose, the destination another.
const CONFIG: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
  "identity":{"consent":{"allOf":["a"]}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["b"]}}]}"#;

#[test]
fn nothing_is_sent_under_a_grant_that_another_tab_took_back_however_long_the_reading_takes() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"b":true}"#);
    page.call(Verb::Track, r#"["Queued"]"#);
    page.give(Input::Commit);
    page.now.mono += 2_000;
    page.now.wall += 2_000;
    // Due: what other tabs decided is asked for before it goes.
    let asked = page.core.handle(Input::Wake, page.now);
    assert!(asked.contains(&Effect::Read { key: keys::CONSENT.into() }), "{asked:?}");
    page.core.handle(Input::Stored { key: keys::IDENTITY, value: None }, page.now);
    page.now.mono += 5;
    page.now.wall += 5;
    let decision = r#"{"v":1,"rev":9,"policy":1,"expires":1999999999999,"purposes":{"a":true,"b":false}}"#;
    let effects = page.core.handle(Input::Stored { key: keys::CONSENT, value: Some(decision) }, page.now);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Send(_))), "{effects:?}");
    page.give(Input::Stored { key: keys::IDENTITY, value: None });
    let stats: serde_json::Value = serde_json::from_str(&page.core.stats()).unwrap();
    assert_eq!((&stats["dropped"]["withdrawn"], &stats["inFlight"]), (&1.into(), &0.into()));
}

#[test]
fn an_identity_that_another_tab_has_not_taken_back_yet_does_not_come_back_with_a_new_grant() {
    let mut page = Page::new(CONFIG);
    page.decide(r#"{"a":true}"#);
    let before = page.core.user();
    page.decide(r#"{"a":false}"#);
    let late = format!(r#"{{"identity":{}}}"#, before.replace("\"id\"", "\"userId\""));
    page.give(Input::Message(&late));
    page.decide(r#"{"a":true}"#);
    assert_ne!(page.core.user(), before);
}

#[test]
fn what_a_page_denies_by_default_is_told_no_other_tab() {
    let config = CONFIG.replace(r#""consent":{"cmp""#, r#""consent":{"model":"opt-out","cmp""#);
    let mut page = Page::new(&config);
    let mut told = |purposes, explicit| {
        page.posted.clear();
        page.give(Input::ConsentSet { purposes, explicit });
        page.posted.iter().filter(|message| message.contains("denied")).cloned().collect::<Vec<_>>().join("")
    };
    assert!(told(r#"{"a":false,"b":false}"#, false).contains(r#""denied":[]"#));
    assert!(told(r#"{"a":false}"#, true).contains(r#""denied":["a"]"#));
}

#[test]
fn a_region_that_no_visitor_is_in_is_a_fault() {
    let with = |region: &str| {
        let regions = format!(r#""consent":{{"regions":{{"{region}":"opt-in"}},"cmp""#);
        tidegate_core::config::Config::check(&CONFIG.replace(r#""consent":{"cmp""#, &regions)).map(|_| ())
    };
    for region in ["DE", "GB", "US-CA", "FR-2A", "CN-HK"] {
        assert_eq!(with(region), Ok(()), "{region}");
    }
    for region in ["de", "DEU", "UK", "EU", "us_ca", "US-ca", "US-", "US-CALI", "", "*"] {
        let faults = with(region).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.pointer.clone()).collect::<Vec<_>>(), [format!("/consent/regions/{region}")]);
    }
}

#[test]
fn what_another_tab_denied_stands_until_that_is_answered_here() {
    let config = CONFIG.replace(r#""cmp":"manual""#, r#""remember":false"#);
    let mut page = Page::new(&config);
    let klaro = |accepted: &str| format!(r#"{{"decided":true,"accepted":[{accepted}]}}"#);
    let decided = |page: &Page| {
        let state: serde_json::Value = serde_json::from_str(&page.core.consent()).unwrap();
        [state["purposes"]["a"].clone(), state["purposes"]["b"].clone()]
    };
    page.give(Input::Signal { source: "klaro", text: &klaro(r#""a""#) });
    page.decide(r#"{"b":true}"#);
    page.give(Input::Message(r#"{"denied":["a"]}"#));
    for another in [r#"{"b":false}"#, r#"{"b":true}"#] {
        page.decide(another);
        assert_eq!(decided(&page)[0], "denied", "{another} says nothing of it");
    }
    page.give(Input::Signal { source: "orejime", text: &klaro(r#""b""#) });
    page.give(Input::Signal { source: "orejime", text: &klaro("") });
    page.give(Input::Signal { source: "klaro", text: &klaro(r#""a","b""#) });
    assert_eq!(decided(&page)[0], "denied", "what was granted before the denial is no answer to it");
    page.give(Input::Signal { source: "orejime", text: &klaro(r#""a","b""#) });
    page.decide(r#"{"a":true}"#);
    assert_eq!(decided(&page), ["granted", "granted"]);
}

#[test]
fn what_a_platform_said_before_the_core_began_counts_before_silence_does() {
    let config = CONFIG.replace(r#""cmp":"manual""#, r#""model":"opt-out""#);
    let start = |platforms: &str| {
        let environment = format!(r#"{{"platforms":{platforms}}}"#);
        let mut core = Runtime::start(&config, &environment, [7; 32]).unwrap();
        let (identity, cookies, consent) = (None, [None; 3], None);
        let now = Now { wall: 1_700_000_000_000, mono: 0 };
        let mut effects =
            core.handle(Input::Restore { identity, cookies, consent, gate: Some(r#"{"rev":3}"#), locks: true }, now);
        effects.extend(core.handle(Input::Call { verb: Verb::Track, args: r#"["E"]"#, at: now.wall }, now));
        effects.extend(core.handle(Input::Commit, now));
        effects
    };
    let touches = |effects: &[Effect]| {
        let stored = |key: &str| key != keys::CONSENT;
        effects.iter().any(|effect| match effect {
            Effect::Write { key, .. } | Effect::Remove { key } => stored(key),
            Effect::SetCookie { .. } | Effect::Notify(tidegate_core::effect::Notice::Erase(_)) => true,
            _ => false,
        })
    };
    assert!(touches(&start("{}")));
    let silent = start(r#"{"klaro":"{\"decided\":false}"}"#);
    assert!(!touches(&silent), "{silent:?}");
}

#[test]
fn a_signal_that_denies_from_the_start_takes_away_what_an_earlier_page_left() {
    let config = CONFIG.replace(r#""b":{}"#, r#""b":{"gpp":["sale"]}"#);
    let mut core = Runtime::start(&config, r#"{"gpc":true}"#, [7; 32]).unwrap();
    let (identity, cookies, consent) = (None, [None; 3], None);
    let now = Now { wall: 1_700_000_000_000, mono: 0 };
    let effects = core.handle(Input::Restore { identity, cookies, consent, gate: Some(r#"{"rev":3}"#), locks: true }, now);
    assert!(effects.contains(&Effect::List { prefix: keys::JOURNAL.into() }), "{effects:?}");
    assert!(
        effects.contains(&Effect::Notify(tidegate_core::effect::Notice::Erase(tidegate_core::effect::Erasure::Everything))),
        "{effects:?}"
    );
    assert!(effects.contains(&Effect::Remove { key: keys::GATE.into() }), "{effects:?}");
}

fn receipts(page: &Page) -> Vec<serde_json::Value> {
    serde_json::from_str(&page.core.receipts().unwrap()).unwrap()
}

#[test]
fn each_state_of_consent_has_a_receipt_that_the_stamp_of_an_event_names() {
    let mut page = Page::new(CONFIG);
    assert_eq!(page.core.receipts(), None, "what writes them comes with the first grant, or when it is asked for");
    page.decide(r#"{"b":false}"#);
    assert!(!page.stored.contains_key(keys::RECEIPTS));
    page.decide(r#"{"a":true,"b":true}"#);
    page.call(Verb::Track, r#"["E"]"#);
    let stamp = page.last(Verb::Track, r#"["E"]"#)["context"]["consent"]["rev"].clone();
    let all = receipts(&page);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&page.stored[keys::RECEIPTS]).unwrap(), all);
    let named = all.iter().find(|receipt| receipt["rev"] == stamp).unwrap();
    assert_eq!(named["categoryPreferences"], serde_json::json!({ "a": true, "b": true }));
    assert_eq!((&named["because"]["a"], &named["policyRevision"]), (&"manual".into(), &1.into()));
    assert_eq!(all.iter().filter(|receipt| receipt["categoryPreferences"]["b"] == false).count(), 1);
    page.decide(r#"{"b":false}"#);
    assert!(!page.stored.contains_key(keys::RECEIPTS));
}

#[test]
fn destinations_that_are_still_allowed_hear_of_each_change_where_the_config_says_so_and_of_no_page_load() {
    let config = CONFIG.replacen(r#""consent":{"#, r#""consent":{"updateEvent":true,"#, 1);
    let named = |page: &Page| {
        let stored = page.stored.iter().filter(|(key, _)| key.starts_with(keys::JOURNAL));
        stored.map(|(_, text)| text.matches("Segment Consent Preference Updated").count()).sum::<usize>()
    };
    let mut page = Page::new(&config);
    page.decide(r#"{"b":false}"#);
    page.give(Input::Commit);
    assert_eq!(named(&page), 0);
    page.decide(r#"{"b":true}"#);
    page.give(Input::Commit);
    assert_eq!(named(&page), 1);
    page.decide(r#"{"a":true}"#);
    page.decide(r#"{"a":true}"#);
    page.give(Input::Commit);
    assert_eq!(named(&page), 2);

    let mut next = Page::new(&config);
    next.stored = page.stored.clone();
    let consent = next.stored[keys::CONSENT].clone();
    let (identity, cookies, gate) = (None, [None; 3], None);
    next.give(Input::Restore { identity, cookies, consent: Some(&consent), gate, locks: true });
    next.give(Input::Commit);
    assert_eq!(named(&next), 2);
}

const SILENT: &str = r#"{"version":1,"consent":{"purposes":{"a":{},"b":{}},MODEL},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;

/// Model, region and what the destination gets, of a page where nobody decided anything.
fn silent(model: &str, region: &str, signals: &[(&str, &str)]) -> [String; 3] {
    let config = SILENT.replace(",MODEL", model);
    let core = tidegate_core::Runtime::start(&config, &format!(r#"{{"region":"{region}"}}"#), [7; 32]).unwrap();
    let mut page = Page::new(&config);
    page.core = core;
    for (source, text) in signals {
        page.give(Input::Signal { source, text });
    }
    let state: serde_json::Value = serde_json::from_str(&page.core.consent()).unwrap();
    page.give(Input::Restore { identity: None, cookies: [None; 3], consent: None, gate: None, locks: true });
    let told: Vec<serde_json::Value> = serde_json::from_str(&page.core.explain(None)).unwrap();
    [&state["model"], &state["jurisdiction"], &told[0]["decision"]].map(|value| value.as_str().unwrap_or("null").to_owned())
}

#[test]
fn the_model_is_the_region_s_else_the_config_s_else_what_the_platforms_say_of_which_the_strictest_counts() {
    const REGIONS: &str = r#","model":"none","regions":{"US":"opt-out","US-CA":"opt-in"}"#;
    let hint = |model: &'static str| {
        if model == "opt-in" {
            r#"{"decided":false,"accepted":[],"model":"opt-in"}"#
        } else {
            r#"{"decided":false,"accepted":[],"model":"opt-out"}"#
        }
    };
    for (config, region, signals, wanted) in [
        ("", "", vec![], ["opt-in", "null", "pending"]),
        (REGIONS, "", vec![], ["none", "null", "allow"]),
        (REGIONS, "US-TX", vec![], ["opt-out", "US-TX", "allow"]),
        (REGIONS, "US-CA", vec![], ["opt-in", "US-CA", "pending"]),
        (REGIONS, "DE", vec![], ["none", "DE", "allow"]),
        ("", "", vec![("onetrust", hint("opt-out"))], ["opt-out", "null", "allow"]),
        ("", "", vec![("onetrust", hint("opt-out")), ("klaro", hint("opt-in"))], ["opt-in", "null", "pending"]),
        (r#","model":"opt-in""#, "", vec![("onetrust", hint("opt-out"))], ["opt-in", "null", "pending"]),
        ("", "", vec![("onetrust", r#"{"decided":false,"model":"opt-out"}"#)], ["opt-out", "null", "pending"]),
    ] {
        assert_eq!(silent(config, region, &signals), wanted.map(String::from), "{config} {region} {signals:?}");
    }
}

#[test]
fn google_is_told_granted_where_all_purposes_of_a_type_may_be_used() {
    let config = CONFIG.replacen(
        r#""consent":{"#,
        r#""consent":{"googleConsentMode":{"ad_storage":["a"],"ad_user_data":["a","b"],"analytics_storage":["b"],"personalization_storage":[]},"#,
        1,
    );
    let mut page = Page::new(&config);
    let told =
        |page: &Page| serde_json::from_str::<serde_json::Value>(&page.core.consent()).unwrap()["googleConsentMode"].clone();
    let all = |ad: &str, user: &str, analytics: &str| serde_json::json!({ "ad_storage": ad, "ad_user_data": user, "analytics_storage": analytics, "personalization_storage": "denied" });
    assert_eq!(told(&page), all("denied", "denied", "denied"));
    page.decide(r#"{"a":true}"#);
    assert_eq!(told(&page), all("granted", "denied", "denied"));
    page.decide(r#"{"b":true}"#);
    assert_eq!(told(&page), all("granted", "granted", "granted"));
    page.decide(r#"{"a":false}"#);
    assert_eq!(told(&page), all("denied", "denied", "granted"));
}

#[test]
fn do_not_track_denies_all_but_what_is_always_granted_where_the_config_says_so_and_no_banner_overrides_it() {
    let config = r#"{"version":1,"consent":{"doNotTrack":DNT,"purposes":{"needed":{"always":true},"a":{"klaro":["a"]}}},
      "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;
    for (set, on, state) in [("true", true, "denied"), ("true", false, "granted"), ("false", true, "granted")] {
        let environment = format!(r#"{{"dnt":{on}}}"#);
        let mut core = Runtime::start(&config.replace("DNT", set), &environment, [7; 32]).unwrap();
        let now = Now { wall: 1_700_000_000_000, mono: 0 };
        let (identity, cookies, consent, gate) = (None, [None; 3], None, None);
        core.handle(Input::Restore { identity, cookies, consent, gate, locks: false }, now);
        core.handle(Input::Signal { source: "klaro", text: r#"{"decided":true,"accepted":["a"]}"# }, now);
        let told: serde_json::Value = serde_json::from_str(&core.consent()).unwrap();
        assert_eq!((&told["purposes"]["a"], &told["purposes"]["needed"]), (&state.into(), &"granted".into()), "{set} {on}");
        let explained = core.explain(None);
        assert_eq!(explained.contains("do-not-track"), state == "denied", "{explained}");
    }
}

#[test]
fn receipts_take_no_more_than_32_kb_of_local_storage_however_often_a_visitor_changes_their_mind() {
    let purposes: Vec<String> = (0..60).map(|n| format!(r#""purpose-with-a-long-name-{n}":{{}}"#)).collect();
    let config = format!(
        r#"{{"version":1,"consent":{{"cmp":"manual","purposes":{{"a":{{}},"b":{{}},{}}}}},
        "destinations":[{{"id":"c","kind":"segment","url":"/c","consent":{{"allOf":["a"]}}}}]}}"#,
        purposes.join(",")
    );
    let mut page = Page::new(&config);
    for n in 0..200 {
        page.decide(&format!(r#"{{"a":true,"b":{}}}"#, n % 2 == 0));
    }
    let stored = &page.stored[keys::RECEIPTS];
    assert!((24 * 1024..=33 * 1024).contains(&stored.len()), "{} bytes", stored.len());
    let all = receipts(&page);
    let state: serde_json::Value = serde_json::from_str(&page.core.consent()).unwrap();
    assert_eq!(all.last().unwrap()["rev"], state["rev"]);
}

#[test]
fn only_where_nothing_is_allowed_everything_that_waits_outside_the_journal_goes() {
    const TWO: &str = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
      "destinations":[{"id":"a","kind":"segment","url":"/a","consent":{"allOf":["a"]}},
        {"id":"b","kind":"segment","url":"/b","consent":{"allOf":["b"]}}]}"#;
    for (decided, everything) in [(r#"{"a":true,"b":false}"#, 0), (r#"{"a":false,"b":false}"#, 1)] {
        let mut page = Page::new(TWO);
        page.decide(decided);
        assert_eq!(page.erased, everything, "{decided}");
    }
    let mut page = Page::new(TWO);
    page.decide(r#"{"a":true,"b":true}"#);
    assert!(page.stored[keys::GATE].contains(r#""to":["","a","b"]"#), "{}", page.stored[keys::GATE]);
    page.decide(r#"{"b":false}"#);
    assert_eq!(page.erased, 0);
    assert!(page.stored[keys::GATE].contains(r#""to":["","a"]"#), "{}", page.stored[keys::GATE]);
    page.decide(r#"{"a":false}"#);
    assert_eq!(page.erased, 1);
}

#[test]
fn a_listed_platform_that_was_not_heard_holds_everything_back_whatever_silence_means() {
    for model in ["opt-out", "none"] {
        let config = format!(
            r#"{{"version":1,"consent":{{"model":"{model}","cmp":["klaro"],"purposes":{{"a":{{}}}}}},
            "destinations":[{{"id":"c","kind":"segment","url":"/c","consent":{{"allOf":["a"]}}}}]}}"#
        );
        let mut page = Page::new(&config);
        page.track("Early");
        page.give(Input::Commit);
        assert!(page.stored.is_empty() && page.requests.is_empty(), "{model}");
        let undecided = r#"{"decided":false,"accepted":[]}"#;
        page.give(Input::Signal { source: "klaro", text: undecided });
        page.give(Input::Flush);
        assert_eq!(page.requests.len(), 1, "{model}: heard, and silence is yes");
    }
}

#[test]
fn what_a_decision_allowed_that_ended_between_pages_is_gone_before_anything_else_happens() {
    let config = CONFIG.replace(r#""allOf":["b"]"#, r#""allOf":["a"]"#);
    let mut page = Page::new(&config);
    page.decide(r#"{"a":true}"#);
    page.call(Verb::Identify, r#"["jane"]"#);
    page.give(Input::Commit);
    assert!(page.stored.keys().any(|key| key.starts_with(keys::JOURNAL)));
    let (stored, cookies) = (page.stored.clone(), page.cookies.clone());
    let ended = [r#""policyRevision":2,"purposes""#, r#""expiryDays":1,"purposes""#];
    for (at, changed) in ended.into_iter().enumerate() {
        let config = config.replacen(r#""purposes""#, changed, 1);
        let mut next = Page::new(&config);
        // Another tab.
        next.core = Runtime::start(&config, "{}", std::array::from_fn(|at| at as u8)).unwrap();
        (next.stored, next.cookies) = (stored.clone(), cookies.clone());
        next.now.wall += if at == 1 { 400 * 86_400_000 } else { 0 };
        let text = |key: &str| stored.get(key).map(String::as_str);
        let cookies = keys::COOKIES.map(|name| cookies.get(name).map(String::as_str));
        let (identity, consent, gate) = (text(keys::IDENTITY), text(keys::CONSENT), text(keys::GATE));
        next.give(Input::Restore { identity, cookies, consent, gate, locks: true });
        assert!(next.stored.is_empty() && next.cookies.is_empty(), "{:?} {:?}", next.stored, next.cookies);
        assert_eq!(next.erased, 1);
        next.decide(r#"{"a":true}"#);
        assert!(!next.core.user().contains("jane"));
    }
}

#[test]
fn what_was_said_before_a_core_came_counts_over_what_was_remembered() {
    let config = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{},"b":{}}},
      "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;
    let mut first = Page::new(config);
    first.decide(r#"{"a":true,"b":true}"#);
    let remembered = first.stored[keys::CONSENT].clone();
    for (said, wanted) in [
        ("\n{\"a\":false}", ["denied", "granted"]),
        ("\n{\"a\":false}\n{\"a\":true,\"b\":false}", ["granted", "denied"]),
        ("\nnull\n{\"a\":7,\"gone\":true}\n", ["granted", "granted"]),
    ] {
        first.stored.insert(keys::CONSENT.into(), format!("{remembered}{said}"));
        let next = first.next(config, 8, true);
        let state: serde_json::Value = serde_json::from_str(&next.core.consent()).unwrap();
        assert_eq!([&state["purposes"]["a"], &state["purposes"]["b"]], wanted, "{said}");
        // A tab that is open hears of it with its next send.
        let mut open = first.next(config, 9, true);
        open.stored.insert(keys::CONSENT.into(), format!("{remembered}{said}"));
        open.track("E");
        open.give(Input::Commit);
        open.pass(6_000);
        assert_eq!(open.requests.len(), usize::from(wanted[0] == "granted"), "{said}");
    }
}
