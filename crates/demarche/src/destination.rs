//! Destinations: where a record goes, claimed before there is anything to write.
//!
//! A file is written whole or not at all: aside first, then renamed. Hours may pass between the
//! claim and the writing, and somebody else may write the file meanwhile; then theirs is kept, and
//! ours goes beside it. The standard output, a pipe and a terminal are written as they are.

use std::fs::Metadata;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tracing::info;

use crate::exit::Failure;
use crate::{interrupt, output};

/// What stands for the standard output where a file is asked for.
const STDOUT: [&str; 2] = ["-", "/dev/stdout"];

/// Where a record goes.
#[derive(Clone, Debug)]
pub(crate) enum Destination {
    /// The standard output.
    Stdout,
    /// A pipe or a terminal.
    Stream(PathBuf),
    /// A file, and the state it was in when it was claimed, if it was there.
    File(PathBuf, Option<State>),
}

/// The state of a file, as far as it tells whether somebody has written it since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    changed: Option<SystemTime>,
    length: u64,
}

impl State {
    fn of(known: &Metadata) -> Self {
        Self { changed: known.modified().ok(), length: known.len() }
    }
}

impl Destination {
    /// Checks that something can be written there, before there is anything to write.
    ///
    /// # Errors
    /// When it exists and is not to be overwritten, or cannot be written.
    pub(crate) fn claim(path: &Path, force: bool) -> Result<Self, Failure> {
        if STDOUT.iter().any(|name| path == Path::new(name)) {
            return Ok(Self::Stdout);
        }
        let refused = |why: String| Err(Failure::File(format!("{} {why}", path.display())));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return refused(format!("cannot be written: {} is no folder", folder.display()));
        }
        let state = match (std::fs::metadata(path), std::fs::read_link(path)) {
            (Ok(known), _) if is_stream(&known) => return Ok(Self::Stream(path.to_owned())),
            (Ok(known), _) if !known.is_file() => {
                return refused("is no ordinary file, and is left as it is".to_owned());
            }
            (Ok(_), _) if !force => {
                let hint = "give another name, or --force to overwrite it";
                return refused(format!("exists already; {hint}"));
            }
            (Ok(known), _) => Some(State::of(&known)),
            (Err(_), Ok(target)) => {
                let target = target.display();
                return refused(format!("is a link to {target}, which is not there; name a file"));
            }
            (Err(_), Err(_)) => None,
        };
        let aside = aside(&real(path));
        let tried = std::fs::File::create(&aside).and_then(|_| std::fs::remove_file(&aside));
        tried.map_err(|cause| unwritten(path, &cause))?;
        Ok(Self::File(path.to_owned(), state))
    }

    /// Writes the text, and returns the file that holds it now, if one does. Where the file that
    /// was claimed is not as it was, it is left so, and the text goes to one beside it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, text: &str) -> Result<Option<PathBuf>, Failure> {
        let (path, claimed) = match self {
            Self::Stdout => return output::data(text).map(|()| None),
            Self::Stream(path) => {
                info!(file = %path.display(), n_bytes = text.len(), "written to a stream");
                return write_stream(path, text).map(|()| None);
            }
            Self::File(path, claimed) => (path, *claimed),
        };
        let place = real(path);
        let written = write_file(&place, claimed, text).map_err(|cause| unwritten(path, &cause))?;
        info!(file = %written.display(), n_bytes = text.len(), "file written");
        if written == place {
            return Ok(Some(path.clone()));
        }
        output::talk(&format!(
            "warning: somebody else has written {} meanwhile, and it is left as it is",
            path.display()
        ));
        Ok(Some(written))
    }
}

fn unwritten(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::File(format!("{} cannot be written: {cause}", path.display()))
}

/// Where the name is a link, the file behind it is meant.
fn real(path: &Path) -> PathBuf {
    let behind = path.is_symlink().then(|| std::fs::canonicalize(path).ok());
    behind.flatten().unwrap_or_else(|| path.to_owned())
}

/// A name beside a file to write it under first; another process takes another.
fn aside(place: &Path) -> PathBuf {
    place.with_added_extension(format!("{}.part", std::process::id()))
}

/// Whether something is written as it comes, and cannot be replaced by a file.
fn is_stream(known: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = known.file_type();
        kind.is_fifo() || kind.is_char_device()
    }
    #[cfg(not(unix))]
    {
        let _ = known;
        false
    }
}

/// Writes to a pipe or a terminal. A reader who has seen enough may close it.
fn write_stream(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new().write(true).open(path);
    match opened.and_then(|mut stream| stream.write_all(text.as_bytes())) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(unwritten(path, &cause)),
        _ => Ok(()),
    }
}

/// Writes a file whole, and returns which: the place itself, or one beside it.
fn write_file(place: &Path, claimed: Option<State>, text: &str) -> std::io::Result<PathBuf> {
    let _whole = interrupt::writing();
    let aside = aside(place);
    let written = write_aside(&aside, text, place)
        .and_then(|()| reserve(place, claimed))
        .and_then(|place| std::fs::rename(&aside, &place).map(|()| place));
    if written.is_err() {
        // The half-written file is of no use; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&aside);
    }
    written
}

/// Writes the text aside, with the permissions of what it will replace.
fn write_aside(aside: &Path, text: &str, place: &Path) -> std::io::Result<()> {
    let mut file = std::fs::File::create(aside)?;
    if let Ok(known) = std::fs::metadata(place) {
        file.set_permissions(known.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The place if it is as it was claimed, else the first name like it that nobody has taken.
fn reserve(place: &Path, claimed: Option<State>) -> std::io::Result<PathBuf> {
    let now = std::fs::metadata(place).ok().map(|known| State::of(&known));
    if now.is_some() && now == claimed {
        return Ok(place.to_owned());
    }
    let others = (2..=MOST_BESIDE).map(|nth| beside(place, nth));
    for name in std::iter::once(place.to_owned()).chain(others) {
        match std::fs::File::create_new(&name) {
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
            created => return created.map(|_| name),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// How many files of like names are looked at for a free one.
const MOST_BESIDE: u32 = 1000;

/// `run-2.jsonl` for `run.jsonl`.
fn beside(place: &Path, nth: u32) -> PathBuf {
    let mut name = place.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{nth}"));
    let beside = place.with_file_name(name);
    match place.extension() {
        Some(ending) => beside.with_added_extension(ending),
        None => beside,
    }
}
