//! Snowflake: <https://docs.snowflake.com/en/sql-reference/sql/copy-into-table>.

use super::{columns, quote};
use crate::manifest::Manifest;
use crate::options::Format;
use crate::value::Type;

const BEGINNING: &str = "\
-- Copy this directory to the stage first, for instance with: snow stage copy . @TIDEGATE --recursive
-- A stage in cloud storage does as well: CREATE STAGE TIDEGATE URL = ...
CREATE STAGE IF NOT EXISTS TIDEGATE;
-- Times in the files are UTC.
ALTER SESSION SET TIMEZONE = 'UTC';
";

pub(super) fn script(manifest: &Manifest) -> String {
    let format = match manifest.format {
        Format::Parquet => "TYPE = PARQUET USE_LOGICAL_TYPE = TRUE",
        Format::Ndjson => "TYPE = JSON",
    };
    let mut script = BEGINNING.to_owned();
    for table in &manifest.tables {
        let name = upper(&table.name);
        let columns = columns(table, upper, kind).join(",\n");
        script += &format!("\nCREATE OR REPLACE TABLE {name} (\n{columns}\n);\n");
        script += &format!("COPY INTO {name} FROM @TIDEGATE/{}/\n", table.name);
        script += &format!("  FILE_FORMAT = ({format})\n  MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE;\n");
    }
    script
}

/// What is not quoted is upper case to Snowflake, so that queries need no quotes.
fn upper(name: &str) -> String {
    quote('"', &name.to_ascii_uppercase())
}

fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Boolean => "BOOLEAN",
        Type::Integer => "BIGINT",
        Type::Double => "DOUBLE",
        Type::Text => "VARCHAR",
        Type::Timestamp => "TIMESTAMP_TZ",
    }
}
