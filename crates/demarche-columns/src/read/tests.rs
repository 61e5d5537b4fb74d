//! Files that are as they were written, and files that are not.

use std::sync::Arc;

use super::*;
use crate::rows::Cell;
use crate::schema::Range;
use crate::testing::{column, file, rows, schema};

#[test]
fn rows_are_read_as_they_were_written() {
    let table = Table::of_bytes(file(&rows())).unwrap();
    assert_eq!(table.schema().as_ref(), &schema());
    assert_eq!(table.metadata(), [("model".to_owned(), "7".to_owned())]);
    assert_eq!((table.n_rows(), table.n_groups()), (4, 1));
    assert_eq!(table.read_group(0).unwrap(), rows());
    assert_eq!(table.groups().count(), 1);
}

#[test]
fn no_rows_are_a_table_too() {
    let table = Table::of_bytes(file(&Rows::new(&Arc::new(schema())))).unwrap();
    assert_eq!((table.n_rows(), table.n_groups()), (0, 0));
}

#[test]
fn a_column_that_is_empty_throughout_is_read() {
    let empty = Column { may_be_empty: true, ..column("a", Kind::Word) };
    let mut rows = Rows::new(&Arc::new(Schema::new("runs", "a row for each run", vec![empty])));
    for _ in 0..3 {
        rows.push([Cell::Empty]);
    }
    assert_eq!(Table::of_bytes(file(&rows)).unwrap().read_group(0).unwrap(), rows);
}

#[test]
fn an_empty_cell_is_no_nought() {
    for kind in [Kind::Whole, Kind::Number] {
        let range = Range::Between { low: 1.0, high: 9.0 };
        let column = Column { range, may_be_empty: true, ..column("a", kind) };
        let mut rows =
            Rows::new(&Arc::new(Schema::new("runs", "a row for each run", vec![column])));
        let filled = if kind == Kind::Whole { Cell::Whole(5) } else { Cell::Number(5.0) };
        for cell in [Cell::Empty, filled, Cell::Empty] {
            rows.push([cell]);
        }
        assert_eq!(Table::of_bytes(file(&rows)).unwrap().read_group(0).unwrap(), rows);
    }
}

#[test]
fn another_table_is_refused() {
    let file = || Bytes::from(file(&rows()));
    let other = Schema::new("runs", "a row for each run", vec![column("turn", Kind::Whole)]);
    let fault = Table::open_as(file(), &Arc::new(other)).unwrap_err().to_string();
    assert_eq!(fault, "this is another table: column 1 is `run`, not `turn`");
    assert_eq!(Table::open_as(file(), &Arc::new(schema())).unwrap().n_rows(), 4);
}

#[test]
fn what_is_no_table_says_so() {
    let check = |bytes: &[u8], expected: &str| {
        let fault = Table::of_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(fault.contains(expected), "{fault}");
    };
    check(b"", "this is no table");
    check(b"run,worth\r\n0,1\r\n", "this is no table");
    check(b"PAR1", "was cut short");
    check(b"PAR1PAR1", "was cut short");
    check(b"PAR1\0\0\0\0PAR1", "damaged");
    check(b"PAR1\xff\xff\xff\xffPAR1", "damaged");
    let whole = file(&rows());
    check(&[&whole[..], b"\n"].concat(), "or added to");
    check(&whole[..whole.len() / 2], "was cut short");
}

/// Reads all of a file that may be damaged. What is lawful, though of other values, passes.
fn survive(bytes: Vec<u8>) -> bool {
    match Table::of_bytes(bytes) {
        Ok(table) => table.groups().all(|rows| rows.is_ok()),
        Err(_) => false,
    }
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let whole = file(&rows());
    for n_bytes in 0..whole.len() {
        assert!(!survive(whole[..n_bytes].to_vec()), "{n_bytes} bytes of {}", whole.len());
        // Also when an end was put on again.
        let mut mended = whole[..n_bytes].to_vec();
        mended.extend_from_slice(&whole[whole.len() - 8..]);
        survive(mended);
    }
}

#[test]
fn no_edited_byte_makes_a_reader_panic() {
    let whole = file(&rows());
    for at in 0..whole.len() {
        for changed in [0, 0x7f, 0x80, 0xff, whole[at] ^ 1, whole[at] ^ 0x10, whole[at] ^ 0x80] {
            let mut edited = whole.clone();
            edited[at] = changed;
            survive(edited);
        }
    }
}

/// Longer pages, a dictionary of words and one of numbers.
fn more_rows() -> Rows {
    let mut rows = Rows::new(&Arc::new(schema()));
    let words: Vec<String> = (0..40).map(|at| "ab".repeat(at % 7)).collect();
    for (at, word) in (0..).zip(&words) {
        let is_empty = at % 5 == 0;
        rows.push([
            Cell::Whole(at / 20),
            if is_empty { Cell::Empty } else { Cell::Number([0.5, 0.25][word.len() % 2]) },
            Cell::Flag(at % 3 == 0),
            if is_empty { Cell::Empty } else { Cell::Word(word) },
            Cell::Whole(at),
        ]);
    }
    rows
}

#[test]
fn no_two_edited_bytes_make_a_reader_panic() {
    for whole in [file(&rows()), file(&more_rows())] {
        // Numbers of a linear congruence: the same edits each time, in no order.
        let mut state = 1_usize;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..20_000 {
            let mut edited = whole.clone();
            for _ in 0..2 {
                edited[next(whole.len())] = next(256).to_le_bytes()[0];
            }
            survive(edited);
        }
    }
}

#[test]
fn what_a_column_does_not_allow_is_damage() {
    let ranged = |high| {
        let range = Range::Between { low: 0.0, high };
        Schema::new(
            "runs",
            "a row for each run",
            vec![Column { range, ..column("a", Kind::Whole) }],
        )
    };
    let mut rows = Rows::new(&Arc::new(ranged(9.0)));
    rows.push([Cell::Whole(5)]);
    let mut edited = file(&rows);
    let at = edited.windows(3).position(|it| it == b"9.0").unwrap();
    edited[at] = b'4';
    let fault = Table::of_bytes(edited).unwrap().read_group(0).unwrap_err().to_string();
    let expected = "the table is damaged: group 1, column `a`: Whole(5) cannot stand there";
    assert_eq!(fault, expected);
}
