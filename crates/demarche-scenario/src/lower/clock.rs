//! The clock: moments of the file become turns.
use jiff::civil::DateTime;
use toml::value::Datetime;

use super::frame::{Faults, advice};
use crate::problem::Code;
use crate::reading::Reader;

/// How moments become turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    starts: DateTime,
    turn_hours: f64,
    pub(super) horizon_turns: u32,
}

/// The clock as the cast tells it.
pub(super) struct CastClock {
    pub(super) starts: String,
    pub(super) time_zone: String,
    pub(super) turn_hours: f64,
    pub(super) follow_on_turns: u32,
}

impl Clock {
    pub(super) fn read(table: &Reader<'_>, faults: &mut Faults) -> (Self, CastClock) {
        let turn_hours = table.whole("turn-hours");
        // Whole numbers of hours and days, bounded by the spec: the quotient is small.
        let turns =
            |days: i64| u32::try_from((days * 24 + turn_hours - 1) / turn_hours).unwrap_or(1);
        let starts = local(table, "starts", faults);
        let starts = starts.unwrap_or(DateTime::constant(2000, 1, 1, 0, 0, 0, 0));
        let horizon_turns = turns(table.whole("horizon-days"));
        let turn_hours = f64::from(i32::try_from(turn_hours).unwrap_or(1));
        let told = CastClock {
            starts: starts.strftime("%Y-%m-%dT%H:%M").to_string(),
            time_zone: table.text_opt("time-zone").unwrap_or("local time").to_owned(),
            turn_hours,
            follow_on_turns: turns(table.whole_opt("follow-on-days").unwrap_or(0)),
        };
        (Self { starts, turn_hours, horizon_turns }, told)
    }

    /// The turn that begins nearest to a moment, if one is given.
    pub(super) fn turn(&self, reader: &Reader<'_>, key: &str, faults: &mut Faults) -> Option<u32> {
        let moment = local(reader, key, faults)?;
        let hours = moment.duration_since(self.starts).as_secs_f64() / 3600.0;
        if hours < 0.0 {
            let message = format!(
                "{}.{key} is before the scenario begins, at {}",
                reader.path(),
                self.starts
            );
            let help = "move it, or let `clock.starts` be earlier";
            let problem = reader.problem(Code::OutOfRange, key, message, help);
            faults.add_resting_on("clock".to_owned(), problem);
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let turn = (hours / self.turn_hours).round() as u32;
        if turn >= self.horizon_turns {
            let message =
                format!("{}.{key} is after the horizon, so it never comes", reader.path());
            let help = "move it, or let `clock.horizon-days` be longer";
            faults.add_resting_on("clock".to_owned(), advice(reader, key, &message, help));
        }
        Some(turn)
    }
}

/// A moment of the clock on the wall.
fn local(reader: &Reader<'_>, key: &str, faults: &mut Faults) -> Option<DateTime> {
    let moment = reader.moment_opt(key)?;
    if moment.offset.is_some() {
        let message = format!("{}.{key} has an offset: {moment}", reader.path());
        let help = "all moments are local, by the clock that `clock.time-zone` names";
        faults.add(reader.problem(Code::NotAMoment, key, message, help));
    }
    let parsed = Datetime { offset: None, ..moment }.to_string().parse();
    if parsed.is_err() {
        let message = format!("{}.{key} is no day of the calendar: {moment}", reader.path());
        faults.add(reader.problem(Code::NotAMoment, key, message, ""));
    }
    parsed.ok()
}
