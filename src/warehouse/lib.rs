//! Exports a collector's store as the tables of a warehouse, in the layout of Segment's:
//! <https://www.twilio.com/docs/segment/connections/storage/warehouses/schema>. Each table is a folder with a file for each day on which
//! its rows were received (UTC), and has one schema over all of them. Beside them are statements that load them.
//!
//! The store is read twice, in one snapshot: first for the columns and which event goes where, then file by file for the rows.
//!
//! Nothing that an event says is lost, but that null, a member that is missing and an object without members are one:
//! - a column has the narrowest type that holds all its values exactly: boolean, integer, double, or text;
//! - properties that would have the name of another column get another one, and names that are too long are cut and told apart;
//! - what has no column of its own is in the column `_extra`, as JSON by its place in the event.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![warn(clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::indexing_slicing))]

mod catalog;
mod directory;
mod error;
mod event;
mod export;
mod files;
mod flatten;
mod manifest;
mod name;
mod notes;
mod options;
mod shape;
mod sql;
mod table;
mod time;
mod value;

pub use error::ExportError;
pub use export::export;
pub use manifest::{ColumnEntry, FileEntry, Manifest, TableEntry};
pub use options::{Format, Options};
pub use value::Type;
