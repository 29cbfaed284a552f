//! Consent that changes while plugins have an event.

use super::{ALL, Shop};
use serde_json::json;

#[test]
fn what_is_withdrawn_while_plugins_have_it_is_never_sent_whatever_is_granted_later() {
    let mut shop = Shop::new();
    let (before, middleware) = (shop.add("before", "p"), shop.add("middleware", "second"));
    shop.track("Out");
    shop.track("Share");
    shop.pass(before, "Share");
    // The first destination has it already: in the queue it is withdrawn too.
    shop.ask_anew();
    assert_eq!((shop.count("withdrawn"), shop.count("pending")), ([2, 2], [0, 0]));
    shop.accept();
    shop.pass(before, "Out");
    shop.pass(middleware, "Share");
    shop.pass_time(60_000);
    assert_eq!(shop.names(), [Vec::<String>::new(), Vec::new()]);
    assert_eq!((shop.count("withdrawn"), shop.count("pending")), ([2, 2], [0, 0]));
}

#[test]
fn what_is_denied_while_plugins_have_it_is_never_sent_and_only_there() {
    let mut shop = Shop::new();
    let before = shop.add("before", "p");
    shop.track("E");
    shop.decide(r#"{"a":false}"#);
    let given_up = shop.count("denied")[0] + shop.count("withdrawn")[0];
    assert_eq!((given_up, shop.count("pending")), (1, [0, 1]));
    shop.decide(ALL);
    shop.pass(before, "E");
    assert_eq!(shop.names(), [vec![], vec![String::from("E")]]);
}

#[test]
fn what_waits_for_consent_and_is_denied_while_plugins_have_it_is_never_sent() {
    let mut shop = Shop::undecided();
    let before = shop.add("before", "p");
    shop.track("E");
    shop.decide(r#"{"a":false,"b":true}"#);
    shop.decide(ALL);
    shop.pass(before, "E");
    assert_eq!((shop.names(), shop.count("denied")), ([vec![], vec![String::from("E")]], [1, 0]));
}

#[test]
fn what_is_granted_while_plugins_have_it_is_sent_once_under_the_grant() {
    let mut shop = Shop::undecided();
    let plugin = shop.add("before", "p");
    shop.track("E");
    let called = shop.run(plugin, "E").unwrap()["event"].clone();
    shop.pass_time(1_000);
    shop.decide(ALL);
    assert_eq!((shop.count("queued"), shop.count("pending")), ([0, 0], [1, 1]));
    shop.pass(plugin, "E");
    for destination in [0, 1] {
        let event = shop.arrived(destination, "E");
        let consent = &event["context"]["consent"];
        assert_eq!(consent["capturedRev"], called["context"]["consent"]["rev"]);
        assert_eq!(consent["categoryPreferences"], json!({ "a": true, "b": true, "c": true }));
        assert_eq!((&event["timestamp"], &event["messageId"]), (&called["timestamp"], &called["messageId"]));
        assert!(event["anonymousId"].is_string());
    }
}

#[test]
fn one_destination_s_grant_does_not_touch_the_stamp_of_another() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":true}"#);
    let plugin = shop.add("before", "p");
    shop.track("E");
    shop.decide(r#"{"b":true}"#);
    shop.pass(plugin, "E");
    let [first, second] = [0, 1].map(|destination| shop.arrived(destination, "E")["context"]["consent"].clone());
    assert_eq!(first.get("capturedRev"), None);
    assert_eq!(second["capturedRev"], first["rev"]);
    assert_eq!(first["categoryPreferences"].get("b"), None);
}

#[test]
fn what_plugins_let_go_while_consent_is_open_waits_on_as_they_left_it() {
    let mut shop = Shop::undecided();
    let plugin = shop.add("before", "p");
    shop.track("E");
    shop.pass_with(plugin, "E", |event| event["properties"]["n"] = json!(1));
    assert_eq!((shop.count("pending"), shop.ends(1).len()), ([1, 1], 1));
    shop.decide(ALL);
    assert_eq!(shop.count("queued"), [1, 1]);
    assert_eq!(shop.arrived(0, "E")["properties"]["n"], 1);
    assert_eq!(shop.meetings().len(), 1);
}

#[test]
fn what_is_denied_everywhere_no_plugin_sees() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":false,"b":false,"c":false}"#);
    for phase in ["before", "enrichment", "middleware", "destination", "after"] {
        shop.add(phase, if phase == "destination" { "Own" } else { "*" });
    }
    shop.track("E");
    assert!(shop.page.told.is_empty(), "{:?}", shop.page.told);
    assert_eq!((shop.count("denied"), shop.count("pending")), ([1, 1], [0, 0]));
}

#[test]
fn middleware_of_a_destination_changes_and_drops_that_one_s_copy_only() {
    let mut shop = Shop::new();
    let (before, first) = (shop.add("before", "p"), shop.add("middleware", "first"));
    let again = shop.add("middleware", "first");
    shop.track("Changed");
    shop.track("Dropped");
    for name in ["Changed", "Dropped"] {
        shop.pass(before, name);
        assert_eq!(shop.run(first, name).unwrap()["destination"], "First");
    }
    shop.pass_with(first, "Changed", |event| event["properties"]["first"] = json!(true));
    shop.cancel(first, "Dropped");
    assert_eq!(shop.run(again, "Changed").unwrap()["event"]["properties"], json!({ "first": true }));
    shop.pass(again, "Changed");
    assert_eq!(shop.names(), [vec![String::from("Changed")], ["Changed", "Dropped"].map(String::from).to_vec()]);
    assert_eq!(shop.arrived(0, "Changed")["properties"], json!({ "first": true }));
    assert_eq!(shop.arrived(1, "Changed")["properties"], json!({}));
    assert_eq!((shop.count("cancelled"), shop.ends(1).len(), shop.ends(2).len()), ([1, 0], 1, 1));
}

#[test]
fn middleware_of_each_destination_has_its_copy_and_middleware_of_all_has_none() {
    let mut shop = Shop::new();
    let all = shop.add("middleware", "*");
    shop.add("middleware", "first");
    shop.add("middleware", "second");
    shop.track("E");
    assert_eq!(shop.run(all, "E"), None);
    let runs: Vec<_> = shop.page.told.iter().filter(|told| told.get("run").is_some()).cloned().collect();
    let destinations: Vec<_> = runs.iter().map(|run| run["destination"].as_str().unwrap()).collect();
    assert_eq!(destinations, ["First", "second"]);
    for run in &runs {
        let mut event = run["event"].clone();
        event["properties"]["of"] = run["destination"].clone();
        shop.say(&json!({ "run": run["run"], "event": event }));
    }
    assert_eq!(shop.arrived(0, "E")["properties"]["of"], "First");
    assert_eq!(shop.arrived(1, "E")["properties"]["of"], "second");
}

#[test]
fn a_share_that_waits_for_consent_is_sent_under_the_grant_as_its_middleware_left_it() {
    let mut shop = Shop::undecided();
    let middleware = shop.add("middleware", "second");
    shop.track("Open");
    shop.track("Held");
    shop.pass_with(middleware, "Open", |event| event["properties"]["n"] = json!(1));
    shop.decide(ALL);
    shop.pass_with(middleware, "Held", |event| event["properties"]["n"] = json!(2));
    for (n, name) in [(1, "Open"), (2, "Held")] {
        let event = shop.arrived(1, name);
        assert_eq!((&event["properties"]["n"], event["context"]["consent"]["capturedRev"].is_u64()), (&json!(n), true));
        assert_eq!(shop.arrived(0, name)["properties"], json!({}));
    }
    assert_eq!(shop.count("pending"), [0, 0]);
}
