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

/// The text before and behind the first place where `mark` stands; nothing for an empty mark.
pub fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (first, others) = mark.as_bytes().split_first()?;
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        // Most bytes are none of a mark: they are not worth a call that compares.
        if byte == first && behind.starts_with(others) {
            let at = text.len() - rest.len();
            return Some((text.get(..at)?, text.get(at + mark.len()..)?));
        }
        rest = behind;
    }
    None
}

/// One in each of four bytes.
const ONES: u32 = u32::MAX / 255;

/// A word has its highest bit where one of its bytes is the first one below `least`: elsewhere only behind that. `least` is 128 at most.
pub(crate) fn bytes_below(least: u8, word: u32) -> u32 {
    word.wrapping_sub(ONES * u32::from(least)) & !word & (ONES << 7)
}

/// The same for the first byte that is this one.
pub(crate) fn bytes_that_are(byte: u8, word: u32) -> u32 {
    bytes_below(1, word ^ (ONES * u32::from(byte)))
}

/// Whether there is a control character of ASCII in it. Four bytes a step: every event is looked through.
pub(crate) fn has_control(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks();
    words.iter().any(|word| bytes_below(b' ', u32::from_le_bytes(*word)) != 0) || rest.iter().any(|byte| *byte < b' ')
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
    fn control_characters_are_found_wherever_they_stand() {
        for plain in ["", "a", "12345678", "é€ \u{7f}\u{80}𝄞 and more than eight bytes"] {
            assert!(!has_control(plain), "{plain}");
            for (at, _) in plain.char_indices() {
                for control in ["\0", "\t", "\n", "\u{1f}"] {
                    assert!(has_control(&concat(&[&plain[..at], control, &plain[at..]])), "{plain} {at}");
                }
            }
        }
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
