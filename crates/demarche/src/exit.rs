//! Exit codes: what a script can learn from how the program ended.

use std::process::ExitCode;

use demarche_batch::error::BatchError;

/// The exit code after an interrupt.
pub(crate) const INTERRUPTED: i32 = 130;

/// Why the program stops without having done what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that should not happen. 1
    Bug(anyhow::Error),
    /// The command line asks for something that there is not. 2
    Usage(String),
    /// A scenario is invalid; the text tells all its problems. 3
    Scenario(String),
    /// A file could not be read or written, or is not what it should be. 4
    File(String),
    /// What was checked is not as it should be. 5
    Check(String),
    /// Not everything is there yet, and what is missing can still be made. 6
    Incomplete(String),
}

impl Failure {
    /// Says why, on stderr, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let (code, text) = match self {
            Self::Bug(cause) => (1, format!("error: {cause:#}\nThis is a bug; please report it.")),
            Self::Usage(text) => (2, format!("error: {text}")),
            Self::Scenario(text) => (3, text.clone()),
            Self::File(text) => (4, format!("error: {text}")),
            Self::Check(text) => (5, text.clone()),
            Self::Incomplete(text) => (6, text.clone()),
        };
        crate::output::talk(text.trim_end());
        ExitCode::from(code)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(cause: anyhow::Error) -> Self {
        Self::Bug(cause)
    }
}

impl From<BatchError> for Failure {
    fn from(cause: BatchError) -> Self {
        let text = cause.to_string();
        match cause {
            BatchError::Disagreement { .. } => Self::Check(format!("error: {text}")),
            BatchError::Incomplete { .. } => Self::Incomplete(format!("error: {text}")),
            _ => Self::File(text),
        }
    }
}

/// Every exit code and its meaning, for `--help` and the manual.
pub(crate) const CODES: &str = "\
Exit codes:
    0  done
    1  a bug in the program
    2  the command line asks for something that there is not
    3  a scenario is invalid
    4  a file cannot be read or written, or is not what it should be
    5  what was checked is not as it should be
    6  not everything is there yet, and what is missing can still be made
  130  interrupted";
