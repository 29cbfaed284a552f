//! The export's types, as far as the importer reads them. What is missing is empty: Google leaves out what it does not need, and files are
//! written by hand too.

mod params;

pub(super) use params::{Param, Params};
use params::{or_default, scalar, scalars};
use serde::Deserialize;

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
    #[serde(deserialize_with = "or_default")]
    pub(super) zone: Vec<Other>,
    #[serde(deserialize_with = "or_default")]
    pub(super) client: Vec<Other>,
    #[serde(deserialize_with = "or_default")]
    pub(super) transformation: Vec<Other>,
    #[serde(deserialize_with = "or_default")]
    pub(super) gtag_config: Vec<Other>,
}

/// What nothing is made of.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Other {
    #[serde(
        alias = "zoneId",
        alias = "clientId",
        alias = "transformationId",
        alias = "gtagConfigId",
        deserialize_with = "scalar"
    )]
    pub(super) id: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) name: String,
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub(super) kind: String,
}

impl Version {
    /// Hands over every text of tags, triggers and variables in which a reference may stand.
    pub(super) fn each_text(&self, hear: &mut dyn FnMut(&str)) {
        self.tag.iter().for_each(|tag| tag.params.each_text(hear));
        self.variable.iter().for_each(|variable| variable.params.each_text(hear));
        for trigger in &self.trigger {
            trigger.params.each_text(hear);
            hear(&trigger.interval.value);
            hear(&trigger.limit.value);
            let conditions = [&trigger.filter, &trigger.auto_event_filter, &trigger.custom_event_filter];
            conditions.into_iter().flatten().for_each(|condition| condition.params.each_text(hear));
        }
    }
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
