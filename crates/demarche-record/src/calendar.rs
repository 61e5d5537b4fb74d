//! The calendar: from turns to dates and hours, as people at the talks would say them.

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};

use crate::cast::Cast;

/// A scenario's clock.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    starts: DateTime,
    minutes_per_turn: f64,
}

impl Calendar {
    /// The clock of a scenario; a start that is no date counts as the first of January 2000.
    #[must_use]
    pub fn new(cast: &Cast) -> Self {
        let starts = cast.starts.parse().unwrap_or(DateTime::constant(2000, 1, 1, 0, 0, 0, 0));
        Self { starts, minutes_per_turn: cast.turn_hours * 60.0 }
    }

    /// When a turn begins.
    #[must_use]
    pub fn turn(&self, turn: u32) -> DateTime {
        #[expect(clippy::cast_possible_truncation, reason = "minutes of a few years")]
        let minutes = (f64::from(turn) * self.minutes_per_turn).round() as i64;
        self.starts.checked_add(minutes.minutes()).unwrap_or(self.starts)
    }

    /// `Sat 25 Oct, 15:00`.
    #[must_use]
    pub fn moment(&self, turn: u32) -> String {
        self.turn(turn).strftime("%a %-d %b, %H:%M").to_string()
    }

    /// `2025-10-25T15:00`.
    #[must_use]
    pub fn stamp(&self, turn: u32) -> String {
        self.turn(turn).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// `Saturday 25 October 2025`.
    #[must_use]
    pub fn day(&self, turn: u32) -> String {
        self.turn(turn).strftime("%A %-d %B %Y").to_string()
    }

    /// `15:00`.
    #[must_use]
    pub fn hour(&self, turn: u32) -> String {
        self.turn(turn).strftime("%H:%M").to_string()
    }

    /// A span of turns: `9 hours`, `2 days and 3 hours`.
    #[must_use]
    pub fn span(&self, turns: u32) -> String {
        #[expect(clippy::cast_possible_truncation, reason = "hours of a few years")]
        let hours = (f64::from(turns) * self.minutes_per_turn / 60.0).round() as i64;
        let count = |n: i64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        match (hours / 24, hours % 24) {
            (0, hours) => count(hours, "hour"),
            (days, 0) => count(days, "day"),
            (days, hours) => format!("{} and {}", count(days, "day"), count(hours, "hour")),
        }
    }

    /// The turns from one moment of the calendar to another, rounded up.
    #[must_use]
    pub fn turns_until(&self, moment: DateTime) -> f64 {
        let apart: SignedDuration = moment.duration_since(self.starts);
        apart.as_secs_f64() / 60.0 / self.minutes_per_turn
    }
}
