//! What TC, GPP and US Privacy strings say of the config's purposes and vendors.
//!
//! In the browser everything that is only reached through [`hear`] is a file of its own (`tidegate_strings_bg.wasm`), which comes with
//! the first such string: see js/scripts/build/split.mjs.

use super::decode::{Answer, Choices, GppString, Section, TcString, UsPrivacy, UsSection, Value};
use super::{Consent, ConsentConfig, PurposeSet, Reading};
use crate::json::{elements, flag, list, member, text_of, whole};
use crate::text::concat;
use crate::time::Now;

/// Europe's authorities want the question asked again after about this long: older answers are none.
const MAX_AGE_MS: u64 = 395 * 86_400_000;

/// Sections of GPP: <https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform/blob/main/Sections/Section%20Information.md>
const EUROPE: u64 = 2;
const CANADA: u64 = 5;

/// What was found so far.
struct Found<'a> {
    config: &'a ConsentConfig,
    reading: Reading,
    /// Why a string was not relied on.
    fault: Option<String>,
}

/// Takes an adapter's signal of `tcf`, `gpp` or `usp`: `{"tcf": string}`, `{"gpp": string, "applicable": [section …]}` or `{"usp": string}`
/// where it says that it is decided. `{"decided": false, "paused": true}` keeps what was answered before, and lets nothing leave meanwhile.
/// Returns whether anything changed, and what is wrong about the string, if anything.
#[inline(never)]
pub(crate) fn hear(consent: &mut Consent, source: &str, signal: &str, now: Now) -> (bool, Option<String>) {
    let pauses = flag(signal, "paused", false) && consent.has_answered(source);
    let is_new = consent.pause(source, pauses);
    if pauses {
        return (is_new, None);
    }
    let (reading, fault) = match Reading::of_standard(source, signal, &consent.config) {
        Some(reading) => (reading, None),
        None => read(source, signal, &consent.config, now),
    };
    let anew = !consent.are_strings_older;
    (consent.hear(reading, anew) || is_new, fault)
}

/// Reads the string. One that cannot be relied on grants nothing: in Europe and Canada it counts as no answer, in the US as an opt-out.
fn read(source: &str, signal: &str, config: &ConsentConfig, now: Now) -> (Reading, Option<String>) {
    let reading = Reading { decided: true, ..Reading::silent(source) };
    let mut found = Found { config, reading, fault: None };
    let text = member(signal, source).map(text_of).unwrap_or_default();
    match source {
        "tcf" => found.european(TcString::decode(&text).map_err(|error| error.message()), now),
        "gpp" => found.gpp(&text, member(signal, "applicable").unwrap_or(""), now),
        _ => found.us_privacy(UsPrivacy::decode(&text).map_err(|error| error.message())),
    }
    // No string both grants and denies; two sections may.
    found.reading.granted &= !found.reading.denied & !found.reading.unknown;
    (found.reading, found.fault)
}

