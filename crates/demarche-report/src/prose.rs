//! Prose: sentences whose names, figures and commands are known as such, so that every form can
//! keep them apart from the words around them.

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words of this program.
    Words(String),
    /// A name that comes from a scenario or a command line: any text at all.
    Name(String),
    /// A figure with its unit.
    Figure(String),
    /// A command line.
    Command(String),
}

/// A sentence or two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

impl Prose {
    /// Begins with words.
    #[must_use]
    pub fn of(words: &str) -> Self {
        Self::default().words(words)
    }

    /// Goes on with words.
    #[must_use]
    pub fn words(mut self, words: &str) -> Self {
        self.parts.push(Part::Words(words.to_owned()));
        self
    }

    /// Goes on with a name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.parts.push(Part::Name(name.to_owned()));
        self
    }

    /// Goes on with a figure.
    #[must_use]
    pub fn figure(mut self, figure: impl Into<String>) -> Self {
        self.parts.push(Part::Figure(figure.into()));
        self
    }

    /// Goes on with a command line.
    #[must_use]
    pub fn command(mut self, command: &str) -> Self {
        self.parts.push(Part::Command(command.to_owned()));
        self
    }

    /// Goes on with other prose.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// Goes on with items between which stand commas, and a last word before the last of them.
    #[must_use]
    pub fn list(mut self, items: Vec<Self>, last: &str) -> Self {
        let n = items.len();
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self = self.words(if at + 1 == n { last } else { ", " });
            }
            self = self.and(item);
        }
        self
    }

    /// The bare text.
    #[must_use]
    pub fn text(&self) -> String {
        let part = |part: &Part| match part {
            Part::Words(text) | Part::Name(text) | Part::Figure(text) | Part::Command(text) => {
                text.clone()
            }
        };
        self.parts.iter().map(part).collect()
    }

    /// As a sentence of its own: with a capital, unless a name comes first, and a full stop.
    #[must_use]
    pub fn as_sentence(&self) -> Self {
        let mut whole = self.clone();
        if let Some(Part::Words(words)) = whole.parts.first_mut() {
            let mut letters = words.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            *words = first + letters.as_str();
        }
        let is_open = !whole.parts.is_empty() && !whole.text().ends_with(['.', '!', '?']);
        if is_open { whole.words(".") } else { whole }
    }

    /// The bare text of that.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.as_sentence().text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_and_ends_and_names_stay_as_they_are() {
        let told = |prose: Prose| prose.sentence();
        assert_eq!(told(Prose::of("of all").figure("7 %")), "Of all7 %.");
        assert_eq!(told(Prose::default().name("east").words(": so!")), "east: so!");
        assert_eq!(told(Prose::default()), "");
    }

    #[test]
    fn items_stand_between_commas() {
        let items = |n: usize| (0..n).map(|k| Prose::of(&k.to_string())).collect();
        let told = |n| Prose::of("of ").list(items(n), " and ").text();
        assert_eq!(
            [told(0), told(1), told(2), told(3)],
            ["of ", "of 0", "of 0 and 1", "of 0, 1 and 2"]
        );
    }
}
