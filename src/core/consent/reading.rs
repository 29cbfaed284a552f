//! What one source says about the purposes.

use super::{Purpose, PurposeState};
use crate::json;

/// What one source says: `None` where it has no opinion on a purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// `manual` for `consent.set`, otherwise the consent platform's name.
    pub source: String,
    /// Whether the visitor has answered here. A default is not a decision.
    pub decided: bool,
    /// In the order of the config's purposes.
    pub states: Vec<Option<PurposeState>>,
}

impl Reading {
    /// A source that takes part but has not answered: everything it could decide is unknown.
    pub fn undecided(source: &str, purposes: &[Purpose]) -> Self {
        Reading { source: source.to_owned(), decided: false, states: vec![Some(PurposeState::Unknown); purposes.len()] }
    }

    /// A source without an opinion on anything yet.
    pub fn silent(source: &str, purposes: &[Purpose]) -> Self {
        Reading { source: source.to_owned(), decided: false, states: vec![None; purposes.len()] }
    }

    /// Reads an adapter's signal: `{"decided": bool, "accepted": [category …], "rejected": [category …]}`. A purpose
    /// is granted when all its categories were accepted; in an answered banner everything else is denied. A signal
    /// that does not parse says nothing was decided.
    pub fn from_signal(source: &str, signal: &str, purposes: &[Purpose]) -> Self {
        if json::at_path(signal, "decided") != Some("true") {
            return Reading::undecided(source, purposes);
        }
        let accepted: Vec<_> =
            json::at_path(signal, "accepted").map_or(Vec::new(), |raw| json::elements(raw).map(json::text_of).collect());
        let state = |purpose: &Purpose| {
            let categories = purpose.categories_of(source);
            let granted = !categories.is_empty() && categories.iter().all(|category| accepted.iter().any(|a| a == category));
            Some(if granted { PurposeState::Granted } else { PurposeState::Denied })
        };
        Reading { source: source.to_owned(), decided: true, states: purposes.iter().map(state).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(id: &str, categories: &[&str]) -> Purpose {
        let categories = match categories {
            [] => Vec::new(),
            some => vec![("vanilla-cookieconsent".to_owned(), some.iter().map(|c| (*c).to_owned()).collect())],
        };
        Purpose { id: id.to_owned(), categories, ..Purpose::default() }
    }

    #[test]
    fn a_purpose_needs_all_its_categories() {
        let purposes = [purpose("analytics", &[]), purpose("ads", &["a", "b"]), purpose("other", &["c"])];
        let read = |signal| Reading::from_signal("vanilla-cookieconsent", signal, &purposes).states;
        let (granted, denied, unknown) = (Some(PurposeState::Granted), Some(PurposeState::Denied), Some(PurposeState::Unknown));
        assert_eq!(read(r#"{"decided":true,"accepted":["analytics","a"],"rejected":["b"]}"#), [granted, denied, denied]);
        assert_eq!(read(r#"{"decided":true,"accepted":["a","b","c"]}"#), [denied, granted, granted]);
        for undecided in [r#"{"decided":false,"accepted":["analytics"]}"#, "", "nonsense", r#"{"decided":"true"}"#] {
            assert_eq!(read(undecided), [unknown, unknown, unknown], "{undecided}");
        }
    }
}
