//! What a step hands in; tests/scenarios/README.md describes it.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One input. Exactly one member is set, `args` and `times` aside.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct Given {
    pub(super) open: bool,
    pub(super) gone: bool,
    pub(super) storage_refuses: Option<bool>,
    pub(super) elsewhere: Option<BTreeMap<String, Option<Value>>>,
    pub(super) call: Option<String>,
    pub(super) args: Option<Value>,
    pub(super) times: Option<u32>,
    pub(super) page: Option<Value>,
    pub(super) consent_set: Option<Value>,
    pub(super) consent_default: Option<Value>,
    pub(super) signal: Option<Signal>,
    pub(super) data: Option<Value>,
    pub(super) identity: Option<Value>,
    pub(super) reset: bool,
    pub(super) wake: bool,
    pub(super) response: Option<Response>,
    pub(super) lock: Option<Lock>,
    pub(super) tags: Option<bool>,
    pub(super) says: Option<Vec<Value>>,
    pub(super) lifecycle: Option<String>,
    pub(super) message: Option<Value>,
    pub(super) flush: bool,
    pub(super) forget: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signal {
    pub(super) source: String,
    pub(super) reading: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Response {
    pub(super) request: u32,
    /// Without one the request failed.
    pub(super) status: Option<u16>,
    pub(super) body: Option<Value>,
    pub(super) retry_after_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    pub(super) name: String,
    pub(super) taken: bool,
}

/// A text as it is, anything else as JSON.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
