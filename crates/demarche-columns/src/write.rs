//! Writing a Parquet file: one group of rows, described by its own metadata.
//!
//! Which columns get a dictionary of values depends on the rows alone, as everything in the file
//! does. Least, greatest and number of empty cells are noted for each column of a group, but not in
//! a part; a range of runs is a page or few, so pages have no statistics and no index of their own.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::dictionary::COLUMNS_KEY;
use crate::error::TableError;
use crate::rows::{Cells, Rows, Values};
use crate::schema::{Column, Kind, Schema};

/// The most rows of one group: a reader holds a group in memory, and believes no greater number.
pub const MOST_ROWS: usize = 1 << 20;

/// How a file is written.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    compression: Compression,
    /// What is noted of all values of a column.
    statistics: EnabledStatistics,
    /// The rows that are looked at to see whether the values of a column repeat.
    pub(crate) sample: usize,
}

/// A table as it is read by others.
pub(crate) const WHOLE: Manner =
    Manner { compression: Compression::SNAPPY, statistics: EnabledStatistics::Chunk, sample: 512 };

/// A part, which is read once, to be put together with others. Numbers that were drawn cannot be
/// compressed by much, and a few of them show that they do not repeat.
const PART: Manner = Manner {
    compression: Compression::UNCOMPRESSED,
    statistics: EnabledStatistics::None,
    sample: 32,
};

/// Who wrote a file, in the form that readers of Parquet expect.
const CREATED_BY: &str = concat!("demarche version ", env!("CARGO_PKG_VERSION"));

/// Writes rows as a Parquet file of one group, or of none where there are no rows. The pairs of the
/// metadata stand in the file in their order, after the dictionary of columns.
///
/// # Errors
/// When the writer fails.
///
/// # Panics
/// When there are more than [`MOST_ROWS`] rows, or two pairs of metadata share a key, or one has
/// that of the dictionary.
pub fn write_parquet<W: Write + Send>(
    out: W,
    rows: &Rows,
    metadata: &[(String, String)],
) -> Result<(), TableError> {
    write(out, rows, metadata, WHOLE).map_err(TableError::writing)
}

/// The same for a file that will be [joined](crate::join) with others: without compression, and
/// without least and greatest values.
///
/// # Errors
/// As before.
///
/// # Panics
/// As before.
pub fn write_part<W: Write + Send>(
    out: W,
    rows: &Rows,
    metadata: &[(String, String)],
) -> Result<(), TableError> {
    write(out, rows, metadata, PART).map_err(TableError::writing)
}

