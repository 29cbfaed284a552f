//! Strings of the reference encoders: `tests/vectors/consent-strings.json`.

use super::printed;
use serde_json::{Value, json};

pub(crate) fn vectors(kind: &str) -> Vec<(String, Value)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/consent-strings.json");
    let mut all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let Value::Array(vectors) = all[kind].take() else { panic!("no {kind}") };
    let split = |mut vector: Value| {
        let string = vector.as_object_mut().unwrap().remove("string").unwrap();
        vector["format"] = json!(kind);
        (string.as_str().unwrap().to_owned(), vector)
    };
    vectors.into_iter().map(split).collect()
}

fn all_decode_to_what_the_encoder_was_given(kind: &str, count: usize) {
    let vectors = vectors(kind);
    assert_eq!(vectors.len(), count);
    for (string, wanted) in vectors {
        assert_eq!(printed(&string), Ok(wanted), "{string}");
    }
}

#[test]
fn every_tc_string_of_the_reference_encoder_decodes_to_what_it_was_given() {
    all_decode_to_what_the_encoder_was_given("tcf", 700);
}

#[test]
fn every_gpp_string_of_the_reference_encoder_decodes_to_what_it_was_given() {
    all_decode_to_what_the_encoder_was_given("gpp", 681);
}
