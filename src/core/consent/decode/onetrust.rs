//! The cookie `OptanonConsent` of OneTrust and CookiePro: a query string. Source: OneTrust's developer documentation and cookies
//! in the field.

use super::cookie::{flag, percent_decoded};
use super::fault::{DecodeError, Place};
use crate::json::whole;
use crate::text::{contains, cut, next_piece};

/// What an `OptanonConsent` cookie says. Its groups are there before any choice: whether the visitor made one is told by
/// [`Self::interaction_count`] and by another cookie, `OptanonAlertBoxClosed`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OptanonConsent {
    /// The groups, `C0001` and the like, and whether each is on.
    pub groups: Vec<(String, bool)>,
    /// Whether Global Privacy Control was on.
    pub is_gpc_enabled: Option<bool>,
    /// How often the visitor used the banner or the preferences.
    pub interaction_count: Option<u64>,
    /// Whether the visitor is to be asked again.
    pub awaiting_reconsent: Option<bool>,
    /// The version of OneTrust's script.
    pub version: String,
    /// When the cookie was written, as the browser words it.
    pub datestamp: String,
}

/// OneTrust sites have some dozens of groups.
const MAX_GROUPS: usize = 500;

impl OptanonConsent {
    /// Reads the cookie's value. A group that is listed twice is on where each of its values says so.
    ///
    /// # Errors
    /// There are no groups, more than 500, or one without a value.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let whole_encoded = percent_decoded(text);
        let text = if contains(text, "=") { text } else { &*whole_encoded };
        let mut cookie = OptanonConsent::default();
        let (mut rest, mut has_groups) = (Some(text), false);
        loop {
            let place = Place::Byte(text.len() - rest.map_or(0, str::len));
            let Some(pair) = next_piece(&mut rest, "&") else { break };
            let Some((key, value)) = cut(pair, "=") else { continue };
            let value = percent_decoded(&value.replace('+', " "));
            match key {
                "groups" => {
                    has_groups = true;
                    cookie.read_groups(&value).map_err(|problem| DecodeError {
                        segment: COOKIE,
                        field: "groups",
                        place,
                        problem,
                    })?;
                }
                "isGpcEnabled" => cookie.is_gpc_enabled = flag(&value),
                "interactionCount" => cookie.interaction_count = whole(&value),
                "AwaitingReconsent" => cookie.awaiting_reconsent = flag(&value),
                "version" => cookie.version = value,
                "datestamp" => cookie.datestamp = value,
                _ => {}
            }
        }
        match has_groups {
            true => Ok(cookie),
            false => Err(DecodeError { segment: COOKIE, field: "groups", place: Place::Byte(text.len()), problem: "is missing" }),
        }
    }

    fn read_groups(&mut self, text: &str) -> Result<(), &'static str> {
        let mut rest = Some(text).filter(|text| !text.is_empty());
        while let Some(group) = next_piece(&mut rest, ",") {
            let (id, value) = cut(group, ":").ok_or("a group without a value")?;
            let is_on = value == "1";
            let count = self.groups.len();
            match self.groups.iter_mut().find(|(known, _)| known == id) {
                Some((_, was_on)) => *was_on &= is_on,
                None if count == MAX_GROUPS => return Err("more than 500 groups"),
                None => self.groups.push((id.to_owned(), is_on)),
            }
        }
        Ok(())
    }
}

const COOKIE: &str = "OptanonConsent";
