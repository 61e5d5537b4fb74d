//! Tables of results: columns that say what they are, written as Parquet or CSV.
//!
//! A [`Schema`] lists columns, each with its kind, unit, range and a sentence of meaning. [`Rows`]
//! are filled by a row at a time and written as a Parquet file that carries its schema, so that
//! whoever finds the file needs no other page to read it. Files of the same schema are
//! [joined](join) to one, and any of them is told as CSV a group of rows at a time.
//! The crate touches no file: it writes to writers and reads from what was opened by others.
//!
//! # Conventions
//! - The same rows and metadata give the same bytes, on any machine: no time and no place is noted.
//! - A cell that its column does not allow is a bug of the caller, and asserted. A file that is not
//!   as this crate writes them is a [`TableError`]: whoever reads cannot know who wrote.
//! - Damage that leaves a lawful file of other values is not seen here. Keep a digest beside it.
//!
//! # Example
//! ```
//! use std::sync::Arc;
//!
//! use demarche_columns::{Cell, Column, Kind, Range, Rows, Schema, Table};
//! use demarche_columns::{write_csv, write_parquet};
//!
//! let column = |key: &str, kind, unit: &str, range, meaning: &str| Column {
//!     key: key.to_owned(),
//!     kind,
//!     unit: unit.to_owned(),
//!     range,
//!     meaning: meaning.to_owned(),
//!     may_be_empty: key == "agreed-after",
//! };
//! let at_least = |low| Range::Between { low, high: f64::INFINITY };
//! let schema = Arc::new(Schema::new(
//!     "runs",
//!     "a row for each run",
//!     vec![
//!         column("run", Kind::Whole, "1", at_least(0.0), "the number of the run"),
//!         column("agreed-after", Kind::Number, "h", at_least(0.0), "empty without an agreement"),
//!     ],
//! ));
//! let mut rows = Rows::new(&schema);
//! rows.push([Cell::Whole(0), Cell::Number(17.5)]);
//! rows.push([Cell::Whole(1), Cell::Empty]);
//!
//! let mut file = Vec::new();
//! write_parquet(&mut file, &rows, &[("model".to_owned(), "7".to_owned())])?;
//! let table = Table::of_bytes(file)?;
//! assert_eq!(table.n_rows(), 2);
//! assert_eq!(table.metadata(), [("model".to_owned(), "7".to_owned())]);
//!
//! let mut text = Vec::new();
//! write_csv(&mut text, table.schema(), table.groups())?;
//! assert_eq!(text, b"run,agreed-after\r\n0,17.5\r\n1,\r\n");
//! # Ok::<(), demarche_columns::TableError>(())
//! ```

mod schema;
mod dictionary;
mod rows;
mod write;
mod pages;
mod read;
mod join;
mod comma_separated;
mod points;
mod error;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod properties;

/// Bytes that a table can be read from.
pub use bytes::Bytes;
pub use comma_separated::write_csv;
pub use dictionary::COLUMNS_KEY;
pub use error::TableError;
pub use join::{Given, GivenCells, Part, join};
/// What a table can be read from: an opened file, or bytes.
pub use parquet::file::reader::ChunkReader;
pub use points::{Limits, PointFault, Points, read_points};
pub use read::Table;
pub use rows::{Cell, Rows};
pub use schema::{Column, Kind, Range, Schema};
pub use write::{MOST_ROWS, write_parquet, write_part};
