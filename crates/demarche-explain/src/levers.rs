//! Levers: the numbers that a run could have had otherwise, each with how far it may go.

use demarche_record::format::Lineage;
use demarche_scenario::NumberUse;

/// Into how many steps a lever's range is divided: the smallest change tried is a twentieth.
pub const STEPS: u8 = 20;

/// A number of a scenario that may be moved within its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// What it means.
    pub meaning: &'static str,
    /// Its unit; `1` if it has none.
    pub unit: &'static str,
    /// Where its range comes from.
    pub source: String,
    /// What it is in this run.
    pub now: f64,
    /// The lower end of its range.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    address: u32,
    /// How many of its units make one of the engine's.
    per_unit: f64,
}

/// Which way a lever is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Toward the lower end of its range.
    Down,
    /// Toward the upper end.
    Up,
}

impl Lever {
    /// What it is after so many steps one way; nothing where a step less was the end of its range.
    /// Rounded as a person would write it, so that what was tried is what is told.
    #[must_use]
    pub fn moved(&self, way: Way, steps: u8) -> Option<f64> {
        let step = (self.high - self.low) / f64::from(STEPS);
        let (end, sign) = match way {
            Way::Down => (self.low, -1.0),
            Way::Up => (self.high, 1.0),
        };
        let room = (end - self.now) * sign;
        let before = step * f64::from(steps.saturating_sub(1));
        if room <= 0.0 || before >= room - step * 1e-6 {
            return None;
        }
        let value = self.now + sign * step * f64::from(steps);
        let beyond = (value - end) * sign > -step * 1e-6;
        Some(if beyond { end } else { rounded(value, step) })
    }

    /// How far a value is from what it is now, as a share of its range. [1, [0, 1]]
    #[must_use]
    pub fn share(&self, value: f64) -> f64 {
        (value - self.now).abs() / (self.high - self.low)
    }

    /// The lever set to a value, as the engine takes it.
    #[must_use]
    pub fn setting(&self, value: f64) -> (u32, f64) {
        (self.address, value / self.per_unit)
    }
}

/// A value to a hundredth of a step.
fn rounded(value: f64, step: f64) -> f64 {
    let mut unit = 1.0;
    while unit > step / 10.0 {
        unit /= 10.0;
    }
    // Whole multiples of a power of ten come out as the shortest number that says them.
    let inverse = (1.0_f64 / unit).round();
    (value * inverse).round() / inverse
}

/// The levers of a run, by path: every number with a range or a distribution, but for stakes. What
/// matters to a side is not for anybody to move, and no stake moves alone: they are shares.
#[must_use]
pub fn levers(numbers: &[NumberUse], lineage: Lineage) -> Vec<Lever> {
    let numbers = numbers.iter().filter(|number| !number.is_share());
    let mut levers: Vec<Lever> = numbers.filter_map(|number| lever(number, lineage)).collect();
    levers.sort_by(|a, b| a.path.cmp(&b.path));
    levers
}

fn lever(of: &NumberUse, lineage: Lineage) -> Option<Lever> {
    let shape = of.number.shape?;
    let (low, high) = shape.ends();
    let now = of.in_run(lineage);
    let (path, address, meaning) = (of.path.clone(), of.address, of.doc);
    let (unit, source, per_unit) =
        (of.quantity.unit, of.number.source.clone(), of.per_engine_unit());
    let lever = Lever { path, meaning, unit, source, now, low, high, address, per_unit };
    (high > low).then_some(lever)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lever(now: f64, low: f64, high: f64) -> Lever {
        let (path, source) = (String::new(), String::new());
        let (meaning, unit, address, per_unit) = ("", "1", 0, 1.0);
        Lever { path, meaning, unit, source, now, low, high, address, per_unit }
    }

    #[test]
    fn a_lever_goes_by_twentieths_to_the_end_of_its_range_and_no_further() {
        let lever = lever(0.07, 0.0, 0.25);
        assert_eq!(lever.moved(Way::Up, 1), Some(0.083));
        assert_eq!(lever.moved(Way::Down, 1), Some(0.058));
        assert_eq!(lever.moved(Way::Down, 5), Some(0.008));
        assert_eq!(lever.moved(Way::Down, 6), Some(0.0), "the last step is a shorter one");
        assert_eq!(lever.moved(Way::Down, 7), None);
        assert_eq!((lever.moved(Way::Up, 15), lever.moved(Way::Up, 16)), (Some(0.25), None));
        assert!((lever.share(0.25) - 0.72).abs() < 1e-12);
    }

    #[test]
    fn a_lever_at_an_end_goes_one_way_only() {
        let at_end = lever(48.0, 12.0, 48.0);
        assert_eq!(at_end.moved(Way::Up, 1), None);
        assert_eq!(at_end.moved(Way::Down, 1), Some(46.2));
        assert_eq!(at_end.moved(Way::Down, STEPS), Some(12.0));
    }
}
