//! Why a store cannot be opened.

use super::schema::VERSION;
use std::fmt;

/// Why a store cannot be opened.
#[derive(Debug)]
pub enum StoreError {
    /// SQLite's own words.
    Sqlite(rusqlite::Error),
    /// A SQLite file, made by another program.
    Foreign,
    /// Written by a later Tidegate, with this schema version.
    Newer(i64),
    /// The file system does not support write-ahead logging.
    NoWal,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Sqlite(error) => write!(f, "{error}"),
            StoreError::Foreign => {
                f.write_str("this is the database of another program: name a new file, or one that tidegate made")
            }
            StoreError::Newer(version) => write!(
                f,
                "it was written by a newer tidegate (schema version {version}, this one knows up to \
                 {VERSION}): serve it with that version, or name another file",
            ),
            StoreError::NoWal => {
                f.write_str("its file system does not support SQLite's write-ahead log: name a file on a local disk")
            }
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Sqlite(error)
    }
}
