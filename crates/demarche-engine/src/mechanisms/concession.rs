//! Concession: how a delegation's aspiration falls as the deadline nears.
//!
//! # Rules
//! - **R1** A(t) = A⁰·(1 − s^(1/e)) less what is given back, never below no deal: from the gain A⁰
//!   of the best package that may be signed, along the elapsed share s of the round. [faratin1998,
//!   time-dependent tactics, polynomial]
//! - **R2** e < 1 holds out and concedes late (Boulware), 1 < e concedes early (Conceder), e = 0
//!   never concedes. [faratin1998]
//!
//! # Departures
//! A⁰ is the best inside the mandate, not the best of all: delegates hope for what they may sign.
//! NegMAS writes the same curve with exponent 1/e: its "boulware" 4 is our e = 0.25.
use bevy_ecs::prelude::*;
use demarche_domain::index::MAX_PARTIES;
use demarche_domain::region::Region;
use demarche_domain::search::Search;
use demarche_random::math;
use tracing::trace;

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::Mandate;
use crate::mechanisms::reciprocity::Reciprocity;
use crate::mechanisms::red_lines::{RedLines, signable};
use crate::mechanisms::valuation::{Gains, is_lasting};
use crate::roster::Roster;
use crate::table::{PerTable, Rules, Tables};

/// The gain below which a delegation will not settle this turn. -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Aspiration {
    /// A. [gain, ≥ 0]
    pub target: f64,
    /// A⁰, where there is anything to sign. [gain]
    pub best: f64,
}

/// e. [1, [0, 20]] -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct ConcessionExponent(pub f64);

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(concede.in_set(crate::turn::Phase::Aspire));
}

fn concede(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<(&Gains, &RedLines)>,
    delegations: Query<(&mut Aspiration, &Mandate, &ConcessionExponent, &Reciprocity)>,
    (mut search, mut known): (Local<Search>, Local<Vec<Option<(Region, f64)>>>),
) {
    let capitals = roster.seated(capitals);
    let mut delegations = roster.seated(delegations);
    known.resize(tables.list.len() * MAX_PARTIES, None);
    for (at, _) in tables.here() {
        if texts[at].is_closed() {
            continue;
        }
        for p in tables.movers(at) {
            let (gains, lines) = capitals.get(at, p);
            let (aspiration, mandate, e, reciprocity) = delegations.get_mut(at, p);
            let region = signable(&mandate.0, &texts[at].agenda, lines);
            let known = &mut known[at * MAX_PARTIES + p.ix()];
            let lasts = !clocks[at].just_opened && is_lasting(&rules.0, p);
            // What is worth the same to a side for a whole round has one best package in it.
            let last = known.filter(|(of, _)| lasts && region == Some(*of));
            *known = last.or_else(|| region.map(|of| (of, search.most(&of, &gains.0))));
            aspiration.best = known.map_or(0.0, |(_, best)| best);
            let falling = aspiration_at(clocks[at].elapsed, aspiration.best, e.0);
            aspiration.target = (falling - reciprocity.given_back).max(0.0);
            let (elapsed, target) = (clocks[at].elapsed, aspiration.target);
            trace!(
                party = %tables.named(&p), elapsed, best = aspiration.best, e = e.0,
                given_back = reciprocity.given_back, aspiration = target, "aspiration set",
            );
        }
    }
}

/// R1, before reciprocity.
fn aspiration_at(elapsed: f64, best: f64, e: f64) -> f64 {
    let conceded = if e > 0.0 { math::pow(elapsed, 1.0 / e) } else { 0.0 };
    best * (1.0 - conceded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(elapsed: f64, e: f64, expected: f64) {
        assert!((aspiration_at(elapsed, 0.8, e) - expected).abs() < 1e-12);
    }

    #[test]
    fn r1_opens_at_the_best_and_ends_at_no_deal() {
        check(0.0, 1.0, 0.8);
        check(0.5, 1.0, 0.4);
        check(1.0, 1.0, 0.0);
        check(1.0, 0.2, 0.0);
    }

    #[test]
    fn r2_boulware_holds_out_and_conceder_does_not() {
        check(0.5, 0.5, 0.6);
        check(0.25, 2.0, 0.4);
        check(0.999, 0.0, 0.8);
    }
}
