//! What consent decides, over lives of up to three tabs: calls, grants, denials, answers of a consent platform and its silent resets, failures of servers
//! and storage, reloads and crashes.

use crate::world::events::Fate;
use crate::world::site::{NEEDS, Queue};
use crate::world::speech::Speech;
use crate::world::{Step, World, lives};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::Value;
use std::collections::HashMap;

/// Invariant 1.
fn a_denied_event_never_reaches_the_destination(world: &World) -> TestCaseResult {
    for sent in &world.log.sent {
        for (call, fate) in sent.calls.iter().zip(&sent.fates) {
            prop_assert_ne!(*fate, Fate::Denied, "call {} left for {}", call, NEEDS[sent.destination]);
        }
    }
    Ok(())
}

/// Invariant 2.
fn an_undecided_event_leaves_only_after_a_grant_as_it_was_called(world: &World) -> TestCaseResult {
    let mut message_ids: HashMap<usize, &str> = HashMap::new();
    for sent in &world.log.sent {
        for ((call, fate), event) in sent.calls.iter().zip(&sent.fates).zip(&sent.events) {
            let called = &world.events[*call];
            prop_assert_ne!(*fate, Fate::Waits, "call {} left for {} undecided", call, NEEDS[sent.destination]);
            let waited = called.waited(sent.destination);
            prop_assert_eq!(event["context"]["consent"].get("capturedRev").is_some(), waited, "{}", event);
            let mut called_at = String::new();
            tidegate_core::time::push_iso(&mut called_at, called.at);
            prop_assert_eq!(event["timestamp"].as_str(), Some(called_at.as_str()));
            let message_id = event["messageId"].as_str().unwrap();
            prop_assert_eq!(*message_ids.entry(*call).or_insert(message_id), message_id, "two identifiers for call {}", call);
        }
    }
    Ok(())
}

/// Invariant 3. The other tabs hear of it late, and start no request either.
fn a_withdrawal_stops_every_tab_and_clears_local_storage(world: &World) -> TestCaseResult {
    for withdrawal in &world.log.withdrawals {
        let of = NEEDS[withdrawal.destination];
        let is_clear = withdrawal.pages.is_empty() && withdrawal.identifiers.is_empty();
        prop_assert!(is_clear, "{} is withdrawn and still stored: {:?}", of, withdrawal);
        prop_assert_eq!(withdrawal.requests, 0, "{} is withdrawn and still under way: {:?}", of, withdrawal);
    }
    for sent in &world.log.sent {
        prop_assert!(sent.allowed, "a request to {} started without a grant: {}", NEEDS[sent.destination], sent.body);
    }
    Ok(())
}

/// What an event's stamp says was decided.
fn stamped(event: &Value) -> [Option<bool>; 2] {
    ["a", "b"].map(|purpose| event["context"]["consent"]["categoryPreferences"][purpose].as_bool())
}

/// Invariant 4.
fn a_batch_carries_one_consent_revision_and_every_event_its_decision(world: &World) -> TestCaseResult {
    let mut meanings: HashMap<(usize, u64), &Value> = HashMap::new();
    for sent in &world.log.sent {
        let rev = sent.events[0]["context"]["consent"]["rev"].as_u64().unwrap();
        for (event, call) in sent.events.iter().zip(&sent.calls) {
            let stamp = &event["context"]["consent"];
            prop_assert_eq!(stamp["rev"].as_u64(), Some(rev), "two revisions in one batch: {}", sent.body);
            let called = &world.events[*call];
            let stamped = stamped(event);
            let decided = called.let_go_by(sent.destination, stamped);
            prop_assert_eq!(stamped, decided, "the stamp of call {} is not the decision that let it go: {}", call, stamp);
            let meaning = meanings.entry((called.tab, rev)).or_insert(&stamp["categoryPreferences"]);
            prop_assert_eq!(*meaning, &stamp["categoryPreferences"], "revision {} means two things", rev);
        }
    }
    Ok(())
}

/// Invariant 7.
fn nothing_is_stored_sent_or_loaded_before_consent_allows_it(world: &World) -> TestCaseResult {
    for touch in &world.log.touches {
        prop_assert!(touch.allowed, "{} without consent", touch.what);
    }
    for sent in &world.log.sent {
        prop_assert!(sent.allowed, "a request to {} without consent", NEEDS[sent.destination]);
        for (event, call) in sent.events.iter().zip(&sent.calls) {
            let called = &world.events[*call];
            let decided = called.let_go_by(sent.destination, stamped(event));
            let known = called.decided[0] == Some(true) || decided[0] == Some(true);
            prop_assert_eq!(event.get("anonymousId").is_some(), known, "an identifier belongs to purpose a: {}", event);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(super::many())]

    #[test]
    fn whatever_tabs_platforms_and_servers_do_consent_holds(
        life in lives(60), speech in prop::sample::select(&[Speech::Categories, Speech::Strings][..]), grants in any::<bool>(),
    ) {
        let mut world = World::new(Queue::Roomy);
        world.speech = speech;
        world = world.live(&life, |_| {});
        // What was denied must not go by a later grant either.
        if grants {
            for tab in 0..world.tabs.len() {
                world.set(world.tabs[tab].id, [Some(true); 2], true);
            }
            world.settle();
        }
        a_denied_event_never_reaches_the_destination(&world)?;
        an_undecided_event_leaves_only_after_a_grant_as_it_was_called(&world)?;
        a_withdrawal_stops_every_tab_and_clears_local_storage(&world)?;
        a_batch_carries_one_consent_revision_and_every_event_its_decision(&world)?;
        nothing_is_stored_sent_or_loaded_before_consent_allows_it(&world)?;
    }
}

#[test]
fn an_event_let_go_by_one_of_two_decisions_of_a_moment_says_which() {
    let decide = |tab, choices| Step::Decide { tab, choices };
    let life = [
        Step::Open,
        Step::Call { tab: 1, verb: 0, times: 1 },
        decide(0, [Some(true), None]),
        Step::Pass { ms: 900 },
        Step::Reload { tab: 2 },
        decide(1, [Some(false), None]),
        Step::Platform { tab: 1, answer: Some([true, true]) },
        Step::Pass { ms: 2_900 },
    ];
    let world = World::new(Queue::Roomy).live(&life, |_| {});
    assert_eq!(world.log.sent.len(), 1);
    a_batch_carries_one_consent_revision_and_every_event_its_decision(&world).unwrap();
    nothing_is_stored_sent_or_loaded_before_consent_allows_it(&world).unwrap();
}

#[test]
fn what_another_tab_took_out_of_a_page_does_not_come_back_with_a_denial_here() {
    let decide = |tab, choices| Step::Decide { tab, choices };
    let life = [
        Step::Platform { tab: 0, answer: Some([true, false]) },
        Step::Reload { tab: 0 },
        Step::Open,
        Step::Platform { tab: 1, answer: None },
        decide(1, [None, Some(true)]),
        Step::Call { tab: 0, verb: 0, times: 1 },
        Step::Close { tab: 0 },
        // The second tab takes over what the first left; a third takes out what it is not to see before it hears from the platform.
        Step::Pass { ms: 1019 },
        Step::Open,
        decide(0, [Some(false), None]),
    ];
    let world = World::new(Queue::Roomy).live(&life, |_| {});
    nothing_is_stored_sent_or_loaded_before_consent_allows_it(&world).unwrap();
    assert!(world.profile.stored.keys().all(|key| !key.starts_with("tg_q.")), "{:?}", world.profile.stored);
}
