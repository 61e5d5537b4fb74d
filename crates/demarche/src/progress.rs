//! Progress: how far a long run has come, on a terminal and nowhere else.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How long a run is waited for in silence.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a line stays before it is written anew.
const REFRESH: Duration = Duration::from_millis(200);

/// The progress of a run, turn by turn.
pub(crate) struct Progress {
    horizon_turns: u32,
    began: Option<Instant>,
    shown: Duration,
}

#[expect(
    clippy::disallowed_methods,
    reason = "told to a person who waits; no result depends on it"
)]
fn now() -> Instant {
    Instant::now()
}

impl Progress {
    /// Of a run of so many turns at most. Where stderr is no terminal, nothing is shown.
    pub(crate) fn of(horizon_turns: u32) -> Self {
        let began = std::io::stderr().is_terminal().then(now);
        Self { horizon_turns, began, shown: Duration::ZERO }
    }

    /// Shows that a turn is over.
    pub(crate) fn turn(&mut self, turn: u32) {
        let Some(waited) = self.began.map(|began| now().duration_since(began)) else { return };
        if is_due(waited, self.shown) {
            self.shown = waited;
            write(&format!("\r{}", line(turn, self.horizon_turns, waited)));
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if !self.shown.is_zero() {
            write(&format!("\r{:WIDTH$}\r", ""));
        }
    }
}

/// The width of a line. [columns]
const WIDTH: usize = 60;

/// Whether a line should be written, so long after the beginning and after the last line.
fn is_due(waited: Duration, shown: Duration) -> bool {
    waited >= PATIENCE && (shown.is_zero() || waited - shown >= REFRESH)
}

/// The line, as wide as any other, so that it covers the one before.
fn line(turn: u32, horizon_turns: u32, waited: Duration) -> String {
    let seconds = waited.as_secs();
    let text = format!("turn {turn} of at most {horizon_turns}, {seconds} s; Ctrl-C stops");
    format!("{text:<WIDTH$}")
}

fn write(text: &str) {
    let mut stderr = std::io::stderr();
    // A terminal that is gone cannot be told so.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_run_is_waited_for_in_silence() {
        let at = Duration::from_millis;
        assert!(!is_due(at(999), Duration::ZERO));
        assert!(is_due(at(1_000), Duration::ZERO));
        assert!(!is_due(at(1_100), at(1_000)) && is_due(at(1_200), at(1_000)));
    }

    #[test]
    fn a_line_covers_the_one_before() {
        let lines = [line(9, 40, PATIENCE), line(10, 40_000, PATIENCE * 100)];
        assert!(lines.iter().all(|line| line.chars().count() == WIDTH));
        assert!(lines[0].starts_with("turn 9 of at most 40, 1 s"));
    }

    #[test]
    fn nothing_is_shown_where_nobody_looks() {
        // Tests run without a terminal on stderr or with one; either way a silent one stays so.
        let mut silent = Progress { horizon_turns: 1, began: None, shown: Duration::ZERO };
        silent.turn(1);
        assert!(silent.shown.is_zero());
    }
}
