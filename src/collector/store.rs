//! The store: one SQLite file that holds every accepted event once.

use crate::event::Event;
use crate::sequence::{Lane, Loss, Place};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// The layout this version reads and writes, kept in the file's `user_version`.
const SCHEMA_VERSION: i64 = 2;

/// Marks a SQLite file as a Tidegate store: "tide" in ASCII, kept in its `application_id`.
const APPLICATION_ID: i64 = 0x7469_6465;

/// Version 1.
const SCHEMA: &str = "
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        write_key TEXT NOT NULL,
        message_id TEXT NOT NULL,
        type TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        sent_at TEXT,
        body TEXT NOT NULL,
        UNIQUE (write_key, message_id)
    ) STRICT";

/// What each later version adds: places in the tabs' sequences, and what tabs say is lost.
const SINCE: [&str; SCHEMA_VERSION as usize - 1] = ["
    ALTER TABLE events ADD COLUMN tab TEXT;
    ALTER TABLE events ADD COLUMN seq INTEGER;
    UPDATE events SET
        tab = json_extract(body, '$.context.tidegate.tab'),
        seq = json_extract(body, '$.context.tidegate.seq')
        WHERE json_type(body, '$.context.tidegate.tab') = 'text' AND json_extract(body, '$.context.tidegate.seq') BETWEEN 0 AND 4294967295;
    CREATE INDEX events_by_place ON events (write_key, tab, seq) WHERE tab IS NOT NULL;
    CREATE TABLE losses (
        write_key TEXT NOT NULL,
        tab TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (write_key, tab, first, last, reason)
    ) STRICT, WITHOUT ROWID"];

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
    /// On disk since earlier, as the same text.
    Duplicate,
    /// Not stored: another event has this `messageId`.
    Conflict,
}

/// An event as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StoredEvent {
    /// Grows with every event stored.
    pub id: i64,
    /// See [`Batch::received_at`].
    pub received_at: u64,
    /// See [`Batch::sent_at`].
    pub sent_at: Option<String>,
    /// See [`Event::body`].
    pub body: String,
}

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
                 {SCHEMA_VERSION}): serve it with that version, or name another file",
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

/// The schema version of a store; nothing for a database without any table, which can become one.
///
/// # Errors
/// It is another program's, or of a later version.
pub(crate) fn schema_version(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version, tables) {
        (APPLICATION_ID, known @ 1..=SCHEMA_VERSION, _) => Ok(Some(known)),
        (APPLICATION_ID, newer, _) => Err(StoreError::Newer(newer)),
        (0, 0, 0) => Ok(None),
        _ => Err(StoreError::Foreign),
    }
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
        let setup = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = match schema_version(&setup)? {
            Some(known) => known,
            None => {
                setup.execute_batch(SCHEMA)?;
                setup.pragma_update(None, "application_id", APPLICATION_ID)?;
                1
            }
        };
        for added in SINCE.iter().skip(known as usize - 1) {
            setup.execute_batch(added)?;
        }
        setup.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        setup.commit()?;
        let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::NoWal);
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(Store { connection })
    }

    /// Stores the batches in one transaction and tells, in their order, what became of each event. After an error
    /// nothing of them is stored.
    pub(crate) fn append(&mut self, batches: &[&Batch]) -> rusqlite::Result<Vec<Vec<Outcome>>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut outcomes = Vec::with_capacity(batches.len());
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO events (write_key, message_id, type, received_at, sent_at, body, tab, seq)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            )?;
            let mut lose = transaction.prepare_cached("INSERT INTO losses VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")?;
            let mut known = transaction.prepare_cached(
                "SELECT body = ?3, tab IS ?4 AND seq IS ?5 FROM events WHERE write_key = ?1 AND message_id = ?2",
            )?;
            for batch in batches {
                let mut store = |event: &Event| -> rusqlite::Result<Outcome> {
                    let Event { message_id, kind, body, place } = event;
                    let (tab, seq) = place.as_ref().map(|Place { lane, seq }| (lane.as_str(), seq)).unzip();
                    let inserted = insert.execute(params![
                        batch.write_key,
                        message_id,
                        kind,
                        batch.received_at as i64,
                        batch.sent_at,
                        body,
                        tab,
                        seq
                    ])?;
                    if inserted == 1 {
                        return Ok(Outcome::Stored);
                    }
                    let (is_same, is_in_place): (bool, bool) = known
                        .query_row(params![batch.write_key, message_id, body, tab, seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
                    // It is stored under the number that another destination or tab gave it: this number has no event of its own.
                    if !is_in_place && tab.is_some() {
                        lose.execute(params![batch.write_key, tab, seq, seq, "duplicate"])?;
                    }
                    Ok(if is_same { Outcome::Duplicate } else { Outcome::Conflict })
                };
                outcomes.push(batch.events.iter().map(&mut store).collect::<rusqlite::Result<_>>()?);
                for Loss { lane, from, to, reason } in &batch.losses {
                    lose.execute(params![batch.write_key, lane.as_str(), from, to, reason])?;
                }
            }
        }
        transaction.commit()?;
        Ok(outcomes)
    }
}

/// The reading side.
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
                "SELECT id, received_at, sent_at, body FROM events
                 WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
            )?
            .query_map(params![after, last, limit as i64], |row| {
                Ok(StoredEvent {
                    id: row.get(0)?,
                    received_at: row.get::<_, i64>(1)? as u64,
                    sent_at: row.get(2)?,
                    body: row.get(3)?,
                })
            })?
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
        let first: Option<(String, String)> = [next("events")?, next("losses")?].into_iter().flatten().min();
        Ok(first.map(|(write_key, lane)| (write_key, Lane::stored(lane))))
    }

    /// A lane's numbers that are stored, in order, and what it says is lost.
    pub(crate) fn sequence(&self, write_key: &str, lane: &Lane) -> rusqlite::Result<(Vec<u32>, Vec<Loss>)> {
        let stored = self
            .connection
            .prepare_cached("SELECT DISTINCT seq FROM events WHERE write_key = ?1 AND tab = ?2 ORDER BY seq")?
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
