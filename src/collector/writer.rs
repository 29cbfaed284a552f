//! The one writer: a thread that takes every batch that is waiting, commits them together, then answers each.

use crate::metrics::Metrics;
use crate::store::{Batch, Outcome, Store};
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// How many events one transaction takes at most; bounds how long its first batch waits for its last.
const MAX_EVENTS_PER_COMMIT: usize = 5_000;

/// Why a batch is not stored. Nothing of it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NotStored {
    /// Too many batches are waiting already.
    QueueFull,
    /// The disk is full.
    DiskFull,
    /// SQLite failed in another way, or the writer has stopped.
    Failed,
}

type Answer = Result<Vec<Outcome>, NotStored>;

struct Job {
    batch: Batch,
    answer: oneshot::Sender<Answer>,
}

/// The way to the writer. The thread ends when every copy is gone and all that was queued is answered.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread. At most `max_queue` batches wait for it.
    pub(crate) fn start(store: Store, max_queue: usize, metrics: Arc<Metrics>) -> io::Result<(Self, JoinHandle<()>)> {
        let (queue, jobs) = mpsc::channel(max_queue.max(1));
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || run(store, jobs, &metrics))?;
        Ok((Writer { queue }, thread))
    }

    /// Stores a batch; returns once it is on disk, with the outcome of each event in order.
    pub(crate) async fn submit(&self, batch: Batch) -> Answer {
        let (answer, result) = oneshot::channel();
        self.queue.try_send(Job { batch, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotStored::QueueFull,
            mpsc::error::TrySendError::Closed(_) => NotStored::Failed,
        })?;
        result.await.unwrap_or(Err(NotStored::Failed))
    }

    /// How many batches are waiting.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

fn run(mut store: Store, mut jobs: mpsc::Receiver<Job>, metrics: &Metrics) {
    let mut failing = false;
    while let Some(first) = jobs.blocking_recv() {
        let mut events = first.batch.events.len();
        let mut group = vec![first];
        while events < MAX_EVENTS_PER_COMMIT {
            let Ok(job) = jobs.try_recv() else { break };
            events += job.batch.events.len();
            group.push(job);
        }
        let batches: Vec<&Batch> = group.iter().map(|job| &job.batch).collect();
        match store.append(&batches) {
            Ok(outcomes) => {
                if std::mem::take(&mut failing) {
                    eprintln!("tidegate: the store can be written again");
                }
                metrics.committed(group.len(), &outcomes);
                for (job, outcomes) in group.into_iter().zip(outcomes) {
                    // A client that has gone away sends its batch again and finds it stored.
                    let _ = job.answer.send(Ok(outcomes));
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    eprintln!("tidegate: the store cannot be written ({error}); events are answered 503 until it can");
                }
                let reason = match error.sqlite_error_code() {
                    Some(rusqlite::ErrorCode::DiskFull) => NotStored::DiskFull,
                    _ => NotStored::Failed,
                };
                for job in group {
                    let _ = job.answer.send(Err(reason));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use std::path::Path;

    fn batch(id: &str) -> Batch {
        let event = Event { message_id: id.into(), kind: "track", body: "{}".into(), place: None };
        Batch { write_key: "k".into(), received_at: 0, sent_at: None, events: vec![event], losses: Vec::new() }
    }

    fn lock(path: &Path) -> rusqlite::Connection {
        let other = rusqlite::Connection::open(path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        other
    }

    /// A writer that is held up by another process's lock, with one batch in hand.
    async fn held_up(
        max_queue: usize,
        path: &Path,
    ) -> (Writer, Arc<Metrics>, rusqlite::Connection, tokio::task::JoinHandle<Answer>) {
        let metrics = Arc::new(Metrics::default());
        let (writer, _) = Writer::start(Store::open(path).unwrap(), max_queue, metrics.clone()).unwrap();
        let other = lock(path);
        let in_hand = tokio::spawn({
            let writer = writer.clone();
            async move { writer.submit(batch("first")).await }
        });
        while writer.waiting() > 0 || !in_hand_taken(&writer).await {}
        (writer, metrics, other, in_hand)
    }

    async fn in_hand_taken(writer: &Writer) -> bool {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        writer.waiting() == 0
    }

    #[tokio::test]
    async fn what_waits_is_committed_together_and_each_batch_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, metrics, other, in_hand) = held_up(100, &folder.path().join("s.db")).await;
        let waiting: Vec<_> = (0..50)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.submit(batch(&format!("{}", n % 40))).await })
            })
            .collect();
        while writer.waiting() < 50 {
            tokio::task::yield_now().await;
        }
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(in_hand.await.unwrap(), Ok(vec![Outcome::Stored]));
        let mut stored = 0;
        for answer in waiting {
            match answer.await.unwrap().unwrap()[..] {
                [Outcome::Stored] => stored += 1,
                [Outcome::Duplicate] => {}
                ref other => panic!("{other:?}"),
            }
        }
        assert_eq!(stored, 40);
        assert!(metrics.text(0).contains("\ntidegate_commits_total 2\n"), "{}", metrics.text(0));
    }

    #[tokio::test]
    async fn a_full_queue_turns_batches_away_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, _, other, in_hand) = held_up(1, &folder.path().join("s.db")).await;
        let queued = tokio::spawn({
            let writer = writer.clone();
            async move { writer.submit(batch("second")).await }
        });
        while writer.waiting() < 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(writer.submit(batch("third")).await, Err(NotStored::QueueFull));
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(in_hand.await.unwrap(), Ok(vec![Outcome::Stored]));
        assert_eq!(queued.await.unwrap(), Ok(vec![Outcome::Stored]));
        assert_eq!(writer.submit(batch("third")).await, Ok(vec![Outcome::Stored]));
    }

    #[tokio::test]
    async fn an_error_answers_the_whole_group_and_the_writer_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let (writer, _) = Writer::start(Store::open(&path).unwrap(), 10, Arc::default()).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("ALTER TABLE events RENAME TO gone").unwrap();
        assert_eq!(writer.submit(batch("a")).await, Err(NotStored::Failed));
        other.execute_batch("ALTER TABLE gone RENAME TO events").unwrap();
        assert_eq!(writer.submit(batch("a")).await, Ok(vec![Outcome::Stored]));
    }
}
