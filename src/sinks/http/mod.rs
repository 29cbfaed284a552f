//! Destinations that the collector sends to itself: the kinds, mappings and gates of `tidegate.json`, by the same code as on the page.

mod answer;
mod client;
mod config;

use answer::Heard;
use client::Client;
pub use config::{Faults, destinations};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tidegate_collector::{HandingOver, Sink, StoredEvent, Verdict};
use tidegate_core::config::{Config, Destination};
use tidegate_core::destinations::{
    Answer, Beside, Dealt, LANES, PAUSE_MS, Prelude, Pushed, Refusals, Runs, Settled, WiredRequest, by_our_clock, deal, part,
};
use tidegate_core::review::{may_go_on, with_plain_stamp};
use tidegate_core::time::push_iso;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Events looked at in one hand-over.
const AT_ONCE: usize = 500;
/// How long one hand-over goes on: then what is settled is noted.
const TURN: Duration = Duration::from_secs(30);
/// How long a destination that refuses our credentials is left alone.
const PAUSE: Duration = Duration::from_millis(PAUSE_MS);

/// One destination.
pub(crate) struct Http {
    name: String,
    destination: Destination,
    /// The config's text, by whose purposes stamps are read: a config itself stays on its thread.
    config: Arc<str>,
    client: Client,
    /// What the platform was asked for before a lane's last batch, and what it said.
    known: [Mutex<Option<(String, String)>>; LANES],
    refusals: std::sync::Mutex<Refusals>,
    /// Functions of its mapping of which it was said that they could do nothing with what they were given.
    told: std::sync::Mutex<BTreeSet<&'static str>>,
}

/// An event with its place in the hand-over.
type Placed<'e> = Dealt<(usize, &'e StoredEvent)>;

/// Events with what became of them.
type Verdicts = Vec<(usize, Verdict)>;

/// One hand-over.
struct Turn {
    began: Instant,
    /// A lane is stuck, and why: the others begin nothing more.
    over: OnceLock<Verdict>,
}

impl Turn {
    /// Why nothing more is begun, where that is so.
    fn over(&self) -> Option<Verdict> {
        let is_long = self.began.elapsed() > TURN;
        self.over.get().cloned().or_else(|| is_long.then(|| Verdict::again("its turn is over: the rest is next")))
    }
}

