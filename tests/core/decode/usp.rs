//! US Privacy strings.

use super::{message, printed};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn all_27_strings_are_decoded() {
    let answers = ["Y", "N", "-"];
    for (notice, sale, lspa) in (0..27).map(|at| (answers[at / 9], answers[at / 3 % 3], answers[at % 3])) {
        let wanted = json!({ "format": "usp", "version": 1, "notice": notice, "optOutSale": sale, "lspaCovered": lspa });
        assert_eq!(printed(&format!("1{notice}{sale}{lspa}")), Ok(wanted));
    }
}

#[test]
fn anything_else_is_refused_at_its_character() {
    for (text, start) in [
        ("2YNN", "US Privacy string, Version, byte 0"),
        ("0---", "US Privacy string, Version, byte 0"),
        ("1", "US Privacy string, Notice, byte 1"),
        ("1ynn", "US Privacy string, Notice, byte 1"),
        ("1Y N", "US Privacy string, OptOutSale, byte 2"),
        ("1YN", "US Privacy string, LspaCovered, byte 3"),
        ("1YNé", "US Privacy string, LspaCovered, byte 3"),
        ("1YNNY", "US Privacy string, byte 4"),
        ("1YNN~", "US Privacy string, byte 4"),
    ] {
        let message = message(text);
        assert!(message.starts_with(start), "{text}: {message}");
    }
}

proptest! {
    #[test]
    fn a_string_is_decoded_exactly_where_the_standard_allows_it(text in "[012][YNyn1-]{2,4}") {
        let allowed = text.len() == 4 && text.starts_with('1') && text[1..].chars().all(|letter| "YN-".contains(letter));
        prop_assert_eq!(printed(&text).is_ok(), allowed);
    }
}
