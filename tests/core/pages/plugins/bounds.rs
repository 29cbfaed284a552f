//! What no number of events and no text of the page's may do.

use super::{ALL, Shop};
use crate::memory;
use proptest::prelude::*;
use serde_json::json;
use tidegate_core::Input;
use tidegate_core::input::Verb;

#[test]
fn of_more_than_a_thousand_held_events_the_oldest_give_way_and_their_late_answers_change_nothing() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "never");
    for n in 0..1_100 {
        shop.track(&format!("E{n}"));
    }
    assert_eq!((shop.count("pending"), shop.count("waiting-full")), ([1_000; 2], [100; 2]));
    assert!(shop.page.codes().contains(&"waiting_full"));
    for n in 0..1_100 {
        match n % 3 {
            0 => shop.pass(plugin, &format!("E{n}")),
            1 => shop.cancel(plugin, &format!("E{n}")),
            _ => shop.fail(plugin, &format!("E{n}")),
        }
    }
    let ended = shop.page.told.iter().filter(|told| told.get("end").is_some()).count();
    assert_eq!((shop.count("pending"), shop.count("waiting-full"), ended), ([0; 2], [100; 2], 1_100));
    assert_eq!((shop.count("queued"), shop.count("cancelled")), ([333; 2], [334; 2]));
    assert_eq!(shop.names()[0].first().map(String::as_str), Some("E102"));
}

#[test]
fn shares_and_larger_events_that_take_the_room_of_others_are_counted() {
    let mut shop = Shop::new();
    let before = shop.add("before", "p");
    shop.add("middleware", "first");
    shop.add("middleware", "second");
    for n in 0..1_000 {
        shop.track(&format!("E{n}"));
    }
    // Two shares take the room of one event.
    shop.pass(before, "E999");
    shop.pass_time(60_000);
    assert_eq!((shop.count("pending"), shop.count("waiting-full")), ([0, 0], [1, 1]));
    assert_eq!(shop.count("plugin-failed"), [999, 999]);
}

