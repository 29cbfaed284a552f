//! What consent platforms say: who is listened to, and what of it waits for the part of the core that reads strings.

use super::{Consent, MANUAL, OTHER_TAB};
use crate::consent::{PurposeSet, Reading, Sources, strings};
use crate::json;
use crate::text::concat;
use crate::time::Now;

/// Standards of the IAB, whose platforms say it in strings.
const STANDARDS: [&str; 3] = ["tcf", "gpp", "usp"];
const MIRROR: &str = "google-consent-mode";
const SOURCEPOINT: &str = "sourcepoint";

impl Consent {
    /// Takes a consent platform's signal. Returns whether anything changed, and what is wrong about a string in it. Platforms the
    /// config does not name are not listened to.
    pub fn signal(&mut self, source: &str, signal: &str, now: Now) -> (bool, Option<String>) {
        let is_standard = STANDARDS.contains(&source);
        let heard = match &self.config.sources {
            // What decides nothing of this config keeps nothing waiting.
            Sources::Auto if is_standard => self.config.decided_by(source) != 0,
            // It mirrors what another platform said, which may even be this SDK: without a mapping it has no say of its own.
            Sources::Auto if source == MIRROR => self.maps(source),
            Sources::Auto => true,
            Sources::Manual => false,
            Sources::Listed(names) => json::elements(names).any(|name| json::text_of(name) == source),
        };
        if !heard || source == MANUAL || source == OTHER_TAB {
            return (false, None);
        }
        if self.has_sourcepoint_by_strings() {
            if is_standard {
                if json::at_path(signal, "decided") == Some("true") {
                    self.take_out(SOURCEPOINT);
                }
            } else if source == SOURCEPOINT {
                return (self.wait_for_strings(), None);
            }
        }
        if is_standard && self.reads_strings {
            return strings::hear(self, source, signal, now);
        }
        let reading =
            if is_standard { self.standard(source, signal) } else { Reading::from_signal(source, signal, &self.config) };
        (self.hear(reading, true), None)
    }

    /// Takes what a source says. Returns whether anything changed. `anew`: since another tab denied.
    pub(in crate::consent) fn hear(&mut self, reading: Reading, anew: bool) -> bool {
        let before = self.readings.iter().find(|known| known.source == reading.source).map_or(0, |known| known.granted);
        if anew {
            self.overrule(reading.granted & !before);
        }
        self.put(reading);
        self.settle()
    }

    /// Notes whether a standard asks not to act on its answer for the moment. Returns whether that is new.
    pub(in crate::consent) fn pause(&mut self, source: &str, pauses: bool) -> bool {
        let bit = STANDARDS.iter().position(|standard| *standard == source).map_or(0, |at| 1 << at);
        let before = self.paused;
        self.paused = if pauses { before | bit } else { before & !bit };
        self.paused != before
    }

    /// Whether a platform asks not to act on its answer for the moment (`{"decided": false, "paused": true}`): nothing leaves, and
    /// nothing is lost. The purposes are what they were.
    pub fn is_paused(&self) -> bool {
        self.paused != 0
    }

    /// Whether this source has answered, or denies something for want of an answer.
    pub(in crate::consent) fn has_answered(&self, source: &str) -> bool {
        self.readings.iter().any(|reading| reading.source == source && (reading.decided || reading.denied != 0))
    }

    /// Whether there are strings that nothing here can read yet.
    pub fn wants_strings(&self) -> bool {
        !self.reads_strings && !self.strings.is_empty()
    }

    /// What reads them came. Returns the signals to take once more, each behind its source and a space.
    pub(crate) fn read_strings(&mut self) -> Vec<String> {
        self.reads_strings = true;
        std::mem::take(&mut self.strings)
    }

    /// All of them were taken once more.
    pub(crate) fn strings_are_read(&mut self) {
        self.are_strings_older = false;
    }

    /// What a standard of the IAB says while nothing here can read its strings.
    fn standard(&mut self, source: &str, signal: &str) -> Reading {
        self.strings.retain(|known| !known.starts_with(source));
        Reading::of_standard(source, signal, &self.config).unwrap_or_else(|| {
            self.strings.push(concat(&[source, " ", signal]));
            Reading::waiting(source, &self.config)
        })
    }

    fn maps(&self, source: &str) -> bool {
        self.config.purposes.iter().any(|purpose| purpose.maps(source))
    }

    /// Whether Sourcepoint's strings speak for it: the config maps those alone, and its own names are numbers.
    fn has_sourcepoint_by_strings(&self) -> bool {
        self.config.sources == Sources::Auto
            && !self.maps(SOURCEPOINT)
            && STANDARDS.iter().any(|standard| self.config.decided_by(standard) != 0)
    }

    /// Its own record is there: until it says a string, everything waits.
    fn wait_for_strings(&mut self) -> bool {
        let is_said = self.readings.iter().any(|reading| reading.decided && STANDARDS.contains(&&*reading.source));
        !is_said && self.hear(Reading { held: PurposeSet::MAX, ..Reading::undecided(SOURCEPOINT) }, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{ConsentConfig, Model, Purpose};
    use std::rc::Rc;

    #[test]
    fn google_consent_mode_has_a_say_only_where_the_config_maps_or_names_it() {
        let mapped = r#"{"google-consent-mode":["ad_storage"]}"#;
        let listed = || Sources::Listed(r#"["google-consent-mode"]"#.to_owned());
        for (sources, categories, heard) in [(Sources::Auto, "{}", false), (Sources::Auto, mapped, true), (listed(), "{}", true)]
        {
            let purposes = vec![Purpose { id: "ads".to_owned(), categories: categories.to_owned() }];
            let mut consent =
                Consent::new(Rc::new(ConsentConfig { sources, purposes, ..ConsentConfig::default() }), None, false, "");
            consent.signal(MIRROR, r#"{"decided":true,"accepted":["ad_storage"]}"#, Now { wall: 0, mono: 0 });
            assert_eq!(consent.readings.iter().any(|reading| reading.decided), heard, "{categories}");
        }
    }

    #[test]
    fn sourcepoint_s_own_record_makes_wait_where_the_config_maps_its_strings_alone_until_it_says_one() {
        let tcf = r#"{"tcf":{"purposes":[1]}}"#;
        let both = r#"{"tcf":{"purposes":[1]},"sourcepoint":["5f"]}"#;
        for (categories, decides) in [("{}", true), (tcf, false), (both, true)] {
            let purposes = vec![Purpose { id: "ads".to_owned(), categories: categories.to_owned() }];
            let config = ConsentConfig { purposes, model: Some(Model::OptOut), ..ConsentConfig::default() };
            let mut consent = Consent::new(Rc::new(config), None, false, "");
            let now = Now { wall: 0, mono: 0 };
            let sources = |consent: &Consent| consent.readings.iter().map(|reading| reading.source.clone()).collect::<Vec<_>>();
            consent.signal(SOURCEPOINT, r#"{"decided":true,"accepted":[]}"#, now);
            assert_eq!((sources(&consent), consent.readings[0].decided), (vec![SOURCEPOINT.to_owned()], decides), "{categories}");
            assert_eq!(consent.purposes.held != 0, !decides);
            for (said, ends) in [(r#"{"decided":false}"#, false), (r#"{"decided":true,"applies":false}"#, true)] {
                consent.signal("tcf", said, now);
                consent.signal(SOURCEPOINT, r#"{"decided":true,"accepted":[]}"#, now);
                assert_eq!(sources(&consent).contains(&SOURCEPOINT.to_owned()), decides || !ends, "{categories} {said}");
            }
        }
    }
}
