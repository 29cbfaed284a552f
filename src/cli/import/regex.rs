//! Regular expressions: whether Tidegate takes one, and whether it matches a text that is known here, as GTM's own event names are.

mod parser;

use parser::Parser;

/// An expression that Tidegate takes.
pub(super) struct Regex {
    root: Node,
    ignore_case: bool,
}

enum Node {
    Char(char),
    Any,
    Set {
        not: bool,
        ranges: Vec<(char, char)>,
    },
    Start,
    End,
    WordEdge(bool),
    OneOf(Vec<Node>),
    Sequence(Vec<Node>),
    Repeat {
        what: Box<Node>,
        least: usize,
        most: usize,
    },
    Ahead {
        not: bool,
        what: Box<Node>,
    },
    /// What an earlier group matched; nothing that is asked here depends on one.
    Back,
}

/// A search that takes more steps does not match, as in Tidegate.
const MOST_STEPS: usize = 20_000;
const DEEPEST: usize = 1_000;

impl Regex {
    /// Reads one. The fault says why Tidegate would not take it.
    pub(super) fn parse(text: &str, ignore_case: bool) -> Result<Self, String> {
        Parser::parse(text).map(|root| Regex { root, ignore_case })
    }

    /// Whether it matches anywhere in a text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().map(|letter| self.folded(letter)).collect();
        let mut search = Search { letters: &letters, regex: self, steps: 0, depth: 0 };
        (0..=letters.len()).any(|at| search.fits(&self.root, at, &mut |_, _| true))
    }

    fn folded(&self, letter: char) -> char {
        if self.ignore_case { letter.to_lowercase().next().unwrap_or(letter) } else { letter }
    }
}

struct Search<'a> {
    letters: &'a [char],
    regex: &'a Regex,
    steps: usize,
    depth: usize,
}

impl Search<'_> {
    /// Whether a node matches from a place on, and what follows does from where it ends.
    fn fits(&mut self, node: &Node, at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
        self.steps += 1;
        self.depth += 1;
        let is = self.steps < MOST_STEPS && self.depth < DEEPEST && self.fits_here(node, at, then);
        self.depth -= 1;
        is
    }

    fn fits_here(&mut self, node: &Node, at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
        let letter = self.letters.get(at).copied();
        match node {
            Node::Char(wanted) => letter == Some(self.regex.folded(*wanted)) && then(self, at + 1),
            Node::Any => {
                letter.is_some_and(|letter| !matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')) && then(self, at + 1)
            }
            Node::Set { not, ranges } => {
                let Some(letter) = letter else { return false };
                let has = |letter: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter));
                let is_in = has(letter) || self.regex.ignore_case && letter.to_uppercase().next().is_some_and(has);
                is_in != *not && then(self, at + 1)
            }
            Node::Start => at == 0 && then(self, at),
            Node::End => letter.is_none() && then(self, at),
            Node::WordEdge(wanted) => {
                let is_word =
                    |letter: Option<&char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || *letter == '_');
                let before = at.checked_sub(1).and_then(|at| self.letters.get(at));
                (is_word(before) != is_word(self.letters.get(at))) == *wanted && then(self, at)
            }
            Node::OneOf(branches) => branches.iter().any(|branch| self.fits(branch, at, then)),
            Node::Sequence(items) => self.fits_all(items, at, then),
            Node::Repeat { what, least, most } => self.fits_often(what, (*least, *most), at, then),
            Node::Ahead { not, what } => self.fits(what, at, &mut |_, _| true) != *not && then(self, at),
            Node::Back => false,
        }
    }

    fn fits_all(&mut self, items: &[Node], at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
        match items.split_first() {
            None => then(self, at),
            Some((first, rest)) => self.fits(first, at, &mut |search, at| search.fits_all(rest, at, then)),
        }
    }

    fn fits_often(
        &mut self,
        what: &Node,
        (least, most): (usize, usize),
        at: usize,
        then: &mut dyn FnMut(&mut Self, usize) -> bool,
    ) -> bool {
        let fewer = (least.saturating_sub(1), most.saturating_sub(usize::from(most != usize::MAX)));
        // A turn that takes nothing would go on for ever.
        let again = most > 0
            && self.fits(what, at, &mut |search, end| (end > at || least > 0) && search.fits_often(what, fewer, end, then));
        again || least == 0 && then(self, at)
    }
}

/// A text as an expression that matches it.
pub(super) fn escaped(text: &str) -> String {
    let mut found = String::new();
    for letter in text.chars() {
        if "\\^$.|?*+()[]{}/".contains(letter) {
            found.push('\\');
        }
        found.push(letter);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_javascript_does() {
        for (pattern, text, wanted) in [
            ("add_to_cart|purchase", "remove_then_add_to_cart", true),
            ("^(cart|email)$", "cart", true),
            ("^(cart|email)$", "carts", false),
            ("gtm\\.(dom|load)", "gtm.load", true),
            (".*", "", true),
            (".+", "", false),
            ("^[^a-c]{2,3}$", "xyz", true),
            ("^(?!gtm)", "gtm.js", false),
            ("\\bjs\\b", "gtm.js", true),
            ("(a*)*b", "aaaa", false),
            ("^[\\W\\d]+$", "1-2", true),
            ("a{,2}", "a{,2}", true),
        ] {
            assert_eq!(Regex::parse(pattern, false).map(|regex| regex.is_match(text)), Ok(wanted), "{pattern} {text}");
        }
        assert!(Regex::parse("SHOP[X-Z]", true).is_ok_and(|regex| regex.is_match("shopy")));
    }

    #[test]
    fn refuses_what_tidegate_does_not_take() {
        for pattern in
            ["(?<=a)b", "(?<name>a)", "\\p{L}", "[\\p{L}]", "(", ")", "[a", "*a", "a**", "a{3,2}", "[z-a]", "(?i)a", "\\"]
        {
            assert!(Regex::parse(pattern, false).is_err(), "{pattern}");
        }
    }
}
