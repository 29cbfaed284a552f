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
    let imported: Value = serde_json::from_str(&out).unwrap();
    // One that is refused would switch off all tags.
    let checked = tidegate_core::config::Config::check(&imported["config"].to_string());
    assert_eq!(checked.err(), None, "{out}");
    imported
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

fn script(code: &str) -> Value {
    html(&format!("<script>{code}</script>"))
}

const HOTJAR: &str =
    "h._hjSettings={hjid:77,hjsv:6};a=o.createElement('script');a.src='https://static.hotjar.com/c/hotjar-'+h._hjSettings.hjid;";

#[test]
fn a_script_that_asks_for_something_of_the_sites_first_is_left_out() {
    let hotjar = |check: &str| format!("(function(h,o){{{check}{HOTJAR}}})(window,document);");
    for code in [
        "if (window.marketingAllowed) { fbq('init','222'); fbq('track','Purchase',{value:1}); }",
        "fbq('init','222'); if (typeof consent !== 'undefined') fbq('track','PageView');",
        "(function(){ if (!window.marketingAllowed) return; fbq('init','222'); })();",
        "window.marketingAllowed && fbq('init','222'); fbq('init','333');",
        "if (typeof fbq === 'undefined') { fbq('init','222'); }",
        "if (isTestUser) dataLayer.push({event:'x'});",
        "if (window.allowed) { gtag('config','G-1'); }",
        "switch (region) { case 'eu': return; } fbq('init','222');",
        &hotjar("if(!h.marketingAllowed)return;"),
    ] {
        let (tags, line) = of_tag(script(code));
        assert!(tags.is_empty() && text(&line, "reason").contains("asks for something first"), "{code}: {line}");
    }
}

#[test]
fn a_script_that_asks_whether_the_vendors_own_is_there_is_carried() {
    let hotjar = format!("(function(h,o){{if(h.hj)return;{HOTJAR}}})(window,document);");
    for code in [
        "if (typeof fbq === 'function') { fbq('init','222'); }",
        "window.fbq && fbq('init','222');",
        "if (window.fbq) fbq('init','222');",
        "if (typeof dataLayer !== 'undefined') { dataLayer.push({event:'x'}); }",
        "if (!window.dataLayer) { window.dataLayer = []; } dataLayer.push({event:'x'});",
        &hotjar,
    ] {
        let (tags, line) = of_tag(script(code));
        assert!(tags.len() == 1 && text(&line, "status") == "carried", "{code}: {line}");
    }
}

const WHOLE_HOTJAR: &str = "(function(h,o,t,j,a,r){h.hj=h.hj||function(){(h.hj.q=h.hj.q||[]).push(arguments)};h._hjSettings={hjid:12,hjsv:6};\
    a=o.getElementsByTagName('head')[0];r=o.createElement('script');r.src=t+h._hjSettings.hjid+j+h._hjSettings.hjsv;a.appendChild(r);\
    })(window,document,'https://static.hotjar.com/c/hotjar-','.js?sv=');";
const META_LOADER: &str = "!function(f,b,e,v,n,t,s){if(f.fbq)return;n=f.fbq=function(){n.queue.push(arguments)};n.queue=[];t=b.createElement(e);\
    t.src=v;s=b.getElementsByTagName(e)[0];s.parentNode.insertBefore(t,s)}(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');";
const CLARITY: &str = "(function(c,l,a,r,i,t,y){c[a]=c[a]||function(){(c[a].q=c[a].q||[]).push(arguments)};t=l.createElement(r);t.async=1;\
    t.src='https://www.clarity.ms/tag/'+i;y=l.getElementsByTagName(r)[0];y.parentNode.insertBefore(t,y);})(window,document,'clarity','script','abc');";

