//! The command line: exit codes, where results and diagnostics go, and an orderly end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod process;

use http::{Client, batch, get, post, statuses};
use process::{CONFIG, Serving, run};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn pid(server: &Serving) -> Pid {
    Pid::from_child(&server.process)
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_right() {
    let folder = folder_with(&[("c.json", CONFIG)]);
    for (arguments, word) in [
        (&[][..], "name a verb"),
        (&["collect"], "the verbs are check, dead-letters, decode, export, import, serve and vendors"),
        (&["--verbose"], "--verbose"),
        (&["check"], "tidegate check <config.json>"),
        (&["check", "c.json", "c.json"], "one file"),
        (&["check", "--strict", "c.json"], "--strict"),
        (&["vendors", "c.json"], "two files"),
        (&["check", "c.json", "--vendor-list"], "--vendor-list"),
        (&["decode"], "tidegate decode <string>"),
        (&["decode", "1YNN", "1YNN"], "one string"),
        (&["decode", "--json", "1YNN"], "--json"),
        (&["serve", "--port", "lots"], "lots"),
        (&["serve", "--port", "70000"], "70000"),
        (&["serve", "--port"], "--port"),
        (&["serve", "--bind", "localhost"], "localhost"),
        (&["serve", "--sink", "nats://localhost"], "--sink"),
        (&["serve", "--sink", "nats://localhost/E?replicas=7"], "1 to 5"),
        (&["serve", "--sink", "redis://localhost/E"], "nats://… or kafka://…"),
        (&["serve", "--sink", "nats://u:p@localhost/E"], "environment"),
        (&["serve", "--keep-hours", "0"], "1 or more"),
        (&["serve", "--max-queue", "0"], "1 or more"),
        (&["serve", "--read-token", "short"], "at least 16"),
        (&["serve", "extra"], "extra"),
    ] {
        let (status, out, err) = run(folder.path(), arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(word), "{arguments:?}: {err}");
    }
}

#[test]
fn help_is_a_result() {
    let folder = folder_with(&[]);
    for (arguments, word) in [
        (&["--help"][..], "serve"),
        (&["check", "--help"], "JSON pointer"),
        (&["decode", "--help"], "OptanonConsent"),
        (&["serve", "-h"], "--store"),
        (&["-V"], "tidegate 0."),
    ] {
        let (status, out, err) = run(folder.path(), arguments);
        assert_eq!((status, err.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains(word), "{arguments:?}: {out}");
    }
}

#[test]
fn a_sound_config_passes() {
    let folder = folder_with(&[("c.json", CONFIG)]);
    let (status, out, err) = run(folder.path(), &["check", "c.json"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), json!({ "file": "c.json", "ok": true, "faults": [] }));
}

/// Checks a config; returns its lines on stderr, after making sure that stdout says the same.
fn faults(folder: &Path, file: &str) -> Vec<String> {
    let (status, out, err) = run(folder, &["check", file]);
    assert_eq!(status, 1, "{out}{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let text = |fault: &Value, key: &str| fault[key].as_str().unwrap().to_owned();
    let lines: Vec<String> = err.lines().map(str::to_owned).collect();
    let reported = report["faults"].as_array().unwrap();
    assert_eq!(reported.len(), lines.len(), "{out}{err}");
    for (fault, line) in reported.iter().zip(&lines) {
        assert!(line.starts_with(&text(fault, "file")) && line.ends_with(&text(fault, "message")), "{line}: {fault}");
    }
    lines
}

#[test]
fn each_fault_is_a_line_with_file_pointer_and_remedy() {
    let folder = folder_with(&[
        ("keys.json", &CONFIG.replace("\"writeKey\"", "\"colour\": 1, \"writekey\"").replace("\"version\": 1", "\"version\": 3")),
        ("text.json", "{ \"version\": }"),
    ]);
    let lines = faults(folder.path(), "keys.json");
    for start in ["keys.json: /version: ", "keys.json: /colour: ", "keys.json: /writekey: "] {
        assert!(lines.iter().any(|line| line.starts_with(start)), "{start} is missing in {lines:?}");
    }
    let [line] = &faults(folder.path(), "text.json")[..] else { panic!() };
    assert!(line.starts_with("text.json: /: ") && line.contains("line 1, column 14"), "{line}");
    let [line] = &faults(folder.path(), "missing.json")[..] else { panic!() };
    assert!(line.starts_with("missing.json: /: cannot be read"), "{line}");
}

#[test]
fn every_whole_config_of_the_readme_is_well() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let configs: Vec<&str> = readme.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let configs: Vec<&str> = configs.into_iter().filter(|text| text.contains("\"version\": 1")).collect();
    assert!(configs.len() > 1);
    for config in configs {
        let folder = folder_with(&[("readme.json", config)]);
        let templates = folder.path().join("templates");
        std::fs::create_dir(&templates).unwrap();
        for file in std::fs::read_dir(root.join("js/templates")).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), templates.join(file.file_name())).unwrap();
        }
        // What names variables is for the collector.
        let options: &[&str] =
            if config.contains("$env") { &["check", "--forward", "readme.json"] } else { &["check", "readme.json"] };
        let (status, out, err) = run(folder.path(), options);
        assert_eq!(status, 0, "{config}{out}{err}");
    }
}

