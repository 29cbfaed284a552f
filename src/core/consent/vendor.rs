//! Vendors as the config declares them, and whether IAB Europe's framework lets one do what it is there for.

use super::decode::{Choices, Restriction};
use crate::json::{list, member, whole};

/// A vendor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vendor {
    /// Its name in the config.
    pub id: String,
    /// What it is registered with, a JSON object: `{"tcf": {"id", "purposes", "legIntPurposes", "flexiblePurposes",
    /// "specialFeatures"}}`, with the names of the Global Vendor List.
    pub registered: String,
}

/// On which basis a vendor processes for a purpose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basis {
    Consent,
    LegitimateInterest,
}

/// Restrictions by the publisher: "Consent string and vendor list formats v2", section "Publisher restrictions".
const NOT_ALLOWED: u8 = 0;
const REQUIRE_CONSENT: u8 = 1;
const REQUIRE_LEGITIMATE_INTEREST: u8 = 2;

/// Purposes for which legitimate interest is no basis: 1, and 3 to 6 since TCF 2.2.
const CONSENT_ONLY: [u16; 5] = [1, 3, 4, 5, 6];

impl Vendor {
    /// Whether the visitor's choices let it process for every purpose it lists, and use its special features. One that lists
    /// nothing needs the vendor's consent bit.
    pub(crate) fn is_allowed(&self, choices: &Choices) -> bool {
        let tcf = member(&self.registered, "tcf").unwrap_or("{}");
        let Some(id) = member(tcf, "id").and_then(number) else { return false };
        if choices.disclosed_vendors.as_ref().is_some_and(|disclosed| !disclosed.contains(id)) {
            return false;
        }
        let numbers = |key| list(tcf, key).filter_map(number);
        let by_consent = numbers("purposes").map(|purpose| (purpose, Basis::Consent));
        let by_interest = numbers("legIntPurposes").map(|purpose| (purpose, Basis::LegitimateInterest));
        let mut purposes = by_consent.chain(by_interest).peekable();
        if purposes.peek().is_none() && !choices.vendor_consents.contains(id) {
            return false;
        }
        let is_flexible = |purpose| numbers("flexiblePurposes").any(|flexible| flexible == purpose);
        purposes.all(|(purpose, default)| match basis(choices, id, purpose, default, is_flexible(purpose)) {
            Some(Basis::Consent) => choices.purpose_consents.contains(purpose) && choices.vendor_consents.contains(id),
            Some(Basis::LegitimateInterest) => {
                choices.purpose_legitimate_interests.contains(purpose) && choices.vendor_legitimate_interests.contains(id)
            }
            None => false,
        }) && numbers("specialFeatures").all(|feature| choices.special_features.contains(feature))
    }
}

/// The basis that counts under the publisher's restrictions; nothing where there is none.
fn basis(choices: &Choices, vendor: u16, purpose: u16, default: Basis, is_flexible: bool) -> Option<Basis> {
    let mut basis = default;
    let holds = |restriction: &&Restriction| u16::from(restriction.purpose) == purpose && restriction.vendors.contains(vendor);
    for restriction in choices.restrictions.iter().filter(holds) {
        let wanted = match restriction.kind {
            NOT_ALLOWED => return None,
            REQUIRE_CONSENT => Basis::Consent,
            REQUIRE_LEGITIMATE_INTEREST => Basis::LegitimateInterest,
            _ => continue,
        };
        if wanted != default && !is_flexible {
            return None;
        }
        basis = wanted;
    }
    (basis == Basis::Consent || !CONSENT_ONLY.contains(&purpose)).then_some(basis)
}

