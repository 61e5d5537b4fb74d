//! Audience cost: the price of backing down from what was demanded in public.
//!
//! # Rules
//! - **R1** Signing costs a_i·(1 + own threats)·(1 − cover)·(share of the public demand on the
//!   agenda that is not met). [fearon1994; beardsley2008 for cover by mediators]
//! - **R2** A side threatens in public when it was struck, with a given chance for each salient
//!   attack, as it is felt, and each strike; each threat raises its own audience cost and the
//!   fighting both expect if the talks fail. [slantchev2011]
//!
//! # Departures
//! Fearon's cost grows with escalation over time; here it grows by the threat. What is not on the
//! agenda is not given up. The cost is that of a signed text: leaving the table empty costs
//! nothing.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, PartyIx};
use demarche_random::purpose::Purpose;
use demarche_record::decision::{Decision, Statement};
use demarche_record::event::Event;
use demarche_record::seat::{Seat, Stage};
use tracing::{debug, trace};

use crate::mechanisms::attacks::Struck;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::retaliation::{Hostilities, provoked};
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::Issue;
use crate::table::{Narration, PerTable, Tables};

/// The threats that a party made in public. -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Threats {
    /// How many.
    pub count: u32,
}

impl Threats {
    /// Forgets them: what they were made for is settled.
    pub(crate) const fn forget(&mut self) {
        self.count = 0;
    }
}

/// What a party risks at home. -- parameter.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Audience {
    /// a. [gain]
    pub cost: f64,
    /// The rung it demands in public, per issue.
    pub demands: Vec<Option<u8>>,
    /// Chance that it threatens for each attack or strike on it. [1]
    pub threat_when_struck: f64,
}

/// Whether anything can come of it in a scenario: threats are part of
/// the case for somebody.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    PartyIx::first(scenario.parties.len()).any(|party| scenario.has_threats(party))
}

/// Delegations speak at the table as their capitals do.
pub(crate) fn install_at_table(schedule: &mut Schedule) {
    schedule.add_systems(speak.in_set(crate::turn::Phase::Words));
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems((decide_to_speak, speak).chain().in_set(crate::turn::Phase::Speech));
}

/// The part of R1 that does not hang on the text.
#[must_use]
pub(crate) fn stakes_at_home(audience: &Audience, threats: u32, cover: f64) -> f64 {
    audience.cost * (1.0 + f64::from(threats)) * (1.0 - cover)
}

/// The part of R1 that does: how much of the demand on an issue a rung leaves unmet. [1, [0, 1]]
#[must_use]
pub(crate) fn unmet(issue: &Issue, demand: u8, rung: u8) -> f64 {
    let (demanded, found) = (issue.levels[usize::from(demand)], issue.levels[usize::from(rung)]);
    if demanded > 0.0 {
        // A demand upward: what is missing, as a share of it.
        ((demanded - found) / demanded).clamp(0.0, 1.0)
    } else {
        // A demand that nothing be done: what is done.
        found
    }
}

/// The issues that count for R1: those on the agenda on which something is demanded.
pub(crate) fn demanded<'a>(
    audience: &'a Audience,
    agenda: &'a [IssueIx],
) -> impl Iterator<Item = (IssueIx, u8)> + Clone + 'a {
    agenda.iter().filter_map(|&k| audience.demands[k.ix()].map(|rung| (k, rung)))
}

fn decide_to_speak(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (struck, hostilities, clocks): (
        Res<PerTable<Struck>>,
        Res<PerTable<Hostilities>>,
        Res<PerTable<Clock>>,
    ),
    audiences: Query<&Audience>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let audiences = roster.seated(audiences);
    for (at, table) in tables.here().filter(|(at, _)| clocks[*at].round.is_some()) {
        for p in roster.parties() {
            let violence = hostilities[at].violence(&struck[at], p);
            let seat = Seat::Capital(p);
            trace!(party = %tables.named(&p), violence, "anger heard at home");
            if violence == 0.0 || !orders[at].are_the_policys(seat) {
                continue;
            }
            let audience = audiences.get(at, p);
            let chance = provoked(audience.threat_when_struck, violence);
            let threatens = table.draws(Purpose::Threat, p.ix()).chance(chance);
            trace!(party = %tables.named(&p), violence, chance, threatens, "threat drawn");
            if threatens {
                orders[at].give(seat, Decision::State { statement: Statement::Threaten });
            }
        }
    }
}

fn speak(
    (tables, roster): (Res<Tables>, Res<Roster>),
    orders: Res<PerTable<Orders>>,
    threats: Query<&mut Threats>,
    mut narration: ResMut<Narration>,
) {
    let mut threats = roster.seated(threats);
    // Delegations do only where somebody outside speaks for them.
    let are_capitals =
        tables.here().next().is_some_and(|(_, table)| table.stage == Stage::Capitals);
    for (at, table) in tables.here_if(are_capitals) {
        for party in roster.parties() {
            let [capital, delegation] = [Seat::Capital(party), Seat::Delegation(party)];
            for decision in orders[at].of(capital).chain(orders[at].of(delegation)) {
                let &Decision::State { statement } = decision else { continue };
                if statement == Statement::Threaten {
                    threats.get_mut(at, party).count += 1;
                }
                debug!(party = %tables.named(&party), ?statement, "statement made");
                let at_close = false;
                narration.note(at, table, || Event::StatementMade { party, statement, at_close });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue() -> Issue {
        Issue { levels: vec![0.0, 0.5, 0.75, 1.0], ..crate::testing::plain_issue() }
    }

    #[test]
    fn r1_backing_down_costs_its_share() {
        assert_eq!(unmet(&issue(), 3, 3), 0.0);
        assert_eq!(unmet(&issue(), 3, 1), 0.5);
        assert_eq!(unmet(&issue(), 3, 0), 1.0);
        assert!((unmet(&issue(), 2, 1) - 1.0 / 3.0).abs() < 1e-12, "of 0.75 only 0.5");
        let (demands, threat_when_struck) = (vec![Some(1), Some(2)], 0.0);
        let audience = Audience { cost: 0.1, demands, threat_when_struck };
        assert_eq!(stakes_at_home(&audience, 0, 0.5), 0.05, "half of it covered");
        let counted: Vec<_> = demanded(&audience, &[IssueIx(1)]).collect();
        assert_eq!(counted, [(IssueIx(1), 2)], "what is on the agenda");
        assert_eq!(unmet(&issue(), 1, 3), 0.0, "more than demanded is no backing down");
        assert_eq!(unmet(&issue(), 0, 2), 0.75, "a demand that nothing be done");
    }

    #[test]
    fn r2_threats_raise_it_and_cover_lowers_it() {
        let audience = Audience { cost: 0.1, demands: vec![], threat_when_struck: 0.5 };
        assert_eq!(stakes_at_home(&audience, 0, 0.0), 0.1);
        assert_eq!(stakes_at_home(&audience, 2, 0.5), 0.15000000000000002);
        assert_eq!(stakes_at_home(&audience, 9, 1.0), 0.0);
    }
}
