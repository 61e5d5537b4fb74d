//! Tables as comma-separated values, by RFC 4180: for spreadsheets, and for those who have no other
//! reader.
//!
//! A line of keys, then a line for each row, ended by CR and LF. Numbers stand in the shortest form
//! that is read as the same number; flags as `true` and `false`. Empty cells are empty, and so are
//! words of no letters: Parquet tells the two apart, this does not.

use std::io::Write;

use csv::{Terminator, WriterBuilder};

use crate::error::TableError;
use crate::rows::{Cell, Rows};
use crate::schema::Schema;

/// Writes the rows of all groups, in order, and holds one group in memory at a time. Returns the
/// number of rows.
///
/// # Errors
/// When a group cannot be read, or the writer fails.
///
/// # Panics
/// When a group is not of this schema.
pub fn write_csv<W: Write>(
    out: W,
    schema: &Schema,
    groups: impl IntoIterator<Item = Result<Rows, TableError>>,
) -> Result<u64, TableError> {
    let mut text = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    let keys = schema.columns().iter().map(|column| &column.key);
    text.write_record(keys).map_err(writing)?;
    let (mut n_rows, mut field) = (0, Vec::new());
    for rows in groups {
        let rows = rows?;
        assert!(rows.schema().as_ref() == schema, "rows of another table");
        for row in 0..rows.n_rows() {
            for cell in rows.row(row) {
                write_cell(&mut text, &mut field, cell).map_err(writing)?;
            }
            text.write_record(None::<&[u8]>).map_err(writing)?;
        }
        n_rows += rows.n_rows() as u64;
    }
    text.flush().map_err(TableError::Write)?;
    Ok(n_rows)
}

fn write_cell<W: Write>(
    text: &mut csv::Writer<W>,
    field: &mut Vec<u8>,
    cell: Cell<'_>,
) -> csv::Result<()> {
    field.clear();
    match cell {
        Cell::Empty => {}
        Cell::Flag(true) => field.extend(b"true"),
        Cell::Flag(false) => field.extend(b"false"),
        Cell::Word(word) => return text.write_field(word),
        Cell::Whole(whole) => write!(field, "{whole}")?,
        Cell::Number(number) => write!(field, "{number:?}")?,
    }
    text.write_field(field)
}

fn writing(cause: csv::Error) -> TableError {
    TableError::Write(cause.into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::schema::Kind;
    use crate::testing::{column, rows};

    fn csv(rows: Rows) -> String {
        let (schema, mut text) = (Arc::clone(rows.schema()), Vec::new());
        write_csv(&mut text, &schema, [Ok(rows)]).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn rows_are_told_as_others_read_them() {
        let expected = "run,worth,agreed,last-text,signed-after\r\n\
            0,-1e-300,false,plain,11\r\n\
            1,1e16,true,\"a \"\"b\"\",\r\nc\",12\r\n\
            2,,,,\r\n\
            3,0.1,false,\u{202e}שלום\0,14\r\n";
        assert_eq!(csv(rows()), expected);
    }

    #[track_caller]
    fn check(kind: Kind, cell: Cell<'_>, expected: &str) {
        let schema = Schema::new("runs", "a row for each run", vec![column("a", kind)]);
        let mut rows = Rows::new(&Arc::new(schema));
        rows.push([cell]);
        assert_eq!(csv(rows), format!("a\r\n{expected}\r\n"));
    }

    #[test]
    fn numbers_stand_in_their_shortest_form() {
        for (number, expected) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            check(Kind::Number, Cell::Number(number), expected);
            assert_eq!(expected.parse(), Ok(number));
        }
        check(Kind::Whole, Cell::Whole(i64::MIN), "-9223372036854775808");
    }

    #[test]
    fn words_that_would_end_a_field_are_quoted() {
        check(Kind::Word, Cell::Word("a,b"), "\"a,b\"");
        check(Kind::Word, Cell::Word("\""), "\"\"\"\"");
        check(Kind::Word, Cell::Word("\r"), "\"\r\"");
        check(Kind::Word, Cell::Word(" a "), " a ");
        check(Kind::Word, Cell::Word(""), "\"\""); // A line of nothing would be no row.
    }
}
