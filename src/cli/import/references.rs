//! `{{Name}}` in a text of the export.

/// A part of a text.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Reference(&'a str),
}

/// The parts of a text, in order. Braces that are not closed are text.
pub(super) fn pieces(mut rest: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    while let Some((before, behind)) = rest.split_once("{{")
        && let Some((name, after)) = behind.split_once("}}")
    {
        if !before.is_empty() {
            found.push(Piece::Text(before));
        }
        found.push(Piece::Reference(name.trim()));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// The name where a text is one reference and nothing else.
pub(super) fn only(text: &str) -> Option<&str> {
    match pieces(text.trim()).as_slice() {
        [Piece::Reference(name)] => Some(name),
        _ => None,
    }
}
