//! Effects as JSON that a person can read: JSON inside a text is shown as JSON, a text of several lines as a list of lines, and
//! a very long text by its size, its checksum and its ends. Nothing that differs looks the same.

use super::raw::{members, minified};
use serde_json::json;
use tidegate_core::Effect;

const LONG: usize = 4000;
const SHOWN: usize = 60;

pub(super) fn list(effects: &[Effect]) -> String {
    let shown: Vec<String> = effects.iter().map(one).collect();
    format!("[{}]", shown.join(","))
}

fn one(effect: &Effect) -> String {
    let text = serde_json::to_string(effect).unwrap();
    let shown: Vec<String> =
        members(&text).unwrap().iter().map(|(key, raw)| format!("{}:{}", json!(key), value(raw.get()))).collect();
    format!("{{{}}}", shown.join(","))
}

fn value(raw: &str) -> String {
    let Ok(text) = serde_json::from_str::<String>(raw) else { return raw.to_owned() };
    if text.len() > LONG {
        let ends = |chars: Vec<char>| chars.into_iter().collect::<String>();
        let begins = ends(text.chars().take(SHOWN).collect());
        let end = ends(text.chars().skip(text.chars().count() - SHOWN).collect());
        let sum = format!("{:016x}", checksum(&text));
        return json!({ "bytes": text.len(), "checksum": sum, "begins": begins, "ends": end }).to_string();
    }
    let nested = text.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(&text).is_ok();
    if nested && minified(&text) == text {
        return text;
    }
    if text.contains('\n') {
        return json!(text.split('\n').collect::<Vec<_>>()).to_string();
    }
    raw.to_owned()
}

/// FNV-1a.
fn checksum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
