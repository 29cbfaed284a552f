//! What is wrong with a configuration, and where.

use crate::json::digits;
use crate::text::push_replaced;

/// One fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// JSON pointer (RFC 6901) to the place; empty for the whole document.
    pub pointer: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// Collects faults, so that a person sees all of them at once.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

/// Hears of faults while a document is read.
pub(crate) trait Hear {
    /// Whether tags are read for it too: their shapes are in their part of the core.
    const READS_TAGS: bool = false;

    /// There is one. The message is made where somebody wants to know.
    fn add(&mut self, place: &Place<'_>, message: impl FnOnce() -> String);
}

impl Hear for Faults {
    const READS_TAGS: bool = true;

    fn add(&mut self, place: &Place<'_>, message: impl FnOnce() -> String) {
        let mut pointer = String::new();
        place.push_pointer(&mut pointer);
        self.0.push(Fault { pointer, message: message() });
    }
}

/// Whether there is a fault at all. A page that starts needs no more: [`super::explain`] has the words.
#[derive(Default)]
pub(crate) struct AnyFault(pub(crate) bool);

impl Hear for AnyFault {
    fn add(&mut self, _: &Place<'_>, _: impl FnOnce() -> String) {
        self.0 = true;
    }
}

/// The same where tags are read.
#[derive(Default)]
pub(crate) struct AnyFaultOfTags(pub(crate) bool);

impl Hear for AnyFaultOfTags {
    const READS_TAGS: bool = true;

    fn add(&mut self, _: &Place<'_>, _: impl FnOnce() -> String) {
        self.0 = true;
    }
}

/// The way to a value while a document is read. Written out as a JSON pointer only where there is a fault.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

impl<'a> Place<'a> {
    /// The whole document.
    pub(crate) const ROOT: Place<'static> = Place { above: None, step: Step::Item(0) };

    /// A member below this place.
    pub(crate) fn key(&'a self, key: &'a str) -> Place<'a> {
        Place { above: Some(self), step: Step::Key(key) }
    }

    /// An element below this place.
    pub(crate) fn item(&'a self, at: usize) -> Place<'a> {
        Place { above: Some(self), step: Step::Item(at) }
    }

    fn push_pointer(&self, out: &mut String) {
        let Some(above) = self.above else { return };
        above.push_pointer(out);
        out.push('/');
        match self.step {
            Step::Item(at) => out.push_str(&digits(at as u64)),
            Step::Key(key) => push_replaced(out, key, |byte| match byte {
                b'~' => "~0",
                b'/' => "~1",
                _ => "",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_json_pointer() {
        let mut faults = Faults::default();
        faults.add(&Place::ROOT, || "x".into());
        faults.add(&Place::ROOT.key("a/b~").item(10).key(""), || "one message".into());
        let wanted = [("", "x"), ("/a~1b~0/10/", "one message")];
        assert_eq!(faults.0.iter().map(|f| (f.pointer.as_str(), f.message.as_str())).collect::<Vec<_>>(), wanted);
    }
}
