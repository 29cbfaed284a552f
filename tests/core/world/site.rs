//! The site of the simulated visitor: two purposes, four destinations that need them in different ways, two tags.

use super::decisions::{Requirement, Verdict};

pub(crate) const PURPOSES: [&str; 2] = ["a", "b"];

/// What each destination needs, in the config's order.
pub(crate) const DESTINATIONS: [Requirement; 4] =
    [Requirement::Only(0), Requirement::Only(1), Requirement::Any, Requirement::All];
/// What each tag needs.
pub(crate) const TAGS: [Requirement; 2] = [Requirement::Only(0), Requirement::Only(1)];
/// What storing identifiers needs.
pub(crate) const IDENTITY: Requirement = Requirement::Only(0);

/// The one of another kind: its part of the core has to come, and its answers say nothing of single events.
pub(crate) const WEBHOOK: usize = 1;

pub(crate) const NEEDS: [&str; 4] = ["needs-a", "needs-b", "needs-either", "needs-both"];

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"auto","purposes":{"a":{"tcf":{"purposes":[1]}},"b":{"tcf":{"purposes":[2]}}}},
  "identity":{"consent":{"allOf":["a"]}},
  "queue":QUEUE,
  "destinations":[
    {"id":"needs-a","kind":"segment","url":"/a","consent":{"allOf":["a"]},"batch":{"maxEvents":3}},
    {"id":"needs-b","kind":"webhook","url":"/b","consent":{"allOf":["b"]},"batch":{"maxEvents":5},"settings":{"payload":{"batch":"{{items}}"}}},
    {"id":"needs-either","kind":"segment","url":"/either","consent":{"anyOf":["a","b"]},"batch":{"maxEvents":2,"maxWaitMs":300}},
    {"id":"needs-both","kind":"segment","url":"/both","consent":{"allOf":["a","b"]},"batch":{"maxBytes":2000}}],
  "triggers":[{"id":"every","kind":"event","event":"*"}],
  "tags":[
    {"id":"script","template":"custom-script","params":{"src":"/tag.js"},"consent":{"allOf":["a"]},"fireOn":["every"]},
    {"id":"pixel","template":"custom-pixel","params":{"src":"/pixel?n={{event.messageId}}"},"consent":{"allOf":["b"]},"fireOn":["every"]}]}"#;

/// How much the queue may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Queue {
    Roomy,
    /// A few events in local storage, a few batches in memory.
    Small,
}

pub(crate) fn config(queue: Queue) -> String {
    CONFIG.replace(
        "QUEUE",
        match queue {
            Queue::Roomy => "{}",
            Queue::Small => r#"{"maxBytes":3000,"maxOverflowBytes":24000}"#,
        },
    )
}

/// The destinations a set of decisions lets through.
pub(crate) fn verdicts(decided: [Option<bool>; 2]) -> [Verdict; 4] {
    DESTINATIONS.map(|requirement| requirement.verdict(decided))
}
