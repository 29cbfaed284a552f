//! The export's types, as far as the importer reads them. What is missing is empty: Google leaves out what it does not need, and files are
//! written by hand too.

use super::words::word;
use serde::{Deserialize, Deserializer};

/// Reads an export. A fault is where it is, as a JSON pointer, and what to do.
pub(super) fn parse(text: &str) -> Result<Version, (String, String)> {
    let mut json = serde_json::Deserializer::from_str(text);
    let export: Export = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let what = error.into_inner();
        let advice = match what.classify() {
            serde_json::error::Category::Data => "export the container from Google Tag Manager anew, or write what is asked for",
            _ => "it is no JSON: export the container from Google Tag Manager anew",
        };
        (pointer, format!("{what}; {advice}"))
    })?;
    json.end().map_err(|error| (String::new(), format!("{error}: remove what follows the document")))?;
    export.container_version.ok_or_else(|| {
        let what = "\"containerVersion\" is missing: this is no export of a container. In Google Tag Manager, choose Admin, Export Container";
        (String::new(), what.to_owned())
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    path.iter().map(step).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Export {
    #[serde(default)]
    container_version: Option<Version>,
}

/// One version of a container: all that is in it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Version {
    #[serde(deserialize_with = "scalar")]
    pub(super) container_version_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) container: Container,
    #[serde(deserialize_with = "or_default")]
    pub(super) tag: Vec<Tag>,
    #[serde(deserialize_with = "or_default")]
    pub(super) trigger: Vec<Trigger>,
    #[serde(deserialize_with = "or_default")]
    pub(super) variable: Vec<Variable>,
    #[serde(deserialize_with = "or_default")]
    pub(super) built_in_variable: Vec<BuiltIn>,
    #[serde(deserialize_with = "or_default")]
    pub(super) custom_template: Vec<CustomTemplate>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Container {
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) public_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) usage_context: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Tag {
    #[serde(deserialize_with = "scalar")]
    pub(super) tag_id: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub(super) kind: String,
    #[serde(rename = "parameter", deserialize_with = "or_default")]
    pub(super) params: Params,
    #[serde(deserialize_with = "scalars")]
    pub(super) firing_trigger_id: Vec<String>,
    #[serde(deserialize_with = "scalars")]
    pub(super) blocking_trigger_id: Vec<String>,
    #[serde(deserialize_with = "scalar")]
    pub(super) tag_firing_option: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) priority: Param,
    #[serde(deserialize_with = "or_default")]
    pub(super) paused: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) setup_tag: Vec<Sequel>,
    #[serde(deserialize_with = "or_default")]
    pub(super) teardown_tag: Vec<Sequel>,
    #[serde(deserialize_with = "or_default")]
    pub(super) consent_settings: ConsentSettings,
    #[serde(deserialize_with = "scalar")]
    pub(super) schedule_start_ms: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) schedule_end_ms: String,
}

/// A tag that runs before or after another.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Sequel {
    #[serde(deserialize_with = "scalar")]
    pub(super) tag_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) stop_on_setup_failure: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) stop_teardown_on_failure: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ConsentSettings {
    #[serde(deserialize_with = "scalar")]
    pub(super) consent_status: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) consent_type: Param,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Trigger {
    #[serde(deserialize_with = "scalar")]
    pub(super) trigger_id: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub(super) kind: String,
    #[serde(rename = "parameter", deserialize_with = "or_default")]
    pub(super) params: Params,
    #[serde(deserialize_with = "or_default")]
    pub(super) filter: Vec<Condition>,
    #[serde(deserialize_with = "or_default")]
    pub(super) auto_event_filter: Vec<Condition>,
    #[serde(deserialize_with = "or_default")]
    pub(super) custom_event_filter: Vec<Condition>,
    #[serde(deserialize_with = "or_default")]
    pub(super) wait_for_tags: Param,
    #[serde(deserialize_with = "or_default")]
    pub(super) check_validation: Param,
    #[serde(deserialize_with = "or_default")]
    pub(super) interval: Param,
    #[serde(deserialize_with = "or_default")]
    pub(super) limit: Param,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Condition {
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub(super) kind: String,
    #[serde(rename = "parameter", deserialize_with = "or_default")]
    pub(super) params: Params,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Variable {
    #[serde(deserialize_with = "scalar")]
    pub(super) variable_id: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub(super) kind: String,
    #[serde(rename = "parameter", deserialize_with = "or_default")]
    pub(super) params: Params,
    #[serde(deserialize_with = "or_default")]
    pub(super) format_value: FormatValue,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FormatValue {
    #[serde(deserialize_with = "scalar")]
    pub(super) case_conversion_type: String,
    pub(super) convert_null_to_value: Option<Param>,
    pub(super) convert_undefined_to_value: Option<Param>,
    pub(super) convert_true_to_value: Option<Param>,
    pub(super) convert_false_to_value: Option<Param>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct BuiltIn {
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub(super) kind: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomTemplate {
    #[serde(deserialize_with = "scalar")]
    pub(super) template_id: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) template_data: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) gallery_reference: Gallery,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Gallery {
    #[serde(deserialize_with = "scalar")]
    pub(super) owner: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) repository: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) gallery_template_id: String,
}

/// A parameter: a text, a list or a map of parameters.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Param {
    #[serde(rename = "type", deserialize_with = "scalar")]
    kind: String,
    #[serde(deserialize_with = "scalar")]
    key: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) value: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) list: Vec<Param>,
    #[serde(deserialize_with = "or_default")]
    map: Params,
}

impl Param {
    pub(super) fn is_true(&self) -> bool {
        word(&self.value) == "true"
    }

    /// Whether it names a tag instead of holding a text.
    pub(super) fn is_tag_reference(&self) -> bool {
        word(&self.kind) == "tagreference"
    }
}

/// The parameters of something, by key.
#[derive(Deserialize, Default, Clone)]
#[serde(transparent)]
pub(super) struct Params(pub(super) Vec<Param>);

impl Params {
    pub(super) fn find(&self, key: &str) -> Option<&Param> {
        self.0.iter().find(|param| param.key == key)
    }

    /// Its text, empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.find(key).map_or("", |param| &param.value)
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.find(key).is_some_and(Param::is_true)
    }

    /// The rows of a table, each as the texts of two columns.
    pub(super) fn rows(&self, key: &str, columns: [&str; 2]) -> Vec<(String, String)> {
        let rows = self.find(key).map_or(&[][..], |param| &param.list);
        rows.iter().map(|row| (row.map.text(columns[0]).to_owned(), row.map.text(columns[1]).to_owned())).collect()
    }
}

/// `null` is taken as nothing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
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

fn scalar<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Scalar::deserialize(from).map(String::from)
}

fn scalars<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let list: Option<Vec<Scalar>> = Option::deserialize(from)?;
    Ok(list.unwrap_or_default().into_iter().map(String::from).collect())
}
