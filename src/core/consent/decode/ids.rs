//! Sets of vendors, sections and purposes.

/// A set of IDs from 1 to 65,535, kept as ranges: sorted, apart from each other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IdSet(Vec<(u16, u16)>);

impl IdSet {
    /// Adds the IDs from `first` to `last`, which is not before it.
    pub(crate) fn insert(&mut self, first: u16, last: u16) {
        // Ranges that touch the new one become one with it.
        let from = self.0.partition_point(|range| range.1 < first.saturating_sub(1));
        let to = self.0.partition_point(|range| range.0 <= last.saturating_add(1));
        let touched = self.0.get(from..to).unwrap_or(&[]);
        let first = touched.first().map_or(first, |range| range.0.min(first));
        let last = touched.last().map_or(last, |range| range.1.max(last));
        self.0.splice(from..to.max(from), [(first, last)]);
    }

    /// Whether it holds this ID.
    pub fn contains(&self, id: u16) -> bool {
        let behind = self.0.partition_point(|range| range.0 <= id);
        behind.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|range| id <= range.1)
    }

    /// The IDs in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        self.0.iter().flat_map(|range| range.0..=range.1)
    }

    /// How many IDs it holds.
    pub fn count(&self) -> usize {
        self.0.iter().map(|range| usize::from(range.1 - range.0) + 1).sum()
    }

    /// The largest ID; 0 where there is none.
    pub fn max(&self) -> u16 {
        self.0.last().map_or(0, |range| range.1)
    }
}

/// A set of IDs from 1 to 64, such as purposes: bit 0 stands for ID 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SmallSet(pub u64);

impl SmallSet {
    /// From a bit field whose first and highest bit stands for ID 1.
    pub(crate) fn from_bitfield(bits: u64, count: usize) -> Self {
        SmallSet(if count == 0 { 0 } else { bits.reverse_bits() >> (64 - count.min(64)) })
    }

    /// Whether it holds this ID.
    pub fn contains(self, id: u16) -> bool {
        (1..=64).contains(&id) && self.0 >> (id - 1) & 1 == 1
    }

    /// The IDs in ascending order.
    pub fn iter(self) -> impl Iterator<Item = u16> {
        (1..=64).filter(move |id| self.contains(*id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn ranges_in_any_order_make_the_set_of_their_ids(ranges in prop::collection::vec((1u16..200, 0u16..9), 0..30)) {
            let (mut set, mut wanted) = (IdSet::default(), BTreeSet::new());
            for (first, more) in ranges {
                set.insert(first, first + more);
                wanted.extend(first..=first + more);
            }
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), wanted.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(set.count(), wanted.len());
            prop_assert_eq!(set.max(), wanted.last().copied().unwrap_or(0));
            prop_assert!((0..220).all(|id| set.contains(id) == wanted.contains(&id)));
            prop_assert!(set.0.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0), "{:?}", set);
        }
    }

    #[test]
    fn the_ends_of_the_number_range_are_ids_like_others() {
        let mut set = IdSet::default();
        for (first, last) in [(u16::MAX, u16::MAX), (1, 1), (2, u16::MAX - 1), (1, u16::MAX)] {
            set.insert(first, last);
        }
        assert_eq!((set.0.as_slice(), set.count()), (&[(1, u16::MAX)][..], 65_535));
    }

    #[test]
    fn the_first_bit_is_id_1() {
        assert_eq!(SmallSet::from_bitfield(0b1001, 4).iter().collect::<Vec<_>>(), [1, 4]);
        assert_eq!(SmallSet::from_bitfield(1, 64).iter().collect::<Vec<_>>(), [64]);
        assert_eq!(SmallSet::from_bitfield(0, 0), SmallSet::default());
        assert!(!SmallSet(u64::MAX).contains(0) && !SmallSet(u64::MAX).contains(65));
    }
}
