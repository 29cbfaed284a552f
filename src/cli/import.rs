//! `tidegate import gtm`.

mod conditions;
mod consent;
mod gallery;
mod parse;
mod recognise;
mod references;
mod regex;
mod report;
mod tags;
mod triggers;
mod variables;
mod words;

use crate::usage::{self, Failure};
use lexopt::{Arg, Parser};
use parse::Version;
use report::{Entry, Notes, Status};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use triggers::Triggers;
use variables::Variables;
use words::word;

/// What the command prints.
#[derive(Serialize)]
struct Imported {
    config: Value,
    report: Vec<Entry>,
}

/// Turns a container of another tag manager into a config, with a report of what became of everything in it.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let mut words: Vec<std::ffi::OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(word) => words.push(word),
            Arg::Long("help") | Arg::Short('h') => return usage::print(usage::IMPORT),
            _ => return Err(argument.unexpected().into()),
        }
    }
    match words.as_slice() {
        [from, file] if from == "gtm" => gtm(&PathBuf::from(file)),
        [from, _] => Err(Failure::Usage(format!("import does not know {from:?}: it takes gtm, Google Tag Manager"))),
        _ => Err(Failure::Usage("import takes the tag manager and one file: tidegate import gtm <container.json>".into())),
    }
}

fn gtm(file: &std::path::Path) -> Result<(), Failure> {
    let at_fault = |pointer: &str, what: &str| {
        let pointer = if pointer.is_empty() { "/" } else { pointer };
        Failure::Input(format!("{}: {pointer}: {what}", file.display()))
    };
    let text = std::fs::read(file).map_err(|error| at_fault("", &format!("cannot be read: {error}")))?;
    let text = String::from_utf8(text).map_err(|error| at_fault("", &format!("is no UTF-8: {error}. Save it as UTF-8")))?;
    let version = parse::parse(text.trim_start_matches('\u{feff}')).map_err(|(pointer, what)| at_fault(&pointer, &what))?;
    if let Some(context) = version.container.usage_context.iter().find(|context| word(context) != "web") {
        let what = format!("the container is for {context}, and Tidegate runs on web pages: export a web container");
        return Err(at_fault("/containerVersion/container/usageContext", &what));
    }
    let imported = convert(&version);
    let count = |status| imported.report.iter().filter(|entry| entry.status == status).count();
    let [carried, changed, left_out] = [Status::Carried, Status::Changed, Status::LeftOut].map(count);
    let printed = serde_json::to_string_pretty(&imported).map_err(|error| Failure::Input(error.to_string()))?;
    usage::print(&(printed + "\n"))?;
    eprintln!("{}: {carried} carried, {changed} changed, {left_out} left out; the report says why", file.display());
    Ok(())
}

fn convert(version: &Version) -> Imported {
    let mut variables = Variables::new(version);
    variables.all();
    let mut triggers = Triggers::new(version, &mut variables);
    let mut purposes = consent::Purposes::default();
    let (tags, of_tags) = tags::tags(version, &mut variables, &mut triggers, &mut purposes);
    let (triggers, of_triggers) = triggers.into_parts();
    let (variables, of_variables) = variables.into_parts();
    let config = json!({
        "version": 1,
        "consent": purposes.config(version),
        "facades": { "dataLayer": {} },
        "variables": variables,
        "triggers": triggers,
        "tags": tags,
    });
    let mut report = vec![of_container(version)];
    report.extend(gallery::report(version));
    report.extend(of_others(version));
    report.extend(of_tags);
    report.extend(of_triggers);
    report.extend(of_variables);
    Imported { config, report }
}

/// What no web page runs, or another container holds.
fn of_others(version: &Version) -> Vec<Entry> {
    let of_servers = "it is of server containers, which Tidegate does not run";
    let kinds = [
        ("zone", &version.zone, "a zone runs other containers: import each of them, and join the configs"),
        ("client", &version.client, of_servers),
        ("transformation", &version.transformation, of_servers),
        (
            "gtag-config",
            &version.gtag_config,
            "settings of a Google tag beside its tag: write them into configParameters of its ga4 tag",
        ),
    ];
    let mut entries = Vec::new();
    for (kind, list, why) in kinds {
        for other in list {
            let name = if other.name.is_empty() { &other.kind } else { &other.name };
            entries.push(Notes::default().entry(kind, name, &other.id, Some(why.to_owned())));
        }
    }
    entries
}

/// What holds for the whole of it.
fn of_container(version: &Version) -> Entry {
    let mut notes = Notes::default();
    notes.change(
        "tags wait for consent, those too that fired without asking: say in consent.purposes what your consent platform calls each purpose",
    );
    let container = &version.container;
    let name = if container.name.is_empty() { "container" } else { &container.name };
    notes.entry("container", name, &container.public_id, None)
}
