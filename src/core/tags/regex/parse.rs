//! Reading an expression.

use super::class::Set;
use std::iter::Peekable;
use std::str::Chars;

const MAX_DEPTH: u32 = 50;

/// An expression as a tree.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Char(char),
    Set(Set),
    Start,
    End,
    Boundary(bool),
    Back(usize),
    Group(Box<Node>, usize),
    Look(Box<Node>, bool),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Repeat>),
}

/// Something over and over.
#[derive(Clone, Debug)]
pub(super) struct Repeat {
    pub(super) node: Node,
    pub(super) least: u32,
    /// Nothing: without end.
    pub(super) most: Option<u32>,
    pub(super) lazy: bool,
    /// The groups in it, the first and the one behind the last.
    pub(super) groups: (usize, usize),
}

/// Reads an expression. Returns it with the number of its groups, that around the whole included.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(pattern: &str) -> Result<(Node, usize), &'static str> {
    let opened = pattern.replace("\\(", "").matches('(').count();
    let mut parser = Parser { rest: pattern.chars().peekable(), groups: 1, may_refer_to: opened, depth: 0 };
    let node = parser.either()?;
    match parser.rest.next() {
        Some(_) => Err("has a \")\" that is not opened"),
        None => Ok((node, parser.groups)),
    }
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    groups: usize,
    /// A number beyond this is no back-reference.
    may_refer_to: usize,
    depth: u32,
}

