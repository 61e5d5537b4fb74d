//! Orders: what the seats of a table decide in a part of the turn, by the policy or from outside.
//!
//! Most seats decide nothing most of the time, so that what is decided lies in one short list for
//! each table: whoever carries orders out reads that, and need not ask every seat.

use bevy_ecs::prelude::*;
use demarche_record::decision::{Decision, Matter};
use demarche_record::seat::Seat;

use crate::table::{PerTable, Tables};

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(forget.in_set(crate::turn::Phase::Forget));
}

/// Who decides for a seat in the present part of the turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chair {
    /// Whether someone outside sits here.
    pub is_outside: bool,
    /// Whether decisions of this part came from outside, so that the policy keeps out.
    pub is_given: bool,
    /// Whether someone outside leaves this part to the policy.
    pub is_left: bool,
}

impl Chair {
    /// Whether the policy is to decide here.
    const fn is_the_policys(self) -> bool {
        (!self.is_outside || self.is_left) && !self.is_given
    }
}

/// What the seats of a table decide in the present part of the turn.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// As they were given.
    given: Vec<(Seat, Decision)>,
    /// Those where not the policy alone decides.
    chairs: Vec<(Seat, Chair)>,
}

impl Orders {
    /// Who decides for a seat.
    #[must_use]
    pub fn chair(&self, seat: Seat) -> Chair {
        let found = self.chairs.iter().find(|(of, _)| *of == seat);
        found.map_or_else(Chair::default, |(_, chair)| *chair)
    }

    /// The same, to be changed.
    pub(crate) fn chair_mut(&mut self, seat: Seat) -> &mut Chair {
        let place = self.chairs.iter().position(|(of, _)| *of == seat).unwrap_or_else(|| {
            self.chairs.push((seat, Chair::default()));
            self.chairs.len() - 1
        });
        &mut self.chairs[place].1
    }

    /// Whether the policy is to decide for a seat.
    #[must_use]
    pub fn are_the_policys(&self, seat: Seat) -> bool {
        self.chairs.is_empty() || self.chair(seat).is_the_policys()
    }

    /// Adds a decision of a seat.
    pub fn give(&mut self, seat: Seat, decision: Decision) {
        self.given.push((seat, decision));
    }

    /// Whether no seat has decided anything.
    #[must_use]
    pub const fn are_none(&self) -> bool {
        self.given.is_empty()
    }

    /// What a seat has decided.
    pub fn of(&self, seat: Seat) -> impl Iterator<Item = &Decision> {
        let of = self.given.iter().filter(move |(by, _)| *by == seat);
        of.map(|(_, decision)| decision)
    }

    /// Whether a seat has decided this.
    #[must_use]
    pub fn contain(&self, seat: Seat, what: &Decision) -> bool {
        self.of(seat).any(|decision| decision == what)
    }

    /// Whether a seat has decided something on a matter.
    #[must_use]
    pub fn are_on(&self, seat: Seat, matter: Matter) -> bool {
        self.of(seat).any(|decision| decision.matter() == matter)
    }

    /// As they are when a run begins: the policy decides for all, and nothing is decided.
    pub(crate) fn renew(&mut self) {
        self.given.clear();
        self.chairs.clear();
    }

    /// Forgets the part of the turn that is over. Who sits outside stays there.
    fn forget(&mut self) {
        self.given.clear();
        self.chairs.retain_mut(|(_, chair)| {
            (chair.is_given, chair.is_left) = (false, false);
            chair.is_outside
        });
    }
}

fn forget(tables: Res<Tables>, mut orders: ResMut<PerTable<Orders>>) {
    for (at, _) in tables.here() {
        orders[at].forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use demarche_record::format::Lineage;

    use crate::session::Session;
    use crate::table::Status;
    use crate::testing::{EAST, WEST, plain_scenario};

    #[test]
    fn who_leaves_one_part_of_the_turn_to_the_policy_is_asked_in_the_next() {
        let mut session = Session::new(Arc::new(plain_scenario()), 1);
        let lineage = Lineage { seed: 1, branch: None, over_ranges: None };
        session.seat(0, lineage, Vec::new(), false);
        let seat = Seat::Capital(EAST);
        session.hand(0, seat, true).unwrap();
        // Nobody is asked before the first part: what is left there is over before the second.
        session.leave_to_policy(0, seat).unwrap();
        session.advance().unwrap();
        assert_eq!(session.status(0), Status::Awaiting);
        session.leave_to_policy(0, seat).unwrap();
        assert_eq!(session.status(0), Status::Running);
    }

    #[test]
    fn a_part_of_the_turn_is_forgotten_and_who_sits_outside_is_not() {
        let (capital, delegation) = (Seat::Capital(EAST), Seat::Delegation(EAST));
        let mut orders = Orders::default();
        assert!(orders.are_the_policys(capital) && orders.are_none());
        orders.chair_mut(capital).is_outside = true;
        assert!(!orders.are_the_policys(capital) && orders.are_the_policys(delegation));
        orders.chair_mut(capital).is_left = true;
        assert!(orders.are_the_policys(capital), "left to the policy");
        orders.chair_mut(delegation).is_given = true;
        orders.give(delegation, Decision::Accept {});
        assert!(!orders.are_the_policys(delegation), "given from outside");
        assert!(orders.contain(delegation, &Decision::Accept {}));
        assert!(!orders.contain(Seat::Delegation(WEST), &Decision::Accept {}));
        assert!(orders.are_on(delegation, Matter::Table) && orders.of(capital).next().is_none());
        orders.forget();
        assert!(orders.are_none() && orders.are_the_policys(delegation));
        assert!(!orders.are_the_policys(capital), "still outside");
        orders.renew();
        assert!(orders.are_the_policys(capital));
    }
}
