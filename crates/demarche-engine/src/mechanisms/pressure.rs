//! Pressure: leaning on a side, so that talking on is dearer to it.
//!
//! # Rules
//! - **R1** A mediator with leverage presses a side that objects to the text and to which the talks
//!   themselves are worth something; pressure comes off that worth. [zartman1985, manipulation; the
//!   form is ours: it moves nobody who gains nothing by talking on]
//! - **R2** Leverage wears off as it is used, pressure with time. [beardsley2006: what is pressed
//!   for lasts as long as the pressure]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_random::math;
use tracing::{debug, trace};

use crate::roster::Roster;
use crate::seating::Dynamics;
use crate::table::{PerTable, Rules, Tables};

/// Pressure on a capital. [gain] -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Pressure(pub f64);

/// Leverage below which nobody minds being pressed. [gain] Assumed.
const NOTICED: f64 = 0.01;

/// R1: whether a side that objects is one to be pressed.
pub(crate) fn would_press(leverage: f64, pull: f64) -> bool {
    pull > 0.0 && leverage > NOTICED
}

/// Presses a capital with the leverage that is left. R2.
pub(crate) fn press(pressure: &mut Pressure, leverage: &mut f64, dynamics: &Dynamics) {
    pressure.0 += *leverage;
    *leverage *= dynamics.leverage_left;
    debug!(pressure = pressure.0, leverage_left = *leverage, "pressure put");
}

/// R2.
pub(crate) fn wear_off(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    dynamics: Res<PerTable<Dynamics>>,
    pressures: Query<&mut Pressure>,
) {
    let mut pressures = roster.seated(pressures);
    for (at, _) in tables.here() {
        for p in roster.parties() {
            let pressure = pressures.get_mut(at, p);
            if pressure.0 != 0.0 {
                pressure.0 = faded(pressure.0, &dynamics[at], rules.0.turn_days);
            }
            trace!(party = %tables.named(&p), pressure = pressure.0, "pressure wore off");
        }
    }
}

/// R2: the pressure that is left after so many days. [gain]
fn faded(pressure: f64, dynamics: &Dynamics, days: f64) -> f64 {
    pressure * math::pow(dynamics.pressure_retention, days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_pressure_is_for_those_who_gain_by_talking() {
        assert!(would_press(0.3, 0.1));
        assert!(!would_press(0.3, 0.0) && !would_press(0.0, 0.1));
        use crate::mechanisms::stalling::{Character, pull};
        let devious = Character { is_sincere: false, capacity: 0.5, stall_value: 0.6, temper: 0.0 };
        let pressed = |pressure| pull(&devious, 1.0, 0.0, 0.0, pressure);
        assert!((pressed(0.0) - pressed(0.2) - 0.2).abs() < 1e-12, "it comes off that worth");
    }

    #[test]
    fn r2_leverage_wears_off_by_use_and_pressure_by_time() {
        let half = Dynamics { leverage_left: 0.5, pressure_retention: 0.25, ..Dynamics::default() };
        let (mut pressure, mut leverage) = (Pressure(0.0), 0.4);
        press(&mut pressure, &mut leverage, &half);
        press(&mut pressure, &mut leverage, &half);
        assert!((pressure.0 - 0.6).abs() < 1e-12);
        assert_eq!(leverage, 0.1);
        assert_eq!(faded(0.4, &half, 1.0), 0.1);
        assert_eq!(faded(0.4, &half, 0.5), 0.2);
    }
}
