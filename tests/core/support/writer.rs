//! Writes what the decoders read.

/// Fields, bit by bit.
#[derive(Clone, Default)]
pub(crate) struct Writer {
    bits: Vec<bool>,
}

impl Writer {
    pub(crate) fn int(&mut self, value: u64, width: u32) -> &mut Self {
        self.bits.extend((0..width).rev().map(|place| value >> place & 1 == 1));
        self
    }

    #[allow(dead_code, reason = "not every test that writes strings has ranges in them")]
    pub(crate) fn fibonacci(&mut self, mut number: u64) -> &mut Self {
        let mut weights = vec![1, 2];
        while weights[weights.len() - 1] <= number {
            weights.push(weights[weights.len() - 1] + weights[weights.len() - 2]);
        }
        let mut code = vec![true];
        for weight in weights.iter().rev().skip_while(|weight| **weight > number).copied().collect::<Vec<u64>>() {
            code.push(weight <= number);
            number -= if weight <= number { weight } else { 0 };
        }
        self.bits.extend(code.iter().rev());
        self
    }

    /// As base64url, padded with zeros to whole characters.
    pub(crate) fn text(&self) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let character = |bits: &[bool]| (0..6).fold(0, |number, at| number * 2 + usize::from(bits.get(at) == Some(&true)));
        self.bits.chunks(6).map(|bits| char::from(DIGITS[character(bits)])).collect()
    }
}
