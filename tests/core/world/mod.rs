//! One browser profile: tabs that share storage, cookie, locks and messages; servers; a visitor who decides.
//!
//! Every tab runs the real core. Around it the world keeps its own account of what was decided when, and logs what the
//! core did together with what it should have been allowed to do.

pub(crate) mod decisions;
mod effects;
pub(crate) mod events;
pub(crate) mod log;
mod profile;
pub(crate) mod servers;
pub(crate) mod site;
pub(crate) mod speech;
mod steps;
mod tab;
mod time;
mod visitor;

pub(crate) use steps::{Step, lives};

use decisions::Told;
use events::{Called, Fate};
use log::Log;
use profile::Profile;
use servers::Server;
use speech::Speech;
use tab::Tab;
use tidegate_core::{Input, Now, keys};
use time::Coming;

pub(crate) struct World {
    config: String,
    /// Milliseconds on the monotonic clock.
    pub clock: u64,
    pub profile: Profile,
    pub tabs: Vec<Tab>,
    pub servers: [Server; 4],
    /// How the consent platform says its answer.
    pub speech: Speech,
    pub events: Vec<Called>,
    pub log: Log,
    /// Answers and messages on their way, by arrival.
    coming: Vec<(u64, Coming)>,
    opened: usize,
    pub message_delay_ms: u64,
    /// Destinations that lost their grant in the running task.
    withdrawn: Vec<usize>,
}

impl World {
    /// A profile with one open tab, nothing decided and every server well.
    pub(crate) fn new(queue: site::Queue) -> Self {
        let mut world = World {
            config: site::config(queue),
            clock: 1_000_000,
            profile: Profile::default(),
            tabs: Vec::new(),
            servers: [Server::Healthy; 4],
            speech: Speech::Categories,
            events: Vec::new(),
            log: Log::default(),
            coming: Vec::new(),
            opened: 0,
            message_delay_ms: 20,
            withdrawn: Vec::new(),
        };
        world.open();
        world
    }

    /// Lives through the steps, with a look at the world after each.
    pub(crate) fn live(mut self, steps: &[Step], mut look: impl FnMut(&World)) -> Self {
        for step in steps {
            self.take(step);
            look(&self);
        }
        self
    }

    pub(crate) fn now(&self) -> Now {
        Now { wall: 1_700_000_000_000 + self.clock, mono: self.clock }
    }

    /// A new tab takes up what the profile holds, as the bindings have it.
    pub(crate) fn open(&mut self) {
        let id = self.opened;
        self.opened += 1;
        self.tabs.push(Tab::new(id, &self.config));
        let remembered = self.profile.remembered.unwrap_or_default();
        self.tell(id, |told| told.manual = remembered);
        let (stored, cookies) = (self.profile.stored.clone(), self.profile.cookies.clone());
        let text = |key: &str| stored.get(key).map(String::as_str);
        self.task(
            id,
            Input::Restore {
                identity: text(keys::IDENTITY),
                cookies: keys::COOKIES.map(|name| cookies.get(name).map(String::as_str)),
                consent: text(keys::CONSENT),
                gate: text(keys::GATE),
                locks: true,
            },
        );
        if self.profile.platform.is_some() {
            self.read_platform(id);
            self.end_of_task(id);
        }
    }

    /// A page that is gone leaves what is stored; what only its memory had is lost.
    pub(crate) fn end(&mut self, id: usize) {
        self.tabs.retain(|tab| tab.id != id);
        self.release_locks(id);
        self.coming.retain(|(_, coming)| coming.tab() != id);
        for event in self.events.iter_mut().filter(|event| event.owner == Some(id)) {
            event.owner = None;
            for destination in 0..4 {
                let kept = self.profile.holds(&event.message_id, destination);
                let fate = &mut event.fates[destination];
                if *fate == Fate::Waits || (*fate == Fate::Free && !kept) {
                    *fate = Fate::Lost;
                }
            }
        }
    }

    pub(crate) fn tab(&self, id: usize) -> Option<&Tab> {
        self.tabs.iter().find(|tab| tab.id == id)
    }

    fn tab_mut(&mut self, id: usize) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.id == id)
    }

    /// How often something became of an event that this tab answers for.
    pub(crate) fn count(&self, tab: usize, destination: usize, fate: Fate) -> u64 {
        let mine = self.events.iter().filter(|event| event.owner == Some(tab));
        mine.filter(|event| event.fates[destination] == fate).count() as u64
    }
}
