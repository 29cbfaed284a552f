//! What a destination or tag needs, and the verdict of the gate.

use super::{Model, PurposeSet, Purposes};

/// The gate's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Verdict {
    /// May see the event, may load.
    Allow,
    /// May not; what is denied is counted and forgotten.
    Deny,
    /// Not decided yet; waits in memory only.
    #[default]
    Pending,
}

impl Verdict {
    /// The word reports use.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Allow => "allow",
            Verdict::Deny => "deny",
            Verdict::Pending => "pending",
        }
    }
}

/// Purposes that must be granted. The default names nothing and is denied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Requirement {
    /// All of these.
    pub all_of: PurposeSet,
    /// At least one of these, where any are named.
    pub any_of: PurposeSet,
}

impl Requirement {
    /// Whether it names nothing, which denies: unmapped is never allowed.
    pub fn is_empty(self) -> bool {
        self.all_of | self.any_of == 0
    }

    /// The verdict over the purposes. Any denial of an `all_of` purpose wins; undecided waits under opt-in (and where
    /// the model is not known) and passes where the model is known to be opt-out or none.
    pub fn evaluate(self, purposes: Purposes, model: Model) -> Verdict {
        let open = !purposes.denied;
        let passing = if model.unknown_passes() { open & !purposes.held } else { purposes.granted & open };
        let met_by = |set: PurposeSet| self.all_of & !set == 0 && (self.any_of == 0 || self.any_of & set != 0);
        if self.is_empty() || !met_by(open) {
            Verdict::Deny
        } else if met_by(passing) {
            Verdict::Allow
        } else {
            Verdict::Pending
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRANTED: u64 = 1;
    const DENIED: u64 = 2;
    const UNKNOWN: u64 = 4;
    const HELD: u64 = 8;
    const PURPOSES: Purposes = Purposes { granted: GRANTED, denied: DENIED, held: HELD };

    #[test]
    fn all_of_is_and_any_of_is_or_and_unmapped_is_denied() {
        for (all_of, any_of, verdict) in [
            (0, 0, Verdict::Deny),
            (GRANTED, 0, Verdict::Allow),
            (GRANTED | DENIED, 0, Verdict::Deny),
            (GRANTED | UNKNOWN, 0, Verdict::Pending),
            (DENIED | UNKNOWN, 0, Verdict::Deny),
            (0, GRANTED | DENIED, Verdict::Allow),
            (0, DENIED | UNKNOWN, Verdict::Pending),
            (0, DENIED, Verdict::Deny),
            (GRANTED, DENIED, Verdict::Deny),
            (UNKNOWN, GRANTED, Verdict::Pending),
        ] {
            let requirement = Requirement { all_of, any_of };
            assert_eq!(requirement.evaluate(PURPOSES, Model::OptIn), verdict, "{requirement:?}");
        }
    }

    #[test]
    fn unknown_passes_only_where_the_model_is_known_to_be_opt_out() {
        for (model, verdict) in [
            (Model::OptIn, Verdict::Pending),
            (Model::OptOut, Verdict::Allow),
            (Model::None, Verdict::Allow),
            (Model::Unknown, Verdict::Pending),
        ] {
            let needs = |all_of| Requirement { all_of, any_of: 0 };
            assert_eq!(needs(UNKNOWN).evaluate(PURPOSES, model), verdict, "{model:?}");
            assert_eq!(needs(DENIED).evaluate(PURPOSES, model), Verdict::Deny, "{model:?}");
            assert_eq!(needs(HELD).evaluate(PURPOSES, model), Verdict::Pending, "{model:?}");
        }
    }
}