#[test]
fn what_names_no_consent_requirement_is_denied_and_said_so() {
    let config = r#"{ "version": 1, "writeKey": "demo", "consent": { "purposes": { "analytics": {} } },
        "destinations": [
          { "id": "a", "kind": "segment", "url": "/b", "consent": { "allOf": ["analytics"] } },
          { "id": "b", "kind": "segment", "url": "/b" } ],
        "tags": [ { "id": "t", "template": "custom-pixel", "params": { "src": "/p.gif" }, "consent": { "allOf": [] }, "fireOn": ["all"] } ],
        "triggers": [ { "id": "all", "kind": "event", "event": "*" } ] }"#;
    let folder = folder_with(&[("c.json", config)]);
    let lines = faults(folder.path(), "c.json");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("c.json: /destinations/1/consent: is denied for everyone: name "), "{lines:?}");
    assert!(lines[1].starts_with("c.json: /tags/0/consent: is denied for everyone: name "), "{lines:?}");
}

const WITH_TAG: &str = r#"{ "version": 1, "writeKey": "demo", "consent": { "purposes": { "ads": {} } },
    "tags": [ { "id": "t", "template": "acme", "params": { "key": "1" }, "consent": { "allOf": ["ads"] }, "fireOn": ["all"] } ],
    "triggers": [ { "id": "all", "kind": "event", "event": "*" } ] }"#;

const ACME: &str = r#"{ "id": "acme", "docs": "https://acme.test/docs", "params": { "key": { "required": true } },
    "permissions": { "scripts": ["https://acme.test/"] }, "load": { "script": "https://acme.test/a.js" } }"#;

const VENDOR_LIST: &str = r#"{"gvlSpecificationVersion":3,"vendorListVersion":90,"vendors":{
  "21":{"id":21,"name":"The Trade Desk","purposes":[1,3,4],"legIntPurposes":[2,7],"flexiblePurposes":[2],"specialFeatures":[1]},
  "99":{"id":99,"name":"Gone","purposes":[1],"legIntPurposes":[],"flexiblePurposes":[],"specialFeatures":[],"deletedDate":"2024-01-01T00:00:00Z"}}}"#;

