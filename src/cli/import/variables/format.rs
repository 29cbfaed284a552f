//! How a variable's value is put.

use crate::import::parse::{FormatValue, Param};
use crate::import::references;
use crate::import::report::Notes;
use crate::import::words::word;
use serde_json::{Map, Value};

pub(super) fn format(format: &FormatValue, notes: &mut Notes) -> Result<Option<Value>, String> {
    let mut members = Map::new();
    match word(&format.case_conversion_type).as_str() {
        "lowercase" => members.insert("case".into(), "lower".into()),
        "uppercase" => members.insert("case".into(), "upper".into()),
        _ => None,
    };
    let (null, undefined) = (&format.convert_null_to_value, &format.convert_undefined_to_value);
    if null.as_ref().map(|param| &param.value) != undefined.as_ref().map(|param| &param.value) {
        notes.change("null and undefined are one in Tidegate: both are replaced");
    }
    let replaced = [("null", undefined.as_ref().or(null.as_ref())), ("true", format.convert_true_to_value.as_ref())];
    for (key, param) in replaced.into_iter().chain([("false", format.convert_false_to_value.as_ref())]) {
        if let Some(Param { value, .. }) = param {
            if !references::pieces(value).iter().all(|piece| matches!(piece, references::Piece::Text(_))) {
                return Err("its format refers to a variable: write out the text".into());
            }
            members.insert(key.into(), value.as_str().into());
        }
    }
    Ok((!members.is_empty()).then_some(Value::Object(members)))
}