#[test]
fn a_loader_that_waits_for_something_is_left_out() {
    for loader in [WHOLE_HOTJAR, CLARITY] {
        for code in [
            format!("window.addEventListener('CookiebotOnAccept', function () {{ {loader} }});"),
            format!("document.addEventListener('consent', () => {{ {loader} }}, false);"),
            format!("OneTrust.OnConsentChanged(function () {{ {loader} }})"),
            format!("consented.then(async () => {{ {loader} }});"),
            format!("function start() {{ {loader} }} document.addEventListener('consent', start);"),
            format!("var start = function () {{ {loader} }}; banner.onAccept(start);"),
            format!("window.start = function () {{ {loader} }};"),
            format!("function start() {{ {loader} }}"),
        ] {
            let (tags, line) = of_tag(script(&code));
            assert!(tags.is_empty(), "{code}: {tags:?}");
            assert!(text(&line, "reason").contains("may be consent"), "{code}: {line}");
        }
        for code in [
            format!("function start() {{ {loader} }} start();"),
            format!("start(); function start() {{ {loader} }}"),
            format!("(() => {{ {loader} }})();"),
            format!("window.addEventListener('load', function () {{ {loader} }});"),
            format!("function start() {{ {loader} }} window.addEventListener('load', start);"),
            format!("setTimeout(() => {{ {loader} }}, 3000);"),
        ] {
            let (tags, line) = of_tag(script(&code));
            assert_eq!(tags.len(), 1, "{code}: {line}");
        }
    }
}

#[test]
fn each_vendor_of_a_script_has_its_tag() {
    let snippets =
        format!("(function(){{{META_LOADER}fbq('init','222');fbq('track','PageView');}})();{CLARITY}clarity('event','seen');");
    let (tags, line) = of_tag(html(&format!("<!-- hj( was here --><script>{snippets}</script>")));
    let found: Vec<(&str, &Value)> = tags.iter().map(|tag| (text(tag, "template"), &tag["params"]["eventName"])).collect();
    assert_eq!(found, [("meta-pixel", &json!("PageView")), ("microsoft-clarity", &json!("seen"))], "{line}");
    assert_eq!(text(&line, "status"), "carried", "{line}");

    let waiting = format!("{CLARITY} banner.onAccept(() => {{ {WHOLE_HOTJAR} }});");
    let (tags, line) = of_tag(script(&waiting));
    assert_eq!((tags.len(), text(&tags[0], "template")), (1, "microsoft-clarity"), "{line}");
    assert!(text(&line, "reason").contains("hotjar is left out"), "{line}");
}

#[test]
fn a_call_alone_is_for_what_another_tag_set_up() {
    let other = |kind: &str, params: Value| with(tag(kind, &params), "tagId", json!("2"));
    let gallery = json!({ "templateId": "9", "name": "Facebook Pixel", "galleryReference":
        { "owner": "facebookarchive", "repository": "GoogleTagManager-WebTemplate-For-FacebookPixel" } });
    for (code, base, template, key, id) in [
        (
            "fbq('track','Lead');",
            other("cvt_1_9", json!({ "pixelId": "222", "eventName": "standard" })),
            "meta-pixel",
            "pixelId",
            "222",
        ),
        ("window.hj && hj('event','seen');", other("hjtc", json!({ "hotjar_site_id": "33" })), "hotjar", "siteId", "33"),
        (
            "clarity('event', 'seen');",
            other("html", json!({ "html": format!("<script>{CLARITY}</script>") })),
            "microsoft-clarity",
            "projectId",
            "abc",
        ),
        (
            "window.uetq=window.uetq||[];window.uetq.push('event','seen',{});",
            other("baut", json!({ "tagId": "44" })),
            "microsoft-ads",
            "tagId",
            "44",
        ),
    ] {
        let imported = import(&json!({ "tag": [script(code), base], "customTemplate": [gallery] }));
        let tag = &list(&imported, "/config/tags")[0];
        assert_eq!((text(tag, "template"), &tag["params"][key]), (template, &json!(id)), "{code}: {}", line(&imported, "tag"));
        assert!(["Lead", "seen"].contains(&text(&tag["params"], "eventName")), "{tag}");
    }
    let (tags, _) = of_tag(script("hj('event','seen');"));
    assert!(tags.is_empty());
}

