//! `GET /ledger`: for every tab and destination, whether what it issued is what is stored, what it says is lost, and what is missing.

use crate::app::App;
use crate::read::{ndjson, query};
use crate::sequence::{Lane, Loss};
use axum::extract::State;
use axum::response::Response;
use futures_util::stream;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// The account of one tab for one destination. Always `issued = stored + Σ lost + missing`.
#[derive(PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    write_key: String,
    tab: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<String>,
    /// As far as anything is known of the sequence, which counts from 0.
    issued: u64,
    stored: u64,
    /// By reason; what is stored all the same is not lost.
    lost: BTreeMap<String, u64>,
    /// How many are neither: on their way, or lost without a word.
    missing: u64,
    /// Those, as the first and the last of each gap.
    gaps: Vec<(u64, u64)>,
}

/// A line a lane, NDJSON.
pub(crate) async fn ledger(State(app): State<Arc<App>>) -> Response {
    let first = (String::new(), String::new());
    // Lane by lane, so that neither a long answer nor a slow reader holds memory or a read transaction.
    let lines = stream::try_unfold((app, first), |(app, after)| async move {
        let account = query(&app, move |reader, _| {
            let Some((write_key, lane)) = reader.lane_after(&after)? else { return Ok(None) };
            let (stored, losses) = reader.sequence(&write_key, &lane)?;
            let account = account(write_key.clone(), &lane, &stored, losses);
            Ok(Some((account, (write_key, lane.as_str().to_owned()))))
        });
        let Some((account, lane)) = account.await? else { return Ok::<_, io::Error>(None) };
        let line = serde_json::to_string(&account).map_err(io::Error::other)? + "\n";
        Ok(Some((line, (app, lane))))
    });
    ndjson(lines)
}

/// `stored` are distinct and in order.
fn account(write_key: String, lane: &Lane, stored: &[u32], mut losses: Vec<Loss>) -> Account {
    losses.sort_by_key(|loss| (loss.from, loss.to));
    let mut lost: BTreeMap<String, u64> = BTreeMap::new();
    let mut known: Vec<(u64, u64)> = stored.iter().map(|seq| (u64::from(*seq), u64::from(*seq) + 1)).collect();
    let mut counted = 0;
    for loss in losses {
        let (from, end) = (counted.max(u64::from(loss.from)), u64::from(loss.to) + 1);
        if from >= end {
            continue;
        }
        let before = |bound: u64| stored.partition_point(|seq| u64::from(*seq) < bound) as u64;
        *lost.entry(loss.reason).or_default() += end - from - (before(end) - before(from));
        known.push((from, end));
        counted = end;
    }
    lost.retain(|_, events| *events > 0);
    known.sort_unstable();
    let (mut issued, mut gaps) = (0, Vec::new());
    for (from, end) in known {
        if from > issued {
            gaps.push((issued, from - 1));
        }
        issued = issued.max(end);
    }
    let stored = stored.len() as u64;
    let missing = issued - stored - lost.values().sum::<u64>();
    let (tab, destination) = lane.parts();
    Account { write_key, tab: tab.to_owned(), destination: destination.map(str::to_owned), issued, stored, lost, missing, gaps }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(stored: &[u32], losses: &[(u32, u32, &str)]) -> Account {
        let lane = Lane::stored("t/d".into());
        let loss =
            |(from, to, reason): &(u32, u32, &str)| Loss { lane: lane.clone(), from: *from, to: *to, reason: (*reason).into() };
        account("w".into(), &lane, stored, losses.iter().map(loss).collect())
    }

    #[test]
    fn what_was_issued_is_stored_or_lost_or_missing() {
        let one = of(&[0, 1, 4, 9], &[(2, 3, "queue-full"), (3, 5, "rejected"), (20, 21, "expired")]);
        assert_eq!((one.issued, one.stored, one.missing), (22, 4, 13));
        assert_eq!(one.lost, BTreeMap::from([("expired".into(), 2), ("queue-full".into(), 2), ("rejected".into(), 1)]));
        assert_eq!(one.gaps, [(6, 8), (10, 19)]);
    }

    #[test]
    fn nothing_is_counted_twice_and_the_largest_ranges_cost_nothing() {
        let one = of(&[], &[(0, u32::MAX, "a"), (0, u32::MAX, "b"), (7, 7, "c")]);
        assert_eq!((one.issued, one.missing, one.lost.len()), (1 << 32, 0, 1));
        assert_eq!(of(&[0, 1], &[(0, 1, "given-up")]).lost, BTreeMap::new(), "what was stored after all is not lost");
        assert_eq!(of(&[], &[]).issued, 0);
    }
}
