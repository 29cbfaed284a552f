//! TC strings.

use super::writer::Writer;
use super::{message, printed};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tidegate_core::consent::decode::{Invalid, TcString};

/// A TC string to encode.
#[derive(Clone, Debug)]
pub(crate) struct Tc {
    pub(crate) version: u64,
    pub(crate) created: u64,
    pub(crate) numbers: [u64; 4],
    pub(crate) policy: u64,
    pub(crate) service_specific: bool,
    pub(crate) special_features: u64,
    pub(crate) purposes: [u64; 2],
    pub(crate) vendors: [List; 2],
    /// Purpose, type, vendors.
    pub(crate) restrictions: Vec<(u64, u64, Ranges)>,
    pub(crate) segments: Vec<Segment>,
}

/// First and last ID of each.
type Ranges = Vec<(u64, u64)>;

/// A list of vendors in one of the two ways to write it.
#[derive(Clone, Debug)]
pub(crate) enum List {
    Field(BTreeSet<u64>),
    Ranges(Ranges),
}

#[derive(Clone, Debug)]
pub(crate) enum Segment {
    Disclosed(List),
    Allowed(List),
    Publisher([u64; 2], u64, [u64; 2]),
}

impl Default for Tc {
    fn default() -> Self {
        let none = List::Field(BTreeSet::new());
        Tc {
            version: 2,
            created: 17_700_000_000,
            numbers: [31, 1, 1, 77],
            policy: 5,
            service_specific: true,
            special_features: 0,
            purposes: [0, 0],
            vendors: [none.clone(), none.clone()],
            restrictions: Vec::new(),
            segments: vec![Segment::Disclosed(none)],
        }
    }
}

impl List {
    fn ids(&self) -> BTreeSet<u64> {
        match self {
            List::Field(ids) => ids.clone(),
            List::Ranges(ranges) => ranges.iter().flat_map(|range| range.0..=range.1).collect(),
        }
    }

    fn write(&self, out: &mut Writer) {
        let max = match self {
            List::Field(ids) => ids.last().copied().unwrap_or(0),
            List::Ranges(ranges) => ranges.iter().map(|range| range.1).max().unwrap_or(0),
        };
        out.int(max, 16);
        match self {
            List::Field(ids) => {
                out.int(0, 1);
                for id in 1..=max {
                    out.int(ids.contains(&id).into(), 1);
                }
            }
            List::Ranges(ranges) => write_ranges(out.int(1, 1), ranges),
        }
    }
}

fn write_ranges(out: &mut Writer, ranges: &[(u64, u64)]) {
    out.int(ranges.len() as u64, 12);
    for (first, last) in ranges {
        out.int((first != last).into(), 1).int(*first, 16);
        if first != last {
            out.int(*last, 16);
        }
    }
}

impl Tc {
    pub(crate) fn core(&self) -> Writer {
        let mut out = Writer::default();
        let [cmp, cmp_version, screen, list] = self.numbers;
        out.int(self.version, 6).int(self.created, 36).int(self.created + 1, 36).int(cmp, 12).int(cmp_version, 12);
        out.int(screen, 6).int(0b000100_001101, 12).int(list, 12).int(self.policy, 6);
        out.int(self.service_specific.into(), 1).int(0, 1).int(self.special_features, 12);
        out.int(self.purposes[0], 24).int(self.purposes[1], 24).int(1, 1).int(0b000011_000100, 12);
        self.vendors.iter().for_each(|list| list.write(&mut out));
        out.int(self.restrictions.len() as u64, 12);
        for (purpose, kind, ranges) in &self.restrictions {
            write_ranges(out.int(*purpose, 6).int(*kind, 2), ranges);
        }
        out
    }

    pub(crate) fn text(&self) -> String {
        let segments = self.segments.iter().map(|segment| {
            let mut out = Writer::default();
            match segment {
                Segment::Disclosed(list) => list.write(out.int(1, 3)),
                Segment::Allowed(list) => list.write(out.int(2, 3)),
                Segment::Publisher(purposes, count, custom) => {
                    out.int(3, 3).int(purposes[0], 24).int(purposes[1], 24).int(*count, 6);
                    out.int(custom[0], *count as u32).int(custom[1], *count as u32);
                }
            }
            out.text()
        });
        std::iter::once(self.core().text()).chain(segments).collect::<Vec<_>>().join(".")
    }
}

/// The IDs of a bit field.
fn ids(bits: u64, width: u32) -> Vec<u32> {
    (1..=width).filter(|id| bits >> (width - id) & 1 == 1).collect()
}

