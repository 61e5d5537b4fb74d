//! Forms: what a report can be written as.

pub mod html;
pub mod markdown;
pub mod json;
pub mod files;

/// A word of a command line, in quotation marks where a shell would split it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// What is read in the place of a chart.
pub(crate) fn name_of(figure: &crate::report::Figure) -> String {
    format!("{} The data stand in the table beside it.", figure.finding.sentence())
}
