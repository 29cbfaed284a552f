//! Searching and joining text, small: one copy for every caller, where the standard library makes one for each.

/// The parts, one after the other.
pub fn concat(parts: &[&str]) -> String {
    join(parts, "")
}

/// The parts with a separator between them.
pub fn join(parts: &[&str], separator: &str) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        out.push_str(part);
    }
    out
}

/// Whether `mark` stands anywhere in the text.
pub fn contains(text: &str, mark: &str) -> bool {
    mark.is_empty() || cut(text, mark).is_some()
}

/// The text before and behind the first place where `mark` stands.
pub fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(mark.len().max(1)).position(|part| part == mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// The next piece of `rest` up to `mark`, and `rest` behind it; nothing once `rest` is used up.
pub fn next_piece<'a>(rest: &mut Option<&'a str>, mark: &str) -> Option<&'a str> {
    let text = rest.take()?;
    let (piece, behind) = cut(text, mark).map_or((text, None), |(piece, behind)| (piece, Some(behind)));
    *rest = behind;
    Some(piece)
}

/// Appends a text with some of its ASCII characters replaced: those for which `put` gives something else than nothing.
pub fn push_replaced(out: &mut String, text: &str, put: fn(u8) -> &'static str) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let put = put(byte);
        if !put.is_empty() {
            out.push_str(text.get(plain..at).unwrap_or(""));
            out.push_str(put);
            plain = at + 1;
        }
    }
    out.push_str(text.get(plain..).unwrap_or(""));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_finds_as_the_standard_library_does() {
        for parts in [&[][..], &["a"], &["", "b", ""]] {
            assert_eq!((concat(parts), join(parts, ", ")), (parts.concat(), parts.join(", ")));
        }
        for (text, mark) in [("", ""), ("a", ""), ("abc", "bc"), ("abc", "cb"), ("", "a")] {
            assert_eq!(contains(text, mark), text.contains(mark), "{text} {mark}");
        }
    }

    #[test]
    fn replaces_characters_and_keeps_the_rest() {
        let replaced = |text| {
            let mut out = String::from(">");
            push_replaced(&mut out, text, |byte| if byte == b'a' { "xy" } else { "" });
            out
        };
        assert_eq!(["", "a", "éaaé", "b"].map(replaced), [">", ">xy", ">éxyxyé", ">b"].map(String::from));
    }

    #[test]
    fn cuts_at_the_first_mark() {
        assert_eq!(cut("aé{{b}}{{", "{{"), Some(("aé", "b}}{{")));
        assert_eq!((cut("a{", "{{"), cut("", "x"), cut("x", "")), (None, None, None));
    }

    #[test]
    fn pieces_are_those_of_split() {
        for text in ["", "a", "a.b", ".", "a..b."] {
            let mut rest = Some(text);
            let pieces: Vec<&str> = std::iter::from_fn(|| next_piece(&mut rest, ".")).collect();
            assert_eq!(pieces, text.split('.').collect::<Vec<_>>(), "{text}");
        }
    }
}
