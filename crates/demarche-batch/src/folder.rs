//! The folder of a batch: the plan, the ranges that are done, and the results.
//!
//! A file is written aside, synced and renamed, so that it is there whole or not at all, whatever
//! is killed when. The name of a range carries the digest of its bytes: a file proves itself, two
//! attempts at the same range end at the same name, and if they ever came to different bytes there
//! would be two names, which is told aloud.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use demarche_columns::{Schema, Table};
use demarche_record::chronicle::{digest, digest_of};
use serde_json::Value;

use crate::error::BatchError;

/// The file that says what the folder is.
pub const MANIFEST: &str = "manifest.json";
/// The scenario, merged, as it is played.
pub const SCENARIO: &str = "scenario.toml";
/// The record of what has happened before the runs part, if they do.
pub const PAST: &str = "past.jsonl";
/// One row a run.
pub const RUNS: &str = "runs.parquet";
/// One row a turn of those runs that were followed.
pub const TURNS: &str = "turns.parquet";
/// Everything in numbers.
pub const SUMMARY: &str = "summary.json";
/// One row a run, for those who have nothing else.
pub const RUNS_CSV: &str = "runs.csv";
/// The folder of ranges that are done.
const RANGES: &str = "ranges";
/// How its name begins once it is to be removed; the number of the process follows, so that two
/// keep out of each other's way.
const GONE: &str = "ranges.gone.";
/// How files end that are being written.
const PART: &str = ".part";
/// The file that is locked while somebody works in the folder.
const LOCK: &str = "lock";
/// How much of a digest stands in a name: 128 bits.
const SHORT: usize = 32;

/// The folder of a batch.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A range that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its runs.
    pub runs: Range<u64>,
    /// The table of its runs.
    pub table: PathBuf,
    /// The digest that its bytes come to. [hexadecimal]
    pub digest: String,
}

/// Numbers for files that are being written, so that threads keep out of each other's way.
static ASIDE: AtomicU64 = AtomicU64::new(0);

