//! Small dense numbers for who and what: an index is the place in the scenario's own order.
//!
//! Each kind has its own type, so that a mediator cannot be mistaken for a party.

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u8);

        impl $name {
            /// The index as a place in a slice.
            #[must_use]
            pub const fn ix(self) -> usize {
                self.0 as usize
            }

            /// The first `count` indices, in order.
            pub fn first(count: usize) -> impl DoubleEndedIterator<Item = Self> + Clone {
                (0..count).map(|at| Self::at(at))
            }

            /// The index of a place in a slice.
            ///
            /// # Panics
            /// When the place is past 255; scenarios are far smaller, and checked to be.
            #[must_use]
            pub fn at(place: usize) -> Self {
                Self(u8::try_from(place).expect("a scenario has at most 256 of anything indexed"))
            }
        }
    };
}

index! {
    /// A party to the negotiation, in roster order.
    PartyIx
}
index! {
    /// An issue, in the scenario's order.
    IssueIx
}
index! {
    /// A mediator.
    MediatorIx
}
index! {
    /// An armed group that neither side commands.
    GroupIx
}
index! {
    /// A crossing of the frontier.
    CrossingIx
}
index! {
    /// A round of talks.
    RoundIx
}
index! {
    /// A shock written in the scenario.
    ShockIx
}
index! {
    /// A constituency, counted within its party.
    ConstituencyIx
}
index! {
    /// A class of outcome, in the scenario's order.
    OutcomeIx
}

/// The most parties, mediators or anything else that meet at one table.
pub const MAX_PARTIES: usize = 16;
