//! Variables: named values that conditions and tag parameters read. A closed set, one file a kind.

mod address;
mod format;
mod lookup;
mod page;
mod regex_table;

use super::scene::Scene;
use crate::config::{Hear, Place, check};
use crate::json::{Paths, digits, elements, flag, kind, list, member, number, push_string, text, text_of};
use crate::mapping;
use crate::text::concat;
use address::Address;
use format::Format;
use lookup::Lookup;
use regex_table::RegexTable;
use std::borrow::Cow;

/// A named value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Variable {
    pub(crate) id: String,
    kind: Kind,
    default: String,
    format: Format,
    /// The variables it refers to.
    uses: Vec<usize>,
}

#[derive(Clone, PartialEq, Debug)]
enum Kind {
    /// Places among [`Variables::data`] and [`Variables::properties`].
    Data(At),
    Property(At),
    /// A path into the finished event.
    Event(String),
    Constant(String),
    /// A place among [`Variables::page`].
    Page(usize),
    Address(Address),
    Lookup(Lookup),
    RegexTable(RegexTable),
    /// The smallest and the largest.
    Random(u32, u32),
    /// Of a purpose.
    Consent(String),
}

/// Where the value of a path is, and where that of what it is the `length` of.
#[derive(Clone, Copy, PartialEq, Debug)]
struct At {
    whole: usize,
    measured: Option<usize>,
}

impl At {
    fn of(path: &str, paths: &mut Paths) -> At {
        At { whole: paths.add(path), measured: path.strip_suffix(".length").map(|path| paths.add(path)) }
    }

    fn value<'a>(self, find: impl Fn(usize) -> Option<&'a str>) -> Option<Cow<'a, str>> {
        find(self.whole).map(Cow::Borrowed).or_else(|| length(find(self.measured?)?))
    }
}

/// The shape of a variable.
const VARIABLE: &str = r##"{"id!":"name","kind!":{"data":{"path!":"name"},"property":{"path!":"name"},"event":{"path!":"name"},
"constant":{"value!":"any"},"cookie":{"name!":"name","decode":"flag"},"element":{"selector!":"name","attribute":"name"},
"global":{"path!":"name"},"device":{"fact!":["userAgent","language","timezone","screenWidth","screenHeight","viewportWidth","viewportHeight","pixelRatio","online"]},
"url":{"part":["url","protocol","host","port","path","extension","query","fragment"],"key":"name","stripWww":"flag","of":"name"},
"referrer":{"part":["url","protocol","host","port","path","extension","query","fragment"],"key":"name","stripWww":"flag","of":"name"},
"utm":{"key!":"name"},
"lookup":{"input!":"name","rows!":{"[]":{"is!":"any","value!":"any"}}},
"regex-table":{"input!":"name","rows!":{"[]":{"matches!":"text","value!":"any"}},"ignoreCase":"flag","full":"flag"},
"random":{"min":2147483647,"max":2147483647},"consent":{"purpose!":"name"}},"default":"any",
"format":{"case":["lower","upper"],"trim":"flag","null":"any","true":"any","false":"any"}}"##;

/// All variables of a config, and what has to be read for them.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Variables {
    pub(crate) all: Vec<Variable>,
    /// Sorted, with the places in `all`.
    names: Vec<(String, usize)>,
    pub(super) data: Paths,
    pub(super) properties: Paths,
    /// What the page is asked: see `js/page-reads.ts`.
    pub(super) page: Vec<String>,
    /// Whether each reads the page, itself or by others.
    reads_page: Vec<bool>,
}

impl Variables {
    /// Reads and checks those of a config.
    pub(super) fn read(document: &str, root: &Place<'_>, faults: &mut impl Hear) -> Self {
        let mut variables = Variables::default();
        for (at, raw) in list(document, "variables").enumerate() {
            let id = text(raw, "id").into_owned();
            let place = variables.names.partition_point(|(known, _)| *known <= id);
            variables.names.insert(place, (id, at));
        }
        for (at, raw) in list(document, "variables").enumerate() {
            let place = &root.key("variables");
            let variable = variables.read_one(raw, &place.item(at), faults);
            variables.all.push(variable);
        }
        variables.check_circles(root, faults);
        for at in 0..variables.all.len() {
            let reads = variables.reaches_page(at, variables.all.len());
            variables.reads_page.push(reads);
        }
        variables
    }

