//! `tidegate dead-letters`.

use crate::serve::{forward, sink};
use crate::usage::{self, Failure};
use lexopt::{Arg, Parser, ValueExt};
use serde::Serialize;
use std::path::PathBuf;
use tidegate_collector::{DeadLetter, DeadLetters, Sink, StoredEvent, Verdict, now_ms};
use tidegate_core::time::push_iso;

/// Lines written at a time.
const PAGE: usize = 500;

/// Lists what sinks refused for good, or tries it again.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let (mut store, mut is_again, mut sinks): (Option<PathBuf>, bool, Vec<Box<dyn Sink>>) = (None, false, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("store") => store = Some(arguments.value()?.into()),
            Arg::Long("again") => is_again = true,
            Arg::Long("sink") => sinks.push(sink(&arguments.value()?.string()?)?),
            Arg::Long("forward") => sinks.extend(forward(&arguments.value()?.string()?)?),
            Arg::Long("help") | Arg::Short('h') => return usage::print(usage::DEAD_LETTERS),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let Some(store) = store else {
        return Err(Failure::Usage("dead-letters takes a store: tidegate dead-letters --store FILE".into()));
    };
    if is_again == sinks.is_empty() {
        let what = "--again goes with --sink or --forward, as they were given to serve: it hands the dead letters to these";
        return Err(Failure::Usage(what.into()));
    }
    let mut letters = DeadLetters::open(&store).map_err(|error| Failure::Input(format!("{}: {error}", store.display())))?;
    if !is_again {
        return list(&letters);
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::Input(format!("tidegate: {error}")))?;
    let mut left = Vec::new();
    for sink in &sinks {
        let came = runtime.block_on(hand_over(&mut letters, &**sink))?;
        usage::print(&line(&came)?)?;
        left.extend(came.trouble.map(|reason| format!("{}: {reason}", sink.name())));
    }
    if left.is_empty() { Ok(()) } else { Err(Failure::Input(left.join("\n"))) }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    sink: &'a str,
    write_key: &'a str,
    message_id: &'a str,
    at: String,
    reason: &'a str,
    event: &'a serde_json::value::RawValue,
}

fn list(letters: &DeadLetters) -> Result<(), Failure> {
    let mut last = (0, String::new());
    loop {
        let page = letters.page(None, (last.0, &last.1), PAGE).map_err(failure)?;
        let Some(end) = page.last() else { return Ok(()) };
        last = (end.event.id, end.sink.clone());
        let lines: Vec<String> = page.iter().map(listed).collect::<Result<_, _>>()?;
        usage::print(&lines.concat())?;
    }
}

fn listed(DeadLetter { event, sink, at, reason }: &DeadLetter) -> Result<String, Failure> {
    let mut time = String::new();
    push_iso(&mut time, *at);
    let body = serde_json::from_str(&event.body).map_err(failure)?;
    line(&Listed { sink, write_key: &event.write_key, message_id: &event.message_id, at: time, reason, event: body })
}

/// What a sink made of its dead letters.
#[derive(Serialize)]
struct Came<'a> {
    sink: &'a str,
    acknowledged: usize,
    skipped: usize,
    refused: usize,
    /// Why the rest was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

async fn hand_over<'a>(letters: &mut DeadLetters, sink: &'a dyn Sink) -> Result<Came<'a>, Failure> {
    let mut came = Came { sink: sink.name(), acknowledged: 0, skipped: 0, refused: 0, trouble: None };
    let mut after = 0;
    while came.trouble.is_none() {
        let page = letters.page(Some(sink.name()), (after, sink.name()), sink.at_once().max(1)).map_err(failure)?;
        let Some(end) = page.last() else { break };
        after = end.event.id;
        let events: Vec<StoredEvent> = page.iter().map(|letter| letter.event.clone()).collect();
        let verdicts = tokio::time::timeout(sink.patience(), sink.hand_over(&events)).await.unwrap_or_default();
        for (at, letter) in page.iter().enumerate() {
            let verdict = verdicts.get(at).cloned().unwrap_or_else(|| Verdict::again("no answer in time"));
            letters.settle(letter, &verdict, now_ms()).map_err(failure)?;
            match verdict {
                Verdict::Acknowledged => came.acknowledged += 1,
                Verdict::Skipped => came.skipped += 1,
                Verdict::Refused(_) => came.refused += 1,
                Verdict::Again { reason, .. } => came.trouble = Some(reason),
            }
        }
    }
    Ok(came)
}

fn line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map(|line| line + "\n").map_err(failure)
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure::Input(format!("tidegate: {error}"))
}
