//! Whom an event meets, in which order, and as what it goes on.

use super::super::page::Page;
use super::{ALL, Shop};
use serde_json::{Value, json};
use tidegate_core::Input;
use tidegate_core::input::{Lifecycle, Verb};

#[test]
fn an_event_meets_before_then_enrichment_then_after_however_they_were_registered() {
    let mut shop = Shop::new();
    let after = shop.add("after", "look");
    let enrichment = shop.add("enrichment", "add");
    let before = shop.add("before", "check");
    let own = shop.add("destination", "Own");
    let middleware = shop.add("middleware", "first");
    let second = shop.add("before", "check too");
    shop.track("E");
    // Each only once the one before is done.
    for plugin in [before, second, enrichment] {
        assert_eq!(shop.meetings().last(), Some(&(plugin.into(), "E".into())));
        assert!(shop.ends(1).is_empty());
        shop.pass(plugin, "E");
    }
    assert_eq!(shop.ends(1).len(), 1);
    assert_eq!(shop.ends(1)[0]["then"], json!([own, after]));
    assert_eq!(shop.meetings().last(), Some(&(middleware.into(), "E".into())));
    assert_eq!(shop.meetings().len(), 4);
}

#[test]
fn an_event_held_before_the_part_came_meets_exactly_the_plugins_there_at_its_call() {
    let mut shop = Shop::new();
    shop.track("None");
    shop.hold();
    shop.track("One");
    shop.hold();
    shop.track("Both");
    shop.hold();
    shop.track("Other");
    assert_eq!((shop.count("pending"), shop.count("queued")), ([3, 3], [1, 1]));
    shop.give(Input::Plugins(
        r#"[{"add":1,"edition":1,"phase":"before","name":"p"},{"add":2,"edition":2,"phase":"before","name":"q"},
        {"remove":1,"edition":3}]"#,
    ));
    for (plugin, name) in [(1, "One"), (1, "Both"), (2, "Both"), (2, "Other")] {
        shop.pass(plugin, name);
    }
    let met = shop.meetings();
    let met: Vec<(u64, &str)> = met.iter().map(|(plugin, name)| (*plugin, name.as_str())).collect();
    assert_eq!(met, [(1, "One"), (1, "Both"), (2, "Other"), (2, "Both")]);
    let both = ["None", "One", "Both", "Other"].map(String::from).to_vec();
    assert_eq!(shop.names(), [both.clone(), both]);
}

#[test]
fn an_event_under_way_still_meets_a_plugin_that_is_taken_away_meanwhile() {
    let mut shop = Shop::new();
    let (first, second) = (shop.add("before", "p"), shop.add("before", "q"));
    shop.track("Early");
    shop.hold();
    shop.say(&json!({ "remove": second, "edition": shop.edition }));
    shop.track("Late");
    shop.pass(first, "Late");
    shop.pass(first, "Early");
    shop.pass(second, "Early");
    assert_eq!(shop.run(second, "Late"), None);
    assert_eq!(shop.names()[0], ["Late", "Early"]);
}

#[test]
fn once_every_plugin_is_taken_away_events_go_straight_on() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    shop.hold();
    shop.say(&json!({ "remove": plugin, "edition": shop.edition }));
    shop.track("E");
    assert_eq!(shop.count("queued"), [1, 1]);
}

