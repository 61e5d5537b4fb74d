//! Joining files of the same columns into one.
//!
//! Groups of parts are put together to groups of up to [`GROUP`] rows and written anew, one column
//! after another: of what is under way, one column lies open in memory, and the rest as parts have
//! it. What grows with the rows is the footer: some seventy bytes for each column of each group, in
//! memory some hundreds, which is why there are fewer groups than parts. The same parts give the
//! same bytes.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;

use crate::error::TableError;
use crate::read::{Group, Table};
use crate::rows::{Cells, Rows};
use crate::schema::Schema;
use crate::write::{WHOLE, parquet_type, properties, write_cells};

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
    schema: &Arc<Schema>,
    parts: impl IntoIterator<Item = io::Result<R>>,
    metadata: &[(String, String)],
) -> Result<u64, TableError> {
    let mut whole = Whole { out: Some(out), file: None, schema, metadata, n_rows: 0 };
    let mut pieces = Pieces { list: Vec::new(), n_rows: 0 };
    for (part, source) in (1..).zip(parts) {
        let opened = source.map_err(TableError::Read);
        let opened = opened.and_then(|source| Table::open_as(source, schema));
        let table = opened.map_err(|cause| at_part(part, cause))?;
        for group in table.into_groups() {
            if pieces.n_rows + group.n_rows() > GROUP {
                whole.add(&mut pieces)?;
            }
            pieces.n_rows += group.n_rows();
            pieces.list.push((part, group));
        }
    }
    whole.add(&mut pieces)?;
    whole.close()
}

fn at_part(part: usize, cause: TableError) -> TableError {
    TableError::Part { part, cause: Box::new(cause) }
}

/// Groups of parts that become one, each with the number of its part.
struct Pieces<R> {
    list: Vec<(usize, Group<R>)>,
    n_rows: usize,
}

impl<R: ChunkReader + 'static> Pieces<R> {
    /// As many rows as are looked at before a file is begun, or somewhat more.
    fn first_rows(&self, schema: &Arc<Schema>) -> Result<Rows, TableError> {
        let mut rows = Rows::new(schema);
        for (part, group) in &self.list {
            if rows.n_rows() < WHOLE.sample {
                rows.append(&group.read(schema).map_err(|cause| at_part(*part, cause))?);
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
    schema: &'a Arc<Schema>,
    metadata: &'a [(String, String)],
    n_rows: u64,
}

impl<W: Write + Send> Whole<'_, W> {
    /// Opens the file; which of its columns have a dictionary is as it would be in these rows.
    fn open(&mut self, first: Option<&Rows>) -> Result<&mut SerializedFileWriter<W>, TableError> {
        if let Some(out) = self.out.take() {
            let properties = properties(self.schema, self.metadata, first, WHOLE);
            let table = parquet_type(self.schema);
            let file = SerializedFileWriter::new(out, table, Arc::new(properties));
            self.file = Some(file.map_err(TableError::writing)?);
        }
        Ok(self.file.as_mut().expect("it was opened"))
    }

    /// Writes these pieces as one group.
    fn add<R: ChunkReader + 'static>(&mut self, pieces: &mut Pieces<R>) -> Result<(), TableError> {
        if pieces.list.is_empty() {
            return Ok(());
        }
        let first = self.file.is_none().then(|| pieces.first_rows(self.schema)).transpose()?;
        let schema = self.schema;
        let file = self.open(first.as_ref())?;
        let mut written = file.next_row_group().map_err(TableError::writing)?;
        for (at, column) in schema.columns().iter().enumerate() {
            let mut cells = Cells::new(column, 0);
            for (part, group) in &pieces.list {
                let more = group.read_column(schema, at);
                cells.append(&more.map_err(|cause| at_part(*part, cause))?);
            }
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