fn any_list() -> impl Strategy<Value = List> {
    prop_oneof![
        prop::collection::btree_set(1u64..1500, 0..60).prop_map(List::Field),
        prop::collection::vec((1u64..2000, 0u64..40), 0..20)
            .prop_map(|ranges| List::Ranges(ranges.into_iter().map(|(first, more)| (first, first + more)).collect())),
    ]
}

prop_compose! {
    fn any_tc()(
        created in 0u64..1 << 36,
        numbers in (0u64..4096, 0u64..4096, 0u64..64, 0u64..4096),
        policy in 0u64..64,
        service_specific: bool,
        special_features in 0u64..1 << 12,
        purposes in prop::array::uniform2(0u64..1 << 24),
        vendors in prop::array::uniform2(any_list()),
        restrictions in prop::collection::vec((0u64..64, 0u64..4, prop::collection::vec((1u64..900, 0u64..9), 0..5)), 0..6),
        disclosed in prop::option::of(any_list()),
        allowed in prop::option::of(any_list()),
        publisher in prop::option::of((prop::array::uniform2(0u64..1 << 24), 0u64..64)),
        custom: [u64; 2],
        turn in 0usize..3,
    ) -> Tc {
        let range = |(first, more)| (first, first + more);
        let restrictions = restrictions.into_iter().map(|(purpose, kind, ranges): (_, _, Ranges)|
            (purpose, kind, ranges.into_iter().map(range).collect())).collect();
        let publisher = publisher.map(|(purposes, count)| Segment::Publisher(purposes, count, custom));
        let mut segments: Vec<Segment> =
            [disclosed.map(Segment::Disclosed), allowed.map(Segment::Allowed), publisher].into_iter().flatten().collect();
        let turn = turn.min(segments.len());
        segments.rotate_left(turn);
        let (cmp, cmp_version, screen, list) = numbers;
        Tc { version: 2, created: created.min((1 << 36) - 2), numbers: [cmp, cmp_version, screen, list], policy, service_specific,
             special_features, purposes, vendors, restrictions, segments }
    }
}

proptest! {
    #[test]
    fn whatever_is_encoded_is_decoded(tc in any_tc()) {
        let got = printed(&tc.text()).unwrap();
        let numbers = ["cmpId", "cmpVersion", "consentScreen", "vendorListVersion"].map(|name| got[name].as_u64().unwrap());
        prop_assert_eq!(numbers, tc.numbers);
        prop_assert_eq!(&got["policyVersion"], &json!(tc.policy));
        prop_assert_eq!(&got["isServiceSpecific"], &json!(tc.service_specific));
        prop_assert_eq!(&got["specialFeatureOptins"], &json!(ids(tc.special_features, 12)));
        prop_assert_eq!(&got["purposeConsents"], &json!(ids(tc.purposes[0], 24)));
        prop_assert_eq!(&got["purposeLegitimateInterests"], &json!(ids(tc.purposes[1], 24)));
        prop_assert_eq!(&got["purposeOneTreatment"], &json!(true));
        prop_assert_eq!(&got["vendorConsents"], &json!(tc.vendors[0].ids()));
        prop_assert_eq!(&got["vendorLegitimateInterests"], &json!(tc.vendors[1].ids()));
        let restrictions: Vec<Value> = tc.restrictions.iter().map(|(purpose, kind, ranges)|
            json!({ "purpose": purpose, "type": kind, "vendors": List::Ranges(ranges.clone()).ids() })).collect();
        prop_assert_eq!(&got["publisherRestrictions"], &json!(restrictions));
        let (mut disclosed, mut publisher) = (None, ([0, 0], 0, [0, 0]));
        for segment in &tc.segments {
            match segment {
                Segment::Disclosed(list) => disclosed = Some(list.ids()),
                Segment::Allowed(_) => {}
                Segment::Publisher(purposes, count, custom) => publisher = (*purposes, *count as u32, *custom),
            }
        }
        prop_assert_eq!(&got["disclosedVendors"], &json!(disclosed));
        let (purposes, count, custom) = publisher;
        prop_assert_eq!(&got["publisherPurposeConsents"], &json!(ids(purposes[0], 24)));
        prop_assert_eq!(&got["publisherPurposeLegitimateInterests"], &json!(ids(purposes[1], 24)));
        prop_assert_eq!(&got["publisherCustomConsents"], &json!(ids(custom[0], count)));
        let decoded = TcString::decode(&tc.text()).unwrap();
        prop_assert_eq!((decoded.head.created, decoded.head.last_updated), (tc.created * 100, (tc.created + 1) * 100));
        let vendors = tc.vendors[0].ids();
        prop_assert!((0..2100).all(|id| decoded.choices.vendor_consents.contains(id) == vendors.contains(&id.into())));
    }

    #[test]
    fn a_string_that_is_cut_off_is_never_read_as_a_whole_one(tc in any_tc(), cut in 0.0..1.0) {
        let tc = Tc { segments: Vec::new(), ..tc };
        let text = tc.text();
        let cut = (text.len() as f64 * cut) as usize;
        prop_assert!(TcString::decode(&text[..cut]).is_err(), "{}", &text[..cut]);
    }
}

