//! How events travel.

use crate::world::events::{Fate, Visitor};
use crate::world::servers::{SERVERS, Server};
use crate::world::site::{NEEDS, Queue, WEBHOOK};
use crate::world::{Step, World, lives};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

proptest! {
    #![proptest_config(super::config())]

    /// Invariant 5.
    #[test]
    fn events_leave_in_call_order_one_batch_at_a_time_as_who_called_them(life in lives(60)) {
        let world = World::new(Queue::Roomy).live(&life, |_| {});
        let mut last: HashMap<(usize, usize), usize> = HashMap::new();
        let mut seen: HashMap<(usize, usize), (u64, &Value)> = HashMap::new();
        for sent in &world.log.sent {
            prop_assert!(sent.in_turn, "an earlier call waits while this leaves: {}", sent.body);
            prop_assert_eq!(sent.beside, 0, "two batches under way to {}", NEEDS[sent.destination]);
            for (event, call) in sent.events.iter().zip(&sent.calls) {
                let called = &world.events[*call];
                let seq = event["context"]["tidegate"]["seq"].as_u64().unwrap();
                if let Some(first) = seen.insert((sent.destination, *call), (seq, &event["userId"])) {
                    prop_assert_eq!(first, (seq, &event["userId"]), "call {} was rewritten", call);
                    continue;
                }
                let before = last.insert((called.tab, sent.destination), *call);
                prop_assert!(before.is_none_or(|before| before < *call), "call {} overtook {:?}", call, before);
                if let Some((earlier, _)) = before.and_then(|before| seen.get(&(sent.destination, before))) {
                    prop_assert!(*earlier < seq, "the sequence number of call {} does not grow", call);
                }
                match called.visitor {
                    Visitor::User(user) => prop_assert_eq!(user_of(event), Some(user), "{}", event),
                    Visitor::Nobody | Visitor::Forgotten => prop_assert_eq!(&event["userId"], &Value::Null),
                    Visitor::Untold => prop_assert!(user_of(event).is_none_or(|user| user < *call), "{}", event),
                }
            }
        }
    }

    /// Invariant 6.
    #[test]
    fn every_event_is_accounted_for_at_every_destination(life in lives(60)) {
        let mut fault = None;
        World::new(Queue::Roomy).live(&life, |world| fault = fault.take().or_else(|| miscounted(world)));
        prop_assert_eq!(fault, None);
    }

    /// Invariant 8: the others may fail in any way; one that is well gets every event as early as with all others well.
    /// The others may fill the queue too, while pages last: here is no copy that keeps half of local storage free.
    #[test]
    fn a_failing_destination_neither_delays_nor_loses_the_events_of_another(
        life in lives(40), well in 0..4usize, ill in prop::sample::select(&SERVERS[1..]), small in any::<bool>(),
    ) {
        let queue = if small { Queue::Small } else { Queue::Roomy };
        let kept = |step: &Step| match step {
            // A tab that hears late of a decision hears of it with its next send, whichever destination that is for.
            Step::Server { .. } | Step::Delay { .. } => false,
            Step::Reload { .. } | Step::Close { .. } | Step::Crash { .. } => !small,
            // Storage that takes no writes does not keep what a page was acknowledged for one destination while others still need it: the next
            // page sends that again.
            Step::Refuse { .. } => small,
            Step::Decide { .. } | Step::Platform { .. } => !small,
            _ => true,
        };
        // What fills a small queue is a backlog, not one burst of calls or of what a grant releases.
        let drawn_out = |step: Step| match step {
            Step::Call { .. } if small => [step, Step::Pass { ms: 1500 }].repeat(4),
            step => vec![step],
        };
        let life: Vec<Step> = life.into_iter().filter(kept).flat_map(drawn_out).collect();
        let arrivals = |ill: Server| {
            let mut world = World::new(queue);
            world.servers = [ill; 4];
            world.servers[well] = Server::Healthy;
            world.message_delay_ms = 0;
            if small {
                world.set(0, [Some(true); 2], true);
            }
            let world = world.live(&life, |_| {});
            first_arrivals(&world, well)
        };
        let (beside_ill, beside_well) = (arrivals(ill), arrivals(Server::Healthy));
        for (call, at) in beside_well {
            let arrived = beside_ill.get(&call);
            prop_assert!(arrived.is_some_and(|arrived| *arrived <= at), "call {} at {:?} instead of {}", call, arrived, at);
        }
    }

    /// Of the numbers that a tab gives its events for a destination, none is left out: it arrives, or a batch says that it never will.
    #[test]
    fn whatever_a_destination_does_not_get_it_is_told(life in lives(60), small in any::<bool>()) {
        let kept = |step: &&Step| matches!(
            step,
            Step::Call { .. } | Step::Pass { .. } | Step::Server { .. } | Step::Hide { .. } | Step::Show { .. }
                | Step::Flush { .. } | Step::Reset { .. } | Step::Open
        );
        let life: Vec<Step> = life.iter().filter(kept).copied().collect();
        let mut world = World::new(if small { Queue::Small } else { Queue::Roomy });
        world.set(0, [Some(true); 2], true);
        let mut world = world.live(&life, |_| {});
        world.servers = [Server::Healthy; 4];
        world.pass(3_600_000);
        // Losses are told with what comes next.
        for tab in world.tabs.iter().map(|tab| tab.id).collect::<Vec<_>>() {
            world.take(&Step::Call { tab, verb: 0, times: 1 });
        }
        world.pass(60_000);
        // Another platform has no place for it.
        for ((destination, tab), numbers) in numbers_known(&world).into_iter().filter(|((to, _), _)| *to != WEBHOOK) {
            let missing: Vec<u64> = (0..*numbers.iter().max().unwrap()).filter(|seq| !numbers.contains(seq)).collect();
            prop_assert!(missing.is_empty(), "{} never heard of {:?} of tab {}", NEEDS[destination], missing, tab);
        }
    }

    /// What consent allows and no server refused for good arrives once every server is well, and leaves nothing behind.
    #[test]
    fn what_may_go_arrives(life in lives(60)) {
        let mut world = World::new(Queue::Roomy).live(&life, |_| {});
        world.settle();
        let told = world.tabs[0].told;
        for (call, event) in world.events.iter().enumerate() {
            for (destination, fate) in event.fates.iter().enumerate() {
                let may_go = told.verdicts()[destination] == crate::world::decisions::Verdict::Allow;
                prop_assert!(*fate != Fate::Free || !may_go, "call {} never arrived at {}", call, NEEDS[destination]);
            }
        }
        let open: HashSet<Fate> = world.events.iter().flat_map(|event| event.fates).filter(|fate| *fate == Fate::Free).collect();
        if open.is_empty() {
            let left: Vec<&String> = world.profile.pages().map(|(key, ..)| key).collect();
            prop_assert!(left.is_empty(), "settled, and still stored: {:?}", left);
        }
    }
}