#[test]
fn a_share_that_is_withdrawn_takes_no_room() {
    let mut shop = Shop::new();
    shop.add("middleware", "first");
    shop.add("middleware", "second");
    (0..400).for_each(|_| shop.track("E"));
    assert_eq!(shop.count("pending"), [400, 400]);
    shop.decide(r#"{"b":false}"#);
    (0..500).for_each(|_| shop.track("E"));
    assert_eq!((shop.count("pending"), shop.count("waiting-full")), ([900, 0], [0, 0]));
}

#[test]
fn events_that_gave_way_fill_no_memory_while_plugins_have_them() {
    let mut shop = Shop::new();
    shop.add("before", "never");
    let args = format!(r#"["E",{{"fill":"{}"}}]"#, "f".repeat(20_000));
    let mut held = Vec::new();
    for _ in 0..4 {
        for _ in 0..1_000 {
            shop.page.call(Verb::Track, &args);
            shop.page.told.clear();
        }
        held.push(memory::held());
    }
    assert!(held[3] - held[0] < 4 << 20, "{held:?}");
}

#[test]
fn plugins_that_come_and_go_fill_no_memory() {
    let mut shop = Shop::new();
    let mut held = Vec::new();
    for _ in 0..3 {
        for _ in 0..2_000 {
            let plugin = shop.add("before", "p");
            shop.hold();
            shop.say(&json!({ "remove": plugin, "edition": shop.edition }));
            shop.track("E");
            shop.page.told.clear();
        }
        shop.send();
        shop.arrived = Default::default();
        held.push(memory::held());
    }
    assert!(held[2] - held[1] < 100_000, "{held:?}");
}

#[test]
fn a_plugin_that_is_told_of_over_and_over_is_one() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    let add = json!({ "add": plugin, "edition": shop.edition, "phase": "before", "name": "p" });
    shop.say(&add);
    let before = memory::held();
    (0..2_000).for_each(|_| shop.say(&add));
    assert!(memory::held() - before < 10_000);
    shop.track("E");
    shop.pass(plugin, "E");
    assert_eq!((shop.count("queued"), shop.meetings().len()), ([1, 1], 1));
}

#[test]
fn explain_does_not_blame_another_event_for_one_cancelled_a_thousand_events_later() {
    let mut shop = Shop::new();
    let plugin = shop.add("before", "p");
    shop.call(Verb::Track, r#"["Slow",{},{"messageId":"slow"}]"#);
    for n in 0..1_000 {
        shop.call(Verb::Track, &format!(r#"["E{n}",{{}},{{"messageId":"m{n}"}}]"#));
        shop.pass(plugin, &format!("E{n}"));
    }
    shop.cancel(plugin, "Slow");
    assert!(shop.explain("m999").iter().all(|(_, decision, _)| decision == "allow"), "{:?}", shop.explain("m999"));
}

#[test]
fn explain_does_not_speak_of_all_destinations_where_middleware_of_one_spoilt_its_copy() {
    let mut shop = Shop::new();
    let plugin = shop.add("middleware", "first");
    shop.call(Verb::Track, r#"["E",{},{"messageId":"m"}]"#);
    let run = shop.run(plugin, "E").unwrap()["run"].clone();
    shop.say(&json!({ "run": run, "event": 7 }));
    assert_eq!((shop.count("plugin-failed"), shop.count("queued")), ([1, 0], [0, 1]));
    assert_eq!(shop.explain("m")[1].1, "allow");
}

#[test]
fn a_large_data_layer_that_keeps_changing_fills_no_memory_while_events_are_held() {
    let mut shop = Shop::new();
    shop.add("before", "never");
    let before = memory::held();
    for n in 0..200 {
        shop.give(Input::Data(&format!(r#"{{"n":{n},"fill":"{}"}}"#, "f".repeat(200_000))));
        shop.track("Any");
        shop.page.told.clear();
    }
    assert!(memory::held() - before < 16 << 20, "{} bytes", memory::held() - before);
}

/// Texts that mean nothing, and messages with a few characters or members that do not fit.
fn messages() -> impl Strategy<Value = String> {
    let number = || prop_oneof![4 => 0..6u64, 1 => any::<u64>()];
    let phase = prop::sample::select(&["before", "enrichment", "middleware", "destination", "after", "utility", ""][..]);
    let name = prop::sample::select(&["Own", "*", "first", "second", "\u{fffd}\"", ""][..]);
    let event = prop_oneof![
        Just(json!({ "type": "track", "event": "E", "messageId": "m" })),
        Just(json!({ "type": "track", "context": [], "integrations": 7, "anonymousId": 7, "userId": {} })),
        Just(json!(null)),
        Just(json!("\t\n")),
        ".{0,9}".prop_map(|text| json!({ "type": text.clone(), text.clone(): { text: [] } })),
    ];
    let message = prop_oneof![
        (number(), number(), phase, name, any::<bool>()).prop_map(|(id, edition, phase, name, loading)| {
            json!({ "add": id, "edition": edition, "phase": phase, "name": name, "loading": loading })
        }),
        number().prop_map(|id| json!({ "loaded": id })),
        number().prop_map(|id| json!({ "loaded": id, "error": "x" })),
        (number(), number()).prop_map(|(id, edition)| json!({ "remove": id, "edition": edition })),
        (number(), event).prop_map(|(run, event)| json!({ "run": run, "event": event })),
        number().prop_map(|run| json!({ "run": run })),
        number().prop_map(|run| json!({ "run": run, "error": "x" })),
    ];
    let list = prop::collection::vec(message, 0..4).prop_map(|list| json!(list).to_string());
    let broken = (list.clone(), any::<prop::sample::Index>(), any::<char>()).prop_map(|(text, at, new)| {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars[at] = new;
        chars.into_iter().collect()
    });
    prop_oneof![6 => list, 3 => broken, 1 => ".{0,40}", 1 => "[\\[\\]{}\":,0-9addrunoe\\\\]{0,60}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_of_plugins_nothing_fails_and_every_event_is_accounted_for(
        steps in prop::collection::vec((0..8u8, messages()), 1..40),
    ) {
        let mut shop = Shop::undecided();
        for (kind, text) in &steps {
            match kind {
                0 => shop.hold(),
                1 => shop.track("E"),
                2 => shop.pass_time(10_000),
                3 => shop.decide(ALL),
                _ => shop.give(Input::Plugins(text)),
            }
        }
        // All of it ends.
        shop.decide(ALL);
        shop.give(Input::Plugins("[]"));
        // What is slow to load is waited for, and then has its time with the events.
        (0..3).for_each(|_| shop.pass_time(3_600_000));
        prop_assert_eq!(shop.count("pending"), [0, 0]);
    }
}
