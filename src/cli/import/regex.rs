//! Regular expressions: whether Tidegate takes one, and whether it matches a text that is known here, as GTM's own event names are.

use std::str::Chars;

/// An expression that Tidegate takes.
pub(super) struct Regex {
    root: Node,
    ignore_case: bool,
}

enum Node {
    Char(char),
    Any,
    Set { not: bool, ranges: Vec<(char, char)> },
    Start,
    End,
    WordEdge(bool),
    OneOf(Vec<Node>),
    Sequence(Vec<Node>),
    Repeat { what: Box<Node>, least: usize, most: usize },
    Ahead { not: bool, what: Box<Node> },
    /// What an earlier group matched; nothing that is asked here depends on one.
    Back,
}

/// A search that takes more steps does not match, as in Tidegate.
const MOST_STEPS: usize = 20_000;
const DEEPEST: usize = 40;

impl Regex {
    /// Reads one. The fault says why Tidegate would not take it.
    pub(super) fn parse(text: &str, ignore_case: bool) -> Result<Self, String> {
        let mut parser = Parser { rest: text.chars(), depth: 0 };
        let root = parser.one_of()?;
        match parser.rest.next() {
            Some(_) => Err("a bracket ) that nothing opens".into()),
            None => Ok(Regex { root, ignore_case }),
        }
    }

    /// Whether it matches anywhere in a text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().map(|letter| self.folded(letter)).collect();
        let mut search = Search { letters: &letters, regex: self, steps: 0 };
        (0..=letters.len()).any(|at| search.fits(&self.root, at, &mut |_, _| true))
    }

    fn folded(&self, letter: char) -> char {
        if self.ignore_case { letter.to_lowercase().next().unwrap_or(letter) } else { letter }
    }
}

struct Parser<'a> {
    rest: Chars<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn take(&mut self, mark: &str) -> bool {
        let is = self.rest.as_str().starts_with(mark);
        if is {
            self.rest = self.rest.as_str().get(mark.len()..).unwrap_or("").chars();
        }
        is
    }

    fn one_of(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.sequence()?];
        while self.take("|") {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::OneOf(branches) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut items = Vec::new();
        while !self.rest.as_str().is_empty() && !self.rest.as_str().starts_with(['|', ')']) {
            let item = self.item()?;
            items.push(self.repeated(item)?);
        }
        Ok(Node::Sequence(items))
    }

    fn item(&mut self) -> Result<Node, String> {
        Ok(match self.rest.next() {
            Some('.') => Node::Any,
            Some('^') => Node::Start,
            Some('$') => Node::End,
            Some('[') => self.set()?,
            Some('(') => self.group()?,
            Some('\\') => self.escape()?,
            Some(mark @ ('*' | '+' | '?')) => return Err(format!("{mark} with nothing before it to repeat")),
            Some(letter) => Node::Char(letter),
            None => Node::Sequence(Vec::new()),
        })
    }

    fn group(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("too many groups within each other".into());
        }
        let ahead = if self.take("?:") {
            None
        } else if self.take("?=") {
            Some(false)
        } else if self.take("?!") {
            Some(true)
        } else if self.take("?<=") || self.take("?<!") {
            return Err("a look-behind, which Tidegate's expressions do not have".into());
        } else if self.take("?<") || self.take("?P<") {
            return Err("a named group, which Tidegate's expressions do not have".into());
        } else if self.take("?") {
            return Err("a group (?…) that JavaScript does not know".into());
        } else {
            None
        };
        let inner = self.one_of()?;
        if !self.take(")") {
            return Err("a bracket ( that nothing closes".into());
        }
        self.depth -= 1;
        Ok(match ahead {
            Some(not) => Node::Ahead { not, what: Box::new(inner) },
            None => inner,
        })
    }

    fn escape(&mut self) -> Result<Node, String> {
        let Some(letter) = self.rest.next() else { return Err("a \\ at the end".into()) };
        Ok(match letter {
            'b' => Node::WordEdge(true),
            'B' => Node::WordEdge(false),
            'p' | 'P' if self.rest.as_str().starts_with('{') => {
                return Err(format!("\\{letter}{{…}}, which Tidegate's expressions do not have"));
            }
            '1'..='9' => {
                while self.rest.as_str().starts_with(|digit: char| digit.is_ascii_digit()) {
                    self.rest.next();
                }
                Node::Back
            }
            _ => match class(letter) {
                Some((not, ranges)) => Node::Set { not, ranges },
                None => Node::Char(self.escaped(letter)?),
            },
        })
    }

    /// The letter that an escape stands for.
    fn escaped(&mut self, letter: char) -> Result<char, String> {
        let digits = match letter {
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'f' => return Ok('\u{c}'),
            'v' => return Ok('\u{b}'),
            '0' => return Ok('\0'),
            'x' => 2,
            'u' => 4,
            _ => return Ok(letter),
        };
        let code = self.rest.as_str().get(..digits).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let Some(code) = code else { return Ok(letter) };
        self.rest.nth(digits - 1);
        Ok(code)
    }

    fn set(&mut self) -> Result<Node, String> {
        let not = self.take("^");
        let mut ranges = Vec::new();
        loop {
            let first = match self.rest.next() {
                None => return Err("a bracket [ that nothing closes".into()),
                Some(']') => return Ok(Node::Set { not, ranges }),
                Some('\\') => match self.rest.next() {
                    None => return Err("a \\ at the end".into()),
                    Some('p' | 'P') if self.rest.as_str().starts_with('{') => {
                        return Err("\\p{…}, which Tidegate's expressions do not have".into());
                    }
                    Some('b') => '\u{8}',
                    Some(letter) => match class(letter) {
                        Some((false, members)) => {
                            ranges.extend(members);
                            continue;
                        }
                        Some((true, members)) => {
                            ranges.extend(outside(members));
                            continue;
                        }
                        None => self.escaped(letter)?,
                    },
                },
                Some(letter) => letter,
            };
            let mut last = first;
            if self.rest.as_str().starts_with('-') && !self.rest.as_str().starts_with("-]") {
                self.rest.next();
                last = match self.rest.next() {
                    Some('\\') => match self.rest.next() {
                        Some(letter) => self.escaped(letter)?,
                        None => return Err("a \\ at the end".into()),
                    },
                    Some(letter) => letter,
                    None => return Err("a bracket [ that nothing closes".into()),
                };
            }
            if last < first {
                return Err(format!("a range {first}-{last} the wrong way round"));
            }
            ranges.push((first, last));
        }
    }

    fn repeated(&mut self, what: Node) -> Result<Node, String> {
        let (least, most) = match self.rest.as_str().chars().next() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => match self.counted() {
                Some(counts) => counts,
                None => return Ok(what),
            },
            _ => return Ok(what),
        };
        self.rest.next();
        if least > most {
            return Err(format!("a count {{{least},{most}}} the wrong way round"));
        }
        if matches!(what, Node::Start | Node::End | Node::WordEdge(_)) {
            return Err("a count behind ^, $ or \\b".into());
        }
        self.take("?");
        if self.rest.as_str().starts_with(['*', '+', '?']) {
            return Err("two counts one after the other".into());
        }
        Ok(Node::Repeat { what: Box::new(what), least, most })
    }

    /// `{2}`, `{2,}`, `{2,3}`: the counts, and the parser before the closing bracket. Any other `{` is a letter.
    fn counted(&mut self) -> Option<(usize, usize)> {
        let (inside, _) = self.rest.as_str().get(1..)?.split_once('}')?;
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let counts = (least.parse().ok()?, if most.is_empty() { usize::MAX } else { most.parse().ok()? });
        self.rest = self.rest.as_str().get(1 + inside.len()..)?.chars();
        Some(counts)
    }
}

