//! Cover: the blame at home that mediators take on themselves.
//!
//! # Rules
//! - **R1** Mediators together take part of the blame at home, each by its closeness to the side:
//!   1 − Π(1 − cover·(1 + closeness)/2). [beardsley2008, political cover]
//! - **R2** Only those take it who take part in the talks now. [ours: who is not in the room can be
//!   blamed for nothing that was said there]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::MAX_PARTIES;
use tracing::trace;

use crate::mechanisms::deadline::Clock;
use crate::mechanisms::mediation::{Engagement, engage};
use crate::roster::Roster;
use crate::table::{PerTable, Tables};

/// Cover that each party has from all mediators. [1, [0, 1]] -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cover(pub [f64; MAX_PARTIES]);

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(cover.in_set(crate::turn::Phase::Engage).after(engage));
}

fn cover(
    (tables, roster, clocks): (Res<Tables>, Res<Roster>, Res<PerTable<Clock>>),
    mediators: Query<&Engagement>,
    mut covers: ResMut<PerTable<Cover>>,
) {
    let mediators = roster.seated(mediators);
    for (at, _) in tables.here() {
        // Between rounds nobody is in the room.
        if clocks[at].round.is_none() {
            covers[at] = Cover::default();
            continue;
        }
        for p in roster.parties() {
            let all = roster.mediators().map(|m| {
                let mediator = mediators.get(at, m);
                taken(mediator.is_active, mediator.cover, mediator.believed_by(p))
            });
            let cover = together(all);
            covers[at].0[p.ix()] = cover;
            trace!(party = %tables.named(&p), cover, "blame taken");
        }
    }
}

/// R2: the part of the blame that one mediator takes by itself. [1, [0, 1]]
fn taken(is_active: bool, cover: f64, closeness: f64) -> f64 {
    if is_active { cover * closeness } else { 0.0 }
}

/// R1. [1, [0, 1]]
fn together(taken: impl Iterator<Item = f64>) -> f64 {
    1.0 - taken.fold(1.0, |left, taken| left * (1.0 - taken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{EAST, mediator};

    /// What mediators of this closeness take of the blame, each able to take half.
    #[track_caller]
    fn check(closeness: &[f64], expected: f64) {
        let believed = |closeness: f64| {
            let mediator = Engagement { closeness: [closeness; MAX_PARTIES], ..mediator([0.0; 3]) };
            mediator.believed_by(EAST)
        };
        let all = closeness.iter().map(|closeness| taken(true, 0.5, believed(*closeness)));
        assert_eq!(together(all), expected, "{closeness:?}");
    }

    #[test]
    fn r1_mediators_share_the_blame_by_closeness() {
        check(&[], 0.0);
        check(&[-1.0], 0.0);
        check(&[0.0], 0.25);
        check(&[1.0], 0.5);
        check(&[1.0, 0.0], 0.625);
    }

    #[test]
    fn r2_who_takes_no_part_takes_no_blame() {
        assert_eq!((taken(true, 0.5, 1.0), taken(false, 0.5, 1.0)), (0.5, 0.0));
    }
}
