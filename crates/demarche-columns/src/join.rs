//! Joining files of the same columns into one.
//!
//! Groups of parts are put together to groups of up to [`GROUP`] rows and written anew, one column
//! after another: of what is under way, one column lies open in memory, and the rest as parts have
//! it. Where parts leave the first columns out, because they are known without them, those are told
//! when the whole is written.
//!
//! What grows with the rows is the footer: some seventy bytes for each column of each group, in
//! memory some hundreds, which is why there are fewer groups than parts. The same parts give the
//! same bytes.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;

use crate::error::TableError;
use crate::read::{Group, Table};
use crate::rows::{Cell, Cells, Rows, Values};
use crate::schema::{Column, Schema};
use crate::write::{WHOLE, parquet_type, properties, write_cells};

/// The most rows that are put together to one group. A part's own group is never divided.
const GROUP: usize = 16_384;

/// What stands in the first columns of a table where parts leave them out, for it is known without
/// them.
pub trait Given {
    /// How many rows there are.
    fn n_rows(&self) -> usize;
    /// What stands in one of these columns, from 0 on.
    fn cells(&self, column: usize) -> GivenCells;
}

/// The cells of a column that is given, row after row: of numbers, and none is empty.
pub enum GivenCells {
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Numbers.
    Number(Vec<f64>),
}

impl GivenCells {
    /// The cell of a row.
    ///
    /// # Panics
    /// When there is no such row. They count from 0.
    #[must_use]
    pub fn cell(&self, row: usize) -> Cell<'static> {
        match self {
            Self::Whole(values) => Cell::Whole(values[row]),
            Self::Number(values) => Cell::Number(values[row]),
        }
    }

    /// The same as cells of their column.
    fn under(self, column: &Column) -> Cells {
        let (n, values) = match self {
            Self::Whole(values) => (values.len(), Values::Whole(values)),
            Self::Number(values) => (values.len(), Values::Number(values)),
        };
        let cells = Cells::of(column, n, None, values);
        cells.unwrap_or_else(|fault| panic!("{fault}: under {column:?}"))
    }
}

/// A part of a table.
pub struct Part<R, G> {
    /// Its file.
    pub source: R,
    /// What it leaves out; nothing where it has all columns.
    pub given: Option<G>,
}

/// Writes the rows of all parts, in order, as one Parquet file with this metadata; that of the
/// parts is dropped. Parts are tables of their own schema: that of the whole, or the same
/// [without its first columns](Schema::without_first). They are opened one after another, as they
/// are drawn from the iterator. Returns the number of rows.
///
/// # Errors
/// When a part cannot be opened, is damaged, or is not of its schema, with its place; when it has
/// not the rows for which columns are given; when the writer fails. What was written until then is
/// no table.
///
/// # Panics
/// When two pairs of metadata share a key, or one has that of the dictionary; when a cell that is
/// given may not stand there.
pub fn join<W: Write + Send, R: ChunkReader + 'static, G: Given>(
    out: W,
    schema: &Arc<Schema>,
    of_parts: &Arc<Schema>,
    parts: impl IntoIterator<Item = io::Result<Part<R, G>>>,
    metadata: &[(String, String)],
) -> Result<u64, TableError> {
    let n_given = schema.columns().len() - of_parts.columns().len();
    let layout = Layout { schema, of_parts, n_given };
    let mut whole = Whole { out: Some(out), file: None, layout, metadata, n_rows: 0 };
    let mut pieces = Pieces { list: Vec::new(), n_rows: 0 };
    for (number, part) in (1..).zip(parts) {
        let opened = part.map_err(TableError::Read).and_then(|part| layout.open(part));
        let (table, mut given) = opened.map_err(|cause| at_part(number, cause))?;
        for group in table.into_groups() {
            if pieces.n_rows + group.n_rows() > GROUP {
                whole.add(&mut pieces)?;
            }
            pieces.n_rows += group.n_rows();
            pieces.list.push(Piece { part: number, group, given: given.take() });
        }
    }
    whole.add(&mut pieces)?;
    whole.close()
}

fn at_part(part: usize, cause: TableError) -> TableError {
    TableError::Part { part, cause: Box::new(cause) }
}

/// The columns of the whole and of its parts.
#[derive(Clone, Copy)]
struct Layout<'a> {
    schema: &'a Arc<Schema>,
    of_parts: &'a Arc<Schema>,
    /// How many columns parts leave out.
    n_given: usize,
}

