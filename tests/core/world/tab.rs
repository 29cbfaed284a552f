//! One tab: a core, what it was told, and its requests under way.

use super::decisions::Told;
use super::events::Visitor;
use std::collections::VecDeque;
use tidegate_core::effect::Part;
use tidegate_core::{Effect, Runtime};

pub(crate) struct Request {
    pub id: u32,
    pub destination: usize,
    pub calls: Vec<usize>,
}

pub(crate) struct Tab {
    pub id: usize,
    pub core: Runtime,
    pub told: Told,
    pub visitor: Visitor,
    pub requests: Vec<Request>,
    /// Effects to carry out, each with what the tab had been told when the core asked for it.
    pub todo: VecDeque<(Effect, Told)>,
    pub commit_due: bool,
    /// The page whose acknowledgements were read last: the next read takes it over.
    pub taking_over: Option<String>,
    /// Whether it took over another tab's events.
    pub heir: bool,
    /// Local storage refused this tab's decision.
    pub decision_refused: bool,
    /// What was decided here and is not in local storage yet.
    pub spoken: [Option<bool>; 2],
    pub calls: u32,
    /// Parts of the core that it asked for.
    pub asked_for: Vec<Part>,
    /// Whether that came which reads strings, and what the platform told this tab last.
    pub reads_strings: bool,
    pub answer: Option<[bool; 2]>,
    /// Whether that is a string which nothing had read when another tab denied something last.
    pub is_older: bool,
}

/// Different for every tab, the same in every run.
pub(crate) fn seed(tab: usize) -> [u8; 32] {
    let mut word = tab as u64 + 1;
    std::array::from_fn(|_| {
        word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (word >> 56) as u8
    })
}

impl Tab {
    pub(crate) fn new(id: usize, config: &str) -> Self {
        Tab {
            id,
            core: Runtime::start(config, "{}", seed(id)).unwrap(),
            told: Told::default(),
            visitor: Visitor::default(),
            requests: Vec::new(),
            todo: VecDeque::new(),
            commit_due: false,
            taking_over: None,
            heir: false,
            decision_refused: false,
            spoken: [None; 2],
            calls: 0,
            asked_for: Vec::new(),
            reads_strings: false,
            answer: None,
            is_older: false,
        }
    }
}