impl Parser<'_> {
    fn eat(&mut self, wanted: char) -> bool {
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn either(&mut self) -> Result<Node, &'static str> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("nests too deep");
        }
        let mut all = vec![self.sequence()?];
        while self.eat('|') {
            all.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Either(all) })
    }

    fn sequence(&mut self) -> Result<Node, &'static str> {
        let mut all = Vec::new();
        while let Some(char) = self.rest.next_if(|char| !matches!(char, '|' | ')')) {
            let groups = self.groups;
            let (node, repeats) = self.term(char)?;
            let count = self.count()?;
            all.push(match count {
                None => node,
                Some(_) if !repeats => return Err("has nothing to repeat before a count"),
                Some((least, most)) => {
                    let lazy = self.eat('?');
                    Node::Repeat(Box::new(Repeat { node, least, most, lazy, groups: (groups, self.groups) }))
                }
            });
        }
        Ok(Node::Sequence(all))
    }

    /// One term, and whether it may be repeated.
    fn term(&mut self, char: char) -> Result<(Node, bool), &'static str> {
        Ok(match char {
            '^' => (Node::Start, false),
            '$' => (Node::End, false),
            '.' => (Node::Set(Set::any()), true),
            '[' => (Node::Set(self.set()?), true),
            '(' => (self.group()?, true),
            '*' | '+' | '?' => return Err("has nothing to repeat before a count"),
            '\\' => self.escape()?,
            char => (Node::Char(char), true),
        })
    }

    /// How often: a star, plus, question mark or count in braces, if there is one.
    fn count(&mut self) -> Result<Option<(u32, Option<u32>)>, &'static str> {
        let found = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                // What does not read like a count is text.
                let mut ahead = self.rest.clone();
                ahead.next();
                let Some(found) = braces(&mut ahead) else { return Ok(None) };
                self.rest = ahead;
                if found.1.is_some_and(|most| most < found.0) {
                    return Err("has a count out of order");
                }
                return Ok(Some(found));
            }
            _ => return Ok(None),
        };
        self.rest.next();
        Ok(Some(found))
    }

    fn group(&mut self) -> Result<Node, &'static str> {
        let mut number = 0;
        let mut look = None;
        if self.eat('?') {
            match self.rest.next() {
                Some(':') => {}
                Some('=') => look = Some(true),
                Some('!') => look = Some(false),
                Some('<') if matches!(self.rest.peek(), Some('=' | '!')) => {
                    return Err("looks behind: look-behind is not known here");
                }
                Some('<') => return Err("has a named group: use a plain one"),
                _ => return Err("sets flags: use \"ignoreCase\""),
            }
        } else {
            number = self.groups;
            self.groups += 1;
        }
        let inner = Box::new(self.either()?);
        if !self.eat(')') {
            return Err("has a \"(\" that is not closed");
        }
        Ok(match look {
            Some(wanted) => Node::Look(inner, wanted),
            None if number > 0 => Node::Group(inner, number),
            None => *inner,
        })
    }

    fn escape(&mut self) -> Result<(Node, bool), &'static str> {
        let char = self.rest.next().ok_or("ends with a backslash")?;
        let mut set = Set::default();
        if set.add_class(char) {
            return Ok((Node::Set(set), true));
        }
        Ok(match char {
            'b' => (Node::Boundary(true), false),
            'B' => (Node::Boundary(false), false),
            '1'..='9' => {
                let mut number = char.to_digit(10).unwrap_or(0) as usize;
                while let Some(digit) = self.rest.peek().and_then(|char| char.to_digit(10)) {
                    let longer = 10 * number + digit as usize;
                    if longer > self.may_refer_to {
                        break;
                    }
                    number = longer;
                    self.rest.next();
                }
                (if number <= self.may_refer_to { Node::Back(number) } else { Node::Char(char) }, true)
            }
            char => (Node::Char(self.escaped(char)?), true),
        })
    }

    /// The one character that an escape stands for.
    fn escaped(&mut self, char: char) -> Result<char, &'static str> {
        Ok(match char {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\u{b}',
            'f' => '\u{c}',
            '0' => '\0',
            'x' => self.hex(2).unwrap_or('x'),
            'u' => self.hex(4).unwrap_or('u'),
            'p' | 'P' => return Err("has \\p, which is not known here: write the characters out"),
            other => other,
        })
    }

    fn hex(&mut self, digits: usize) -> Option<char> {
        let mut ahead = self.rest.clone();
        let mut code = 0;
        for _ in 0..digits {
            code = 16 * code + ahead.next()?.to_digit(16)?;
        }
        let char = char::from_u32(code)?;
        self.rest = ahead;
        Some(char)
    }

    fn set(&mut self) -> Result<Set, &'static str> {
        let mut set = Set::default();
        if self.eat('^') {
            set.negate();
        }
        loop {
            let from = match self.rest.next().ok_or("has a \"[\" that is not closed")? {
                ']' => return Ok(set),
                '\\' => match self.class_escape(&mut set)? {
                    Some(char) => char,
                    None => continue,
                },
                char => char,
            };
            let mut ahead = self.rest.clone();
            if ahead.next() != Some('-') || matches!(ahead.peek(), Some(']') | None) {
                set.add(from, from);
                continue;
            }
            self.rest.next();
            let to = match self.rest.next().ok_or("has a \"[\" that is not closed")? {
                '\\' => match self.class_escape(&mut set)? {
                    Some(char) => char,
                    // A class is no end of a range: the dash is one of the characters.
                    None => {
                        set.add(from, from);
                        set.add('-', '-');
                        continue;
                    }
                },
                char => char,
            };
            if to < from {
                return Err("has a range out of order");
            }
            set.add(from, to);
        }
    }

    /// What follows a backslash in a set: one character, or a class that is added.
    fn class_escape(&mut self, set: &mut Set) -> Result<Option<char>, &'static str> {
        let char = self.rest.next().ok_or("ends with a backslash")?;
        if set.add_class(char) {
            return Ok(None);
        }
        if char == 'b' { Ok(Some('\u{8}')) } else { self.escaped(char).map(Some) }
    }
}

/// `2}`, `2,}` or `2,3}`.
fn braces(rest: &mut Peekable<Chars<'_>>) -> Option<(u32, Option<u32>)> {
    let least = number(rest)?;
    let most = match rest.next()? {
        '}' => return Some((least, Some(least))),
        ',' if rest.peek() == Some(&'}') => None,
        ',' => Some(number(rest)?),
        _ => return None,
    };
    (rest.next()? == '}').then_some((least, most))
}

fn number(rest: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut number = None;
    while let Some(digit) = rest.peek().and_then(|char| char.to_digit(10)) {
        number = Some(number.unwrap_or(0u32).saturating_mul(10).saturating_add(digit));
        rest.next();
    }
    number
}
