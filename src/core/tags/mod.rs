//! Tags: what may load on the page, when, and with which calls. `README.md` beside this file is their language.

mod checks;
mod condition;
mod consent;
mod fire;
mod firing;
mod hear;
mod listen;
mod regex;
mod run;
mod runner;
mod scene;
mod step;
mod tag;
mod template;
mod trigger;
mod variable;
mod vendor;

pub use tag::{Fire, Tag, TemplateRef};
pub use template::Template;

pub(crate) use condition::{CONDITION, CONDITIONS};
pub(crate) use fire::{Fired, Given};
pub(crate) use hear::Heard;
pub(crate) use regex::folded;
pub(crate) use scene::Occasion;
pub(crate) use step::{STEP, STEPS};
pub(crate) use tag::CALLS;
pub(crate) use template::STEPS_BY_NAME;

use crate::config::{Hear, Place, check_ids};
use crate::consent::Verdict;
use crate::json::{list, push_item};
use fire::Unread;
use listen::Listening;
use runner::Runner;
use scene::{Circumstances, Scene};
use trigger::{Kind, Trigger};
use variable::Variables;
use vendor::{Script, Slot, Vendor};

/// The tags of a page: the rules they follow, and how far each one is.
#[derive(Debug)]
pub struct Tags {
    /// Named values that triggers and tags read.
    variables: Variables,
    /// What makes a tag fire.
    triggers: Vec<Trigger>,
    /// CSS selectors that elements are held against.
    selectors: Vec<String>,
    /// What may load, in the config's order.
    tags: Vec<Tag>,
    /// Positions of tags, those of a higher priority first.
    order: Vec<usize>,
    /// By the name of an event the triggers for it, sorted; and those that have to be asked of every event.
    by_name: Vec<(String, usize)>,
    unnamed: Vec<usize>,
    /// For each trigger whether it, or a tag that it fires, reads the page.
    reads_page: Vec<bool>,
    /// For each group which of its triggers have not fired; empty once it has.
    missing: Vec<Vec<usize>>,
    runners: Vec<Runner>,
    templates: Vec<Slot>,
    vendors: Vec<Vendor>,
    scripts: Vec<Script>,
    /// What waits for what the page is asked.
    unread: Vec<Unread>,
    listening: Listening,
    /// Until when nothing runs, since the page is yet to say how far it has come: on the monotonic clock.
    held_until: u64,
    /// Occasions whose end somebody waits for: the capture number, and what the page calls it.
    watched: Vec<(u32, usize)>,
    /// Whether chance has a part in it.
    is_random: bool,
    /// When one of them has something to do on the page, which it may once consent was read again: on the monotonic clock; 0 for now, `u64::MAX` for not at all.
    pub(crate) due: u64,
}

/// What the gate says of one tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) verdict: Verdict,
    /// Events up to this capture number are none of its business: it was denied then, or has lost its grant since.
    pub(crate) barred: u32,
}

impl Tags {
    /// Reads the rules of a config that was checked against its shape.
    pub(crate) fn read(rules: &str, faults: &mut impl Hear) -> Tags {
        let root = &Place::ROOT;
        for key in ["variables", "triggers", "tags"] {
            check_ids(rules, key, faults);
        }
        let variables = Variables::read(rules, root, faults);
        let (mut triggers, mut tags, mut selectors) = (Vec::new(), Vec::new(), Vec::new());
        for (at, item) in list(rules, "triggers").enumerate() {
            let place = &root.key("triggers");
            triggers.push(Trigger::read(item, rules, &variables, &mut selectors, &place.item(at), faults));
        }
        for (at, item) in list(rules, "tags").enumerate() {
            let place = &root.key("tags");
            tags.push(Tag::read(item, rules, &variables, &place.item(at), faults));
        }
        checks::sequences(&tags, faults);
        let is_random = variables.is_random() || triggers.iter().any(Trigger::is_random);
        let mut order: Vec<usize> = Vec::new();
        for (at, tag) in tags.iter().enumerate() {
            let place = order.partition_point(|other| tags.get(*other).is_some_and(|other| other.priority >= tag.priority));
            order.insert(place, at);
        }
        let mut all = Tags {
            variables,
            triggers,
            selectors,
            tags,
            order,
            by_name: Vec::new(),
            unnamed: Vec::new(),
            reads_page: Vec::new(),
            missing: Vec::new(),
            runners: Vec::new(),
            templates: Vec::new(),
            vendors: Vec::new(),
            scripts: Vec::new(),
            unread: Vec::new(),
            listening: Listening::default(),
            held_until: 0,
            watched: Vec::new(),
            is_random,
            due: u64::MAX,
        };
        all.index();
        all
    }

    /// The page may run tags from here on.
    pub(crate) fn start(&mut self, standings: &[Standing]) {
        for standing in standings {
            self.runners.push(Runner::new(standing.verdict));
        }
    }

    /// Whether chance has a part in what fires.
    pub(crate) fn is_random(&self) -> bool {
        self.is_random
    }

    /// What the page is asked before an occasion is looked at.
    pub(crate) fn question(&self) -> String {
        let mut what = String::from("[\"read\",[");
        for question in &self.variables.page {
            push_item(&mut what, question);
        }
        what.push_str("]]");
        what
    }

    /// What may load, in the order of [`crate::config::Config::tags`].
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// What of a sound config can never do anything: pointers and words, for `tidegate check`.
    pub fn idle(&self) -> Vec<crate::config::Fault> {
        checks::idle(&self.triggers, &self.tags)
    }

    fn index(&mut self) {
        let mut reads: Vec<bool> = self.triggers.iter().map(|trigger| trigger.reads_page).collect();
        let of_triggers = reads.clone();
        for tag in &self.tags {
            if tag.reads_page || tag.except_on.iter().any(|at| of_triggers.get(*at) == Some(&true)) {
                for at in &tag.fire_on {
                    if let Some(reads) = reads.get_mut(*at) {
                        *reads = true;
                    }
                }
            }
        }
        self.reads_page = reads;
        for (at, trigger) in self.triggers.iter().enumerate() {
            match &trigger.kind {
                Kind::Event(event) => match event.name() {
                    Some(name) => {
                        let place = self.by_name.partition_point(|(known, _)| known.as_str() <= name);
                        self.by_name.insert(place, (name.to_owned(), at));
                    }
                    None => self.unnamed.push(at),
                },
                Kind::Group(of) => self.missing.push(of.clone()),
                Kind::Seen(_) | Kind::Consent => {}
            }
        }
    }

    /// Whether an event fires a tag, by the tag's position, whatever the page would say.
    pub(crate) fn fires(&self, tag: usize, event: &str) -> bool {
        let occasion = &Occasion::of(event, "{}");
        let circumstances = Circumstances { page: &[], random: 0.0, wall: 0 };
        let scene = Scene::of(&self.variables, occasion, event, circumstances);
        let fired = self.triggers_of(&scene);
        let fires = |on: &[usize]| on.iter().any(|at| fired.contains(at));
        self.tags.get(tag).is_some_and(|tag| fires(&tag.fire_on) && !fires(&tag.except_on))
    }
}
