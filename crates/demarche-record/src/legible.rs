//! Legible text: what a name or a remark may hold, and how text of others is shown.
//!
//! Letters of every script are welcome. What is not: characters that nobody can see and characters
//! that move what stands around them, because a dispatch that names somebody would then say one
//! thing and show another.

use serde_json::Value;

use crate::cast::Cast;
use crate::wire::{Wire, WireError, wrong};

/// What is wrong with a text: the first character that should not be there, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Illegible {
    /// The character.
    pub character: char,
    /// What it is.
    pub what: &'static str,
}

/// What is wrong with a text, if anything is; only prose may have several lines.
#[must_use]
pub fn illegible(text: &str, is_prose: bool) -> Option<Illegible> {
    let mut before = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let after = rest.clone().next();
        let what = match character {
            '\n' | '\t' if is_prose => None,
            '\r' if is_prose && after == Some('\n') => None,
            ZWNJ | ZWJ if before.is_some_and(can_join) && after.is_some_and(can_join) => None,
            character => fault(character),
        };
        if let Some(what) = what {
            return Some(Illegible { character, what });
        }
        before = Some(character);
    }
    None
}

/// Keeps letters apart that would join, as in Persian, Urdu and Pashto.
const ZWNJ: char = '\u{200C}';
/// Joins letters that would stand apart, as in the scripts of India.
const ZWJ: char = '\u{200D}';

/// Whether a joiner can stand beside a character: letters and marks of scripts that join.
fn can_join(character: char) -> bool {
    !character.is_ascii() && !character.is_whitespace() && fault(character).is_none()
}

/// Why a character should not be in a name.
fn fault(character: char) -> Option<&'static str> {
    match character {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some("a line break"),
        '\t' => Some("a tab"),
        character if character.is_control() => Some("a control character"),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some("a mark that turns the direction of writing")
        }
        ZWNJ | ZWJ => Some("a joiner with no letters to join"),
        '\u{AD}' => Some("a hyphen that nobody sees"),
        '\u{34F}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => Some("a character that nobody sees"),
        _ => None,
    }
}

/// Whether a text has nothing to see, not even where it is of marks of direction alone.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_mark(c))
}

/// Marks that say in which direction a sign without direction is read, and show nothing.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// A name as a reader remembers it: no marks and joiners, no capitals, single blanks.
#[must_use]
pub fn heard(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !is_mark(*c) && ![ZWNJ, ZWJ].contains(c)).collect();
    seen.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in for a character that cannot be shown.
const STAND_IN: char = '\u{FFFD}';

/// A character of somebody's text as it can be shown without moving or hiding anything else.
#[must_use]
pub fn shown(character: char) -> char {
    let is_seen = fault(character).is_none() || ['\t', ZWNJ, ZWJ].contains(&character);
    if is_seen { character } else { STAND_IN }
}

/// A message that quotes somebody's text, with nothing in it that cannot be shown; beyond `most`
/// characters its middle is left out.
#[must_use]
pub fn message(text: &str, most: usize) -> String {
    let show = |c: char| if c == '\n' { c } else { shown(c) };
    let count = text.chars().count();
    if count <= most {
        return text.chars().map(show).collect();
    }
    let head = text.chars().take(most * 2 / 3);
    let tail = text.chars().skip(count - most / 3);
    head.chain(" … ".chars()).chain(tail).map(show).collect()
}

/// What can be seen of a text that somebody typed; lines stay.
#[must_use]
pub fn seen(text: &str) -> String {
    let is_seen = |c: &char| *c == '\n' || [ZWNJ, ZWJ].contains(c) || fault(*c).is_none();
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(is_seen).collect()
}

/// The most characters of [`Words`].
pub const LONGEST: usize = 1000;

