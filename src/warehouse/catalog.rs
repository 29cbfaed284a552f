//! The tables of an export, and which of them an event belongs to.

use crate::event::Event;
use crate::name;
use crate::shape::{Call, Entity, Shape};
use crate::table::{self, Layout, Table};
use std::collections::HashMap;

/// The most events that get a table of their own. Who may send events may send any name: those that come beyond share one table.
const MAX_EVENT_TABLES: usize = 1_000;

/// The table of the events beyond.
const OTHER_EVENTS: &str = "other_events";

/// Tables by the order in which they were seen.
pub(crate) struct Catalog {
    tables: Vec<Table>,
    by_name: HashMap<String, usize>,
    events: usize,
    /// What columns may take in memory still, in bytes.
    room: usize,
}

impl Catalog {
    pub(crate) fn new() -> Self {
        Catalog { tables: Vec::new(), by_name: HashMap::new(), events: 0, room: table::MAX_BYTES }
    }

    /// Makes room for an event, and tells the table of its call, and the one that its properties or traits are in.
    pub(crate) fn learn(&mut self, event: &Event<'_>) -> (usize, usize) {
        let shape = Shape::of(event.call);
        let table = self.at(shape.name().unwrap_or_default().to_owned(), shape);
        let own = if event.call == Call::Track { self.of_event(&event.name()) } else { table };
        self.teach(table, event);
        if own != table {
            self.teach(own, event);
        }
        (table, own)
    }

    /// Makes room for what an event tells of a user or a group, and tells their table.
    pub(crate) fn learn_entity(&mut self, entity: Entity, event: &Event<'_>) -> usize {
        let shape = match entity {
            Entity::User => Shape::Users,
            Entity::Group => Shape::Accounts,
        };
        let at = self.at(shape.name().unwrap_or_default().to_owned(), shape);
        self.teach(at, event);
        at
    }

    /// The tables with their columns.
    pub(crate) fn finish(self) -> Vec<Layout> {
        self.tables.into_iter().map(Table::finish).collect()
    }

    fn teach(&mut self, at: usize, event: &Event<'_>) {
        if let Some(table) = self.tables.get_mut(at) {
            table.learn(event, &mut self.room);
        }
    }

    /// Events whose names differ in case and punctuation alone share a table, as Segment's do: `event_text` tells them apart.
    fn of_event(&mut self, text: &str) -> usize {
        let bare = name::of_event(text);
        let is_taken = bare == OTHER_EVENTS || Shape::NAMED.iter().any(|shape| shape.name() == Some(&bare));
        let name = if is_taken { format!("event_{bare}") } else { bare };
        if !self.by_name.contains_key(&name) {
            if self.events >= MAX_EVENT_TABLES {
                return self.at(OTHER_EVENTS.to_owned(), Shape::Event);
            }
            self.events += 1;
        }
        self.at(name, Shape::Event)
    }

    fn at(&mut self, name: String, shape: Shape) -> usize {
        let (tables, next) = (&mut self.tables, self.by_name.len());
        *self.by_name.entry(name).or_insert_with_key(|name| {
            tables.push(Table::new(name.clone(), shape));
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table_of(catalog: &mut Catalog, event: &str) -> String {
        let at = catalog.of_event(event);
        catalog.tables[at].name.clone()
    }

    #[test]
    fn an_event_of_a_tables_name_gets_one_of_its_own() {
        let mut catalog = Catalog::new();
        for (event, table) in [
            ("Order Completed", "order_completed"),
            ("Tracks", "event_tracks"),
            ("USERS", "event_users"),
            ("Other Events", "event_other_events"),
        ] {
            assert_eq!(table_of(&mut catalog, event), table);
        }
        assert_eq!(table_of(&mut catalog, "order-completed"), "order_completed");
    }

    #[test]
    fn the_number_of_tables_is_bounded() {
        let mut catalog = Catalog::new();
        for number in 0..MAX_EVENT_TABLES {
            assert_eq!(table_of(&mut catalog, &format!("e{number}")), format!("e{number}"));
        }
        assert_eq!(table_of(&mut catalog, "one more"), OTHER_EVENTS);
        assert_eq!(table_of(&mut catalog, "e7"), "e7");
    }
}
