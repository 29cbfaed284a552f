//! Whether it is an event that a platform refuses, or the platform that refuses everything.

use super::PAUSE_MS;
use std::time::Duration;

/// Visitors whose events are refused, one after another, before the platform gets time between them.
const MOST: usize = 3;
/// The first of these times; each is twice as long as the one before.
const FIRST: Duration = Duration::from_secs(1);
/// The longest.
const LONGEST: Duration = Duration::from_millis(PAUSE_MS);

/// The refusals of one destination since it took an event, where many visitors' events go there: in the hub.
#[derive(Debug, Default)]
pub struct Refusals {
    /// Whose events were refused: many only where the platform takes nothing at all, and then it has its rests between them.
    visitors: Vec<u64>,
    rests: u32,
    /// The platform had its time for the event that comes next.
    rested: bool,
}

impl Refusals {
    /// An event was taken.
    pub fn taken(&mut self) {
        *self = Refusals::default();
    }

    /// An event of `visitor`, any number that is one visitor's, was sent alone and refused: nothing where it is to be given up, or how long the platform is left alone before the event is tried once more.
    /// One visitor's events may all be bad, and hold nobody up; where those of several are refused, the settings are likelier at fault, and giving up
    /// everything at once would help nobody.
    pub fn refused(&mut self, visitor: u64) -> Option<Duration> {
        if std::mem::take(&mut self.rested) || self.visitors.contains(&visitor) {
            return None;
        }
        self.visitors.push(visitor);
        if self.visitors.len() <= MOST {
            return None;
        }
        self.rested = true;
        let rest = FIRST.saturating_mul(1 << self.rests.min(20));
        self.rests += 1;
        Some(rest.min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_visitor_s_events_are_given_up_without_a_rest() {
        let mut refusals = Refusals::default();
        assert!((0..100).all(|_| refusals.refused(7).is_none()));
    }

    #[test]
    fn events_of_a_few_visitors_in_turn_are_given_up_without_a_rest_too() {
        let mut refusals = Refusals::default();
        assert!((0..300).all(|event| refusals.refused(event % 3).is_none()));
    }

    #[test]
    fn a_platform_that_refuses_everybody_gets_more_and_more_time_until_it_takes_something() {
        let mut refusals = Refusals::default();
        let rests: Vec<u64> = (0..30)
            .filter_map(|visitor| {
                let rest = refusals.refused(visitor)?;
                assert_eq!(refusals.refused(visitor), None, "it had its time");
                Some(rest.as_secs())
            })
            .collect();
        assert_eq!(rests[..6], [1, 2, 4, 8, 16, 32]);
        assert_eq!((rests.len(), rests.last()), (27, Some(&300)));
        refusals.taken();
        assert_eq!(refusals.refused(1), None);
    }
}