#[test]
fn the_example_of_the_specification_is_decoded() {
    let got = printed("CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA.IDKQA4AAgAKAGQAygAAA.YAAAAAAAAAAA").unwrap();
    assert_eq!((&got["version"], &got["consentLanguage"], &got["isServiceSpecific"]), (&json!(2), &json!("EN"), &json!(true)));
    assert_eq!(got["disclosedVendors"].as_array().unwrap().len(), 7);
}

fn invalid(tc: Tc) -> Option<Invalid> {
    TcString::decode(&tc.text()).unwrap().invalid()
}

#[test]
fn a_string_that_may_not_be_relied_on_is_decoded_and_says_why() {
    assert_eq!(invalid(Tc::default()), None);
    assert_eq!(invalid(Tc { service_specific: false, ..Tc::default() }), Some(Invalid::NotServiceSpecific));
    assert_eq!(invalid(Tc { segments: Vec::new(), ..Tc::default() }), Some(Invalid::NoDisclosedVendors));
    assert_eq!(invalid(Tc { segments: Vec::new(), policy: 4, ..Tc::default() }), None);
    let october_2023 = 16_961_184_000;
    for (policy, created, wanted) in [
        (3, october_2023, Some(Invalid::OutdatedPolicy)),
        (2, october_2023 + 1, Some(Invalid::OutdatedPolicy)),
        (3, october_2023 - 1, None),
        (4, october_2023, None),
    ] {
        assert_eq!(invalid(Tc { policy, created, ..Tc::default() }), wanted, "{policy} {created}");
    }
}

#[test]
fn other_versions_are_refused() {
    for version in [0, 1, 3, 63] {
        assert!(TcString::decode(&Tc { version, ..Tc::default() }.text()).is_err(), "{version}");
    }
    let version_1 = message("BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA");
    assert!(version_1.starts_with("core segment, Version, bit 0: TCF 2 "), "{version_1}");
}

#[test]
fn a_fault_is_told_with_segment_field_and_bit() {
    let tc = Tc::default();
    let core = tc.core().text();
    for (text, start) in [
        (core[..14].to_owned(), "core segment, CmpId, bit 78: the string ends"),
        (core[..36].to_owned(), "core segment, VendorConsents, bit 213: the string ends"),
        (format!("{core}="), "core segment, byte "),
        (format!("{core}."), "optional segment, SegmentType, bit 0: the string ends"),
        (format!("{core}.I"), "optional segment, DisclosedVendors, bit 3: the string ends"),
        (format!("{core}.IAAA.YA"), "optional segment, PubPurposesConsent, bit 3: the string ends"),
        (format!("{core}.IAAA.IAAA"), "optional segment, SegmentType, bit 0: a second segment"),
        (format!("{core}.AAAA"), "optional segment, SegmentType, bit 0: there is no such type"),
        (format!("{core}.gAAA"), "optional segment, SegmentType, bit 0: there is no such type"),
    ] {
        let message = message(&text);
        assert!(message.starts_with(start), "{text}: {message}");
    }
}

#[test]
fn a_letter_beyond_z_and_a_vendor_0_are_refused() {
    let mut text = Tc::default().text();
    text.replace_range(18..19, "a");
    assert!(message(&text).contains("ConsentLanguage, bit 108: a letter beyond Z"), "{}", message(&text));
    for ranges in [vec![(0, 0)], vec![(0, 5)], vec![(9, 8)]] {
        let text = Tc { vendors: [List::Ranges(ranges.clone()), List::Ranges(Vec::new())], ..Tc::default() }.text();
        assert!(TcString::decode(&text).is_err(), "{ranges:?}");
    }
}

#[test]
fn vendors_allowed_out_of_band_mean_nothing_any_more() {
    let text = |segments| Tc { segments, ..Tc::default() }.text();
    let allowed = Segment::Allowed(List::Ranges(vec![(1, 9)]));
    assert_eq!(printed(&text(vec![allowed])), printed(&text(Vec::new())));
}
