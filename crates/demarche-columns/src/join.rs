//! Joining files of the same columns into one, without decoding them.
//!
//! The bytes of a column's pages are copied as they are, with their statistics; only the places
//! that the footer names are new. So a group stays as its part wrote it, memory does not grow with
//! the rows, and the same parts give the same bytes. Pages are not looked into, so damage within
//! one comes along: hold parts against their digests first. What does grow is the footer: some
//! seventy bytes for each column of each group.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;

use crate::error::TableError;
use crate::read::Table;
use crate::schema::Schema;
use crate::write::{parquet_type, properties};

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
    let properties = Arc::new(properties(schema, metadata));
    let file = SerializedFileWriter::new(out, parquet_type(schema), properties);
    let mut file = file.map_err(TableError::writing)?;
    let mut n_rows = 0;
    for (part, source) in (1..).zip(parts) {
        let copied = source.map_err(TableError::Read);
        let copied = copied.and_then(|source| append(&mut file, schema, source));
        n_rows += copied.map_err(|cause| match cause {
            TableError::Write(_) => cause,
            cause => TableError::Part { part, cause: Box::new(cause) },
        })?;
    }
    file.close().map_err(TableError::writing)?;
    Ok(n_rows)
}

/// Copies the groups of a part.
fn append<W: Write + Send, R: ChunkReader + 'static>(
    file: &mut SerializedFileWriter<W>,
    schema: &Schema,
    source: R,
) -> Result<u64, TableError> {
    let table = Table::open(source)?;
    table.check_schema(schema)?;
    for group in table.stored().row_groups().iter().filter(|group| group.num_rows() > 0) {
        let mut copied = file.next_row_group().map_err(TableError::writing)?;
        for chunk in group.columns() {
            let (bytes, chunk) = taken(table.source(), chunk).map_err(TableError::reading)?;
            let close = ColumnCloseResult {
                bytes_written: bytes.len() as u64,
                rows_written: group.num_rows().unsigned_abs(),
                metadata: chunk,
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            copied.append_column(&bytes, close).map_err(TableError::writing)?;
        }
        copied.close().map_err(TableError::writing)?;
    }
    Ok(table.n_rows())
}

/// The bytes of a column of a group, and its description with places in them.
fn taken(
    source: &impl ChunkReader,
    chunk: &ColumnChunkMetaData,
) -> Result<(Bytes, ColumnChunkMetaData), ParquetError> {
    let (start, n_bytes) = chunk.byte_range();
    let bytes = source.get_bytes(start, usize::try_from(n_bytes)?)?;
    let start = i64::try_from(start)?;
    let moved = chunk.clone().into_builder();
    let moved = moved
        .set_data_page_offset(chunk.data_page_offset() - start)
        .set_dictionary_page_offset(chunk.dictionary_page_offset().map(|at| at - start));
    Ok((bytes, moved.build()?))
}

#[cfg(test)]
mod tests;
