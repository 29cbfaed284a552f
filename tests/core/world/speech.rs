//! How a consent platform says its answer.

use super::decisions::Platform;
use super::site::PURPOSES;
use crate::writer::Writer;
use serde_json::{Value, json};

/// What the platform is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Speech {
    /// One that says the categories accepted.
    Categories,
    /// One that says a TC string, which the core reads once the part is there that can.
    Strings,
}

/// What is said while the dialog is open again.
pub(crate) const PAUSED: &str = r#"{"decided":false,"paused":true}"#;

impl Speech {
    /// The source and the signal that an adapter makes of an answer; `at` is when the visitor gave it, in milliseconds since the Unix epoch.
    pub(crate) fn signal(self, answer: Option<[bool; 2]>, at: u64) -> (&'static str, String) {
        let accepted = answer.unwrap_or_default();
        let signal: Value = match self {
            Speech::Categories => {
                let names: Vec<&str> = (0..2).filter(|at| accepted[*at]).map(|at| PURPOSES[at]).collect();
                json!({ "decided": answer.is_some(), "accepted": names })
            }
            Speech::Strings if answer.is_some() => json!({ "decided": true, "tcf": tc_string(accepted, at) }),
            Speech::Strings => json!({ "decided": false }),
        };
        (if self == Speech::Strings { "tcf" } else { "klaro" }, signal.to_string())
    }
}

/// A TC string of one site that consents to the first purposes of the framework.
fn tc_string(accepted: [bool; 2], at: u64) -> String {
    let mut text = Writer::default();
    text.int(2, 6).int(at / 100, 36).int(at / 100, 36).int(1, 12).int(1, 12).int(0, 6).int(0, 12).int(1, 12).int(4, 6);
    text.int(1, 1).int(0, 1).int(0, 12);
    for accepted in accepted {
        text.int(accepted.into(), 1);
    }
    text.int(0, 22).int(0, 24).int(0, 1).int(0, 12);
    for _ in ["vendors that have consent", "vendors with a legitimate interest"] {
        text.int(0, 16).int(0, 1);
    }
    text.int(0, 12).text()
}

/// What a tab makes of it: without the part that reads strings an answer in one is none yet.
pub(crate) fn heard(speech: Speech, reads_strings: bool, answer: Option<[bool; 2]>) -> Platform {
    Some(answer.filter(|_| speech == Speech::Categories || reads_strings))
}
