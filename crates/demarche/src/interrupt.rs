//! Interrupts: what is saved, and what is said, when somebody presses Ctrl-C.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use demarche_engine::scenario::Scenario;
use demarche_record::format::RunRecord;

use crate::destination::Destination;
use crate::exit::{Failure, INTERRUPTED};
use crate::output;

/// What is to be kept of a run that is interrupted now.
pub(crate) struct Keepsake {
    /// The run so far.
    pub(crate) record: RunRecord,
    /// Its scenario.
    pub(crate) scenario: Arc<Scenario>,
    /// Where to keep it.
    pub(crate) destination: Destination,
    /// The seats that are taken, as options of the line that goes on from there.
    pub(crate) seats: String,
}

impl Keepsake {
    /// Writes the record, says where it is and, unless the run is over, how to go on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, is_over: bool) -> Result<(), Failure> {
        let written = self.destination.write(&self.record.to_lines(&self.scenario.cast))?;
        let Some(file) = written.map(|file| file.display().to_string()) else { return Ok(()) };
        let resume = if is_over {
            String::new()
        } else {
            let (word, seats) = (demarche_record::shell::quoted(&file), &self.seats);
            format!(" To go on:\n  demarche play {word}{seats} -o {word} --force")
        };
        output::talk(&format!("The record is in {file}.{resume}"));
        Ok(())
    }
}

static KEEPSAKE: Mutex<Option<Keepsake>> = Mutex::new(None);

/// What is said to somebody who interrupts: how to go on.
static FAREWELL: Mutex<Option<String>> = Mutex::new(None);

/// What an interrupt would say from now on.
pub(crate) fn farewell(text: Option<String>) {
    *FAREWELL.lock().unwrap_or_else(PoisonError::into_inner) = text;
}

/// Held while a file is being written, so that none is left half-written.
static WRITING: Mutex<()> = Mutex::new(());

/// From now on, an interrupt ends the program with its own exit code.
pub(crate) fn listen() {
    // Where there are no signals, the system's own way to end a program has to do.
    let _ = ctrlc::set_handler(leave);
}

/// What an interrupt would save from now on.
pub(crate) fn keep(keepsake: Option<Keepsake>) {
    *KEEPSAKE.lock().unwrap_or_else(PoisonError::into_inner) = keepsake;
}

/// While the guard lives, the program does not end by an interrupt.
pub(crate) fn writing() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn leave() {
    let keepsake = KEEPSAKE.lock().unwrap_or_else(PoisonError::into_inner).take();
    output::talk("\nInterrupted.");
    if let Some(Err(failure)) = keepsake.map(|keepsake| keepsake.write(false)) {
        // The code still says that it was an interrupt; the words say what went wrong.
        let _ = failure.report();
    }
    if let Some(text) = FAREWELL.lock().unwrap_or_else(PoisonError::into_inner).take() {
        output::talk(&text);
    }
    let _whole = writing();
    std::process::exit(INTERRUPTED);
}
