//! What becomes of firings: before the tags are there, while they wait, and when consent changes its mind.

use super::page::Page;
use crate::memory;
use serde_json::Value;
use tidegate_core::input::Verb;
use tidegate_core::{Input, config, tags::Template};

fn site(triggers: &str, tags: &str) -> String {
    format!(
        r#"{{"version":1,"consent":{{"cmp":"manual","purposes":{{"a":{{}},"b":{{}}}}}},
        "destinations":[{{"id":"c","kind":"segment","url":"/c","consent":{{"allOf":["a"]}}}}],
        "variables":[{{"id":"path","kind":"property","path":"path","default":"none"}},{{"id":"shop","kind":"data","path":"shop"}}],
        "triggers":[{triggers}],"tags":[{tags}]}}"#
    )
}

const BUY: &str = r#"{"id":"t","kind":"event","event":"Buy"}"#;
const ALL: &str = r#"{"id":"t","kind":"event","event":"*"}"#;

fn pixel(src: &str, purpose: &str, fire: &str) -> String {
    format!(
        r#"{{"id":"p","template":"custom-pixel","params":{{"src":"{src}"}},"consent":{{"allOf":["{purpose}"]}},"fireOn":["t"],"fire":"{fire}"}}"#
    )
}

#[test]
fn other_events_do_not_push_out_a_firing_that_waits_for_the_tags() {
    let mut page = Page::new(&site(BUY, &pixel("/buy", "a", "per-event")));
    page.track("Buy");
    (0..5_000).for_each(|_| page.track("Other"));
    page.decide(r#"{"a":true}"#);
    (0..500).for_each(|_| page.track("Buy"));
    page.tags_come();
    assert_eq!(page.loaded.len(), 501);
    assert!(!page.codes().contains(&"tags_missed"));
}

#[test]
fn a_large_data_layer_that_keeps_changing_fills_no_memory_and_what_is_given_up_is_told() {
    let mut page = Page::new(&site(ALL, &pixel("/p?{{shop}}", "a", "per-event")));
    let before = memory::held();
    for n in 0..200 {
        let data = format!(r#"{{"n":{n},"shop":"x","fill":"{}"}}"#, "f".repeat(200_000));
        page.give(Input::Data(&data));
        page.track("Any");
    }
    assert!(memory::held() - before < 16 << 20, "{} bytes", memory::held() - before);
    assert!(page.codes().contains(&"tags_missed"));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    assert!((10..200).contains(&page.loaded.len()), "{}", page.loaded.len());
}

#[test]
fn the_data_layer_is_bounded_as_a_whole() {
    let mut page = Page::new(&site(ALL, ""));
    for n in 0..20 {
        page.give(Input::Data(&format!(r#"{{"k{n}":"{}"}}"#, "f".repeat(100_000))));
    }
    assert!(page.core.data(None).unwrap().len() <= 1 << 20);
    assert_eq!(page.codes(), vec!["data_too_large"; 10]);
}

#[test]
fn a_firing_that_only_waited_leaves_a_per_page_tag_free_to_fire_later() {
    let mut page = Page::new(&site(
        ALL,
        &[pixel("/now", "a", "per-event"), pixel("/once", "b", "per-page").replace("\"p\"", "\"q\"")].join(","),
    ));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("Waits");
    page.decide(r#"{"b":false}"#);
    page.track("Denied");
    page.decide(r#"{"b":true}"#);
    page.track("Granted");
    page.track("Granted Again");
    page.give(Input::Commit);
    assert_eq!(page.loaded.iter().filter(|url| *url == "/once").count(), 1);
}

#[test]
fn a_property_is_the_finished_event_s_whether_the_tags_are_there_or_not() {
    let trigger = r#"{"id":"t","kind":"event","event":"*","where":[{"var":"path","op":"==","value":"/page"}]}"#;
    let mut page = Page::new(&site(trigger, &pixel("/p?at={{path}}", "a", "per-event")));
    page.give(Input::Page(r#"{"path":"/page","search":"","title":"","url":"/page","referrer":""}"#));
    page.call(Verb::Page, r#"["Home"]"#);
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.call(Verb::Page, r#"["Home"]"#);
    page.give(Input::Commit);
    assert_eq!(page.loaded, ["/p?at=%2Fpage", "/p?at=%2Fpage"]);
}

#[test]
fn explain_says_how_each_tag_and_destination_of_an_event_was_decided_in_the_end() {
    let mut page = Page::new(&site(ALL, &pixel("/p", "b", "per-event")));
    page.call(Verb::Track, r#"["E",{},{"messageId":"m"}]"#);
    page.decide(r#"{"a":true}"#);
    page.decide(r#"{"b":false}"#);
    page.decide(r#"{"b":true}"#);
    let told: Vec<Value> = serde_json::from_str(&page.core.explain(Some("m"))).unwrap();
    let told: Vec<String> = told.iter().map(|one| format!("{} {}", one["subject"], one["decision"]).replace('"', "")).collect();
    assert_eq!(told, ["destination:c pending", "destination:c allow", "tag:p pending", "tag:p deny"]);
}

#[test]
fn forget_tells_the_vendors_to_stop() {
    let tag = r#"{"id":"v","template":"vendor","consent":{"allOf":["a"]},"fireOn":["t"]}"#;
    let mut page = Page::new(&site(ALL, tag));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("E");
    page.give(Input::Commit);
    let template = r#"{"id":"vendor","docs":"https://v.example","permissions":{"scripts":["https://v.example/"],"globals":["v"]},"load":{"script":"https://v.example/v.js"},
        "init":[{"call":"v.init"}],"withdraw":[{"call":"v.stop"}]}"#;
    page.template(0, template);
    page.give(Input::Tags(r#"["loaded",0,true]"#));
    page.give(Input::Forget);
    assert_eq!(page.invoked, ["v.init", "v.stop"]);
}

/// The arguments of a step that names the visitor, one for each event.
fn named(page: &Page) -> Vec<Value> {
    let steps = page.page.iter().filter(|what| what[0] == "step" && what[2]["call"] == "v.know");
    steps.map(|what| what[2]["args"][0].clone()).collect()
}

#[test]
fn what_waited_for_a_grant_carries_the_identifier_that_the_grant_allowed() {
    let template = r#"{"id":"vendor","docs":"https://v.example","permissions":{"scripts":["https://v.example/"],"globals":["v"]},"load":{"script":"https://v.example/v.js"},
        "on":{"track":[{"call":"v.know","args":["{{event.anonymousId}}"]}]}}"#;
    let other =
        r#"{"id":"o","template":"custom-pixel","params":{"src":"https://o.example/p"},"consent":{"allOf":["b"]},"fireOn":["t"]}"#;
    let tag = r#"{"id":"v","template":"vendor","consent":{"allOf":["a"]},"fireOn":["t"]}"#;
    // Whether what tags need came before the grant, with another tag's, or only with it.
    for comes_before in [false, true] {
        let mut page = Page::new(&site(ALL, &format!("{tag},{other}")));
        if comes_before {
            page.decide(r#"{"b":true}"#);
            page.tags_come();
        }
        page.track("Before");
        page.give(Input::Commit);
        page.decide(r#"{"a":true}"#);
        if !comes_before {
            page.tags_come();
        }
        page.give(Input::Commit);
        page.template(0, template);
        page.give(Input::Tags(r#"["loaded",0,true]"#));
        page.track("After");
        page.give(Input::Commit);
        let after = page.last(Verb::Track, r#"["After"]"#);
        assert!(after["anonymousId"].is_string());
        assert_eq!(named(&page), [after["anonymousId"].clone(), after["anonymousId"].clone()], "{comes_before}");
    }
}

#[test]
fn a_parameter_the_template_does_not_have_is_told_when_it_comes() {
    let tag = r#"{"id":"v","template":"vendor","params":{"tokn":"1"},"consent":{"allOf":["a"]},"fireOn":["t"]}"#;
    let mut page = Page::new(&site(ALL, tag));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("E");
    page.give(Input::Commit);
    let template = r#"{"id":"vendor","docs":"https://v.example","permissions":{"scripts":["https://v.example/"],"globals":["v"]},"load":{"script":"https://v.example/v.js"}}"#;
    assert!(Template::parse(template).is_ok());
    page.template(0, template);
    assert_eq!(
        page.problems,
        [("tag_failed".into(), "tag \"v\": its parameter \"tokn\" is no parameter of the template: it has none".into())]
    );
}

#[test]
fn what_a_parameter_refers_to_must_exist() {
    let faults = |src: &str| {
        let found = config::Config::check(&site(BUY, &pixel(src, "a", "per-event")));
        found.map_or_else(|faults| faults.into_iter().map(|fault| fault.pointer).collect(), |_| Vec::new())
    };
    assert_eq!(faults("/p?{{shop}}&{{event.properties.x}}&{{ path }}"), Vec::<String>::new());
    assert_eq!(faults("/p?{{nope}}"), ["/tags/0/params/src"]);
    assert_eq!(faults(r#"/p","scr":"/q"#), ["/tags/0/params/scr"]);
}

#[test]
fn firings_that_wait_with_large_values_fill_no_memory_and_what_is_given_up_is_told() {
    let tags = [pixel("/now", "a", "per-event"), pixel("/later?{{shop}}", "b", "per-event").replace("\"p\"", "\"q\"")];
    let mut page = Page::new(&site(ALL, &tags.join(",")));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    let before = memory::held();
    page.give(Input::Data(&format!(r#"{{"shop":"{}"}}"#, "f".repeat(100_000))));
    (0..500).for_each(|_| page.track("Any"));
    page.loaded.clear();
    assert!(memory::held() - before < 16 << 20, "{} bytes", memory::held() - before);
    assert!(page.codes().contains(&"tags_missed"));
}

#[test]
fn a_withdrawal_calls_deletes_and_offers_a_reload_for_what_ran_and_for_nothing_else() {
    let on_withdraw =
        r#""onWithdraw":{"calls":[{"call":"vendor.stop","args":["now"]}],"deleteCookies":["_v"],"offerReload":true}"#;
    let tag = |id: &str, src: &str| {
        let tag = pixel(src, "a", "per-event").replace(r#""id":"p""#, &format!(r#""id":"{id}""#));
        tag.replace(r#""fire""#, &format!(r#"{on_withdraw},"fire""#))
    };
    let never = tag("never", "/n").replace(r#"["t"]"#, r#"["other"]"#);
    let triggers = format!(r#"{ALL},{{"id":"other","kind":"event","event":"Other"}}"#);
    let mut page = Page::new(&site(&triggers, &format!("{},{never}", tag("ran", "/r"))));
    page.cookies.insert("_v".into(), "1".into());
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.decide(r#"{"b":false}"#);
    assert!(page.invoked.is_empty() && page.reloads.is_empty());
    page.track("Any");
    page.give(Input::Commit);
    page.decide(r#"{"a":false}"#);
    assert_eq!((page.invoked.clone(), page.reloads.clone()), (vec!["vendor.stop".into()], vec![r#""ran""#.to_owned()]));
    assert!(!page.cookies.contains_key("_v"));
    page.decide(r#"{"a":false}"#);
    page.decide(r#"{"a":true}"#);
    assert_eq!(page.reloads.len(), 1);
    page.track("Again");
    page.give(Input::Commit);
    page.decide(r#"{"a":false}"#);
    assert_eq!(page.reloads.len(), 2);
}

/// A page whose platform said yes, and forgot it without a word.
fn forgetful(config: &str) -> Page {
    let mut page = Page::new(&config.replace(r#""cmp":"manual""#, r#""cmp":["klaro"]"#));
    let yes = r#"{"decided":true,"accepted":["a"]}"#;
    page.give(Input::Signal { source: "klaro", text: yes });
    page.tags_come();
    page.forgets = Some(("klaro", r#"{"decided":false}"#));
    page
}

#[test]
fn a_frame_does_not_outlive_the_withdrawal() {
    let tag = r#"{"id":"f","template":"custom-html","params":{"html":"<b>"},"consent":{"allOf":["a"]},"fireOn":["t"]}"#;
    let mut page = Page::new(&site(ALL, tag));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("E");
    page.give(Input::Commit);
    let words = |page: &Page| page.page.iter().map(|what| what[0].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(words(&page), ["frame"]);
    page.decide(r#"{"a":false}"#);
    assert_eq!(words(&page), ["frame", "unload"]);
}

#[test]
fn a_tag_does_not_run_on_an_answer_that_the_platform_has_forgotten() {
    let mut page = forgetful(&site(ALL, &pixel("/p", "a", "per-event")));
    page.track("Any");
    page.give(Input::Commit);
    assert!(page.loaded.is_empty());
}

#[test]
fn however_much_a_task_fires_at_once_nothing_of_it_is_given_up() {
    let mut page = Page::new(&site(ALL, &pixel("/p", "a", "per-event")));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    let long = "x".repeat(20_000);
    for _ in 0..100 {
        page.call(Verb::Track, &format!(r#"["Long",{{"x":"{long}"}}]"#));
    }
    (0..5_000).for_each(|_| page.track("Short"));
    page.give(Input::Commit);
    assert_eq!(page.loaded.len(), 5_100);
    assert!(!page.codes().contains(&"tags_missed"));
}

#[test]
fn a_withdrawal_deletes_what_an_earlier_page_s_tag_left() {
    let tag = pixel("/p", "a", "per-event").replace(r#""fire""#, r#""onWithdraw":{"deleteCookies":["_v"]},"fire""#);
    let mut page = Page::new(&site(BUY, &tag));
    page.decide(r#"{"a":true,"b":true}"#);
    page.tags_come();
    page.cookies.insert("_v".into(), "1".into());
    page.decide(r#"{"b":false}"#);
    assert!(page.cookies.contains_key("_v"));
    page.decide(r#"{"a":false}"#);
    assert!(!page.cookies.contains_key("_v"));
}

#[test]
fn a_tag_that_waits_for_the_end_of_the_task_does_not_run_where_the_task_withdraws() {
    let mut page = Page::new(&site(ALL, &pixel("/p", "a", "per-event")));
    page.decide(r#"{"a":true}"#);
    page.tags_come();
    page.track("Any");
    page.decide(r#"{"a":false}"#);
    page.give(Input::Commit);
    assert!(page.loaded.is_empty());
    page.decide(r#"{"a":true}"#);
    assert!(page.loaded.is_empty());
}

#[test]
fn a_script_that_was_under_way_at_a_withdrawal_is_told_once_it_ran() {
    let on_withdraw = r#""onWithdraw":{"calls":[{"call":"v.out"}],"deleteCookies":["_v"],"offerReload":true},"fireOn""#;
    for template in ["custom-script", "vendor"] {
        let params = if template == "vendor" { "{}" } else { r#"{"src":"https://v.example/v.js"}"# };
        let tag = format!(r#"{{"id":"v","template":"{template}","params":{params},"consent":{{"allOf":["a"]}},"fireOn":["t"]}}"#);
        let mut page = Page::new(&site(ALL, &tag.replace(r#""fireOn""#, on_withdraw)));
        page.decide(r#"{"a":true}"#);
        page.tags_come();
        page.track("E");
        page.give(Input::Commit);
        let text = r#"{"id":"vendor","docs":"https://v.example","permissions":{"scripts":["https://v.example/"],"globals":["v"]},"load":{"script":"https://v.example/v.js"},"withdraw":[{"call":"v.stop"}]}"#;
        page.template(0, text);
        page.decide(r#"{"a":false}"#);
        page.cookies.insert("_v".into(), "1".into());
        page.invoked.clear();
        page.reloads.clear();
        page.give(Input::Tags(r#"["loaded",0,true]"#));
        let calls: &[&str] = if template == "vendor" { &["v.stop", "v.out"] } else { &["v.out"] };
        assert_eq!(
            (&page.invoked[..], page.reloads.len(), page.cookies.len()),
            (&calls.iter().map(|call| (*call).to_owned()).collect::<Vec<_>>()[..], 1, 0),
            "{template}"
        );
    }
}
