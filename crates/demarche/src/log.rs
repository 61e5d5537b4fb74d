//! The log: what `--log` asks for, on stderr, a line for each thing that was done.
//!
//! Two runs of the same give the same lines: a line says where in the run it is, not when it was
//! written. Where threads work side by side, the order of their lines is not set.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

use crate::exit::Failure;
use crate::output::wants_color;

/// Starts the log if it is asked for. It changes no byte of any result.
///
/// # Errors
/// When the filter is none.
pub(crate) fn start(filter: Option<&str>) -> Result<(), Failure> {
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
        .without_time()
        .fmt_fields(Terse)
        .init();
    Ok(())
}

/// Fields as `name=value`, numbers to four places.
struct Terse;

impl<'w> FormatFields<'w> for Terse {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut line = Line { writer, is_begun: false, written: Ok(()) };
        fields.record(&mut line);
        line.written
    }
}

/// The fields of one line as they are written.
struct Line<'w> {
    writer: Writer<'w>,
    is_begun: bool,
    written: fmt::Result,
}

impl Line<'_> {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let gap = if std::mem::replace(&mut self.is_begun, true) { " " } else { "" };
        let written = match field.name() {
            "message" => write!(self.writer, "{gap}{value}"),
            name => write!(self.writer, "{gap}{name}={value}"),
        };
        self.written = self.written.and(written);
    }
}

impl Visit for Line<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        // Adding 0 makes −0 a 0.
        self.add(field, format_args!("{}", (value * 1e4).round() / 1e4 + 0.0));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}
