//! Destinations that the collector sends to itself: the kinds, mappings and gates of `tidegate.json`, by the same code as on the page.

mod answer;
mod client;
mod config;

use answer::Heard;
use client::Client;
pub use config::{Faults, destinations};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::{Duration, Instant};
use tidegate_collector::{HandingOver, Sink, StoredEvent, Verdict};
use tidegate_core::config::{Config, Destination};
use tidegate_core::destinations::{Answer, Beside, PAUSE_MS, Prelude, Pushed, Settled, WiredRequest, part};
use tidegate_core::review::may_go_on;
use tidegate_core::time::push_iso;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Events looked at in one hand-over.
const AT_ONCE: usize = 500;
/// How long one hand-over goes on: then what is settled is noted.
const TURN: Duration = Duration::from_secs(30);
/// Events refused in a row before a destination gets time between them.
const MOST_REFUSALS: u32 = 3;
/// How long a destination that refuses our credentials is left alone.
const PAUSE: Duration = Duration::from_millis(PAUSE_MS);

/// One destination.
pub(crate) struct Http {
    name: String,
    destination: Destination,
    /// The config's text, by whose purposes stamps are read: a config itself stays on its thread.
    config: Arc<str>,
    client: Client,
    /// What the platform was asked for before a batch, and what it said.
    known: Mutex<Option<(String, String)>>,
    /// Events refused in a row, and whether it had its time since.
    refusals: AtomicU32,
    rested: AtomicBool,
}

/// What a request's answer means for its events, by their places.
enum Outcome {
    Settled,
    /// Nothing more can be sent for now.
    Stuck(Verdict),
    Split(u16),
}

impl Http {
    pub(crate) fn new(destination: &Destination, config: Arc<str>, client: Client) -> Self {
        Http {
            name: format!("destination:{}", destination.id),
            destination: destination.clone(),
            config,
            client,
            known: Mutex::new(None),
            refusals: AtomicU32::new(0),
            rested: AtomicBool::new(false),
        }
    }

