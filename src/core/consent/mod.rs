//! The visitor's consent: what each source says, what they say together, and what that lets through.

pub mod decode;

mod memory;
mod purposes;
mod reading;
mod requirement;
mod state;
pub(crate) mod strings;
mod vendor;

pub use memory::{KEY as MEMORY_KEY, Memory};
pub use purposes::{MAX_PURPOSES, PurposeSet, PurposeState, Purposes};
pub use reading::Reading;
pub use requirement::{Requirement, Verdict};
pub use state::Consent;
pub use vendor::Vendor;

use crate::json;
use crate::text::{concat, cut};

/// How the law that applies treats silence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Model {
    /// Silence is no.
    #[default]
    OptIn,
    /// Silence is yes, until the visitor objects.
    OptOut,
    /// No consent regime.
    None,
    /// Not known: treated as opt-in.
    Unknown,
}

impl Model {
    /// Whether a purpose nobody decided may be used.
    pub fn unknown_passes(self) -> bool {
        matches!(self, Model::OptOut | Model::None)
    }

    /// By the word used in the config.
    pub fn from_word(word: &str) -> Option<Model> {
        [Model::OptIn, Model::OptOut, Model::None].into_iter().find(|model| model.word() == word)
    }

    /// The word used in the config and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Model::OptIn => "opt-in",
            Model::OptOut => "opt-out",
            Model::None => "none",
            Model::Unknown => "unknown",
        }
    }
}

/// A purpose as the config declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purpose {
    /// Its name in the config and on the wire.
    pub id: String,
    /// Per consent platform, the list of categories that must all be accepted: a JSON object. A platform that is not in it is
    /// asked for a category of the purpose's own name.
    pub categories: String,
}

impl Purpose {
    /// Whether the config says what stands for it on that platform.
    pub fn maps(&self, source: &str) -> bool {
        json::list(&self.categories, source).next().is_some()
    }

    /// Whether all categories of one platform that stand for this purpose are among the accepted, a JSON list.
    pub fn is_accepted(&self, source: &str, accepted: &str) -> bool {
        let accepts = |category: &str| json::elements(accepted).any(|raw| json::text_of(raw) == category);
        let mut categories = json::list(&self.categories, source);
        match categories.next() {
            None => accepts(&self.id),
            Some(first) => accepts(&json::text_of(first)) && categories.all(|category| accepts(&json::text_of(category))),
        }
    }
}

/// What the config says about consent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConsentConfig {
    /// How silence counts, where the config says so for every visitor.
    pub model: Option<Model>,
    /// How it counts by region, a JSON object.
    pub regions: String,
    /// What stands for each type of Google's Consent Mode, a JSON object of lists of purposes; empty where Google is not told.
    pub google: String,
    /// Which consent platforms are listened to.
    pub sources: Sources,
    /// Whether a decision made through `consent.set` holds on the next page.
    pub remember: bool,
    /// A remembered decision made under another policy revision is not taken over.
    pub policy_revision: u32,
    /// How many days a remembered decision holds.
    pub expiry_days: u32,
    /// Whether destinations are told of each change by an event, as Segment's consent tools do.
    pub update_event: bool,
    /// Whether the browser's Do Not Track denies what is not strictly necessary.
    pub do_not_track: bool,
    /// The purposes.
    pub purposes: Vec<Purpose>,
    /// Vendors that must be allowed by name. In sets of purposes their bits come behind those of the purposes.
    pub vendors: Vec<Vendor>,
    /// Strictly necessary: need no consent and cannot be denied.
    pub always: PurposeSet,
    /// Mapped to sale, sharing or targeted advertising, which Global Privacy Control opts out of.
    pub opt_out: PurposeSet,
}

impl ConsentConfig {
    /// How silence counts in a region such as `US-CA`, or in its country; nothing where the config does not say.
    pub fn model_in(&self, region: &str) -> Option<Model> {
        let country = cut(region, "-").map_or(region, |(country, _)| country);
        let said = |name| Model::from_word(&json::text(&self.regions, name));
        said(region).or_else(|| said(country)).or(self.model)
    }

    /// The set that holds the purpose of this name, where there is one.
    pub fn purpose(&self, id: &str) -> Option<PurposeSet> {
        self.purposes.iter().position(|purpose| purpose.id == id).map(|at| 1 << at)
    }

    /// All declared purposes.
    pub fn all_purposes(&self) -> PurposeSet {
        self.purposes.iter().fold(0, |all, _| all << 1 | 1)
    }

    /// All declared purposes and vendors.
    pub fn all(&self) -> PurposeSet {
        self.vendors.iter().fold(self.all_purposes(), |all, _| all << 1 | 1)
    }

    /// The set that holds a vendor, by its position.
    pub fn vendor_set(&self, at: usize) -> PurposeSet {
        self.all_purposes().wrapping_add(1) << at
    }

    /// What to call a purpose or vendor, by its place in sets.
    pub(crate) fn name(&self, at: usize) -> String {
        concat(&[if at < self.purposes.len() { "" } else { "vendor " }, self.id(at)])
    }

    /// What a standard of the IAB decides: purposes that say what stands for them there, and vendors.
    pub(crate) fn decided_by(&self, source: &str) -> PurposeSet {
        if source != "tcf" {
            return self.opt_out;
        }
        let mut set = self.all() & !self.all_purposes();
        for (at, purpose) in self.purposes.iter().enumerate() {
            if json::member(&purpose.categories, source).is_some_and(strings::names_any) {
                set |= 1 << at;
            }
        }
        set
    }

    /// What is decided, as a JSON object of purposes and true or false.
    pub(crate) fn preferences(&self, decided: Purposes) -> String {
        self.decided(0, self.purposes.len(), decided)
    }

    /// Likewise of vendors.
    pub(crate) fn decided_vendors(&self, decided: Purposes) -> String {
        let from = self.purposes.len();
        self.decided(from, from + self.vendors.len(), decided)
    }

    fn decided(&self, from: usize, to: usize, decided: Purposes) -> String {
        let mut out = String::from("{");
        for at in from..to {
            let raw = match decided.state(at) {
                PurposeState::Granted => "true",
                PurposeState::Denied => "false",
                PurposeState::Unknown => continue,
            };
            json::push_member(&mut out, self.id(at), raw);
        }
        out.push('}');
        out
    }

    /// The ID of a purpose or vendor, by its place in sets.
    fn id(&self, at: usize) -> &str {
        match self.purposes.get(at) {
            Some(purpose) => &purpose.id,
            None => at.checked_sub(self.purposes.len()).and_then(|at| self.vendors.get(at)).map_or("", |vendor| &vendor.id),
        }
    }
}

/// Which consent platforms are listened to, beside `consent.set`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Sources {
    /// Whichever is found on the page.
    #[default]
    Auto,
    /// None: the site decides through `consent.set` alone.
    Manual,
    /// These; until each has answered, nothing is granted.
    /// The JSON list of their names.
    Listed(String),
}
