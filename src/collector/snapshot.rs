//! A store as it stands at one moment, for whoever reads all of it while a collector goes on writing.

use crate::store::{self, StoreError};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::path::Path;

/// An event as the store has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Grows with every event stored: the order in which events were received.
    pub id: i64,
    /// The sender's write key, within which `message_id` is unique.
    pub write_key: String,
    /// The event's own identifier.
    pub message_id: String,
    /// `track`, `page`, `screen`, `identify`, `group` or `alias`.
    pub kind: String,
    /// When the event came, in milliseconds since the Unix epoch, by the collector's clock.
    pub received_at: i64,
    /// When the client sent it, as the client wrote it.
    pub sent_at: Option<String>,
    /// The event as one line of JSON.
    pub body: String,
}

/// A read transaction. What is stored after [`Snapshot::open`] is not in it; the store's write-ahead log keeps all of that until it is dropped.
pub struct Snapshot {
    connection: Connection,
}

impl Snapshot {
    /// Opens a store that exists, of any schema version so far, and writes nothing to it.
    ///
    /// # Errors
    /// The file cannot be read, is another program's, or of a later version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(store::BUSY_TIMEOUT)?;
        // The first read, which is the next one, decides what is in it.
        connection.execute_batch("BEGIN")?;
        match store::schema_version(&connection)? {
            Some(_) => Ok(Snapshot { connection }),
            None => Err(StoreError::Foreign),
        }
    }

    /// Up to `limit` events behind `after`, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn page(&self, after: i64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let mut page = self.connection.prepare_cached(&select("id > ?1 ORDER BY id LIMIT ?2"))?;
        let records = page.query_map(params![after, limit as i64], record)?.collect::<rusqlite::Result<_>>()?;
        Ok(records)
    }

    /// Whether the store had events that it no longer has (`serve --keep-hours`).
    ///
    /// # Errors
    /// SQLite's.
    pub fn has_forgotten(&self) -> Result<bool, StoreError> {
        // Before there was such a table nothing was forgotten.
        let tables = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'seen')";
        let is_there: bool = self.connection.query_row(tables, [], |row| row.get(0))?;
        Ok(is_there && self.connection.query_row("SELECT EXISTS (SELECT 1 FROM seen)", [], |row| row.get(0))?)
    }

    /// One event.
    ///
    /// # Errors
    /// SQLite's.
    pub fn get(&self, id: i64) -> Result<Option<Record>, StoreError> {
        Ok(self.connection.prepare_cached(&select("id = ?1"))?.query_row([id], record).optional()?)
    }
}

fn select(rest: &str) -> String {
    format!("SELECT id, write_key, message_id, type, received_at, sent_at, body FROM events WHERE {rest}")
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: row.get(0)?,
        write_key: row.get(1)?,
        message_id: row.get(2)?,
        kind: row.get(3)?,
        received_at: row.get(4)?,
        sent_at: row.get(5)?,
        body: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::store::{Batch, Store};

    fn append(store: &mut Store, ids: &[&str]) {
        let event = |id: &&str| Event { message_id: (*id).into(), kind: "track", body: "{}".into(), place: None };
        let events = ids.iter().map(event).collect();
        let batch = Batch { write_key: "k".into(), received_at: 7, sent_at: Some("then".into()), events, losses: Vec::new() };
        store.commit(&[&batch], &[]).unwrap();
    }

    fn ids(snapshot: &Snapshot, after: i64, limit: usize) -> Vec<String> {
        snapshot.page(after, limit).unwrap().into_iter().map(|record| record.message_id).collect()
    }

    #[test]
    fn it_holds_what_was_stored_before_it_while_a_writer_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let mut store = Store::open(&path).unwrap();
        append(&mut store, &["a", "b", "c"]);
        let snapshot = Snapshot::open(&path).unwrap();
        append(&mut store, &["d"]);
        assert_eq!(ids(&snapshot, 0, 2), ["a", "b"]);
        assert_eq!(ids(&snapshot, 2, 2), ["c"]);
        assert_eq!(snapshot.get(4).unwrap(), None);
        let of_c = snapshot.get(3).unwrap().unwrap();
        assert_eq!((of_c.write_key.as_str(), of_c.received_at, of_c.sent_at.as_deref()), ("k", 7, Some("then")));
        assert_eq!(ids(&Snapshot::open(&path).unwrap(), 2, 9), ["c", "d"]);
    }

    #[test]
    fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        assert!(matches!(Snapshot::open(&path), Err(StoreError::Sqlite(_))));
        assert!(!path.exists());
        let other = Connection::open(&path).unwrap();
        assert!(matches!(Snapshot::open(&path), Err(StoreError::Foreign)));
        other.execute_batch("CREATE TABLE t (a)").unwrap();
        assert!(matches!(Snapshot::open(&path), Err(StoreError::Foreign)));
        drop(other);
        std::fs::remove_file(&path).unwrap();
        drop(Store::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(Snapshot::open(&path), Err(StoreError::Newer(99))));
    }
}
