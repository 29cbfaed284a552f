//! What was decided, as a tab was told. Kept by the tests alone: the core is not asked.

use super::site;

/// What a consent platform says: it is not on the page, it waits for an answer, or it has one a purpose.
pub(crate) type Platform = Option<Option<[bool; 2]>>;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Allow,
    Wait,
    Deny,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Requirement {
    Only(usize),
    Any,
    All,
}

impl Requirement {
    pub(crate) fn verdict(self, decided: [Option<bool>; 2]) -> Verdict {
        let [a, b] = decided;
        let answer = match self {
            Requirement::Only(purpose) => decided[purpose],
            Requirement::Any if a == Some(true) || b == Some(true) => Some(true),
            Requirement::Any => a.and(b),
            Requirement::All if a == Some(false) || b == Some(false) => Some(false),
            Requirement::All => a.and(b),
        };
        match answer {
            Some(true) => Verdict::Allow,
            Some(false) => Verdict::Deny,
            None => Verdict::Wait,
        }
    }
}

/// Everything a tab was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Told {
    /// Through `consent.set`, here or in another tab.
    pub manual: [Option<bool>; 2],
    pub platform: Platform,
    /// Denied in another tab, by its last message.
    pub elsewhere: [bool; 2],
}

impl Told {
    /// One denial denies, a platform without an answer keeps a purpose open, and nothing but a decision grants.
    pub(crate) fn decided(&self) -> [Option<bool>; 2] {
        [0, 1].map(|purpose| {
            let answer = self.platform.flatten().map(|accepted| accepted[purpose]);
            let denied = self.manual[purpose] == Some(false) || answer == Some(false) || self.elsewhere[purpose];
            match (denied, self.platform) {
                (true, _) => Some(false),
                (false, Some(None)) => None,
                (false, _) => self.manual[purpose].or(answer),
            }
        })
    }

    pub(crate) fn denied(&self) -> [bool; 2] {
        self.decided().map(|decision| decision == Some(false))
    }

    pub(crate) fn verdicts(&self) -> [Verdict; 4] {
        site::verdicts(self.decided())
    }
}
