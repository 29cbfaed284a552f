//! What may lie in local storage, under every key that the core reads.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../core/support/storage.rs"]
mod storage;

fuzz_target!(|text: &str| {
    storage::nothing_stops_it(text);
    storage::good_page_is_sent(text);
});
