//! A small table, for the tests of this crate.

use std::sync::Arc;

use bytes::Bytes;

use crate::join::{Given, GivenCells, Part};
use crate::rows::{Cell, Rows};
use crate::schema::{Column, Kind, Range, Schema};

pub(crate) fn column(key: &str, kind: Kind) -> Column {
    Column {
        key: key.to_owned(),
        kind,
        unit: "1".to_owned(),
        range: Range::Said("any".to_owned()),
        meaning: "what it is".to_owned(),
        may_be_empty: false,
    }
}

/// A column of each kind, and another; all but the first may be empty.
pub(crate) fn schema() -> Schema {
    let empty = |key: &str, kind| Column { may_be_empty: true, ..column(key, kind) };
    let columns = vec![
        column("run", Kind::Whole),
        empty("worth", Kind::Number),
        empty("agreed", Kind::Flag),
        empty("last-text", Kind::Word),
        empty("signed-after", Kind::Whole),
    ];
    Schema::new("runs", "a row for each run", columns)
}

/// Four rows of it.
pub(crate) fn rows() -> Rows {
    rows_from(0)
}

/// Four rows, the first of which is this run.
pub(crate) fn rows_from(run: i64) -> Rows {
    let mut rows = Rows::new(&Arc::new(schema()));
    let filled = [
        Some((-1e-300, "plain")),
        Some((1e16, "a \"b\",\r\nc")),
        None,
        Some((0.1, "\u{202e}שלום\0")),
    ];
    for (at, filled) in (0..).zip(filled) {
        let mut row = [Cell::Whole(run + at), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
        if let Some((worth, word)) = filled {
            row[1] = Cell::Number(worth);
            row[2] = Cell::Flag(at == 1);
            row[3] = Cell::Word(word);
            row[4] = Cell::Whole(11 + at);
        }
        rows.push(row);
    }
    rows
}

/// Rows as a Parquet file.
pub(crate) fn file(rows: &Rows) -> Vec<u8> {
    let mut file = Vec::new();
    crate::write_parquet(&mut file, rows, &[("model".to_owned(), "7".to_owned())]).unwrap();
    file
}

/// A part that leaves no column out.
pub(crate) fn all_columns(file: Vec<u8>) -> Part<Bytes, Numbers> {
    Part { source: Bytes::from(file), given: None }
}

/// The numbers of runs, which is the first column, where parts leave it out.
pub(crate) struct Numbers(pub(crate) std::ops::Range<i64>);

impl Given for Numbers {
    fn n_rows(&self) -> usize {
        usize::try_from(self.0.end - self.0.start).unwrap()
    }

    fn cells(&self, column: usize) -> GivenCells {
        assert_eq!(column, 0);
        GivenCells::Whole(self.0.clone().collect())
    }
}
