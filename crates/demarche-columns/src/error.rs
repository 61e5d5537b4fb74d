//! What can go wrong with a table: it cannot be written, or is not what it should be.

use std::io;

use parquet::errors::ParquetError;

/// Why a table could not be written, read or joined.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The writer failed.
    #[error("the table cannot be written: {0}")]
    Write(#[source] io::Error),
    /// The reader failed.
    #[error("the table cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file does not begin as Parquet does.
    #[error("this is no table: a Parquet file begins with `PAR1`")]
    NoParquet,
    /// The file begins as Parquet does and does not end so.
    #[error("the table ends without its last part: the file was cut short, or added to")]
    CutShort,
    /// The file breaks the rules of Parquet, or holds what no table of ours does.
    #[error("the table is damaged: {0}")]
    Damaged(String),
    /// The file says nothing about its columns.
    #[error("the file does not say what its columns are: it is no table of demarche")]
    NoDictionary,
    /// The file says about its columns what cannot be.
    #[error("the table does not say rightly what its columns are: {0}")]
    Dictionary(String),
    /// The file is another table than was asked for.
    #[error("this is another table: {0}")]
    OtherSchema(String),
    /// A part of a table could not be joined.
    #[error("part {part}: {cause}")]
    Part {
        /// Which, from 1, in the order given.
        part: usize,
        /// What is wrong.
        cause: Box<TableError>,
    },
}

impl TableError {
    /// What a fault found while reading is. An end that comes too early is damage.
    pub(crate) fn reading(cause: ParquetError) -> Self {
        match io_error(cause) {
            Ok(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => Self::Read(cause),
            Ok(cause) => Self::Damaged(cause.to_string()),
            Err(ParquetError::EOF(_)) => Self::Damaged("something ends too early".to_owned()),
            Err(cause) => Self::Damaged(cause.to_string()),
        }
    }

    /// What a fault found while writing is.
    pub(crate) fn writing(cause: ParquetError) -> Self {
        Self::Write(io_error(cause).unwrap_or_else(io::Error::other))
    }
}

/// The fault of a reader or writer in what the library says.
fn io_error(cause: ParquetError) -> Result<io::Error, ParquetError> {
    match cause {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => Ok(*cause),
            Err(cause) => Err(ParquetError::External(cause)),
        },
        cause => Err(cause),
    }
}
