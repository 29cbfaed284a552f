//! A sink that does as a test says and remembers what came.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tidegate_collector::{HandingOver, Sink, StoredEvent, Verdict};

/// How a sink answers.
type Answer = Box<dyn FnMut(&[StoredEvent]) -> Vec<Verdict> + Send>;

/// What came to a sink.
#[derive(Clone, Default)]
pub(crate) struct Came(Arc<Mutex<Vec<HandOver>>>);

/// The events' identifiers, and when they came.
#[derive(Clone)]
struct HandOver {
    events: Vec<i64>,
    at: Instant,
}

impl Came {
    /// Every event, in the order it came.
    pub(crate) fn events(&self) -> Vec<i64> {
        self.0.lock().unwrap().iter().flat_map(|one| one.events.clone()).collect()
    }

    pub(crate) fn hand_overs(&self) -> Vec<Vec<i64>> {
        self.0.lock().unwrap().iter().map(|one| one.events.clone()).collect()
    }

    pub(crate) fn times(&self) -> Vec<Instant> {
        self.0.lock().unwrap().iter().map(|one| one.at).collect()
    }

    pub(crate) fn wait_for(&self, events: usize) {
        wait_until(&format!("{events} events"), || self.events().len() >= events);
    }
}

pub(crate) struct Scripted {
    name: &'static str,
    answer: Option<Mutex<Answer>>,
    came: Came,
    at_once: usize,
    patience: Duration,
}

impl Scripted {
    pub(crate) fn new(name: &'static str, answer: impl FnMut(&[StoredEvent]) -> Vec<Verdict> + Send + 'static) -> (Self, Came) {
        let came = Came::default();
        let answer = Some(Mutex::new(Box::new(answer) as Answer));
        (Scripted { name, answer, came: came.clone(), at_once: 100, patience: Duration::from_secs(60) }, came)
    }

    /// Takes everything.
    pub(crate) fn willing(name: &'static str) -> (Self, Came) {
        Self::new(name, |events| vec![Verdict::Acknowledged; events.len()])
    }

    /// Never answers.
    pub(crate) fn hanging(name: &'static str) -> (Self, Came) {
        let (sink, came) = Self::willing(name);
        (Scripted { answer: None, ..sink }, came)
    }

    pub(crate) fn within(self, patience: Duration) -> Self {
        Scripted { patience, ..self }
    }

    pub(crate) fn boxed(self) -> Vec<Box<dyn Sink>> {
        vec![Box::new(self)]
    }
}

impl Sink for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn at_once(&self) -> usize {
        self.at_once
    }

    fn patience(&self) -> Duration {
        self.patience
    }

    fn hand_over<'a>(&'a self, events: &'a [StoredEvent]) -> HandingOver<'a> {
        let came = HandOver { events: events.iter().map(|event| event.id).collect(), at: Instant::now() };
        self.came.0.lock().unwrap().push(came);
        match &self.answer {
            Some(answer) => {
                let verdicts = answer.lock().unwrap()(events);
                Box::pin(async { verdicts })
            }
            None => Box::pin(std::future::pending()),
        }
    }
}

pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
