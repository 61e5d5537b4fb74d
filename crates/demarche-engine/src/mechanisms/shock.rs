//! Shocks: events from outside the model, scripted, drawn or let in by somebody.
//!
//! # Rules
//! - **R1** A scripted shock strikes in its turn; a chance shock once at most, at its rate; an
//!   injected one when it is let in. [ours: what the model does not explain, it is told]
//! - **R2** A shock acts through the state that other mechanisms read (an attack, a strike,
//!   crossings, a truce, trust, a mediator) and never on an outcome. [ours: no outcome may be
//!   written in]
//!
//! # Departures
//! None: this is the boundary of the model.
use bevy_ecs::prelude::*;
use demarche_domain::index::ShockIx;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::event::Event;
use tracing::debug;

use crate::scenario::{Effect, Shock, When};
use crate::table::{Narration, PerTable, Rules, Tables};

/// The shocks of a table. -- state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shocks {
    /// Those that somebody outside let in for this turn.
    pub injected: Vec<ShockIx>,
    /// Those that strike in this turn.
    pub striking: Vec<ShockIx>,
    /// Rates of the chance shocks, 0 for others and once they have struck. [1/d]
    pub rates: Vec<f64>,
    /// The number of each effect of each shock in this run, where it has one: severity or odds.
    pub numbers: Vec<Vec<f64>>,
}

impl Shocks {
    /// The effects that strike in this turn, each with its number.
    pub(crate) fn effects<'a>(
        &'a self,
        shocks: &'a [Shock],
    ) -> impl Iterator<Item = (&'a Effect, f64)> {
        self.striking.iter().flat_map(|shock| {
            let numbers = self.numbers[shock.ix()].iter().copied();
            shocks[shock.ix()].effects.iter().zip(numbers)
        })
    }
}

/// Whether anything can come of it in a scenario: it names shocks.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    !scenario.shocks.is_empty()
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(strike.in_set(crate::turn::Phase::Shocks));
}

fn strike(
    (tables, rules): (Res<Tables>, Res<Rules>),
    mut shocks: ResMut<PerTable<Shocks>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let shocks = &mut shocks[at];
        shocks.striking.clear();
        for (place, shock) in rules.0.shocks.iter().enumerate() {
            let ix = ShockIx::at(place);
            let injected = shocks.injected.contains(&ix);
            let strikes = match shock.when {
                When::Turn(turn) => turn == table.turn,
                When::Chance(_) => {
                    let chance = chance_in(shocks.rates[place], rules.0.turn_days);
                    table.draws(Purpose::Shock, place).chance(chance)
                }
                When::Injected => false,
            };
            if strikes || injected {
                shocks.striking.push(ix);
                shocks.rates[place] = 0.0;
                debug!(shock = %tables.named(&ix), injected, "shock struck");
                narration.note(at, table, || Event::ShockStruck { shock: ix, injected });
            }
        }
        shocks.injected.clear();
    }
}

/// The chance that something of this rate happens within so many days.
pub(crate) fn chance_in(rate_per_day: f64, days: f64) -> f64 {
    1.0 - math::exp(-rate_per_day * days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::credibility::Trust;
    use crate::mechanisms::frontier::Frontier;
    use crate::mechanisms::mediation::Engagement;
    use crate::mechanisms::outcome::Tally;
    use crate::mechanisms::ratification::InForce;
    use crate::mechanisms::retaliation::Hostilities;
    use crate::roster::Roster;
    use crate::scenario::Scenario;
    use crate::session::Session;
    use crate::testing::{EAST, WEST, plain_group, plain_mediator, plain_scenario};
    use demarche_domain::index::GroupIx;
    use demarche_random::sample::Number;
    use demarche_record::format::Lineage;

    /// The table of the small dispute after the turn in which this struck.
    fn after(effects: Vec<Effect>) -> Session {
        let scenario = Scenario {
            groups: vec![plain_group()],
            mediators: vec![plain_mediator()],
            shocks: vec![Shock { when: When::Turn(0), effects }],
            ..plain_scenario()
        };
        let mut session = Session::new(std::sync::Arc::new(scenario), 1);
        let lineage = Lineage { seed: 7, branch: None, over_ranges: None };
        session.seat(0, lineage, Vec::new(), true);
        session.advance().unwrap();
        session
    }

    #[test]
    fn r2_a_shock_moves_what_others_read_and_no_outcome() {
        #[track_caller]
        fn check(effect: Effect, has_acted: impl Fn(&World, &Tally, &Roster) -> bool) {
            let (calm, struck) = (after(Vec::new()), after(vec![effect]));
            let acted = |s: &Session| has_acted(s.world(), s.tally(0), s.world().resource());
            assert!(!acted(&calm) && acted(&struck));
            let ends = |s: &Session| {
                let tally = s.tally(0).clone();
                let in_force = s.world().resource::<PerTable<InForce>>()[0];
                (in_force, tally.is_over, tally.outcome, tally.blocked, tally.endings)
            };
            assert_eq!(ends(&calm), ends(&struck));
        }
        let number = Number::fixed;
        let hostilities = |world: &World| world.resource::<PerTable<Hostilities>>()[0].clone();
        let (group, severity) = (GroupIx(0), number(3.0));
        check(Effect::Attack { group, severity }, |_, tally, _| tally.n_salient == 1);
        let strike = Effect::Strike { by: EAST, against: WEST };
        check(strike, |world, tally, _| tally.n_strikes == 1 && hostilities(world).fighting > 0.2);
        check(Effect::Truce, |world, _, _| hostilities(world).truce);
        check(Effect::Crossings { by: WEST, open: false }, |world, _, _| {
            world.resource::<PerTable<Frontier>>()[0].is_shut[WEST.ix()]
        });
        let trust = Effect::Trust { of: EAST, toward: WEST, odds: number(3.0) };
        check(trust, |world, _, roster| {
            let trust = world.get::<Trust>(roster.capital(0, EAST)).unwrap();
            (trust.willing[WEST.ix()] - 0.75).abs() < 1e-12
        });
        check(Effect::Mediator { mediator: 0, enters: false }, |world, _, roster| {
            let entity = roster.mediator(0, demarche_domain::index::MediatorIx(0));
            !world.get::<Engagement>(entity).unwrap().is_engaged
        });
    }

    #[test]
    fn r1_a_chance_shock_comes_at_its_rate() {
        // In half a day at one a day: 1 − e^−½.
        assert!((chance_in(1.0, 0.5) - 0.393_469_340_287_366_6).abs() < 1e-15);
        assert_eq!(chance_in(0.0, 3.0), 0.0);
    }
}