/// What a request's answer means for its events, by their places.
enum Outcome<'e> {
    /// It is known what became of them, but of these.
    Settled(Vec<Placed<'e>>),
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
            known: Default::default(),
            refusals: std::sync::Mutex::default(),
            told: std::sync::Mutex::default(),
        }
    }

    /// The events that may go on, with their places.
    fn allowed<'e>(&self, events: &'e [StoredEvent]) -> Vec<(usize, &'e StoredEvent)> {
        let Some(config) = Config::parse(&self.config) else { return Vec::new() };
        let may = |event: &StoredEvent| may_go_on(&config, &self.destination, &event.body);
        events.iter().enumerate().filter(|(_, event)| may(event)).collect()
    }

    async fn send(&self, events: &[StoredEvent]) -> Vec<Verdict> {
        let allowed = self.allowed(events);
        let mut verdicts = vec![Verdict::Skipped; events.len()];
        for (at, _) in &allowed {
            if let Some(verdict) = verdicts.get_mut(*at) {
                *verdict = Verdict::again("its answer did not say");
            }
        }
        let turn = Turn { began: Instant::now(), over: OnceLock::new() };
        let turn = &turn;
        let lanes = deal(allowed.iter().map(|(at, event)| ((*at, *event), event.body.as_str())))
            .into_iter()
            .zip(&self.known)
            .map(async move |(lane, known)| self.send_lane(lane, &mut *known.lock().await, turn).await);
        for (at, verdict) in join_all(lanes).await.into_iter().flatten() {
            if let Some(place) = verdicts.get_mut(at) {
                *place = verdict;
            }
        }
        verdicts
    }

    /// Batch after batch, until one is stuck: then what is left of the lane is tried again.
    async fn send_lane(&self, lane: Vec<Placed<'_>>, known: &mut Option<(String, String)>, turn: &Turn) -> Verdicts {
        let mut verdicts = Vec::new();
        let mut runs = Runs::of(lane);
        while let Some(run) = runs.take() {
            let stuck = if let Some(over) = turn.over() {
                runs.put_back(run);
                Some(over)
            } else {
                let (sent, left, outcome) = self.send_first(run, known, &mut verdicts).await;
                runs.put_back(left);
                self.conclude(sent, outcome, turn, &mut runs, &mut verdicts)
            };
            if let Some(stuck) = stuck {
                let _ = turn.over.set(stuck.clone());
                verdicts.extend(runs.rest().map(|placed| (placed.item.0, stuck.clone())));
                return verdicts;
            }
        }
        verdicts
    }

    /// What an answer means for what comes next: where the destination is stuck, why.
    fn conclude<'e>(
        &self,
        sent: Vec<Placed<'e>>,
        outcome: Outcome<'e>,
        turn: &Turn,
        runs: &mut Runs<Placed<'e>>,
        verdicts: &mut Verdicts,
    ) -> Option<Verdict> {
        let status = match outcome {
            Outcome::Settled(_) if sent.is_empty() => return None,
            Outcome::Settled(unsaid) => {
                let stuck = unsaid.len() == sent.len();
                // They go in front of what comes later of their visitors.
                runs.put_back(unsaid);
                if stuck {
                    return Some(Verdict::again("its answer did not say what became of the events"));
                }
                lock(&self.refusals).taken();
                return None;
            }
            Outcome::Stuck(verdict) => {
                runs.put_back(sent);
                return Some(verdict);
            }
            Outcome::Split(status) => status,
        };
        let at_fault = runs.refused(sent)?;
        if let Some(over) = turn.over() {
            runs.put_back(vec![at_fault]);
            return Some(over);
        }
        if let Some(rest) = lock(&self.refusals).refused(at_fault.visitor) {
            runs.put_back(vec![at_fault]);
            let reason = format!("it refuses the events of one visitor after another with {status}: check its settings");
            return Some(Verdict::Again { reason, after: Some(rest) });
        }
        verdicts.push((at_fault.item.0, Verdict::Refused(format!("it answered {status} to this event alone"))));
        None
    }

    /// Says once of each function of the mapping that it could do nothing with what it was given.
    fn tell(&self, function: &'static str) {
        if lock(&self.told).insert(function) {
            let id = &self.destination.id;
            eprintln!("tidegate: the mapping of the destination {id} leaves out what {function} could do nothing with");
        }
    }

    /// Asks the platform for what a batch needs.
    async fn ask(&self, request: &WiredRequest) -> Result<String, Outcome<'static>> {
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
        run: Vec<Placed<'e>>,
        known: &mut Option<(String, String)>,
        verdicts: &mut Verdicts,
    ) -> (Vec<Placed<'e>>, Vec<Placed<'e>>, Outcome<'e>) {
        let destination = &self.destination;
        let mut batch = part::batch(destination, destination.batch.max_events, destination.batch.max_bytes);
        let mut sent = Vec::new();
        let mut rest = run.into_iter();
        let mut left = Vec::new();
        for placed in rest.by_ref() {
            let (at, event) = placed.item;
            let body = with_plain_stamp(&event.body);
            let body = by_our_clock(&body, event.sent_at.as_deref(), event.received_at);
            let verdict = match part::push(&mut batch, destination, &body) {
                Pushed::Taken => {
                    sent.push(placed);
                    continue;
                }
                Pushed::Next => {
                    left.push(placed);
                    break;
                }
                Pushed::Filtered => Verdict::Skipped,
                Pushed::TooLarge => Verdict::Refused("its mapping would make over 1 MB of it".into()),
            };
            verdicts.push((at, verdict));
        }
        left.extend(rest);
        if let Some(function) = batch.failed() {
            self.tell(function);
        }
        if sent.is_empty() {
            return (sent, left, Outcome::Settled(Vec::new()));
        }
        let batch_id = Uuid::new_v4().to_string();
        let mut sent_at = String::new();
        push_iso(&mut sent_at, tidegate_collector::now_ms());
        let mut beside = Beside { batch_id: &batch_id, sent_at: &sent_at, ..Beside::default() };
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
                    Answer::Retry(_) if status / 100 == 2 => Outcome::Stuck(Verdict::Again {
                        reason: format!("it answered {status}, but not with what acknowledges events of its kind"),
                        after,
                    }),
                    Answer::Retry(_) => Outcome::Stuck(Verdict::Again { reason: format!("it answered {status}"), after }),
                }
            }
        };
        (sent, left, outcome)
    }
}

/// Notes what an answer says of each; those that it does not speak of are still to be settled.
fn settle<'e>(sent: &[Placed<'e>], verdicts: &mut Verdicts, verdict: impl Fn(&StoredEvent) -> Option<Verdict>) -> Outcome<'e> {
    let mut unsaid = Vec::new();
    for placed in sent {
        let (at, event) = placed.item;
        match verdict(event) {
            Some(verdict) => verdicts.push((at, verdict)),
            None => unsaid.push(*placed),
        }
    }
    Outcome::Settled(unsaid)
}

fn lock<T>(shared: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
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
