//! A seat: somebody who takes decisions at a table.

use demarche_domain::index::{ConstituencyIx, MediatorIx, PartyIx};

/// Somebody who takes decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seat {
    /// The capital of a party.
    Capital(PartyIx),
    /// A constituency with a veto at home.
    Constituency(PartyIx, ConstituencyIx),
    /// The delegation of a party.
    Delegation(PartyIx),
    /// A mediator.
    Mediator(MediatorIx),
}

impl Seat {
    /// The party the seat belongs to, if any.
    #[must_use]
    pub const fn party(self) -> Option<PartyIx> {
        match self {
            Self::Capital(party) | Self::Constituency(party, _) | Self::Delegation(party) => {
                Some(party)
            }
            Self::Mediator(_) => None,
        }
    }
}

/// The part of a turn before which decisions are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Clock, shocks, attacks, frontier, pain, beliefs: nobody is asked.
    World,
    /// Capitals and mediators.
    Capitals,
    /// Delegations.
    Delegations,
    /// Ratification at home, and what is said when a round ends.
    Home,
}
