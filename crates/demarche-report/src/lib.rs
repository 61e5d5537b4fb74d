//! Batches as a report that answers questions.
//!
//! What a folder holds is read once into a [`batch`], and its rows once into what is [`gleaned`]
//! from them. Each of the [`questions`] is a file: it says what was found in a sentence with the
//! figure in it, draws one of the [`charts`] and puts the data beside it. Together they are a
//! [`report`], of which a page, Markdown, JSON and files of charts are [`forms`]. What a folder
//! does not hold is left out.
//!
//! The crate touches no file but by way of `demarche-batch`, and knows no clock: the same folders
//! give the same bytes.

pub mod report;
pub mod prose;
pub mod digits;
pub mod summary;
pub mod batch;
pub mod gleaned;
pub mod moments;
pub mod questions;
pub mod charts;
pub mod forms;
