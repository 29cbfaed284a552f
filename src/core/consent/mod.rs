//! The visitor's consent: what each source says, what they say together, and what that lets through.

pub mod decode;

mod memory;
mod purposes;
mod reading;
mod requirement;
mod state;

pub use memory::{KEY as MEMORY_KEY, Memory};
pub use purposes::{MAX_PURPOSES, PurposeSet, PurposeState, Purposes};
pub use reading::Reading;
pub use requirement::{Requirement, Verdict};
pub use state::Consent;

use crate::json;

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
    /// How silence counts.
    pub model: Model,
    /// Which consent platforms are listened to.
    pub sources: Sources,
    /// Whether a decision made through `consent.set` holds on the next page.
    pub remember: bool,
    /// A remembered decision made under another policy revision is not taken over.
    pub policy_revision: u32,
    /// How many days a remembered decision holds.
    pub expiry_days: u32,
    /// The purposes.
    pub purposes: Vec<Purpose>,
    /// Strictly necessary: need no consent and cannot be denied.
    pub always: PurposeSet,
    /// Mapped to sale, sharing or targeted advertising, which Global Privacy Control opts out of.
    pub opt_out: PurposeSet,
}

impl ConsentConfig {
    /// The set that holds the purpose of this name, where there is one.
    pub fn purpose(&self, id: &str) -> Option<PurposeSet> {
        self.purposes.iter().position(|purpose| purpose.id == id).map(|at| 1 << at)
    }

    /// All declared purposes.
    pub fn all(&self) -> PurposeSet {
        self.purposes.iter().fold(0, |all, _| all << 1 | 1)
    }

    /// What is decided, as a JSON object of purposes and true or false.
    pub(crate) fn preferences(&self, decided: Purposes) -> String {
        let mut out = String::from("{");
        for (at, purpose) in self.purposes.iter().enumerate() {
            match decided.state(at) {
                PurposeState::Granted => json::push_member(&mut out, &purpose.id, "true"),
                PurposeState::Denied => json::push_member(&mut out, &purpose.id, "false"),
                PurposeState::Unknown => {}
            }
        }
        out.push('}');
        out
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
