//! Many dotted paths into one document, found in one walk.

use super::{Kind, elements, kind, members, whole};
use crate::text::next_piece;

/// Paths by their steps.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Paths {
    root: Step,
    count: usize,
}

#[derive(Clone, PartialEq, Debug, Default)]
struct Step {
    key: String,
    /// Sorted by their keys.
    below: Vec<Step>,
    /// The places of the paths that end here.
    ends: Vec<usize>,
}

impl Paths {
    /// Adds a path. Returns its place among what [`Paths::find`] finds.
    pub(crate) fn add(&mut self, path: &str) -> usize {
        let mut here = &mut self.root;
        let mut steps = Some(path);
        while let Some(key) = next_piece(&mut steps, ".") {
            let at = match here.find(key) {
                Ok(at) => at,
                Err(at) => {
                    here.below.insert(at, Step { key: key.to_owned(), ..Step::default() });
                    at
                }
            };
            let Some(next) = here.below.get_mut(at) else { break };
            here = next;
        }
        here.ends.push(self.count);
        self.count += 1;
        self.count - 1
    }

    /// The raw value at each path, as [`super::at_path`] finds it.
    pub(crate) fn find<'a>(&self, raw: &'a str) -> Vec<Option<&'a str>> {
        let mut found = vec![None; self.count];
        self.root.walk(raw, &mut found);
        found
    }
}

impl Step {
    fn find(&self, key: &str) -> Result<usize, usize> {
        self.below.binary_search_by(|step| step.key.as_str().cmp(key))
    }

    fn walk<'a>(&self, raw: &'a str, found: &mut [Option<&'a str>]) {
        for end in &self.ends {
            // Where a key repeats, the first stands.
            if let Some(place @ None) = found.get_mut(*end) {
                *place = Some(raw);
            }
        }
        if self.below.is_empty() {
            return;
        }
        match kind(raw) {
            Kind::Object => {
                let mut seen = vec![false; self.below.len()];
                for (key, raw) in members(raw) {
                    if let Ok(at) = self.find(&key)
                        && let (Some(step), Some(seen @ false)) = (self.below.get(at), seen.get_mut(at))
                    {
                        *seen = true;
                        step.walk(raw, found);
                    }
                }
            }
            Kind::Array => {
                for (at, raw) in elements(raw).enumerate() {
                    for step in self.below.iter().filter(|step| whole(&step.key) == Some(at as u64)) {
                        step.walk(raw, found);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::at_path;

    #[test]
    fn finds_what_each_path_alone_finds() {
        let document = r#"{"a":{"b":[1,{"c":"x"},3],"":0},"a":{"b":9},"e":null,"f\u0041":{"g":true}}"#;
        let paths = ["a", "a.b", "a.b.1.c", "a.b.01.c", "a.b.7", "a.b.c", "a.", "e", "e.x", "fA.g", "g", "a", "a.b.2"];
        let mut all = Paths::default();
        for (at, path) in paths.iter().enumerate() {
            assert_eq!(all.add(path), at);
        }
        for (path, found) in paths.iter().zip(all.find(document)) {
            assert_eq!(found, at_path(document, path), "{path}");
        }
        assert_eq!(all.find("[]"), vec![None; paths.len()]);
    }
}
