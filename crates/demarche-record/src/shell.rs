//! Command lines that a reader can copy.

/// A word of a command line, in quotation marks where a shell would split or change it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:~=".contains(c);
    if !word.is_empty() && !word.starts_with(['=', '~']) && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_shell_would_change_is_quoted() {
        for plain in ["a/b.toml", "--set=x=1", "2025-10-19", "Doha~1", "דוחה"] {
            assert_eq!(quoted(plain), plain);
        }
        for (word, is) in [("", "''"), ("a b", "'a b'"), ("~x", "'~x'"), ("it's", r"'it'\''s'")] {
            assert_eq!(quoted(word), is);
        }
        assert_eq!(quoted("$(x);&|<>*?"), "'$(x);&|<>*?'");
    }
}
