//! The store: one SQLite file that holds every accepted event once.

mod append;
mod error;
mod reader;
mod schema;
mod spool;

use crate::event::Event;
use crate::sequence::Loss;
pub use error::StoreError;
pub(crate) use reader::{Reader, stored_event};
use rusqlite::{Connection, TransactionBehavior};
pub(crate) use schema::version as schema_version;
pub(crate) use spool::Move;
use std::path::Path;
use std::time::Duration;

/// How long to wait for another process that holds the file's write lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Events that arrived in one request.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The sender's write key, within which a `messageId` is unique.
    pub write_key: String,
    /// When the request came, in milliseconds since the Unix epoch, by the collector's clock.
    pub received_at: u64,
    /// When the client sent it, by the client's clock.
    pub sent_at: Option<String>,
    /// In the order they were sent.
    pub events: Vec<Event>,
    /// What the sender says will never come.
    pub losses: Vec<Loss>,
}

/// What became of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// On disk.
    Stored,
    /// On disk since earlier, as the same text as far as that is still known.
    Duplicate,
    /// Not stored: another event has this `messageId`.
    Conflict,
}

/// An event as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredEvent {
    /// Grows with every event stored.
    pub id: i64,
    /// The sender's write key.
    pub write_key: String,
    /// Unique within its write key.
    pub message_id: String,
    /// When it came, in milliseconds since the Unix epoch, by the collector's clock.
    pub received_at: u64,
    /// When the client sent it, by the client's clock and in its words.
    pub sent_at: Option<String>,
    /// The event as one line of JSON, with its `messageId` and `type`.
    pub body: String,
}

/// The writing side. One per process; several processes may share a file.
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    /// Opens the file, making it if it is missing. A commit is on disk when it returns (WAL, `synchronous=FULL`).
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        schema::prepare(&mut connection)?;
        let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::NoWal);
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(Store { connection })
    }

    /// Stores the batches and moves the cursors in one transaction, and tells, in the batches' order, what became of
    /// each event. After an error nothing of them is stored.
    pub(crate) fn commit(&mut self, batches: &[&Batch], moves: &[&Move]) -> rusqlite::Result<Vec<Vec<Outcome>>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcomes = append::append(&transaction, batches)?;
        spool::advance(&transaction, moves)?;
        transaction.commit()?;
        Ok(outcomes)
    }

    /// For what is no event: see src/collector/dead_letters.rs.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The identifier of the last event that was stored through here; 0 before the first.
    pub(crate) fn last_id(&self) -> i64 {
        self.connection.last_insert_rowid()
    }
}
