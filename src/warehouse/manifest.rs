//! What an export wrote.

use crate::options::Format;
use crate::table::Column;
use crate::value::Type;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What an export wrote; `manifest.json` beside the tables says the same.
#[derive(Serialize, Debug)]
pub struct Manifest {
    /// The form of the files.
    pub format: Format,
    /// The events in the store.
    pub events: u64,
    /// By name; the tables of events after the others. A table without a row is not there.
    pub tables: Vec<TableEntry>,
}

impl Manifest {
    /// Whether an earlier one, as JSON, has a file of events with more rows than this one's. Rows of users and groups move from day to day.
    pub(crate) fn lacks_rows_of(&self, earlier: &str, moves: impl Fn(&str) -> bool) -> bool {
        #[derive(Deserialize)]
        struct Earlier {
            tables: Vec<Table>,
        }
        #[derive(Deserialize)]
        struct Table {
            name: String,
            files: Vec<File>,
        }
        #[derive(Deserialize)]
        struct File {
            path: String,
            rows: u64,
        }
        let rows: HashMap<&str, u64> =
            self.tables.iter().flat_map(|table| &table.files).map(|file| (part_of(&file.path), file.rows)).collect();
        let earlier = serde_json::from_str(earlier).unwrap_or(Earlier { tables: Vec::new() });
        let events = earlier.tables.iter().filter(|table| !moves(&table.name)).flat_map(|table| &table.files);
        events.into_iter().any(|file| rows.get(part_of(&file.path)).copied().unwrap_or(0) < file.rows)
    }

    /// As JSON.
    ///
    /// # Errors
    /// serde_json's.
    pub fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

/// A file's table and day, whatever its format.
fn part_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(folder, _)| folder)
}

/// A table.
#[derive(Serialize, Debug)]
pub struct TableEntry {
    /// Its name, which is its folder's too.
    pub name: String,
    /// In all its files.
    pub rows: u64,
    /// One a day.
    pub files: Vec<FileEntry>,
    /// The same in all its files.
    pub columns: Vec<ColumnEntry>,
}

/// A file.
#[derive(Serialize, Debug)]
pub struct FileEntry {
    /// Below the directory of the export.
    pub path: String,
    /// In this file.
    pub rows: u64,
}

/// A column.
#[derive(Serialize, Debug)]
pub struct ColumnEntry {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// The JSON pointer of its values in the event, where it is not a column that the table always has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl From<&Column> for ColumnEntry {
    fn from(column: &Column) -> Self {
        ColumnEntry { name: column.name.clone(), kind: column.kind, path: column.place.clone() }
    }
}
