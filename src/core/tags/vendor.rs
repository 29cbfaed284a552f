//! What several tags share: a template, a vendor that was begun, a script on the page.

use super::firing::Firing;
use super::template::Template;
use std::rc::Rc;

/// A template that tags name.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) state: Fetched,
}

/// How far a template is.
#[derive(Debug)]
pub(super) enum Fetched {
    Asked,
    Here(Rc<Template>),
    Failed(String),
}

/// A script that was put on the page.
#[derive(Debug)]
pub(super) struct Script {
    /// As the page was told; empty where nobody else shares it.
    pub(super) what: String,
    /// Nothing while it is on its way.
    pub(super) ran: Option<bool>,
}

/// One use of a vendor: a template with one set of required parameters.
#[derive(Debug)]
pub(super) struct Vendor {
    pub(super) slot: usize,
    pub(super) key: String,
    /// The tags that used it.
    pub(super) tags: Vec<usize>,
    /// Nothing where the template has none.
    pub(super) script: Option<usize>,
    /// The firing that it was begun with, for its parameters.
    pub(super) begun: Option<Firing>,
    /// Parameters to end it with where it was never begun.
    pub(super) params: String,
    /// What its steps did that is done once.
    pub(super) told: Told,
    /// None of its tags may run any more, and it was told, or will be once it ran.
    pub(super) withdrawn: bool,
}

/// Steps that are remembered for each vendor.
const MAX_TOLD: usize = 100;

/// Steps that a vendor is spared a second time: a tag's set-up, which another tag's may differ from.
#[derive(Debug, Default)]
pub(super) struct Told(Vec<String>);

impl Told {
    /// Notes a step.
    pub(super) fn is_new(&mut self, step: &str) -> bool {
        let is_new = self.0.iter().all(|known| known != step);
        if is_new {
            if self.0.len() >= MAX_TOLD {
                self.0.remove(0);
            }
            self.0.push(step.to_owned());
        }
        is_new
    }
}
