//! Ripeness: a stalemate that hurts every side, and a way out that all can see.
//!
//! # Rules
//! - **R1** The moment is ripe when every side hurts and there is a package on the agenda with
//!   min_i G_i(x) > 0. [zartman1989; zartman2000]
//!
//! # Departures
//! Ripeness is noted, for explanation; nothing reads it. What Zartman says of ripe moments must
//! come from pain in the valuation, or not at all.
use bevy_ecs::prelude::*;
use demarche_domain::package::Package;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_record::event::Event;
use tracing::{debug, trace};

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::valuation::Gains;
use crate::roster::Roster;
use crate::table::{Narration, PerTable, Tables};

/// Whether the moment is ripe, and the way out that was last seen. -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ripeness {
    /// Whether it is ripe.
    pub is_ripe: bool,
    /// A package that would leave all better off when last looked.
    pub way_out: Option<Package>,
}

/// The pain above which a side counts as hurting. [gain] Assumed: a twentieth of all that is at
/// stake.
const HURTING: f64 = 0.05;

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(look.in_set(crate::turn::Phase::Ripeness));
}

fn look(
    (tables, roster): (Res<Tables>, Res<Roster>),
    texts: Res<PerTable<TextOnTable>>,
    capitals: Query<(&Gains, &Pain)>,
    mut ripeness: ResMut<PerTable<Ripeness>>,
    mut narration: ResMut<Narration>,
    mut search: Local<Search>,
) {
    let capitals = roster.seated(capitals);
    for (at, table) in tables.here() {
        // Only the chronicle reads it, so without one there is nothing to look for.
        if !narration.is_on(at) || texts[at].is_closed() {
            continue;
        }
        let all: Vec<_> = roster.parties().map(|p| capitals.get(at, p)).collect();
        let gains: Vec<&Worth> = all.iter().map(|(gains, _)| &gains.0).collect();
        let hurting = all.iter().all(|(_, pain)| pain.total() >= HURTING);
        let (least_gain, way_out) = search.maximin(&texts[at].agenda, &gains);
        let ripeness = &mut ripeness[at];
        let was_ripe = std::mem::replace(&mut ripeness.is_ripe, is_ripe(hurting, least_gain));
        ripeness.way_out = (least_gain > 0.0).then_some(way_out);
        match (was_ripe, ripeness.is_ripe) {
            (false, true) => {
                debug!(least_gain, "moment ripened");
                narration.note(at, table, || Event::MomentRipened { least_gain });
            }
            (true, false) => {
                debug!(hurting, least_gain, "moment passed");
                narration.note(at, table, || Event::MomentPassed {});
            }
            (_, is_ripe) => trace!(is_ripe, hurting, least_gain, "stalemate looked at"),
        }
    }
}

/// R1.
fn is_ripe(all_hurt: bool, least_gain: f64) -> bool {
    all_hurt && least_gain > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_pain_without_a_way_out_is_not_ripe() {
        assert!(is_ripe(true, 0.1));
        assert!(!is_ripe(true, -0.1));
        assert!(!is_ripe(false, 0.1));
    }
}
