#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_core::consent::decode::{GppString, Decoded, push_decoded};

fuzz_target!(|text: &str| {
    let _ = GppString::decode(text);
    if let Ok(decoded) = Decoded::decode(text) {
        push_decoded(&mut String::new(), &decoded);
    }
});
