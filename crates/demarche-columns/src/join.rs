//! Joining files of the same columns into one.
//!
//! Groups of parts are put together to groups of up to [`GROUP`] rows and written anew, one column
//! after another: of what is under way, one column lies open in memory, and the rest as parts have
//! it. What grows with the rows is the footer: some seventy bytes for each column of each group, in
//! memory some hundreds, which is why there are fewer groups than parts. The same parts give the
//! same bytes.

use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;

use crate::error::TableError;
use crate::read::Table;
use crate::rows::{Cells, Rows};
use crate::schema::Schema;
use crate::write::{SAMPLE, parquet_type, properties, write_cells};

/// The most rows that are put together to one group. A part's own group is never divided.
const GROUP: usize = 16_384;

/// Writes the rows of all parts, in order, as one Parquet file with this metadata; that of the
/// parts is dropped. Parts are opened one after another, as they are drawn from the iterator.
/// Returns the number of rows.
///
/// # Errors
/// When a part cannot be opened, is damaged, or is not of this schema, with its place; when the
/// writer fails. What was written until then is no table.
///
/// # Panics
/// When two pairs of metadata share a key, or one has that of the dictionary.
pub fn join<W: Write + Send, R: ChunkReader + 'static>(
    out: W,
    schema: &Schema,
    parts: impl IntoIterator<Item = io::Result<R>>,
    metadata: &[(String, String)],
) -> Result<u64, TableError> {
    let mut whole = Whole { out: Some(out), file: None, schema, metadata, n_rows: 0 };
    let mut pieces = Pieces { list: Vec::new(), n_rows: 0 };
    for (part, source) in (1..).zip(parts) {
        let opened = source.map_err(TableError::Read).and_then(|source| {
            let table = Table::open(source)?;
            table.check_schema(schema)?;
            Ok(Rc::new(table))
        });
        let table = opened.map_err(|cause| at_part(part, cause))?;
        for group in 0..table.n_groups() {
            let n_rows = table.n_rows_of(group);
            if pieces.n_rows + n_rows > GROUP {
                whole.add(&mut pieces)?;
            }
            pieces.list.push(Piece { part, table: Rc::clone(&table), group });
            pieces.n_rows += n_rows;
        }
    }
    whole.add(&mut pieces)?;
    whole.close()
}

fn at_part(part: usize, cause: TableError) -> TableError {
    TableError::Part { part, cause: Box::new(cause) }
}

/// A group of a part.
struct Piece<R> {
    part: usize,
    table: Rc<Table<R>>,
    group: usize,
}

impl<R: ChunkReader + 'static> Piece<R> {
    fn read<T>(
        &self,
        read: impl FnOnce(&Table<R>) -> Result<T, TableError>,
    ) -> Result<T, TableError> {
        read(&self.table).map_err(|cause| at_part(self.part, cause))
    }
}

/// Groups of parts that become one.
struct Pieces<R> {
    list: Vec<Piece<R>>,
    n_rows: usize,
}

impl<R: ChunkReader + 'static> Pieces<R> {
    /// As many rows as are looked at before a file is begun, or somewhat more.
    fn first_rows(&self) -> Result<Rows, TableError> {
        let mut rows = Rows::new(self.list[0].table.schema());
        for piece in &self.list {
            if rows.n_rows() < SAMPLE {
                rows.append(&piece.read(|table| table.read_group(piece.group))?);
            }
        }
        Ok(rows)
    }
}

/// The file that parts become.
struct Whole<'a, W: Write + Send> {
    out: Option<W>,
    /// Once there is something to write.
    file: Option<SerializedFileWriter<W>>,
    schema: &'a Schema,
    metadata: &'a [(String, String)],
    n_rows: u64,
}

impl<W: Write + Send> Whole<'_, W> {
    /// Opens the file; which of its columns have a dictionary is as it would be in these rows.
    fn open(&mut self, first: Option<&Rows>) -> Result<&mut SerializedFileWriter<W>, TableError> {
        if let Some(out) = self.out.take() {
            let properties = Arc::new(properties(self.schema, self.metadata, first));
            let file = SerializedFileWriter::new(out, parquet_type(self.schema), properties);
            self.file = Some(file.map_err(TableError::writing)?);
        }
        Ok(self.file.as_mut().expect("it was opened"))
    }

    /// Writes these pieces as one group.
    fn add<R: ChunkReader + 'static>(&mut self, pieces: &mut Pieces<R>) -> Result<(), TableError> {
        if pieces.list.is_empty() {
            return Ok(());
        }
        let first = if self.file.is_none() { Some(pieces.first_rows()?) } else { None };
        let columns = self.schema.columns();
        let file = self.open(first.as_ref())?;
        let mut group = file.next_row_group().map_err(TableError::writing)?;
        for (at, column) in columns.iter().enumerate() {
            let mut cells = Cells::new(column);
            for piece in &pieces.list {
                cells.append(&piece.read(|table| table.read_column(piece.group, at))?);
            }
            let writer = group.next_column().map_err(TableError::writing)?;
            let mut writer = writer.expect("a writer for each column");
            let written = write_cells(&mut writer, &cells).and_then(|()| writer.close());
            written.map_err(TableError::writing)?;
        }
        group.close().map_err(TableError::writing)?;
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
