//! Text that comes in from outside: within bounds, and text at all.

/// Why the bytes of a file are no text that could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoText {
    /// There are too many of them.
    #[error("it is larger than {} MB, the most that is read", most >> 20)]
    TooLarge {
        /// The most bytes that are read.
        most: usize,
    },
    /// They are not UTF-8.
    #[error("line {line}, column {column}: this is not UTF-8, so it is no text")]
    NotUtf8 {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
}

/// The bytes of a file as text.
///
/// # Errors
/// When there are more than `most`, or they are not UTF-8.
pub fn text(bytes: Vec<u8>, most: usize) -> Result<String, NoText> {
    if bytes.len() > most {
        return Err(NoText::TooLarge { most });
    }
    String::from_utf8(bytes).map_err(|cause| {
        let good = cause.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&cause.as_bytes()[..good]);
        let last = before.rsplit('\n').next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        NoText::NotUtf8 { line, column: last.chars().count() + 1 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_no_text_is_refused_with_its_place() {
        assert_eq!(text(b"abc".to_vec(), 3), Ok("abc".to_owned()));
        let large = text(vec![b' '; (2 << 20) + 1], 2 << 20).unwrap_err();
        assert_eq!(large.to_string(), "it is larger than 2 MB, the most that is read");
        let bytes = "one\nké\u{0}".bytes().chain([0xff, b'x']).collect();
        assert_eq!(text(bytes, 99), Err(NoText::NotUtf8 { line: 2, column: 4 }));
    }
}
