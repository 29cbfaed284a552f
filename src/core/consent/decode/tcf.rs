//! TC strings: IAB Europe's "Consent string and vendor list formats v2" (2.0 to 2.3).

use super::bits::Bits;
use super::fault::DecodeError;
use super::ids::{IdSet, SmallSet};
use super::ranges::{Coding, int_ranges, vendors};
use crate::text::next_piece;

/// A TC string of version 2.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TcString {
    /// Who wrote it, and when.
    pub head: Head,
    /// Whether it applies to this site or group of sites only; a string without it is invalid.
    pub is_service_specific: bool,
    /// Whether the texts shown were not the standard's.
    pub use_non_standard_texts: bool,
    /// Whether purpose 1 was not disclosed.
    pub purpose_one_treatment: bool,
    /// The country whose law is referred to: two letters.
    pub publisher_country_code: [u8; 2],
    /// What was decided.
    pub choices: Choices,
}

/// What TC strings of Europe and Canada begin with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The version of the encoding.
    pub version: u8,
    /// When it was first written, in milliseconds since the Unix epoch.
    pub created: u64,
    /// When it was last changed, in milliseconds since the Unix epoch.
    pub last_updated: u64,
    /// The consent platform that wrote it.
    pub cmp_id: u16,
    /// That platform's version.
    pub cmp_version: u16,
    /// The screen of the platform on which the decision was made.
    pub consent_screen: u8,
    /// The language of that screen: two letters.
    pub consent_language: [u8; 2],
    /// The version of the Global Vendor List.
    pub vendor_list_version: u16,
    /// The version of the framework's policies.
    pub policy_version: u8,
}

/// What was decided. In Canada consent reads as express consent, legitimate interest as implied consent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choices {
    /// Special features the visitor opted in to.
    pub special_features: SmallSet,
    /// Purposes with consent.
    pub purpose_consents: SmallSet,
    /// Purposes with a legitimate interest that was disclosed and not objected to.
    pub purpose_legitimate_interests: SmallSet,
    /// Vendors with consent.
    pub vendor_consents: IdSet,
    /// Vendors with a legitimate interest that was disclosed and not objected to.
    pub vendor_legitimate_interests: IdSet,
    /// What the publisher restricts.
    pub restrictions: Vec<Restriction>,
    /// Vendors shown to the visitor; nothing where the string has no such segment.
    pub disclosed_vendors: Option<IdSet>,
    /// The publisher's own purposes; nothing where the string has no such segment.
    pub publisher: Option<PublisherPurposes>,
}

/// A publisher's restriction of one purpose for some vendors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restriction {
    /// The purpose.
    pub purpose: u8,
    /// 0: not allowed, 1: by consent only, 2: by legitimate interest only, 3: not defined.
    pub kind: u8,
    /// The vendors it holds for.
    pub vendors: IdSet,
}

/// The publisher's own purposes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PublisherPurposes {
    /// The framework's purposes with consent.
    pub consents: SmallSet,
    /// The framework's purposes with legitimate interest.
    pub legitimate_interests: SmallSet,
    /// How many custom purposes there are.
    pub custom_count: u8,
    /// Custom purposes with consent.
    pub custom_consents: SmallSet,
    /// Custom purposes with legitimate interest.
    pub custom_legitimate_interests: SmallSet,
}

/// Why a TC string that can be read must not be relied on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Invalid {
    /// `IsServiceSpecific` is 0: the global scope was abolished.
    NotServiceSpecific,
    /// Written after 30 September 2023 under a policy before version 4 (TCF 2.2).
    OutdatedPolicy,
    /// Written under policy version 5 (TCF 2.3) without the segment of disclosed vendors, which that made mandatory.
    NoDisclosedVendors,
}

impl Invalid {
    /// The rest of a sentence for people, "it is …".
    pub fn message(self) -> &'static str {
        match self {
            Invalid::NotServiceSpecific => "invalid: IsServiceSpecific is 0, which TCF has not allowed since 2021",
            Invalid::OutdatedPolicy => "invalid: it was created after 30 September 2023 under a policy version below 4",
            Invalid::NoDisclosedVendors => "invalid: it has no segment of disclosed vendors, which TCF 2.3 demands",
        }
    }
}

/// The end of 30 September 2023 in UTC, in milliseconds since the Unix epoch.
const POLICY_3_ENDED: u64 = 1_696_118_400_000;

impl TcString {
    /// Reads a TC string: the core segment, then the others in any order.
    ///
    /// # Errors
    /// What does not fit the standard, and where. Whether the string may be relied on is another matter: [`Self::invalid`].
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut segments = Some(text);
        let bits = &mut Bits::new(next_piece(&mut segments, ".").unwrap_or(""), CORE)?;
        let mut tc = TcString {
            head: Head::read(bits, 2, "TCF 2 is read here; earlier versions are not valid any more")?,
            is_service_specific: bits.flag("IsServiceSpecific")?,
            use_non_standard_texts: bits.flag("UseNonStandardTexts")?,
            choices: Choices::read_purposes(bits)?,
            purpose_one_treatment: bits.flag("PurposeOneTreatment")?,
            publisher_country_code: bits.letters("PublisherCC")?,
        };
        tc.choices.vendor_consents = vendors(bits, "VendorConsents", Coding::Int)?;
        tc.choices.vendor_legitimate_interests = vendors(bits, "VendorLegitimateInterests", Coding::Int)?;
        tc.choices.restrictions = restrictions(bits, Coding::Int)?;
        tc.choices.read_segments(segments, &[Coding::Int])?;
        Ok(tc)
    }

    /// The first reason why the string must not be relied on, by the rules for vendors of the standard.
    pub fn invalid(&self) -> Option<Invalid> {
        let Head { created, policy_version, .. } = self.head;
        if !self.is_service_specific {
            Some(Invalid::NotServiceSpecific)
        } else if policy_version < 4 && created >= POLICY_3_ENDED {
            Some(Invalid::OutdatedPolicy)
        } else if policy_version >= 5 && self.choices.disclosed_vendors.is_none() {
            Some(Invalid::NoDisclosedVendors)
        } else {
            None
        }
    }
}

