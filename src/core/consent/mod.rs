//! The visitor's consent: what each source says, what they say together, and what that lets through.

mod memory;
mod reading;
mod requirement;
mod state;

pub use memory::{KEY as MEMORY_KEY, Memory};
pub use reading::Reading;
pub use requirement::{Requirement, Verdict};
pub use state::{Consent, ConsentReport, Map, Reason};

/// What is known of one purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PurposeState {
    /// By an explicit decision, or because the purpose needs none.
    Granted,
    /// By an explicit decision or a legal signal.
    Denied,
    /// Nobody has said.
    Unknown,
}

/// How the law that applies treats silence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// Silence is no.
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
}

/// A purpose as the config declares it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Purpose {
    /// Its name in the config and on the wire.
    pub id: String,
    /// Strictly necessary: needs no consent and cannot be denied.
    pub always: bool,
    /// Mapped to sale, sharing or targeted advertising, which Global Privacy Control opts out of.
    pub opt_out: bool,
    /// Per consent platform, the categories that must all be accepted. A platform that is not listed is asked for a
    /// category of the purpose's own name.
    pub categories: Vec<(String, Vec<String>)>,
}

impl Purpose {
    /// The categories of one platform that stand for this purpose.
    pub fn categories_of<'a>(&'a self, source: &str) -> &'a [String] {
        self.categories
            .iter()
            .find(|(name, _)| name == source)
            .map_or(std::slice::from_ref(&self.id), |(_, categories)| categories)
    }
}

/// What the config says about consent.
#[derive(Clone, PartialEq, Eq, Debug)]
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
}

/// Which consent platforms are listened to, beside `consent.set`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sources {
    /// Whichever is found on the page.
    Auto,
    /// None: the site decides through `consent.set` alone.
    Manual,
    /// These; until each has answered, nothing is granted.
    Listed(Vec<String>),
}

/// The names `consent.cmp` knows.
pub const PLATFORMS: [&str; 18] = [
    "tcf",
    "gpp",
    "usp",
    "onetrust",
    "cookiebot",
    "didomi",
    "usercentrics",
    "klaro",
    "vanilla-cookieconsent",
    "orejime",
    "google-consent-mode",
    "trustarc",
    "osano",
    "ketch",
    "sourcepoint",
    "complianz",
    "iubenda",
    "cookieyes",
];
