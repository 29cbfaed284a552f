//! Destinations that are the page's own code: what consent lets them see.

use super::{ALL, CONFIG, Page, Shop};
use serde_json::{Value, json};
use tidegate_core::Input;
use tidegate_core::input::Verb;

/// The names of events that a plugin was to have a look at, in order.
fn seen(shop: &Shop, plugin: u32) -> Vec<String> {
    let of = |told: &&Value| told["then"].as_array().is_some_and(|then| then.contains(&json!(plugin)));
    shop.page.told.iter().filter(of).map(|told| told["event"]["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_that_the_config_does_not_name_or_gives_no_requirement_gets_nothing_and_that_is_told() {
    let nothing_needed = CONFIG.replace(r#"{"allOf":["c"]}"#, r#"{}"#);
    for (config, name) in [(CONFIG, "Unnamed"), (&nothing_needed, "Own")] {
        let mut shop = Shop { page: Page::new(config), ..Shop::undecided() };
        shop.decide(ALL);
        let plugin = shop.add("destination", name);
        assert_eq!(shop.page.codes(), ["plugin_denied"]);
        assert!(shop.page.problems[0].1.contains(name));
        shop.track("E");
        shop.decide(r#"{"c":false}"#);
        shop.decide(r#"{"c":true}"#);
        assert_eq!((seen(&shop, plugin), shop.ends(1).len(), shop.count("queued")), (vec![], 1, [1, 1]));
    }
}

#[test]
fn what_waits_for_its_consent_it_gets_once_after_the_grant_as_plugins_left_it() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":true,"b":true}"#);
    let enrichment = shop.add("enrichment", "p");
    let plugin = shop.add("destination", "Own");
    shop.track("Waits");
    shop.pass_with(enrichment, "Waits", |event| event["properties"]["n"] = json!(1));
    // Others do not wait with it.
    assert_eq!((shop.count("queued"), seen(&shop, plugin)), ([1, 1], vec![]));
    shop.decide(r#"{"c":true}"#);
    let told = shop.page.told.last().unwrap().clone();
    assert_eq!((&told["end"], &told["then"], &told["event"]["properties"]["n"]), (&json!(1), &json!([plugin]), &json!(1)));
    shop.decide(r#"{"c":false}"#);
    shop.decide(r#"{"c":true}"#);
    shop.track("Granted");
    shop.pass(enrichment, "Granted");
    assert_eq!(seen(&shop, plugin), ["Waits", "Granted"]);
}

#[test]
fn what_is_denied_it_never_gets() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":true,"b":true}"#);
    let plugin = shop.add("destination", "Own");
    shop.track("Denied Later");
    shop.decide(r#"{"c":false}"#);
    shop.track("Denied");
    shop.decide(r#"{"c":true}"#);
    shop.track("Granted");
    shop.give(Input::Commit);
    assert_eq!(seen(&shop, plugin), ["Granted"]);
}

#[test]
fn what_was_denied_at_its_call_or_since_it_does_not_get_by_a_grant_while_others_have_the_event() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":true,"b":true,"c":false}"#);
    let (before, plugin) = (shop.add("before", "p"), shop.add("destination", "Own"));
    shop.track("Denied");
    shop.decide(r#"{"c":true}"#);
    shop.track("Withdrawn");
    shop.decide(r#"{"c":false}"#);
    shop.decide(r#"{"c":true}"#);
    shop.track("Granted");
    for name in ["Denied", "Withdrawn", "Granted"] {
        shop.pass(before, name);
    }
    assert_eq!(shop.names()[0].len(), 3);
    assert_eq!(seen(&shop, plugin), ["Granted"]);
}

#[test]
fn what_was_denied_before_the_part_came_it_does_not_get_either() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":true,"b":true,"c":false}"#);
    shop.hold();
    shop.track("Denied");
    shop.decide(r#"{"c":true}"#);
    shop.track("Granted");
    shop.say(&json!({ "add": 1, "edition": 1, "phase": "destination", "name": "Own" }));
    assert_eq!(seen(&shop, 1), ["Granted"]);
}

#[test]
fn an_event_s_integrations_leave_it_out_by_its_name_or_with_all() {
    let mut shop = Shop::new();
    let plugin = shop.add("destination", "Own");
    for (name, integrations) in [
        ("Named", r#"{"Own":false}"#),
        ("All", r#"{"All":false}"#),
        ("Meant", r#"{"All":false,"Own":true}"#),
        ("Settings", r#"{"All":false,"Own":{"x":1}}"#),
        ("Everyone", r#"{"First":false}"#),
    ] {
        shop.call(Verb::Track, &format!(r#"["{name}",{{}},{{"integrations":{integrations}}}]"#));
    }
    shop.give(Input::Commit);
    assert_eq!(seen(&shop, plugin), ["Meant", "Settings", "Everyone"]);
}

#[test]
fn one_that_did_not_load_gets_nothing_that_waited_for_it() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":true,"b":true}"#);
    let plugin = shop.add_loading("destination", "Own");
    shop.track("E");
    shop.pass_time(5_000);
    shop.decide(r#"{"c":true}"#);
    assert_eq!(seen(&shop, plugin), Vec::<String>::new());
}

/// Destinations that were told to load.
fn told_to_load(shop: &Shop) -> Vec<u64> {
    shop.page.told.iter().filter_map(|told| told["load"].as_u64()).collect()
}

#[test]
fn it_loads_once_and_not_before_consent_allows_it() {
    let mut shop = Shop::undecided();
    let plugin = shop.add_loading("destination", "Own");
    shop.decide(r#"{"a":true,"b":true,"c":false}"#);
    shop.track("Denied");
    assert_eq!(told_to_load(&shop), Vec::<u64>::new());
    shop.decide(ALL);
    shop.track("Early");
    shop.decide(r#"{"a":false}"#);
    assert_eq!(told_to_load(&shop), [u64::from(plugin)]);
    assert_eq!(seen(&shop, plugin), Vec::<String>::new());
    shop.say(&json!({ "loaded": plugin }));
    assert_eq!(seen(&shop, plugin), ["Early"]);
}

#[test]
fn one_that_the_config_does_not_name_or_that_went_never_loads() {
    let mut shop = Shop::new();
    shop.add_loading("destination", "Stranger");
    assert_eq!((told_to_load(&shop), shop.page.codes()), (vec![], vec!["plugin_denied"]));
    let mut shop = Shop::undecided();
    let plugin = shop.add_loading("destination", "Own");
    shop.hold();
    shop.say(&json!({ "remove": plugin, "edition": shop.edition }));
    shop.decide(ALL);
    assert_eq!(told_to_load(&shop), Vec::<u64>::new());
}

#[test]
fn it_gets_nothing_on_an_answer_that_the_platform_has_forgotten() {
    let mut shop = Shop::undecided();
    shop.decide(ALL);
    let plugin = shop.add("destination", "Own");
    shop.page.forgets = Some(("klaro", r#"{"decided":false}"#));
    shop.track("Any");
    shop.give(Input::Commit);
    assert_eq!(seen(&shop, plugin), [""; 0]);
}
