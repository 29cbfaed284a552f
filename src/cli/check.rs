//! `tidegate check`.

use crate::contradictions;
use crate::usage::{self, Failure};
use crate::vendors::{self, VendorList};
use lexopt::{Arg, Parser};
use serde::Serialize;
use serde_json::Value;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use tidegate_core::config::{Config, Fault};
use tidegate_core::destinations::is_secret;
use tidegate_core::tags::{Tag, Template, TemplateRef};

#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    ok: bool,
    faults: &'a [Finding],
    /// What is no fault, and may not be meant.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [Finding],
}

/// A fault and the file it is in.
#[derive(Serialize)]
struct Finding {
    file: String,
    pointer: String,
    message: String,
}

impl Finding {
    fn new(file: &Path, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Finding { file: file.display().to_string(), pointer: pointer.into(), message: message.into() }
    }
}

/// Validates a config and the templates it names.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let (mut files, mut list): (Vec<PathBuf>, Option<PathBuf>) = (Vec::new(), None);
    let mut is_forward = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(file) => files.push(file.into()),
            Arg::Long("forward") => is_forward = true,
            Arg::Long("vendor-list") => list = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("help") | Arg::Short('h') => return usage::print(usage::CHECK),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let [file] = files.as_slice() else {
        return Err(Failure::Usage("check takes one file: tidegate check <config.json>".into()));
    };
    let mut findings = if is_forward { check_forward(file) } else { check(file) };
    if let (Some(list), true) = (list, findings.is_empty()) {
        findings.extend(check_vendors(file, &VendorList::read(&list).map_err(Failure::Input)?));
    }
    let notes = match (findings.is_empty(), is_forward) {
        (false, _) => Vec::new(),
        (true, true) => forwarded_in_the_clear(file),
        (true, false) => public_secrets(file),
    };
    let report = Report { file: &file.display().to_string(), ok: findings.is_empty(), faults: &findings, notes: &notes };
    let report = serde_json::to_string(&report).map_err(|error| Failure::Input(error.to_string()))?;
    usage::print(&(report + "\n"))?;
    for note in &notes {
        eprintln!("note: {}", note.line());
    }
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = findings.iter().map(Finding::line).collect();
    Err(Failure::Input(lines.join("\n")))
}

impl Finding {
    fn line(&self) -> String {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        format!("{}: {pointer}: {}", self.file, self.message)
    }
}

fn check(file: &Path) -> Vec<Finding> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return vec![Finding::new(file, "", format!("cannot be read: {error}"))],
    };
    let (config, tags) = match Config::check(&text) {
        Ok(read) => read,
        Err(faults) => return in_file(file, "", faults),
    };
    let whole: Value = serde_json::from_str(&text).unwrap_or_default();
    let mut findings = in_file(file, "", tags.idle());
    for (at, destination) in config.destinations.iter().enumerate() {
        if destination.consent.is_empty() {
            findings.push(denied(file, &format!("/destinations/{at}")));
        }
        findings.extend(in_the_clear(file, format!("/destinations/{at}/url"), &destination.url));
        if let Some(settings) = whole.pointer(&format!("/destinations/{at}/settings")) {
            push_in_the_clear(&mut findings, file, &format!("/destinations/{at}/settings"), settings);
        }
    }
    findings.extend(check_triggers(file, &whole));
    findings.extend(check_variables(file, &whole));
    for (at, (gated, tag)) in config.tags.iter().zip(tags.tags()).enumerate() {
        let pointer = format!("/tags/{at}");
        if gated.consent.is_empty() {
            findings.push(denied(file, &pointer));
        }
        let params: Value = serde_json::from_str(&tag.params).unwrap_or_default();
        push_in_the_clear(&mut findings, file, &format!("{pointer}/params"), &params);
        let calls: Value = serde_json::from_str(&tag.on_withdraw).unwrap_or_default();
        push_unfilled(&mut findings, file, &format!("{pointer}/onWithdraw"), &calls);
        if let TemplateRef::Named(name) = &tag.template {
            findings.extend(check_template(file, &pointer, tag, name));
        }
    }
    findings
}

