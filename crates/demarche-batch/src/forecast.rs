//! A forecast of what a batch takes, from a few seconds of it. Of nothing else is anything forecast
//! here.

use crate::plan::Plan;
use crate::range::Size;
use crate::words::{counted, grouped};

/// What was measured of a few runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// How many were played, on one thread.
    pub n: u64,
    /// How long that took. [s]
    pub seconds: f64,
    /// How much room their tables took.
    pub size: Size,
    /// On how many threads the batch would be played.
    pub threads: usize,
}

/// What there is beside rows: the program, a World for each thread, which is little, and columns
/// that are joined. Measured on the built-in track. [bytes]
const BASE: f64 = 26e6;
/// How much more a range takes in memory than on disk: as cells, as pages, and as bytes to be
/// written. Measured on the built-in track.
const SWELL: f64 = 8.0;

impl Forecast {
    /// Says what the batch would take. `span` tells a time as people say it.
    #[must_use]
    pub fn tell(&self, plan: &Plan, span: impl Fn(f64) -> String) -> String {
        #[expect(clippy::cast_precision_loss, reason = "for a person to read")]
        let [n, runs, range, kept, joined, threads] = [
            self.n as f64,
            plan.n_runs() as f64,
            plan.range_runs() as f64,
            self.size.kept as f64,
            self.size.joined as f64,
            self.threads as f64,
        ];
        let (each, kept, row) = (self.seconds / n, kept / n, joined / n);
        let time = span(each * runs / threads);
        let (disk, work) = (size(row * runs), size((row + kept) * runs));
        let memory = size(BASE + threads * SWELL * kept * range);
        format!(
            "{} runs in {}, at {}.\n\
             Measured on {} of them: {:.2} ms a run on one thread, {:.0} bytes a row.\n\
             time    {time} on {} threads\n\
             disk    {disk} when finished, {work} while they are joined\n\
             memory  about {memory}, however many runs\n",
            grouped(plan.n_runs()),
            counted(plan.n_ranges(), "range"),
            counted(plan.design.n_points(), "point"),
            grouped(self.n),
            each * 1e3,
            row,
            self.threads,
        )
    }
}

/// A number of bytes as people say it.
fn size(bytes: f64) -> String {
    match bytes {
        _ if bytes < 1e6 => format!("{:.0} kB", (bytes / 1e3).max(1.0)),
        _ if bytes < 1e9 => format!("{:.0} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::plan_of;

    #[test]
    fn time_and_room_grow_with_the_runs_and_memory_does_not() {
        let forecast = Forecast {
            n: 100,
            seconds: 0.1,
            size: Size { kept: 10_000, joined: 50_000 },
            threads: 2,
        };
        let tell = |n| {
            let plan = plan_of("textbook/symmetric-dispute", n);
            forecast.tell(&plan, |seconds| format!("{seconds:.0} s"))
        };
        let (few, many) = (tell(400_000), tell(4_000_000));
        assert!(few.contains("time    200 s") && many.contains("time    2000 s"), "{few}{many}");
        assert!(few.contains("disk    200 MB") && many.contains("disk    2.0 GB"), "{few}{many}");
        let memory = |of: &str| of.lines().last().map(str::to_owned);
        assert_eq!(memory(&few), memory(&many));
    }
}
