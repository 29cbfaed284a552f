//! `tidegate export`.

use crate::usage::{self, Failure};
use lexopt::{Arg, Parser, ValueExt};
use std::path::PathBuf;
use tidegate_warehouse::{Format, Options, export};

/// Writes the warehouse tables of a store.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let (mut store, mut format, mut out): (Option<PathBuf>, Option<Format>, Option<PathBuf>) = (None, None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("store") => store = Some(arguments.value()?.into()),
            Arg::Long("format") => format = Some(arguments.value()?.string()?.parse().map_err(Failure::Usage)?),
            Arg::Long("out") => out = Some(arguments.value()?.into()),
            Arg::Long("help") | Arg::Short('h') => return usage::print(usage::EXPORT),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let (Some(store), Some(format), Some(out)) = (store, format, out) else {
        let what =
            "export takes a store, a format and a directory: tidegate export --store FILE --format parquet|ndjson --out DIR";
        return Err(Failure::Usage(what.into()));
    };
    let failure = |error: &dyn std::fmt::Display| Failure::Input(format!("tidegate: {error}"));
    let manifest = export(&Options { store, format, out }).map_err(|error| failure(&error))?;
    usage::print(&(manifest.text().map_err(|error| failure(&error))? + "\n"))
}
