//! Numbers, strings and regular expressions that are written out.

use super::brackets::is_letter;
use super::js::Expr;
use super::reader::Reader;
use serde_json::Value;

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Option<Expr> {
        let end = self.rest.find(|letter: char| !is_letter(letter) && letter != '.').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let number: Value = match digits.parse::<i64>() {
            Ok(whole) => whole.into(),
            Err(_) => serde_json::Number::from_f64(digits.parse().ok()?)?.into(),
        };
        self.rest = rest;
        Some(Expr::Literal(number))
    }

    pub(super) fn string(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                _ if letter == quote => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                '\\' => match letters.next()?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' | '\n' => {}
                    'u' | 'x' => return None,
                    other => text.push(other),
                },
                '$' if quote == '`' && self.rest.get(at + 1..)?.starts_with('{') => return None,
                '\n' if quote != '`' => return None,
                _ => text.push(letter),
            }
        }
        None
    }

    pub(super) fn pattern(&mut self) -> Option<Expr> {
        let (mut escaped, mut in_class) = (false, false);
        for (at, letter) in self.rest.char_indices().skip(1) {
            match letter {
                '\n' => return None,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    let source = self.rest.get(1..at)?.to_owned();
                    self.rest = self.rest.get(at + 1..)?;
                    let end = self.rest.find(|letter| !is_letter(letter)).unwrap_or(self.rest.len());
                    let (flags, rest) = self.rest.split_at(end);
                    self.rest = rest;
                    return Some(Expr::Pattern { source, flags: flags.to_owned() });
                }
                _ => {}
            }
        }
        None
    }
}
