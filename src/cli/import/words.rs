//! Words and names: comparing Google's, and making ours.

use std::collections::HashSet;

/// A word as it is compared: Google writes `ONCE_PER_EVENT` in exports and `oncePerEvent` in its interface for programs.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).collect()
}

/// The selector of the element with an id, which may hold what a selector takes for marks of its own.
pub(super) fn selector_of(id: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if id.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') && id.chars().all(is_plain) {
        return format!("#{id}");
    }
    format!("[id=\"{}\"]", id.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The ids of one list of the config, each given once.
#[derive(Default)]
pub(super) struct Ids(HashSet<String>);

impl Ids {
    /// The slug of a name; a number behind it where there is one already.
    pub(super) fn take(&mut self, name: &str, otherwise: &str) -> String {
        let mut slug = String::new();
        for letter in name.chars().flat_map(char::to_lowercase) {
            if letter.is_alphanumeric() {
                slug.push(letter);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let slug = if slug.is_empty() { otherwise } else { slug };
        let numbered = (2..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.to_owned()).chain(numbered).find(|id| !self.0.contains(id)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

/// The start of a longer text, for a message.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}
