//! Digits: how figures are written, the same in sentences and tables.

use demarche_statistics::interval::Interval;

use demarche_batch::words::signed;
pub use demarche_batch::words::{grouped as count, unsigned as number};

/// Decimals of a share in a hundred; as many as a half-width of a million runs has.
const DECIMALS: usize = 1;

/// A share in a hundred: "7.4 %".
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", hundredths(share))
}

/// A difference of shares, in points: "+4.7".
#[must_use]
pub fn points(difference: f64) -> String {
    signed(difference * 100.0, DECIMALS)
}

/// Bounds in a hundred: "6.3 to 8.6".
#[must_use]
pub fn bounds(of: Interval) -> String {
    format!("{} to {}", hundredths(of.low), hundredths(of.high))
}

/// A gain in points: hundredths of the scale on which a side's stakes add up to 1.
#[must_use]
pub fn gain(gain: f64) -> String {
    signed(gain * 100.0, DECIMALS)
}

/// A number as it was written: the fewest digits that give it back.
#[must_use]
pub fn exact(number: f64) -> String {
    let told = format!("{number}");
    told.strip_prefix('-').map_or(told.clone(), |rest| format!("−{rest}"))
}

fn hundredths(share: f64) -> String {
    number(share * 100.0, DECIMALS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_write_them() {
        assert_eq!(percent(0.073_614), "7.4 %");
        assert_eq!(percent(1.0), "100.0 %");
        assert_eq!([0.047, -0.0004, -0.01].map(points), ["+4.7", "0.0", "−1.0"]);
        assert_eq!(bounds(Interval { low: -0.01, high: 0.2 }), "−1.0 to 20.0");
        assert_eq!([exact(-0.25), exact(1e-7), exact(3.0)], ["−0.25", "0.0000001", "3"]);
    }
}
