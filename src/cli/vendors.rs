//! `tidegate vendors`, and what `tidegate check --vendor-list` compares: vendors of a config beside IAB Europe's Global Vendor List,
//! version 3: <https://vendor-list.consensu.org/v3/vendor-list.json>

use crate::usage::{self, Failure};
use lexopt::{Arg, Parser};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// What is read of the list.
#[derive(Deserialize)]
pub(crate) struct VendorList {
    vendors: BTreeMap<String, Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    name: String,
    #[serde(default)]
    purposes: Vec<u8>,
    #[serde(default)]
    leg_int_purposes: Vec<u8>,
    #[serde(default)]
    flexible_purposes: Vec<u8>,
    #[serde(default)]
    special_features: Vec<u8>,
    deleted_date: Option<String>,
}

impl VendorList {
    /// Reads a list.
    ///
    /// # Errors
    /// A line that says what is wrong with the file.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let fault = |error: &dyn Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| fault(&format!("cannot be read: {error}")))?;
        serde_json::from_str(&text).map_err(|error| fault(&format!("is no Global Vendor List: {error}")))
    }

    /// A vendor's `tcf` as it has to stand in the config.
    ///
    /// # Errors
    /// Why the list has none of this ID.
    pub(crate) fn registered(&self, id: u64) -> Result<Value, String> {
        let Some(vendor) = self.vendors.get(&id.to_string()) else {
            return Err(format!("the list has no vendor {id}"));
        };
        if let Some(date) = &vendor.deleted_date {
            return Err(format!("vendor {id}, {}, was deleted from the list at {date}", vendor.name));
        }
        let mut tcf = Map::new();
        tcf.insert("id".into(), id.into());
        for (key, numbers) in [
            ("purposes", &vendor.purposes),
            ("legIntPurposes", &vendor.leg_int_purposes),
            ("flexiblePurposes", &vendor.flexible_purposes),
            ("specialFeatures", &vendor.special_features),
        ] {
            if !numbers.is_empty() {
                tcf.insert(key.into(), numbers.clone().into());
            }
        }
        Ok(tcf.into())
    }
}

/// The vendors of a config: each one's name, and its `tcf`.
pub(crate) fn declared(config: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let vendors = config.pointer_mut("/consent/vendors").and_then(Value::as_object_mut);
    vendors.into_iter().flatten().filter_map(|(name, vendor)| Some((name, vendor.get_mut("tcf")?)))
}

/// Prints a config with its vendors as the list has them.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(file) => files.push(file.into()),
            Arg::Long("help") | Arg::Short('h') => return usage::print(usage::VENDORS),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let [list, file] = files.as_slice() else {
        return Err(Failure::Usage("vendors takes two files: tidegate vendors <vendor-list.json> <config.json>".into()));
    };
    let fault = |pointer: &str, message: &dyn Display| format!("{}: {pointer}: {message}", file.display());
    let list = VendorList::read(list).map_err(Failure::Input)?;
    let text = std::fs::read_to_string(file).map_err(|error| Failure::Input(fault("/", &format!("cannot be read: {error}"))))?;
    let mut config: Value = serde_json::from_str(&text).map_err(|error| Failure::Input(fault("/", &error)))?;
    let mut faults = Vec::new();
    for (name, tcf) in declared(&mut config) {
        match list.registered(tcf.get("id").and_then(Value::as_u64).unwrap_or(0)) {
            Ok(registered) => *tcf = registered,
            Err(why) => faults.push(fault(&format!("/consent/vendors/{name}/tcf/id"), &why)),
        }
    }
    if !faults.is_empty() {
        return Err(Failure::Input(faults.join("\n")));
    }
    let text = serde_json::to_string_pretty(&config).map_err(|error| Failure::Input(error.to_string()))?;
    usage::print(&(text + "\n"))
}