/// Settings of a sound config that everybody who loads a page can read, and should not.
fn public_secrets(file: &Path) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (at, destination) in read(file)["destinations"].as_array().into_iter().flatten().enumerate() {
        let kind = destination["kind"].as_str().unwrap_or("");
        let settings = destination["settings"].as_object().into_iter().flatten();
        let mut note = |below: String| {
            let message = "can be read by everybody who loads a page with this config: unless the platform means it for browsers, \
                           let the collector send there (tidegate serve --forward)";
            notes.push(Finding::new(file, format!("/destinations/{at}/settings/{below}"), message));
        };
        for (name, value) in settings {
            if is_secret(kind, name) {
                note(escape(name));
            }
            let header_fields = value.as_object().filter(|_| name == "headers").into_iter().flatten();
            for (field, _) in header_fields.filter(|(field, _)| is_credential(field)) {
                note(format!("headers/{}", escape(field)));
            }
        }
    }
    notes
}

/// Addresses of a sound file that events go to unencrypted, which is nobody's business within a network of one's own.
fn forwarded_in_the_clear(file: &Path) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (at, destination) in read(file)["destinations"].as_array().into_iter().flatten().enumerate() {
        for member in ["url", "settings"] {
            push_in_the_clear(&mut notes, file, &format!("/destinations/{at}/{member}"), &destination[member]);
        }
    }
    notes
}

/// A config that was checked.
fn read(file: &Path) -> Value {
    std::fs::read_to_string(file).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Whether a header field is likely to say who may call.
fn is_credential(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    ["authorization", "api-key", "apikey", "token", "secret", "cookie"].iter().any(|word| field.contains(word))
}

/// As `serve --forward` reads it, with all variables set.
fn check_forward(file: &Path) -> Vec<Finding> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return vec![Finding::new(file, "", format!("cannot be read: {error}"))],
    };
    // Good for a URL too.
    let any = |_: &str| Some("https://variable.example/".to_owned());
    let faults = tidegate_sinks::destinations(&text, &any).err().map_or_else(Vec::new, |faults| faults.0);
    faults.into_iter().map(|(pointer, message)| Finding::new(file, pointer, message)).collect()
}

/// The config is sound.
fn check_vendors(file: &Path, list: &VendorList) -> Vec<Finding> {
    let mut config = read(file);
    let mut findings = Vec::new();
    for (name, tcf) in vendors::declared(&mut config) {
        let pointer = format!("/consent/vendors/{}/tcf", escape(name));
        match list.registered(tcf.get("id").and_then(Value::as_u64).unwrap_or(0)) {
            Ok(registered) if registered == *tcf => {}
            Ok(registered) => {
                findings.push(Finding::new(file, pointer, format!("is not as the list has it: write {registered}")))
            }
            Err(why) => findings.push(Finding::new(file, pointer + "/id", why)),
        }
    }
    findings
}

fn check_triggers(file: &Path, config: &Value) -> Vec<Finding> {
    let triggers = config.get("triggers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let why = |(at, trigger): (usize, &Value)| {
        let why = contradictions::of(trigger.get("where")?)?;
        Some(Finding::new(file, format!("/triggers/{at}/where"), format!("never holds: {why}")))
    };
    triggers.iter().enumerate().filter_map(why).collect()
}

fn in_file(file: &Path, below: &str, faults: Vec<Fault>) -> Vec<Finding> {
    faults.into_iter().map(|fault| Finding::new(file, below.to_owned() + &fault.pointer, fault.message)).collect()
}

fn denied(file: &Path, pointer: &str) -> Finding {
    let message = "is denied for everyone: name the purposes it needs, like { \"allOf\": [\"analytics\"] }; for what \
                   needs no consent, a purpose with \"always\": true";
    Finding::new(file, format!("{pointer}/consent"), message)
}

/// Constants are addresses where tags make them so.
fn check_variables(file: &Path, config: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let purposes = &config["consent"]["purposes"];
    for (at, variable) in config["variables"].as_array().into_iter().flatten().enumerate() {
        let pointer = format!("/variables/{at}");
        if variable["kind"] == "constant" {
            push_in_the_clear(&mut findings, file, &format!("{pointer}/value"), &variable["value"]);
        }
        let purpose = variable["purpose"].as_str().filter(|purpose| purposes.get(purpose).is_none());
        if let (Some(purpose), true) = (purpose, variable["kind"] == "consent") {
            let message = format!("\"{purpose}\" is no purpose of this config: add it under \"consent.purposes\"");
            findings.push(Finding::new(file, format!("{pointer}/purpose"), message));
        }
    }
    findings
}

