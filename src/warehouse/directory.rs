//! The directory of an export. Everything is written to a folder of its own within it first; then each file that differs from what is
//! there takes its place, and files that the export does not have are removed. So a run that is cut short leaves the earlier export,
//! one that finds nothing new changes no file, and one after a power failure mends what the disk did not keep.

use crate::error::ExportError;
use crate::options::Format;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Says that the directory is an export's, and keeps others out while one is under way.
const LOCK: &str = ".tidegate-export";

const STAGING: &str = ".staging";

pub(crate) struct Directory {
    path: PathBuf,
    /// In the order in which they take their places.
    staged: Vec<String>,
    _lock: File,
}

impl Directory {
    /// Takes an empty directory, or that of an earlier export; makes it if it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self, ExportError> {
        let at_fault = |at: &Path, error| ExportError::File(at.to_owned(), error);
        fs::create_dir_all(path).map_err(|error| at_fault(path, error))?;
        let lock = path.join(LOCK);
        let mut files = fs::read_dir(path).map_err(|error| at_fault(path, error))?;
        if !lock.exists() && files.next().is_some() {
            return Err(ExportError::NotAnExport(path.to_owned()));
        }
        let opened = File::options().write(true).create(true).truncate(false).open(&lock);
        let opened = opened.map_err(|error| at_fault(&lock, error))?;
        opened.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => ExportError::Busy(path.to_owned()),
            TryLockError::Error(error) => at_fault(&lock, error),
        })?;
        let directory = Directory { path: path.to_owned(), staged: Vec::new(), _lock: opened };
        directory.clear_staging()?;
        let staging = path.join(STAGING);
        fs::create_dir(&staging).map_err(|error| at_fault(&staging, error))?;
        Ok(directory)
    }

    /// Where the notes of an export may be kept until it is published.
    pub(crate) fn notes(&self) -> PathBuf {
        self.path.join(STAGING).join(".notes.db")
    }

    /// Where to write the file that is to be at `relative`; files take their places in this order.
    pub(crate) fn stage(&mut self, relative: &str) -> Result<PathBuf, ExportError> {
        let path = self.path.join(STAGING).join(relative);
        make_parent(&path)?;
        self.staged.push(relative.to_owned());
        Ok(path)
    }

    /// Stages a file with this text.
    pub(crate) fn stage_text(&mut self, relative: &str, text: &str) -> Result<(), ExportError> {
        let path = self.stage(relative)?;
        fs::write(&path, text).map_err(|error| ExportError::File(path, error))
    }

    /// Puts every staged file in its place, and removes the files of earlier exports that this one does not have.
    pub(crate) fn publish(&self) -> Result<(), ExportError> {
        for relative in &self.staged {
            let (from, to) = (self.path.join(STAGING).join(relative), self.path.join(relative));
            make_parent(&to)?;
            let replace = || -> io::Result<()> {
                if is_same(&from, &to)? {
                    return Ok(());
                }
                fs::rename(&from, &to)
            };
            replace().map_err(|error| ExportError::File(to.clone(), error))?;
        }
        self.remove_stale().map_err(|error| ExportError::File(self.path.clone(), error))?;
        self.clear_staging()
    }

    /// Nothing else than what an export may have made is removed.
    fn remove_stale(&self) -> io::Result<()> {
        let kept: BTreeSet<&str> = self.staged.iter().map(String::as_str).collect();
        for table in folders(&self.path)? {
            for day in folders(&self.path.join(&table))? {
                if !day.starts_with("day=") {
                    continue;
                }
                for name in [Format::Parquet, Format::Ndjson].map(part) {
                    let relative = format!("{table}/{day}/{name}");
                    let path = self.path.join(&relative);
                    if !kept.contains(relative.as_str()) && path.is_file() {
                        fs::remove_file(path)?;
                    }
                }
                // They stay where something else is in them.
                let _ = fs::remove_dir(self.path.join(&table).join(day));
            }
            let _ = fs::remove_dir(self.path.join(table));
        }
        Ok(())
    }

    fn clear_staging(&self) -> Result<(), ExportError> {
        let staging = self.path.join(STAGING);
        match fs::remove_dir_all(&staging) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ExportError::File(staging, error)),
            _ => Ok(()),
        }
    }
}

/// The name of a day's file.
pub(crate) fn part(format: Format) -> String {
    format!("part-0000.{}", format.name())
}

fn make_parent(path: &Path) -> Result<(), ExportError> {
    let Some(parent) = path.parent() else { return Ok(()) };
    fs::create_dir_all(parent).map_err(|error| ExportError::File(parent.to_owned(), error))
}

/// The names of the folders in a folder that begin like a table's or a day's.
fn folders(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if let (true, Ok(name)) = (entry.file_type()?.is_dir(), entry.file_name().into_string())
            && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    Ok(names)
}

/// Whether two files hold the same; one that is missing does not.
fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    let Ok(of_b) = fs::metadata(b) else { return Ok(false) };
    if fs::metadata(a)?.len() != of_b.len() {
        return Ok(false);
    }
    let (mut a, mut b) = (BufReader::new(File::open(a)?), BufReader::new(File::open(b)?));
    loop {
        let (of_a, of_b) = (a.fill_buf()?, b.fill_buf()?);
        let length = of_a.len().min(of_b.len());
        if of_a.get(..length) != of_b.get(..length) {
            return Ok(false);
        }
        if length == 0 {
            return Ok(of_a.is_empty() && of_b.is_empty());
        }
        a.consume(length);
        b.consume(length);
    }
}
