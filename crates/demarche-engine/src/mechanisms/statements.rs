//! Statements: what each side says when a round is over.
//!
//! # Rules
//! - **R1** After an agreement a side shares the credit, or keeps silent where it gained little.
//!   [ours: credit is claimed for gains]
//! - **R2** Without one it blames the other with σ(b·(a·(1 + threats) + appeal − worth of another
//!   round)), and keeps silent otherwise. [fearon1994; the trade-off with another round is ours]
//! - **R3** Another round is worth a share of what the best text for both would still gain the
//!   side; blame costs the others' trust. [ours: who blames burns what could still be had]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::PartyIx;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::{Decision, Statement};
use demarche_record::event::{Ending, Event, TrustCause};
use demarche_record::seat::Seat;
use tracing::debug;

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::audience_cost::{Audience, Threats, stakes_at_home};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::trust::Impressions;
use crate::mechanisms::valuation::Gains;
use crate::orders::Orders;
use crate::roster::Roster;
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Tables};

/// How a party speaks when a round is over. -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Rhetoric {
    /// b. [1/gain]
    pub sharpness: f64,
    /// What blaming brings at home by itself. [gain]
    pub appeal: f64,
}

/// Whether anything can come of it in a scenario: what is said at the
/// close of a round is part of the case for somebody.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    PartyIx::first(scenario.parties.len()).any(|party| scenario.has_statements(party))
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems((decide, state).chain().in_set(crate::turn::Phase::Statements));
}

/// R1 and R2, at quantile u.
fn statement(ending: Ending, sharpness: f64, balance: f64, gain: f64, u: f64) -> Statement {
    match ending {
        Ending::Agreement if u < math::logistic(sharpness * gain) => Statement::ShareCredit,
        Ending::WalkOut | Ending::Deadline if u < math::logistic(sharpness * balance) => {
            Statement::Blame
        }
        _ => Statement::KeepSilent,
    }
}

/// R3. [gain, ≥ 0]
fn another_round(dynamics: &Dynamics, best_for_both: f64) -> f64 {
    dynamics.worth_of_another_round * best_for_both.max(0.0)
}

fn decide(
    (tables, roster, dynamics): (Res<Tables>, Res<Roster>, Res<PerTable<Dynamics>>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<(&Gains, &Audience, &Rhetoric)>,
    threats: Query<&Threats>,
    mut orders: ResMut<PerTable<Orders>>,
    mut search: Local<Search>,
) {
    let capitals = roster.seated(capitals);
    let threats = roster.seated(threats);
    for (at, table) in tables.here() {
        let Some((_, ending, _)) = clocks[at].last.filter(|_| clocks[at].just_closed) else {
            continue;
        };
        let all = roster.parties().map(|p| &capitals.get(at, p).0.0);
        let all: Vec<&Worth> = all.collect();
        let (_, for_both) = search.maximin(&texts[at].agenda, &all);
        for p in roster.parties() {
            let (gains, audience, rhetoric) = capitals.get(at, p);
            let threats = threats.get(at, p).count;
            let another = another_round(&dynamics[at], gains.0.of(&for_both));
            let balance = stakes_at_home(audience, threats, 0.0) + rhetoric.appeal - another;
            let gain = texts[at].text.map_or(0.0, |text| gains.0.of(&text));
            let u = table.draws(Purpose::Statement, p.ix()).uniform();
            if orders[at].are_the_policys(Seat::Capital(p)) && rhetoric.sharpness > 0.0 {
                let statement = statement(ending, rhetoric.sharpness, balance, gain, u);
                debug!(
                    party = %tables.named(&p), ?statement, gain, balance, another,
                    "statement chosen",
                );
                orders[at].give(Seat::Capital(p), Decision::State { statement });
            }
        }
    }
}

fn state(
    (tables, roster, dynamics): (Res<Tables>, Res<Roster>, Res<PerTable<Dynamics>>),
    clocks: Res<PerTable<Clock>>,
    orders: Res<PerTable<Orders>>,
    (mut impressions, mut narration): (ResMut<PerTable<Impressions>>, ResMut<Narration>),
) {
    for (at, table) in tables.here().filter(|(at, _)| clocks[*at].just_closed) {
        for party in roster.parties() {
            for decision in orders[at].of(Seat::Capital(party)) {
                if let &Decision::State { statement } = decision {
                    if statement == Statement::Blame {
                        let (log_odds, cause) = (-dynamics[at].blame, TrustCause::Blame);
                        impressions[at].on_all(roster.parties(), party, log_odds, cause);
                    }
                    let at_close = true;
                    narration.note(at, table, || Event::StatementMade {
                        party,
                        statement,
                        at_close,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_credit_is_shared_for_gains() {
        let said = |gain| statement(Ending::Agreement, 20.0, 0.0, gain, 0.5);
        assert_eq!((said(0.3), said(-0.3)), (Statement::ShareCredit, Statement::KeepSilent));
    }

    #[test]
    fn r2_blame_pays_where_the_audience_listens() {
        let said = |balance| statement(Ending::WalkOut, 20.0, balance, 0.0, 0.5);
        assert_eq!((said(0.2), said(-0.2)), (Statement::Blame, Statement::KeepSilent));
        assert_eq!(statement(Ending::Deadline, 20.0, 0.2, 0.0, 0.5), Statement::Blame);
    }

    #[test]
    fn r3_a_promising_round_silences() {
        // The same audience cost, with and without something to come back for.
        let half = Dynamics { worth_of_another_round: 0.5, ..Dynamics::default() };
        assert_eq!((another_round(&half, 0.6), another_round(&half, -0.6)), (0.3, 0.0));
        let balance = |best_for_both| 0.1 - another_round(&half, best_for_both);
        assert_eq!(
            statement(Ending::Deadline, 30.0, balance(0.6), 0.0, 0.5),
            Statement::KeepSilent
        );
        assert_eq!(statement(Ending::Deadline, 30.0, balance(0.0), 0.0, 0.5), Statement::Blame);
    }
}
