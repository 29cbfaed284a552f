//! Storing batches.

use super::{Batch, Outcome};
use crate::event::Event;
use crate::sequence::{Loss, Place};
use rusqlite::{OptionalExtension, Transaction, params};

/// Stores the batches; tells, in their order, what became of each event.
pub(super) fn append(transaction: &Transaction<'_>, batches: &[&Batch]) -> rusqlite::Result<Vec<Vec<Outcome>>> {
    let mut outcomes = Vec::with_capacity(batches.len());
    let mut insert = transaction.prepare_cached(
        "INSERT INTO events (write_key, message_id, type, received_at, sent_at, body, tab, seq)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM seen WHERE write_key = ?1 AND message_id = ?2)
         ON CONFLICT DO NOTHING",
    )?;
    let mut lose = transaction.prepare_cached("INSERT INTO losses VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")?;
    let mut known = transaction
        .prepare_cached("SELECT body = ?3, tab IS ?4 AND seq IS ?5 FROM events WHERE write_key = ?1 AND message_id = ?2")?;
    let mut seen =
        transaction.prepare_cached("SELECT tab IS ?3 AND seq IS ?4 FROM seen WHERE write_key = ?1 AND message_id = ?2")?;
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
            let kept: Option<(bool, bool)> = known
                .query_row(params![batch.write_key, message_id, body, tab, seq], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let (is_same, is_in_place) = match kept {
                Some(kept) => kept,
                // Its text has gone: what comes under its messageId is taken for it.
                None => (true, seen.query_row(params![batch.write_key, message_id, tab, seq], |row| row.get(0))?),
            };
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
    Ok(outcomes)
}