    /// Whether one of them is.
    pub(super) fn is_random(&self) -> bool {
        self.all.iter().any(|variable| matches!(variable.kind, Kind::Random(..)))
    }

    /// The place of a variable.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        let at = self.names.binary_search_by(|(name, _)| name.as_str().cmp(id)).ok()?;
        self.names.get(at).map(|(_, at)| *at)
    }

    /// The place of a variable that the config names; a fault where there is none.
    pub(super) fn named(&self, id: &str, place: &Place<'_>, faults: &mut impl Hear) -> usize {
        self.find(id).unwrap_or_else(|| {
            faults.add(place, || concat(&["\"", id, "\" is not a variable of this config: add it under \"variables\""]));
            usize::MAX
        })
    }

    /// The variables that a raw value refers to; a fault for what is neither one nor of the event.
    pub(super) fn referred(&self, raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> Vec<usize> {
        let mut found = Vec::new();
        for reference in mapping::references(raw) {
            match self.find(&reference) {
                Some(at) => found.push(at),
                None if reference.starts_with("event.") => {}
                None => faults.add(place, || {
                    let advice = "}} is no variable of this config, and no {{event.…}}: add it under \"variables\"";
                    concat(&["{{", &reference, advice])
                }),
            }
        }
        found
    }

    /// Whether one of these reads the page.
    pub(super) fn read_page(&self, variables: &[usize]) -> bool {
        variables.iter().any(|at| self.reads_page.get(*at) == Some(&true))
    }

    /// The place of a question among those that the page is asked.
    fn asks_page(&mut self, question: &str) -> usize {
        self.page.iter().position(|known| *known == question).unwrap_or_else(|| {
            self.page.push(question.to_owned());
            self.page.len() - 1
        })
    }

    fn read_one(&mut self, raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> Variable {
        check(VARIABLE, raw, place, faults);
        let mut uses = Vec::new();
        let word = text(raw, "kind");
        let kind = match &*word {
            "data" => Kind::Data(At::of(&text(raw, "path"), &mut self.data)),
            "property" => Kind::Property(At::of(&text(raw, "path"), &mut self.properties)),
            "event" => Kind::Event(text(raw, "path").into_owned()),
            "url" | "referrer" | "utm" => {
                let address = Address::read(raw, self, place, faults);
                uses.extend(address.of);
                Kind::Address(address)
            }
            "cookie" | "element" | "global" | "device" => Kind::Page(self.asks_page(&page::question(&word, raw))),
            "lookup" => {
                let lookup = Lookup::read(raw, self, place, &mut uses, faults);
                Kind::Lookup(lookup)
            }
            "regex-table" => {
                let table = RegexTable::read(raw, self, place, &mut uses, faults);
                Kind::RegexTable(table)
            }
            "random" => {
                let (min, max) = (number(raw, "min", 0), number(raw, "max", i32::MAX as u32));
                if min > max {
                    faults.add(&place.key("min"), || "is more than \"max\"".into());
                }
                Kind::Random(min, max)
            }
            "consent" => Kind::Consent(text(raw, "purpose").into_owned()),
            _ => {
                uses.extend(self.referred(member(raw, "value").unwrap_or(""), &place.key("value"), faults));
                Kind::Constant(member(raw, "value").unwrap_or("null").to_owned())
            }
        };
        uses.extend(self.referred(member(raw, "default").unwrap_or(""), &place.key("default"), faults));
        Variable {
            id: text(raw, "id").into_owned(),
            kind,
            default: member(raw, "default").unwrap_or("null").to_owned(),
            format: Format::read(member(raw, "format").unwrap_or("")),
            uses,
        }
    }

    fn reaches_page(&self, at: usize, depth: usize) -> bool {
        let Some(variable) = self.all.get(at).filter(|_| depth > 0) else { return false };
        let reads = match &variable.kind {
            Kind::Page(_) => true,
            Kind::Address(address) => address.of.is_none(),
            _ => false,
        };
        reads || variable.uses.iter().any(|used| self.reaches_page(*used, depth - 1))
    }

    /// Notes variables that rest on themselves.
    fn check_circles(&mut self, root: &Place<'_>, faults: &mut impl Hear) {
        for at in 0..self.all.len() {
            if self.reaches(at, at, self.all.len()) {
                let place = &root.key("variables");
                let id = self.all.get(at).map_or("", |variable| variable.id.as_str());
                faults.add(&place.item(at), || {
                    concat(&["\"", id, "\" refers to itself, by other variables or at once: break the circle"])
                });
                if let Some(variable) = self.all.get_mut(at) {
                    variable.uses.clear();
                }
            }
        }
    }

    fn reaches(&self, from: usize, wanted: usize, depth: usize) -> bool {
        let uses = self.all.get(from).map_or(&[][..], |variable| &variable.uses);
        depth > 0 && uses.iter().any(|used| *used == wanted || self.reaches(*used, wanted, depth - 1))
    }
}

impl Variable {
    /// The value as raw JSON.
    pub(super) fn value<'a>(&'a self, scene: &Scene<'a>) -> Cow<'a, str> {
        let found = self.found(scene);
        let value = found.filter(|raw| kind(raw) != crate::json::Kind::Null).unwrap_or_else(|| scene.filled(&self.default));
        self.format.apply(value)
    }

    fn found<'a>(&'a self, scene: &Scene<'a>) -> Option<Cow<'a, str>> {
        match &self.kind {
            Kind::Data(at) => at.value(|at| scene.data(at)),
            Kind::Property(at) => at.value(|at| scene.property(at)),
            Kind::Event(path) => crate::json::at_path(&scene.event(), path).map(|raw| Cow::Owned(raw.to_owned())),
            Kind::Constant(raw) => Some(scene.filled(raw)),
            Kind::Page(at) => scene.page(*at).map(Cow::Borrowed),
            Kind::Address(address) => address.value(scene),
            Kind::Lookup(lookup) => lookup.value(scene),
            Kind::RegexTable(table) => table.value(scene),
            Kind::Random(min, max) => {
                let among = f64::from(max.saturating_sub(*min)) + 1.0;
                Some(Cow::Owned(digits(u64::from(*min) + (scene.random(0) * among) as u64)))
            }
            Kind::Consent(purpose) => {
                let path = concat(&["context.consent.categoryPreferences.", purpose]);
                Some(Cow::Borrowed(match crate::json::at_path(&scene.event(), &path) {
                    Some("true") => "\"granted\"",
                    Some("false") => "\"denied\"",
                    _ => "\"unknown\"",
                }))
            }
        }
    }
}

/// The length of a list or text, as JavaScript has it.
fn length(raw: &str) -> Option<Cow<'static, str>> {
    let length = match kind(raw) {
        crate::json::Kind::Array => elements(raw).count(),
        crate::json::Kind::String => text_of(raw).encode_utf16().count(),
        _ => return None,
    };
    Some(Cow::Owned(digits(length as u64)))
}

/// A text as a raw value.
fn raw_text(text: &str) -> Cow<'static, str> {
    let mut raw = String::new();
    push_string(&mut raw, text);
    Cow::Owned(raw)
}

/// The rows of a table: raw value of `key`, raw `value`.
fn rows<'a>(raw: &'a str, key: &str) -> impl Iterator<Item = (Cow<'a, str>, &'a str)> {
    list(raw, "rows").map(move |row| (text_of(member(row, key).unwrap_or("")), member(row, "value").unwrap_or("null")))
}

/// A member that is a flag, true where it is left out.
fn flag_on(raw: &str, key: &str) -> bool {
    flag(raw, key, true)
}