#[test]
fn what_a_script_may_keep_from_firing_does_not_fire_without_it() {
    let gate = "<script>if (!window.allowed) google_tag_manager[{{Container ID}}].onHtmlFailure({{HTML ID}});</script>";
    let gate = with(with(html(gate), "name", json!("Gate")), "tagId", json!("2"));
    let behind = |stops: bool| with(html(META), "setupTag", json!([{ "tagName": "Gate", "stopOnSetupFailure": stops }]));
    for (stops, wanted) in [(true, 0), (false, 1)] {
        let imported = import(&json!({ "tag": [behind(stops), gate] }));
        assert_eq!(list(&imported, "/config/tags").len(), wanted, "{}", line(&imported, "tag"));
    }
}

#[test]
fn awins_script_is_loaded_for_its_advertiser() {
    let (tags, line) = of_tag(tag("awj", &json!({ "merchantId": "1234" })));
    assert_eq!(tags[0]["params"], json!({ "src": "https://www.dwin1.com/1234.js" }), "{line}");
    assert_eq!(tags[0]["consent"]["allOf"], json!(["advertising"]));
    for id in ["", "../x", "{{Unknown}}"] {
        assert!(of_tag(tag("awj", &json!({ "merchantId": id }))).0.is_empty(), "{id}");
    }
}

#[test]
fn what_an_image_does_beside_is_noted() {
    let (tags, line) = of_tag(html("<img src='https://a.example/p' onload='next()'>"));
    assert_eq!((tags.len(), text(&line, "reason").contains("onload")), (1, true), "{line}");
}

#[test]
fn what_follows_a_return_is_not_carried() {
    let (tags, _) = of_tag(script("(function(){ fbq('init','222'); return; fbq('track','Purchase'); })();"));
    assert!(!json!(tags).to_string().contains("Purchase"), "{tags:?}");
}

#[test]
fn a_base_tag_sends_nothing_of_what_fires_it() {
    let init = |call: &str, source: &str| script(&format!("!function(a,b){{b.src='https://{source}'}}(window,document);{call}"));
    for (tag, wanted) in [
        (tag("googtag", &json!({ "tagId": "G-1" })), json!("nothing")),
        (tag("googtag", &json!({ "tagId": "AW-1" })), json!("page")),
        (script("gtag('js', new Date()); gtag('config','G-1');"), json!("nothing")),
        (tag("hjtc", &json!({ "hotjar_site_id": "77" })), json!("nothing")),
        (tag("pntr", &json!({ "tagId": "26" })), json!("page")),
        (tag("baut", &json!({ "tagId": "55" })), json!("nothing")),
        (tag("twitter_website_tag", &json!({ "twitter_pixel_id": "o1" })), json!(null)),
        (script(&format!("(function(h,o){{{HOTJAR}}})(window,document);")), json!("nothing")),
        (init("fbq('init','222');", "connect.facebook.net/en_US/fbevents.js"), json!("nothing")),
        (init("rdt('init','t2');", "www.redditstatic.com/ads/pixel.js"), json!("nothing")),
        (init("rdt('init','t2');rdt('track','PageVisit');", "www.redditstatic.com/ads/pixel.js"), json!("page")),
        (init("snaptr('init','p');", "sc-static.net/scevent.min.js"), json!("nothing")),
        (init("snaptr('init','p');snaptr('track','PAGE_VIEW');", "sc-static.net/scevent.min.js"), json!("page")),
    ] {
        let (tags, line) = of_tag(tag);
        assert_eq!(tags[0]["params"].get("sends").unwrap_or(&json!(null)), &wanted, "{tags:?} {line}");
        assert_eq!(text(&line, "status"), "carried", "{line}");
    }
}

fn condition(kind: &str, subject: &str, wanted: &str) -> Value {
    json!({ "type": kind, "parameter": parameters(&json!({ "arg0": subject, "arg1": wanted })) })
}

fn negated(mut condition: Value) -> Value {
    let negate = parameters(&json!({ "negate": "true" }))[0].clone();
    condition["parameter"].as_array_mut().unwrap().push(negate);
    condition
}

/// The triggers that one trigger becomes, and its line in the report.
fn of_trigger(trigger: &Value) -> (Vec<Value>, Value) {
    let mut whole = json!({ "triggerId": "5", "name": "The trigger" });
    whole.as_object_mut().unwrap().extend(trigger.as_object().unwrap().clone());
    let event = json!({ "type": "EVENT", "name": "Event" });
    let url = json!({ "type": "CLICK_URL", "name": "Click URL" });
    let sku = json!({ "variableId": "9", "name": "sku", "type": "v", "parameter": parameters(&json!({ "name": "sku" })) });
    let imported = import(&json!({ "trigger": [whole], "builtInVariable": [event, url], "variable": [sku] }));
    (list(&imported, "/config/triggers").to_vec(), line(&imported, "trigger"))
}

