//! Which events go one after another, and which side by side.

use std::hash::{DefaultHasher, Hash, Hasher};
use tidegate_collector::StoredEvent;
use tidegate_core::json::member;

/// Requests at a time.
pub(super) const LANES: usize = 8;

/// An event with its place in the hand-over.
pub(super) type Placed<'e> = (usize, &'e StoredEvent);

/// Deals events out: those of one visitor are in one lane, next to each other and in order, as platforms take them. Visitors wait for each other no longer than
/// they have to.
pub(super) fn deal<'e>(events: Vec<Placed<'e>>) -> [Vec<Placed<'e>>; LANES] {
    let mut lanes: [Vec<(u64, Placed<'e>)>; LANES] = Default::default();
    for placed in events {
        let visitor = visitor_of(placed.1);
        if let Some(lane) = lanes.get_mut(visitor as usize % LANES) {
            lane.push((visitor, placed));
        }
    }
    lanes.map(|mut lane| {
        lane.sort_by_key(|(visitor, _)| *visitor);
        lane.into_iter().map(|(_, placed)| placed).collect()
    })
}

/// By the ID of the browser, which stays when somebody logs in; without one by that of the person.
fn visitor_of(event: &StoredEvent) -> u64 {
    let id = ["anonymousId", "userId"].into_iter().find_map(|key| member(&event.body, key).filter(|raw| *raw != "null"));
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64, body: &str) -> StoredEvent {
        StoredEvent { id, write_key: "w".into(), message_id: id.to_string(), received_at: 0, sent_at: None, body: body.into() }
    }

    #[test]
    fn events_of_a_visitor_stay_together_and_in_order() {
        let events: Vec<_> = (0..400)
            .map(|at| {
                event(at, &format!(r#"{{"anonymousId":"a{}","userId":{}}}"#, at % 40, if at > 200 { "\"u\"" } else { "null" }))
            })
            .collect();
        let lanes = deal(events.iter().enumerate().collect());
        assert_eq!(lanes.iter().map(Vec::len).sum::<usize>(), 400);
        assert!(lanes.iter().filter(|lane| !lane.is_empty()).count() > 4);
        for visitor in 0..40 {
            let holds = |lane: &&Vec<Placed>| lane.iter().any(|(_, event)| event.id % 40 == visitor);
            let mine: Vec<_> = lanes.iter().filter(holds).collect();
            assert_eq!(mine.len(), 1);
            let places: Vec<_> = mine[0].iter().enumerate().filter(|(_, (_, event))| event.id % 40 == visitor).collect();
            assert!(places.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].1.1.id < pair[1].1.1.id));
        }
    }

    #[test]
    fn without_a_browser_s_id_the_person_s_counts() {
        let events = [event(1, r#"{"userId":"u"}"#), event(2, r#"{"anonymousId":null,"userId":"u"}"#), event(3, "{}")];
        assert_eq!(visitor_of(&events[0]), visitor_of(&events[1]));
        assert_ne!(visitor_of(&events[0]), visitor_of(&events[2]));
    }
}
