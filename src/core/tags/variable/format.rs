//! What a value is made into before anybody sees it.

use super::raw_text;
use crate::json::{Kind, flag, kind, member, text, text_of};
use crate::tags::regex::{capital, folded};
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Format {
    lower: bool,
    upper: bool,
    trim: bool,
    null: Option<String>,
    when_true: Option<String>,
    when_false: Option<String>,
}

impl Format {
    pub(super) fn read(raw: &str) -> Self {
        let put = |key| member(raw, key).map(str::to_owned);
        Format {
            lower: text(raw, "case") == "lower",
            upper: text(raw, "case") == "upper",
            trim: flag(raw, "trim", false),
            null: put("null"),
            when_true: put("true"),
            when_false: put("false"),
        }
    }

    pub(super) fn apply<'a>(&'a self, raw: Cow<'a, str>) -> Cow<'a, str> {
        let instead = match kind(&raw) {
            Kind::Null => &self.null,
            Kind::Bool if raw == "true" => &self.when_true,
            Kind::Bool => &self.when_false,
            Kind::String if self.trim || self.lower || self.upper => {
                let text = text_of(&raw);
                let text = if self.trim { text.trim() } else { &text };
                let change = |char| match char {
                    char if self.lower => folded(char),
                    char if self.upper => capital(char),
                    char => char,
                };
                return raw_text(&text.chars().map(change).collect::<String>());
            }
            _ => &None,
        };
        instead.as_deref().map_or(raw, Cow::Borrowed)
    }
}
