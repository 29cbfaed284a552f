//! What the page answers, and what it tells of its own: JSON lists, a word first. `js/tags.ts` has the other side.

use super::vendor::Fetched;
use super::{Tags, Template};
use crate::config::AnyFaultOfTags;
use crate::effect::Effects;
use crate::json::{Kind, elements, kind, text_of, whole};
use crate::text::concat;
use crate::time::Now;
use std::rc::Rc;

/// What the page said, as far as the tags cannot deal with it alone.
pub(crate) enum Heard<'a> {
    /// Nothing more is to be done than to tell what is wrong, tag by tag.
    Problems(Vec<(usize, String)>),
    /// The answers to what was asked; raw.
    Answers(Vec<&'a str>),
    /// Something was seen: its kind and facts, raw, and the triggers it was seen for.
    Seen { kind: &'a str, facts: &'a str, seen_for: Vec<usize> },
}

impl Tags {
    /// `captures` is the number of the latest occasion.
    pub(crate) fn hear<'a>(&mut self, said: &'a str, captures: u32, now: Now, out: &mut Effects) -> Heard<'a> {
        let mut parts = elements(said);
        let word = text_of(parts.next().unwrap_or("null"));
        let [first, second, third] = [(); 3].map(|()| parts.next().unwrap_or("null"));
        let number = whole(first).unwrap_or(u64::MAX) as usize;
        let mut problems = Vec::new();
        match &*word {
            "answers" => return Heard::Answers(elements(first).collect()),
            "seen" => {
                let mut seen_for = Vec::new();
                for at in elements(third) {
                    seen_for.extend(whole(at).map(|at| at as usize));
                }
                return Heard::Seen { kind: first, facts: second, seen_for };
            }
            "template" => self.template_came(number, Some(second).filter(|raw| kind(raw) == Kind::String)),
            "loaded" => problems = self.loaded(number, second == "true", out),
            "failed" => {
                if let Some(runner) = self.runners.get_mut(number) {
                    runner.stumbled = true;
                }
                problems.push((number, concat(&[&text_of(second), " is missing, or it threw"])));
            }
            "end" => {
                let ticket = whole(second).unwrap_or(0) as u32;
                if let Some(runner) = self.runners.get_mut(number)
                    && let Some(open) = runner.open.iter().position(|(firing, _)| firing.ticket == ticket)
                {
                    let ok = !std::mem::take(&mut runner.stumbled);
                    let (firing, _) = runner.open.remove(open);
                    self.end(number, firing, ok);
                }
            }
            "listening" => self.held_until = 0,
            "watch" => self.watched.push((captures, number)),
            _ => {}
        }
        self.tell_ended(out);
        self.look(now);
        Heard::Problems(problems)
    }

    fn template_came(&mut self, slot: usize, text: Option<&str>) {
        let Some(slot) = self.templates.get_mut(slot).filter(|slot| matches!(slot.state, Fetched::Asked)) else { return };
        let mut fault = AnyFaultOfTags::default();
        slot.state = match text.map(|text| Template::read(&text_of(text), &mut fault)) {
            Some(template) if !fault.0 => Fetched::Here(Rc::new(template)),
            Some(_) => Fetched::Failed(concat(&["templates/", &slot.name, ".json is malformed: `tidegate check` says where"])),
            None => Fetched::Failed(concat(&[
                "template could not be fetched: is templates/",
                &slot.name,
                ".json beside tidegate.js?",
            ])),
        };
    }
}
