//! What the decoders of consent strings promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod cookies;
mod fuzzed;
mod gpp;
mod hostile;
#[path = "../support/storage.rs"]
mod storage;
mod tcf;
mod usp;
mod vectors;
#[path = "../support/writer.rs"]
mod writer;

use serde_json::Value;
use tidegate_core::consent::decode::{Decoded, push_decoded};

/// What `tidegate decode` prints; the message where it cannot be decoded.
fn printed(text: &str) -> Result<Value, String> {
    let decoded = Decoded::decode(text).map_err(|error| error.message())?;
    let mut out = String::new();
    push_decoded(&mut out, &decoded);
    Ok(serde_json::from_str(&out).unwrap_or_else(|error| panic!("{text}: {error}: {out}")))
}

fn message(text: &str) -> String {
    match printed(text) {
        Err(message) => message,
        Ok(decoded) => panic!("{text} is decoded: {decoded}"),
    }
}
