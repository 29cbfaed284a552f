//! Statements that make the tables in a warehouse and load them. They make each table anew, so that running them again changes nothing.
//! Every name in them is an identifier of `a-z`, `0-9` and `_` already, and is quoted nonetheless, so that words of the language are names.

mod bigquery;
mod duckdb;
mod snowflake;

use crate::manifest::{Manifest, TableEntry};
use crate::value::Type;

/// The scripts, by their files' names.
pub(crate) fn scripts(manifest: &Manifest) -> [(&'static str, String); 3] {
    [
        ("bigquery.sql", bigquery::script(manifest)),
        ("duckdb.sql", duckdb::script(manifest)),
        ("snowflake.sql", snowflake::script(manifest)),
    ]
}

/// An identifier between two of these marks.
fn quote(mark: char, name: &str) -> String {
    let doubled = name.replace(mark, &format!("{mark}{mark}"));
    format!("{mark}{doubled}{mark}")
}

/// A text.
fn literal(text: &str) -> String {
    quote('\'', text)
}

/// The columns of a table with their types, a line each.
fn columns(table: &TableEntry, name: impl Fn(&str) -> String, kind: impl Fn(Type) -> &'static str) -> Vec<String> {
    table.columns.iter().map(|column| format!("  {} {}", name(&column.name), kind(column.kind))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_itself() {
        assert_eq!(quote('"', "a\"; DROP TABLE b; --"), "\"a\"\"; DROP TABLE b; --\"");
        assert_eq!(literal("it's"), "'it''s'");
    }
}
