//! Guarantee: who stands behind a text.
//!
//! # Rules
//! - **R1** The engaged guarantee γ is the sum of the guarantees that mediators have offered; it
//!   makes penalties surer, and foreign inspection joint. [walter1997; fortna2004]
//! - **R2** By the policy a mediator that manipulates offers its guarantee, once, when a text lies
//!   on the table. [ours: a guarantee is for a text]
//!
//! # Departures
//! Guarantees add up; rivalry among guarantors (bohmelt2011) is not modelled.

use tracing::trace;

/// γ at a table. [1, [0, 48]] -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Guarantee(pub f64);

/// R2.
#[must_use]
pub(crate) fn would_offer(guarantee: f64, is_offered: bool, has_text: bool) -> bool {
    trace!(guarantee, is_offered, has_text, "guarantee weighed");
    guarantee > 0.0 && !is_offered && has_text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::credibility::enforcement;

    #[test]
    fn r1_a_guarantee_makes_penalties_surer() {
        assert!(enforcement(1.0, 0.5, 1.0) > enforcement(1.0, 0.5, 0.0));
    }

    #[test]
    fn r2_a_guarantee_is_for_a_text_and_given_once() {
        assert!(would_offer(0.5, false, true));
        assert!(!would_offer(0.5, true, true) && !would_offer(0.5, false, false));
        assert!(!would_offer(0.0, false, true));
    }
}
