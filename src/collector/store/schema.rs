//! The layout of the file, and how an older one becomes the present one.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior};

/// The layout this version reads and writes, kept in the file's `user_version`.
pub(super) const VERSION: i64 = 3;

/// Marks a SQLite file as a Tidegate store: "tide" in ASCII, kept in its `application_id`.
const APPLICATION_ID: i64 = 0x7469_6465;

/// Version 1.
const FIRST: &str = "
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

/// What each later version adds.
const SINCE: [&str; VERSION as usize - 1] = [PLACES, SINKS];

/// Version 2: places in the tabs' sequences, and what tabs say is lost.
const PLACES: &str = "
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
    ) STRICT, WITHOUT ROWID";

/// Version 3: how far each sink is, what it refused, what is left of events that went, and how far all sinks were at
/// which time.
const SINKS: &str = "
    CREATE TABLE cursors (
        sink TEXT PRIMARY KEY,
        event INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE dead_letters (
        event INTEGER NOT NULL,
        sink TEXT NOT NULL,
        at INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (event, sink)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE seen (
        write_key TEXT NOT NULL,
        message_id TEXT NOT NULL,
        tab TEXT,
        seq INTEGER,
        PRIMARY KEY (write_key, message_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX seen_by_place ON seen (write_key, tab, seq) WHERE tab IS NOT NULL;
    CREATE TABLE marks (
        at INTEGER PRIMARY KEY,
        event INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID";

/// The version of a file's layout; nothing for a database without any table, which can become a store.
///
/// # Errors
/// It is another program's, or of a later version.
pub(crate) fn version(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version, tables) {
        (APPLICATION_ID, known @ 1..=VERSION, _) => Ok(Some(known)),
        (APPLICATION_ID, newer, _) => Err(StoreError::Newer(newer)),
        (0, 0, 0) => Ok(None),
        _ => Err(StoreError::Foreign),
    }
}

/// Makes the tables of a new file, and those that an older one lacks; a file that is not ours is left alone.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let setup = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known = match version(&setup)? {
        Some(known) => known,
        None => {
            setup.execute_batch(FIRST)?;
            setup.pragma_update(None, "application_id", APPLICATION_ID)?;
            1
        }
    };
    for added in SINCE.iter().skip(known as usize - 1) {
        setup.execute_batch(added)?;
    }
    setup.pragma_update(None, "user_version", VERSION)?;
    Ok(setup.commit()?)
}
