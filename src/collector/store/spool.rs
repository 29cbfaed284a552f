//! How far the sinks are, and what may go once all of them have it.

use super::Store;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use std::time::Duration;

/// How many events go in one transaction: few enough that no batch waits for it.
const FORGOTTEN_AT_ONCE: i64 = 500;

/// What a sink has answered for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Move {
    /// The sink's name.
    pub sink: String,
    /// The last event before the first that it has not answered for.
    pub event: i64,
    /// What it refused for good, and why.
    pub refused: Vec<(i64, String)>,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
}

/// Moves cursors, never back: another process that shares the file may be further with the same sink.
pub(super) fn advance(transaction: &Transaction<'_>, moves: &[&Move]) -> rusqlite::Result<()> {
    for Move { sink, event, refused, at } in moves {
        transaction.prepare_cached("UPDATE cursors SET event = max(event, ?2) WHERE sink = ?1")?.execute(params![sink, event])?;
        for (event, reason) in refused {
            transaction
                .prepare_cached(
                    "INSERT INTO dead_letters (event, sink, at, reason) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )?
                .execute(params![event, sink, *at as i64, reason])?;
        }
    }
    Ok(())
}

impl Store {
    /// Where a sink goes on; one that is new begins with the oldest event. From here on events are kept for it.
    pub(crate) fn cursor(&mut self, sink: &str) -> rusqlite::Result<i64> {
        self.connection.execute("INSERT INTO cursors VALUES (?1, 0) ON CONFLICT DO NOTHING", [sink])?;
        self.connection.query_row("SELECT event FROM cursors WHERE sink = ?1", [sink], |row| row.get(0))
    }

    /// All sinks that events are kept for.
    pub(crate) fn sinks(&self) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare("SELECT sink FROM cursors ORDER BY sink")?;
        statement.query_map([], |row| row.get(0))?.collect()
    }

    /// Keeps no more events for a sink; whether there was one of that name.
    pub(crate) fn drop_sink(&mut self, sink: &str) -> rusqlite::Result<bool> {
        Ok(self.connection.execute("DELETE FROM cursors WHERE sink = ?1", [sink])? > 0)
    }

    /// Lets go of some events that every sink had passed `keep` before `now` (milliseconds since the Unix epoch), and
    /// tells how many. Their `messageId`s and places stay known. What a sink refused stays whole.
    pub(crate) fn forget(&mut self, now: u64, keep: Duration) -> rusqlite::Result<usize> {
        let (now, keep) = (now as i64, i64::try_from(keep.as_millis()).unwrap_or(i64::MAX));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // The newest event stays whatever its age: SQLite would give its identifier again, to an event that cursors have passed.
        transaction.execute(
            "INSERT INTO marks SELECT ?1, min(coalesce((SELECT min(event) FROM cursors), max(id)), max(id) - 1)
             FROM events HAVING max(id) > 0 ON CONFLICT DO NOTHING",
            [now],
        )?;
        // A sink that is newer than the mark has yet to come as far.
        let due: Option<(i64, i64)> = transaction
            .query_row(
                "SELECT at, min(event, coalesce((SELECT min(event) FROM cursors), event)) FROM marks
                 WHERE at <= ?1 ORDER BY at DESC LIMIT 1",
                [now.saturating_sub(keep)],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let mut forgotten = 0;
        if let Some((at, event)) = due {
            transaction.execute("DELETE FROM marks WHERE at < ?1", [at])?;
            let last: Option<i64> = transaction.query_row(
                "SELECT max(id) FROM (SELECT id FROM events WHERE id <= ?1
                 AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE event = id) ORDER BY id LIMIT ?2)",
                [event, FORGOTTEN_AT_ONCE],
                |row| row.get(0),
            )?;
            let going = "FROM events WHERE id <= ?1 AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE event = id)";
            transaction.execute(
                &format!("INSERT INTO seen SELECT write_key, message_id, tab, seq {going} ON CONFLICT DO NOTHING"),
                [last],
            )?;
            forgotten = transaction.execute(&format!("DELETE {going}"), [last])?;
        }
        transaction.commit()?;
        Ok(forgotten)
    }
}
