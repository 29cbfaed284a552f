//! What fuzzing found worth keeping, run once more: `tests/fuzz/corpus` grows with new ways through the decoders, and every crash is
//! kept in `tests/fuzz/crashes`.

use std::path::Path;
use tidegate_core::consent::decode::{CookieConsent, Decoded, GppString, OptanonConsent, TcString, UsPrivacy, push_decoded};
use tidegate_core::effect::Part;
use tidegate_core::{Input, Now, Runtime};

const CONFIG: &str = r#"{"version":1,"consent":{"purposes":{"a":{"tcf":{"purposes":[1,8]}},"b":{"gpp":["sale"]}},
  "vendors":{"v":{"tcf":{"id":21,"purposes":[1,4],"legIntPurposes":[7],"flexiblePurposes":[7]}}}},
  "destinations":[{"id":"d","kind":"segment","url":"/d","consent":{"allOf":["a"],"vendor":"v"}}]}"#;

fn survives(text: &str) {
    let _ = (TcString::decode(text), GppString::decode(text), UsPrivacy::decode(text));
    let _ = (OptanonConsent::decode(text), CookieConsent::decode(text));
    if let Ok(decoded) = Decoded::decode(text) {
        push_decoded(&mut String::new(), &decoded);
    }
    let now = Now { wall: 1_760_000_000_000, mono: 0 };
    let (source, signal) = text.split_once('\n').unwrap_or(("tcf", text));
    let mut core = Runtime::start(CONFIG, "{}", [7; 32]).unwrap();
    core.handle(Input::Part { part: Part::Strings, ok: true }, now);
    core.handle(Input::Signal { source, text: signal }, now);
}

#[test]
fn nothing_that_fuzzing_kept_stops_a_decoder() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz");
    let mut kept = 0;
    for folder in ["corpus", "crashes"] {
        for target in std::fs::read_dir(fuzz.join(folder)).into_iter().flatten() {
            for file in std::fs::read_dir(target.unwrap().path()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                survives(&text);
                crate::storage::nothing_stops_it(&text);
                crate::storage::good_page_is_sent(&text);
                kept += 1;
            }
        }
    }
    assert!(kept > 50, "only {kept} were found");
}
