//! Whatever rows there are: they are read as they were written, joined as they were cut, and told
//! as CSV that others read alike.

use std::sync::Arc;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::rows::{Cell, Rows};
use crate::testing::{all_columns, file, schema};
use crate::{Limits, Table, join, read_points, write_csv};

type Row = (i64, Option<f64>, Option<bool>, Option<String>, Option<i64>);

fn some_rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![
        any::<f64>().prop_filter("finite", |number| number.is_finite()),
        Just(0.5),
        Just(-0.0)
    ];
    let word = prop_oneof![any::<String>(), "[\",\r\n\u{0} \u{202e}]{0,6}"];
    vec((any::<i64>(), of(number), of(any::<bool>()), of(word), of(any::<i64>())), 0..40)
}

fn rows_of(rows: &[Row]) -> Rows {
    let mut kept = Rows::new(&Arc::new(schema()));
    for (run, worth, agreed, text, signed) in rows {
        kept.push([
            Cell::Whole(*run),
            worth.map_or(Cell::Empty, Cell::Number),
            agreed.map_or(Cell::Empty, Cell::Flag),
            text.as_deref().map_or(Cell::Empty, Cell::Word),
            signed.map_or(Cell::Empty, Cell::Whole),
        ]);
    }
    kept
}

/// All cells of a table, with the sign of a zero.
fn cells(table: &Table<Bytes>) -> Vec<String> {
    let groups: Vec<Rows> = table.groups().map(Result::unwrap).collect();
    let rows = groups.iter().flat_map(|rows| (0..rows.n_rows()).map(move |row| rows.row(row)));
    rows.map(|row| format!("{:?}", row.collect::<Vec<_>>())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn rows_are_read_as_they_were_written_and_joined_as_they_were_cut(
        rows in some_rows(),
        at in 0_usize..40,
    ) {
        let whole = rows_of(&rows);
        let written = file(&whole);
        prop_assert_eq!(&written, &file(&whole));
        let written = Table::of_bytes(written).unwrap();
        let expected: Vec<String> =
            (0..whole.n_rows()).map(|row| format!("{:?}", whole.row(row).collect::<Vec<_>>())).collect();
        prop_assert_eq!(&cells(&written), &expected);

        let (first, last) = rows.split_at(at.min(rows.len()));
        let parts = [first, last].map(|rows| Ok(all_columns(file(&rows_of(rows)))));
        let (mut joined, schema) = (Vec::new(), Arc::new(schema()));
        join(&mut joined, &schema, &schema, parts, &[]).unwrap();
        prop_assert_eq!(&cells(&Table::of_bytes(joined).unwrap()), &expected);
    }

    #[test]
    fn csv_is_read_as_it_was_written(rows in some_rows()) {
        let mut text = Vec::new();
        write_csv(&mut text, &schema(), [Ok(rows_of(&rows))]).unwrap();
        let read = csv::Reader::from_reader(text.as_slice()).into_records();
        let read: Vec<csv::StringRecord> = read.map(Result::unwrap).collect();
        prop_assert_eq!(read.len(), rows.len());
        for (record, (run, worth, agreed, text, signed)) in read.iter().zip(&rows) {
            prop_assert_eq!(record[0].parse(), Ok(*run));
            prop_assert_eq!(record[1].parse().ok().map(f64::to_bits), worth.map(f64::to_bits));
            prop_assert_eq!(record[2].parse().ok(), *agreed);
            prop_assert_eq!(&record[3], text.as_deref().unwrap_or_default());
            prop_assert_eq!(record[4].parse().ok(), *signed);
        }
    }

    #[test]
    fn no_damage_makes_a_reader_panic(
        rows in some_rows(),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut edited = file(&rows_of(&rows));
        for (at, byte) in edits {
            let at = at.index(edited.len());
            edited[at] = byte;
        }
        if let Ok(table) = Table::of_bytes(edited) {
            prop_assert!(table.groups().filter(Result::is_ok).count() <= 1);
        }
    }

    #[test]
    fn no_text_makes_the_reader_of_designs_panic(text in "[a,;\"\r\n0-9.é\u{feff} -]{0,60}") {
        let limits = Limits { points: 5, paths: 5 };
        if let Ok(points) = read_points(&text, limits) {
            prop_assert!((1..=5).contains(&points.n_points()));
        }
    }
}
