//! The sections of US states and of the US as a whole, as a table: GPP's section specifications, one a state.

use super::bits::Bits;
use super::fault::DecodeError;
use super::tcf::CORE;
use crate::json::whole;
use crate::text::{cut, next_piece};

/// A section: its fields by the names of its specification.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UsSection {
    /// In the order of the specification.
    pub fields: Vec<(&'static str, Value)>,
}

/// The value of a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A version or an answer; among answers 0 is not applicable, 1 yes or opted out, 2 no or not opted out.
    Number(u8),
    /// An answer for each category of data, the first of them first.
    List(Vec<u8>),
    /// A Boolean.
    Flag(bool),
}

impl UsSection {
    /// The value of a field; nothing where the section does not have it.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// A field with one answer, or a version.
    pub fn number(&self, field: &str) -> Option<u8> {
        match self.get(field)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Reads a section by its ID.
    ///
    /// # Errors
    /// What does not fit the standard, and where.
    pub(super) fn decode(id: u16, text: &str) -> Result<Self, DecodeError> {
        let (mut section, mut segments) = (UsSection::default(), Some(text));
        let has_header = id >= FIRST_WITH_HEADER;
        let first =
            &mut Bits::new(next_piece(&mut segments, ".").unwrap_or(""), if has_header { "section header" } else { CORE })?;
        if has_header {
            // Its list of sub-sections is passed over: the core's ID in it is 0, which Fibonacci coding cannot write, so encoders do
            // not agree on it. Some omit the header, which shows in the section ID.
            first.constant("SectionID", 6, id, "the section's header is missing")?;
            section.fields.push(("SectionID", Value::Number(id as u8)));
        }
        let version = first.int("Version", 6)?;
        let layout = LAYOUTS.iter().find(|layout| (layout.0, layout.2) == (id, version));
        let fields = layout.ok_or(first.fault("this version of the section is not known"))?.3;
        section.fields.push(("Version", Value::Number(version as u8)));
        if has_header {
            let core = &mut Bits::new(next_piece(&mut segments, ".").unwrap_or(""), CORE)?;
            section.read(core, "MspaVersion:6 MspaCoveredTransaction MspaMode")?;
            section.read(core, fields)?;
        } else {
            section.read(first, fields)?;
            section.read(first, MSPA)?;
        }
        while let Some(segment) = next_piece(&mut segments, ".") {
            let bits = &mut Bits::new(segment, "optional segment")?;
            let is_typed = id < FIRST_WITHOUT_TYPE;
            if is_typed {
                bits.clone().constant("GpcSegmentType", 2, 1, "the type of this segment is not known")?;
            }
            if section.get(if is_typed { "Gpc" } else { "SensitiveDataProcessing" }).is_some() {
                return Err(bits.fault("a second segment of one type"));
            }
            section.read(bits, if is_typed { GPC } else { SENSITIVE })?;
        }
        Ok(section)
    }

    /// Reads fields as a layout lists them: `Name` is `Int(2)`, `Name:6` is `Int(6)`, `Name*9` is `N-Bitfield(2,9)` and `Name?`
    /// a Boolean.
    fn read(&mut self, bits: &mut Bits, layout: &'static str) -> Result<(), DecodeError> {
        let mut rest = Some(layout);
        while let Some(field) = next_piece(&mut rest, " ") {
            let number = |digits| whole(digits).unwrap_or(0) as usize;
            let (name, value) = if let Some((name, count)) = cut(field, "*") {
                let answers = (0..number(count)).map(|_| Ok(bits.int(name, 2)? as u8));
                (name, Value::List(answers.collect::<Result<_, DecodeError>>()?))
            } else if let Some((name, width)) = cut(field, ":") {
                (name, Value::Number(bits.int(name, number(width))? as u8))
            } else if let Some((name, _)) = cut(field, "?") {
                (name, Value::Flag(bits.flag(name)?))
            } else {
                (field, Value::Number(bits.int(field, 2)? as u8))
            };
            self.fields.push((name, value));
        }
        Ok(())
    }
}

/// The name by which the client-side API knows a section of this table.
pub(super) fn name(id: u16) -> Option<&'static str> {
    LAYOUTS.iter().find(|layout| layout.0 == id).map(|layout| layout.1)
}

