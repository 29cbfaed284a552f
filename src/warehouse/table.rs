//! A table while its columns are being found, and once they are.

use crate::event::Event;
use crate::flatten::{Leaf, keys};
use crate::name;
use crate::shape::{Shape, Standard};
use crate::value::{Fits, Type, Value};
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The most columns that a table gets for what its events say, and the bytes that all columns of an export may take in memory. Who may
/// send events may send any name: what comes beyond is kept in the column `_extra`.
const MAX_COLUMNS: usize = 1_000;
pub(crate) const MAX_BYTES: usize = 64 << 20;

/// What a column takes in memory besides its names, in bytes.
const FRAME: usize = 160;

/// Names that are taken in every table: that of the partition.
const RESERVED: &str = "day";

/// A table of which not every event was seen yet.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    /// By the places of their values, in the order in which they were seen.
    columns: IndexMap<String, Found>,
    names: HashSet<String>,
}

struct Found {
    name: String,
    fits: Fits,
}

impl Table {
    pub(crate) fn new(name: String, shape: Shape) -> Self {
        let standard = shape.standard().into_iter().map(|column| column.name().to_owned());
        let names = standard.chain([RESERVED.to_owned()]).collect();
        Table { name, shape, columns: IndexMap::new(), names }
    }

    /// Makes room for an event. `room` is what columns may take in memory still, in bytes.
    pub(crate) fn learn(&mut self, event: &Event<'_>, room: &mut usize) {
        let own: &[Leaf<'_>] = if self.shape.has_own() { &event.own } else { &[] };
        for leaf in event.context.iter().chain(own) {
            let fits = Fits::of(&leaf.json);
            if let Some(found) = self.columns.get_mut(&leaf.pointer) {
                found.fits = found.fits.and(fits);
                continue;
            }
            let cost = 2 * leaf.pointer.len() + FRAME;
            if self.columns.len() >= MAX_COLUMNS || cost > *room {
                continue;
            }
            *room -= cost;
            let name = name::free(self.name_of(&leaf.pointer), |name| self.names.contains(name));
            self.names.insert(name.clone());
            self.columns.insert(leaf.pointer.clone(), Found { name, fits });
        }
    }

    /// Segment has no prefix before properties and traits, and discards those whose names are taken. Here these get one, and so do those
    /// that would pass for context.
    fn name_of(&self, pointer: &str) -> String {
        let keys = keys(pointer);
        let whole = name::of_path(&keys);
        if keys.first().is_some_and(|first| first == "context") {
            return whole;
        }
        let bare = name::of_path(keys.get(1..).unwrap_or_default());
        let is_taken = bare == RESERVED || bare.starts_with("context_") || self.is_standard(&bare);
        if is_taken { whole } else { bare }
    }

    fn is_standard(&self, name: &str) -> bool {
        self.shape.standard().iter().any(|column| column.name() == name)
    }

    /// The table with its columns: the standard ones, then the others by name.
    pub(crate) fn finish(self) -> Layout {
        let standard = self.shape.standard();
        let mut found: Vec<(String, Found)> = self.columns.into_iter().collect();
        found.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
        let places = found.iter().enumerate().map(|(at, (pointer, _))| (pointer.clone(), standard.len() + at)).collect();
        let mut columns: Vec<Column> =
            standard.iter().map(|column| Column { name: column.name().into(), kind: column.kind(), place: None }).collect();
        let column = |(pointer, Found { name, fits })| Column { name, kind: fits.narrowest(), place: Some(pointer) };
        columns.extend(found.into_iter().map(column));
        Layout { name: self.name, shape: self.shape, columns, standard, places }
    }
}

/// A column.
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Type,
    /// Where its values stand in the event, unless it is a standard column.
    pub(crate) place: Option<String>,
}

/// A table and its columns.
pub(crate) struct Layout {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) columns: Vec<Column>,
    standard: Vec<Standard>,
    places: HashMap<String, usize>,
}

impl Layout {
    /// The cells of an event, in the order of the columns. `own` is the name of the table that its properties or traits are in.
    pub(crate) fn row<'a>(&self, event: &'a Event<'a>, own: &'a str) -> Vec<Option<Value<'a>>> {
        let mut row: Vec<Option<Value<'a>>> =
            self.standard.iter().map(|column| event.standard(*column, self.shape, own)).collect();
        row.resize(self.columns.len(), None);
        let (own, own_rest): (&[Leaf<'a>], &[Leaf<'a>]) = match self.shape.has_own() {
            true => (&event.own, &event.own_rest),
            false => (&[], &[]),
        };
        let mut extra: Vec<&Leaf<'a>> = event.rest.iter().chain(own_rest).collect();
        for leaf in event.context.iter().chain(own) {
            match self.places.get(&leaf.pointer).and_then(|at| row.get_mut(*at)) {
                Some(cell) => *cell = Some(Value::Json(&leaf.json)),
                None => extra.push(leaf),
            }
        }
        if let (false, Some(at)) = (extra.is_empty(), self.standard.iter().position(|column| *column == Standard::Extra)) {
            row.splice(at..=at, [Some(Value::Text(Cow::Owned(object(&extra))))]);
        }
        row
    }
}

/// Values by the pointers of their places, as JSON.
fn object(leaves: &[&Leaf<'_>]) -> String {
    let member = |leaf: &&Leaf<'_>| format!("{}:{}", serde_json::Value::from(leaf.pointer.as_str()), leaf.json);
    format!("{{{}}}", leaves.iter().map(member).collect::<Vec<_>>().join(","))
}
