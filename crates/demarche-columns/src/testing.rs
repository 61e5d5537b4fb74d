//! A small table, for the tests of this crate.

use std::sync::Arc;

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

/// A column of each kind; all but the first may be empty.
pub(crate) fn schema() -> Schema {
    let empty = |key: &str, kind| Column { may_be_empty: true, ..column(key, kind) };
    let columns = vec![
        column("run", Kind::Whole),
        empty("worth", Kind::Number),
        empty("agreed", Kind::Flag),
        empty("last-text", Kind::Word),
        empty("signed-at", Kind::Moment),
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
    let words = ["plain", "a \"b\",\r\nc", "", "\u{202e}שלום\0"];
    for (at, word) in (0..4).zip(words) {
        let mut row = [Cell::Whole(run + at), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
        if at != 2 {
            let worth = [0.1, -1e-300, 0.0, 1e16][word.len() % 4];
            let ms = 1_761_404_400_123 + at * 86_400_000;
            row[1] = Cell::Number(worth);
            row[2] = Cell::Flag(at == 1);
            row[3] = Cell::Word(word);
            row[4] = Cell::Moment(ms);
        }
        rows.push(&row);
    }
    rows
}

/// Rows as a Parquet file.
pub(crate) fn file(rows: &Rows) -> Vec<u8> {
    let mut file = Vec::new();
    crate::write_parquet(&mut file, rows, &[("model".to_owned(), "7".to_owned())]).unwrap();
    file
}