/// From Maryland on sections have a header, and the fields of the MSPA come first.
const FIRST_WITH_HEADER: u16 = 24;
/// From Indiana on the optional segment holds answers about sensitive data, and no type.
const FIRST_WITHOUT_TYPE: u16 = 25;

/// The end of each core segment before Maryland's.
const MSPA: &str = "MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode";
/// Global Privacy Control. It may be appended where a state's specification does not list it, and counts there too.
const GPC: &str = "GpcSegmentType Gpc?";
const SENSITIVE: &str = "SensitiveDataProcessing*8";

/// Section ID, name, version, and the fields that differ.
#[rustfmt::skip]
const LAYOUTS: [(u16, &str, u16, &str); 22] = [
    (7, "usnat", 1, "SharingNotice SaleOptOutNotice SharingOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice \
        SensitiveDataLimitUseNotice SaleOptOut SharingOptOut TargetedAdvertisingOptOut SensitiveDataProcessing*12 \
        KnownChildSensitiveDataConsents*2 PersonalDataConsents"),
    (7, "usnat", 2, "SharingNotice SaleOptOutNotice SharingOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice \
        SensitiveDataLimitUseNotice SaleOptOut SharingOptOut TargetedAdvertisingOptOut SensitiveDataProcessing*16 \
        KnownChildSensitiveDataConsents*3 PersonalDataConsents"),
    (8, "usca", 1, "SaleOptOutNotice SharingOptOutNotice SensitiveDataLimitUseNotice SaleOptOut SharingOptOut SensitiveDataProcessing*9 \
        KnownChildSensitiveDataConsents*2 PersonalDataConsents"),
    (9, "usva", 1, "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"),
    (10, "usco", 1, "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*7 KnownChildSensitiveDataConsents"),
    (11, "usut", 1, "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice SaleOptOut \
        TargetedAdvertisingOptOut SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"),
    (12, "usct", 1, "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3"),
    (13, "usfl", 1, STATE_8_3),
    (14, "usmt", 1, "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3 AdditionalDataProcessingConsent"),
    (15, "usor", 1, "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*11 KnownChildSensitiveDataConsents*3 AdditionalDataProcessingConsent"),
    (16, "ustx", 1, STATE_8_1),
    (17, "usde", 1, "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*9 KnownChildSensitiveDataConsents*5 AdditionalDataProcessingConsent"),
    (18, "usia", 1, "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataOptOutNotice SaleOptOut \
        TargetedAdvertisingOptOut SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"),
    (19, "usne", 1, STATE_8_1),
    (20, "usnh", 1, STATE_8_3),
    (21, "usnj", 1, "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        SensitiveDataProcessing*10 KnownChildSensitiveDataConsents*5 AdditionalDataProcessingConsent"),
    (22, "ustn", 1, STATE_8_1),
    (23, "usmn", 1, STATE_8_1),
    (24, "usmd", 1, "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
        AdditionalDataProcessingConsent"),
    (25, "usin", 1, STATE_WITH_HEADER),
    (26, "usky", 1, STATE_WITH_HEADER),
    (27, "usri", 1, STATE_WITH_HEADER),
];

const STATE_8_1: &str = "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
    SensitiveDataProcessing*8 KnownChildSensitiveDataConsents AdditionalDataProcessingConsent";
const STATE_8_3: &str = "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut \
    SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3 AdditionalDataProcessingConsent";
const STATE_WITH_HEADER: &str = "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut \
    TargetedAdvertisingOptOut KnownChildSensitiveDataConsents AdditionalDataProcessingConsent";
