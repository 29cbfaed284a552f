//! Auto-event variables: of the element that was clicked, sent or seen.

use super::{Made, Variables, page};
use crate::import::parse::Params;
use crate::import::words::word;
use serde_json::json;

pub(super) fn variable(variables: &mut Variables<'_>, params: &Params) -> Result<Made, String> {
    let path = match word(params.text("varType")).as_str() {
        "element" => "element".to_owned(),
        "classes" | "class" => "element.classes".to_owned(),
        "id" => "element.id".to_owned(),
        "target" => "element.target".to_owned(),
        "text" => "element.text".to_owned(),
        "attribute" => {
            let attribute = params.text("attribute").to_ascii_lowercase();
            if attribute.is_empty() || attribute.contains(['{', '.']) {
                return Err("its attribute's name is empty, comes from a variable, or has a dot".into());
            }
            format!("element.attributes.{attribute}")
        }
        "historynewurlfragment" => "fragment".to_owned(),
        "historyoldurlfragment" => "oldFragment".to_owned(),
        "historynewstate" => "state".to_owned(),
        "historyoldstate" => "oldState".to_owned(),
        "historychangesource" => "source".to_owned(),
        "url" | "" => return address(variables, params),
        other => return Err(format!("the importer does not know auto-event variables of {other}")),
    };
    Ok(Made::Definition(json!({ "kind": "property", "path": path })))
}

/// The element's address, a part of it, or whether it leads away.
fn address(variables: &mut Variables<'_>, params: &Params) -> Result<Made, String> {
    let component = word(params.text("component"));
    let whole = json!({ "kind": "property", "path": "element.url" });
    match component.as_str() {
        "" | "url" => Ok(Made::Definition(whole)),
        "isoutbound" => {
            let id = variables.shared("element url", whole);
            outbound(variables, &id, params.text("affiliatedDomains")).map(Made::Test)
        }
        _ => {
            let mut definition = page::part("url", params)?;
            let id = variables.shared("element url", whole);
            super::set(&mut definition, "of", id.into());
            Ok(Made::Definition(definition))
        }
    }
}

/// The condition that an address is one of another host.
pub(super) fn outbound(variables: &mut Variables<'_>, url: &str, affiliated: &str) -> Result<serde_json::Value, String> {
    if affiliated.contains("{{") {
        return Err("its affiliated domains come from a variable: write them out".into());
    }
    let host = variables.shared(&format!("{url} host"), json!({ "kind": "url", "part": "host", "of": url }));
    let own = variables.shared("own host", json!({ "kind": "url", "part": "host" }));
    let mut all = vec![
        json!({ "var": url, "op": "starts-with", "value": "http" }),
        json!({ "var": host, "op": "!=", "value": format!("{{{{{own}}}}}") }),
    ];
    for domain in affiliated.split(',').map(str::trim).filter(|domain| !domain.is_empty()) {
        // Its subdomains are the site's too, and no name that only ends like it.
        let domain = domain.trim_start_matches('.');
        all.push(json!({ "not": { "any": [
            { "var": host, "op": "==", "value": domain },
            { "var": host, "op": "ends-with", "value": format!(".{domain}") },
        ] } }));
    }
    Ok(json!({ "all": all }))
}