#[test]
fn conditions_on_the_events_name_know_google_tag_managers_own_events() {
    let any = [condition("MATCH_REGEX", "{{_event}}", ".*")];
    for filter in [
        negated(condition("STARTS_WITH", "{{Event}}", "gtm.")),
        negated(condition("MATCH_REGEX", "{{Event}}", "^gtm\\.")),
        negated(condition("CONTAINS", "{{Event}}", "gtm.")),
    ] {
        let (triggers, line) = of_trigger(&json!({ "type": "CUSTOM_EVENT", "customEventFilter": any, "filter": [filter] }));
        assert!(triggers.len() == 1 && triggers[0]["kind"] == "event", "{triggers:?} {line}");
    }
    let of_page = condition("MATCH_REGEX", "{{Event}}", "^gtm\\.(js|dom)$");
    let (triggers, _) = of_trigger(&json!({ "type": "CUSTOM_EVENT", "customEventFilter": any, "filter": [of_page] }));
    let kinds: Vec<&str> = triggers.iter().map(|trigger| text(trigger, "kind")).collect();
    assert_eq!(kinds, ["event", "page-view", "dom-ready"]);
    assert!(triggers[1].get("where").is_none(), "{triggers:?}");
    let never = condition("EQUALS", "{{Event}}", "gtm.dom");
    let (triggers, line) = of_trigger(&json!({ "type": "PAGEVIEW", "filter": [never] }));
    assert!(triggers.is_empty() && text(&line, "reason").contains("never holds"), "{line}");
}

/// What a variable becomes, and its line in the report.
fn of_variable(kind: &str, params: &Value) -> (Value, Value) {
    let variable = json!({ "variableId": "9", "name": "The variable", "type": kind, "parameter": parameters(params) });
    let built_in = json!([{ "type": "EVENT", "name": "Event" }, { "type": "PAGE_URL", "name": "Page URL" }]);
    let imported = import(&json!({ "variable": [variable], "builtInVariable": built_in }));
    let made = list(&imported, "/config/variables").iter().find(|one| text(one, "id") == "the-variable");
    (made.cloned().unwrap_or_default(), line(&imported, "variable"))
}

#[test]
fn a_table_of_expressions_knows_google_tag_managers_own_events() {
    let table = |rows: Value| of_variable("remm", &json!({ "input": "{{Event}}", "map": rows, "fullMatch": "true" }));
    let (made, line) = table(json!([{ "key": "gtm\\.(js|dom|load)", "value": "page" }, { "key": ".*", "value": "other" }]));
    let rows: Vec<(&str, &str)> = list(&made, "/rows").iter().map(|row| (text(row, "matches"), text(row, "value"))).collect();
    let wanted = [
        ("^page-view$", "page"),
        ("^dom-ready$", "page"),
        ("^window-loaded$", "page"),
        ("gtm\\.(js|dom|load)", "page"),
        (".*", "other"),
    ];
    assert_eq!(rows, wanted, "{line}");
    let (_, line) = table(json!([{ "key": "gtm\\.click", "value": "a" }, { "key": "gtm\\.linkClick", "value": "b" }]));
    assert_eq!(text(&line, "status"), "left-out", "{line}");
}

