#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_core::consent::decode::{UsPrivacy, Decoded, push_decoded};

fuzz_target!(|text: &str| {
    let _ = UsPrivacy::decode(text);
    if let Ok(decoded) = Decoded::decode(text) {
        push_decoded(&mut String::new(), &decoded);
    }
});
