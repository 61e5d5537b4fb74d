//! Rows: filled one at a time, kept by column.
//!
//! A cell costs no allocation of its own: words of a column lie end to end in one text. An empty
//! cell holds a place in its column, so that any cell is found at once.

use std::sync::Arc;

use crate::schema::{Column, Kind, Range, Schema};

/// What stands in a row under a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A whole number. [as its column says]
    Whole(i64),
    /// A finite number. [as its column says]
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A text.
    Word(&'a str),
}

/// Rows of a table, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    schema: Arc<Schema>,
    pub(crate) columns: Vec<Cells>,
    n_rows: usize,
}

impl Rows {
    /// None yet.
    #[must_use]
    pub fn new(schema: &Arc<Schema>) -> Self {
        Self::with_room_for(schema, 0)
    }

    /// None yet, with memory for so many.
    #[must_use]
    pub fn with_room_for(schema: &Arc<Schema>, n_rows: usize) -> Self {
        let columns = schema.columns().iter().map(|column| Cells::new(column, n_rows)).collect();
        Self::of(schema, columns, 0)
    }

    /// Of columns that are as long as each other, and lawful.
    pub(crate) fn of(schema: &Arc<Schema>, columns: Vec<Cells>, n_rows: usize) -> Self {
        Self { schema: Arc::clone(schema), columns, n_rows }
    }

    /// What their columns are.
    #[must_use]
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// How many there are.
    #[must_use]
    pub const fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Adds a row: a cell for each column.
    ///
    /// # Panics
    /// When there are more or fewer, or one is not of its column's kind or range, no finite number,
    /// or empty where it may not be.
    pub fn push<'a, R>(&mut self, row: R)
    where
        R: IntoIterator<Item = Cell<'a>, IntoIter: ExactSizeIterator>,
    {
        let (row, n_columns) = (row.into_iter(), self.columns.len());
        assert!(row.len() == n_columns, "{} cells, {n_columns} columns", row.len());
        for (at, (cell, cells)) in row.zip(&mut self.columns).enumerate() {
            let column = || &self.schema.columns()[at];
            assert!(cells.push(cell), "{cell:?} cannot stand under {:?}", column());
        }
        self.n_rows += 1;
    }

    /// A cell.
    ///
    /// # Panics
    /// When there is no such row or column. Both count from 0.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.columns[column].get(row)
    }

    /// The cells of a row, in the order of columns.
    ///
    /// # Panics
    /// When there is no such row. They count from 0.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cell<'_>> {
        self.columns.iter().map(move |cells| cells.get(row))
    }
}

/// What numbers may stand in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ends {
    low: f64,
    high: f64,
}

impl Ends {
    fn of(column: &Column) -> Self {
        match column.range {
            Range::Between { low, high } => Self { low, high },
            Range::Said(_) => Self { low: f64::NEG_INFINITY, high: f64::INFINITY },
        }
    }

    fn hold(self, number: f64) -> bool {
        number.is_finite() && self.low <= number && number <= self.high
    }

    #[expect(clippy::cast_precision_loss, reason = "ends of a range are f64, too")]
    fn hold_whole(self, whole: i64) -> bool {
        self.hold(whole as f64)
    }
}

/// The cells of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cells {
    ends: Ends,
    /// A value for each row, of which those of empty cells say nothing.
    pub(crate) values: Values,
    /// For each row 1 where it holds a value and 0 where it is empty: the definition levels of
    /// Parquet. None where it may not be empty.
    pub(crate) levels: Option<Vec<i16>>,
}

/// Values by kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    Whole(Vec<i64>),
    Number(Vec<f64>),
    Flag(Vec<bool>),
    Word(Words),
}