pub(super) const CORE: &str = "core segment";

impl Head {
    pub(super) fn read(bits: &mut Bits, version: u16, problem: &'static str) -> Result<Self, DecodeError> {
        bits.constant("Version", 6, version, problem)?;
        Ok(Head {
            version: version as u8,
            created: bits.time("Created")?,
            last_updated: bits.time("LastUpdated")?,
            cmp_id: bits.int("CmpId", 12)?,
            cmp_version: bits.int("CmpVersion", 12)?,
            consent_screen: bits.int("ConsentScreen", 6)? as u8,
            consent_language: bits.letters("ConsentLanguage")?,
            vendor_list_version: bits.int("VendorListVersion", 12)?,
            policy_version: bits.int("TcfPolicyVersion", 6)? as u8,
        })
    }
}

impl Choices {
    pub(super) fn read_purposes(bits: &mut Bits) -> Result<Self, DecodeError> {
        Ok(Choices {
            special_features: bits.small_set("SpecialFeatureOptIns", 12)?,
            purpose_consents: bits.small_set("PurposesConsent", 24)?,
            purpose_legitimate_interests: bits.small_set("PurposesLITransparency", 24)?,
            ..Choices::default()
        })
    }

    /// Reads the segments behind the core. Of several codings the first that fits is taken.
    pub(super) fn read_segments(&mut self, mut rest: Option<&str>, codings: &[Coding]) -> Result<(), DecodeError> {
        let mut seen = SmallSet::default();
        while let Some(segment) = next_piece(&mut rest, ".") {
            let bits = &mut Bits::new(segment, "optional segment")?;
            let kind = bits.int("SegmentType", 3)?;
            if seen.contains(kind + 1) {
                return Err(bits.fault("a second segment of this type"));
            }
            seen.0 |= 1 << kind;
            match kind {
                1 => {
                    self.disclosed_vendors =
                        Some(first_that_fits(bits, codings, |bits, coding| vendors(bits, "DisclosedVendors", coding))?)
                }
                // Allowed vendors, for the out-of-band legal bases that ended in 2021: they have no meaning any more.
                2 => drop(first_that_fits(bits, codings, |bits, coding| vendors(bits, "AllowedVendors", coding))?),
                3 => self.publisher = Some(PublisherPurposes::read(bits)?),
                _ => return Err(bits.fault("there is no such type: 1 is disclosed vendors, 3 publisher purposes")),
            }
        }
        Ok(())
    }
}

impl PublisherPurposes {
    fn read(bits: &mut Bits) -> Result<Self, DecodeError> {
        let (consents, legitimate_interests) =
            (bits.small_set("PubPurposesConsent", 24)?, bits.small_set("PubPurposesLITransparency", 24)?);
        let count = bits.int("NumCustomPurposes", 6)?;
        Ok(PublisherPurposes {
            consents,
            legitimate_interests,
            custom_count: count as u8,
            custom_consents: bits.small_set("CustomPurposesConsent", count.into())?,
            custom_legitimate_interests: bits.small_set("CustomPurposesLITransparency", count.into())?,
        })
    }
}

/// Reads with the first coding after which nothing but padding is left.
pub(super) fn first_that_fits<T>(
    bits: &mut Bits,
    codings: &[Coding],
    read: impl Fn(&mut Bits, Coding) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let mut fault = None;
    for coding in codings {
        let mut trial = bits.clone();
        match read(&mut trial, *coding) {
            Ok(value) if codings.len() == 1 || trial.is_padding() => return Ok(value),
            Ok(_) => fault = fault.or(Some(trial.fault("the string goes on behind this field"))),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    Err(fault.unwrap_or_else(|| bits.fault("no coding")))
}

/// All restrictions together name no more vendors than this: each of 24 purposes for all vendors. It bounds what a short string
/// can ask for when it is written out.
const MAX_RESTRICTED: usize = 24 * 65_535;

/// `ArrayOfRanges`: what the publisher restricts.
pub(super) fn restrictions(bits: &mut Bits, coding: Coding) -> Result<Vec<Restriction>, DecodeError> {
    bits.name("PubRestrictions");
    let mut restrictions = Vec::new();
    let mut restricted = 0;
    for _ in 0..bits.take(12)? {
        let (purpose, kind) = (bits.take(6)? as u8, bits.take(2)? as u8);
        let vendors = if coding == Coding::Int { int_ranges(bits)? } else { vendors(bits, "PubRestrictions", coding)? };
        restricted += vendors.count();
        if restricted > MAX_RESTRICTED {
            return Err(bits.fault("more restrictions than there are vendors and purposes"));
        }
        restrictions.push(Restriction { purpose, kind, vendors });
    }
    Ok(restrictions)
}
