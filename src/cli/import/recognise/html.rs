//! The HTML of a custom HTML tag, taken apart: its scripts, and what else there is.

/// A `<script>`.
pub(crate) struct Script {
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) code: String,
}

impl Script {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Script {
    /// The type of one that a browser does not run.
    pub(crate) fn foreign_type(&self) -> Option<&str> {
        let own = self.attribute("type")?.trim();
        let runs = [
            "",
            "text/javascript",
            "application/javascript",
            "text/ecmascript",
            "application/ecmascript",
            "module",
            "text/gtmscript",
        ];
        (!runs.iter().any(|known| own.eq_ignore_ascii_case(known))).then_some(own)
    }
}

/// The whole of it.
pub(crate) struct Markup {
    pub(crate) scripts: Vec<Script>,
    /// What is no script, without comments and `<noscript>`, which a page with scripts does not show.
    pub(crate) rest: String,
}

pub(crate) fn markup(html: &str) -> Markup {
    let mut scripts = Vec::new();
    let html = without(html, "<!--", "-->");
    let mut rest = String::new();
    let mut tail = html.as_str();
    while let Some((before, inside)) = cut(tail, "<script") {
        rest.push_str(before);
        let end = tag_end(inside);
        let (tag, behind) = inside.split_at(end);
        let behind = behind.strip_prefix('>').unwrap_or(behind);
        let (code, after) = cut(behind, "</script").unwrap_or((behind, ""));
        scripts.push(Script { attributes: attributes(tag), code: code.to_owned() });
        tail = after.split_once('>').map_or("", |(_, after)| after);
    }
    rest.push_str(tail);
    Markup { scripts, rest: without(&rest, "<noscript", "</noscript>").trim().to_owned() }
}

/// The elements of a text that holds nothing but empty elements of one name; nothing otherwise.
pub(crate) fn only_elements(html: &str, name: &str) -> Option<Vec<Vec<(String, String)>>> {
    let mut found = Vec::new();
    let mut rest = html.trim();
    while !rest.is_empty() {
        let behind = cut(rest, &format!("<{name}")).filter(|(before, _)| before.trim().is_empty())?.1;
        let (tag, after) = behind.split_at(tag_end(behind));
        found.push(attributes(tag));
        rest = after.strip_prefix('>')?.trim_start();
    }
    Some(found)
}

/// Whether there is an element of this name.
pub(crate) fn has_element(html: &str, name: &str) -> bool {
    cut(html, &format!("<{name}")).is_some()
}

/// Splits at a mark in whatever case.
fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.to_ascii_lowercase().find(mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

fn without(text: &str, start: &str, end: &str) -> String {
    let mut kept = String::new();
    let mut tail = text;
    while let Some((before, inside)) = cut(tail, start) {
        kept.push_str(before);
        tail = cut(inside, end).map_or("", |(_, after)| after);
    }
    kept + tail
}

/// Where a start tag ends; quotes may hold its bracket.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '/')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end.max(1));
        let mut value = "";
        rest = behind.trim_start();
        if let Some(behind) = rest.strip_prefix('=') {
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|letter| matches!(letter, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => behind.get(1..).and_then(|inner| inner.split_once(quote)).unwrap_or((behind, "")),
                None => behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len())),
            };
        }
        found.push((name.to_ascii_lowercase(), value.to_owned()));
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
    }
    found
}
