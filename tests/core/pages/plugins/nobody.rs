//! Events that nobody may have any more, that only some may, or that are too much for plugins.

use super::{ALL, Shop};
use crate::memory;
use serde_json::json;
use tidegate_core::Input;
use tidegate_core::input::Verb;

#[test]
fn what_is_denied_everywhere_while_plugins_have_it_meets_no_further_plugin() {
    let mut shop = Shop::new();
    let (before, enrichment) = (shop.add("before", "p"), shop.add("enrichment", "q"));
    let after = shop.add("after", "r");
    shop.track("E");
    shop.decide(r#"{"a":false,"b":false,"c":false}"#);
    shop.pass(before, "E");
    assert_eq!(shop.run(enrichment, "E"), None);
    assert!(shop.ends(1).iter().all(|end| end["event"].is_null() && !end["then"].as_array().unwrap().contains(&json!(after))));
}

#[test]
fn what_is_denied_everywhere_before_the_part_came_meets_no_plugin() {
    let mut shop = Shop::new();
    shop.hold();
    shop.track("E");
    shop.decide(r#"{"a":false,"b":false,"c":false}"#);
    shop.say(&json!({ "add": 1, "edition": 1, "phase": "before", "name": "p" }));
    assert_eq!(shop.meetings(), []);
}

#[test]
fn the_page_s_own_destination_gets_what_it_may_though_every_other_is_denied() {
    let mut shop = Shop::undecided();
    shop.decide(r#"{"a":false,"b":false,"c":true}"#);
    let own = shop.add("destination", "Own");
    shop.track("E");
    shop.give(Input::Commit);
    assert_eq!(shop.ends(1).first().map(|end| end["then"].clone()), Some(json!([own])));
}

#[test]
fn explain_says_that_middleware_of_one_destination_kept_its_copy_back() {
    let mut shop = Shop::new();
    let plugin = shop.add("middleware", "first");
    shop.call(Verb::Track, r#"["E",{},{"messageId":"m"}]"#);
    shop.cancel(plugin, "E");
    let told = shop.explain("m");
    assert_eq!((told[0].1.as_str(), told[1].1.as_str()), ("deny", "allow"));
}

/// An answer holds the event two levels deeper than the call did: what it could not hold is told at once.
#[test]
fn what_a_call_may_nest_plugins_may_pass_on_or_it_is_told_at_once() {
    for depth in 55..70 {
        let mut shop = Shop::new();
        shop.add("enrichment", "p");
        shop.call(Verb::Track, &format!(r#"["E",{{"deep":{}{}}}]"#, "[".repeat(depth), "]".repeat(depth)));
        if let Some(run) = shop.page.told.first().filter(|told| told["plugin"] == 1).cloned() {
            shop.say(&json!({ "run": run["run"], "event": run["event"] }));
            assert_eq!(shop.count("queued"), [1, 1], "{depth}");
        } else {
            assert!(depth > 60 && shop.count("pending") == [0, 0] && !shop.page.codes().is_empty(), "{depth}");
        }
    }
}

#[test]
fn answers_of_any_size_fill_no_memory_while_the_next_plugin_has_the_event() {
    let mut shop = Shop::new();
    let (first, _) = (shop.add("before", "p"), shop.add("before", "never"));
    let before = memory::held();
    for n in 0..50 {
        shop.track(&format!("E{n}"));
        shop.pass_with(first, &format!("E{n}"), |event| event["properties"]["fill"] = json!("f".repeat(1_000_000)));
        shop.page.told.clear();
    }
    assert!(memory::held() - before < 16 << 20, "{} bytes", memory::held() - before);
}

#[test]
fn events_that_a_grant_lets_go_while_plugins_have_them_share_a_journal_page() {
    let mut shop = Shop::undecided();
    let plugin = shop.add("before", "p");
    (0..10).for_each(|n| shop.track(&format!("E{n}")));
    shop.decide(ALL);
    (0..10).for_each(|n| shop.pass(plugin, &format!("E{n}")));
    shop.give(Input::Commit);
    assert!(shop.page.stored.keys().filter(|key| key.starts_with("tg_q.")).count() <= 2);
}

#[test]
fn middleware_of_what_is_no_destination_here_holds_nothing() {
    let mut shop = Shop::new();
    shop.give(Input::Hold("addDestinationMiddleware Facebook Pixel "));
    shop.give(Input::Hold("addDestinationMiddleware * "));
    shop.track("Goes");
    shop.send();
    assert_eq!(shop.names(), [["Goes"].map(String::from).to_vec(), ["Goes"].map(String::from).to_vec()]);
    shop.give(Input::Hold("addDestinationMiddleware FIRST "));
    shop.track("Held");
    shop.send();
    assert_eq!(shop.count("pending"), [1, 1]);
}

#[test]
fn a_destination_of_the_page_s_own_is_one_for_which_an_identifier_may_exist() {
    let config =
        r#"{"version":1,"consent":{"cmp":"manual","purposes":{"c":{}}},"plugins":[{"name":"Own","consent":{"allOf":["c"]}}]}"#;
    let mut page = crate::pages::page::Page::new(config);
    page.track("Waits");
    assert!(page.stored.is_empty(), "{:?}", page.stored);
    page.decide(r#"{"c":true}"#);
    assert!(page.stored.contains_key(tidegate_core::keys::IDENTITY));
    page.decide(r#"{"c":false}"#);
    assert!(!page.stored.contains_key(tidegate_core::keys::IDENTITY));
}