impl Values {
    /// How many there are.
    fn n(&self) -> usize {
        match self {
            Self::Whole(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Flag(values) => values.len(),
            Self::Word(words) => words.ends.len(),
        }
    }

    /// The first that may not stand in a column with these ends.
    fn first_outside(&self, ends: Ends) -> Option<Cell<'_>> {
        let first = |at: Option<usize>| at.map(|at| self.get(at));
        match self {
            Self::Whole(values) => first(values.iter().position(|value| !ends.hold_whole(*value))),
            Self::Number(values) => first(values.iter().position(|value| !ends.hold(*value))),
            Self::Flag(_) | Self::Word(_) => None,
        }
    }

    /// Makes room for empty cells: values are one for each level that is 1, and become one for
    /// each level.
    fn spread(self, levels: &[i16]) -> Self {
        fn spread<T: Copy>(values: &[T], levels: &[i16], none: T) -> Vec<T> {
            let mut values = values.iter();
            let value = |level| if level == 1 { values.next().copied() } else { None };
            levels.iter().copied().map(value).map(|value| value.unwrap_or(none)).collect()
        }
        match self {
            Self::Whole(values) => Self::Whole(spread(&values, levels, 0)),
            Self::Number(values) => Self::Number(spread(&values, levels, 0.0)),
            Self::Flag(values) => Self::Flag(spread(&values, levels, false)),
            Self::Word(Words { text, ends }) => {
                let (mut ends, mut end) = (ends.into_iter(), 0);
                let ends = levels.iter().map(|level| {
                    end = if *level == 1 { ends.next().unwrap_or(end) } else { end };
                    end
                });
                Self::Word(Words { ends: ends.collect(), text })
            }
        }
    }

    fn get(&self, at: usize) -> Cell<'_> {
        match self {
            Self::Whole(values) => Cell::Whole(values[at]),
            Self::Number(values) => Cell::Number(values[at]),
            Self::Flag(values) => Cell::Flag(values[at]),
            Self::Word(words) => Cell::Word(&words.text[words.place(at)]),
        }
    }

    /// Adds the value of an empty cell, which says nothing.
    fn push_none(&mut self) {
        match self {
            Self::Whole(values) => values.push(0),
            Self::Number(values) => values.push(0.0),
            Self::Flag(values) => values.push(false),
            Self::Word(words) => words.push(""),
        }
    }
}

/// Words, end to end.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words {
    pub(crate) text: String,
    /// Where each ends; the next begins there.
    pub(crate) ends: Vec<usize>,
}

impl Words {
    pub(crate) fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.ends.push(self.text.len());
    }

    /// The place of a word in the text.
    pub(crate) fn place(&self, at: usize) -> std::ops::Range<usize> {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        start..self.ends[at]
    }
}

impl Cells {
    /// None yet, with memory for so many; for words it grows with them.
    pub(crate) fn new(column: &Column, n: usize) -> Self {
        let values = match column.kind {
            Kind::Whole => Values::Whole(Vec::with_capacity(n)),
            Kind::Number => Values::Number(Vec::with_capacity(n)),
            Kind::Flag => Values::Flag(Vec::with_capacity(n)),
            Kind::Word => Values::Word(Words::default()),
        };
        let levels = column.may_be_empty.then(|| Vec::with_capacity(n));
        Self { ends: Ends::of(column), values, levels }
    }

    /// So many, of the values of those that are not empty, which are of the column's kind.
    ///
    /// # Errors
    /// When one may not stand there, or values and levels do not fit each other.
    pub(crate) fn of(
        column: &Column,
        n: usize,
        levels: Option<Vec<i16>>,
        values: Values,
    ) -> Result<Self, String> {
        let ends = Ends::of(column);
        if let Some(cell) = values.first_outside(ends) {
            return Err(format!("{cell:?} cannot stand there"));
        }
        let n_filled = match &levels {
            Some(levels) if levels.len() != n || levels.iter().any(|it| !matches!(it, 0 | 1)) => {
                return Err("it does not say of each cell whether it is empty".to_owned());
            }
            Some(levels) => levels.iter().filter(|level| **level == 1).count(),
            None => n,
        };
        if values.n() != n_filled {
            return Err(format!("{} values, {n_filled} cells that are not empty", values.n()));
        }
        let values = match &levels {
            Some(levels) if n_filled < n => values.spread(levels),
            _ => values,
        };
        Ok(Self { ends, values, levels })
    }