    /// The events that may go on, with their places; the others get their verdicts.
    fn allowed<'e>(&self, events: &'e [StoredEvent], verdicts: &mut [Option<Verdict>]) -> Vec<(usize, &'e StoredEvent)> {
        let config = Config::parse(&self.config);
        let mut allowed = Vec::new();
        for (at, (event, verdict)) in events.iter().zip(verdicts).enumerate() {
            if config.as_ref().is_some_and(|config| may_go_on(config, &self.destination, &event.body)) {
                allowed.push((at, event));
            } else {
                *verdict = Some(Verdict::Skipped);
            }
        }
        allowed
    }

    async fn send(&self, events: &[StoredEvent]) -> Vec<Verdict> {
        let mut verdicts = vec![None; events.len()];
        if let Err(stuck) = self.send_all(events, &mut verdicts).await {
            return verdicts.into_iter().map(|verdict| verdict.unwrap_or_else(|| stuck.clone())).collect();
        }
        verdicts.into_iter().map(|verdict| verdict.unwrap_or_else(|| Verdict::again("its answer did not say"))).collect()
    }

    /// Batch after batch, until one is stuck.
    async fn send_all(&self, events: &[StoredEvent], verdicts: &mut [Option<Verdict>]) -> Result<(), Verdict> {
        // What is still to be sent together, the first last.
        let mut stack = vec![self.allowed(events, verdicts)];
        let began = Instant::now();
        while let Some(run) = stack.pop() {
            if began.elapsed() > TURN {
                return Err(Verdict::again("its turn is over: the rest is next"));
            }
            let (sent, left, outcome) = self.send_first(run, verdicts).await;
            if !left.is_empty() {
                stack.push(left);
            }
            match outcome {
                Outcome::Settled if sent.is_empty() => {}
                Outcome::Settled => self.refusals.store(0, Relaxed),
                Outcome::Stuck(verdict) => return Err(verdict),
                // The one at fault shows when they are sent apart.
                Outcome::Split(status) => match sent.as_slice() {
                    [(at, _)] => {
                        // A platform that refuses one after another is likelier at fault itself: it gets time between them.
                        if self.refusals.fetch_add(1, Relaxed) == MOST_REFUSALS {
                            self.refusals.store(MOST_REFUSALS - 1, Relaxed);
                            if !self.rested.swap(true, Relaxed) {
                                let reason = format!("it refuses one event after another with {status}: check its settings");
                                return Err(Verdict::Again { reason, after: Some(PAUSE) });
                            }
                        }
                        self.rested.store(false, Relaxed);
                        if let Some(verdict) = verdicts.get_mut(*at) {
                            *verdict = Some(Verdict::Refused(format!("it answered {status} to this event alone")));
                        }
                    }
                    _ => {
                        let (first, second) = sent.split_at(sent.len() / 2);
                        stack.push(second.to_vec());
                        stack.push(first.to_vec());
                    }
                },
            }
        }
        Ok(())
    }

    /// Asks the platform for what a batch needs.
    async fn ask(&self, request: &WiredRequest) -> Result<String, Outcome> {
        let answer = self.client.post(request).await;
        let Heard { status, body, after } = answer.map_err(|reason| Outcome::Stuck(Verdict::again(reason)))?;
        let after_ms = after.map(|after| after.as_millis() as u64);
        part::known(&self.destination, status, &body, after_ms).map_err(|answer| match answer {
            // Of whom it will not hear, the events go no further; others' do.
            Answer::Split => Outcome::Split(status),
            _ => Outcome::Stuck(Verdict::Again {
                reason: format!("it answered {status} when asked who the visitor is"),
                after: after.or((answer == Answer::Paused).then_some(PAUSE)),
            }),
        })
    }

    /// Sends the first batch of a run: what went, what did not fit, and what became of it.
    async fn send_first<'e>(
        &self,
        run: Vec<(usize, &'e StoredEvent)>,
        verdicts: &mut [Option<Verdict>],
    ) -> (Vec<(usize, &'e StoredEvent)>, Vec<(usize, &'e StoredEvent)>, Outcome) {
        let destination = &self.destination;
        let mut batch = part::batch(destination, destination.batch.max_events, destination.batch.max_bytes);
        let mut sent = Vec::new();
        let mut rest = run.into_iter();
        let mut left = Vec::new();
        for (at, event) in rest.by_ref() {
            let verdict = match part::push(&mut batch, destination, &event.body) {
                Pushed::Taken => {
                    sent.push((at, event));
                    continue;
                }
                Pushed::Next => {
                    left.push((at, event));
                    break;
                }
                Pushed::Filtered => Verdict::Skipped,
                Pushed::TooLarge => Verdict::Refused("its mapping would make over 1 MB of it".into()),
            };
            if let Some(place) = verdicts.get_mut(at) {
                *place = Some(verdict);
            }
        }
        left.extend(rest);
        if sent.is_empty() {
            return (sent, left, Outcome::Settled);
        }
        let batch_id = Uuid::new_v4().to_string();
        let mut sent_at = String::new();
        push_iso(&mut sent_at, tidegate_collector::now_ms());
        let mut beside = Beside { batch_id: &batch_id, sent_at: &sent_at, ..Beside::default() };
        let mut known = self.known.lock().await;
        if let Some(Prelude { key, request }) = part::prelude(&batch, destination, &beside) {
            let (of, value) = match known.take().filter(|(of, _)| *of == key) {
                Some(known) => known,
                None => match self.ask(&request).await {
                    Ok(value) => (key, value),
                    Err(outcome) => return (sent, left, outcome),
                },
            };
            beside.known = &known.insert((of, value)).1;
        }
        let request = part::request(&batch, destination, &beside);
        let outcome = match self.client.post(&request).await {
            Err(reason) => Outcome::Stuck(Verdict::again(reason)),
            Ok(Heard { status, body, after }) => {
                let after_ms = after.map(|after| after.as_millis() as u64);
                match part::read_answer(destination, &batch_id, status, &body, after_ms) {
                    Answer::All => settle(&sent, verdicts, |_| Some(Verdict::Acknowledged)),
                    Answer::Some(results) => settle(&sent, verdicts, |event| {
                        let (_, settled) = results.iter().find(|(id, _)| *id == event.message_id)?;
                        Some(match settled {
                            Settled::Stored | Settled::Duplicate => Verdict::Acknowledged,
                            Settled::Rejected => Verdict::Refused("it rejected this event".into()),
                        })
                    }),
                    Answer::Split => Outcome::Split(status),
                    Answer::Paused => {
                        let reason = format!("it answered {status}: check its settings and credentials");
                        Outcome::Stuck(Verdict::Again { reason, after: Some(PAUSE) })
                    }
                    Answer::Retry(_) => Outcome::Stuck(Verdict::Again { reason: format!("it answered {status}"), after }),
                }
            }
        };
        (sent, left, outcome)
    }
}

fn settle(
    sent: &[(usize, &StoredEvent)],
    verdicts: &mut [Option<Verdict>],
    verdict: impl Fn(&StoredEvent) -> Option<Verdict>,
) -> Outcome {
    for (at, event) in sent {
        if let Some(place) = verdicts.get_mut(*at) {
            *place = verdict(event);
        }
    }
    Outcome::Settled
}

impl Sink for Http {
    fn name(&self) -> &str {
        &self.name
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn patience(&self) -> Duration {
        // Each request has a bound of its own.
        Duration::from_secs(600)
    }

    fn hand_over<'a>(&'a self, events: &'a [StoredEvent]) -> HandingOver<'a> {
        Box::pin(self.send(events))
    }
}
