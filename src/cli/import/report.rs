//! What became of everything in the export.

use serde::Serialize;

#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// It does what it did.
    Carried,
    /// Something is different.
    Changed,
    /// It is not in the config.
    LeftOut,
}

/// A line of the report.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) status: Status,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
}

/// What there is to say about one thing while it is translated.
#[derive(Default, Clone)]
pub(super) struct Notes {
    changes: Vec<String>,
    remarks: Vec<String>,
}

impl Notes {
    /// Something is different from what it was.
    pub(super) fn change(&mut self, what: impl Into<String>) {
        push_new(&mut self.changes, what.into());
    }

    /// Nothing is different, and still it should be known.
    pub(super) fn remark(&mut self, what: impl Into<String>) {
        push_new(&mut self.remarks, what.into());
    }

    pub(super) fn changes(&self) -> &[String] {
        &self.changes
    }

    /// What became of it, by what was noted and whether it is in the config.
    pub(super) fn entry(self, kind: &'static str, name: &str, id: &str, left_out: Option<String>) -> Entry {
        let (status, reason) = match left_out {
            Some(why) => (Status::LeftOut, why),
            None => {
                let status = if self.changes.is_empty() { Status::Carried } else { Status::Changed };
                (status, [self.changes, self.remarks].concat().join(". "))
            }
        };
        Entry { kind, name: name.to_owned(), id: id.to_owned(), status, reason }
    }
}

fn push_new(list: &mut Vec<String>, what: String) {
    if !list.contains(&what) {
        list.push(what);
    }
}
