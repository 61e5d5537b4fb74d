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

/// From now on, an interrupt ends the program with its own exit code: Ctrl-C, a request to end, or
/// the end of the terminal, unless that was ignored when the program began, as `nohup` asks for.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let hangs_up = Some(SIGHUP).filter(|signal| !is_ignored(*signal));
    let heard = [SIGINT, SIGTERM].into_iter().chain(hangs_up);
    // Where nothing can be heard, the system's own way to end a program has to do.
    if let Ok(mut signals) = signal_hook::iterator::Signals::new(heard) {
        std::thread::spawn(move || signals.forever().for_each(|_| leave()));
    }
}

/// Whether a signal is ignored, as far as the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = told.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// From now on, an interrupt ends the program with its own exit code.
#[cfg(not(unix))]
pub(crate) fn listen() {
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