/// By destination and tab, the numbers of events that were sent, or that were said to be lost.
fn numbers_known(world: &World) -> HashMap<(usize, String), HashSet<u64>> {
    let mut known: HashMap<(usize, String), HashSet<u64>> = HashMap::new();
    for sent in &world.log.sent {
        let batch = serde_json::from_str::<Value>(&sent.body).unwrap();
        let mut note = |tab: &Value, numbers: std::ops::RangeInclusive<u64>| {
            known.entry((sent.destination, tab.as_str().unwrap().to_owned())).or_default().extend(numbers);
        };
        for event in &sent.events {
            let stamp = &event["context"]["tidegate"];
            let seq = stamp["seq"].as_u64().unwrap();
            note(&stamp["tab"], seq..=seq);
        }
        for loss in batch["lost"].as_array().unwrap_or(&Vec::new()) {
            note(&loss["tab"], loss["from"].as_u64().unwrap()..=loss["to"].as_u64().unwrap());
        }
    }
    known
}

/// When each call arrived first.
fn first_arrivals(world: &World, destination: usize) -> HashMap<usize, u64> {
    let mut arrivals = HashMap::new();
    for sent in world.log.sent.iter().filter(|sent| sent.destination == destination) {
        for call in &sent.calls {
            arrivals.entry(*call).or_insert(sent.at);
        }
    }
    arrivals
}

fn user_of(event: &Value) -> Option<usize> {
    event["userId"].as_str()?.strip_prefix('u')?.parse().ok()
}

/// Counters that do not add up, or do not say what the tests know.
fn miscounted(world: &World) -> Option<String> {
    for tab in &world.tabs {
        let stats = serde_json::from_str::<Value>(&tab.core.stats()).unwrap();
        for (destination, id) in NEEDS.iter().enumerate() {
            let counts = &stats["perDestination"][id];
            let of = |key: &str| counts[key].as_u64().unwrap();
            let dropped: u64 = counts["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
            let adds_up = of("captured") == of("pending") + of("queued") + of("inFlight") + of("delivered") + dropped;
            let known = |fate| world.count(tab.id, destination, fate);
            let as_known = of("captured") == u64::from(tab.calls)
                && of("pending") == known(Fate::Waits)
                && of("queued") + of("inFlight") == known(Fate::Free)
                && of("delivered") == known(Fate::Delivered);
            // What an heir took over is counted with its own.
            if !adds_up || !(as_known || tab.heir) {
                return Some(format!("tab {}, {id}: {counts}", tab.id));
            }
        }
    }
    None
}
