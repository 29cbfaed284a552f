//! What consent decides.

use crate::world::events::Fate;
use crate::world::site::{NEEDS, Queue};
use crate::world::{World, lives};
use proptest::prelude::*;
use std::collections::HashMap;

proptest! {
    #![proptest_config(super::config())]

    /// Invariant 1.
    #[test]
    fn a_denied_event_never_reaches_the_destination(life in lives(60)) {
        let mut world = World::new(Queue::Roomy).live(&life, |_| {});
        for tab in 0..world.tabs.len() {
            world.set(world.tabs[tab].id, [Some(true); 2], true);
        }
        world.settle();
        for sent in &world.log.sent {
            for (call, fate) in sent.calls.iter().zip(&sent.fates) {
                prop_assert_ne!(*fate, Fate::Denied, "call {} left for {}", call, NEEDS[sent.destination]);
            }
        }
    }

    /// Invariant 2.
    #[test]
    fn an_undecided_event_leaves_only_after_a_grant_as_it_was_called(life in lives(60)) {
        let world = World::new(Queue::Roomy).live(&life, |_| {});
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
    }

    /// Invariant 3. The other tabs hear of it late, and start no request either.
    #[test]
    fn a_withdrawal_stops_every_tab_and_clears_local_storage(life in lives(60)) {
        let world = World::new(Queue::Roomy).live(&life, |_| {});
        for withdrawal in &world.log.withdrawals {
            let of = NEEDS[withdrawal.destination];
            prop_assert!(withdrawal.pages.is_empty() && withdrawal.identifiers.is_empty(), "{} is withdrawn and still stored: {:?}", of, withdrawal);
            prop_assert_eq!(withdrawal.requests, 0, "{} is withdrawn and still under way: {:?}", of, withdrawal);
        }
        for sent in &world.log.sent {
            prop_assert!(sent.allowed, "a request to {} started without a grant: {}", NEEDS[sent.destination], sent.body);
        }
    }

    /// Invariant 7.
    #[test]
    fn nothing_is_stored_sent_or_loaded_before_consent_allows_it(life in lives(60)) {
        let world = World::new(Queue::Roomy).live(&life, |_| {});
        for touch in &world.log.touches {
            prop_assert!(touch.allowed, "{} without consent", touch.what);
        }
        for sent in &world.log.sent {
            prop_assert!(sent.allowed, "a request to {} without consent", NEEDS[sent.destination]);
            for (event, call) in sent.events.iter().zip(&sent.calls) {
                let called = &world.events[*call];
                let decided = called.released[sent.destination].unwrap_or(called.decided);
                let known = called.decided[0] == Some(true) || decided[0] == Some(true);
                prop_assert_eq!(event.get("anonymousId").is_some(), known, "an identifier belongs to purpose a: {}", event);
            }
        }
    }
}
