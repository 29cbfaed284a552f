//! The reading side.

use super::{BUSY_TIMEOUT, StoreError, StoredEvent};
use crate::sequence::{Lane, Loss};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::path::Path;

/// An event of its first six columns: `id, write_key, message_id, received_at, sent_at, body`.
pub(crate) fn stored_event(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent {
        id: row.get(0)?,
        write_key: row.get(1)?,
        message_id: row.get(2)?,
        received_at: row.get::<_, i64>(3)? as u64,
        sent_at: row.get(4)?,
        body: row.get(5)?,
    })
}

/// A connection that only reads.
pub(crate) struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens a store that exists.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Reader { connection })
    }

    /// The identifier of the newest event; 0 in an empty store.
    pub(crate) fn newest(&self) -> rusqlite::Result<i64> {
        self.connection.query_row("SELECT coalesce(max(id), 0) FROM events", [], |row| row.get(0))
    }

    /// The identifier after which the newest `count` events begin.
    pub(crate) fn before_newest(&self, count: usize) -> rusqlite::Result<i64> {
        self.connection.query_row(
            "SELECT coalesce(min(id) - 1, 0) FROM (SELECT id FROM events ORDER BY id DESC LIMIT ?1)",
            [count as i64],
            |row| row.get(0),
        )
    }

    /// Up to `limit` events with identifiers in `after+1 ..= last`, oldest first.
    pub(crate) fn page(&self, after: i64, last: i64, limit: usize) -> rusqlite::Result<Vec<StoredEvent>> {
        self.connection
            .prepare_cached(
                "SELECT id, write_key, message_id, received_at, sent_at, body FROM events
                 WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
            )?
            .query_map(params![after, last, limit as i64], stored_event)?
            .collect()
    }

    /// The first lane behind another, by write key and name, of which anything is known.
    pub(crate) fn lane_after(&self, (write_key, lane): &(String, String)) -> rusqlite::Result<Option<(String, Lane)>> {
        let next = |table: &str| {
            let sql = format!(
                "SELECT write_key, tab FROM {table} WHERE tab IS NOT NULL AND (write_key, tab) > (?1, ?2)
                 ORDER BY write_key, tab LIMIT 1"
            );
            self.connection.prepare_cached(&sql)?.query_row([write_key, lane], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        };
        let first: Option<(String, String)> = [next("events")?, next("seen")?, next("losses")?].into_iter().flatten().min();
        Ok(first.map(|(write_key, lane)| (write_key, Lane::stored(lane))))
    }

    /// A lane's numbers that are stored, or were, in order, and what it says is lost.
    pub(crate) fn sequence(&self, write_key: &str, lane: &Lane) -> rusqlite::Result<(Vec<u32>, Vec<Loss>)> {
        let stored = self
            .connection
            .prepare_cached(
                "SELECT seq FROM events WHERE write_key = ?1 AND tab = ?2
                 UNION SELECT seq FROM seen WHERE write_key = ?1 AND tab = ?2 ORDER BY seq",
            )?
            .query_map([write_key, lane.as_str()], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let loss = |row: &Row<'_>| Ok(Loss { lane: lane.clone(), from: row.get(0)?, to: row.get(1)?, reason: row.get(2)? });
        let losses = self
            .connection
            .prepare_cached("SELECT first, last, reason FROM losses WHERE write_key = ?1 AND tab = ?2")?
            .query_map([write_key, lane.as_str()], loss)?
            .collect::<rusqlite::Result<_>>()?;
        Ok((stored, losses))
    }
}
