//! Hints: the word that was probably meant, and lists of words that read as prose.

pub(crate) use demarche_record::nearest::nearest;

/// The nearest candidate as a question, else all of them.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    all: &str,
) -> String {
    match nearest(written, candidates.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => match list(candidates) {
            words if words.is_empty() => format!("{all}: there are none"),
            words => format!("{all}: {words}"),
        },
    }
}

/// Words in backticks with commas between; beyond a dozen, how many more.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let more = words.len().saturating_sub(LISTED);
    words.truncate(LISTED);
    let words = words.join(", ");
    if more == 0 { words } else { format!("{words} and {more} more") }
}

/// How many words of a list are shown; more would not be read.
const LISTED: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(list(["a", "b"]), "`a`, `b`");
        assert!(list(std::iter::repeat_n("a", 14)).ends_with("`a` and 2 more"));
    }
}
