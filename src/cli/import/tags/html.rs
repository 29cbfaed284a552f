//! Custom HTML: vendors' snippets, pushes to the data layer, scripts from elsewhere, images and plain markup.

use super::custom::{self, absolute, fixed_host, pixel};
use super::gtag;
use super::{Made, Result, Scope, Without};
use crate::import::consent::Product;
use crate::import::parse::Tag;
use crate::import::recognise::html::{Markup, Script as Element, has_element, markup, only_elements};
use crate::import::recognise::script::{CONDITIONAL, OF_GOOGLE, Script, Step, literal, read};
use crate::import::recognise::vendors::{Vendor, vendors};
use crate::import::words::{shortened, word};
use serde_json::{Map, Value};

pub(super) fn html(scope: &mut Scope<'_, '_>) -> Result<Vec<Made>> {
    let text = scope.text("html");
    let mut markup = markup(text);
    without_foreign(scope, &mut markup)?;
    let code: Vec<&str> =
        markup.scripts.iter().filter(|script| script.attribute("src").is_none()).map(|one| one.code.as_str()).collect();
    let code = code.join("\n");
    if markup.scripts.is_empty() {
        return without_script(scope, &markup.rest);
    }
    if code.trim().is_empty() {
        return from_elsewhere(scope, &markup);
    }
    let vendors = vendors_of(&markup, &code);
    if !vendors.is_empty() {
        let loaders: Vec<&str> = vendors.iter().flat_map(|vendor| vendor.loaders).copied().collect();
        beside(scope, &markup, &loaders);
        return of_vendors(scope, &vendors, &code);
    }
    let script = read(&code, OF_GOOGLE);
    if script.is_conditional && ["dataLayer.push", "gtag("].iter().any(|mark| code.contains(mark)) {
        return Err(CONDITIONAL.into());
    }
    if let Some(made) = gtag::calls(scope, &script) {
        beside(scope, &markup, &["googletagmanager.com/gtag/js"]);
        delayed(scope, &script);
        return made;
    }
    if let Some(pushes) = pushes(&script) {
        beside(scope, &markup, &[]);
        delayed(scope, &script);
        return push(scope, pushes?);
    }
    if let Some(address) = loaded(&script)
        && markup.rest.is_empty()
    {
        return Ok(vec![script_from(scope, &address)?]);
    }
    Err(why_not(&script, &code).into())
}

/// Takes away the scripts that no browser runs.
fn without_foreign(scope: &mut Scope<'_, '_>, markup: &mut Markup) -> Result<()> {
    let (foreign, own): (Vec<Element>, Vec<Element>) =
        std::mem::take(&mut markup.scripts).into_iter().partition(|script| script.foreign_type().is_some());
    markup.scripts = own;
    for kind in foreign.iter().filter_map(Element::foreign_type) {
        let why = match kind {
            "application/ld+json" => "it is data for search engines: put it on the page itself".to_owned(),
            _ => format!(
                "no browser runs a script of the type {kind}, though a consent platform may: leave the type out to import it"
            ),
        };
        if markup.scripts.is_empty() && markup.rest.is_empty() {
            return Err(why.into());
        }
        scope.notes.change(format!("a script in it is left out: {why}"));
    }
    Ok(())
}

/// Notes what stands beside the script that is recognised, but for a vendor's own.
fn beside(scope: &mut Scope<'_, '_>, markup: &Markup, own: &[&str]) {
    for src in markup.scripts.iter().filter_map(|script| script.attribute("src")) {
        if !own.iter().any(|own| src.contains(own)) {
            scope.notes.change(format!("the script {src} in it is left out: make a tag of custom-script for it"));
        }
    }
    if !markup.rest.is_empty() {
        scope.notes.change(format!("the markup {} in it is left out", shortened(&markup.rest)));
    }
}

fn delayed(scope: &mut Scope<'_, '_>, script: &Script) {
    if script.is_delayed {
        scope.notes.change("it does at once what it did after a time");
    }
}

fn vendors_of(markup: &Markup, code: &str) -> Vec<&'static Vendor> {
    let sources: Vec<&str> = markup.scripts.iter().filter_map(|script| script.attribute("src")).collect();
    vendors(&format!("{code}\n{}", sources.join("\n")))
}

/// The tags of all vendors that one tag was for.
fn of_vendors(scope: &mut Scope<'_, '_>, vendors: &[&Vendor], code: &str) -> Result<Vec<Made>> {
    let (mut made, mut without) = (Vec::new(), Vec::new());
    for vendor in vendors {
        match of_vendor(scope, vendor, vendors, code) {
            Ok(more) => made.extend(more),
            Err(Without::LeftOut(why)) => without.push((vendor.template, why)),
            otherwise => return otherwise,
        }
    }
    match without.first() {
        Some((_, why)) if made.is_empty() => return Err(why.as_str().into()),
        _ => {}
    }
    for (template, why) in without {
        scope.notes.change(format!("what it has of {template} is left out: {why}"));
    }
    Ok(made)
}

