//! Which events of a hub go one after another, and which side by side.

use crate::json::member;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Requests at a time.
pub const LANES: usize = 8;

/// Something with its event, JSON, and whose that is: any number that is one visitor's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dealt<T> {
    /// What was dealt.
    pub item: T,
    /// The visitor.
    pub visitor: u64,
}

/// Deals events out: those of one visitor are in one lane, next to each other and in order, as platforms take them. Visitors wait for
/// each other no longer than they have to.
pub fn deal<'e, T>(events: impl IntoIterator<Item = (T, &'e str)>) -> [Vec<Dealt<T>>; LANES] {
    let events: Vec<(T, &str)> = events.into_iter().collect();
    let mut visitors = Visitors::default();
    for (_, event) in &events {
        visitors.note(event);
    }
    let mut lanes: [Vec<Dealt<T>>; LANES] = Default::default();
    for (item, event) in events {
        let visitor = visitors.of(event);
        if let Some(lane) = lanes.get_mut(visitor as usize % LANES) {
            lane.push(Dealt { item, visitor });
        }
    }
    lanes.map(|mut lane| {
        lane.sort_by_key(|dealt| dealt.visitor);
        lane
    })
}

/// Who is who: the ID of a browser and that of a person are one visitor's once an event has both.
#[derive(Default)]
struct Visitors<'e> {
    /// Of each ID the one it stands with; the first of them stands for itself.
    with: BTreeMap<&'e str, &'e str>,
}

impl<'e> Visitors<'e> {
    fn note(&mut self, event: &'e str) {
        let mut ids = ids_of(event).map(|id| self.first(id));
        if let (Some(one), Some(other)) = (ids.next(), ids.next()) {
            drop(ids);
            self.with.insert(other, one);
        }
    }

    fn of(&self, event: &'e str) -> u64 {
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
fn ids_of(event: &str) -> impl Iterator<Item = &str> {
    ["anonymousId", "userId"].into_iter().filter_map(|key| member(event, key).filter(|raw| *raw != "null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dealt(events: &[String]) -> [Vec<Dealt<usize>>; LANES] {
        deal(events.iter().enumerate().map(|(at, event)| (at, event.as_str())))
    }

    #[test]
    fn events_of_a_visitor_stay_together_and_in_order() {
        let events: Vec<_> = (0..400)
            .map(|at| {
                let user = if at > 200 { format!("\"u{}\"", at % 40) } else { "null".into() };
                format!(r#"{{"anonymousId":"a{}","userId":{user}}}"#, at % 40)
            })
            .collect();
        let lanes = dealt(&events);
        assert_eq!(lanes.iter().map(Vec::len).sum::<usize>(), 400);
        assert!(lanes.iter().filter(|lane| !lane.is_empty()).count() > 4);
        for visitor in 0..40 {
            let holds = |lane: &&Vec<Dealt<usize>>| lane.iter().any(|dealt| dealt.item % 40 == visitor);
            let mine: Vec<_> = lanes.iter().filter(holds).collect();
            assert_eq!(mine.len(), 1);
            let places: Vec<_> = mine[0].iter().enumerate().filter(|(_, dealt)| dealt.item % 40 == visitor).collect();
            assert!(places.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].1.item < pair[1].1.item));
        }
    }

    #[test]
    fn a_person_s_browsers_are_one_visitor_whichever_id_an_event_has() {
        let events = [
            r#"{"userId":"bob"}"#,
            r#"{"anonymousId":null,"userId":"bob"}"#,
            r#"{"anonymousId":"a1"}"#,
            r#"{"anonymousId":"a1","userId":"bob"}"#,
            r#"{"anonymousId":"a2","userId":"bob"}"#,
            r#"{"anonymousId":"a2"}"#,
            r#"{"anonymousId":"a3"}"#,
            "{}",
        ]
        .map(str::to_owned);
        let mut visitors: Vec<(usize, u64)> = dealt(&events).iter().flatten().map(|dealt| (dealt.item, dealt.visitor)).collect();
        visitors.sort_unstable();
        let bob = visitors[0].1;
        let of_bob: Vec<usize> = visitors.iter().filter(|(_, visitor)| *visitor == bob).map(|(at, _)| *at).collect();
        assert_eq!(of_bob, [0, 1, 2, 3, 4, 5]);
    }
}
