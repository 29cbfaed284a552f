//! Any text at all: the decoders answer, in time and memory in proportion to it.

use super::gpp::gpp;
use super::tcf::{List, Segment, Tc};
use super::vectors::vectors;
use super::writer::Writer;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tidegate_core::consent::decode::{Decoded, TcString, push_decoded};

/// Decodes and prints. The bounds are wide: they tell growth in proportion from an explosion, on a busy machine.
fn survives(text: &str) -> bool {
    let began = Instant::now();
    let mut out = String::new();
    let is_decoded = match Decoded::decode(text) {
        Ok(decoded) => {
            push_decoded(&mut out, &decoded);
            true
        }
        Err(error) => {
            assert!(!error.message().is_empty());
            false
        }
    };
    let start: String = text.chars().take(80).collect();
    assert!(out.len() <= 32_000_000 + 8 * text.len(), "{} bytes from {}: {start}", out.len(), text.len());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?} for {} bytes: {start}", began.elapsed(), text.len());
    is_decoded
}

static SOUND: LazyLock<Vec<String>> = LazyLock::new(|| {
    let some = |kind| vectors(kind).into_iter().step_by(7).map(|(string, _)| string);
    let others = [
        "1YNN",
        "DBABrw~YEABg.BAAA.YA",
        "DBABDA~BQMC4oAQMC4oAPoABABGB0CYAf8AAf8AAAqdA-AAUABwAFQALQAaABLACgAF0ANoAdwA_QCCAIQAR.YAAAAAAAAAA",
        "OptanonConsent=isGpcEnabled=1&groups=C0001%3A1%2CC0002%3A0&interactionCount=2",
        "CookieConsent={stamp:'-1',necessary:true,preferences:true,statistics:true,marketing:true,ver:1,region:'de'}",
    ];
    some("tcf").chain(some("gpp")).chain(others.map(str::to_owned)).collect()
});

fn any_mutation() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0usize..4, 0usize..40, "[A-Za-z0-9_~.=%&:,{}'é+-]{0,6}");
    (select(&SOUND[..]), prop::collection::vec(edit, 1..6)).prop_map(|(mut text, edits)| {
        for (at, kind, length, insert) in edits {
            let boundary = |at: usize, text: &str| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let from = boundary(at.index(text.len() + 1), &text);
            let to = boundary(from + length, &text);
            match kind {
                0 => text.replace_range(from..to, &insert),
                1 => {
                    let again = text[from..to].to_owned();
                    text.insert_str(to, &again);
                }
                2 => text.truncate(from),
                _ => text.insert_str(from, &insert),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_unicode_behind_the_mark_of_a_format_is_answered(mark in select(MARKS), text in "\\PC{0,120}") {
        survives(&format!("{mark}{text}"));
    }

    #[test]
    fn any_base64url_behind_the_mark_of_a_format_is_answered(mark in select(MARKS), text in "[A-Za-z0-9_.~-]{0,400}") {
        survives(&format!("{mark}{text}"));
    }

    #[test]
    fn sound_strings_that_were_changed_are_answered(text in any_mutation()) {
        survives(&text);
    }
}

const MARKS: &[&str] = &[
    "",
    "C",
    "CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgAC",
    "D",
    "DBABM~C",
    "DBABjw~B",
    "DBABLA~B",
    "DBABrw~Y",
    "1Y",
    "groups=",
    "OptanonConsent=",
    "{stamp:",
    "CookieConsent=",
    "%7B",
];

#[test]
fn a_megabyte_of_anything_is_answered() {
    let big = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for piece in ["A", "_", ".", "~", "=", "%", "%7B", "é", "YA.", "1,", "a:1,", "{", "'", "','", "&groups=a:1", "IAAA.", "BAAA~"]
    {
        for mark in ["C", "DBABM~C", "DBAB", "groups=", "{stamp:"] {
            survives(&format!("{mark}{}", big(piece)));
        }
    }
    let distinct: Vec<String> = (0..90_000).map(|number| format!("C{number}:1")).collect();
    survives(&format!("groups={}", distinct.join(",")));
    survives(&format!("groups={},{}", distinct[..499].join(","), big("C498:1,")));
}

#[test]
fn all_vendors_named_thousands_of_times_are_one_range() {
    let everyone = List::Ranges(vec![(1, 65_535); 4095]);
    let tc = Tc { vendors: [everyone.clone(), everyone.clone()], segments: vec![Segment::Disclosed(everyone)], ..Tc::default() };
    assert!(survives(&tc.text()));
    let decoded = TcString::decode(&tc.text()).unwrap();
    assert_eq!((decoded.choices.vendor_consents.count(), decoded.choices.vendor_consents.max()), (65_535, 65_535));
    // From the last vendor to the first and every other one: no two ranges ever touch, and each goes before all others.
    let scattered = List::Ranges((1..=4095).rev().map(|id| (id * 2, id * 2)).collect());
    assert!(survives(&Tc { vendors: [scattered.clone(), scattered], ..Tc::default() }.text()));
    // Every other vendor as a bit field.
    let every_other = List::Field((1..=65_535).step_by(2).collect());
    assert!(survives(&Tc { vendors: [every_other.clone(), every_other], ..Tc::default() }.text()));
}

#[test]
fn restrictions_that_would_fill_the_memory_are_refused() {
    let restrictions = |count: u64| (0..count).map(|at| (at % 64, at % 4, vec![(1, 65_535)])).collect();
    let tc = |count| Tc { restrictions: restrictions(count), ..Tc::default() }.text();
    assert!(survives(&tc(24)));
    assert!(!survives(&tc(25)));
    assert!(!survives(&tc(4095)));
    assert!(survives(&Tc { restrictions: vec![(1, 0, Vec::new()); 4095], ..Tc::default() }.text()));
}

#[test]
fn a_header_that_lists_all_sections_costs_what_the_string_holds() {
    let mut all = Writer::default();
    all.int(3, 6).int(1, 6).int(1, 12).int(1, 1).fibonacci(1).fibonacci(65_534);
    assert!(!survives(&all.text()));
    assert!(survives(&format!("{}{}", all.text(), "~".repeat(65_535))));
    let sections: Vec<(u64, String)> = (1..=4095).map(|id| (id * 3, "C".repeat(200))).collect();
    assert!(survives(&gpp(&sections)));
}