impl Layout<'_> {
    fn open<R: ChunkReader + 'static, G: Given>(
        &self,
        part: Part<R, G>,
    ) -> Result<(Table<R>, Option<G>), TableError> {
        let table = Table::open_as(part.source, self.of_parts)?;
        let n_given = part.given.as_ref().map_or(0, Given::n_rows);
        // What is given is given for one group, all of it.
        let fits = table.n_groups() <= 1 && table.n_rows() == n_given as u64;
        if self.n_given > 0 && !fits {
            let n_rows = table.n_rows();
            let fault = format!("{n_given} rows are expected, {n_rows} are there");
            return Err(TableError::Damaged(fault));
        }
        Ok((table, part.given))
    }

    /// A column of several pieces.
    fn column<R: ChunkReader + 'static, G: Given>(
        &self,
        pieces: &[Piece<R, G>],
        at: usize,
    ) -> Result<Cells, TableError> {
        let column = &self.schema.columns()[at];
        let n_rows = pieces.iter().map(|piece| piece.group.n_rows()).sum();
        let mut cells = Cells::new(column, n_rows);
        for piece in pieces {
            if let Some(at) = at.checked_sub(self.n_given) {
                let more = piece.group.read_column(self.of_parts, at);
                cells.append(&more.map_err(|cause| at_part(piece.part, cause))?);
            } else {
                let given = piece.given.iter().map(|given| given.cells(at).under(column));
                given.for_each(|given| cells.append(&given));
            }
        }
        Ok(cells)
    }
}

/// A group of a part that becomes one with others.
struct Piece<R, G> {
    /// The number of its part.
    part: usize,
    group: Group<R>,
    given: Option<G>,
}

/// Groups of parts that become one.
struct Pieces<R, G> {
    list: Vec<Piece<R, G>>,
    n_rows: usize,
}

impl<R: ChunkReader + 'static, G: Given> Pieces<R, G> {
    /// As many rows as are looked at before a file is begun, or somewhat more.
    fn first_rows(&self, layout: &Layout<'_>) -> Result<Rows, TableError> {
        let (mut n, mut n_rows) = (0, 0);
        while n < self.list.len() && n_rows < WHOLE.sample {
            n_rows += self.list[n].group.n_rows();
            n += 1;
        }
        let columns = 0..layout.schema.columns().len();
        let columns = columns.map(|at| layout.column(&self.list[..n], at));
        Ok(Rows::of(layout.schema, columns.collect::<Result<_, _>>()?, n_rows))
    }
}

/// The file that parts become.
struct Whole<'a, W: Write + Send> {
    out: Option<W>,
    /// Once there is something to write.
    file: Option<SerializedFileWriter<W>>,
    layout: Layout<'a>,
    metadata: &'a [(String, String)],
    n_rows: u64,
}

impl<W: Write + Send> Whole<'_, W> {
    /// Opens the file; which of its columns have a dictionary is as it would be in these rows.
    fn open(&mut self, first: Option<&Rows>) -> Result<&mut SerializedFileWriter<W>, TableError> {
        if let Some(out) = self.out.take() {
            let schema = self.layout.schema;
            let properties = properties(schema, self.metadata, first, WHOLE);
            let file = SerializedFileWriter::new(out, parquet_type(schema), Arc::new(properties));
            self.file = Some(file.map_err(TableError::writing)?);
        }
        Ok(self.file.as_mut().expect("it was opened"))
    }

    /// Writes these pieces as one group.
    fn add<R: ChunkReader + 'static, G: Given>(
        &mut self,
        pieces: &mut Pieces<R, G>,
    ) -> Result<(), TableError> {
        if pieces.list.is_empty() {
            return Ok(());
        }
        let layout = self.layout;
        let first = self.file.is_none().then(|| pieces.first_rows(&layout)).transpose()?;
        let file = self.open(first.as_ref())?;
        let mut written = file.next_row_group().map_err(TableError::writing)?;
        for at in 0..layout.schema.columns().len() {
            let cells = layout.column(&pieces.list, at)?;
            let writer = written.next_column().map_err(TableError::writing)?;
            let mut writer = writer.expect("a writer for each column");
            let closed = write_cells(&mut writer, &cells).and_then(|()| writer.close());
            closed.map_err(TableError::writing)?;
        }
        written.close().map_err(TableError::writing)?;
        self.n_rows += pieces.n_rows as u64;
        pieces.list.clear();
        pieces.n_rows = 0;
        Ok(())
    }

    fn close(mut self) -> Result<u64, TableError> {
        self.open(None)?;
        let file = self.file.expect("it was opened");
        file.close().map_err(TableError::writing)?;
        Ok(self.n_rows)
    }
}

#[cfg(test)]
mod tests;
