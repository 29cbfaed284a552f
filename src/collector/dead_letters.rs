//! What sinks refused for good: for whoever runs the collector to look at, and to try again.

use crate::forward::Verdict;
use crate::store::{Store, StoreError, StoredEvent, stored_event};
use rusqlite::{Row, params};
use std::path::Path;

/// An event that a sink refused for good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeadLetter {
    /// The event.
    pub event: StoredEvent,
    /// The sink's name.
    pub sink: String,
    /// When it was refused, in milliseconds since the Unix epoch, by the collector's clock.
    pub at: u64,
    /// Why.
    pub reason: String,
}

/// The dead letters of a store, which a collector may be writing to.
pub struct DeadLetters(Store);

impl DeadLetters {
    /// Opens a store that exists.
    ///
    /// # Errors
    /// The file cannot be read, is another program's, or of a later version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        // What is not there is not to be made.
        crate::Snapshot::open(path)?;
        Ok(DeadLetters(Store::open(path)?))
    }

    /// Up to `limit` of them behind the event `after`, in the events' order; of one sink, or of all.
    ///
    /// # Errors
    /// SQLite's.
    pub fn page(&self, sink: Option<&str>, (after, of): (i64, &str), limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let mut statement = self.0.connection().prepare_cached(
            "SELECT id, write_key, message_id, received_at, sent_at, body, sink, at, reason
             FROM dead_letters JOIN events ON id = event
             WHERE (event, sink) > (?1, ?2) AND (?3 IS NULL OR sink = ?3) ORDER BY event, sink LIMIT ?4",
        )?;
        let letters = statement.query_map(params![after, of, sink, limit as i64], letter)?;
        Ok(letters.collect::<rusqlite::Result<_>>()?)
    }

    /// Notes what became of one that was handed over again: what the sink took, or is not to have, is a dead letter no more.
    ///
    /// # Errors
    /// SQLite's.
    pub fn settle(&mut self, letter: &DeadLetter, verdict: &Verdict, now: u64) -> Result<(), StoreError> {
        let (event, sink) = (letter.event.id, &letter.sink);
        match verdict {
            Verdict::Acknowledged | Verdict::Skipped => {
                self.0.connection().execute("DELETE FROM dead_letters WHERE event = ?1 AND sink = ?2", params![event, sink])?;
            }
            Verdict::Refused(reason) => {
                let change = "UPDATE dead_letters SET at = ?3, reason = ?4 WHERE event = ?1 AND sink = ?2";
                self.0.connection().execute(change, params![event, sink, now as i64, reason])?;
            }
            Verdict::Again { .. } => {}
        }
        Ok(())
    }
}

fn letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    Ok(DeadLetter { event: stored_event(row)?, sink: row.get(6)?, at: row.get::<_, i64>(7)? as u64, reason: row.get(8)? })
}
