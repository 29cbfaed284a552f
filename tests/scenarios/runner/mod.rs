//! Runs a scenario: the same code natively and in a browser.

mod browser;
mod given;
mod layout;
mod raw;
mod readable;

use browser::Browser;
use given::Given;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A scenario as its file has it. What is not decided here stays text, so that a file can be written back as it was.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    title: String,
    config: Box<RawValue>,
    environment: Option<Box<RawValue>>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Milliseconds since the scenario began.
    at: u64,
    /// Which tab; the first where nothing is said.
    tab: Option<u8>,
    input: Box<RawValue>,
    effects: Option<Box<RawValue>>,
    /// When the tab wants to be woken next.
    wake: Option<u64>,
}

/// What a scenario came to.
pub(crate) struct Outcome {
    /// The file with the effects as they are.
    pub(crate) text: String,
    /// Each step that came out otherwise than the file says: what, expected, found.
    pub(crate) faults: Vec<String>,
}

/// Runs a scenario's text.
///
/// # Errors
/// What is wrong with the file.
pub(crate) fn run(text: &str) -> Result<Outcome, String> {
    let mut scenario: Scenario = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let environment = scenario.environment.as_ref().map_or("{}", |raw| raw.get());
    let mut browser = Browser::new(scenario.config.get(), environment);
    let mut faults = Vec::new();
    for (number, step) in scenario.steps.iter_mut().enumerate() {
        let place = format!("step {} ({} ms, {})", number + 1, step.at, step.input.get());
        let given: Given = serde_json::from_str(step.input.get()).map_err(|error| format!("{place}: {error}"))?;
        let tab = step.tab.unwrap_or(1);
        let effects = browser.take(tab, step.at, &given).map_err(|fault| format!("{place}: {fault}"))?;
        let found = readable::list(&effects);
        let expected = step.effects.as_ref().map_or(String::new(), |raw| raw::minified(raw.get()));
        let wake = browser.wake(tab, step.at);
        if expected != found || step.wake != wake {
            let expected = step.effects.as_ref().map_or("nothing", |raw| raw.get());
            let expected = format!("{}, wake {:?}", layout::pretty(expected, 0), step.wake);
            let found = format!("{}, wake {wake:?}", layout::pretty(&found, 0));
            faults.push(format!("{place}\n{}", difference(&expected, &found)));
        }
        step.effects = Some(RawValue::from_string(found).map_err(|error| error.to_string())?);
        step.wake = wake;
    }
    Ok(Outcome { text: layout::file(&scenario), faults })
}

/// Both texts from the line before they part.
fn difference(expected: &str, found: &str) -> String {
    let same = expected.lines().zip(found.lines()).take_while(|(one, other)| one == other).count();
    let rest = |text: &str, mark: &str| -> String {
        text.lines().skip(same.saturating_sub(1)).take(12).map(|line| format!("{mark} {line}\n")).collect()
    };
    [rest(expected, "-"), rest(found, "+")].concat()
}
