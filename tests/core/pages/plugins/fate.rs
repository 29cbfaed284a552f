//! What becomes of an event that plugins cancel, fail on, spoil or keep too long.

use super::{ALL, Shop};
use crate::memory;
use serde_json::json;
use tidegate_core::Input;
use tidegate_core::input::{Lifecycle, Verb};

#[test]
fn a_plugin_that_decides_has_thirty_seconds_and_then_the_event_is_blocked() {
    let mut shop = Shop::new();
    shop.add("before", "p");
    shop.track("E");
    shop.pass_time(29_999);
    assert_eq!(shop.count("pending"), [1, 1]);
    shop.pass_time(1);
    assert_eq!((shop.count("pending"), shop.count("plugin-failed")), ([0, 0], [1, 1]));
    assert_eq!(shop.ends(1), [&json!({ "end": 1, "event": null, "then": [] })]);
    let message = r#"plugin "p" failed on "E": it took longer than 30 s. The event is not sent."#;
    assert_eq!(shop.page.problems, [("plugin_failed".into(), message.into())]);
}

#[test]
fn an_enrichment_has_thirty_seconds_and_then_the_event_goes_on_as_it_was() {
    let mut shop = Shop::new();
    let (first, slow) = (shop.add("enrichment", "p"), shop.add("enrichment", "q"));
    let last = shop.add("enrichment", "r");
    shop.track("E");
    shop.pass_with(first, "E", |event| event["properties"]["first"] = json!(true));
    shop.pass_time(29_999);
    assert_eq!(shop.run(last, "E"), None);
    shop.pass_time(1);
    shop.pass_with(slow, "E", |event| event["properties"]["slow"] = json!(true));
    shop.pass(last, "E");
    assert_eq!(shop.arrived(0, "E")["properties"], json!({ "first": true }));
    assert_eq!((shop.page.codes(), shop.count("plugin-failed")), (vec!["plugin_failed"], [0, 0]));
}

#[test]
fn middleware_of_a_destination_has_thirty_seconds_and_then_that_one_goes_without() {
    let mut shop = Shop::new();
    shop.add("middleware", "first");
    shop.track("E");
    shop.pass_time(30_000);
    assert_eq!((shop.count("plugin-failed"), shop.count("pending")), ([1, 0], [0, 0]));
    assert_eq!(shop.names(), [vec![], vec![String::from("E")]]);
    assert_eq!(shop.ends(1).len(), 1);
}

#[test]
fn nothing_waits_for_those_that_only_look_at_the_event() {
    let mut shop = Shop::new();
    let (own, after) = (shop.add("destination", "Own"), shop.add_loading("after", "q"));
    shop.track("E");
    shop.give(Input::Commit);
    assert_eq!(shop.ends(1)[0]["then"], json!([own, after]));
    assert_eq!((shop.count("queued"), shop.meetings().len()), ([1, 1], 0));
    shop.send();
    shop.pass_time(60_000);
    assert_eq!(shop.count("delivered"), [1, 1]);
}