impl Folder {
    /// The folder at this path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of one of its files.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether nothing is there, or a folder with nothing in it but what a batch leaves that was
    /// killed before it had begun, or shares whose joining was killed before it was done.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn is_vacant(&self) -> Result<bool, BatchError> {
        let Some(names) = names(&self.path)? else { return Ok(true) };
        let ours = [RANGES, SCENARIO, PAST, RUNS, TURNS, SUMMARY, RUNS_CSV];
        if !names.iter().all(|name| ours.contains(&name.as_str()) || name.starts_with(GONE)) {
            return Ok(false);
        }
        let ranges = self.path.join(RANGES);
        let left = if ranges.is_dir() { names_in(&ranges)? } else { Vec::new() };
        Ok(names.is_empty()
            || (ranges.is_dir() && left.iter().all(|name| name.ends_with(PART) || name == LOCK)))
    }

    /// Whether a batch was begun in it.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.file(MANIFEST).is_file()
    }

    /// Makes the folder, with a place for ranges.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(&self) -> Result<(), BatchError> {
        let ranges = self.path.join(RANGES);
        fs::create_dir_all(&ranges).map_err(|cause| unwritten(&ranges, cause))
    }

    /// Keeps others out while a batch is begun, worked on and joined: whoever holds what this
    /// returns works alone, and the system lets go of it whatever becomes of the process. Those who
    /// make shares keep each other company. Where there is no folder yet, it is made.
    ///
    /// # Errors
    /// When somebody else works there, or it cannot be made.
    pub fn lock(&self, is_share: bool) -> Result<File, BatchError> {
        let path = self.path.join(RANGES).join(LOCK);
        let file = loop {
            self.make()?;
            match File::create(&path) {
                // Somebody else has just finished, and removed the place for ranges.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                made => break made.map_err(|cause| unwritten(&path, cause))?,
            }
        };
        match if is_share { file.try_lock_shared() } else { file.try_lock() } {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(BatchError::Busy { path: self.path.clone() }),
            // Where files cannot be locked, ranges still prove themselves.
            Err(fs::TryLockError::Error(_)) => Ok(file),
        }
    }

    /// Writes a file whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written; then what was there before is as it was, or it is there and the
    /// folder could not be synced.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), BatchError> {
        self.write_by(name, |out| out.write_all(bytes))
    }

    /// The same, of what is written piece by piece.
    ///
    /// # Errors
    /// As before.
    pub fn write_by(
        &self,
        name: &str,
        write: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), BatchError> {
        let place = self.path.join(name);
        let (file, aside) = self.aside().map_err(|cause| unwritten(&place, cause))?;
        let whole = || {
            let mut out = io::BufWriter::new(file);
            write(&mut out)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&aside, &place)?;
            sync_folder(place.parent().unwrap_or(&self.path))
        };
        whole().map_err(|cause| {
            // What could not be finished is of no use to anybody.
            let _ = fs::remove_file(&aside);
            unwritten(&place, cause)
        })
    }

    /// A new file to be written. It is among the ranges, which go once the batch is whole, and what
    /// was left with them. Somebody on another machine may have the number of this process.
    fn aside(&self) -> io::Result<(File, PathBuf)> {
        loop {
            let number = ASIDE.fetch_add(1, Ordering::Relaxed);
            let path = self.path.join(format!("{RANGES}/{}-{number}{PART}", std::process::id()));
            match File::create_new(&path) {
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|file| (file, path)),
            }
        }
    }

    /// Keeps the table of a range.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, runs: &Range<u64>, bytes: &[u8]) -> Result<Done, BatchError> {
        let digest = digest(bytes);
        let name = name_of(runs, &digest, "runs");
        self.write(&name, bytes)?;
        Ok(Done { runs: runs.clone(), table: self.path.join(&name), digest })
    }

    /// Keeps the table of the turns of a range. Returns the name of its file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_turns(&self, runs: &Range<u64>, bytes: &[u8]) -> Result<String, BatchError> {
        let name = name_of(runs, &digest(bytes), "turns");
        self.write(&name, bytes)?;
        Ok(name)
    }

    /// The ranges that are done, by their first run. What is half-written is passed over.
    ///
    /// # Errors
    /// When the folder cannot be read, or a range came to two results.
    pub fn done(&self) -> Result<BTreeMap<u64, Done>, BatchError> {
        let folder = self.path.join(RANGES);
        let mut done: BTreeMap<u64, Done> = BTreeMap::new();
        for name in names_in(&folder)? {
            let path = folder.join(name);
            let Some((runs, digest)) = parsed(&path, "runs") else { continue };
            let found = Done { runs, table: path, digest };
            let Some(known) = done.get(&found.runs.start) else {
                done.insert(found.runs.start, found);
                continue;
            };
            // What is damaged does not disagree with anything.
            match (holds(&known.table)?, holds(&found.table)?) {
                (true, true) => {
                    let (one, other) = (known.table.clone(), found.table);
                    return Err(BatchError::Disagreement { range: found.runs, one, other });
                }
                (false, _) => _ = done.insert(found.runs.start, found),
                (true, false) => {}
            }
        }
        Ok(done)
    }

    /// Proves the table of a range: its name carries the digest of its bytes. Then opens it.
    ///
    /// # Errors
    /// When it cannot be read, its bytes are others, or it is another table.
    pub fn proven(&self, path: &Path, schema: &Arc<Schema>) -> Result<Table<File>, BatchError> {
        if holds(path)? { opened(path, schema) } else { Err(damaged(path)) }
    }

    /// Puts a damaged file away: under another name it is in nobody's way and can still be looked
    /// at, until ranges are cleared.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn put_away(&self, path: &Path) -> Result<(), BatchError> {
        let put = fs::rename(path, path.with_added_extension("damaged"));
        let what = "cannot be put away";
        put.map_err(|cause| BatchError::File { path: path.to_owned(), what, cause })
    }

    /// Removes one of its files, if it is there.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), BatchError> {
        gone(&self.file(name), |path| fs::remove_file(path))
    }

    /// Removes the ranges: what they held is in the results. They go at once, whatever somebody
    /// else makes in their place meanwhile.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn clear_ranges(&self) -> Result<(), BatchError> {
        let remove_all = || {
            let mut left = names_in(&self.path)?.into_iter().filter(|name| name.starts_with(GONE));
            left.try_for_each(|name| gone(&self.path.join(name), |path| fs::remove_dir_all(path)))
        };
        // Those, too, whose removal was killed: that process may have had the number of this one.
        remove_all()?;
        let place = self.path.join(format!("{GONE}{}", std::process::id()));
        gone(&self.path.join(RANGES), |path| fs::rename(path, &place))?;
        remove_all()
    }

    /// A file as text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, name: &str) -> Result<String, BatchError> {
        let path = self.file(name);
        fs::read_to_string(&path).map_err(|cause| unread(&path, cause))
    }

    /// A file as JSON.
    ///
    /// # Errors
    /// When it cannot be read, or is no JSON.
    pub fn json(&self, name: &str) -> Result<Value, BatchError> {
        let text = self.text(name)?;
        serde_json::from_str(&text).map_err(|cause| BatchError::NoBatch {
            path: self.file(name),
            why: format!("this is no JSON: {cause}"),
        })
    }

    /// A table of it, opened.
    ///
    /// # Errors
    /// When it cannot be read, or is not this table.
    pub fn table(&self, name: &str, schema: &Arc<Schema>) -> Result<Table<File>, BatchError> {
        opened(&self.file(name), schema)
    }

    /// The digest of one of its files. [hexadecimal]
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn digest_of(&self, name: &str) -> Result<String, BatchError> {
        digest_at(&self.file(name))
    }
}

