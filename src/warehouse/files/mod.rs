//! The file of one table's day.

mod ndjson;
mod parquet;

use crate::error::ExportError;
use crate::options::Format;
use crate::table::Layout;
use crate::value::Value;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// A file that is being written.
pub(crate) struct Writer<'a> {
    path: PathBuf,
    of: Of<'a>,
}

enum Of<'a> {
    Parquet(Box<parquet::Writer<'a>>),
    Ndjson(ndjson::Writer<'a>),
}

impl<'a> Writer<'a> {
    /// Begins a file for rows of a table.
    pub(crate) fn create(format: Format, path: &Path, table: &'a Layout) -> Result<Self, ExportError> {
        let path = path.to_owned();
        let file = match File::create_new(&path) {
            Ok(file) => BufWriter::new(file),
            Err(error) => return Err(ExportError::File(path, error)),
        };
        let of = match format {
            Format::Ndjson => Of::Ndjson(ndjson::Writer::new(file, table)),
            Format::Parquet => match parquet::Writer::new(file, table) {
                Ok(writer) => Of::Parquet(Box::new(writer)),
                Err(error) => return Err(ExportError::Parquet(path, error)),
            },
        };
        Ok(Writer { path, of })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &[Option<Value<'_>>]) -> Result<(), ExportError> {
        match &mut self.of {
            Of::Parquet(writer) => writer.push(row).map_err(|error| ExportError::Parquet(self.path.clone(), error)),
            Of::Ndjson(writer) => writer.push(row).map_err(|error| ExportError::File(self.path.clone(), error)),
        }
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<(), ExportError> {
        match self.of {
            Of::Parquet(writer) => writer.finish().map_err(|error| ExportError::Parquet(self.path, error)),
            Of::Ndjson(writer) => writer.finish().map_err(|error| ExportError::File(self.path, error)),
        }
    }
}