#[test]
fn what_is_cancelled_or_failed_on_is_counted_and_explained_and_meets_nobody_else() {
    let mut shop = Shop::new();
    let (first, second) = (shop.add("before", "p"), shop.add("before", "q"));
    shop.add("after", "r");
    shop.call(Verb::Track, r#"["Cancelled",{},{"messageId":"c"}]"#);
    shop.call(Verb::Track, r#"["Failed",{},{"messageId":"f"}]"#);
    shop.call(Verb::Track, r#"["Good",{},{"messageId":"g"}]"#);
    shop.cancel(first, "Cancelled");
    shop.fail(first, "Failed");
    shop.pass(first, "Good");
    shop.pass(second, "Good");
    assert_eq!((shop.count("cancelled"), shop.count("plugin-failed")), ([1, 1], [1, 1]));
    assert_eq!(shop.names()[0], ["Good"]);
    assert_eq!((shop.run(second, "Cancelled"), shop.run(second, "Failed")), (None, None));
    for (capture, id, why) in [(1, "c", "a plugin cancelled it"), (2, "f", "a plugin failed on it")] {
        assert_eq!(shop.ends(capture), [&json!({ "end": capture, "event": null, "then": [] })]);
        for (subject, decision, because) in shop.explain(id) {
            assert_eq!(decision, "deny", "{subject}");
            assert!(because.contains(why), "{subject}: {because}");
        }
    }
    assert!(shop.explain("g").iter().all(|(_, decision, _)| decision == "allow"));
    assert_eq!(shop.page.codes(), ["plugin_failed"]);
}

#[test]
fn an_enrichment_that_fails_or_cancels_lets_the_event_go_on_as_it_was() {
    let mut shop = Shop::new();
    let plugin = shop.add("enrichment", "p");
    shop.call(Verb::Track, r#"["Failed",{"n":1}]"#);
    shop.call(Verb::Track, r#"["Cancelled",{"n":2}]"#);
    shop.fail(plugin, "Failed");
    shop.cancel(plugin, "Cancelled");
    assert_eq!(shop.arrived(0, "Failed")["properties"]["n"], 1);
    assert_eq!(shop.arrived(0, "Cancelled")["properties"]["n"], 2);
    assert_eq!(shop.page.codes(), ["plugin_failed"]);
}

#[test]
fn what_is_no_event_any_more_is_not_sent_and_counted() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    let spoilt = ["7", "null", "[]", "\"text\"", "{}", r#"{"type":7,"event":"E"}"#];
    for (at, event) in spoilt.into_iter().enumerate() {
        shop.call(Verb::Track, r#"["E",{},{"messageId":"m"}]"#);
        let run = shop.run(plugin, "E").unwrap()["run"].clone();
        shop.give(Input::Plugins(&format!(r#"[{{"run":{run},"event":{event}}}]"#)));
        let all = at as u64 + 1;
        assert_eq!((shop.count("plugin-failed"), shop.page.codes().len()), ([all, all], at + 1), "{event}");
        assert_eq!(shop.ends(at as u32 + 1), [&json!({ "end": at + 1, "event": null, "then": [] })]);
    }
    assert_eq!(shop.names(), [Vec::<String>::new(), Vec::new()]);
    assert_eq!(shop.explain("m")[0].1, "deny");
}

#[test]
fn what_grew_beyond_32_kb_is_not_sent_and_counted() {
    let mut shop = Shop::new();
    let plugin = shop.add("enrichment", "p");
    for (name, bytes) in [("Large", 33_000), ("Fits", 30_000)] {
        shop.track(name);
        shop.pass_with(plugin, name, |event| event["properties"]["fill"] = json!("f".repeat(bytes)));
    }
    assert_eq!((shop.count("plugin-failed"), shop.page.codes()), ([1, 1], vec!["plugin_failed"]));
    assert_eq!(shop.names(), [["Fits"], ["Fits"]]);
}

#[test]
fn an_identifier_that_no_collector_would_take_does_not_take_the_place_of_the_event_s_own() {
    let mut shop = Shop::new();
    let plugin = shop.add("enrichment", "p");
    for nonsense in [json!(7), json!(""), json!(null), json!("a b"), json!("i".repeat(201)), json!({ "x": 1 }), json!("q\"q")] {
        shop.arrived = Default::default();
        shop.call(Verb::Track, r#"["E",{},{"messageId":"given"}]"#);
        shop.pass_with(plugin, "E", |event| event["messageId"] = nonsense.clone());
        assert_eq!(shop.arrived(0, "E")["messageId"], "given", "{nonsense}");
        let own = shop.arrived(1, "E")["messageId"].clone();
        assert_eq!(own, "given", "{nonsense}");
    }
}

#[test]
fn answers_that_come_late_twice_or_to_nothing_change_nothing() {
    let mut shop = Shop::new();
    let (before, enrichment) = (shop.add("before", "p"), shop.add("enrichment", "q"));
    let middleware = shop.add("middleware", "second");
    shop.track("Cancelled");
    shop.cancel(before, "Cancelled");
    shop.track("Late");
    shop.pass_time(30_000);
    shop.track("Good");
    shop.pass(before, "Good");
    shop.track("Open");
    // The first answer stands, also while another plugin has the event.
    shop.pass_with(before, "Good", |event| event["event"] = json!("Changed"));
    shop.pass(enrichment, "Good");
    shop.cancel(middleware, "Good");
    let before_answers = (shop.stats(), shop.page.told.len());
    for (plugin, name) in [(before, "Cancelled"), (before, "Late"), (before, "Good"), (enrichment, "Good"), (middleware, "Good")]
    {
        shop.pass(plugin, name);
        shop.cancel(plugin, name);
        shop.fail(plugin, name);
    }
    for run in [0u64, 999, u64::from(u32::MAX), u64::MAX] {
        shop.say(&json!({ "run": run, "event": { "type": "track", "event": "Invented" } }));
        shop.say(&json!({ "run": run }));
        shop.say(&json!({ "run": run, "error": "late" }));
    }
    shop.say(&json!({ "loaded": 99, "error": "unknown" }));
    shop.say(&json!({ "remove": 99, "edition": 1 }));
    assert_eq!((shop.stats(), shop.page.told.len()), before_answers);
    assert_eq!(shop.names(), [vec![String::from("Good")], vec![]]);
    assert_eq!(shop.count("pending"), [1, 1]);
}

#[test]
fn a_second_answer_changes_nothing_while_the_event_waits_for_a_plugin_that_loads() {
    let mut shop = Shop::new();
    let (before, loading) = (shop.add("before", "p"), shop.add_loading("before", "q"));
    shop.track("E");
    shop.pass(before, "E");
    shop.cancel(before, "E");
    shop.pass_with(before, "E", |event| event["properties"]["late"] = json!(true));
    shop.say(&json!({ "loaded": loading }));
    shop.pass(loading, "E");
    assert_eq!(shop.arrived(0, "E")["properties"], json!({}));
}

#[test]
fn when_the_page_hides_what_is_only_enriched_is_journalled_as_it_was_and_the_rest_stays_held() {
    let mut shop = Shop::new();
    let enrichment = shop.add("enrichment", "q");
    shop.track("Enriched");
    let before = shop.add("before", "p");
    shop.add("middleware", "second");
    shop.track("Checked");
    shop.track("Passed");
    shop.pass(before, "Passed");
    shop.give(Input::Lifecycle(Lifecycle::Hidden));
    let holds = |shop: &Shop, name: &str| shop.page.stored.values().any(|text| text.contains(&format!("\"{name}\"")));
    assert_eq!(["Enriched", "Checked", "Passed"].map(|name| holds(&shop, name)), [true, false, true]);
    // Middleware decides too: the destination's share stays held.
    assert_eq!(shop.count("pending"), [1, 2]);
    assert_eq!(shop.page.requests.len(), 2, "one last request a destination");
    shop.pass_with(enrichment, "Enriched", |event| event["event"] = json!("Late"));
    shop.give(Input::Lifecycle(Lifecycle::Visible));
    shop.pass(before, "Checked");
    shop.pass(enrichment, "Checked");
    assert_eq!(shop.names()[0], ["Enriched", "Passed", "Checked"]);
    assert_eq!(shop.page.codes(), Vec::<&str>::new());
}

#[test]
fn destinations_that_integrations_leave_out_go_without_and_are_counted_excluded() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    shop.call(Verb::Track, r#"["Called",{},{"integrations":{"First":0},"messageId":"c"}]"#);
    shop.call(Verb::Track, r#"["Changed",{},{"messageId":"d"}]"#);
    shop.call(Verb::Track, r#"["Neither",{},{"integrations":{"First":null,"Segment.io":""}}]"#);
    shop.call(Verb::Track, r#"["One",{},{"integrations":{"Segment.io":false,"second":true,"All":false}}]"#);
    assert_eq!(shop.count("excluded"), [3, 1]);
    shop.pass(plugin, "Called");
    shop.pass_with(plugin, "Changed", |event| event["integrations"] = json!({ "First": false }));
    shop.pass(plugin, "One");
    assert_eq!((shop.run(plugin, "Neither"), shop.count("excluded")), (None, [4, 1]));
    assert_eq!(shop.names(), [vec![], ["Called", "Changed", "One"].map(String::from).to_vec()]);
    for id in ["c", "d"] {
        let told = shop.explain(id);
        assert_eq!((told[0].1.as_str(), told[1].1.as_str()), ("deny", "allow"));
        assert!(told[0].2.contains("the call's integrations leave it out"), "{}", told[0].2);
    }
}

#[test]
fn nothing_is_left_after_forget() {
    let mut shop = Shop::undecided();
    let (before, loading) = (shop.add("before", "p"), shop.add_loading("enrichment", "q"));
    shop.add("destination", "Own");
    shop.track("Waits");
    shop.track("Out");
    shop.pass(before, "Waits");
    let run = shop.run(before, "Out").unwrap();
    shop.decide(ALL);
    let told = shop.page.told.len();
    shop.give(Input::Forget);
    assert_eq!((shop.count("pending"), shop.count("withdrawn")), ([0, 0], [2, 2]));
    // Who waits for an event hears that there is none.
    assert_eq!(shop.page.told.split_off(told).len(), 2);
    shop.say(&json!({ "run": run["run"], "event": run["event"] }));
    shop.say(&json!({ "loaded": loading }));
    shop.pass_time(60_000);
    shop.track("After");
    assert_eq!((shop.page.told.len(), shop.page.core.deadline(shop.page.now)), (told, None));
    assert!(shop.page.stored.values().all(|text| !text.contains("Waits") && !text.contains("Out")));
}

#[test]
fn forget_leaves_no_event_in_memory() {
    let mut shop = Shop::undecided();
    let (before, _) = (memory::held(), shop.add("before", "p"));
    for _ in 0..40 {
        shop.call(Verb::Track, &format!(r#"["E",{{"fill":"{}"}}]"#, "f".repeat(20_000)));
        shop.page.told.clear();
    }
    shop.give(Input::Forget);
    assert!(memory::held() - before < 100_000, "{} bytes", memory::held() - before);
}
