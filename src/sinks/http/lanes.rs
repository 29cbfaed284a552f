//! Which events go one after another, and which side by side.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use tidegate_collector::StoredEvent;
use tidegate_core::json::member;

/// Requests at a time.
pub(super) const LANES: usize = 8;

/// An event with its place in the hand-over, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Placed<'e> {
    pub(super) at: usize,
    pub(super) event: &'e StoredEvent,
    pub(super) visitor: u64,
}

/// Deals events out: those of one visitor are in one lane, next to each other and in order, as platforms take them. Visitors wait for each other no longer than
/// they have to.
pub(super) fn deal<'e>(events: &[(usize, &'e StoredEvent)]) -> [Vec<Placed<'e>>; LANES] {
    let mut visitors = Visitors::default();
    for (_, event) in events {
        visitors.note(event);
    }
    let mut lanes: [Vec<Placed<'e>>; LANES] = Default::default();
    for (at, event) in events {
        let visitor = visitors.of(event);
        if let Some(lane) = lanes.get_mut(visitor as usize % LANES) {
            lane.push(Placed { at: *at, event, visitor });
        }
    }
    lanes.map(|mut lane| {
        lane.sort_by_key(|placed| placed.visitor);
        lane
    })
}

/// Who is who: the ID of a browser and that of a person are one visitor's once an event has both.
#[derive(Default)]
struct Visitors<'e> {
    /// Of each ID the one it stands with; the first of them stands for itself.
    with: HashMap<&'e str, &'e str>,
}

impl<'e> Visitors<'e> {
    fn note(&mut self, event: &'e StoredEvent) {
        let mut ids = ids_of(event).map(|id| self.first(id));
        if let (Some(one), Some(other)) = (ids.next(), ids.next()) {
            drop(ids);
            self.with.insert(other, one);
        }
    }

    fn of(&self, event: &'e StoredEvent) -> u64 {
        let mut hasher = DefaultHasher::new();
        ids_of(event).next().map(|id| self.first(id)).hash(&mut hasher);
        hasher.finish()
    }

    fn first(&self, id: &'e str) -> &'e str {
        let mut id = id;
        while let Some(other) = self.with.get(id).filter(|other| **other != id) {
            id = other;
        }
        id
    }
}

/// Of a browser and of a person, as raw JSON.
fn ids_of(event: &StoredEvent) -> impl Iterator<Item = &str> {
    ["anonymousId", "userId"].into_iter().filter_map(|key| member(&event.body, key).filter(|raw| *raw != "null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64, body: &str) -> StoredEvent {
        StoredEvent { id, write_key: "w".into(), message_id: id.to_string(), received_at: 0, sent_at: None, body: body.into() }
    }

    fn dealt(events: &[StoredEvent]) -> [Vec<Placed<'_>>; LANES] {
        deal(&events.iter().enumerate().collect::<Vec<_>>())
    }

    #[test]
    fn events_of_a_visitor_stay_together_and_in_order() {
        let events: Vec<_> = (0..400)
            .map(|at| {
                let user = if at > 200 { format!("\"u{}\"", at % 40) } else { "null".into() };
                event(at, &format!(r#"{{"anonymousId":"a{}","userId":{user}}}"#, at % 40))
            })
            .collect();
        let lanes = dealt(&events);
        assert_eq!(lanes.iter().map(Vec::len).sum::<usize>(), 400);
        assert!(lanes.iter().filter(|lane| !lane.is_empty()).count() > 4);
        for visitor in 0..40 {
            let holds = |lane: &&Vec<Placed>| lane.iter().any(|placed| placed.event.id % 40 == visitor);
            let mine: Vec<_> = lanes.iter().filter(holds).collect();
            assert_eq!(mine.len(), 1);
            let places: Vec<_> = mine[0].iter().enumerate().filter(|(_, placed)| placed.event.id % 40 == visitor).collect();
            assert!(places.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].1.event.id < pair[1].1.event.id));
        }
    }

    #[test]
    fn a_person_s_browsers_are_one_visitor_whichever_id_an_event_has() {
        let bodies = [
            r#"{"userId":"bob"}"#,
            r#"{"anonymousId":null,"userId":"bob"}"#,
            r#"{"anonymousId":"a1"}"#,
            r#"{"anonymousId":"a1","userId":"bob"}"#,
            r#"{"anonymousId":"a2","userId":"bob"}"#,
            r#"{"anonymousId":"a2"}"#,
            r#"{"anonymousId":"a3"}"#,
            "{}",
        ];
        let events: Vec<_> = bodies.iter().enumerate().map(|(at, body)| event(at as i64, body)).collect();
        let mut visitors: Vec<(i64, u64)> =
            dealt(&events).iter().flatten().map(|placed| (placed.event.id, placed.visitor)).collect();
        visitors.sort_unstable();
        let bob = visitors[0].1;
        let of_bob: Vec<i64> = visitors.iter().filter(|(_, visitor)| *visitor == bob).map(|(id, _)| *id).collect();
        assert_eq!(of_bob, [0, 1, 2, 3, 4, 5]);
    }
}
