//! Sets of purposes, and what is known of them all.

/// A set of purposes: a bit each, in the config's order.
pub type PurposeSet = u64;

/// How many purposes a config may declare: what fits a [`PurposeSet`].
pub const MAX_PURPOSES: usize = 64;

/// What is known of every purpose. One in neither set is undecided; none is in both.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Purposes {
    /// By an explicit decision, or because the purpose needs none.
    pub granted: PurposeSet,
    /// By an explicit decision or a legal signal.
    pub denied: PurposeSet,
    /// Not decided, and to wait for even where silence is yes.
    pub held: PurposeSet,
}

impl Purposes {
    /// What is known of one purpose, by its position.
    pub fn state(self, purpose: usize) -> PurposeState {
        match (self.granted >> purpose & 1, self.denied >> purpose & 1) {
            (_, 1) => PurposeState::Denied,
            (1, _) => PurposeState::Granted,
            _ => PurposeState::Unknown,
        }
    }
}

/// What is known of one purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PurposeState {
    /// By an explicit decision, or because the purpose needs none.
    Granted,
    /// By an explicit decision or a legal signal.
    Denied,
    /// Nobody has said.
    Unknown,
}

impl PurposeState {
    /// The word reports use.
    pub fn word(self) -> &'static str {
        match self {
            PurposeState::Granted => "granted",
            PurposeState::Denied => "denied",
            PurposeState::Unknown => "unknown",
        }
    }
}
