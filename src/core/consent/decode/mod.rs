//! Decoding consent strings and cookies, without their consent platform's script.
//!
//! Every decoder takes any text, in time and memory in proportion to it, and either says what the string says or what is wrong
//! where. What a string permits is judged elsewhere.

mod bits;
mod canada;
mod cookie;
mod cookiebot;
mod fault;
mod gpp;
mod ids;
mod onetrust;
mod print;
mod ranges;
mod tcf;
mod us;
mod usp;
#[cfg(test)]
#[path = "../../../../tests/core/support/writer.rs"]
mod writer;

pub use canada::CanadaString;
pub use cookiebot::CookieConsent;
pub use fault::{DecodeError, Place};
pub use gpp::{GppSection, GppString, Section};
pub use ids::{IdSet, SmallSet};
pub use onetrust::OptanonConsent;
pub use print::push_decoded;
pub use tcf::{Choices, Head, Invalid, PublisherPurposes, Restriction, TcString};
pub use us::{UsSection, Value};
pub use usp::{Answer, UsPrivacy};

use crate::text::contains;

/// A string of any format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decoded {
    /// A TC string.
    Tcf(TcString),
    /// A GPP string.
    Gpp(GppString),
    /// A US Privacy string.
    Usp(UsPrivacy),
    /// OneTrust's cookie.
    OneTrust(OptanonConsent),
    /// Cookiebot's cookie.
    Cookiebot(CookieConsent),
}

impl Decoded {
    /// Tells the format and decodes. Cookies may come with their name and `=` before the value; space around is ignored.
    ///
    /// A TC string begins with C and a GPP string with D: GPP's "Section Information".
    ///
    /// # Errors
    /// The text is of no format known here, or not as its format wants it.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let text = text.trim_ascii();
        if let Some(value) = text.strip_prefix("OptanonConsent=") {
            return Ok(Decoded::OneTrust(OptanonConsent::decode(value)?));
        }
        if let Some(value) = text.strip_prefix("CookieConsent=") {
            return Ok(Decoded::Cookiebot(CookieConsent::decode(value)?));
        }
        Ok(match text.as_bytes().first() {
            Some(b'{') => Decoded::Cookiebot(CookieConsent::decode(text)?),
            _ if text.starts_with("%7B") || text.starts_with("%7b") => Decoded::Cookiebot(CookieConsent::decode(text)?),
            _ if contains(text, "groups=") || contains(text, "groups%3D") => Decoded::OneTrust(OptanonConsent::decode(text)?),
            // A TC string of version 1 begins with B.
            Some(b'B' | b'C') => Decoded::Tcf(TcString::decode(text)?),
            Some(b'D') => Decoded::Gpp(GppString::decode(text)?),
            Some(b'0'..=b'9') => Decoded::Usp(UsPrivacy::decode(text)?),
            _ => {
                let problem = "is no TC, GPP or US Privacy string, and no OptanonConsent or CookieConsent cookie";
                return Err(DecodeError { segment: "this", field: "", place: Place::Byte(0), problem });
            }
        })
    }

    /// The format's name.
    pub fn format(&self) -> &'static str {
        match self {
            Decoded::Tcf(_) => "tcf",
            Decoded::Gpp(_) => "gpp",
            Decoded::Usp(_) => "usp",
            Decoded::OneTrust(_) => "onetrust",
            Decoded::Cookiebot(_) => "cookiebot",
        }
    }
}