impl Found<'_> {
    fn european(&mut self, decoded: Result<TcString, String>, now: Now) {
        match decoded {
            Ok(tc) => match tc.invalid() {
                Some(invalid) => self.no_answer(&concat(&["the TC string is ", invalid.message()])),
                None => self.choices(&tc.choices, tc.head.last_updated, now),
            },
            Err(message) => self.no_answer(&message),
        }
    }

    fn choices(&mut self, choices: &Choices, last_updated: u64, now: Now) {
        if last_updated.saturating_add(MAX_AGE_MS) < now.wall {
            return self.no_answer("the answer is older than 13 months");
        }
        for (at, purpose) in self.config.purposes.iter().enumerate() {
            let tcf = member(&purpose.categories, "tcf").unwrap_or("");
            let all = |key, set: super::decode::SmallSet| {
                list(tcf, key).all(|raw| whole(raw).is_some_and(|id| u16::try_from(id).is_ok_and(|id| set.contains(id))))
            };
            if names_any(tcf) {
                let granted = all("purposes", choices.purpose_consents) && all("specialFeatures", choices.special_features);
                self.put(1 << at, granted);
            }
        }
        for (at, vendor) in self.config.vendors.iter().enumerate() {
            self.put(self.config.vendor_set(at), vendor.is_allowed(choices));
        }
    }

    fn gpp(&mut self, text: &str, applicable: &str, now: Now) {
        let gpp = match GppString::decode(text) {
            Ok(gpp) => gpp,
            Err(error) => {
                self.reading.denied |= self.config.opt_out;
                return self.no_answer(&error.message());
            }
        };
        // Minus one says that none applies; no number, or zero, that it is not known which one does.
        let known = |raw: &str| whole(raw) != Some(0);
        if elements(applicable).next().is_none() || !elements(applicable).all(known) {
            return self.unknown_section();
        }
        for id in elements(applicable).filter_map(whole) {
            let section = gpp.sections.iter().find(|section| u64::from(section.id) == id).map(|section| &section.content);
            match section {
                Some(Ok(Section::Tcf(tc))) => self.european(Ok(tc.clone()), now),
                Some(Ok(Section::Canada(canada))) => self.choices(&canada.choices, canada.head.last_updated, now),
                Some(Ok(Section::Usp(usp))) => self.us_privacy(Ok(*usp)),
                Some(Ok(Section::Us(us))) => self.opt_outs(us),
                other => {
                    let message = match other {
                        Some(Err(error)) => error.message(),
                        _ => concat(&["section ", &crate::json::digits(id), " applies and is not there, or is not known"]),
                    };
                    if id == EUROPE || id == CANADA {
                        self.no_answer(&message);
                    } else {
                        self.reading.denied |= self.config.opt_out;
                        self.fault = Some(message);
                    }
                }
            }
        }
    }

    fn us_privacy(&mut self, decoded: Result<UsPrivacy, String>) {
        match decoded {
            Ok(UsPrivacy { opt_out_sale: Answer::Yes, .. }) => self.reading.denied |= self.config.opt_out,
            Ok(_) => {}
            Err(message) => {
                self.reading.denied |= self.config.opt_out;
                self.fault = Some(message);
            }
        }
    }

    /// What a section of the US denies. Where it contradicts itself, or is about a child, it denies.
    fn opt_outs(&mut self, section: &UsSection) {
        let is_suspect = section.get("Gpc") == Some(&Value::Flag(true))
            || section.number("MspaServiceProviderMode") == Some(1)
            || section.number("MspaCoveredTransaction") == Some(0)
            || section.fields.iter().any(|(name, value)| name.starts_with("KnownChild") && !is_zero(value));
        let opts_out = |name: &str| {
            let [answer, notice] = ["OptOut", "OptOutNotice"].map(|end| section.number(&concat(&[name, end])));
            answer == Some(1) || notice == Some(2) || answer == Some(2) && notice == Some(0)
        };
        let [sale, sharing, targeted] = ["Sale", "Sharing", "TargetedAdvertising"].map(opts_out);
        // Sharing is for advertising across contexts, which is what is targeted.
        for (word, is_denied) in [("sale", sale), ("sharing", sharing), ("targeted", targeted || sharing)] {
            if is_denied || is_suspect {
                for (at, purpose) in self.config.purposes.iter().enumerate() {
                    if list(&purpose.categories, "gpp").any(|raw| text_of(raw) == word) {
                        self.reading.denied |= 1 << at;
                    }
                }
            }
        }
    }

    fn put(&mut self, set: PurposeSet, granted: bool) {
        if granted {
            self.reading.granted |= set;
        } else {
            self.reading.denied |= set;
        }
    }

    /// What GPP decides waits until it says which section applies.
    fn unknown_section(&mut self) {
        self.reading = Reading::waiting("gpp", self.config);
        self.fault = Some("GPP does not say which section applies".to_owned());
    }

    /// A string that cannot be relied on: what it would decide waits.
    fn no_answer(&mut self, why: &str) {
        self.reading.decided = false;
        self.reading.unknown |= self.config.decided_by("tcf");
        self.reading.held |= self.reading.unknown;
        self.fault = Some(why.to_owned());
    }
}

/// Whether a purpose says what stands for it in the framework.
pub(super) fn names_any(tcf: &str) -> bool {
    list(tcf, "purposes").chain(list(tcf, "specialFeatures")).next().is_some()
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Number(number) => *number == 0,
        Value::List(list) => list.iter().all(|number| *number == 0),
        Value::Flag(flag) => !flag,
    }
}
