//! Progress: how far something long has come, on a terminal and nowhere else.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How long a run is waited for in silence.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a line stays before it is written anew.
const REFRESH: Duration = Duration::from_millis(200);

/// The progress of something that takes its time.
pub(crate) struct Progress {
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
    /// From now on. Where stderr is no terminal, nothing is shown.
    pub(crate) fn new() -> Self {
        let began = std::io::stderr().is_terminal().then(now);
        Self { began, shown: Duration::ZERO }
    }

    /// Tells how far it has come, when that is due.
    pub(crate) fn tell(&mut self, how_far: impl FnOnce() -> String) {
        let Some(waited) = self.began.map(|began| now().duration_since(began)) else { return };
        if is_due(waited, self.shown) {
            self.shown = waited;
            write(&format!("\r{}", line(&how_far(), waited)));
        }
    }

    /// Tells how far something has come of which it is known how much there is: its share, the rate
    /// and the time that is left at this rate.
    pub(crate) fn tell_share(
        &mut self,
        (done, all): (u64, u64),
        what: &str,
        more: impl FnOnce() -> String,
    ) {
        let Some(waited) = self.began.map(|began| now().duration_since(began)) else { return };
        let told = || format!("{} {what}{}", how_far(done, all, waited), more());
        self.tell(told);
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if !self.shown.is_zero() {
            write(&format!("\r{:WIDTH$}\r", ""));
        }
    }
}

/// The width of a line. [columns]
const WIDTH: usize = 78;

/// Whether a line should be written, so long after the beginning and after the last line.
fn is_due(waited: Duration, shown: Duration) -> bool {
    waited >= PATIENCE && (shown.is_zero() || waited - shown >= REFRESH)
}

/// How far it has come, how quickly, and how long it will take.
#[expect(clippy::cast_precision_loss, reason = "for a person to read")]
fn how_far(done: u64, all: u64, waited: Duration) -> String {
    let rate = done as f64 / waited.as_secs_f64().max(0.001);
    let left = (all.saturating_sub(done)) as f64 / rate.max(0.001);
    format!("{done} of {all}, {rate:.0}/s, {} left,", span(left))
}

/// A span of time as people say it, to a figure or two. [s]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "for a person to read")]
pub(crate) fn span(seconds: f64) -> String {
    let whole = seconds.clamp(0.0, 1e9).round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) if minutes < 10 => format!("{minutes} min {seconds} s"),
        (0, minutes, _) => format!("{minutes} min"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// How long something takes, for a forecast of how long more of it would.
pub(crate) fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let began = now();
    let came = what();
    (came, now().duration_since(began))
}

/// The line, as wide as any other, so that it covers the one before. Where it is too long, what it
/// begins with is told.
fn line(how_far: &str, waited: Duration) -> String {
    let seconds = waited.as_secs();
    let text = format!("{how_far}, {seconds} s; Ctrl-C stops");
    let text = if text.chars().count() > WIDTH { how_far } else { &text };
    format!("{text:<WIDTH$.WIDTH$}")
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
        let far = how_far(500_000, 1_000_000, PATIENCE * 102);
        let long = line(&format!("{far} runs deadlock 61 %, collapse 20 %"), PATIENCE * 102);
        assert!(long.starts_with(&far) && long.trim_end().ends_with('%'), "{long}");
        let lines = [line("turn 9 of at most 40", PATIENCE), line("turn 10", PATIENCE * 100), long];
        assert!(lines.iter().all(|line| line.chars().count() == WIDTH));
        assert!(lines[0].starts_with("turn 9 of at most 40, 1 s"));
    }

    #[test]
    fn nothing_is_shown_where_nobody_looks() {
        // Tests run without a terminal on stderr or with one; either way a silent one stays so.
        let mut silent = Progress { began: None, shown: Duration::ZERO };
        silent.tell(|| panic!("nobody asked"));
        assert!(silent.shown.is_zero());
    }
}
