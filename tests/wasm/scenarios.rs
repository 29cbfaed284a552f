//! The golden scenarios, compiled to wasm: the same files and the same effects as natively.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../scenarios/all.rs"]
mod all;
#[path = "../scenarios/runner/mod.rs"]
mod runner;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_scenario_has_the_effects_that_its_file_says() {
    let mut faults = Vec::new();
    for (name, text) in all::SCENARIOS {
        match runner::run(text) {
            Ok(outcome) if outcome.faults.is_empty() && outcome.text != *text => {
                faults.push(format!("{name} is not laid out as TIDEGATE_BLESS=1 writes it"));
            }
            Ok(outcome) => faults.extend(outcome.faults.into_iter().map(|fault| format!("{name}, {fault}"))),
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
