//! Stopping: when a batch is precise enough.
//!
//! A rule looks at the runs from the first on without a gap, range by range, so that where it stops
//! hangs on the plan alone. A rule that is asked again and again stops a little early on average;
//! with ranges of hundreds of runs, as large batches have them, that is less than a tenth of the
//! half-width, and with those of 64 of small ones it can be more.

use demarche_statistics::interval::Confidence;
use demarche_statistics::proportion::Share;

use crate::aggregate::Aggregate;

/// The fewest runs that a rule is asked of: of fewer, an interval says too little.
const FEWEST: u64 = 200;

/// Stop when the share of every class of outcome is known this well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stopping {
    /// The greatest half-width of the intervals at 95 %. [1, (0, 0.5)]
    pub half_width: f64,
}

impl Stopping {
    /// Whether these runs are enough.
    #[must_use]
    pub fn is_met(&self, runs: &Aggregate) -> bool {
        runs.n_ended() >= FEWEST
            && runs.outcomes.iter().all(|count| {
                let share = Share::new(*count, runs.n_ended());
                let share = share.expect("no class has more runs than there are");
                share.wilson(Confidence::NINETY_FIVE).half_width() < self.half_width
            })
    }

    /// The rule as it is written: `half-width<0.5pp`.
    ///
    /// # Errors
    /// When it is no such rule, with what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let said = |what: &str| format!("{what}; write a rule as in `half-width<0.5pp`");
        let rest = text.trim().strip_prefix("half-width").map(str::trim_start);
        let rest = rest.and_then(|rest| rest.strip_prefix('<')).map(str::trim);
        let rest = rest.ok_or_else(|| said(&format!("`{text}` is no rule to stop by")))?;
        let (number, per) = match (rest.strip_suffix("pp"), rest.strip_suffix('%')) {
            (Some(number), _) => (number, 100.0),
            (None, Some(_)) => {
                let why = "a half-width is in percentage points, `pp`, as the shares differ";
                return Err(said(why));
            }
            (None, None) => (rest, 1.0),
        };
        let number: f64 =
            number.trim().parse().map_err(|_| said(&format!("`{rest}` is no number")))?;
        let half_width = number / per;
        if half_width > 0.0 && half_width < 0.5 {
            Ok(Self { half_width })
        } else {
            Err(said("a half-width lies between 0 and 50 percentage points"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(outcomes: &[u64]) -> Aggregate {
        let n = outcomes.iter().sum();
        Aggregate { n, outcomes: outcomes.to_vec(), ..Aggregate::default() }
    }

    #[test]
    fn a_rule_is_met_once_every_class_is_known_well_enough() {
        let rule = Stopping::parse("half-width<5pp").unwrap();
        assert_eq!(rule, Stopping { half_width: 0.05 });
        // 1.96·√(¼/n) < 0.05 from n = 385 on, Wilson a little earlier.
        assert!(!rule.is_met(&runs(&[180, 180])));
        assert!(rule.is_met(&runs(&[195, 195])));
        assert!(!rule.is_met(&runs(&[1, 100])), "too few, however lopsided");
        assert!(rule.is_met(&runs(&[200, 0])));
    }

    #[test]
    fn what_is_no_rule_says_what_one_is() {
        assert_eq!(Stopping::parse("half-width < 0.005").unwrap().half_width, 0.005);
        for text in
            ["", "width<1pp", "half-width<x", "half-width<0pp", "half-width<60pp", "half-width<1%"]
        {
            let why = Stopping::parse(text).unwrap_err();
            assert!(why.contains("half-width<0.5pp"), "{text}: {why}");
        }
    }
}
