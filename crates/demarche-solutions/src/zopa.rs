//! The zone of possible agreement: the packages that no party would refuse for no deal.
//!
//! Where it is empty, no skill and no mediator finds a text: something must be added, or no deal
//! must become worse. \[raiffa1982\] The zone counts a party that gains nothing as content; the
//! strict zone asks that each gain something. They differ in texts that leave somebody indifferent,
//! of which a status quo without outside options is the plainest.

use demarche_domain::search::steps;

use crate::prospects::{Prospect, Prospects};

/// The packages of a zone, in package order.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone<'a> {
    /// What could be signed, and by nobody's loss. Empty where there is no zone.
    pub packages: Vec<Prospect<'a>>,
    n_prospects: usize,
}

/// The packages that leave nobody below disagreement: all gains at least 0.
#[must_use]
pub fn zone(prospects: &Prospects) -> Zone<'_> {
    zone_where(prospects, is_rational)
}

/// The packages that leave everybody above disagreement: all gains greater than 0.
#[must_use]
pub fn strict_zone(prospects: &Prospects) -> Zone<'_> {
    zone_where(prospects, |gains| gains.iter().all(|gain| steps(*gain) > 0.0))
}

fn zone_where(prospects: &Prospects, is_inside: impl Fn(&[f64]) -> bool) -> Zone<'_> {
    let packages = prospects.iter().filter(|prospect| is_inside(prospect.gains)).collect();
    Zone { packages, n_prospects: prospects.size() }
}

/// Whether gains are individually rational: nobody is left below disagreement.
#[must_use]
pub fn is_rational(gains: &[f64]) -> bool {
    gains.iter().all(|gain| steps(*gain) >= 0.0)
}

impl Zone<'_> {
    /// How many packages it has. [packages, 0 to 65,536]
    #[must_use]
    pub const fn size(&self) -> usize {
        self.packages.len()
    }

    /// Whether there is nothing that all could sign.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Its part of all that could be put on paper; 0 where that is nothing. [1, [0, 1]]
    #[must_use]
    pub fn share(&self) -> f64 {
        let count = |n: usize| f64::from(u32::try_from(n).expect("at most 65,536 packages"));
        if self.n_prospects == 0 { 0.0 } else { count(self.size()) / count(self.n_prospects) }
    }
}

#[cfg(test)]
mod tests {
    use demarche_domain::package::Package;

    use super::*;
    use crate::testing::{pie, points, rungs};

    #[test]
    fn the_strict_zone_leaves_out_its_edge() {
        let prospects = pie(10, [0.2, 0.5]);
        let (zone, strict) = (zone(&prospects), strict_zone(&prospects));
        assert_eq!(rungs(&zone.packages), [2, 3, 4, 5]);
        assert_eq!(rungs(&strict.packages), [3, 4]);
        assert_eq!((zone.size(), zone.share()), (4, 4.0 / 11.0));
    }

    #[test]
    fn where_both_want_too_much_it_is_empty() {
        let prospects = pie(10, [0.6, 0.6]);
        assert!(zone(&prospects).is_empty());
        assert_eq!(zone(&prospects).share(), 0.0);
    }

    #[test]
    fn whoever_cannot_gain_empties_the_strict_zone_alone() {
        let prospects = points(&[&[0.0, 0.0], &[0.0, 1.0]]);
        assert_eq!(zone(&prospects).size(), 2);
        assert!(strict_zone(&prospects).is_empty());
    }

    #[test]
    fn of_nothing_it_is_no_share() {
        let nothing = points(&[&[1.0, 1.0]]).without(&Package::STATUS_QUO);
        assert_eq!(zone(&nothing).share(), 0.0);
    }
}
