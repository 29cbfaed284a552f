//! What a hand-over comes to.

use super::sink::Verdict;
use crate::store::StoredEvent;
use std::time::Duration;

/// A hand-over, sorted by what follows from it.
#[derive(PartialEq, Debug, Default)]
pub(super) struct Settled {
    /// To be handed over again, in order.
    pub(super) left: Vec<StoredEvent>,
    /// Refused for good, and why.
    pub(super) refused: Vec<(i64, String)>,
    pub(super) acknowledged: u64,
    pub(super) skipped: u64,
    /// Why some are left: the first reason, and the longest wait that was asked for.
    pub(super) trouble: Option<(String, Option<Duration>)>,
}

/// Sorts events by their verdicts. An event without one is left.
pub(super) fn settle(events: Vec<StoredEvent>, verdicts: Vec<Verdict>) -> Settled {
    let mut settled = Settled::default();
    let mut verdicts = verdicts.into_iter();
    for event in events {
        match verdicts.next().unwrap_or_else(|| Verdict::again("it did not say what became of all events")) {
            Verdict::Acknowledged => settled.acknowledged += 1,
            Verdict::Skipped => settled.skipped += 1,
            Verdict::Refused(reason) => settled.refused.push((event.id, reason)),
            Verdict::Again { reason, after } => {
                let (_, longest) = settled.trouble.get_or_insert((reason, None));
                *longest = (*longest).max(after);
                settled.left.push(event);
            }
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_acknowledgement_is_left_in_order() {
        let event = |id: i64| StoredEvent {
            id,
            write_key: "k".into(),
            message_id: id.to_string(),
            received_at: 0,
            sent_at: None,
            body: "{}".into(),
        };
        let again =
            |reason: &str, seconds: u64| Verdict::Again { reason: reason.into(), after: Some(Duration::from_secs(seconds)) };
        let verdicts = vec![
            Verdict::Acknowledged,
            again("busy", 1),
            Verdict::Refused("too large".into()),
            Verdict::Skipped,
            again("busier", 7),
            Verdict::Acknowledged,
        ];
        let settled = settle((1..=7).map(event).collect(), verdicts);
        assert_eq!(settled.left, [event(2), event(5), event(7)]);
        assert_eq!(settled.refused, [(3, "too large".to_owned())]);
        assert_eq!((settled.acknowledged, settled.skipped), (2, 1));
        assert_eq!(settled.trouble, Some(("busy".into(), Some(Duration::from_secs(7)))));
    }
}