#[test]
fn short_functions_become_variables() {
    for (code, wanted) in [
        (
            "function(){return new URLSearchParams(window.location.search).get('gclid');}",
            json!({ "kind": "url", "part": "query", "key": "gclid" }),
        ),
        ("() => new URL(location.href).searchParams.get('x')", json!({ "kind": "url", "part": "query", "key": "x" })),
        ("function(){return new URL(document.URL).hostname;}", json!({ "kind": "url", "part": "host" })),
        ("function(){return location.hash.substring(1);}", json!({ "kind": "url", "part": "fragment" })),
        ("function(){return location.hash.replace('#','');}", json!({ "kind": "url", "part": "fragment" })),
        (
            "function(){return document.documentElement.lang;}",
            json!({ "kind": "element", "selector": "html", "attribute": "lang" }),
        ),
        ("function(){return document.body.className;}", json!({ "kind": "element", "selector": "body", "attribute": "class" })),
        ("function(){return $('#email').val();}", json!({ "kind": "element", "selector": "#email" })),
        (
            "() => {{Page Path}}.split('/')[2]",
            json!({ "kind": "regex-table", "input": "page-path", "ignoreCase": false, "full": false,
            "rows": [{ "matches": "^(?:[^\\/]*[\\/]){2}([^\\/]*)", "value": "$1" }] }),
        ),
        (
            "function(){return {{Page Path}}.split('.').pop();}",
            json!({ "kind": "regex-table", "input": "page-path", "ignoreCase": false, "full": false,
            "rows": [{ "matches": "([^\\.]*)$", "value": "$1" }] }),
        ),
        (
            "function(){if({{Page Path}}==='/'){return 'home';}else if({{Page Path}}.indexOf('/p/')>-1){return 'product';}else{return 'other';}}",
            json!({ "kind": "regex-table", "input": "page-path", "ignoreCase": false, "full": false, "default": "other",
                "rows": [{ "matches": "^\\/$", "value": "home" }, { "matches": "\\/p\\/", "value": "product" }] }),
        ),
    ] {
        let (mut found, line) = of_variable("jsm", &json!({ "javascript": code }));
        found.as_object_mut().map(|members| members.remove("id"));
        assert_eq!(found, wanted, "{code}: {line}");
    }
    for code in ["function(){return $('.price').text();}", "function(){return {{Page Path}}.split('ab')[0];}", "(a) => a * 2"] {
        let (_, line) = of_variable("jsm", &json!({ "javascript": code }));
        assert_eq!(text(&line, "status"), "left-out", "{code}: {line}");
    }
}

#[test]
fn what_equals_is_compared_as_text() {
    let of = |wanted: &str| {
        let filter = condition("EQUALS", "{{sku}}", wanted);
        let (triggers, _) = of_trigger(&json!({ "type": "PAGEVIEW", "filter": [filter] }));
        triggers[0]["where"][0].clone()
    };
    assert_eq!(of("007"), json!({ "var": "sku", "op": "matches", "value": "^007$" }));
    assert_eq!(of("-7.50"), json!({ "var": "sku", "op": "matches", "value": "^-7\\.50$" }));
    assert_eq!(of("v7"), json!({ "var": "sku", "op": "==", "value": "v7" }));
    // Neither side is a number with a mark before it.
    assert_eq!(of("{{Click URL}}"), json!({ "var": "sku-as-text", "op": "==", "value": "={{click-url}}" }));
}

#[test]
fn what_a_config_may_not_hold_is_left_out() {
    for (trigger, wanted) in [
        (json!({ "type": "TIMER", "interval": { "value": "0" } }), "its interval is missing, or 0"),
        (json!({ "type": "TIMER", "interval": { "value": "90000000" } }), "more than 86400000"),
        (scroll(""), "it has no marks to scroll to"),
        (scroll("0"), "it has no marks to scroll to"),
    ] {
        let (triggers, line) = of_trigger(&trigger);
        assert!(triggers.is_empty() && text(&line, "reason").contains(wanted), "{line}");
    }
    let (triggers, _) = of_trigger(&json!({ "type": "TIMER", "interval": { "value": "5000" }, "limit": { "value": "0" } }));
    assert!(triggers[0].get("times").is_none(), "{triggers:?}");
    assert_eq!(of_trigger(&scroll("0,50")).0[0]["vertical"], json!([50]));
    let seen = json!({ "type": "ELEMENT_VISIBILITY", "parameter": parameters(&json!({ "elementSelector": ".a", "onScreenRatio": "0" })) });
    assert_eq!(of_trigger(&seen).0[0]["percent"], 1);
    let base = || tag("hjtc", &json!({ "hotjar_site_id": "77" }));
    let schedule = with(with(base(), "scheduleStartMs", json!("2000")), "scheduleEndMs", json!("1000"));
    assert!(text(&of_tag(schedule).1, "reason").contains("ends before it begins"));
    let urgent = with(base(), "priority", json!({ "type": "INTEGER", "value": "1000001" }));
    assert_eq!(of_tag(urgent).0[0]["priority"], 1_000_000);
}

