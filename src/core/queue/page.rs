//! A journal page: events of one consent revision, one set of destinations, one identity and context.
//!
//! Stored under `tg_q.<tab>.<number>.<writeKey>` as a checksum line, a header line (JSON), the consent stamp, the
//! shared context, then a line an event. Written once; only withdrawal rewrites it. What was delivered of a page that
//! is not done yet stands under `tg_a.…` of the same name.

use crate::event::Line;
use crate::ids::push_hex;
use crate::json::{at_path, digits, members, push_member, push_number, push_text, text_of, whole};
use crate::stamp::Stamp;
use crate::text::{concat, cut, next_piece};
use std::rc::Rc;

/// Keys of pages.
pub const PAGE_PREFIX: &str = "tg_q.";
/// What a page that the copy alone has is handed in under: there is no room for it in local storage.
pub(crate) const COPY_PREFIX: &str = "tg_m.";
/// Keys of acknowledgements.
pub(crate) const ACK_PREFIX: &str = "tg_a.";
/// A page is full at this many bytes.
const FULL_BYTES: usize = 32 * 1024;

/// A page's name in storage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PageKey {
    pub(crate) tab: Rc<str>,
    pub(crate) number: u32,
    pub(crate) write_key: Rc<str>,
}

impl PageKey {
    /// Reads the part of a storage key behind its prefix.
    pub(crate) fn parse(rest: &str) -> Option<Self> {
        let (tab, rest) = cut(rest, ".")?;
        let (number, write_key) = cut(rest, ".")?;
        Some(PageKey { tab: tab.into(), number: whole(number)?.try_into().ok()?, write_key: write_key.into() })
    }

    pub(crate) fn under(&self, prefix: &str) -> String {
        concat(&[prefix, &self.tab, ".", &digits(self.number.into()), ".", &self.write_key])
    }
}

/// One destination's share of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    /// The destination's id.
    pub(crate) id: Rc<str>,
    /// Its position in the config, if it still exists.
    pub(crate) lane: Option<usize>,
    /// The sequence number of the page's first event.
    pub(crate) first_seq: u32,
    /// Which lines are settled.
    pub(crate) settled: Vec<bool>,
    /// Whether its events stand in the lane (a page of an earlier tab waits for consent first).
    pub(crate) queued: bool,
}

impl Target {
    /// Whether its destination is in a set.
    pub(crate) fn is_among(&self, lanes: u64) -> bool {
        self.lane.is_some_and(|lane| lanes >> lane & 1 == 1)
    }

