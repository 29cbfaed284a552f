//! What may happen next, and lives made of it.

use super::World;
use super::servers::{SERVERS, Server};
use super::tab::Tab;
use proptest::prelude::*;
use tidegate_core::Input;
use tidegate_core::input::{Lifecycle, Verb};

const MOST_TABS: usize = 3;

/// Tabs are meant modulo those that are open.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Several calls in one task.
    Call {
        tab: usize,
        verb: u8,
        times: u8,
    },
    Decide {
        tab: usize,
        choices: [Option<bool>; 2],
    },
    Default {
        tab: usize,
        choices: [Option<bool>; 2],
    },
    Platform {
        tab: usize,
        answer: Option<[bool; 2]>,
    },
    /// The platform changes its answer, or forgets it, and no tab is told.
    Silent {
        answer: Option<[bool; 2]>,
    },
    /// The platform's dialog opens again, or is left as it was: meanwhile its answer is not to be acted on.
    Dialog {
        tab: usize,
        opens: bool,
    },
    Pass {
        ms: u64,
    },
    /// How long messages between tabs take from now on.
    Delay {
        ms: u64,
    },
    Server {
        destination: usize,
        server: Server,
    },
    Hide {
        tab: usize,
    },
    Show {
        tab: usize,
    },
    Flush {
        tab: usize,
    },
    Reset {
        tab: usize,
    },
    Open,
    Reload {
        tab: usize,
    },
    Close {
        tab: usize,
    },
    Crash {
        tab: usize,
    },
    /// Local storage takes no more writes, or does again.
    Refuse {
        refuses: bool,
    },
}

/// Lives of up to this many steps.
pub(crate) fn lives(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(steps(), 1..most)
}

pub(crate) fn steps() -> impl Strategy<Value = Step> {
    let tab = || 0..MOST_TABS;
    let choice = || prop_oneof![Just(None), Just(Some(true)), Just(Some(true)), Just(Some(false))];
    let choices = move || (choice(), choice()).prop_map(|(a, b)| [a, b]);
    let answer = || prop::option::weighted(0.6, any::<[bool; 2]>());
    let times = prop_oneof![4 => 1..4u8, 1 => 4..12u8];
    prop_oneof![
        14 => (tab(), 0..6u8, times).prop_map(|(tab, verb, times)| Step::Call { tab, verb, times }),
        6 => (tab(), choices()).prop_map(|(tab, choices)| Step::Decide { tab, choices }),
        1 => (tab(), choices()).prop_map(|(tab, choices)| Step::Default { tab, choices }),
        2 => (tab(), answer()).prop_map(|(tab, answer)| Step::Platform { tab, answer }),
        1 => answer().prop_map(|answer| Step::Silent { answer }),
        1 => (tab(), any::<bool>()).prop_map(|(tab, opens)| Step::Dialog { tab, opens }),
        7 => prop_oneof![0..100u64, 900..1500u64, 1000..20_000u64].prop_map(|ms| Step::Pass { ms }),
        1 => prop_oneof![Just(0u64), Just(20), Just(3000)].prop_map(|ms| Step::Delay { ms }),
        3 => (0..4usize, prop::sample::select(&SERVERS[..])).prop_map(|(destination, server)| Step::Server { destination, server }),
        2 => tab().prop_map(|tab| Step::Hide { tab }),
        1 => tab().prop_map(|tab| Step::Show { tab }),
        1 => tab().prop_map(|tab| Step::Flush { tab }),
        1 => tab().prop_map(|tab| Step::Reset { tab }),
        2 => Just(Step::Open),
        1 => tab().prop_map(|tab| Step::Reload { tab }),
        1 => tab().prop_map(|tab| Step::Close { tab }),
        1 => tab().prop_map(|tab| Step::Crash { tab }),
        1 => prop::bool::weighted(0.3).prop_map(|refuses| Step::Refuse { refuses }),
    ]
}

impl World {
    pub(crate) fn take(&mut self, step: &Step) {
        match step {
            Step::Call { tab, verb, times } => {
                let tab = self.pick(*tab);
                for _ in 0..*times {
                    self.call(tab, Verb::from_number(*verb).unwrap());
                }
                self.end_of_task(tab);
            }
            Step::Decide { tab, choices } => self.set(self.pick(*tab), *choices, true),
            Step::Default { tab, choices } => self.set(self.pick(*tab), *choices, false),
            Step::Platform { tab, answer } => self.answer_platform(self.pick(*tab), *answer),
            Step::Silent { answer } if self.profile.platform.is_some() => self.profile.platform = Some(*answer),
            Step::Silent { .. } => {}
            Step::Dialog { tab, opens } => self.open_dialog(self.pick(*tab), *opens),
            Step::Pass { ms } => self.pass(*ms),
            Step::Delay { ms } => self.message_delay_ms = *ms,
            Step::Server { destination, server } => self.servers[*destination] = *server,
            Step::Hide { tab } => self.task(self.pick(*tab), Input::Lifecycle(Lifecycle::Hidden)),
            Step::Show { tab } => self.task(self.pick(*tab), Input::Lifecycle(Lifecycle::Visible)),
            Step::Flush { tab } => self.task(self.pick(*tab), Input::Flush),
            Step::Reset { tab } => self.reset(self.pick(*tab)),
            Step::Open if self.tabs.len() < MOST_TABS => self.open(),
            Step::Open => {}
            Step::Reload { tab } => {
                self.close(self.pick(*tab));
                self.open();
            }
            Step::Close { tab } => self.close(self.pick(*tab)),
            Step::Crash { tab } => self.end(self.pick(*tab)),
            Step::Refuse { refuses } => self.profile.refuses = *refuses,
        }
        if self.tabs.is_empty() {
            self.open();
        }
        // What takes no time arrives before anything else happens.
        self.pass(0);
    }

    fn pick(&self, tab: usize) -> usize {
        self.tabs[tab % self.tabs.len()].id
    }

    fn close(&mut self, tab: usize) {
        self.task(tab, Input::Lifecycle(Lifecycle::Hidden));
        self.end(tab);
    }

    fn reset(&mut self, id: usize) {
        if let Some(Tab { visitor, .. }) = self.tab_mut(id) {
            *visitor = super::events::Visitor::Nobody;
        }
        self.task(id, Input::Reset);
    }

    /// Every server is well, storage works, all pages but a fresh one are gone, and an hour passes.
    pub(crate) fn settle(&mut self) {
        self.servers = [Server::Healthy; 4];
        self.profile.refuses = false;
        self.profile.paused = false;
        self.pass(3_600_000);
        for tab in self.tabs.iter().map(|tab| tab.id).collect::<Vec<_>>() {
            self.close(tab);
        }
        self.open();
        self.pass(3_600_000);
    }
}
