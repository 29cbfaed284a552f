//! Identifiers, made from the random seed that the page hands in once.

/// A source of identifiers. Each one is a function of the seed and a counter, so a recorded session replays to the
/// same identifiers, and an event can be rebuilt later.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    seed: [u64; 4],
    /// Random identifiers and fractions given so far.
    given: u64,
}

impl Ids {
    /// Takes 32 bytes from the browser's cryptographic generator.
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        let mut words = [0u64; 4];
        for (word, bytes) in words.iter_mut().zip(seed.as_chunks().0) {
            *word = u64::from_be_bytes(*bytes);
        }
        Ids { seed: words, given: 0 }
    }

    /// The identifier of the `counter`-th event: a UUIDv7 (RFC 9562, section 5.7). The counter's low bits follow the
    /// time, so that events of one millisecond sort in call order.
    pub(crate) fn message(&self, wall: u64, counter: u32) -> String {
        let [a, b, ..] = self.seed;
        let high = wall << 16 | 0x7000 | u64::from(counter) & 0xfff;
        uuid(high, mix(a ^ mix(b ^ u64::from(counter))))
    }

    /// A random identifier (UUIDv4), for visitors and batches.
    pub(crate) fn random(&mut self) -> String {
        self.given += 1;
        self.numbered(self.given)
    }

    /// The number of the identifier given last, by which it can be had again.
    pub(crate) fn last(&self) -> u64 {
        self.given
    }

    /// The identifier of the visitor of an earlier epoch of this page.
    pub(crate) fn of_epoch(&self, epoch: u32) -> String {
        self.numbered(1 << 63 | u64::from(epoch))
    }

    pub(crate) fn numbered(&self, number: u64) -> String {
        let [.., c, d] = self.seed;
        let high = mix(c ^ mix(d ^ number));
        let low = mix(d ^ mix(c ^ number));
        uuid(high & !0xf000 | 0x4000, low)
    }

    /// The name of this tab: 12 hexadecimal digits, never stored before consent allows it.
    pub(crate) fn tab(&self) -> String {
        let [a, _, c, _] = self.seed;
        let mut out = String::new();
        push_hex(&mut out, mix(a ^ c), 12);
        out
    }

    /// A random fraction in 0..1 for jitter.
    pub(crate) fn fraction(&mut self) -> f64 {
        self.given += 1;
        let [_, b, _, d] = self.seed;
        (mix(b ^ mix(d ^ self.given)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn uuid(high: u64, low: u64) -> String {
    let low = low & !(3 << 62) | 2 << 62;
    let mut out = String::with_capacity(36);
    for (word, width) in [(high >> 32, 8), (high >> 16, 4), (high, 4), (low >> 48, 4), (low, 12)] {
        if !out.is_empty() {
            out.push('-');
        }
        push_hex(&mut out, word, width);
    }
    out
}

/// Appends the lowest `width` hexadecimal digits of a number.
pub(crate) fn push_hex(out: &mut String, word: u64, width: u32) {
    for place in (0..width).rev() {
        let nibble = (word >> (4 * place) & 15) as u8;
        out.push(char::from(nibble + if nibble < 10 { b'0' } else { b'a' - 10 }));
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014) over a Weyl step: every bit in reaches every bit out.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn message_ids_are_version_7_unique_and_sorted() {
        let ids = Ids::new([7; 32]);
        let made: Vec<_> = (0..4096).map(|n| ids.message(1_700_000_000_000, n)).collect();
        assert!(made.is_sorted());
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), 4096);
        assert!(made.iter().all(|id| id.len() == 36 && id.starts_with("018bcfe5-6800-7") && "89ab".contains(&id[19..20])));
    }

    #[test]
    fn seeds_differ() {
        let mut other = [7; 32];
        other[31] = 8;
        let mut ids = Ids::new([7; 32]);
        let (first, second) = (ids.random(), ids.random());
        assert_ne!(first, Ids::new(other).random());
        assert_ne!(first, second);
        assert_eq!(&first[14..15], "4");
    }
}
