//! Lets events go that every sink has had for long enough.

use crate::writer::Writer;
use std::time::Duration;

/// How often to look, at most and at least.
const OFTEN: Duration = Duration::from_millis(20);
const SELDOM: Duration = Duration::from_secs(60);

/// Looks for ever.
pub(crate) async fn keep(writer: Writer, keep: Duration) {
    loop {
        // Piece by piece: batches that wait come in between.
        while writer.forget(keep).await.is_ok_and(|events| events > 0) {}
        tokio::time::sleep((keep / 100).clamp(OFTEN, SELDOM)).await;
    }
}
