//! The golden scenarios, natively. `TIDEGATE_BLESS=1` writes the effects as they are into the files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../scenarios/all.rs"]
mod all;
#[path = "../scenarios/runner/mod.rs"]
mod runner;

use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

/// The scenario files below a folder, from that folder.
fn files(below: &Path, from: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, from, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path.strip_prefix(from).unwrap().to_str().unwrap().to_owned());
        }
    }
    found.sort();
}

#[test]
fn every_scenario_has_the_effects_that_its_file_says() {
    let (folder, mut found, mut faults) = (folder(), Vec::new(), Vec::new());
    files(&folder, &folder, &mut found);
    let bless = std::env::var("TIDEGATE_BLESS").is_ok_and(|value| value == "1");
    for name in &found {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        match runner::run(&text) {
            Ok(outcome) if bless => std::fs::write(&path, outcome.text).unwrap(),
            // What would be written back is the file itself.
            Ok(outcome) if outcome.faults.is_empty() && outcome.text != text => {
                faults.push(format!("{name} is not laid out as TIDEGATE_BLESS=1 writes it"));
            }
            Ok(outcome) => faults.extend(outcome.faults.into_iter().map(|fault| format!("{name}, {fault}"))),
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    assert!(faults.is_empty(), "{}\nTIDEGATE_BLESS=1 takes over what is found.", faults.join("\n"));
}

#[test]
fn the_list_for_the_browser_names_every_scenario() {
    let (folder, mut found) = (folder(), Vec::new());
    files(&folder, &folder, &mut found);
    let listed: Vec<&str> = all::SCENARIOS.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, found, "tests/scenarios/all.rs lists the scenarios in order");
}
