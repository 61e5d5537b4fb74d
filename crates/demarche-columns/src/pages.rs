//! Pages of a column, held against what this crate writes before they are decoded.
//!
//! The library's decoders take it for granted that a dictionary stands before those who use it,
//! that its words are as long as they say, and that runs of numbers are no longer than can be. A
//! damaged file can say otherwise, and they would panic.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

use crate::schema::{Column, Kind};

/// The bytes that tell how long the definition levels of a page are.
const N_BYTES_OF_LENGTH: usize = 4;

/// The most bits of the number of an entry of a dictionary.
const MOST_BITS: u8 = 32;

/// The most bytes of the count of a run: enough for [`MOST_ROWS`](crate::MOST_ROWS).
const MOST_BYTES_OF_COUNT: usize = 4;

/// Pages of a column, each checked.
pub(crate) struct CheckedPages<R: ChunkReader> {
    pages: SerializedPageReader<R>,
    kind: Kind,
    may_be_empty: bool,
    has_dictionary: bool,
    /// How many rows the pages to come may have.
    n_left: usize,
}

impl<R: ChunkReader> CheckedPages<R> {
    /// The pages of a column of so many rows.
    pub(crate) const fn new(
        pages: SerializedPageReader<R>,
        column: &Column,
        n_rows: usize,
    ) -> Self {
        let Column { kind, may_be_empty, .. } = *column;
        Self { pages, kind, may_be_empty, has_dictionary: false, n_left: n_rows }
    }

    /// What is wrong with a page, if something is.
    fn check(&mut self, page: &Page) -> std::result::Result<(), &'static str> {
        let (buffer, encoding, n_rows) = match page {
            Page::DictionaryPage { .. } if self.has_dictionary => return Err("two dictionaries"),
            Page::DictionaryPage { buf, num_values, .. } => {
                self.has_dictionary = true;
                let n_entries = entries(self.kind, buf).filter(|n| *n <= self.n_left);
                let is_whole =
                    n_entries.is_some() && n_entries == usize::try_from(*num_values).ok();
                return if is_whole { Ok(()) } else { Err("a dictionary of other entries") };
            }
            Page::DataPage { buf, num_values, encoding, .. } => (buf, *encoding, *num_values),
            Page::DataPageV2 { .. } => return Err("a page of another version"),
        };
        let n_rows = usize::try_from(n_rows).ok();
        let n_left = n_rows.and_then(|n_rows| self.n_left.checked_sub(n_rows));
        self.n_left = n_left.ok_or("more rows than are named")?;
        let mut values: &[u8] = buffer;
        if self.may_be_empty {
            let (n_bytes, rest) = values.split_first_chunk().ok_or("a page ends too early")?;
            let n_bytes: &[u8; N_BYTES_OF_LENGTH] = n_bytes;
            let n_bytes = usize::try_from(u32::from_le_bytes(*n_bytes)).ok();
            let parts = n_bytes.and_then(|n_bytes| rest.split_at_checked(n_bytes));
            let (levels, rest) = parts.ok_or("a page ends too early")?;
            are_runs(levels, 1).ok_or("runs of levels that cannot be")?;
            values = rest;
        }
        match encoding {
            Encoding::PLAIN if self.kind != Kind::Word => Ok(()),
            Encoding::RLE_DICTIONARY if !self.has_dictionary => Err("no dictionary"),
            Encoding::RLE_DICTIONARY => {
                let bits = values.split_first().filter(|(bits, _)| **bits <= MOST_BITS);
                let are_runs = bits.and_then(|(bits, runs)| are_runs(runs, *bits));
                are_runs.ok_or("runs of entries that cannot be")
            }
            _ => Err("an encoding that is not written here"),
        }
    }
}

/// How many entries a dictionary has, if whole ones fill it.
fn entries(kind: Kind, mut buffer: &[u8]) -> Option<usize> {
    let n_bytes = buffer.len();
    match kind {
        Kind::Whole | Kind::Number => {
            n_bytes.is_multiple_of(size_of::<u64>()).then_some(n_bytes / size_of::<u64>())
        }
        Kind::Flag => None,
        Kind::Word => {
            let mut n_entries = 0;
            while let Some((n_bytes, rest)) = buffer.split_first_chunk() {
                buffer = rest.get(usize::try_from(u32::from_le_bytes(*n_bytes)).ok()?..)?;
                n_entries += 1;
            }
            buffer.is_empty().then_some(n_entries)
        }
    }
}

/// Goes through runs of numbers of so many bits, if whole ones fill a buffer: each is a count, then
/// one number that is repeated, or eight times as many numbers as were counted.
fn are_runs(mut buffer: &[u8], bits: u8) -> Option<()> {
    while !buffer.is_empty() {
        let n_bytes = 1 + buffer.iter().position(|byte| *byte < 0x80)?;
        let (counted, rest) = buffer.split_at(n_bytes);
        if n_bytes > MOST_BYTES_OF_COUNT {
            return None;
        }
        let count = counted.iter().rev().fold(0, |n, byte| n << 7 | usize::from(byte & 0x7f));
        let n_bytes = if count & 1 == 1 {
            (count >> 1) * usize::from(bits)
        } else {
            usize::from(bits.div_ceil(8))
        };
        buffer = rest.get(n_bytes..)?;
    }
    Some(())
}

impl<R: ChunkReader> PageReader for CheckedPages<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        match page.as_ref().map_or(Ok(()), |page| self.check(page)) {
            Ok(()) => Ok(page),
            Err(fault) => Err(ParquetError::General(fault.to_owned())),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

impl<R: ChunkReader> Iterator for CheckedPages<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(buffer: &[u8], bits: u8, expected: bool) {
        assert_eq!(are_runs(buffer, bits).is_some(), expected, "{buffer:?}");
    }

    #[test]
    fn runs_fill_their_bytes() {
        check(&[], 1, true);
        check(&[8, 1], 1, true); // Four times one.
        check(&[3, 0xff], 1, true); // Eight bits as they are.
        check(&[3, 0xff, 8, 1], 1, true);
        check(&[5, 0xff], 1, false); // Sixteen, of which half are missing.
        check(&[8], 1, false);
        check(&[0x80], 1, false); // A count without an end.
        check(&[0xff, 0xff, 0xff, 0xff, 0x7f], 0, false); // More than any group has.
        check(&[8], 0, true); // A dictionary of one entry takes no bits.
    }

    #[test]
    fn entries_fill_their_dictionary() {
        assert_eq!(entries(Kind::Whole, &[0; 16]), Some(2));
        assert_eq!(entries(Kind::Number, &[0; 15]), None);
        assert_eq!(entries(Kind::Word, &[1, 0, 0, 0, b'a', 0, 0, 0, 0]), Some(2));
        assert_eq!(entries(Kind::Word, &[2, 0, 0, 0, b'a']), None);
        assert_eq!(entries(Kind::Word, &[0, 0, 0]), None);
        assert_eq!(entries(Kind::Word, &[0xff; 4]), None);
    }
}
