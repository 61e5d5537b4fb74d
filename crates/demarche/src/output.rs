//! Output: where text goes, how wide, and files written whole or not at all.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;

use tracing_subscriber::EnvFilter;

use crate::exit::Failure;
use crate::interrupt;

/// Writes data to stdout. A reader who has seen enough may close it.
///
/// # Errors
/// When stdout cannot be written for another reason.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::File(format!("stdout cannot be written: {cause}")))
        }
        _ => Ok(()),
    }
}

/// Talks on stderr. Where nobody listens any more, what was said is lost and nothing else.
pub(crate) fn talk(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The width to wrap prose at: that of the terminal up to a comfortable measure, or the measure.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(MEASURE).clamp(40, MEASURE)
}

/// A comfortable measure for prose. [columns]
const MEASURE: usize = 80;

/// Whether problems are shown in colour: on a terminal, unless `NO_COLOR` is set.
pub(crate) fn wants_color() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Writes a file whole: aside first, then renamed. An existing file is kept unless told otherwise.
///
/// # Errors
/// When the file exists, or cannot be written.
pub(crate) fn file(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let shown = path.display();
    check_free(path, force)?;
    let _whole = interrupt::writing();
    // Where the name is a link, the file behind it is meant.
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let known = std::fs::metadata(&place).ok();
    let aside = place.with_added_extension("part");
    write_aside(&aside, text, known.as_ref())
        .and_then(|()| std::fs::rename(&aside, &place))
        .map_err(|cause| {
            // The half-written file is of no use; that it cannot be removed changes nothing.
            let _ = std::fs::remove_file(&aside);
            Failure::File(format!("{shown} cannot be written: {cause}"))
        })
}

/// Checks that a file may be written, before there is anything to write.
///
/// # Errors
/// When it exists and is not to be overwritten, or is no ordinary file.
pub(crate) fn check_free(path: &Path, force: bool) -> Result<(), Failure> {
    let shown = path.display();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(Failure::File(format!("{shown} cannot be written: {folder} is no folder")));
    }
    let Ok(known) = std::fs::metadata(path) else { return Ok(()) };
    if !known.is_file() {
        return Err(Failure::File(format!("{shown} is no ordinary file, and is left as it is")));
    }
    if !force {
        let hint = "give another name, or --force to overwrite it";
        return Err(Failure::File(format!("{shown} exists already; {hint}")));
    }
    Ok(())
}

/// Writes the text beside its place, with the permissions of what it will replace.
fn write_aside(aside: &Path, text: &str, known: Option<&std::fs::Metadata>) -> std::io::Result<()> {
    let mut file = std::fs::File::create(aside)?;
    if let Some(known) = known {
        file.set_permissions(known.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Reads a text file of at most so many bytes.
///
/// # Errors
/// When it cannot be read, is larger, or is no text.
pub(crate) fn read(path: &Path, most: usize) -> Result<String, Failure> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path);
    read_from(&name, file.map_err(|cause| unread(&name, &cause))?, most)
}

fn unread(name: &str, cause: &dyn std::fmt::Display) -> Failure {
    Failure::File(format!("{name} cannot be read: {cause}"))
}

/// Reads a text of at most so many bytes to its end.
///
/// # Errors
/// When it cannot be read, is larger, or is no text.
pub(crate) fn read_from(name: &str, from: impl Read, most: usize) -> Result<String, Failure> {
    let no = |cause: &dyn std::fmt::Display| unread(name, cause);
    let mut bytes = Vec::new();
    // A byte more than the most tells a file that is too large from one that is just not.
    let read = from.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|cause| no(&cause))?;
    demarche_record::text::text(bytes, most).map_err(|cause| no(&cause))
}

/// Starts diagnostics on stderr if they are asked for. They change no byte of any result.
///
/// # Errors
/// When the filter is none.
pub(crate) fn start_tracing(filter: Option<&str>) -> Result<(), Failure> {
    let Some(written) = filter else { return Ok(()) };
    let filter = EnvFilter::try_new(written).map_err(|cause| {
        let hint = "write a level (error, warn, info, debug, trace), or a filter as in \
                    `demarche_engine=debug`";
        Failure::Usage(format!("`--log {written}` is no filter: {cause}; {hint}"))
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(wants_color())
        .init();
    Ok(())
}
