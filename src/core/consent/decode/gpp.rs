//! GPP strings: IAB Tech Lab's "Global Privacy Platform String", version 1.

use super::bits::Bits;
use super::canada::CanadaString;
use super::fault::DecodeError;
use super::ids::IdSet;
use super::ranges::fibonacci_ranges;
use super::tcf::TcString;
use super::us::{self, UsSection};
use super::usp::UsPrivacy;
use crate::text::next_piece;

/// A GPP string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GppString {
    /// The IDs of all sections.
    pub section_ids: IdSet,
    /// The sections whose ID is known here, in the order of their IDs.
    pub sections: Vec<GppSection>,
}

/// A section that is known here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GppSection {
    /// Its ID.
    pub id: u16,
    /// Its name in the client-side API.
    pub name: &'static str,
    /// What it says. One that cannot be decoded is there and not understood: it never counts as permission.
    pub content: Result<Section, DecodeError>,
}

/// What a section says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Section {
    /// `tcfeuv2`
    Tcf(TcString),
    /// `tcfcav1`
    Canada(CanadaString),
    /// `uspv1`
    Usp(UsPrivacy),
    /// `usnat` and the states.
    Us(UsSection),
}

impl GppString {
    /// Reads the header and the sections that are known here.
    ///
    /// # Errors
    /// A header that does not fit the standard or the sections behind it. A section that does not fit its own is not an error of
    /// the string.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut pieces = Some(text);
        let bits = &mut Bits::new(next_piece(&mut pieces, "~").unwrap_or(""), HEADER)?;
        bits.constant("Type", 6, 3, "must be 3")?;
        bits.constant("Version", 6, 1, "version 1 is read here")?;
        bits.name("Sections");
        let section_ids = fibonacci_ranges(bits)?;
        let miscounted = bits.fault("the header does not list as many sections as there are");
        let mut sections = Vec::new();
        for id in section_ids.iter() {
            let section = next_piece(&mut pieces, "~").ok_or(miscounted)?;
            if let Some(name) = name(id) {
                sections.push(GppSection { id, name, content: Section::decode(id, section) });
            }
        }
        match pieces {
            None => Ok(GppString { section_ids, sections }),
            Some(_) => Err(miscounted),
        }
    }

    /// What the section of this name says; nothing where the string has none, or one that cannot be decoded.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)?.content.as_ref().ok()
    }
}

const HEADER: &str = "GPP header";

impl Section {
    fn decode(id: u16, text: &str) -> Result<Self, DecodeError> {
        Ok(match id {
            2 => Section::Tcf(TcString::decode(text)?),
            5 => Section::Canada(CanadaString::decode(text)?),
            6 => Section::Usp(UsPrivacy::decode(text)?),
            _ => Section::Us(UsSection::decode(id, text)?),
        })
    }
}

/// "Section Information" lists them. Section 1, TCF version 1, is not valid any more; 3 and 4 are not for sections.
fn name(id: u16) -> Option<&'static str> {
    match id {
        2 => Some("tcfeuv2"),
        5 => Some("tcfcav1"),
        6 => Some("uspv1"),
        _ => us::name(id),
    }
}
