//! The sections of US states and of the US as a whole, as a table: GPP's section specifications, one a state.

use super::bits::Bits;
use super::fault::DecodeError;
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
        let mut segments = Some(text);
        let mut section = UsSection::default();
        let first = &mut Bits::new(next_piece(&mut segments, ".").unwrap_or(""), "first segment")?;
        if id < FIRST_WITH_HEADER {
            let version = first.clone().int("Version", 6)?;
            let Some(layout) = LAYOUTS.iter().find(|layout| (layout.0, layout.2) == (id, version)) else {
                first.name("Version");
                return Err(first.fault("this version of the section is not known"));
            };
            section.read(first, "Version:6")?;
            section.read(first, layout.3)?;
            section.read(first, MSPA)?;
        } else {
            section.read_header(id, first)?;
            let core = &mut Bits::new(next_piece(&mut segments, ".").unwrap_or(""), "core segment")?;
            let Some(layout) = LAYOUTS.iter().find(|layout| layout.0 == id) else { return Err(core.fault("not known")) };
            section.read(core, "MspaVersion:6 MspaCoveredTransaction MspaMode")?;
            section.read(core, layout.3)?;
        }
        while let Some(segment) = next_piece(&mut segments, ".") {
            let bits = &mut Bits::new(segment, "optional segment")?;
            let field = if id < FIRST_WITHOUT_TYPE { "GpcSegmentType" } else { SENSITIVE };
            if section.get(field).is_some() {
                return Err(bits.fault("a second segment of this type"));
            }
            match id {
                FIRST_WITHOUT_TYPE.. => section.read(bits, SENSITIVE)?,
                _ if bits.clone().int(field, 2)? == 1 => section.read(bits, GPC)?,
                _ => return Err(bits.fault("the type of this segment is not known")),
            }
        }
        Ok(section)
    }

    /// The header of the sections since October 2025. Its list of sub-sections is passed over: the core's ID in it is 0, which
    /// Fibonacci coding cannot write, so encoders do not agree. One that omits the header is told by the section ID.
    fn read_header(&mut self, id: u16, bits: &mut Bits) -> Result<(), DecodeError> {
        if bits.clone().int("SectionID", 6)? != id {
            bits.name("SectionID");
            return Err(bits.fault("the section's header is missing"));
        }
        self.read(bits, "SectionID:6")?;
        if bits.clone().int("Version", 6)? != 1 {
            bits.name("Version");
            return Err(bits.fault("this version of the section is not known"));
        }
        self.read(bits, "Version:6")
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
