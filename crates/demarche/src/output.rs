//! Output: what goes to stdout and stderr, how wide, and texts read with a bound.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;

use crate::exit::Failure;

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