fn of_vendor(scope: &mut Scope<'_, '_>, vendor: &Vendor, all: &[&Vendor], code: &str) -> Result<Vec<Made>> {
    let script = vendor.script(code, all);
    if script.is_conditional {
        return Err(CONDITIONAL.into());
    }
    let found = vendor.read(&script, code)?;
    delayed(scope, &script);
    let key = vendor.id();
    let mut made = Vec::new();
    for mut raw in found.tags {
        let own = raw.remove(key).map(|id| Map::from_iter([(key.to_owned(), id)]));
        let bases = own.map_or_else(|| bases(scope, vendor), |own| vec![own]);
        if bases.is_empty() {
            return Err(
                format!("no tag of the container says which {key} it is for: write the {} tag by hand", vendor.template).into()
            );
        }
        for mut base in bases {
            let mut params = Map::new();
            let id = base.remove(key).unwrap_or_default();
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            scope.id(&mut params, key, &id, vendor.has_id_in_address())?;
            base.extend(raw.clone());
            for (name, value) in base {
                match scope.variables.fill_all(&value, scope.notes) {
                    Some(value) => drop(params.insert(name, value)),
                    None if name == "eventName" => return Err("its event cannot be told".into()),
                    None => {}
                }
            }
            made.push(Made::new(vendor.template, params, vendor.product));
        }
    }
    let of_other = |what: &String| all.iter().any(|other| other.template != vendor.template && other.has_made(what));
    for what in found.left.into_iter().filter(|what| !of_other(what)) {
        scope.notes.change(format!("{what} in it is left out"));
    }
    Ok(made)
}

/// What the container's other tags of a vendor set up: ids, and what goes with them.
fn bases(scope: &mut Scope<'_, '_>, vendor: &Vendor) -> Vec<Map<String, Value>> {
    let mut bases: Vec<Map<String, Value>> = Vec::new();
    let key = vendor.id();
    for tag in scope.version.tag.iter().filter(|tag| !tag.paused) {
        let found = match word(&tag.kind).as_str() {
            "html" => of_snippet(tag, vendor),
            _ => ids(scope, tag, vendor.template).into_iter().map(|id| Map::from_iter([(key.to_owned(), id)])).collect(),
        };
        for mut base in found {
            base.retain(|name, _| matches!(name.as_str(), "userData" | "autoConfig") || name == key);
            if base.contains_key(key) && bases.iter().all(|other| other.get(key) != base.get(key)) {
                bases.push(base);
            }
        }
    }
    bases
}

fn of_snippet(tag: &Tag, vendor: &Vendor) -> Vec<Map<String, Value>> {
    let mut markup = markup(tag.params.text("html"));
    markup.scripts.retain(|script| script.foreign_type().is_none());
    let code: Vec<&str> = markup.scripts.iter().map(|script| script.code.as_str()).collect();
    let code = code.join("\n");
    let all = vendors_of(&markup, &code);
    if !all.iter().any(|other| other.template == vendor.template) {
        return Vec::new();
    }
    let script = vendor.script(&code, &all);
    // Where the site's own question keeps a pixel from being set up, no other tag sets it up instead.
    if script.is_conditional {
        return Vec::new();
    }
    vendor.read(&script, &code).unwrap_or_default().tags
}

/// The ids that a tag of a vendor's own type sets up.
fn ids(scope: &mut Scope<'_, '_>, tag: &Tag, template: &str) -> Vec<Value> {
    let text = match super::vendors::id(tag) {
        Some((of, id)) if of == template => id,
        Some(_) => return Vec::new(),
        None => match custom::id(scope.version, tag) {
            Some((of, id)) if of == template => id,
            _ => return Vec::new(),
        },
    };
    let text = scope.variables.literal(text).unwrap_or_else(|| text.to_owned());
    text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(Value::from).collect()
}

/// What a script pushes to the data layer, where it does nothing else.
fn pushes(script: &Script) -> Option<Result<Vec<Value>>> {
    let mut found = Vec::new();
    for step in &script.steps {
        match step {
            Step::Call(name, arguments) if name == "dataLayer.push" => found.extend(arguments),
            Step::Set(name, _) if name == "dataLayer" => {}
            Step::Let(..) => {}
            _ => return None,
        }
    }
    if found.is_empty() {
        return None;
    }
    let values: std::result::Result<Vec<Value>, String> = found.into_iter().map(literal).collect();
    Some(match values {
        Ok(values) if values.iter().all(Value::is_object) => Ok(values),
        Ok(_) => Err("it pushes what is no object to the data layer".into()),
        Err(why) => Err(format!("what it pushes to the data layer is not written out: {why}").into()),
    })
}

