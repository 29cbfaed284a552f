#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_core::consent::decode::{TcString, Decoded, push_decoded};

fuzz_target!(|text: &str| {
    let _ = TcString::decode(text);
    if let Ok(decoded) = Decoded::decode(text) {
        push_decoded(&mut String::new(), &decoded);
    }
});
