//! What is still to be sent of a hub's lane, and how the event at fault is found.

/// Events that go one after another: runs, of which each is sent apart from the next.
#[derive(Debug)]
pub struct Runs<T> {
    /// The first is last.
    stack: Vec<Vec<T>>,
}

impl<T> Runs<T> {
    /// All of a lane, in order.
    pub fn of(lane: Vec<T>) -> Self {
        Runs { stack: vec![lane] }
    }

    /// Takes the run that is first: none is empty.
    pub fn take(&mut self) -> Option<Vec<T>> {
        while let Some(run) = self.stack.pop() {
            if !run.is_empty() {
                return Some(run);
            }
        }
        None
    }

    /// Puts what was not sent, or is to be sent once more, in front.
    pub fn put_back(&mut self, run: Vec<T>) {
        self.stack.push(run);
    }

    /// What a platform refused together goes in two halves. Returns the event at fault, which is the one that was refused alone.
    pub fn refused(&mut self, mut sent: Vec<T>) -> Option<T> {
        if sent.len() > 1 {
            let second = sent.split_off(sent.len() / 2);
            self.stack.push(second);
            self.stack.push(sent);
            return None;
        }
        sent.pop()
    }

    /// Everything that is left, in order.
    pub fn rest(self) -> impl Iterator<Item = T> {
        self.stack.into_iter().rev().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever a platform refuses, and however few it takes at a time: exactly those at fault are found, and all go in order.
        #[test]
        fn those_at_fault_are_found_and_everything_goes_in_order(
            faulty in prop::collection::vec(any::<bool>(), 0..60),
            most in 1_usize..20,
        ) {
            let mut runs = Runs::of((0..faulty.len()).collect());
            let (mut went, mut at_fault) = (Vec::new(), Vec::new());
            while let Some(mut run) = runs.take() {
                prop_assert!(!run.is_empty());
                runs.put_back(run.split_off(run.len().min(most)));
                if run.iter().any(|event| faulty[*event]) {
                    if let Some(event) = runs.refused(run) {
                        went.push(event);
                        at_fault.push(event);
                    }
                } else {
                    went.extend(run);
                }
            }
            prop_assert_eq!(went, (0..faulty.len()).collect::<Vec<_>>());
            prop_assert_eq!(at_fault, (0..faulty.len()).filter(|event| faulty[*event]).collect::<Vec<_>>());
        }

        #[test]
        fn what_is_left_is_in_order(count in 0_usize..40, refused in 0_usize..6) {
            let mut runs = Runs::of((0..count).collect());
            for _ in 0..refused {
                if let Some(run) = runs.take() && let Some(alone) = runs.refused(run) {
                    runs.put_back(vec![alone]);
                }
            }
            prop_assert_eq!(runs.rest().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
    }
}
