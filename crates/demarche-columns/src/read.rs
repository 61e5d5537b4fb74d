//! Reading a table back: what its file says of itself is held against what it is.
//!
//! The library trusts some numbers of a file, and would panic on wrong ones. So places and sizes
//! are checked before it meets them, and no more values are taken than the rows that were named. A
//! part that lies about its size can still ask for memory that it does not need: a file from afar
//! is held against its digest first.

use std::sync::Arc;

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

use crate::dictionary::COLUMNS_KEY;
use crate::error::TableError;
use crate::pages::CheckedPages;
use crate::rows::{Cells, Rows, Values, Words};
use crate::schema::{Column, Kind, Schema};
use crate::write::{MOST_ROWS, parquet_type};

/// The bytes that a Parquet file begins and ends with.
const MAGIC: &[u8] = b"PAR1";

/// The bytes after the footer: its length and the magic.
const TAIL: u64 = 8;

/// A Parquet file of a known schema, opened for reading.
pub struct Table<R> {
    source: Arc<R>,
    stored: ParquetMetaData,
    schema: Arc<Schema>,
    metadata: Vec<(String, String)>,
    n_rows: u64,
}

impl<R> std::fmt::Debug for Table<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Table");
        shown.field("schema", &self.schema).field("n_rows", &self.n_rows).finish_non_exhaustive()
    }
}

impl Table<Bytes> {
    /// Opens a table that lies in memory.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self, TableError> {
        Self::open(Bytes::from(bytes))
    }
}

impl<R: ChunkReader + 'static> Table<R> {
    /// Opens a table, and reads what it says of itself.
    ///
    /// # Errors
    /// When it is no Parquet file, was cut short, or is damaged; when it does not say what its
    /// columns are, or they are others.
    pub fn open(source: R) -> Result<Self, TableError> {
        Self::open_with(source, None)
    }

    /// Opens a table of which it is known what its columns should be.
    ///
    /// # Errors
    /// As [`Table::open`], and when it is another table: the first difference.
    pub fn open_as(source: R, schema: &Arc<Schema>) -> Result<Self, TableError> {
        let table = Self::open_with(source, Some(schema))?;
        schema.difference(&table.schema).map_or(Ok(table), |it| Err(TableError::OtherSchema(it)))
    }

    fn open_with(source: R, expected: Option<&Arc<Schema>>) -> Result<Self, TableError> {
        let n_bytes = source.len();
        check_magic(&source, n_bytes)?;
        let stored = ParquetMetaDataReader::new().parse_and_finish(&source);
        let stored = stored.map_err(TableError::reading)?;
        let (schema, metadata) = described(&stored, expected)?;
        let file = stored.file_metadata();
        if file.schema() != parquet_type(&schema).as_ref() {
            return Err(TableError::Dictionary("the file has other columns".to_owned()));
        }
        let end = n_bytes - TAIL;
        let mut n_rows = 0;
        for group in stored.row_groups() {
            let n_columns = schema.columns().len();
            n_rows += check_group(group, n_columns, end).map_err(TableError::Damaged)?;
        }
        if u64::try_from(file.num_rows()) != Ok(n_rows) {
            let said = file.num_rows();
            return Err(TableError::Damaged(format!("{said} rows are named, {n_rows} are there")));
        }
        Ok(Self { source: Arc::new(source), stored, schema, metadata, n_rows })
    }

    /// What its columns are.
    #[must_use]
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The pairs of its metadata, in order, but for the dictionary of columns.
    #[must_use]
    pub fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }

    /// How many rows it has.
    #[must_use]
    pub const fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// How many groups its rows are in.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.stored.num_row_groups()
    }

    /// Reads a group of rows.
    ///
    /// # Errors
    /// When it cannot be read, or a cell holds what its column does not allow.
    ///
    /// # Panics
    /// When there is no such group. They count from 0.
    pub fn read_group(&self, group: usize) -> Result<Rows, TableError> {
        self.group(group).read(&self.schema)
    }

    /// A group of rows by itself.
    fn group(&self, at: usize) -> Group<R> {
        Group { source: Arc::clone(&self.source), stored: self.stored.row_group(at).clone(), at }
    }

    /// Its groups of rows, without what else the file says.
    pub(crate) fn into_groups(self) -> impl Iterator<Item = Group<R>> {
        (0..self.n_groups()).map(move |at| self.group(at))
    }

    /// All groups of rows in order, each read when it is asked for.
    pub fn groups(&self) -> impl Iterator<Item = Result<Rows, TableError>> {
        (0..self.n_groups()).map(|group| self.read_group(group))
    }

    /// What its file says of groups and columns.
    #[cfg(test)]
    pub(crate) const fn stored(&self) -> &ParquetMetaData {
        &self.stored
    }
}

/// A group of rows by itself: no more than it takes to read it.
pub(crate) struct Group<R> {
    source: Arc<R>,
    stored: RowGroupMetaData,
    at: usize,
}