/// Every text within a value, with its place.
fn texts(value: &Value, pointer: &str) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(pointer.to_owned(), text.clone())],
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(at, item)| texts(item, &format!("{pointer}/{at}"))).collect()
        }
        Value::Object(members) => {
            members.iter().flat_map(|(key, item)| texts(item, &format!("{pointer}/{}", escape(key)))).collect()
        }
        _ => Vec::new(),
    }
}

fn push_in_the_clear(findings: &mut Vec<Finding>, file: &Path, pointer: &str, value: &Value) {
    for (pointer, text) in texts(value, pointer) {
        let whole = in_the_clear(file, pointer.clone(), &text);
        findings.extend(whole.or_else(|| sources(&text).into_iter().find_map(|url| in_the_clear(file, pointer.clone(), url))));
    }
}

/// What a withdrawal calls is handed on as it stands.
fn push_unfilled(findings: &mut Vec<Finding>, file: &Path, pointer: &str, value: &Value) {
    for (pointer, text) in texts(value, pointer) {
        if text.split_once("{{").is_some_and(|(_, rest)| rest.contains("}}")) {
            findings.push(Finding::new(file, pointer, "is not filled here: write the value out"));
        }
    }
}

/// What a text of HTML takes from elsewhere, up to its end: what stands behind each `src=`.
fn sources(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in html.to_ascii_lowercase().match_indices("src") {
        let behind = html.get(at + 3..).and_then(|behind| behind.trim_start().strip_prefix('='));
        found.extend(behind.map(|value| value.trim_start().trim_start_matches(['"', '\'', '`'])));
    }
    found
}

/// An address that everybody on the way can read and change. On this machine nobody is on the way.
fn in_the_clear(file: &Path, pointer: String, url: &str) -> Option<Finding> {
    let url = url.trim_start();
    let rest = url.get(7..).filter(|_| url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")))?;
    (!is_local(rest)).then(|| Finding::new(file, pointer, "is sent in the clear: write https://"))
}

/// Whether an address without its scheme is of this machine.
fn is_local(rest: &str) -> bool {
    // Before an @ stands who asks, and not who is asked.
    let authority = rest.split(['/', '\\', '?', '#', '"', '\'', '`', ' ', '>']).next().unwrap_or("");
    let (host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').unwrap_or(port)),
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let host = host.to_ascii_lowercase();
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    port.bytes().all(|byte| byte.is_ascii_digit())
        && (host == "localhost" || host.ends_with(".localhost") && !host.contains('@') || is_loopback)
}

fn check_template(file: &Path, pointer: &str, tag: &Tag, name: &str) -> Vec<Finding> {
    let beside = file.parent().unwrap_or(Path::new("")).join("templates");
    let folders = [beside, "dist/templates".into(), "js/templates".into()];
    let Some(path) = folders.iter().map(|folder| folder.join(format!("{name}.json"))).find(|path| path.is_file()) else {
        let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        let message = format!(
            "\"{name}\" is not built in (custom-script, custom-pixel are) and there is no {name}.json in {}: correct \
             the name, or add the file",
            folders.join(", ")
        );
        return vec![Finding::new(file, format!("{pointer}/template"), message)];
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return vec![Finding::new(&path, "", format!("cannot be read: {error}"))],
    };
    let template = match Template::parse(&text) {
        Ok(template) => template,
        Err(faults) => return in_file(&path, "", faults),
    };
    let mut findings = Vec::new();
    if template.id() != name {
        findings.push(Finding::new(&path, "/id", format!("must be \"{name}\", like the file's name")));
    }
    for (param, wrong) in template.refused(&tag.params) {
        // What is missing has no place of its own.
        findings.push(match tag.param(&param) {
            Some(_) => Finding::new(file, format!("{pointer}/params/{}", escape(&param)), format!("{wrong} ({name})")),
            None => Finding::new(file, format!("{pointer}/params"), format!("\"{param}\" {wrong} ({name})")),
        });
    }
    for (param, wrong) in template.unwritten(&tag.params) {
        findings.push(Finding::new(file, format!("{pointer}/params/{}", escape(&param)), format!("{wrong} ({name})")));
    }
    if findings.is_empty()
        && let Err(problem) = template.script(&tag.params)
    {
        findings.push(Finding::new(file, format!("{pointer}/params"), problem));
    }
    findings
}

/// A key as a step of a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
