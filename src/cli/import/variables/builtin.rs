//! The variables that Google Tag Manager has built in.

use crate::import::parse::Version;
use crate::import::words::word;
use serde_json::{Value, json};

/// The type of one by the name it has unless somebody renamed it. Exports list those that are enabled; partial ones may not.
pub(super) fn by_name(name: &str) -> Option<&'static str> {
    KNOWN.iter().map(|(kind, _)| *kind).find(|kind| {
        let spoken: String = kind.chars().map(|letter| if letter == '_' { ' ' } else { letter.to_ascii_lowercase() }).collect();
        name.to_ascii_lowercase() == spoken
    })
}

/// What one is in Tidegate, or why it is nothing.
pub(super) fn definition(kind: &str, version: &Version) -> Result<Value, &'static str> {
    let wanted = word(kind);
    let found = KNOWN.iter().find(|(kind, _)| word(kind) == wanted).map(|(_, what)| what);
    Ok(match found.ok_or("the importer does not know it")? {
        What::Url(part) => json!({ "kind": "url", "part": part }),
        // GTM's has no fragment.
        What::WholeUrl => json!({ "kind": "url", "part": "url" }),
        What::Referrer => json!({ "kind": "referrer" }),
        What::Event => json!({ "kind": "event", "path": "event" }),
        What::Fact(path) => json!({ "kind": "property", "path": path }),
        What::Random => json!({ "kind": "random" }),
        What::ContainerId => json!({ "kind": "constant", "value": version.container.public_id }),
        What::ContainerVersion => json!({ "kind": "constant", "value": version.container_version_id }),
        What::Constant(text) => json!({ "kind": "constant", "value": text }),
        What::Flag(flag) => json!({ "kind": "constant", "value": flag }),
        What::Nothing(why) => return Err(why),
    })
}

enum What {
    Url(&'static str),
    WholeUrl,
    Referrer,
    Event,
    /// Of what was seen.
    Fact(&'static str),
    Random,
    ContainerId,
    ContainerVersion,
    Constant(&'static str),
    Flag(bool),
    Nothing(&'static str),
}

const KNOWN: &[(&str, What)] = &[
    ("PAGE_URL", What::WholeUrl),
    ("PAGE_HOSTNAME", What::Url("host")),
    ("PAGE_PATH", What::Url("path")),
    ("REFERRER", What::Referrer),
    ("EVENT", What::Event),
    ("CLICK_ELEMENT", What::Fact("element")),
    ("CLICK_CLASSES", What::Fact("element.classes")),
    ("CLICK_ID", What::Fact("element.id")),
    ("CLICK_TARGET", What::Fact("element.target")),
    ("CLICK_URL", What::Fact("element.url")),
    ("CLICK_TEXT", What::Fact("element.text")),
    ("FORM_ELEMENT", What::Fact("element")),
    ("FORM_CLASSES", What::Fact("element.classes")),
    ("FORM_ID", What::Fact("element.id")),
    ("FORM_TARGET", What::Fact("element.target")),
    ("FORM_URL", What::Fact("element.url")),
    ("FORM_TEXT", What::Fact("element.text")),
    ("NEW_HISTORY_FRAGMENT", What::Fact("fragment")),
    ("OLD_HISTORY_FRAGMENT", What::Fact("oldFragment")),
    ("NEW_HISTORY_STATE", What::Fact("state")),
    ("OLD_HISTORY_STATE", What::Fact("oldState")),
    ("NEW_HISTORY_URL", What::Fact("url")),
    ("OLD_HISTORY_URL", What::Fact("oldUrl")),
    ("HISTORY_SOURCE", What::Fact("source")),
    ("SCROLL_DEPTH_THRESHOLD", What::Fact("mark")),
    ("SCROLL_DEPTH_UNITS", What::Fact("unit")),
    ("SCROLL_DEPTH_DIRECTION", What::Fact("direction")),
    ("ELEMENT_VISIBILITY_RATIO", What::Fact("percent")),
    ("ELEMENT_VISIBILITY_TIME", What::Fact("ms")),
    ("ELEMENT_VISIBILITY_FIRST_TIME", What::Nothing("Tidegate does not note when an element was first seen")),
    ("ELEMENT_VISIBILITY_RECENT_TIME", What::Nothing("Tidegate does not note when an element was last seen")),
    ("ERROR_MESSAGE", What::Fact("message")),
    ("ERROR_URL", What::Fact("url")),
    ("ERROR_LINE", What::Fact("line")),
    ("VIDEO_PROVIDER", What::Fact("provider")),
    ("VIDEO_STATUS", What::Fact("status")),
    ("VIDEO_URL", What::Fact("url")),
    ("VIDEO_TITLE", What::Fact("title")),
    ("VIDEO_DURATION", What::Fact("duration")),
    ("VIDEO_CURRENT_TIME", What::Fact("currentTime")),
    ("VIDEO_PERCENT", What::Fact("percent")),
    ("VIDEO_VISIBLE", What::Nothing("Tidegate does not note whether a video was in view")),
    ("RANDOM_NUMBER", What::Random),
    ("CONTAINER_ID", What::ContainerId),
    ("CONTAINER_VERSION", What::ContainerVersion),
    ("DEBUG_MODE", What::Flag(false)),
    ("ENVIRONMENT_NAME", What::Constant("Live")),
    ("HTML_ID", What::Nothing("it belongs to custom HTML, which runs no code here")),
    ("ANALYTICS_CLIENT_ID", What::Nothing("Google's own id of a visitor: use {{event.anonymousId}}")),
    ("ANALYTICS_SESSION_ID", What::Nothing("Google's own id of a session")),
    ("ANALYTICS_SESSION_NUMBER", What::Nothing("Google's own count of sessions")),
];
