//! Parquet: <https://parquet.apache.org/docs/file-format/>. Rows are gathered by column until there are enough for a row group.

use crate::table::{Column, Layout};
use crate::value::{Type, Value};
use ::parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::errors::Result;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

/// What a row group holds at most, in cells and in bytes of text: it bounds what is in memory.
const MAX_CELLS: usize = 1 << 21;
const MAX_TEXT: usize = 32 << 20;

pub(crate) struct Writer<'a> {
    file: SerializedFileWriter<BufWriter<File>>,
    table: &'a Layout,
    group: Vec<Cells>,
    cells: usize,
    text: usize,
}

/// The cells of a column in this row group.
struct Cells {
    values: Values,
    /// 1 where a row has a value, 0 where it has none.
    levels: Vec<i16>,
}

enum Values {
    Boolean(Vec<bool>),
    Integer(Vec<i64>),
    Double(Vec<f64>),
    Text(Vec<ByteArray>),
}

impl<'a> Writer<'a> {
    pub(crate) fn new(file: BufWriter<File>, table: &'a Layout) -> Result<Self> {
        let fields = table.columns.iter().map(|column| Ok(Arc::new(field(column)?))).collect::<Result<_>>()?;
        let schema = types::Type::group_type_builder("schema").with_fields(fields).build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("tidegate ", env!("CARGO_PKG_VERSION")).to_owned());
        let file = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build()))?;
        Ok(Writer { file, table, group: empty(table), cells: 0, text: 0 })
    }

    pub(crate) fn push(&mut self, row: &[Option<Value<'_>>]) -> Result<()> {
        for (cells, value) in self.group.iter_mut().zip(row) {
            self.text += cells.push(value.as_ref());
        }
        self.cells += row.len();
        if self.cells >= MAX_CELLS || self.text >= MAX_TEXT { self.end_group() } else { Ok(()) }
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        self.end_group()?;
        self.file.close().map(drop)
    }

    fn end_group(&mut self) -> Result<()> {
        if self.cells == 0 {
            return Ok(());
        }
        let group = std::mem::replace(&mut self.group, empty(self.table));
        (self.cells, self.text) = (0, 0);
        let mut writer = self.file.next_row_group()?;
        for cells in group {
            let Some(mut column) = writer.next_column()? else { break };
            cells.write(&mut column)?;
            column.close()?;
        }
        writer.close().map(drop)
    }
}

impl Cells {
    /// Adds a row's value; tells its bytes of text.
    fn push(&mut self, value: Option<&Value<'_>>) -> usize {
        let (is_some, bytes) = match (&mut self.values, value) {
            (_, None) => (false, 0),
            (Values::Boolean(list), Some(value)) => (push(list, value.boolean()), 0),
            (Values::Integer(list), Some(value)) => (push(list, value.integer()), 0),
            (Values::Double(list), Some(value)) => (push(list, value.double()), 0),
            (Values::Text(list), Some(value)) => {
                let text = value.text();
                let bytes = text.as_ref().map_or(0, |text| text.len());
                (push(list, text.map(|text| ByteArray::from(text.into_owned().into_bytes()))), bytes)
            }
        };
        self.levels.push(is_some.into());
        bytes
    }

    fn write(&self, column: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = Some(self.levels.as_slice());
        let written = match &self.values {
            Values::Boolean(list) => column.typed::<BoolType>().write_batch(list, levels, None),
            Values::Integer(list) => column.typed::<Int64Type>().write_batch(list, levels, None),
            Values::Double(list) => column.typed::<DoubleType>().write_batch(list, levels, None),
            Values::Text(list) => column.typed::<ByteArrayType>().write_batch(list, levels, None),
        };
        written.map(drop)
    }
}

fn push<T>(list: &mut Vec<T>, value: Option<T>) -> bool {
    let is_some = value.is_some();
    list.extend(value);
    is_some
}

fn empty(table: &Layout) -> Vec<Cells> {
    let values = |column: &Column| match column.kind {
        Type::Boolean => Values::Boolean(Vec::new()),
        Type::Integer | Type::Timestamp => Values::Integer(Vec::new()),
        Type::Double => Values::Double(Vec::new()),
        Type::Text => Values::Text(Vec::new()),
    };
    table.columns.iter().map(|column| Cells { values: values(column), levels: Vec::new() }).collect()
}

fn field(column: &Column) -> Result<types::Type> {
    let (physical, logical) = match column.kind {
        Type::Boolean => (Physical::BOOLEAN, None),
        Type::Integer => (Physical::INT64, None),
        Type::Double => (Physical::DOUBLE, None),
        Type::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Type::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    types::Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}
