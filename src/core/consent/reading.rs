//! What one source says about the purposes.

use super::{ConsentConfig, Model, PurposeSet};
use crate::json;

/// What one source says. On a purpose in none of its sets it has no opinion.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    /// How silence counts for this visitor, where the platform says so.
    pub model: Option<Model>,
    /// `manual` for `consent.set`, otherwise the consent platform's name.
    pub source: String,
    /// Whether the visitor has answered here. A default is not a decision.
    pub decided: bool,
    /// What was accepted.
    pub granted: PurposeSet,
    /// What was refused.
    pub denied: PurposeSet,
    /// What it will decide and has not yet.
    pub unknown: PurposeSet,
    /// What of that nobody may go ahead with meanwhile, although silence is yes where the visitor is.
    pub held: PurposeSet,
}

impl Reading {
    /// A source without an opinion on anything yet.
    pub fn silent(source: &str) -> Self {
        Reading { source: source.to_owned(), ..Reading::default() }
    }

    /// A source that takes part but has not answered: everything it could decide is unknown.
    pub fn undecided(source: &str) -> Self {
        Reading { unknown: PurposeSet::MAX, ..Reading::silent(source) }
    }

    /// A standard of the IAB that has no answer yet, or none that was read: what it decides waits.
    pub fn waiting(source: &str, config: &ConsentConfig) -> Self {
        let unknown = config.decided_by(source);
        Reading { unknown, held: unknown, ..Reading::silent(source) }
    }

    /// What a standard of the IAB says without a string: no answer yet, or `{"decided": true, "applies": false}`, that it asks
    /// nothing of this visitor. Nothing where there is a string to read.
    pub fn of_standard(source: &str, signal: &str, config: &ConsentConfig) -> Option<Self> {
        if json::at_path(signal, "decided") != Some("true") {
            return Some(Reading::waiting(source, config));
        }
        let granted = config.decided_by(source);
        let applies = json::at_path(signal, "applies") != Some("false");
        (!applies).then(|| Reading { decided: true, granted, ..Reading::silent(source) })
    }

    /// Reads an adapter's signal: `{"decided": bool, "accepted": [category …], "rejected": [category …]}`. A purpose
    /// is granted when all its categories were accepted; in an answered banner everything else is denied. A signal
    /// that does not parse says nothing was decided; with `"held": true` nothing goes ahead meanwhile.
    pub fn from_signal(source: &str, signal: &str, config: &ConsentConfig) -> Self {
        let model = Model::from_word(&json::text(signal, "model"));
        if json::at_path(signal, "decided") != Some("true") {
            let held = if json::at_path(signal, "held") == Some("true") { PurposeSet::MAX } else { 0 };
            return Reading { held, model, ..Reading::undecided(source) };
        }
        let accepted = json::at_path(signal, "accepted").unwrap_or("");
        let mut reading = Reading { decided: true, model, ..Reading::silent(source) };
        for (at, purpose) in config.purposes.iter().enumerate() {
            if purpose.is_accepted(source, accepted) {
                reading.granted |= 1 << at;
            }
        }
        reading.denied = config.all_purposes() & !reading.granted;
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Purpose;

    fn purpose(id: &str, categories: &str) -> Purpose {
        Purpose { id: id.to_owned(), categories: categories.to_owned() }
    }

    #[test]
    fn a_purpose_needs_all_its_categories() {
        let purposes = vec![
            purpose("analytics", r#"{"klaro":["x"]}"#),
            purpose("ads", r#"{"vanilla-cookieconsent":["a","b"]}"#),
            purpose("other", r#"{"vanilla-cookieconsent":["c"]}"#),
        ];
        let config = ConsentConfig { purposes, ..ConsentConfig::default() };
        let read = |signal| Reading::from_signal("vanilla-cookieconsent", signal, &config);
        let granted = |signal| (read(signal).granted & 7, read(signal).denied & 7, read(signal).unknown);
        assert_eq!(granted(r#"{"decided":true,"accepted":["analytics","a"],"rejected":["b"]}"#), (0b001, 0b110, 0));
        assert_eq!(granted(r#"{"decided":true,"accepted":["a","b","c"]}"#), (0b110, 0b001, 0));
        for undecided in [r#"{"decided":false,"accepted":["analytics"]}"#, "", "nonsense", r#"{"decided":"true"}"#] {
            assert_eq!(granted(undecided), (0, 0, PurposeSet::MAX), "{undecided}");
        }
    }
}
