//! NDJSON: an object a line, with every column of the table.

use crate::table::{Column, Layout};
use crate::time;
use crate::value::{Type, Value};
use std::fs::File;
use std::io::{self, BufWriter, Write};

pub(crate) struct Writer<'a> {
    file: BufWriter<File>,
    table: &'a Layout,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(file: BufWriter<File>, table: &'a Layout) -> Self {
        Writer { file, table }
    }

    pub(crate) fn push(&mut self, row: &[Option<Value<'_>>]) -> io::Result<()> {
        let mut mark = b'{';
        for (column, cell) in self.table.columns.iter().zip(row) {
            self.file.write_all(&[mark])?;
            serde_json::to_writer(&mut self.file, &column.name)?;
            self.file.write_all(b":")?;
            serde_json::to_writer(&mut self.file, &json(column, cell.as_ref()))?;
            mark = b',';
        }
        self.file.write_all(b"}\n")
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn json(column: &Column, cell: Option<&Value<'_>>) -> serde_json::Value {
    let Some(value) = cell else { return serde_json::Value::Null };
    match column.kind {
        Type::Boolean => value.boolean().into(),
        Type::Integer => value.integer().into(),
        Type::Double => value.double().into(),
        Type::Text => value.text().into(),
        Type::Timestamp => value.integer().map(time::iso).into(),
    }
}