fn opened(path: &Path, schema: &Arc<Schema>) -> Result<Table<File>, BatchError> {
    let file = File::open(path).map_err(|cause| unread(path, cause))?;
    let table = Table::open_as(file, schema);
    table.map_err(|cause| BatchError::Table { path: path.to_owned(), cause })
}

/// Whether a range holds the bytes to whose digest its name says that they come.
fn holds(path: &Path) -> Result<bool, BatchError> {
    let digest = digest_at(path)?;
    Ok(named(path).is_some_and(|expected| digest.starts_with(&expected)))
}

/// The digest in the name of a range.
fn named(path: &Path) -> Option<String> {
    ["runs", "turns"].iter().find_map(|of| parsed(path, of)).map(|(_, digest)| digest)
}

fn damaged(path: &Path) -> BatchError {
    BatchError::Damaged { path: path.to_owned() }
}

/// The bytes of a range, proven: they are those that its name says.
///
/// # Errors
/// When it cannot be read, or its bytes are others.
pub(crate) fn proven_bytes(path: &Path) -> Result<Vec<u8>, BatchError> {
    let bytes = fs::read(path).map_err(|cause| unread(path, cause))?;
    let is_so = named(path).is_some_and(|expected| digest(&bytes).starts_with(&expected));
    if is_so { Ok(bytes) } else { Err(damaged(path)) }
}

fn digest_at(path: &Path) -> Result<String, BatchError> {
    let file = File::open(path).and_then(digest_of);
    file.map_err(|cause| unread(path, cause))
}

/// Removes what is at a path, if it is there.
fn gone(path: &Path, remove: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), BatchError> {
    match remove(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(BatchError::File { path: path.to_owned(), what: "cannot be removed", cause })
        }
        _ => Ok(()),
    }
}

/// The names in a folder; nothing where there is no such folder.
fn names(folder: &Path) -> Result<Option<Vec<String>>, BatchError> {
    match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        entries => {
            let entries = entries.map_err(|cause| unread(folder, cause))?;
            let name = |entry: io::Result<fs::DirEntry>| {
                entry.map(|entry| entry.file_name().to_string_lossy().into_owned())
            };
            let names: io::Result<Vec<String>> = entries.map(name).collect();
            names.map(Some).map_err(|cause| unread(folder, cause))
        }
    }
}

fn names_in(folder: &Path) -> Result<Vec<String>, BatchError> {
    names(folder).map(Option::unwrap_or_default)
}

fn name_of(runs: &Range<u64>, digest: &str, of: &str) -> String {
    let Range { start, end } = runs;
    format!("{RANGES}/{start:012}-{end:012}.{}.{of}.parquet", &digest[..SHORT])
}

/// The runs and the short digest in the name of a range.
fn parsed(path: &Path, of: &str) -> Option<(Range<u64>, String)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".parquet")?.strip_suffix(of)?;
    let (runs, digest) = name.strip_suffix('.')?.split_once('.')?;
    let (start, end) = runs.split_once('-')?;
    let runs: Range<u64> = start.parse().ok()?..end.parse().ok()?;
    (digest.len() == SHORT && !runs.is_empty()).then(|| (runs, digest.to_owned()))
}

/// A name survives the machine only once its folder is synced, where folders can be.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

pub(crate) fn unread(path: &Path, cause: io::Error) -> BatchError {
    BatchError::File { path: path.to_owned(), what: "cannot be read", cause }
}

pub(crate) fn unwritten(path: &Path, cause: io::Error) -> BatchError {
    BatchError::File { path: path.to_owned(), what: "cannot be written", cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_proves_itself_by_its_name() {
        let place = std::env::temp_dir().join(format!("demarche-proof-{}", std::process::id()));
        let folder = Folder::at(&place);
        folder.make().unwrap();
        let done = folder.keep(&(0..64), b"rows").unwrap();
        assert_eq!(proven_bytes(&done.table).unwrap(), b"rows");
        assert_eq!(folder.done().unwrap().len(), 1);
        fs::write(&done.table, b"other rows").unwrap();
        let fault = proven_bytes(&done.table).unwrap_err();
        assert!(matches!(fault, BatchError::Damaged { .. }), "{fault}");
        fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn ranges_go_though_an_earlier_removal_was_killed() {
        let place = std::env::temp_dir().join(format!("demarche-gone-{}", std::process::id()));
        let folder = Folder::at(&place);
        let left = place.join(format!("{GONE}{}", std::process::id()));
        fs::create_dir_all(left.join("more")).unwrap();
        folder.make().unwrap();
        folder.clear_ranges().unwrap();
        assert_eq!(names_in(&place).unwrap(), Vec::<String>::new());
        fs::remove_dir_all(&place).unwrap();
    }
}
