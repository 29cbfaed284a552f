//! What a destination or tag needs, and the verdict of the gate.

use super::{Model, PurposeState};

/// The gate's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// May see the event, may load.
    Allow,
    /// May not; what is denied is counted and forgotten.
    Deny,
    /// Not decided yet; waits in memory only.
    Pending,
}

/// Purposes that must be granted, as positions in the config's list. The default names nothing and is denied.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Requirement {
    /// All of these.
    pub all_of: Vec<usize>,
    /// At least one of these, where any are named.
    pub any_of: Vec<usize>,
}

impl Requirement {
    /// Whether it names nothing, which denies: unmapped is never allowed.
    pub fn is_empty(&self) -> bool {
        self.all_of.is_empty() && self.any_of.is_empty()
    }

    /// Every purpose it names.
    pub fn purposes(&self) -> impl Iterator<Item = usize> + '_ {
        self.all_of.iter().chain(&self.any_of).copied()
    }

    /// The verdict over the purposes' states. Any denial of an `all_of` purpose wins; unknown waits under opt-in
    /// (and where the model is not known) and passes where the model is known to be opt-out or none.
    pub fn evaluate(&self, states: &[PurposeState], model: Model) -> Verdict {
        if self.is_empty() {
            return Verdict::Deny;
        }
        let of = |purpose: &usize| match states.get(*purpose) {
            Some(PurposeState::Granted) => Verdict::Allow,
            Some(PurposeState::Denied) | None => Verdict::Deny,
            Some(PurposeState::Unknown) if model.unknown_passes() => Verdict::Allow,
            Some(PurposeState::Unknown) => Verdict::Pending,
        };
        let all = self.all_of.iter().map(of).fold(Verdict::Allow, and);
        let any = self.any_of.iter().map(of).reduce(or).unwrap_or(Verdict::Allow);
        and(all, any)
    }
}

fn and(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Verdict::Deny, _) | (_, Verdict::Deny) => Verdict::Deny,
        (Verdict::Pending, _) | (_, Verdict::Pending) => Verdict::Pending,
        _ => Verdict::Allow,
    }
}

fn or(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Verdict::Allow, _) | (_, Verdict::Allow) => Verdict::Allow,
        (Verdict::Pending, _) | (_, Verdict::Pending) => Verdict::Pending,
        _ => Verdict::Deny,
    }
}

#[cfg(test)]
mod tests {
    use super::PurposeState::*;
    use super::*;

    fn needs(all_of: &[usize], any_of: &[usize]) -> Requirement {
        Requirement { all_of: all_of.to_vec(), any_of: any_of.to_vec() }
    }

    #[test]
    fn all_of_is_and_any_of_is_or_and_unmapped_is_denied() {
        let states = [Granted, Denied, Unknown];
        for (requirement, verdict) in [
            (needs(&[], &[]), Verdict::Deny),
            (needs(&[0], &[]), Verdict::Allow),
            (needs(&[0, 1], &[]), Verdict::Deny),
            (needs(&[0, 2], &[]), Verdict::Pending),
            (needs(&[1, 2], &[]), Verdict::Deny),
            (needs(&[], &[0, 1]), Verdict::Allow),
            (needs(&[], &[1, 2]), Verdict::Pending),
            (needs(&[], &[1]), Verdict::Deny),
            (needs(&[0], &[1]), Verdict::Deny),
            (needs(&[9], &[]), Verdict::Deny),
        ] {
            assert_eq!(requirement.evaluate(&states, Model::OptIn), verdict, "{requirement:?}");
        }
    }

    #[test]
    fn unknown_passes_only_where_the_model_is_known_to_be_opt_out() {
        let requirement = needs(&[0], &[]);
        for (model, verdict) in [
            (Model::OptIn, Verdict::Pending),
            (Model::OptOut, Verdict::Allow),
            (Model::None, Verdict::Allow),
            (Model::Unknown, Verdict::Pending),
        ] {
            assert_eq!(requirement.evaluate(&[Unknown], model), verdict, "{model:?}");
            assert_eq!(requirement.evaluate(&[Denied], model), Verdict::Deny, "{model:?}");
        }
    }
}
