//! Why there is no export.

use parquet::errors::ParquetError;
use std::fmt;
use std::io;
use std::path::PathBuf;
use tidegate_collector::StoreError;

/// Why there is no export; the text says what to do.
#[derive(Debug)]
pub enum ExportError {
    /// There is no such file.
    NoStore(PathBuf),
    /// The store cannot be opened or read.
    Store(PathBuf, StoreError),
    /// The store holds something that is no event.
    Event {
        /// Its identifier in the store.
        id: i64,
        /// What is wrong with it.
        what: String,
    },
    /// The directory holds something else.
    NotAnExport(PathBuf),
    /// The directory holds events that the store has forgotten.
    Forgotten(PathBuf),
    /// Another export writes to the directory.
    Busy(PathBuf),
    /// A file or directory cannot be written.
    File(PathBuf, io::Error),
    /// A Parquet file cannot be written.
    Parquet(PathBuf, ParquetError),
    /// The export's notes, a SQLite file that is gone when it is done, cannot be written.
    Notes(PathBuf, rusqlite::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::NoStore(path) => {
                write!(f, "there is no store {}: name with --store the file that tidegate serve keeps events in", path.display())
            }
            ExportError::Store(path, error) => write!(f, "cannot read the store {}: {error}", path.display()),
            ExportError::Event { id, what } => write!(
                f,
                "event {id} of the store cannot be read: {what}. Nothing was exported; restore the store from a copy, or delete the \
                 event from its table \"events\""
            ),
            ExportError::NotAnExport(path) => write!(
                f,
                "{} holds files that are no export's: name with --out a new directory, or that of an earlier export",
                path.display()
            ),
            ExportError::Forgotten(path) => write!(
                f,
                "{} holds events of this store that the store has let go since (serve --keep-hours), and an export into it would delete them: name with --out \
                 a directory of its own for what the store still has",
                path.display()
            ),
            ExportError::Busy(path) => {
                write!(f, "another export is writing to {}: wait for it, or name another directory", path.display())
            }
            ExportError::File(path, error) => {
                write!(f, "cannot write {}: {error}; free the way to it and run this again", path.display())
            }
            ExportError::Parquet(path, error) => {
                write!(f, "cannot write {}: {error}; see that the disk has room and run this again", path.display())
            }
            ExportError::Notes(path, error) => {
                write!(f, "cannot keep notes in {}: {error}; see that the disk has room and run this again", path.display())
            }
        }
    }
}

impl std::error::Error for ExportError {}