#[test]
fn an_event_that_takes_long_neither_delays_nor_loses_later_ones() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "slow");
    shop.call(Verb::Identify, r#"["jane"]"#);
    let run = shop.page.told.last().unwrap().clone();
    shop.say(&json!({ "run": run["run"], "event": run["event"] }));
    let at = shop.page.now.wall;
    shop.call(Verb::Track, r#"["Slow",{"n":1},{"messageId":"slow"}]"#);
    let called = shop.page.last(Verb::Track, r#"["Slow",{"n":1},{"messageId":"slow"}]"#);
    // Everything that an event takes from its call changes meanwhile.
    shop.pass_time(1_000);
    shop.give(Input::Reset);
    shop.give(Input::Page(r#"{"path":"/later"}"#));
    shop.decide(r#"{"c":false}"#);
    for n in 0..20 {
        shop.track(&format!("Quick {n}"));
        shop.pass(plugin, &format!("Quick {n}"));
    }
    assert_eq!(shop.count("pending"), [1, 1]);
    assert_eq!(shop.names()[0].len(), 21);
    shop.pass_time(20_000);
    shop.pass(plugin, "Slow");
    let event = shop.arrived(0, "Slow");
    let mut time = String::new();
    tidegate_core::time::push_iso(&mut time, at);
    assert_eq!((&event["timestamp"], &event["messageId"], &event["userId"]), (&json!(time), &json!("slow"), &json!("jane")));
    for key in ["anonymousId", "properties", "type", "integrations"] {
        assert_eq!(event[key], called[key], "{key}");
    }
    assert_eq!(event["context"]["consent"], called["context"]["consent"]);
    assert_eq!(event["context"]["page"], called["context"]["page"]);
}

#[test]
fn a_plugin_is_told_the_finished_event() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    let args = r#"["E",{"n":1},{"context":{"x":1},"integrations":{"Mixpanel":true}}]"#;
    shop.call(Verb::Track, args);
    let mut called = shop.page.last(Verb::Track, args);
    called.as_object_mut().unwrap().remove("options");
    assert_eq!(shop.run(plugin, "E").unwrap()["event"], called);
}

#[test]
fn what_plugins_change_is_what_is_journalled_and_sent_but_for_what_is_the_core_s_to_say() {
    let mut shop = Shop::new();
    let (before, enrichment) = (shop.add("before", "p"), shop.add("enrichment", "q"));
    shop.track("E");
    let consent = shop.run(before, "E").unwrap()["event"]["context"]["consent"].clone();
    shop.pass_with(before, "E", |event| {
        event["properties"]["a\n\"b\t"] = json!("one\ntwo\tthree");
        event["userId"] = json!("set");
        event["anonymousId"] = json!("anon");
        event["messageId"] = json!("own");
    });
    assert_eq!(shop.run(enrichment, "E").unwrap()["event"]["userId"], "set");
    shop.pass_with(enrichment, "E", |event| {
        event["context"]["consent"] = json!({ "categoryPreferences": { "a": "forged" } });
        event["context"]["ip"] = json!("0.0.0.0");
        event["sentAt"] = json!("never");
        event["extra"] = json!([1]);
    });
    shop.give(Input::Commit);
    assert!(shop.page.stored.values().any(|text| text.contains("\"own\"") && text.contains("0.0.0.0")));
    let event = shop.arrived(1, "E");
    assert_eq!(event["properties"], json!({ "a\n\"b\t": "one\ntwo\tthree" }));
    let own = ["userId", "anonymousId", "messageId"].map(|key| event[key].as_str().unwrap());
    assert_eq!((own, &event["extra"], event.get("sentAt")), (["set", "anon", "own"], &json!([1]), None));
    assert_eq!((&event["context"]["consent"], &event["context"]["ip"]), (&consent, &json!("0.0.0.0")));
    assert!(event["context"]["tidegate"].is_object());
    // Later events are the visitor's, not the plugin's.
    shop.track("Next");
    assert_eq!(shop.run(before, "Next").unwrap()["event"]["userId"], Value::Null);
}

#[test]
fn an_event_laid_out_in_lines_is_one_line_of_the_journal() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    for name in ["E", "F"] {
        shop.track(name);
        let mut run = shop.run(plugin, name).unwrap();
        run["event"]["context"]["x"] = json!({ "y": 1 });
        run["event"]["properties"]["x"] = json!({ "y": 1 });
        let text = serde_json::to_string_pretty(&json!([{ "run": run["run"], "event": run["event"] }])).unwrap();
        shop.give(Input::Plugins(&text.replace("  ", "\t")));
    }
    shop.give(Input::Commit);
    let page = shop.page.stored.values().find(|text| text.contains("\"F\"")).unwrap();
    assert_eq!(page.lines().filter(|line| line.contains("\"messageId\"")).count(), 2);
    assert_eq!(shop.arrived(1, "F")["context"]["x"], json!({ "y": 1 }));
}

#[test]
fn events_wait_for_a_plugin_that_loads_and_only_those_that_are_to_meet_it() {
    let mut shop = Shop::new();
    let ready = shop.add("before", "ready");
    shop.track("Before");
    let loading = shop.add_loading("before", "loading");
    shop.track("E");
    shop.pass(ready, "Before");
    shop.pass(ready, "E");
    assert_eq!((shop.run(loading, "E"), shop.count("queued")), (None, [1, 1]));
    shop.pass_time(4_999);
    assert_eq!(shop.count("pending"), [1, 1]);
    shop.say(&json!({ "loaded": loading }));
    // What it may take begins when it has the event.
    shop.pass_time(29_999);
    shop.pass(loading, "E");
    assert_eq!(shop.names()[0], ["Before", "E"]);
}

#[test]
fn events_go_on_without_a_plugin_that_only_adds_and_does_not_load_or_takes_five_seconds() {
    for fails in [true, false] {
        let mut shop = Shop::new();
        let loading = shop.add_loading("enrichment", "lazy");
        shop.track("Waits");
        if fails {
            shop.say(&json!({ "loaded": loading, "error": "404" }));
        } else {
            shop.pass_time(5_000);
        }
        shop.track("Later");
        // Too late.
        shop.say(&json!({ "loaded": loading }));
        shop.track("Last");
        assert_eq!(shop.names(), [["Waits", "Later", "Last"], ["Waits", "Later", "Last"]], "{fails}");
        assert_eq!((shop.meetings().len(), shop.page.codes()), (0, vec!["plugin_failed"]));
        assert!(shop.page.problems[0].1.contains("\"lazy\" did not load"), "{:?}", shop.page.problems);
    }
}

#[test]
fn what_decides_is_not_left_out_for_loading_slowly() {
    let mut shop = Shop::new();
    let loading = shop.add_loading("before", "scrubber");
    shop.track("E");
    shop.pass_time(29_999);
    assert_eq!((shop.meetings().len(), shop.count("pending")), (0, [1, 1]));
    shop.pass_time(1);
    shop.pass(loading, "E");
    assert_eq!(shop.names()[0], ["E"]);
}

#[test]
fn before_the_part_came_a_page_that_goes_leaves_what_plugins_would_only_have_added_to() {
    for decides in [false, true] {
        let mut shop = Shop::new();
        shop.give(Input::Hold("register enrichment after"));
        shop.track("E");
        shop.give(Input::Hold(if decides { "register utility before" } else { "deregister " }));
        shop.track("F");
        assert_eq!(shop.count("queued"), [0, 0]);
        shop.give(Input::Lifecycle(Lifecycle::Hidden));
        let stored = |name: &str| shop.page.stored.values().any(|text| text.contains(&format!("\"event\":\"{name}\"")));
        assert_eq!((stored("E"), stored("F")), (true, !decides));
        assert_eq!(shop.count("pending"), [u64::from(decides); 2]);
    }
}

#[test]
fn a_plugin_that_is_taken_away_comes_back_by_nothing_that_is_said_of_it_later() {
    let mut shop = Shop::new();
    shop.hold();
    shop.track("E");
    (0..2).for_each(|_| shop.hold());
    shop.track("Late");
    (0..2).for_each(|_| shop.hold());
    shop.give(Input::Plugins(
        r#"[{"add":1,"edition":1,"phase":"before","name":"broken","loading":true},{"loaded":1,"error":"404"},{"remove":1,"edition":3},
        {"add":2,"edition":1,"phase":"before","name":"gone"},{"remove":2,"edition":3},{"remove":2,"edition":5}]"#,
    ));
    assert_eq!(shop.meetings(), [(2, "E".into())]);
    assert_eq!((shop.count("pending"), shop.count("queued")), ([1, 1], [1, 1]));
}

#[test]
fn a_call_that_nests_sixty_levels_deep_passes_its_plugins() {
    for depth in 55..61 {
        let mut shop = Shop::new();
        let plugin = shop.add("enrichment", "p");
        shop.call(Verb::Track, &format!(r#"["E",{{"deep":{}{}}}]"#, "[".repeat(depth), "]".repeat(depth)));
        let run = shop.page.told[0].clone();
        assert_eq!(run["plugin"], plugin, "{depth}");
        shop.say(&json!({ "run": run["run"], "event": run["event"] }));
        assert_eq!(shop.count("queued"), [1, 1], "{depth}");
    }
}

#[test]
fn an_alias_that_waits_for_consent_is_of_the_identifier_that_the_grant_brings() {
    let previous = |with_plugin: bool| {
        let mut shop = Shop::undecided();
        let plugin = with_plugin.then(|| shop.add("enrichment", "p"));
        shop.call(Verb::Alias, r#"["jane"]"#);
        if plugin.is_some() {
            let run = shop.page.told[0].clone();
            shop.say(&json!({ "run": run["run"], "event": run["event"] }));
        }
        shop.decide(ALL);
        shop.send();
        let event = shop.arrived[0][0].clone();
        (event["previousId"] == event["anonymousId"], event["previousId"].is_string())
    };
    assert_eq!(previous(false), (true, true));
    assert_eq!(previous(true), (true, true));
}

#[test]
fn tags_fire_with_the_event_as_plugins_left_it_and_the_data_layer_as_of_its_call() {
    let config = r#"{"version":1,"consent":{"cmp":"manual","purposes":{"a":{}}},
      "destinations":[{"id":"First","kind":"segment","url":"/first","consent":{"allOf":["a"]}},
        {"id":"second","kind":"segment","url":"/second","consent":{"allOf":["a"]}}],
      "variables":[{"id":"path","kind":"property","path":"path"},{"id":"shop","kind":"data","path":"shop"}],
      "triggers":[{"id":"buy","kind":"event","event":"Buy"}],
      "tags":[{"id":"p","template":"custom-pixel","params":{"src":"/p?{{path}}&{{shop}}"},"consent":{"allOf":["a"]},
        "fireOn":["buy"],"fire":"per-event"}]}"#;
    for is_late in [false, true] {
        tags_fire(Shop { page: Page::new(config), ..Shop::undecided() }, is_late);
    }
}

/// `is_late`: their part of the core comes after the events.
fn tags_fire(mut shop: Shop, is_late: bool) {
    shop.decide(r#"{"a":true}"#);
    if !is_late {
        shop.page.tags_come();
    }
    let plugin = shop.add("enrichment", "p");
    shop.give(Input::Data(r#"{"shop":"then"}"#));
    shop.call(Verb::Track, r#"["Sold",{},{"messageId":"m"}]"#);
    shop.track("Other");
    shop.give(Input::Data(r#"{"shop":"now"}"#));
    assert_eq!(shop.page.loaded, Vec::<String>::new());
    shop.pass_with(plugin, "Sold", |event| {
        event["event"] = json!("Buy");
        event["properties"]["path"] = json!("changed");
    });
    shop.pass(plugin, "Other");
    if is_late {
        shop.page.tags_come();
    }
    assert_eq!(shop.page.loaded, ["/p?changed&then"]);
    let fired: Value = serde_json::from_str(&shop.page.core.explain(Some("m"))).unwrap();
    assert_eq!(fired[2]["fired"], true);
    // What a plugin keeps back fires nothing.
    let before = shop.add("before", "q");
    shop.track("Buy");
    shop.cancel(before, "Buy");
    assert_eq!(shop.page.loaded.len(), 1);
}
