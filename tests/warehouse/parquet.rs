//! Reads Parquet back.

use crate::store::Row;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use serde_json::Value;
use std::fs::File;
use std::path::Path;

pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().get_column_iter().map(|(name, field)| (name.clone(), json(field))).collect()).collect()
}

/// As the NDJSON has it.
fn json(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => (*value).into(),
        Field::Long(value) => (*value).into(),
        Field::Double(value) => (*value).into(),
        Field::Str(value) => value.as_str().into(),
        Field::TimestampMicros(micros) => iso(*micros).into(),
        other => panic!("{other:?}"),
    }
}

fn iso(micros: i64) -> String {
    let mut text = String::new();
    tidegate_core::time::push_iso(&mut text, (micros / 1_000) as u64);
    match micros % 1_000 {
        0 => text,
        rest => format!("{}{rest:03}Z", text.trim_end_matches('Z')),
    }
}
