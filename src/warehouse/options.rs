//! What an operator chooses.

use serde::Serialize;
use std::path::PathBuf;
use std::str::FromStr;

/// What to export, and where to.
#[derive(Clone, Debug)]
pub struct Options {
    /// The collector's SQLite file.
    pub store: PathBuf,
    /// The form of the files.
    pub format: Format,
    /// The directory of the tables: a new one, or that of an earlier export.
    pub out: PathBuf,
}

/// The form of the files.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Apache Parquet, compressed with Snappy.
    Parquet,
    /// A JSON object a line.
    Ndjson,
}

impl Format {
    /// Its name, which is how the files end.
    pub fn name(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Ndjson => "ndjson",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let named = [Format::Parquet, Format::Ndjson].into_iter().find(|format| format.name() == name);
        named.ok_or_else(|| format!("the format {name:?} is unknown: it is parquet or ndjson"))
    }
}