fn number(raw: &str) -> Option<u16> {
    whole(raw)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::super::decode::{IdSet, SmallSet};
    use super::*;

    const V: u16 = 755;

    fn ids(ids: &[u16]) -> IdSet {
        let mut set = IdSet::default();
        ids.iter().for_each(|id| set.insert(*id, *id));
        set
    }

    fn bits(ids: &[u32]) -> SmallSet {
        SmallSet(ids.iter().fold(0, |set, id| set | 1 << (id - 1)))
    }

    fn vendor(tcf: &str) -> Vendor {
        Vendor { id: "v".into(), registered: format!(r#"{{"tcf":{{"id":755,{tcf}}}}}"#) }
    }

    /// Consent to purposes 1, 3 and 7, legitimate interest in 7 and 9, both for the vendor.
    fn choices() -> Choices {
        Choices {
            purpose_consents: bits(&[1, 3, 7]),
            purpose_legitimate_interests: bits(&[3, 7, 9]),
            vendor_consents: ids(&[V]),
            vendor_legitimate_interests: ids(&[V]),
            special_features: bits(&[2]),
            ..Choices::default()
        }
    }

    #[test]
    fn vendor_and_purpose_must_both_be_granted_on_the_basis_that_the_vendor_is_registered_with() {
        for (registered, allowed) in [
            (r#""purposes":[1,3]"#, true),
            (r#""purposes":[1,4]"#, false),
            (r#""purposes":[7],"legIntPurposes":[9]"#, true),
            (r#""legIntPurposes":[10]"#, false),
            // Legitimate interest is no basis for these.
            (r#""legIntPurposes":[3]"#, false),
            (r#""purposes":[1],"specialFeatures":[2]"#, true),
            (r#""purposes":[1],"specialFeatures":[1]"#, false),
            (r#""purposes":[]"#, true),
        ] {
            assert_eq!(vendor(registered).is_allowed(&choices()), allowed, "{registered}");
        }
        let none = Choices { vendor_consents: ids(&[]), ..choices() };
        for registered in [r#""purposes":[1]"#, r#""purposes":[]"#] {
            assert!(!vendor(registered).is_allowed(&none), "{registered}");
        }
        let objected = Choices { vendor_legitimate_interests: ids(&[]), ..choices() };
        assert!(!vendor(r#""legIntPurposes":[9]"#).is_allowed(&objected));
    }

    #[test]
    fn purpose_7_without_purpose_1_does_not_let_a_vendor_store() {
        let without_1 = Choices { purpose_consents: bits(&[7]), ..choices() };
        assert!(vendor(r#""purposes":[7]"#).is_allowed(&without_1));
        assert!(!vendor(r#""purposes":[1,7]"#).is_allowed(&without_1));
    }

    #[test]
    fn a_vendor_that_was_not_disclosed_may_nothing() {
        let shown = |disclosed: &[u16]| Choices { disclosed_vendors: Some(ids(disclosed)), ..choices() };
        assert!(vendor(r#""purposes":[1]"#).is_allowed(&shown(&[V])));
        assert!(!vendor(r#""purposes":[1]"#).is_allowed(&shown(&[754])));
    }

    #[test]
    fn restrictions_forbid_or_change_the_basis_of_flexible_purposes_only() {
        let restricted = |purpose, kind, vendors: &[u16]| Choices {
            restrictions: vec![Restriction { purpose, kind, vendors: ids(vendors) }],
            purpose_consents: bits(&[1, 9]),
            purpose_legitimate_interests: bits(&[7]),
            ..choices()
        };
        let flexible = vendor(r#""purposes":[7],"legIntPurposes":[9],"flexiblePurposes":[7,9]"#);
        let rigid = vendor(r#""purposes":[1]"#);
        assert!(!rigid.is_allowed(&restricted(1, NOT_ALLOWED, &[V])));
        assert!(rigid.is_allowed(&restricted(1, NOT_ALLOWED, &[V + 1])));
        assert!(rigid.is_allowed(&restricted(1, REQUIRE_CONSENT, &[V])));
        assert!(!rigid.is_allowed(&restricted(1, REQUIRE_LEGITIMATE_INTEREST, &[V])));
        let both = Choices {
            restrictions: vec![
                Restriction { purpose: 7, kind: REQUIRE_LEGITIMATE_INTEREST, vendors: ids(&[V]) },
                Restriction { purpose: 9, kind: REQUIRE_CONSENT, vendors: ids(&[V]) },
            ],
            ..restricted(2, 3, &[V])
        };
        assert!(flexible.is_allowed(&both));
        assert!(!flexible.is_allowed(&restricted(7, REQUIRE_LEGITIMATE_INTEREST, &[V])), "9 has no legitimate interest");
    }
}
