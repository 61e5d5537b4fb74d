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

use crate::scenario::When;
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

    #[test]
    fn r1_a_chance_shock_comes_at_its_rate() {
        // In half a day at one a day: 1 − e^−½.
        assert!((chance_in(1.0, 0.5) - 0.393_469_340_287_366_6).abs() < 1e-15);
        assert_eq!(chance_in(0.0, 3.0), 0.0);
    }
}