fn scroll(marks: &str) -> Value {
    let params =
        json!({ "verticalThresholdOn": "true", "verticalThresholdUnits": "PERCENT", "verticalThresholdsPercent": marks });
    json!({ "type": "SCROLL_DEPTH", "parameter": parameters(&params) })
}

#[test]
fn tags_that_run_each_other_run_without() {
    let named = |id: &str, name: &str, other: &str| {
        let tag = with(tag("hjtc", &json!({ "hotjar_site_id": id })), "name", json!(name));
        with(with(tag, "tagId", json!(id)), "setupTag", json!([{ "tagName": other }]))
    };
    let imported =
        import(&json!({ "tag": [named("1", "a", "b"), named("2", "b", "a"), named("3", "c", "c"), named("4", "d", "a")] }));
    let with_setup: Vec<&Value> = list(&imported, "/config/tags").iter().filter(|tag| tag.get("setup").is_some()).collect();
    assert!(with_setup.len() == 1 && with_setup[0]["id"] == "d", "{with_setup:?}");
    assert!(text(&line(&imported, "tag"), "reason").contains("\"b\", which runs it in turn"));
}

#[test]
fn floodlight_counts_as_the_export_says() {
    let counter = |ordinal: &str| json!({ "advertiserId": "1", "groupTag": "g", "activityTag": "a", "ordinalType": ordinal });
    for (ordinal, wanted) in [("STANDARD", "standard"), ("UNIQUE", "unique"), ("SESSION", "per_session")] {
        let mut params = counter(ordinal);
        params["ordinalUnique"] = json!("1");
        let (tags, _) = of_tag(tag("flc", &params));
        assert_eq!(tags[0]["params"]["countingMethod"], wanted);
        assert_eq!(tags[0]["params"].pointer("/parameters/num").is_some(), wanted == "unique");
    }
    for (method, wanted) in [("TRANSACTIONS", "transactions"), ("ITEM_SOLD", "items_sold")] {
        let mut params = json!({ "advertiserId": "1", "groupTag": "g", "activityTag": "a", "countingMethod": method });
        params["quantity"] = json!("3");
        let (tags, _) = of_tag(tag("fls", &params));
        assert_eq!((&tags[0]["params"]["countingMethod"], &tags[0]["params"]["quantity"]), (&json!(wanted), &json!("3")));
    }
}

#[test]
fn an_id_of_an_element_is_found_whatever_it_holds() {
    for (id, wanted) in [("order.total:1", "[id=\"order.total:1\"]"), ("7", "[id=\"7\"]"), ("cart_total-1", "#cart_total-1")] {
        let seen = json!({ "selectorType": "ID", "elementId": id });
        let (triggers, _) = of_trigger(&json!({ "type": "ELEMENT_VISIBILITY", "parameter": parameters(&seen) }));
        assert_eq!(triggers[0]["selector"], wanted);
        assert_eq!(of_variable("d", &seen).0["selector"], wanted);
        let code = format!("function() {{ return document.getElementById('{id}').value; }}");
        assert_eq!(of_variable("jsm", &json!({ "javascript": code })).0["selector"], wanted);
    }
}

#[test]
fn what_a_conversion_of_linkedins_is_told_with_is_carried() {
    let (tags, line) = of_tag(script(
        "_linkedin_partner_id='1'; lintrk('track',{conversion_id:7,conversion_value:9,currency:'EUR',event_id:'e',extra:'x'});",
    ));
    let wanted = json!({ "partnerId": "1", "conversionId": 7, "value": 9, "currency": "EUR", "eventId": "e", "parameters": { "extra": "x" } });
    assert_eq!((&tags[0]["params"], text(&line, "status")), (&wanted, "carried"), "{line}");
}

