//! Prose: how names, lists and numbers are put, so that sentences read naturally.

use textwrap::{Options, WordSplitter, fill};

/// A name as it stands inside a sentence: "The TTP" becomes "the TTP".
#[must_use]
pub fn inside(name: &str) -> String {
    name.strip_prefix("The ").map_or_else(|| name.to_owned(), |rest| format!("the {rest}"))
}

/// A name at the head of a clause, without its article: "the ceasefire" becomes "ceasefire".
#[must_use]
pub fn bare(name: &str) -> &str {
    name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name)
}

/// The possessive: Pakistan’s, the United States’.
#[must_use]
pub fn owns(name: &str) -> String {
    let ending = if name.ends_with(['s', 'S']) { "’" } else { "’s" };
    format!("{name}{ending}")
}

/// With a capital at the beginning and a full stop at the end.
#[must_use]
pub fn sentence(text: &str) -> String {
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}{stop}", letters.as_str())
}

/// a; a and b; a, b and c.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// In quotation marks.
#[must_use]
pub fn quoted(words: &str) -> String {
    format!("“{words}”")
}

/// A name of so many letters at most, cut at its colon where that is enough.
#[must_use]
pub fn shortened(name: &str, most: usize) -> String {
    let fits = |name: &str| name.chars().count() <= most;
    let before = name.split_once(':').map_or(name, |(before, _)| before);
    if fits(name) {
        return name.to_owned();
    }
    if fits(before) {
        return before.to_owned();
    }
    let kept: String = before.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end_matches([' ', ',']))
}

/// A share as a whole number in a hundred.
#[must_use]
pub fn hundred(share: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
    let whole = (share * 100.0).round().clamp(0.0, 100.0) as u32;
    whole
}

/// A small number in words, a large one in figures.
#[must_use]
pub fn number(count: u32) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let word = usize::try_from(count).ok().and_then(|at| WORDS.get(at));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// `1 attack`, `2 attacks`, `no attacks`: the noun with its number.
#[must_use]
pub fn counted(count: u32, noun: &str) -> String {
    format!("{} {noun}{}", number(count), if count == 1 { "" } else { "s" })
}

/// A paragraph no wider than so many columns, its first line and the others begun so; of width 0 it
/// is one line. A word with a hyphen is one word: it is to be found again by searching.
#[must_use]
pub fn wrapped(text: &str, width: usize, [first, others]: [&str; 2]) -> String {
    let filled = if width == 0 {
        format!("{first}{text}")
    } else {
        let options = Options::new(width).initial_indent(first).subsequent_indent(others);
        fill(text, options.word_splitter(WordSplitter::NoHyphenation))
    };
    // Only now may spaces that do not break become plain ones, which are easier to search for.
    filled.replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_where_it_hurts_least() {
        assert_eq!(shortened("collapse", 10), "collapse");
        assert_eq!(shortened("interim: a truce and more", 10), "interim");
        assert_eq!(shortened("a written timeline of acts", 10), "a written…");
    }
}
