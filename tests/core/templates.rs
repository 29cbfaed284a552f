//! What each template puts on the page and calls: the golden cases of `tests/templates`, natively.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../templates/runner/mod.rs"]
mod runner;

use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};
use tidegate_core::tags::Template;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn templates() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = read_dir(root().join("js/templates"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_template_is_sound_and_named_like_its_file() {
    for (name, text) in templates() {
        match Template::parse(&text) {
            Ok(template) => assert_eq!(template.id(), name),
            Err(faults) => panic!("js/templates/{name}.json: {faults:#?}"),
        }
    }
}

#[test]
fn every_template_does_what_its_golden_cases_say() {
    let mut faults = Vec::new();
    for (name, text) in templates() {
        match read_to_string(root().join(format!("tests/templates/{name}.json"))) {
            Ok(golden) => faults.extend(runner::run(&name, &text, &golden)),
            Err(_) => faults.push(format!("tests/templates/{name}.json is missing")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
