//! DuckDB: <https://duckdb.org/docs/stable/data/partitioning/hive_partitioning>.

use super::{columns, literal, quote};
use crate::manifest::{Manifest, TableEntry};
use crate::options::Format;
use crate::value::Type;

/// The day of a row's file is a column too.
const DAY: &str = "\"day\" DATE";

pub(super) fn script(manifest: &Manifest) -> String {
    let mut script = "-- Run it in this directory: duckdb warehouse.duckdb -f duckdb.sql\nBEGIN TRANSACTION;\n".to_owned();
    for table in &manifest.tables {
        let name = quote('"', &table.name);
        let mut lines = columns(table, |name| quote('"', name), kind);
        lines.push(format!("  {DAY}"));
        script += &format!("\nCREATE OR REPLACE TABLE {name} (\n{}\n);\n", lines.join(",\n"));
        script += &format!("INSERT INTO {name} BY NAME SELECT * FROM {};\n", source(manifest.format, table));
    }
    script + "\nCOMMIT;\n"
}

fn source(format: Format, table: &TableEntry) -> String {
    let files = literal(&format!("{}/*/*.{}", table.name, format.name()));
    let partitions = "hive_partitioning = true, hive_types = {'day': DATE}";
    match format {
        Format::Parquet => format!("read_parquet({files}, {partitions})"),
        Format::Ndjson => {
            let columns: Vec<String> =
                table.columns.iter().map(|column| format!("{}: {}", literal(&column.name), literal(kind(column.kind)))).collect();
            let columns = columns.join(", ");
            format!("read_json({files}, format = 'newline_delimited', columns = {{{columns}}}, {partitions})")
        }
    }
}

fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Boolean => "BOOLEAN",
        Type::Integer => "BIGINT",
        Type::Double => "DOUBLE",
        Type::Text => "VARCHAR",
        Type::Timestamp => "TIMESTAMPTZ",
    }
}
