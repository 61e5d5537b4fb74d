//! Inducement: paying to close a gap.
//!
//! # Rules
//! - **R1** A mediator that manipulates pays a side that would lose by the text what it would lose,
//!   and a little more, if its budget reaches that far; one that offers all the same pays what it
//!   has, or the little where nothing is needed. [zartman1985, manipulation; beardsley2006]
//! - **R2** What was offered adds to what any agreement is worth to that side, in this round; it is
//!   not counted when the truce's durability is asked. [beardsley2008, what is bought does not
//!   last]
//!
//! # Departures
//! None.
use demarche_domain::index::MAX_PARTIES;
use tracing::{debug, trace};

/// What was offered to each party at a table. [gain] -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inducements {
    /// By party.
    pub offered: [f64; MAX_PARTIES],
}

/// What is paid beyond the loss itself. [gain] Assumed.
const SWEETENER: f64 = 0.02;

/// R1: the payment that would make a loss good, if it is within the budget. [gain]
#[must_use]
pub(crate) fn payment(gain: f64, budget: f64) -> Option<f64> {
    let needed = SWEETENER - gain;
    trace!(gain, budget, needed, "inducement weighed");
    (needed > 0.0 && needed <= budget).then_some(needed)
}

/// R1: what an inducement is worth once it is offered. [gain, ≥ 0]
#[must_use]
pub(crate) fn offer(gain: f64, budget: f64) -> f64 {
    let worth = (SWEETENER - gain).max(SWEETENER).min(budget);
    debug!(gain, budget, worth, "inducement offered");
    worth
}

/// R2: a gain without what was paid for it. [gain]
#[must_use]
pub(crate) fn unpaid(gain: f64, offered: f64) -> f64 {
    gain - offered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Side;

    #[test]
    fn r2_what_is_paid_adds_to_any_agreement_and_does_not_last() {
        let (bare, mut paid) = (Side::east(), Side::east());
        paid.inducement = 0.12;
        for rungs in [[0, 1], [2, 2]] {
            let (gain, paid) = (bare.gain(&rungs), paid.gain(&rungs));
            assert!((paid - gain - 0.12).abs() < 1e-12, "{paid} {gain}");
            assert!((unpaid(paid, 0.12) - gain).abs() < 1e-12, "{paid} {gain}");
        }
    }

    #[test]
    fn r1_a_loss_is_made_good_within_the_budget() {
        assert!((payment(-0.1, 0.3).unwrap() - 0.12).abs() < 1e-12);
        assert_eq!(payment(-0.5, 0.3), None);
        assert_eq!(payment(0.2, 0.3), None);
        assert!((offer(-0.1, 0.3) - 0.12).abs() < 1e-12);
        assert_eq!((offer(-0.5, 0.3), offer(0.2, 0.3), offer(0.2, 0.01)), (0.3, 0.02, 0.01));
    }
}
