//! Parts that make a whole, and parts that do not.

use bytes::Bytes;
use parquet::basic::ColumnOrder;
use parquet::file::statistics::Statistics;

use super::*;
use crate::rows::{Cell, Rows};
use crate::schema::Kind;
use crate::testing::{Numbers, all_columns, column, file, rows, rows_from, schema};

fn join_of(parts: &[Vec<u8>]) -> Result<Vec<u8>, TableError> {
    let mut whole = Vec::new();
    let schema = Arc::new(schema());
    let parts = parts.iter().map(|part| Ok(all_columns(part.clone())));
    join(&mut whole, &schema, &schema, parts, &[("parts".to_owned(), "all".to_owned())])?;
    Ok(whole)
}

/// Rows without the first column.
fn without_first(rows: &Rows) -> Vec<u8> {
    let mut rest = Rows::new(&Arc::new(schema().without_first(1)));
    (0..rows.n_rows()).for_each(|row| rest.push(rows.row(row).skip(1).collect::<Vec<_>>()));
    file(&rest)
}

#[test]
fn what_parts_leave_out_is_given() {
    let (schema, of_parts) = (Arc::new(schema()), Arc::new(schema().without_first(1)));
    let join_given = |runs: [std::ops::Range<i64>; 2]| {
        let mut whole = Vec::new();
        let parts = [rows_from(0), rows_from(4)].into_iter().zip(runs).map(|(rows, runs)| {
            let source = Bytes::from(without_first(&rows));
            Ok(Part { source, given: Some(Numbers(runs)) })
        });
        let metadata = [("parts".to_owned(), "all".to_owned())];
        join(&mut whole, &schema, &of_parts, parts, &metadata).map(|_| whole)
    };
    let all = join_of(&[file(&rows_from(0)), file(&rows_from(4))]).unwrap();
    assert!(join_given([0..4, 4..8]).unwrap() == all, "as if parts had had it");
    let fault = join_given([0..4, 4..9]).unwrap_err().to_string();
    assert_eq!(fault, "part 2: the table is damaged: 5 rows are expected, 4 are there");
}

/// Whether the rows of a table are these, one after the other.
#[track_caller]
fn check_rows(table: &Table<Bytes>, expected: &[Rows]) {
    let cells = |rows: &Rows| -> Vec<String> {
        (0..rows.n_rows()).map(|row| format!("{:?}", rows.row(row).collect::<Vec<_>>())).collect()
    };
    let found: Vec<String> = table.groups().flat_map(|rows| cells(&rows.unwrap())).collect();
    assert_eq!(found, expected.iter().flat_map(cells).collect::<Vec<_>>());
}

#[test]
fn parts_make_a_whole() {
    let parts = [rows_from(0), Rows::new(&Arc::new(schema())), rows_from(4)];
    let whole = join_of(&parts.clone().map(|rows| file(&rows))).unwrap();
    let table = Table::of_bytes(whole.clone()).unwrap();
    assert_eq!((table.n_rows(), table.n_groups()), (8, 1));
    assert_eq!(table.metadata(), [("parts".to_owned(), "all".to_owned())]);
    check_rows(&table, &[rows_from(0), rows_from(4)]);
    assert_eq!(whole, join_of(&parts.map(|rows| file(&rows))).unwrap());
}

#[test]
fn what_was_joined_can_be_joined() {
    let pair = join_of(&[file(&rows_from(0)), file(&rows_from(4))]).unwrap();
    let parts: Vec<Vec<u8>> = [0, 4, 8].map(|run| file(&rows_from(run))).into();
    assert_eq!(join_of(&[pair, parts[2].clone()]).unwrap(), join_of(&parts).unwrap());
}

#[test]
fn statistics_are_of_the_whole() {
    let whole = join_of(&[file(&rows_from(0)), file(&rows_from(4))]).unwrap();
    let table = Table::of_bytes(whole).unwrap();
    let group = table.stored().row_group(0);
    assert_eq!(group.column(1).statistics().and_then(Statistics::null_count_opt), Some(2));
    match group.column(0).statistics() {
        Some(Statistics::Int64(runs)) => {
            assert_eq!((runs.min_opt(), runs.max_opt()), (Some(&0), Some(&7)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn statistics_are_in_an_order_that_every_reader_knows() {
    let table = Table::of_bytes(join_of(&[file(&rows())]).unwrap()).unwrap();
    let orders = table.stored().file_metadata().column_orders().unwrap();
    assert!(orders.iter().all(|order| matches!(order, ColumnOrder::TYPE_DEFINED_ORDER(_))));
}

#[test]
fn no_parts_are_an_empty_table() {
    assert_eq!(Table::of_bytes(join_of(&[]).unwrap()).unwrap().n_rows(), 0);
}

#[test]
fn a_part_of_another_table_is_refused() {
    let other = Schema::new("runs", "a row for each run", vec![column("run", Kind::Whole)]);
    let mut other = Rows::new(&Arc::new(other));
    other.push([Cell::Whole(1)]);
    let fault = join_of(&[file(&rows()), file(&other)]).unwrap_err().to_string();
    assert_eq!(fault, "part 2: this is another table: no column `worth`");
}

#[test]
fn a_part_that_is_cut_short_is_refused() {
    let mut part = file(&rows());
    part.pop();
    let fault = join_of(&[file(&rows()), part]).unwrap_err().to_string();
    assert!(fault.starts_with("part 2: the table ends without its last part"), "{fault}");
}

#[test]
fn a_part_that_cannot_be_opened_is_told() {
    let parts = [Err::<Part<Bytes, Numbers>, _>(io::Error::from(io::ErrorKind::NotFound))];
    let schema = Arc::new(schema());
    let fault = join(Vec::new(), &schema, &schema, parts, &[]).unwrap_err().to_string();
    assert!(fault.starts_with("part 1: the table cannot be read"), "{fault}");
}

#[test]
fn a_thousand_parts_are_a_whole_too() {
    let parts: Vec<Rows> = (0..1000).map(|part| rows_from(4 * part)).collect();
    let files: Vec<Vec<u8>> = parts.iter().map(file).collect();
    let table = Table::of_bytes(join_of(&files).unwrap()).unwrap();
    assert_eq!((table.n_rows(), table.n_groups()), (4000, 1));
    check_rows(&table, &parts);
}

#[test]
fn groups_grow_no_larger_than_one_can_hold() {
    let of = |first: i64, n_rows: usize| {
        let mut rows = Rows::new(&Arc::new(schema()));
        for run in (first..).take(n_rows) {
            rows.push([Cell::Whole(run), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
        }
        rows
    };
    let parts = [of(0, GROUP - 1), of(50_000, 1), of(60_000, 1), of(70_000, GROUP + 1)];
    let table = Table::of_bytes(join_of(&parts.each_ref().map(file)).unwrap()).unwrap();
    let n_rows: Vec<usize> = table.groups().map(|rows| rows.unwrap().n_rows()).collect();
    assert_eq!(n_rows, [GROUP, 1, GROUP + 1], "a part is never divided");
    check_rows(&table, &parts);
}