    pub(crate) fn done(&self, lines: usize) -> bool {
        self.settled.iter().filter(|settled| **settled).count() >= lines
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Page {
    /// Its number in this tab's journal, which gives it.
    pub(crate) id: u32,
    pub(crate) key: PageKey,
    /// When its first event was queued, in milliseconds since the Unix epoch.
    pub(crate) at: u64,
    /// The same on the monotonic clock, by whose page it may be long before; nothing until what sends has seen it.
    pub(crate) begun: Option<i64>,
    pub(crate) stamp: Rc<Stamp>,
    pub(crate) targets: Vec<Target>,
    text: String,
    ends: Vec<usize>,
    /// Whether local storage has it.
    pub(crate) stored: bool,
}

impl Page {
    pub(crate) fn new(key: PageKey, at: u64, stamp: Rc<Stamp>, targets: Vec<Target>) -> Self {
        Page { id: 0, key, at, begun: None, stamp, targets, text: String::new(), ends: Vec::new(), stored: false }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.text.len() >= FULL_BYTES
    }

    pub(crate) fn lines(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of the events, about what the page takes in storage.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.stamp.bytes() + 200
    }

    /// Appends a line, for all targets.
    pub(crate) fn append(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.ends.push(self.text.len());
        for target in &mut self.targets {
            target.settled.push(false);
        }
    }

    pub(crate) fn line(&self, at: u32) -> Option<Line<'_>> {
        let at = at as usize;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let end = self.ends.get(at)?.checked_sub(1)?;
        Line::parse(self.text.get(start..end)?)
    }

    /// The finished event of a line for one destination, as it goes on the wire.
    pub(crate) fn push_event(&self, out: &mut String, line: u32, lane: usize, destination: &str) {
        let seq = self.target(lane).map_or(0, |target| target.first_seq.wrapping_add(line));
        let mut delivery = String::from("{");
        push_text(&mut delivery, "tab", &self.key.tab);
        push_text(&mut delivery, "destination", destination);
        push_number(&mut delivery, "seq", seq.into());
        delivery.push('}');
        if let Some(line) = self.line(line) {
            line.push_event(out, &self.stamp, Some(&delivery));
        }
    }

    pub(crate) fn target(&self, lane: usize) -> Option<&Target> {
        self.targets.iter().find(|target| target.lane == Some(lane))
    }

    pub(crate) fn target_mut(&mut self, lane: usize) -> Option<&mut Target> {
        self.targets.iter_mut().find(|target| target.lane == Some(lane))
    }

    /// Takes the events of a set of lanes out for good. Returns whether there were any.
    pub(crate) fn take_out(&mut self, lanes: u64) -> bool {
        let before = self.targets.len();
        self.targets.retain(|target| !target.is_among(lanes));
        self.targets.len() < before
    }

    /// Whether every destination's events are settled.
    pub(crate) fn is_done(&self) -> bool {
        self.targets.iter().all(|target| target.done(self.lines()))
    }

    /// The text to store.
    pub(crate) fn write(&self) -> String {
        let mut body = self.header();
        body.push('\n');
        body.push_str(&self.stamp.consent);
        body.push('\n');
        body.push_str(&self.stamp.context);
        body.push('\n');
        body.push_str(&self.text);
        checked(&body)
    }

    /// A stored page without the events of some destinations, found by ID: nothing where there are none, and an empty text where
    /// nothing else is left. A torn page goes whole; one of a version that this one does not know stays.
    pub(crate) fn without(text: &str, is_gone: &dyn Fn(&str) -> bool) -> Option<String> {
        let Some((_, body)) = cut(text, "\n").filter(|_| Page::is_whole(text)) else { return Some(String::new()) };
        let (header, rest) = cut(body, "\n")?;
        let all = at_path(header, "to").filter(|_| at_path(header, "v") == Some("1"))?;
        let mut targets = String::from("{");
        for (id, seq) in members(all).filter(|(id, _)| !is_gone(id)) {
            push_member(&mut targets, &id, seq);
        }
        if targets.len() == 1 {
            return Some(String::new());
        }
        targets.push('}');
        let mut body = String::from("{");
        for (key, raw) in members(header) {
            push_member(&mut body, &key, if key == "to" { &targets } else { raw });
        }
        body.push('}');
        (targets != all).then(|| checked(&concat(&[&body, "\n", rest])))
    }

    fn header(&self) -> String {
        let mut targets = String::from("{");
        for target in &self.targets {
            push_number(&mut targets, &target.id, target.first_seq.into());
        }
        targets.push('}');
        let mut out = String::from("{\"v\":1");
        push_number(&mut out, "rev", self.stamp.rev.into());
        push_number(&mut out, "at", self.at);
        for (key, id) in [("anonymousId", &self.stamp.anonymous_id), ("userId", &self.stamp.user_id)] {
            if let Some(id) = id {
                push_text(&mut out, key, id);
            }
        }
        push_member(&mut out, "to", &targets);
        out.push('}');
        out
    }

    /// When the first event of a stored text was queued, in milliseconds since the Unix epoch; nothing where it is torn.
    pub(crate) fn begun_at(text: &str) -> Option<u64> {
        let (_, body) = cut(text, "\n").filter(|_| Page::is_whole(text))?;
        cut(body, "\n").and_then(|(header, _)| whole(at_path(header, "at")?))
    }

    /// Whether a stored text is as it was written, by this version or another.
    pub(crate) fn is_whole(text: &str) -> bool {
        let Some((checksum, body)) = cut(text, "\n") else { return false };
        let mut wanted = String::new();
        push_checksum(&mut wanted, body);
        wanted == checksum
    }

    /// Reads a stored page. `lane_of` finds a destination by id. Nothing where the text is torn, or of a version that
    /// this one does not know.
    pub(crate) fn read(key: PageKey, text: &str, acks: Option<&str>, lane_of: &dyn Fn(&str) -> Option<usize>) -> Option<Self> {
        let (_, body) = cut(text, "\n").filter(|_| Page::is_whole(text))?;
        let (header, rest) = cut(body, "\n")?;
        let (consent, rest) = cut(rest, "\n")?;
        let (context, lines) = cut(rest, "\n")?;
        let number = |key: &str| at_path(header, key).and_then(whole);
        if number("v") != Some(1) {
            return None;
        }
        let id = |key: &str| at_path(header, key).map(|raw| Rc::<str>::from(text_of(raw)));
        let stamp = Stamp {
            anonymous_id: id("anonymousId"),
            user_id: id("userId"),
            page: "{}".into(),
            context: context.into(),
            consent: consent.into(),
            rev: number("rev")?.try_into().ok()?,
            epoch: 0,
        };
        let mut ends = Vec::new();
        for (at, byte) in lines.bytes().enumerate() {
            if byte == b'\n' {
                ends.push(at + 1);
            }
        }
        let mut targets = Vec::new();
        for (id, seq) in members(at_path(header, "to").unwrap_or("")) {
            let settled = read_acks(acks.unwrap_or(""), &id, ends.len());
            let first_seq = whole(seq)?.try_into().ok()?;
            targets.push(Target { lane: lane_of(&id), id: id.into(), first_seq, settled, queued: false });
        }
        let at = number("at")?;
        let page =
            Page { id: 0, key, at, begun: None, stamp: Rc::new(stamp), targets, text: lines.to_owned(), ends, stored: true };
        (0..page.lines()).all(|line| page.line(line as u32).is_some()).then_some(page)
    }

    /// What of the page is settled, to store beside it: a checksum line, then a line a destination, a digit an event.
    pub(crate) fn acks(&self) -> String {
        let mut out = String::new();
        for target in &self.targets {
            out.extend(target.settled.iter().map(|settled| if *settled { '1' } else { '0' }));
            out.push(' ');
            out.push_str(&target.id);
            out.push('\n');
        }
        checked(&out)
    }
}

/// What is torn or foreign settles nothing: an event that goes twice is known, one that does not go is lost.
fn read_acks(acks: &str, id: &str, lines: usize) -> Vec<bool> {
    let mut settled = vec![false; lines];
    let mut rest = cut(acks, "\n").filter(|_| Page::is_whole(acks)).map(|(_, body)| body);
    while let Some(line) = next_piece(&mut rest, "\n") {
        if let Some((bits, _)) = cut(line, " ").filter(|(_, of)| *of == id) {
            for (settled, bit) in settled.iter_mut().zip(bits.bytes()) {
                *settled = bit == b'1';
            }
        }
    }
    settled
}

/// A stored text: the checksum line, then the body.
fn checked(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 24);
    push_checksum(&mut out, body);
    out.push('\n');
    out.push_str(body);
    out
}

