//! `tidegate decode`.

use crate::usage::{self, Failure};
use lexopt::{Arg, Parser, ValueExt};
use std::io::{self, BufRead, Read, Write};
use tidegate_core::consent::decode::{Decoded, Section, push_decoded};
use tidegate_core::json;

/// Prints what a consent string says, or each of those on stdin.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let mut strings: Vec<String> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(string) => strings.push(string.string()?),
            Arg::Long("help") | Arg::Short('h') => return usage::print(usage::DECODE),
            _ => return Err(argument.unexpected().into()),
        }
    }
    match strings.as_slice() {
        [dash] if dash == "-" => lines(io::stdin().lock()),
        [string] => one(string),
        _ => Err(Failure::Usage("decode takes one string, in quotes, or - for lines on stdin: tidegate decode <string>".into())),
    }
}

fn one(string: &str) -> Result<(), Failure> {
    let decoded = Decoded::decode(string).map_err(|error| Failure::Input(error.message()))?;
    for note in notes(&decoded) {
        eprintln!("{note}");
    }
    let mut out = String::new();
    push_decoded(&mut out, &decoded);
    usage::print(&(out + "\n"))
}

/// What the output does not say: a string that must not be relied on, sections that were left out.
fn notes(decoded: &Decoded) -> Vec<String> {
    match decoded {
        Decoded::Tcf(tc) => tc.invalid().into_iter().map(|reason| format!("the TC string is {}", reason.message())).collect(),
        Decoded::Gpp(gpp) => {
            let note = |id| {
                let Some(section) = gpp.sections.iter().find(|section| section.id == id) else {
                    return Some(format!("section {id} is not known, and left out"));
                };
                let note = match &section.content {
                    Err(error) => format!("left out: {}", error.message()),
                    Ok(Section::Tcf(tc)) => tc.invalid()?.message().to_owned(),
                    Ok(_) => return None,
                };
                Some(format!("section {id} ({}) is {note}", section.name))
            };
            gpp.section_ids.iter().filter_map(note).collect()
        }
        _ => Vec::new(),
    }
}

/// A line on stdin may be this long; the rest of a longer one is passed over.
const LONGEST_LINE: u64 = 1 << 20;

fn lines(mut input: impl BufRead) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let unreadable = |error: io::Error| Failure::Input(format!("stdin cannot be read: {error}"));
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            break;
        }
        let is_cut = line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n');
        let answer = if is_cut {
            input.skip_until(b'\n').map_err(unreadable)?;
            error("the line is longer than 1 MiB")
        } else {
            match str::from_utf8(&line) {
                Ok(line) => answer(line),
                Err(_) => error("the line is not UTF-8"),
            }
        };
        if out.write_all(answer.as_bytes()).is_err() {
            // Whoever closed stdout does not want the rest.
            break;
        }
    }
    let _ = out.flush();
    Ok(())
}

fn answer(line: &str) -> String {
    match Decoded::decode(line) {
        Err(problem) => error(&problem.message()),
        Ok(decoded) => {
            let mut out = String::new();
            push_decoded(&mut out, &decoded);
            out + "\n"
        }
    }
}

fn error(message: &str) -> String {
    let mut out = String::from("{");
    json::push_text(&mut out, "error", message);
    out + "}\n"
}
