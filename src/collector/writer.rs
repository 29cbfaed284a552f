//! The one writer: a thread that takes every batch and every move of a cursor that is waiting, commits them together,
//! then answers each.

use crate::clock::now_ms;
use crate::metrics::Metrics;
use crate::store::{Batch, Move, Outcome, Store};
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

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

type Answer<T> = Result<T, NotStored>;

enum Job {
    Store(Batch, oneshot::Sender<Answer<Vec<Outcome>>>),
    Move(Move, oneshot::Sender<Answer<()>>),
    Forget(Duration, oneshot::Sender<Answer<usize>>),
}

/// The way to the writer. The thread ends when every copy is gone and all that was queued is answered.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
    newest: Arc<watch::Sender<i64>>,
}

impl Writer {
    /// Starts the thread. At most `max_queue` batches wait for it.
    pub(crate) fn start(store: Store, max_queue: usize, metrics: Arc<Metrics>) -> io::Result<(Self, JoinHandle<()>)> {
        let (queue, jobs) = mpsc::channel(max_queue.max(1));
        let newest = Arc::new(watch::Sender::new(0));
        let told = newest.clone();
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || run(store, jobs, &metrics, &told))?;
        Ok((Writer { queue, newest }, thread))
    }

    /// Stores a batch; returns once it is on disk, with the outcome of each event in order.
    pub(crate) async fn submit(&self, batch: Batch) -> Answer<Vec<Outcome>> {
        let (answer, result) = oneshot::channel();
        self.queue.try_send(Job::Store(batch, answer)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotStored::QueueFull,
            mpsc::error::TrySendError::Closed(_) => NotStored::Failed,
        })?;
        result.await.unwrap_or(Err(NotStored::Failed))
    }

    /// Moves a cursor; returns once that is on disk. It shares a transaction with the batches that wait, so that it
    /// costs them nothing.
    pub(crate) async fn advance(&self, step: Move) -> Answer<()> {
        self.wait_for(|answer| Job::Move(step, answer)).await
    }

    /// Lets go of some events that every sink had passed so long ago; tells how many.
    pub(crate) async fn forget(&self, keep: Duration) -> Answer<usize> {
        self.wait_for(|answer| Job::Forget(keep, answer)).await
    }

    async fn wait_for<T>(&self, job: impl FnOnce(oneshot::Sender<Answer<T>>) -> Job) -> Answer<T> {
        let (answer, result) = oneshot::channel();
        self.queue.send(job(answer)).await.map_err(|_| NotStored::Failed)?;
        result.await.unwrap_or(Err(NotStored::Failed))
    }

    /// The newest event as far as this process knows: it changes with every commit.
    pub(crate) fn newest(&self) -> &watch::Sender<i64> {
        &self.newest
    }

    /// How many batches are waiting.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

/// What one transaction takes.
#[derive(Default)]
struct Group {
    batches: Vec<(Batch, oneshot::Sender<Answer<Vec<Outcome>>>)>,
    moves: Vec<(Move, oneshot::Sender<Answer<()>>)>,
    forget: Option<(Duration, oneshot::Sender<Answer<usize>>)>,
    events: usize,
}

impl Group {
    fn add(&mut self, job: Job) {
        match job {
            Job::Store(batch, answer) => {
                self.events += batch.events.len();
                self.batches.push((batch, answer));
            }
            Job::Move(step, answer) => self.moves.push((step, answer)),
            Job::Forget(keep, answer) => self.forget = Some((keep, answer)),
        }
    }
}

fn run(mut store: Store, mut jobs: mpsc::Receiver<Job>, metrics: &Metrics, newest: &watch::Sender<i64>) {
    let mut failing = false;
    while let Some(first) = jobs.blocking_recv() {
        let mut group = Group::default();
        group.add(first);
        while group.events < MAX_EVENTS_PER_COMMIT {
            let Ok(job) = jobs.try_recv() else { break };
            group.add(job);
        }
        let forget = group.forget.take();
        if !group.batches.is_empty() || !group.moves.is_empty() {
            commit(&mut store, group, metrics, newest, &mut failing);
        }
        if let Some((keep, answer)) = forget {
            // What cannot go now goes later.
            let _ = answer.send(store.forget(now_ms(), keep).map_err(|_| NotStored::Failed));
        }
    }
}

fn commit(store: &mut Store, group: Group, metrics: &Metrics, newest: &watch::Sender<i64>, failing: &mut bool) {
    let batches: Vec<&Batch> = group.batches.iter().map(|(batch, _)| batch).collect();
    let moves: Vec<&Move> = group.moves.iter().map(|(step, _)| step).collect();
    match store.commit(&batches, &moves) {
        Ok(outcomes) => {
            if std::mem::take(failing) {
                eprintln!("tidegate: the store can be written again");
            }
            if !batches.is_empty() {
                metrics.committed(batches.len(), &outcomes);
                newest.send_if_modified(|known| {
                    let before = std::mem::replace(known, store.last_id().max(*known));
                    *known > before
                });
            }
            for ((_, answer), outcomes) in group.batches.into_iter().zip(outcomes) {
                // A client that has gone away sends its batch again and finds it stored.
                let _ = answer.send(Ok(outcomes));
            }
            for (_, answer) in group.moves {
                let _ = answer.send(Ok(()));
            }
        }
        Err(error) => {
            if !std::mem::replace(failing, true) {
                eprintln!("tidegate: the store cannot be written ({error}); events are answered 503 until it can");
            }
            let reason = match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DiskFull) => NotStored::DiskFull,
                _ => NotStored::Failed,
            };
            for (_, answer) in group.batches {
                let _ = answer.send(Err(reason));
            }
            for (_, answer) in group.moves {
                let _ = answer.send(Err(reason));
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
    ) -> (Writer, Arc<Metrics>, rusqlite::Connection, tokio::task::JoinHandle<Answer<Vec<Outcome>>>) {
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