fn class(letter: char) -> Option<(bool, Vec<(char, char)>)> {
    let members = match letter.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        's' => vec![('\t', '\r'), (' ', ' '), ('\u{a0}', '\u{a0}'), ('\u{2028}', '\u{2029}'), ('\u{feff}', '\u{feff}')],
        _ => return None,
    };
    Some((letter.is_ascii_uppercase(), members))
}

/// All letters outside some ranges.
fn outside(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut found = Vec::new();
    let mut from = 0u32;
    for (first, last) in ranges {
        if let (Some(start), Some(end)) = (char::from_u32(from), (first as u32).checked_sub(1).and_then(char::from_u32))
            && start <= end
        {
            found.push((start, end));
        }
        from = last as u32 + 1;
    }
    found.extend(char::from_u32(from).map(|start| (start, char::MAX)));
    found
}

struct Search<'a> {
    letters: &'a [char],
    regex: &'a Regex,
    steps: usize,
}

impl Search<'_> {
    /// Whether a node matches from a place on, and what follows does from where it ends.
    fn fits(&mut self, node: &Node, at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        let letter = self.letters.get(at).copied();
        match node {
            Node::Char(wanted) => letter == Some(self.regex.folded(*wanted)) && then(self, at + 1),
            Node::Any => letter.is_some_and(|letter| !matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')) && then(self, at + 1),
            Node::Set { not, ranges } => {
                let Some(letter) = letter else { return false };
                let has = |letter: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter));
                let is_in = has(letter) || self.regex.ignore_case && letter.to_uppercase().next().is_some_and(has);
                is_in != *not && then(self, at + 1)
            }
            Node::Start => at == 0 && then(self, at),
            Node::End => letter.is_none() && then(self, at),
            Node::WordEdge(wanted) => {
                let is_word = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || *letter == '_');
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
        for pattern in ["(?<=a)b", "(?<name>a)", "\\p{L}", "[\\p{L}]", "(", ")", "[a", "*a", "a**", "a{3,2}", "[z-a]", "(?i)a", "\\"] {
            assert!(Regex::parse(pattern, false).is_err(), "{pattern}");
        }
    }
}
