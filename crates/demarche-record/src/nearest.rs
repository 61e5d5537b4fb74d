//! The word that was probably meant, where another was written.

/// The candidate nearest to what was written, if near enough to be a slip of the pen.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Nobody misspells a name of this length by accident, and the comparison is quadratic.
    if written.len() > 64 {
        return None;
    }
    let written = written.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|candidate| (slips(&written, candidate), candidate))
        .filter(|(slips, candidate)| *slips <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// How many slips of the pen lie between two words: letters left out, added, changed or swapped.
#[must_use]
pub fn slips(written: &str, candidate: &str) -> usize {
    strsim::damerau_levenshtein(written, candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: Option<&str>) {
        assert_eq!(nearest(written, ["patience", "pain", "trust"]), expected);
    }

    #[test]
    fn slips_are_seen_through_and_other_words_are_not() {
        check("patiense", Some("patience"));
        check("Patience", Some("patience"));
        check("pian", Some("pain"));
        check("colour", None);
        check("", None);
        check(&"x".repeat(1000), None);
    }
}
