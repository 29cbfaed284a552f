//! The way of events from the store to one sink.

use super::backoff::Backoff;
use super::settle::{Settled, settle};
use super::sink::{Sink, Verdict};
use super::status::Status;
use crate::app::lock;
use crate::clock::now_ms;
use crate::store::{Move, Reader, StoredEvent};
use crate::writer::Writer;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// How often the store is looked at when no commit of this process tells of events: another may share the file.
const POLL: Duration = Duration::from_secs(2);

/// Hands events to one sink, in order, until it is told to stop.
pub(crate) struct Forwarder {
    sink: Box<dyn Sink>,
    reader: Arc<Mutex<Reader>>,
    writer: Writer,
    status: Arc<Status>,
    newest: watch::Receiver<i64>,
    stop: watch::Receiver<bool>,
    backoff: Backoff,
    /// Whether it was said that the store cannot be read.
    unreadable: bool,
}

impl Forwarder {
    /// `status` names the event after which it begins; it stops soon after `stop` becomes true.
    pub(crate) fn new(
        sink: Box<dyn Sink>,
        reader: Reader,
        writer: Writer,
        status: Arc<Status>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let newest = writer.newest().subscribe();
        let reader = Arc::new(Mutex::new(reader));
        Forwarder { sink, reader, writer, status, newest, stop, backoff: Backoff::default(), unreadable: false }
    }

    /// Hands over page after page.
    pub(crate) async fn run(mut self) {
        while !*self.stop.borrow() {
            self.newest.mark_unchanged();
            match self.page().await {
                Ok(events) if events.is_empty() => self.wait_for_events().await,
                Ok(events) => self.hand_over(events).await,
                Err(error) => {
                    if !std::mem::replace(&mut self.unreadable, true) {
                        eprintln!("tidegate: the sink {} waits, since the store cannot be read: {error}", self.sink.name());
                    }
                    self.rest(POLL).await;
                }
            }
        }
    }

    /// The next events, read away from the threads that serve connections.
    async fn page(&mut self) -> std::io::Result<Vec<StoredEvent>> {
        let (reader, after, limit) = (self.reader.clone(), self.status.cursor.load(Relaxed), self.sink.at_once().max(1));
        let read = tokio::task::spawn_blocking(move || {
            let reader = lock(&reader);
            Ok((reader.page(after, i64::MAX, limit)?, reader.newest()?))
        });
        let (events, newest) = read.await?.map_err(|error: rusqlite::Error| std::io::Error::other(error))?;
        if std::mem::take(&mut self.unreadable) {
            eprintln!("tidegate: the store can be read again");
        }
        self.writer.newest().send_if_modified(|known| {
            let is_news = newest > *known;
            *known = newest.max(*known);
            is_news
        });
        Ok(events)
    }

    async fn wait_for_events(&mut self) {
        tokio::select! {
            _ = self.newest.changed() => {}
            _ = self.stop.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }

    /// Waits, or less where it is to stop.
    async fn rest(&mut self, time: Duration) {
        let _ = tokio::time::timeout(time, self.stop.wait_for(|stop| *stop)).await;
    }

    /// Hands events over until each has a verdict, or until it is to stop.
    async fn hand_over(&mut self, mut events: Vec<StoredEvent>) {
        let Some(end) = events.last().map(|event| event.id) else { return };
        while !events.is_empty() && !*self.stop.borrow() {
            let patience = self.sink.patience();
            let verdicts = tokio::time::timeout(patience, self.sink.hand_over(&events))
                .await
                .unwrap_or_else(|_| vec![Verdict::again(format!("no answer within {} s", patience.as_secs_f32())); events.len()]);
            let handed = events.len();
            let settled = settle(events, verdicts);
            let has_moved = settled.left.len() < handed;
            // One that wants to be left alone is away, whatever it took before.
            let rests = settled.trouble.as_ref().is_some_and(|(_, after)| after.is_some());
            self.tell(has_moved && !rests, settled.trouble.as_ref().map(|(reason, _)| reason.as_str()));
            // Nothing is handed over again before it is on disk how far the sink is.
            if has_moved && !self.advance(&settled, end).await {
                return;
            }
            if has_moved {
                self.backoff.reset();
            }
            if let Some((_, after)) = settled.trouble {
                self.status.retries.fetch_add(settled.left.len() as u64, Relaxed);
                let pause = self.backoff.next(after);
                self.rest(pause).await;
            }
            events = settled.left;
        }
    }

    /// Puts on disk how far the sink is, however long that takes; false where it is to stop before.
    async fn advance(&mut self, settled: &Settled, end: i64) -> bool {
        let step = Move {
            sink: self.sink.name().to_owned(),
            event: settled.left.first().map_or(end, |event| event.id - 1),
            refused: settled.refused.clone(),
            at: now_ms(),
        };
        let mut backoff = Backoff::default();
        while self.writer.advance(step.clone()).await.is_err() {
            if *self.stop.borrow() {
                return false;
            }
            self.rest(backoff.next(None)).await;
        }
        self.status.cursor.fetch_max(step.event, Relaxed);
        self.status.acknowledged.fetch_add(settled.acknowledged, Relaxed);
        self.status.skipped.fetch_add(settled.skipped, Relaxed);
        self.status.refused.fetch_add(settled.refused.len() as u64, Relaxed);
        true
    }

    /// Says once that the sink takes nothing, and once that it does again.
    fn tell(&self, has_moved: bool, trouble: Option<&str>) {
        let name = self.sink.name();
        if has_moved {
            if self.status.away.swap(false, Relaxed) {
                eprintln!("tidegate: the sink {name} takes events again");
            }
        } else if let Some(reason) = trouble
            && !self.status.away.swap(true, Relaxed)
        {
            eprintln!("tidegate: the sink {name} takes no events ({reason}); they are kept and tried again until it does");
        }
    }
}