#[test]
fn an_event_goes_to_all_that_googles_script_was_set_up_with() {
    let (tags, line) = of_tag(script("gtag('config','G-1'); gtag('config','G-2'); gtag('event','sign_up');"));
    let events: Vec<&Value> = tags.iter().filter(|tag| tag["params"]["eventName"] == "sign_up").collect();
    assert!(events.len() == 2 && text(&line, "status") == "carried", "{tags:?}");
    let (_, line) = of_tag(script("gtag('config','G-1'); gtag('config','AW-2'); gtag('event','sign_up');"));
    assert!(text(&line, "reason").contains("not to Google Ads"), "{line}");
}

#[test]
fn a_script_that_no_browser_runs_does_not_run() {
    for (tag, wanted) in [
        ("<script type=\"text/plain\">fbq('init','222');</script>", "the type text/plain"),
        ("<script type=\"text/plain\" src=\"https://a.example/a.js\"></script>", "the type text/plain"),
        ("<script type=\"application/ld+json\">{\"@type\":\"Product\"}</script>", "data for search engines"),
        ("<script src=\"https://a.example/a.js\" integrity=\"sha384-x\"></script>", "the attribute integrity"),
    ] {
        let (tags, line) = of_tag(html(tag));
        assert!(tags.is_empty() && text(&line, "reason").contains(wanted), "{line}");
    }
    let (tags, line) = of_tag(html("<script>fbq('init','222');</script><script type=\"text/plain\">fbq('init','333');</script>"));
    assert!(tags.len() == 1 && text(&line, "status") == "changed", "{line}");
}

#[test]
fn a_value_for_where_a_function_fails_is_not_dropped() {
    let of = |failed: &str| {
        let code = format!("function() {{ try {{ return window.shop.currency; }} catch (e) {{ {failed} }} }}");
        text(&of_variable("jsm", &json!({ "javascript": code })).1, "status").to_owned()
    };
    assert_eq!((of("return 'unknown';"), of("console.log(e);"), of("")), ("left-out".into(), "carried".into(), "carried".into()));
}

#[test]
fn what_a_vendors_tag_tells_is_carried() {
    for (kind, params, wanted) in [
        (
            "crto",
            json!({ "accountId": "1", "tagType": "PRODUCT_TAG", "productID": "p1", "siteType": "m" }),
            json!({ "account": "1", "siteType": "m", "eventName": "viewItem", "parameters": { "item": "p1" } }),
        ),
        (
            "pntr",
            json!({ "tagId": "1", "eventName": "checkout", "value": "5", "currency": "EUR", "order_id": "o", "product_category": "c",
                "values": [{ "name": "event_id", "value": "e" }], "setCustomParams": "true" }),
            json!({ "tagId": "1", "eventName": "checkout", "parameters": { "value": "5", "currency": "EUR", "order_id": "o",
                "event_id": "e", "line_items": [{ "product_category": "c" }] } }),
        ),
        (
            "baut",
            json!({ "tagId": "1", "eventType": "CUSTOM", "eventAction": "buy", "goalValue": "5", "c_enableAutoSpaTracking": "true" }),
            json!({ "tagId": "1", "eventName": "buy", "parameters": { "revenue_value": "5" }, "autoSpaTracking": true }),
        ),
        (
            "twitter_website_tag",
            json!({ "twitter_pixel_id": "o1", "event_type": "tw-o1-a",
                "event_parameters": [{ "param_table_key_column": "value", "param_table_value_column": "5" }] }),
            json!({ "pixelId": "o1", "eventName": "tw-o1-a", "parameters": { "value": "5" } }),
        ),
    ] {
        let (tags, line) = of_tag(tag(kind, &params));
        assert_eq!((&tags[0]["params"], text(&line, "status")), (&wanted, "carried"), "{line}");
    }
}

#[test]
fn what_a_vendors_tag_tells_and_nobody_reads_is_noted() {
    let (_, line) = of_tag(tag("bzi", &json!({ "id": "1", "customUrl": "https://a.example/", "off": "false" })));
    assert_eq!((text(&line, "status"), text(&line, "reason")), ("changed", "its customUrl is left out"));
    let (tags, line) = of_tag(tag("twitter_website_tag", &json!({ "twitter_pixel_id": "o1", "event_type": "Purchase" })));
    assert!(tags.is_empty() && text(&line, "reason").contains("tw-"), "{line}");
    let (tags, line) = of_tag(tag("baut", &json!({ "tagId": "1", "eventType": "VARIABLE_REVENUE", "goalValue": "5" })));
    assert!(tags.is_empty() && text(&line, "reason").contains("VARIABLE_REVENUE"), "{line}");
}

