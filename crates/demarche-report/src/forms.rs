//! Forms: what a report can be written as.

pub mod html;
pub mod markdown;
pub mod json;
pub mod files;

/// What is read in the place of a chart.
pub(crate) fn name_of(figure: &crate::report::Figure) -> String {
    format!("{} The data stand in the table beside it.", figure.finding.sentence())
}