/// Something that somebody says in words of their own: a line that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// What is left of a text once lines are joined and what cannot be seen is gone; nothing where
    /// that is nothing, or more than [`LONGEST`] characters.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::as_they_are(&seen(text).split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn as_they_are(text: &str) -> Option<Self> {
        let fits = text.chars().count() <= LONGEST;
        let is_legible = fits && !is_blank(text) && illegible(text, false).is_none();
        is_legible.then(|| Self(text.to_owned()))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Wire for Words {
    fn to_wire(&self, _: &Cast) -> Value {
        Value::from(self.0.as_str())
    }
    fn from_wire(value: &Value, _: &Cast) -> Result<Self, WireError> {
        let words = value.as_str().and_then(Self::as_they_are);
        words.ok_or_else(|| wrong("a line of 1 to 1000 characters that can all be seen", value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_are_legible() {
        let names = [
            "Türkiye",
            "the army’s – or “ours”",
            "افغانستان",
            "خیبر پښتونخوا",
            "می‌خواهد",
            "क्‍ष",
            "中华人民共和国",
            "Ἑλλάς",
            "ישראל\u{200F} (א)",
            "👨‍👩‍👧",
            "Côte d'Ivoire",
        ];
        for name in names {
            assert_eq!(illegible(name, false), None, "{name}");
        }
        assert_eq!(illegible("two\nlines\r\n\tand more", true), None);
    }

    #[track_caller]
    fn check(text: &str, character: char, what: &'static str) {
        assert_eq!(illegible(text, false), Some(Illegible { character, what }), "{text:?}");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        check("a\u{202E}b", '\u{202E}', "a mark that turns the direction of writing");
        check("a\u{2066}b", '\u{2066}', "a mark that turns the direction of writing");
        check("Ka\u{200B}bul", '\u{200B}', "a character that nobody sees");
        check("\u{FEFF}Kabul", '\u{FEFF}', "a character that nobody sees");
        check("\u{3164}", '\u{3164}', "a character that nobody sees");
        check("Ka\u{200C}bul", '\u{200C}', "a joiner with no letters to join");
        check("کابل\u{200C}", '\u{200C}', "a joiner with no letters to join");
        check("ک\u{200C}\u{200C}ابل", '\u{200C}', "a joiner with no letters to join");
        check("North\nKorea", '\n', "a line break");
        check("a\tb", '\t', "a tab");
        check("\u{1B}[31mred", '\u{1B}', "a control character");
        assert!(illegible("a\rb", true).is_some(), "a return alone is no line break");
    }

    #[test]
    fn words_are_one_line_that_can_be_read() {
        let words = |text: &str| Words::of(text).map(|words| words.0);
        assert_eq!(words("  two\nlines\u{202E} \u{1B}and"), Some("two lines and".to_owned()));
        assert_eq!(words("می‌خواهد"), Some("می‌خواهد".to_owned()));
        assert_eq!(words(" \u{200F} "), None);
        assert!(words(&"x".repeat(1000)).is_some() && words(&"x".repeat(1001)).is_none());
        let read = |text: &str| Words::from_wire(&Value::from(text), &crate::testing::cast());
        assert!(read("a line").is_ok());
        assert!(read("a\u{1B}[31m").is_err() && read("").is_err());
    }

    #[test]
    fn names_that_sound_alike_are_heard_alike() {
        assert_eq!(heard("The  Army "), heard("the\u{A0}army"));
        assert_eq!(heard("کابل\u{200F}"), heard("کابل"));
        assert_ne!(heard("the army"), heard("the navy"));
        assert!(is_blank(" \u{200E}\u{200F}") && !is_blank(" a"));
    }

    #[test]
    fn messages_are_cut_in_the_middle_and_show_nothing_strange() {
        assert_eq!(message("a\u{1B}[0m\u{202E}\nb", 99), "a\u{FFFD}[0m\u{FFFD}\nb");
        let cut = message(&format!("begin{}end", "x".repeat(9000)), 60);
        assert!(cut.starts_with("begin") && cut.ends_with("end") && cut.chars().count() < 70);
    }
}
