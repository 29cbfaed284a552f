//! The destinations' servers.

use super::site::WEBHOOK;
use serde_json::Value;

/// Milliseconds until a server answers.
pub(crate) const LATENCY_MS: u64 = 40;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Server {
    Healthy,
    /// Never answers.
    Hanging,
    /// Cannot be reached.
    Unreachable,
    /// Answers 503.
    Down,
    /// Answers 429 and asks for three seconds.
    Busy,
    /// A captive portal: 200 and a page of its own.
    Portal,
    /// Settles the first event of a batch only; of a kind that reads no verdicts all.
    Partial,
    /// Takes one event a request, answers 413 to more.
    Narrow,
    /// Answers 400 to whatever holds a call whose number is a multiple of five.
    Picky,
}

pub(crate) const SERVERS: [Server; 9] = [
    Server::Healthy,
    Server::Hanging,
    Server::Unreachable,
    Server::Down,
    Server::Busy,
    Server::Portal,
    Server::Partial,
    Server::Narrow,
    Server::Picky,
];

/// An answer, with what it settles of the batch.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    None,
    Failed,
    Status { status: u16, body: String, retry_after_ms: Option<u64>, settles: Settles },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Settles {
    All,
    First,
    /// A single event that is refused is given up.
    OneAsRejected,
    Nothing,
}

impl Server {
    /// `calls` are the numbers of the batch's calls.
    pub(crate) fn answer(self, batch: &Value, calls: &[usize], destination: usize) -> Answer {
        let status = |status, body: String, settles| Answer::Status { status, body, retry_after_ms: None, settles };
        let refused = if calls.len() == 1 { Settles::OneAsRejected } else { Settles::Nothing };
        let all = || status(200, String::from(r#"{"success":true}"#), Settles::All);
        match self {
            Server::Healthy => all(),
            Server::Hanging => Answer::None,
            Server::Unreachable => Answer::Failed,
            Server::Down => status(503, String::new(), Settles::Nothing),
            Server::Busy => {
                Answer::Status { status: 429, body: String::new(), retry_after_ms: Some(3000), settles: Settles::Nothing }
            }
            Server::Portal => status(200, String::from("<html>Welcome to the hotel</html>"), Settles::Nothing),
            Server::Partial if destination == WEBHOOK => all(),
            Server::Partial => {
                let first = &batch["batch"][0]["messageId"];
                status(200, format!(r#"{{"results":[{{"messageId":{first},"status":"stored"}}]}}"#), Settles::First)
            }
            Server::Narrow if calls.len() > 1 => status(413, String::from("{}"), Settles::Nothing),
            Server::Narrow => all(),
            Server::Picky if calls.iter().any(|call| call % 5 == 0) => status(400, String::from("{}"), refused),
            Server::Picky => all(),
        }
    }
}
