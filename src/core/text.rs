//! Searching in text, small: one copy for every caller, where the standard library's search makes one for each.

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

#[cfg(test)]
mod tests {
    use super::*;

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
