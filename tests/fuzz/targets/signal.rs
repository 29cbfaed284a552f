//! What a page's consent platform may hand in: the first line is the source, the rest its signal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_core::effect::Part;
use tidegate_core::{Input, Now, Runtime};

const CONFIG: &str = r#"{"version":1,"consent":{"purposes":{
    "a":{"tcf":{"purposes":[1,8],"specialFeatures":[1]}},"b":{"gpp":["sale","sharing","targeted"]},"c":{"usp":["sale"]}},
    "vendors":{"v":{"tcf":{"id":21,"purposes":[1,4],"legIntPurposes":[7],"flexiblePurposes":[7]}}}},
  "destinations":[{"id":"d","kind":"segment","url":"/d","consent":{"allOf":["a"],"vendor":"v"}}]}"#;

fuzz_target!(|text: &str| {
    let now = Now { wall: 1_760_000_000_000, mono: 0 };
    let (source, signal) = text.split_once('\n').unwrap_or(("tcf", text));
    let Some(mut core) = Runtime::start(CONFIG, "{}", [7; 32]) else { return };
    core.handle(Input::Part { part: Part::Strings, ok: true }, now);
    core.handle(Input::Signal { source, text: signal }, now);
    let _ = core.explain(None);
});