/// Against torn and foreign writes, not against adversaries: eight bytes a step, multiply and rotate.
fn push_checksum(out: &mut String, body: &str) {
    let mut sum = body.len() as u64;
    let mut add = |word: u64| sum = (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, rest) = body.as_bytes().as_chunks();
    for word in words {
        add(u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        add(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    push_hex(out, sum, 16);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let stamp = Stamp {
            anonymous_id: Some("a\"1".into()),
            user_id: None,
            page: "{}".into(),
            context: r#""page":{}"#.into(),
            consent: r#"{"rev":2"#.into(),
            rev: 2,
            epoch: 0,
        };
        let target = Target { id: "c".into(), lane: Some(0), first_seq: 7, settled: Vec::new(), queued: true };
        let key = PageKey { tab: "t".into(), number: 3, write_key: "w.k".into() };
        let mut page = Page::new(key, 1000, Rc::new(stamp), vec![target]);
        for n in 0..3 {
            page.append(&format!("0\"messageId\":\"m{n}\",\"type\":\"track\""));
        }
        page
    }

    #[test]
    fn a_page_reads_back_as_it_was_written() {
        let mut page = page();
        page.target_mut(0).unwrap().settled[1] = true;
        let key = PageKey::parse(page.key.under(PAGE_PREFIX).strip_prefix(PAGE_PREFIX).unwrap()).unwrap();
        let mut read = Page::read(key, &page.write(), Some(&page.acks()), &|_| Some(0)).unwrap();
        (page.stored, read.targets[0].queued) = (true, true);
        assert_eq!(read, page);
        let mut event = String::new();
        read.push_event(&mut event, 2, 0, "c");
        let event: serde_json::Value = serde_json::from_str(&event).unwrap();
        assert_eq!((&event["messageId"], &event["anonymousId"]), (&"m2".into(), &"a\"1".into()));
        assert_eq!(
            event["context"],
            serde_json::json!({"page": {}, "consent": {"rev": 2}, "tidegate": {"tab": "t", "destination": "c", "seq": 9}})
        );
    }

    #[test]
    fn a_page_without_a_destination_reads_back_with_the_others_events() {
        let mut page = page();
        let target = Target { id: "d\"".into(), lane: Some(1), settled: vec![false; 3], ..page.targets[0].clone() };
        page.targets.push(target);
        let text = page.write();
        assert_eq!(Page::without(&text, &|_| false), None);
        assert_eq!(Page::without(&text, &|_| true).as_deref(), Some(""));
        assert_eq!(Page::without(text.get(1..).unwrap(), &|_| false).as_deref(), Some(""));
        let rest = Page::without(&text, &|id| id == "d\"").unwrap();
        assert!(page.take_out(0b10));
        assert_eq!(rest, page.write());
    }

    #[test]
    fn any_flipped_or_missing_byte_is_noticed() {
        let text = page().write();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(torn) = String::from_utf8(bytes) {
                assert_eq!(Page::read(page().key, &torn, None, &|_| Some(0)), None, "byte {at}");
            }
            assert_eq!(Page::read(page().key, &text[..at], None, &|_| Some(0)), None, "cut at {at}");
        }
    }
}
