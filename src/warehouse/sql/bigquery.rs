//! BigQuery: <https://cloud.google.com/bigquery/docs/reference/standard-sql/load-statements>.

use super::{columns, literal, quote};
use crate::manifest::Manifest;
use crate::options::Format;
use crate::value::Type;

/// Where the files lie. Statements take no variable there.
const BUCKET: &str = "gs://BUCKET";

pub(super) fn script(manifest: &Manifest) -> String {
    let format = match manifest.format {
        Format::Parquet => "PARQUET",
        Format::Ndjson => "JSON",
    };
    let mut script = format!(
        "-- Copy this directory to Cloud Storage, put its place there for {BUCKET}, and run this with a default dataset:\n\
         -- sed 's|{BUCKET}|gs://your-bucket/and/folder|' bigquery.sql | bq query --use_legacy_sql=false --dataset_id=your_dataset\n"
    );
    for table in &manifest.tables {
        let folder = format!("{BUCKET}/{}", table.name);
        let columns = columns(table, |name| quote('`', name), kind).join(",\n");
        script += &format!("\nLOAD DATA OVERWRITE {} (\n{columns}\n)\nPARTITION BY `day`\n", quote('`', &table.name));
        script += &format!("FROM FILES (\n  format = '{format}',\n  uris = [{}],\n", literal(&format!("{folder}/*")));
        script += &format!("  hive_partition_uri_prefix = {}\n)\nWITH PARTITION COLUMNS (`day` DATE);\n", literal(&folder));
    }
    script
}

fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Boolean => "BOOL",
        Type::Integer => "INT64",
        Type::Double => "FLOAT64",
        Type::Text => "STRING",
        Type::Timestamp => "TIMESTAMP",
    }
}
