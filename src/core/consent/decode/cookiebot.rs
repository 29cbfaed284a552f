//! The cookie `CookieConsent` of Cookiebot: an object literal, not JSON. Source: Cookiebot's developer documentation and cookies
//! in the field.

use super::cookie::{flag, percent_decoded};
use super::fault::{DecodeError, Place};
use crate::json::whole;
use crate::text::cut;

/// What a `CookieConsent` cookie says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CookieConsent {
    /// The key of the consent; `-1` where nobody was asked.
    pub stamp: String,
    /// Necessary cookies.
    pub necessary: bool,
    /// Cookies for preferences.
    pub preferences: bool,
    /// Cookies for statistics.
    pub statistics: bool,
    /// Cookies for marketing.
    pub marketing: bool,
    /// `explicit` where the visitor decided, `implied` where not; empty in old cookies.
    pub method: String,
    /// The version of the consent.
    pub ver: Option<u64>,
    /// When it was given, in milliseconds since the Unix epoch.
    pub utc: Option<u64>,
    /// The visitor's country.
    pub region: String,
    /// The TC string, where the site uses TCF.
    pub iab2: String,
}

impl CookieConsent {
    /// Reads the cookie's value.
    ///
    /// # Errors
    /// It is not an object literal of plain values, or lacks one of the four categories.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let text = percent_decoded(text);
        let fault = |field, at, problem| DecodeError { segment: COOKIE, field, place: Place::Byte(at), problem };
        let inside = text.trim_ascii().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let mut rest = inside.ok_or(fault("", 0, "must be an object in braces"))?;
        let mut cookie = CookieConsent::default();
        let mut categories = [("necessary", None), ("preferences", None), ("statistics", None), ("marketing", None)];
        while !rest.is_empty() {
            let at = text.len().saturating_sub(rest.len() + 1);
            let (key, behind) = cut(rest, ":").ok_or(fault("", at, "a name without a value"))?;
            let behind = behind.trim_ascii_start();
            let quote = behind.get(..1).filter(|first| matches!(*first, "'" | "\""));
            let (value, behind) = match quote {
                None => cut(behind, ",").map_or((behind, ""), |(value, behind)| (value, behind)),
                Some(quote) => {
                    let (value, behind) =
                        cut(behind.get(1..).unwrap_or(""), quote).ok_or(fault("", at, "a quote without its end"))?;
                    match behind.strip_prefix(',') {
                        None if !behind.is_empty() => return Err(fault("", at, "a comma is missing behind this value")),
                        next => (value, next.unwrap_or("")),
                    }
                }
            };
            rest = behind;
            let key = key.trim_ascii().trim_matches(['\'', '"']);
            if let Some((name, known)) = categories.iter_mut().find(|(name, _)| *name == key) {
                let given = flag(value.trim_ascii()).ok_or(fault(name, at, "must be true or false"))?;
                *known = Some(known.unwrap_or(true) && given);
            }
            match key {
                "stamp" => cookie.stamp = value.to_owned(),
                "method" => cookie.method = value.to_owned(),
                "ver" => cookie.ver = whole(value.trim_ascii()),
                "utc" => cookie.utc = whole(value.trim_ascii()),
                "region" => cookie.region = value.to_owned(),
                "iab2" => cookie.iab2 = value.to_owned(),
                _ => {}
            }
        }
        let given = categories.map(|(name, known)| known.ok_or(fault(name, text.len(), "is missing")));
        let [necessary, preferences, statistics, marketing] = given;
        (cookie.necessary, cookie.preferences) = (necessary?, preferences?);
        (cookie.statistics, cookie.marketing) = (statistics?, marketing?);
        Ok(cookie)
    }

    /// Whether the visitor decided. Without that the categories are what the site assumes.
    pub fn is_explicit(&self) -> bool {
        self.method == "explicit" && self.stamp != "-1"
    }
}

const COOKIE: &str = "CookieConsent";