impl<R: ChunkReader + 'static> Group<R> {
    /// How many rows it has.
    pub(crate) fn n_rows(&self) -> usize {
        usize::try_from(self.stored.num_rows()).expect("checked when opened")
    }

    /// All its rows. The schema is that of its table.
    pub(crate) fn read(&self, schema: &Arc<Schema>) -> Result<Rows, TableError> {
        let columns = (0..schema.columns().len()).map(|at| self.read_column(schema, at));
        Ok(Rows::of(schema, columns.collect::<Result<_, _>>()?, self.n_rows()))
    }

    /// One of its columns.
    pub(crate) fn read_column(&self, schema: &Schema, at: usize) -> Result<Cells, TableError> {
        let (column, chunk, n_rows) =
            (&schema.columns()[at], self.stored.column(at), self.n_rows());
        let pages = SerializedPageReader::new(Arc::clone(&self.source), chunk, n_rows, None);
        let cells = pages.and_then(|pages| {
            let pages = CheckedPages::new(pages, column, n_rows);
            let reader = get_column_reader(chunk.column_descr_ptr(), Box::new(pages));
            read_cells(reader, column, n_rows)
        });
        cells.map_err(TableError::reading)?.map_err(|fault| {
            let (group, key) = (self.at + 1, &column.key);
            TableError::Damaged(format!("group {group}, column `{key}`: {fault}"))
        })
    }
}

fn check_magic(source: &impl ChunkReader, n_bytes: u64) -> Result<(), TableError> {
    let magic = MAGIC.len();
    let reads = |at| source.get_bytes(at, magic).map_err(TableError::reading);
    if n_bytes < MAGIC.len() as u64 || reads(0)? != MAGIC {
        return Err(TableError::NoParquet);
    }
    if n_bytes < MAGIC.len() as u64 + TAIL || reads(n_bytes - MAGIC.len() as u64)? != MAGIC {
        return Err(TableError::CutShort);
    }
    Ok(())
}

/// What a file says of its columns, and the other pairs of its metadata. Where it says word for
/// word what is expected, it is not read again: a dictionary is longer than some tables.
fn described(
    stored: &ParquetMetaData,
    expected: Option<&Arc<Schema>>,
) -> Result<(Arc<Schema>, Vec<(String, String)>), TableError> {
    let pairs = stored.file_metadata().key_value_metadata();
    let pairs = pairs.into_iter().flatten();
    let mut pairs: Vec<(String, String)> =
        pairs.map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default())).collect();
    let at = pairs.iter().position(|(key, _)| key == COLUMNS_KEY);
    let (_, dictionary) = pairs.remove(at.ok_or(TableError::NoDictionary)?);
    let schema = match expected.filter(|schema| schema.dictionary() == dictionary) {
        Some(schema) => Arc::clone(schema),
        None => Arc::new(Schema::from_json(&dictionary).map_err(TableError::Dictionary)?),
    };
    Ok((schema, pairs))
}

/// Whether a group is one that can be read without believing it; its number of rows.
fn check_group(group: &RowGroupMetaData, n_columns: usize, end: u64) -> Result<u64, String> {
    let n_rows = usize::try_from(group.num_rows()).ok().filter(|n_rows| *n_rows <= MOST_ROWS);
    let n_rows = n_rows.ok_or(format!("a group of {} rows", group.num_rows()))?;
    if group.num_columns() != n_columns {
        return Err(format!("a group of {} columns, not {n_columns}", group.num_columns()));
    }
    for chunk in group.columns() {
        if chunk.num_values() != group.num_rows() {
            return Err("a column is not as long as its group".to_owned());
        }
        let first = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
        let place = u64::try_from(first).ok().zip(u64::try_from(chunk.compressed_size()).ok());
        let is_inside = |(start, n_bytes): (u64, u64)| {
            start >= MAGIC.len() as u64 && start.checked_add(n_bytes).is_some_and(|at| at <= end)
        };
        if !place.is_some_and(is_inside) {
            return Err("a column lies outside of its file".to_owned());
        }
    }
    Ok(n_rows as u64)
}

/// Reads a column of a group: its cells, or why they cannot stand there.
fn read_cells(
    reader: ColumnReader,
    column: &Column,
    n_rows: usize,
) -> Result<Result<Cells, String>, ParquetError> {
    match (reader, column.kind) {
        (ColumnReader::Int64ColumnReader(reader), Kind::Whole) => {
            read_values(reader, column, n_rows, |values| Ok(Values::Whole(values)))
        }
        (ColumnReader::DoubleColumnReader(reader), Kind::Number) => {
            read_values(reader, column, n_rows, |values| Ok(Values::Number(values)))
        }
        (ColumnReader::BoolColumnReader(reader), Kind::Flag) => {
            read_values(reader, column, n_rows, |values| Ok(Values::Flag(values)))
        }
        (ColumnReader::ByteArrayColumnReader(reader), Kind::Word) => {
            read_values(reader, column, n_rows, words)
        }
        _ => Ok(Err("its values are of another kind".to_owned())),
    }
}

fn words(values: Vec<ByteArray>) -> Result<Values, String> {
    let mut words = Words::default();
    for value in values {
        words.push(std::str::from_utf8(value.data()).map_err(|_| "a word is not UTF-8")?);
    }
    Ok(Values::Word(words))
}

fn read_values<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    column: &Column,
    n_rows: usize,
    values_of: impl FnOnce(Vec<T::T>) -> Result<Values, String>,
) -> Result<Result<Cells, String>, ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let mut n_read = 0;
    // One row more is asked for, so that a column that goes on is seen.
    while n_read <= n_rows {
        let (n, _, _) =
            reader.read_records(n_rows + 1 - n_read, Some(&mut levels), None, &mut values)?;
        if n == 0 {
            break;
        }
        n_read += n;
    }
    if n_read != n_rows {
        return Ok(Err(format!("{n_rows} rows are named, others are there")));
    }
    let levels = column.may_be_empty.then_some(levels);
    Ok(values_of(values).and_then(|values| Cells::of(column, n_rows, levels, values)))
}

#[cfg(test)]
mod tests;
