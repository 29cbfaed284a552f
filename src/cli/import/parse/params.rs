//! Parameters, of which an export mostly consists, and values that may be written in several ways.

use crate::import::words::word;
use serde::{Deserialize, Deserializer};

/// A parameter: a text, a list or a map of parameters.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(crate) struct Param {
    #[serde(rename = "type", deserialize_with = "scalar")]
    kind: String,
    #[serde(deserialize_with = "scalar")]
    key: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) value: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) list: Vec<Param>,
    #[serde(deserialize_with = "or_default")]
    map: Params,
}

impl Param {
    fn each_text(&self, hear: &mut dyn FnMut(&str)) {
        hear(&self.value);
        self.list.iter().for_each(|param| param.each_text(hear));
        self.map.each_text(hear);
    }

    pub(crate) fn is_true(&self) -> bool {
        word(&self.value) == "true"
    }

    /// Whether it names a tag instead of holding a text.
    pub(crate) fn is_tag_reference(&self) -> bool {
        word(&self.kind) == "tagreference"
    }
}

/// The parameters of something, by key.
#[derive(Deserialize, Default, Clone)]
#[serde(transparent)]
pub(crate) struct Params(pub(crate) Vec<Param>);

impl Params {
    pub(crate) fn find(&self, key: &str) -> Option<&Param> {
        self.0.iter().find(|param| param.key == key)
    }

    /// Its text, empty where there is none.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.find(key).map_or("", |param| &param.value)
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.find(key).is_some_and(Param::is_true)
    }

    /// The keys of those that say something.
    pub(crate) fn said(&self) -> Vec<&str> {
        let says = |param: &&Param| !matches!(word(&param.value).as_str(), "" | "false") || !param.list.is_empty();
        self.0.iter().filter(says).map(|param| param.key.as_str()).collect()
    }

    /// Hands over every text, at any depth.
    pub(crate) fn each_text(&self, hear: &mut dyn FnMut(&str)) {
        for param in &self.0 {
            param.each_text(hear);
        }
    }

    /// The rows of a table, each as the texts of two columns.
    pub(crate) fn rows(&self, key: &str, columns: [&str; 2]) -> Vec<(String, String)> {
        let rows = self.find(key).map_or(&[][..], |param| &param.list);
        rows.iter().map(|row| (row.map.text(columns[0]).to_owned(), row.map.text(columns[1]).to_owned())).collect()
    }
}

/// `null` is taken as nothing.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, a number or a flag")]
enum Scalar {
    Text(String),
    Flag(bool),
    Number(serde_json::Number),
    Nothing,
}

impl From<Scalar> for String {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Text(text) => text,
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Nothing => String::new(),
        }
    }
}

pub(super) fn scalar<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Scalar::deserialize(from).map(String::from)
}

pub(super) fn scalars<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let list: Option<Vec<Scalar>> = Option::deserialize(from)?;
    Ok(list.unwrap_or_default().into_iter().map(String::from).collect())
}