fn push(scope: &mut Scope<'_, '_>, values: Vec<Value>) -> Result<Vec<Made>> {
    let mut made = Vec::new();
    for value in values {
        let Some(data) = scope.variables.fill_all(&value, scope.notes) else { continue };
        let params = Map::from_iter([("data".to_owned(), data)]);
        made.push(Made::new("data-push", params, Product::Local));
    }
    Ok(made)
}

/// The script that a script puts on the page, where it does nothing else.
fn loaded(script: &Script) -> Option<String> {
    let (mut element, mut address) = (None, None);
    for step in &script.steps {
        match step {
            Step::Let(name, value) => match value.created_element() {
                Some("script") if element.is_none() => element = Some(name.as_str()),
                Some(_) => return None,
                None => {}
            },
            Step::Set(path, value) => {
                let (of, key) = path.split_once('.')?;
                match key {
                    "src" if Some(of) == element => address = Some(value.text()?.to_owned()),
                    "async" | "defer" | "type" | "charset" | "id" if Some(of) == element => {}
                    _ => return None,
                }
            }
            Step::Call(name, _) if name.ends_with(".appendChild") || name.ends_with(".insertBefore") => {}
            _ => return None,
        }
    }
    address
}

/// Attributes that change nothing of what a script does once it is there.
const PLAIN: [&str; 10] =
    ["src", "type", "async", "defer", "charset", "crossorigin", "id", "language", "nonce", "referrerpolicy"];

fn from_elsewhere(scope: &mut Scope<'_, '_>, markup: &Markup) -> Result<Vec<Made>> {
    if !markup.rest.is_empty() {
        return Err("its script works on markup beside it: put both on the page itself, or write a template".into());
    }
    let made = |script: &Element, scope: &mut Scope<'_, '_>| {
        let other = script.attributes.iter().map(|(name, _)| name.as_str()).find(|name| !PLAIN.contains(name));
        if let Some(name) = other {
            return Err(format!(
                "its script has the attribute {name}, which custom-script cannot set: write a template with load.attributes"
            )
            .into());
        }
        if script.attribute("type") == Some("module") {
            return Err("its script is a module: write a template with load.module".into());
        }
        script_from(scope, script.attribute("src").unwrap_or(""))
    };
    markup.scripts.iter().map(|script| made(script, scope)).collect()
}

fn script_from(scope: &mut Scope<'_, '_>, address: &str) -> Result<Made> {
    let src = fixed_host(scope, &absolute(address))?;
    Ok(Made::new("custom-script", Map::from_iter([("src".to_owned(), src.into())]), Product::Unknown))
}

fn without_script(scope: &mut Scope<'_, '_>, rest: &str) -> Result<Vec<Made>> {
    if rest.is_empty() {
        return Err("there is nothing in it that a page with scripts shows".into());
    }
    if let Some(images) = only_elements(rest, "img") {
        if let Some((name, _)) = images.iter().flatten().find(|(name, _)| name.starts_with("on")) {
            scope.notes.change(format!("what its image does by {name} is left out"));
        }
        let source = |image: Vec<(String, String)>| image.into_iter().find(|(name, _)| name == "src").map(|(_, src)| src);
        let addresses: Vec<String> = images.into_iter().filter_map(source).collect();
        return addresses.iter().map(|src| fixed_host(scope, &absolute(&src.replace("&amp;", "&"))).map(pixel)).collect();
    }
    for name in ["style", "link", "meta", "base"] {
        if has_element(rest, name) {
            return Err(
                format!("its <{name}> works on the page, which a frame of its own cannot: put it on the page itself").into()
            );
        }
    }
    let html = scope.variables.fill(rest).map_err(|why| format!("its markup cannot be told, since {why}"))?;
    scope.notes.change("it is shown in a frame of its own, without access to the page");
    Ok(vec![Made::new("custom-html", Map::from_iter([("html".to_owned(), html)]), Product::Unknown)])
}

/// What a script that is not recognised does, as far as can be told, and what to do instead.
fn why_not(script: &Script, code: &str) -> String {
    let is_log = |step: &Step| matches!(step, Step::Call(name, _) if name.starts_with("console."));
    if !script.steps.is_empty() && script.steps.iter().all(is_log) {
        return "it writes to the console only: analytics.explain() says what happens".into();
    }
    if code.contains("document.write") {
        return "it writes into the page while that loads, which nothing in Tidegate does: put it on the page itself".into();
    }
    let host = code.split("//").skip(1).find_map(|rest| {
        let host = rest.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '-')).next()?;
        host.contains('.').then_some(host)
    });
    match host {
        Some(host) => format!("it runs code of its own with {host}: write a template that loads it and makes its calls"),
        None => "it runs code of its own: put it on the page itself, or push what it finds to the data layer".into(),
    }
}