fn write<W: Write + Send>(
    out: W,
    rows: &Rows,
    metadata: &[(String, String)],
    manner: Manner,
) -> Result<(), ParquetError> {
    assert!(rows.n_rows() <= MOST_ROWS, "{} rows in a group", rows.n_rows());
    let schema = rows.schema();
    let properties = Arc::new(properties(schema, metadata, Some(rows), manner));
    let mut file = SerializedFileWriter::new(out, parquet_type(schema), properties)?;
    if rows.n_rows() > 0 {
        let mut group = file.next_row_group()?;
        for cells in &rows.columns {
            let mut column = group.next_column()?.expect("a writer for each column");
            write_cells(&mut column, cells)?;
            column.close()?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(())
}

/// How files are written. Which columns get a dictionary depends on the first rows.
pub(crate) fn properties(
    schema: &Schema,
    metadata: &[(String, String)],
    first: Option<&Rows>,
    manner: Manner,
) -> WriterProperties {
    let mut pairs = vec![KeyValue::new(COLUMNS_KEY.to_owned(), schema.dictionary().to_owned())];
    for (key, value) in metadata {
        assert!(pairs.iter().all(|pair| pair.key != *key), "two pairs of metadata for `{key}`");
        pairs.push(KeyValue::new(key.clone(), value.clone()));
    }
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(manner.compression)
        .set_dictionary_enabled(false)
        .set_dictionary_page_size_limit(usize::MAX) // Whether one pays is decided before.
        .set_statistics_enabled(manner.statistics)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(Some(MOST_ROWS))
        .set_key_value_metadata(Some(pairs));
    for (column, cells) in schema.columns().iter().zip(first.iter().flat_map(|rows| &rows.columns))
    {
        let path = ColumnPath::new(vec![column.key.clone()]);
        let pays = repeats(&cells.values, manner.sample);
        properties = properties.set_column_dictionary_enabled(path, pays);
    }
    properties.build()
}

/// The columns of a schema in the words of Parquet.
pub(crate) fn parquet_type(schema: &Schema) -> TypePtr {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Whole => (Physical::INT64, None),
            Kind::Number => (Physical::DOUBLE, None),
            Kind::Flag => (Physical::BOOLEAN, None),
            Kind::Word => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let repetition =
            if column.may_be_empty { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let field = Type::primitive_type_builder(&column.key, physical);
        let field = field.with_repetition(repetition).with_logical_type(logical).build();
        Arc::new(field.expect("each kind is a type of Parquet"))
    };
    let fields = schema.columns().iter().map(field).collect();
    let table = Type::group_type_builder(schema.name()).with_fields(fields).build();
    Arc::new(table.expect("columns make a table"))
}

/// Whether a dictionary of the values pays: those of the first rows, so many, are half as many as
/// the rows, or fewer. Words always have one, for a word that comes twice is longer than its
/// number.
fn repeats(values: &Values, sample: usize) -> bool {
    let few = |all: &mut dyn Iterator<Item = u64>| {
        let mut values: Vec<u64> = all.take(sample).collect();
        let n_rows = values.len();
        values.sort_unstable();
        values.dedup();
        2 * values.len() <= n_rows
    };
    match values {
        Values::Word(_) => true,
        Values::Flag(_) => false, // They are bits already.
        Values::Number(values) => few(&mut values.iter().map(|value| value.to_bits())),
        Values::Whole(values) => few(&mut values.iter().map(|value| value.cast_unsigned())),
    }
}

/// Writes a column of a group.
pub(crate) fn write_cells(
    column: &mut SerializedColumnWriter<'_>,
    cells: &Cells,
) -> Result<(), ParquetError> {
    let levels = cells.levels.as_deref();
    match &cells.values {
        Values::Whole(values) => write_values::<Int64Type>(column, values, levels),
        Values::Number(values) => write_values::<DoubleType>(column, values, levels),
        Values::Flag(values) => write_values::<BoolType>(column, values, levels),
        Values::Word(words) => {
            let text = Bytes::copy_from_slice(words.text.as_bytes());
            let places = (0..words.ends.len()).map(|at| words.place(at));
            let words: Vec<ByteArray> =
                places.map(|place| ByteArray::from(text.slice(place))).collect();
            write_values::<ByteArrayType>(column, &words, levels)
        }
    }
}

/// Writes the values of cells that are not empty, and which those are.
fn write_values<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let writer = column.typed::<T>();
    match levels {
        Some(levels) if levels.contains(&0) => {
            let pairs = values.iter().zip(levels).filter(|(_, level)| **level == 1);
            let filled: Vec<T::T> = pairs.map(|(value, _)| value.clone()).collect();
            writer.write_batch(&filled, Some(levels), None)?;
        }
        _ => {
            writer.write_batch(values, levels, None)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rows;

    #[test]
    fn values_that_repeat_get_a_dictionary() {
        let alternating = (0..100).map(|at| at % 2).collect();
        assert!(repeats(&Values::Whole(alternating), 512));
        assert!(!repeats(&Values::Whole((0..100).collect()), 512));
        assert!(repeats(&Values::Number(vec![0.5; 2]), 512));
        assert!(!repeats(&Values::Flag(vec![true; 100]), 512));
        let late = (0..100).map(|at: i64| at.min(8)).collect();
        assert!(repeats(&Values::Whole(late), 100));
        assert!(!repeats(&Values::Whole((0..100).map(|at| at.min(8)).collect()), 10));
    }

    #[test]
    fn a_writer_that_fails_is_told() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let fault = write_parquet(Full, &rows(), &[]).unwrap_err();
        let TableError::Write(cause) = fault else { panic!("{fault}") };
        assert_eq!(cause.kind(), std::io::ErrorKind::StorageFull);
    }
}
