//! Small exports, each for one thing that an import promises.

use super::{list, text};
use crate::process::run;
use serde_json::{Value, json};
use std::fs;

/// Imports what a container version holds.
fn import(version: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let export = json!({ "exportFormatVersion": 2, "containerVersion": version });
    fs::write(folder.path().join("container.json"), export.to_string()).unwrap();
    let (status, out, err) = run(folder.path(), &["import", "gtm", "container.json"]);
    assert_eq!(status, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// Parameters by key: texts, and tables as lists of objects.
fn parameters(of: &Value) -> Value {
    let parameter = |(key, value): (&String, &Value)| match value {
        Value::Array(rows) => {
            let rows: Vec<Value> = rows.iter().map(|row| json!({ "type": "MAP", "map": parameters(row) })).collect();
            json!({ "type": "LIST", "key": key, "list": rows })
        }
        value => json!({ "type": "TEMPLATE", "key": key, "value": value }),
    };
    of.as_object().unwrap().iter().map(parameter).collect()
}

/// A tag on all pages.
fn tag(kind: &str, params: &Value) -> Value {
    json!({ "tagId": "1", "name": "The tag", "type": kind, "parameter": parameters(params), "firingTriggerId": ["2147479553"] })
}

fn html(html: &str) -> Value {
    tag("html", &json!({ "html": html }))
}

fn with(mut entity: Value, key: &str, value: Value) -> Value {
    entity[key] = value;
    entity
}

/// The tags that one tag becomes, and its line in the report.
fn of_tag(tag: Value) -> (Vec<Value>, Value) {
    let imported = import(&json!({ "tag": [tag] }));
    (list(&imported, "/config/tags").to_vec(), line(&imported, "tag"))
}

fn line(imported: &Value, kind: &str) -> Value {
    list(imported, "/report").iter().find(|entry| text(entry, "kind") == kind).unwrap().clone()
}

fn needed(types: &[&str]) -> Value {
    let list: Vec<Value> = types.iter().map(|one| json!({ "type": "TEMPLATE", "value": one })).collect();
    json!({ "consentStatus": "NEEDED", "consentType": { "type": "LIST", "list": list } })
}

const META: &str = "<script>!function(f,b,e,v){n.src=v}(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');\
    fbq('init','222');fbq('track','PageView');</script>";

#[test]
fn what_a_container_asks_for_is_added_to_what_the_product_is_for() {
    for (tag, asked, wanted) in [
        (html(META), &["security_storage"][..], json!(["advertising"])),
        (tag("googtag", &json!({ "tagId": "G-1" })), &["ad_storage"], json!(["analytics", "advertising"])),
        (tag("googtag", &json!({ "tagId": "G-1" })), &["analytics_storage"], json!(["analytics"])),
        (html("<script>dataLayer.push({event:'x'});</script>"), &["security_storage"], json!(["necessary"])),
        (tag("img", &json!({ "url": "https://a.example/p" })), &["ad_storage"], json!(["advertising"])),
        (tag("img", &json!({ "url": "https://a.example/p" })), &["security_storage"], json!(["analytics", "advertising"])),
    ] {
        let (tags, line) = of_tag(with(tag, "consentSettings", needed(asked)));
        assert_eq!(tags[0]["consent"]["allOf"], wanted, "{asked:?}: {line}");
    }
}