#[test]
fn vendors_are_filled_in_from_the_global_vendor_list_and_compared_with_it() {
    let with =
        |tcf: &str| format!(r#"{{"version":1,"consent":{{"purposes":{{"ads":{{}}}},"vendors":{{"desk":{{"tcf":{tcf}}}}}}}}}"#);
    let (open, strange, gone) = (with(r#"{"id":21}"#), with(r#"{"id":22}"#), with(r#"{"id":99}"#));
    let folder = folder_with(&[("list.json", VENDOR_LIST), ("c.json", &open), ("s.json", &strange), ("g.json", &gone)]);
    let (status, out, err) = run(folder.path(), &["vendors", "list.json", "c.json"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let config: Value = serde_json::from_str(&out).unwrap();
    let filled =
        json!({ "id": 21, "purposes": [1, 3, 4], "legIntPurposes": [2, 7], "flexiblePurposes": [2], "specialFeatures": [1] });
    assert_eq!(config["consent"]["vendors"]["desk"]["tcf"], filled);

    let (status, _, err) = run(folder.path(), &["check", "--vendor-list", "list.json", "c.json"]);
    assert_eq!(status, 1);
    assert!(err.contains("c.json: /consent/vendors/desk/tcf: is not as the list has it: write {"), "{err}");
    std::fs::write(folder.path().join("c.json"), out).unwrap();
    assert_eq!(run(folder.path(), &["check", "--vendor-list", "list.json", "c.json"]).0, 0);

    for (file, why) in [("s.json", "the list has no vendor 22"), ("g.json", "was deleted from the list")] {
        for arguments in [["vendors", "list.json", file].as_slice(), &["check", "--vendor-list", "list.json", file]] {
            let (status, _, err) = run(folder.path(), arguments);
            assert_eq!(status, 1);
            assert!(err.contains(&format!("{file}: /consent/vendors/desk/tcf/id: ")) && err.contains(why), "{err}");
        }
    }
    let (status, _, err) = run(folder.path(), &["vendors", "c.json", "c.json"]);
    assert!(status == 1 && err.contains("is no Global Vendor List"), "{err}");
}

#[test]
fn a_tag_needs_a_template_that_exists() {
    let folder = folder_with(&[("site/c.json", WITH_TAG)]);
    let [line] = &faults(folder.path(), "site/c.json")[..] else { panic!() };
    assert!(line.starts_with("site/c.json: /tags/0/template: \"acme\""), "{line}");
    for place in ["site/templates", "dist/templates", "js/templates"] {
        assert!(line.contains(place), "{line}");
        let folder = folder_with(&[("site/c.json", WITH_TAG), (&format!("{place}/acme.json"), ACME)]);
        let (status, _, err) = run(folder.path(), &["check", "site/c.json"]);
        assert_eq!((status, err.as_str()), (0, ""), "{place}");
    }
}

/// A config with one tag that fires on every event, as `change` leaves it.
fn tagged(change: &dyn Fn(&mut Value)) -> String {
    let mut config: Value = serde_json::from_str(WITH_TAG).unwrap();
    change(&mut config);
    config.to_string()
}

/// The pointers of what is wrong with a config of one tag.
fn wrong(template: &str, change: &dyn Fn(&mut Value)) -> Vec<String> {
    let folder = folder_with(&[("c.json", &tagged(change)), ("templates/acme.json", template)]);
    let (_, out, err) = run(folder.path(), &["check", "c.json"]);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    report["faults"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_script_that_the_template_may_not_load_is_named_before_the_page_says_so() {
    let template = r#"{ "id": "acme", "docs": "https://acme.test/docs", "params": { "key": { "required": true }, "host": { "default": "acme.test" } },
        "permissions": { "scripts": ["https://acme.test/"] }, "load": { "script": "https://{{host}}/a.js?{{key}}" } }"#;
    let with = |params: Value| wrong(template, &|config| config["tags"][0]["params"] = params.clone());
    assert_eq!(with(json!({ "key": "1" })), Vec::<String>::new());
    assert_eq!(with(json!({ "key": "1", "host": "evil.example" })), ["/tags/0/params"]);
    assert_eq!(with(json!({ "key": "{{event.properties.key}}" })), ["/tags/0/params/key"]);
    for nothing in [json!(null), json!("")] {
        assert_eq!(with(json!({ "key": nothing })), ["/tags/0/params/key"]);
    }
}

#[test]
fn nothing_is_sent_in_the_clear_wherever_its_address_stands() {
    let pixel = |src: &str| {
        wrong(ACME, &|config| {
            config["tags"][0]["template"] = json!("custom-pixel");
            config["tags"][0]["params"] = json!({ "src": src });
        })
    };
    for local in
        ["http://localhost/p", "http://localhost:8080/p", "http://127.0.0.1:3/p", "http://[::1]/p", "http://a.localhost/p"]
    {
        assert_eq!(pixel(local), Vec::<String>::new(), "{local}");
    }
    for open in [
        "http://a.example/p",
        "http://127.evil.com/p",
        "http://localhost:80@evil.com/p",
        "http://x.localhost@evil.com/p",
        "http://evil.com\\@x.localhost/p",
        "HTTP://a.example/p",
    ] {
        assert_eq!(pixel(open), ["/tags/0/params/src"], "{open}");
    }
    let nested = json!({ "key": { "server": ["https://a.example", "http://a.example"] } });
    assert_eq!(wrong(ACME, &|config| config["tags"][0]["params"] = nested.clone()), ["/tags/0/params/key/server/1"]);
    let constant = json!([{ "id": "u", "kind": "constant", "value": "http://a.example" }]);
    assert_eq!(wrong(ACME, &|config| config["variables"] = constant.clone()), ["/variables/0/value"]);
    let html = |html: &str| {
        wrong(ACME, &|config| {
            config["tags"][0]["template"] = json!("custom-html");
            config["tags"][0]["params"] = json!({ "html": html });
        })
    };
    assert_eq!(html("<a href='http://a.example'><svg xmlns='http://www.w3.org/2000/svg'>"), Vec::<String>::new());
    for open in ["<script SRC = 'http://a.example/x.js'></script>", "<img src=http://a.example/i>"] {
        assert_eq!(html(open), ["/tags/0/params/html"], "{open}");
    }
}

#[test]
fn conditions_that_exclude_each_other_are_named() {
    let with = |conditions: Value| {
        wrong(ACME, &|config| {
            config["variables"] = json!([{ "id": "v", "kind": "data", "path": "v" }]);
            config["triggers"] = json!([{ "id": "sale", "kind": "event", "event": "Sale", "where": conditions }]);
            config["tags"][0]["fireOn"] = json!(["sale"]);
        })
    };
    let v = |op: &str, value: Value| json!({ "var": "v", "op": op, "value": value });
    let exists = json!({ "var": "v", "op": "exists" });
    for (one, other) in [
        (v("==", json!("a")), v("==", json!("b"))),
        (v("!=", json!("a")), v("==", json!("a"))),
        (v("contains", json!("x")), v("==", json!("a"))),
        (v(">", json!(10)), v("<", json!(5))),
        (v("<=", json!(5)), v(">=", json!(6))),
        (exists.clone(), json!({ "not": exists })),
    ] {
        assert_eq!(with(json!([one, other])), ["/triggers/0/where"], "{one} {other}");
        assert_eq!(with(json!({ "all": [other, { "all": [one] }] })), ["/triggers/0/where"], "{one} {other}");
        assert_eq!(with(json!({ "any": [one, other] })), Vec::<String>::new(), "{one} {other}");
    }
    for (one, other) in [
        (v("==", json!("1")), v("==", json!("1.0"))),
        (v("==", json!("{{v}}")), v("==", json!("b"))),
        (v("!=", json!("a")), v("!=", json!("b"))),
        (v("contains", json!("a")), v("==", json!("ab"))),
        (v(">=", json!(5)), v("<=", json!(5))),
        (json!({ "var": "v", "op": "==", "value": "A", "ignoreCase": true }), v("==", json!("a"))),
    ] {
        assert_eq!(with(json!([one, other])), Vec::<String>::new(), "{one} {other}");
    }
}

#[test]
fn what_can_never_do_anything_is_named() {
    let with = |triggers: Value, fire_on: Value, except_on: Value| {
        wrong(ACME, &|config| {
            config["triggers"] = triggers.clone();
            config["tags"][0]["fireOn"] = fire_on.clone();
            config["tags"][0]["exceptOn"] = except_on.clone();
        })
    };
    let sale = json!({ "id": "sale", "kind": "event", "event": "Sale" });
    let all = json!({ "id": "all", "kind": "event", "event": "*" });
    let click = json!({ "id": "click", "kind": "click" });
    let timer = |id: &str, ms: u32| json!({ "id": id, "kind": "timer", "everyMs": ms });
    let fine = Vec::<String>::new();
    assert_eq!(with(json!([sale]), json!(["sale"]), json!([])), fine);
    assert_eq!(with(json!([sale]), json!([]), json!([])), ["/tags/0"]);
    assert_eq!(with(json!([sale, all]), json!(["sale"]), json!(["all"])), ["/tags/0"]);
    assert_eq!(with(json!([sale, all]), json!(["all"]), json!(["sale"])), fine);
    assert_eq!(with(json!([sale, click]), json!(["sale"]), json!(["click"])), ["/tags/0/exceptOn/0"]);
    assert_eq!(with(json!([timer("a", 1), timer("b", 2)]), json!(["a"]), json!(["b"])), ["/tags/0/exceptOn/0"]);
    for (kind, member, value) in
        [("event", "where", json!({ "any": [] })), ("media", "on", json!([])), ("media", "on", json!(["progress"]))]
    {
        let mut never = json!({ "id": "sale", "kind": kind });
        if kind == "event" {
            never["event"] = json!("Sale");
        }
        never[member] = value;
        assert_eq!(with(json!([never]), json!(["sale"]), json!([])), ["/triggers/0"]);
    }
    let setup = |config: &mut Value| {
        let mut other = config["tags"][0].clone();
        other["id"] = json!("first");
        other.as_object_mut().unwrap().remove("fireOn");
        config["tags"].as_array_mut().unwrap().push(other);
        config["tags"][0]["setup"] = json!([{ "tag": "first" }]);
    };
    assert_eq!(wrong(ACME, &setup), fine);
    let purpose = json!([{ "id": "c", "kind": "consent", "purpose": "adds" }]);
    assert_eq!(wrong(ACME, &|config| config["variables"] = purpose.clone()), ["/variables/0/purpose"]);
    let calls = json!({ "calls": [{ "call": "stop", "args": ["{{gone}}"] }] });
    assert_eq!(wrong(ACME, &|config| config["tags"][0]["onWithdraw"] = calls.clone()), ["/tags/0/onWithdraw/calls/0/args/0"]);
}

#[test]
fn a_tag_and_its_template_must_fit() {
    let check = |config: &str, template: &str| {
        let folder = folder_with(&[("c.json", config), ("templates/acme.json", template)]);
        let lines = faults(folder.path(), "c.json");
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines[0].clone()
    };
    let missing = check(&WITH_TAG.replace(r#""key": "1""#, ""), ACME);
    assert!(missing.starts_with("c.json: /tags/0/params: \"key\" is missing"), "{missing}");
    let unknown = check(&WITH_TAG.replace(r#""key": "1""#, r#""key": "1", "k/y": 2"#), ACME);
    assert!(unknown.starts_with("c.json: /tags/0/params/k~1y: ") && unknown.contains("it has key"), "{unknown}");
    let misnamed = check(WITH_TAG, &ACME.replace("\"acme\"", "\"other\""));
    assert!(misnamed.starts_with("templates/acme.json: /id: must be \"acme\""), "{misnamed}");
    let faulty = check(WITH_TAG, &ACME.replace("\"docs\"", "\"docz\": \"x\", \"docs\""));
    assert!(faulty.starts_with("templates/acme.json: /docz: "), "{faulty}");
}

#[test]
fn a_collector_that_cannot_start_says_why_in_a_line() {
    let folder = folder_with(&[("tidegate.json", CONFIG), ("bad.json", "{}"), ("note.txt", "no database")]);
    let running = Serving::start(folder.path());
    let port = running.address.port().to_string();
    for (arguments, status, word) in [
        (["--config", "tidegate.json", "--port", &port], 1, format!("port {port} is taken")),
        (["--config", "nowhere.json", "--port", "0"], 1, "nowhere.json".into()),
        (["--config", "bad.json", "--port", "0"], 1, "bad.json: /version: ".into()),
        (["--config", "tidegate.json", "--store", "."], 1, "cannot open the store .".into()),
    ] {
        let (code, out, err) = run(folder.path(), &[&["serve"], &arguments[..]].concat());
        assert_eq!((code, out.as_str()), (status, ""), "{arguments:?}: {err}");
        assert!(err.contains(&word), "{arguments:?}: {err}");
    }
    let config = CONFIG.replace("demo", "sixteen-characters-or-more");
    std::fs::write(folder.path().join("public.json"), config).unwrap();
    let token = ["serve", "--config", "public.json", "--read-token", "sixteen-characters-or-more"];
    let (code, _, err) = run(folder.path(), &token);
    assert!(code == 2 && err.contains("write key"), "{code}: {err}");
}

#[test]
fn serve_names_its_addresses_and_ends_on_a_signal_with_everything_stored() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = folder_with(&[]);
        let mut server = Serving::start(folder.path());
        let address = server.address;
        for (line, url) in server.greeting.iter().zip(["/", "/live", "/v1/batch"]) {
            assert!(line.contains(&format!("http://{address}{url}")), "{line}");
        }
        assert_eq!(statuses(&post(address, "/v1/batch", batch(&["a"]))), ["stored"]);
        let idle = Client::connect(address).unwrap();
        kill_process(pid(&server), signal).unwrap();
        let began = Instant::now();
        let status = server.process.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{signal:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "it waited for an idle connection: {:?}", began.elapsed());
        drop(idle);
        assert!(!folder.path().join("events.db-wal").exists(), "the store was not closed");
        let server = Serving::start(folder.path());
        assert_eq!(get(server.address, "/api/events").lines().len(), 1);
    }
}

#[test]
fn a_full_disk_is_503_without_loss_and_ends_when_there_is_room() {
    let folder = folder_with(&[]);
    let mut server = Serving::start_to_fill_disk(folder.path());
    let address = server.address;
    // No file may grow beyond this: the write-ahead log hits it like the end of a disk.
    let limit = |bytes| {
        let old = prlimit(Some(pid(&server)), Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
        assert_eq!(old.maximum, None, "this machine limits file sizes already");
    };
    limit(Some(300_000));
    let filler = "x".repeat(20_000);
    let mut acknowledged = Vec::new();
    let mut send = |id: String| {
        let event = format!(r#"{{"type":"track","messageId":"{id}","x":"{filler}"}}"#);
        let answer = post(address, "/v1/batch", format!(r#"{{"writeKey":"demo","batch":[{event}]}}"#));
        if answer.status == 200 {
            acknowledged.push(id);
        }
        answer
    };
    let refused = (0..200).map(|n| send(n.to_string())).find(|answer| answer.status != 200).expect("the disk is never full");
    assert_eq!(refused.status, 503);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.json()["success"], false);
    assert_eq!(send("still full".into()).status, 503);
    limit(None);
    assert_eq!(send("room again".into()).status, 200);

    server.process.kill().unwrap();
    server.process.wait().unwrap();
    let server = Serving::start(folder.path());
    let stored: Vec<Value> = get(server.address, "/api/events?limit=1000").lines();
    let stored: Vec<&str> = stored.iter().map(|event| event["messageId"].as_str().unwrap()).collect();
    assert!(acknowledged.len() > 2);
    assert_eq!(stored, acknowledged);
}

#[test]
fn an_address_among_a_destination_s_settings_is_not_in_the_clear() {
    let config = r#"{"version":1,"writeKey":"w","consent":{"purposes":{"a":{}}},"destinations":[
        {"id":"mp","kind":"mparticle","url":"/mp","consent":{"allOf":["a"]},"settings":{"key":"k","identityUrl":"http://identity.example/v1"}}]}"#;
    let folder = folder_with(&[("c.json", config)]);
    let (status, _, err) = run(folder.path(), &["check", "c.json"]);
    assert!(status == 1 && err.contains("/destinations/0/settings/identityUrl"), "{err}");
}

#[test]
fn a_secret_or_an_address_that_everybody_can_read_is_noted() {
    let config = r#"{"version":1,"writeKey":"w","consent":{"purposes":{"a":{}}},"destinations":[
        {"id":"ga","kind":"ga4","url":"https://g.example/","consent":{"allOf":["a"]},"settings":{"measurementId":"G","apiSecret":"s"}},
        {"id":"hook","kind":"webhook","url":"https://h.example/","consent":{"allOf":["a"]},"settings":{"headers":{"Authorization":"Bearer t","X-Site":"s"}}}]}"#;
    let folder = folder_with(&[("c.json", config)]);
    let (status, out, err) = run(folder.path(), &["check", "c.json"]);
    assert_eq!(status, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let pointers: Vec<&Value> = report["notes"].as_array().unwrap().iter().map(|note| &note["pointer"]).collect();
    assert_eq!(pointers, ["/destinations/0/settings/apiSecret", "/destinations/1/settings/headers/Authorization"]);
    assert_eq!(report["ok"], true);
    assert!(err.starts_with("note: c.json: /destinations/0/settings/apiSecret: can be read by everybody"), "{err}");
    let (status, out, err) = run(folder.path(), &["check", "--forward", "c.json"]);
    assert!(status == 0 && err.is_empty() && !out.contains("notes"), "{out}{err}");
    std::fs::write(folder.path().join("c.json"), config.replace("https://h.example", "http://h.example")).unwrap();
    let (status, _, err) = run(folder.path(), &["check", "--forward", "c.json"]);
    assert_eq!((status, err.as_str()), (0, "note: c.json: /destinations/1/url: is sent in the clear: write https://\n"));
}

#[test]
fn what_is_wrong_with_a_file_to_forward_by_is_told_line_by_line() {
    let forward = r#"{"version":1,"writeKey":"w","consent":{"purposes":{"a":{}}},"destinations":[
        {"id":"ga","kind":"ga4","url":"/g","consent":{"allOf":["a"]},"settings":{"measurementId":"G","apiSecret":"s"}},
        {"id":"hook","kind":"webhook","url":"https://h.example/","consent":{}}]}"#;
    let folder = folder_with(&[("tidegate.json", CONFIG), ("forward.json", forward)]);
    let (status, _, err) = run(folder.path(), &["serve", "--config", "tidegate.json", "--forward", "forward.json"]);
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!((status, lines.len()), (1, 2), "{err}");
    assert!(lines[0].starts_with("forward.json: /destinations/0/url: must be an absolute"), "{err}");
    assert!(lines[1].starts_with("forward.json: /destinations/1/consent: names no purpose"), "{err}");
    let (status, _, err) = run(folder.path(), &["serve", "--config", "tidegate.json", "--forward", "none.json"]);
    assert!(status == 1 && err.starts_with("none.json: "), "{err}");
}