#[test]
fn addresses_are_those_that_google_tag_manager_gives() {
    // Without its fragment.
    let (whole, _) = of_variable("u", &json!({ "component": "URL" }));
    assert_eq!((&whole["kind"], &whole["part"]), (&json!("url"), &json!("url")));
    let imported = import(&json!({ "tag": [tag("img", &json!({ "url": "https://a.example/?{{Page URL}}" }))] }));
    assert_eq!(imported["config"]["variables"][0], json!({ "id": "page-url", "kind": "url", "part": "url" }));
    // The first of several keys.
    let several = json!({ "component": "QUERY", "queryKey": "utm_source, source", "multiQueryKeys": "true", "ignoreEmptyQueryParam": "true" });
    let (made, line) = of_variable("u", &several);
    let rows: Vec<&str> = list(&made, "/rows").iter().map(|row| text(row, "value")).collect();
    assert_eq!(
        (text(&made, "input"), rows),
        ("query-utm-source", vec!["{{query-behind-utm-source}}", "{{query-utm-source}}"]),
        "{line}"
    );
    let pages = json!({ "component": "PATH", "defaultPages": [{ "page": "index.html" }] });
    assert!(text(&of_variable("u", &pages).1, "reason").contains("default pages"));
}

#[test]
fn an_affiliated_domain_is_that_of_its_subdomains_and_no_other() {
    let outbound = json!({ "variableId": "9", "name": "Outbound", "type": "aev",
        "parameter": parameters(&json!({ "varType": "URL", "component": "IS_OUTBOUND", "affiliatedDomains": "example.com" })) });
    let click =
        json!({ "triggerId": "5", "name": "Click", "type": "CLICK", "filter": [condition("EQUALS", "{{Outbound}}", "true")] });
    let imported = import(&json!({ "trigger": [click], "variable": [outbound] }));
    let asked = json!([
        { "var": "element-url-host", "op": "==", "value": "example.com" },
        { "var": "element-url-host", "op": "ends-with", "value": ".example.com" },
    ]);
    assert_eq!(imported["config"]["triggers"][0]["where"][0]["all"][2]["not"]["any"], asked);
}

#[test]
fn a_random_number_keeps_its_bounds() {
    let of = |min: &str, max: &str| of_variable("r", &json!({ "min": min, "max": max }));
    assert_eq!(of("5", "10").0, json!({ "id": "the-variable", "kind": "random", "min": 5, "max": 10 }));
    assert_eq!(of("0", "2147483647").0, json!({ "id": "the-variable", "kind": "random", "max": 2_147_483_647 }));
    assert_eq!(of("", "").0, json!({ "id": "the-variable", "kind": "random" }));
    for (min, max) in [("7", "5"), ("-1", "5"), ("0", "0"), ("{{Event}}", "5")] {
        assert_eq!(text(&of(min, max).1, "status"), "left-out", "{min} {max}");
    }
}

#[test]
fn what_nothing_is_made_of_is_listed_too() {
    let imported = import(&json!({
        "zone": [{ "zoneId": "1", "name": "Partner" }],
        "client": [{ "clientId": "2", "name": "GA4", "type": "gaaw_client" }],
        "transformation": [{ "transformationId": "3", "name": "Redact" }],
        "gtagConfig": [{ "gtagConfigId": "4", "type": "googtag" }],
    }));
    let listed = |kind: &str| {
        let line = line(&imported, kind);
        (text(&line, "name").to_owned(), text(&line, "id").to_owned(), text(&line, "status").to_owned())
    };
    let wanted = |name: &str, id: &str| (name.to_owned(), id.to_owned(), "left-out".to_owned());
    assert_eq!(listed("zone"), wanted("Partner", "1"));
    assert_eq!(listed("client"), wanted("GA4", "2"));
    assert_eq!(listed("transformation"), wanted("Redact", "3"));
    assert_eq!(listed("gtag-config"), wanted("googtag", "4"));
}
