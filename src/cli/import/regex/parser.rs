//! Reading expressions.

use super::Node;
use std::str::Chars;

const DEEPEST: usize = 40;

pub(super) struct Parser<'a> {
    rest: Chars<'a>,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Node, String> {
        let mut parser = Parser { rest: text.chars(), depth: 0 };
        let root = parser.one_of()?;
        match parser.rest.next() {
            Some(_) => Err("a bracket ) that nothing opens".into()),
            None => Ok(root),
        }
    }

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