    /// Adds a cell. Returns whether it may stand there: it is of the column's kind and range, or
    /// empty where it may be.
    #[inline]
    pub(crate) fn push(&mut self, cell: Cell<'_>) -> bool {
        if let Some(levels) = &mut self.levels {
            levels.push(i16::from(!matches!(cell, Cell::Empty)));
        }
        match (&mut self.values, cell) {
            (Values::Number(values), Cell::Number(number)) => {
                values.push(number);
                self.ends.hold(number)
            }
            (Values::Whole(values), Cell::Whole(whole)) => {
                values.push(whole);
                self.ends.hold_whole(whole)
            }
            (Values::Flag(values), Cell::Flag(flag)) => {
                values.push(flag);
                true
            }
            (Values::Word(words), Cell::Word(word)) => {
                words.push(word);
                true
            }
            (values, _) => {
                values.push_none();
                matches!(cell, Cell::Empty) && self.levels.is_some()
            }
        }
    }

    /// Adds the cells of the same column of other rows.
    pub(crate) fn append(&mut self, other: &Self) {
        match (&mut self.values, &other.values) {
            (Values::Whole(all), Values::Whole(more)) => all.extend_from_slice(more),
            (Values::Number(all), Values::Number(more)) => all.extend_from_slice(more),
            (Values::Flag(all), Values::Flag(more)) => all.extend_from_slice(more),
            (Values::Word(all), Values::Word(more)) => {
                let start = all.text.len();
                all.text.push_str(&more.text);
                all.ends.extend(more.ends.iter().map(|end| start + end));
            }
            _ => panic!("columns of other kinds"),
        }
        if let (Some(all), Some(more)) = (&mut self.levels, &other.levels) {
            all.extend_from_slice(more);
        }
    }

    fn get(&self, row: usize) -> Cell<'_> {
        if self.levels.as_ref().is_some_and(|levels| levels[row] == 0) {
            return Cell::Empty;
        }
        self.values.get(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{column, rows};

    #[test]
    fn what_was_pushed_stands_there() {
        let rows = rows();
        assert_eq!(rows.n_rows(), 4);
        assert_eq!(rows.cell(1, 3), Cell::Word("a \"b\",\r\nc"));
        assert_eq!(rows.row(2).collect::<Vec<_>>()[1..], [Cell::Empty; 4]);
    }

    #[track_caller]
    fn check(cell: Cell<'_>, column: &Column, expected: bool) {
        assert_eq!(Cells::new(column, 0).push(cell), expected, "{cell:?} {column:?}");
    }

    #[test]
    fn a_cell_is_of_its_columns_kind() {
        let cells = [Cell::Whole(1), Cell::Number(1.0), Cell::Flag(true), Cell::Word("1")];
        for (cell, of) in cells.into_iter().zip(Kind::ALL) {
            for kind in Kind::ALL {
                check(cell, &column("a", kind), kind == of);
            }
        }
    }

    #[test]
    fn a_cell_lies_in_its_columns_range() {
        let range = Range::Between { low: 0.0, high: 1.0 };
        let number = Column { range: range.clone(), ..column("a", Kind::Number) };
        for (value, expected) in [(0.0, true), (1.0, true), (1.5, false), (f64::NAN, false)] {
            check(Cell::Number(value), &number, expected);
        }
        check(Cell::Whole(2), &Column { range, ..column("a", Kind::Whole) }, false);
        check(Cell::Number(f64::INFINITY), &column("a", Kind::Number), false);
        check(Cell::Empty, &number, false);
        check(Cell::Empty, &Column { may_be_empty: true, ..number }, true);
    }
}
