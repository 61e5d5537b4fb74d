//! A scenario as the engine takes it: validated, every name resolved, every number in range.
//!
//! Everything that tells one case from another stands here and nowhere else in the engine: it knows
//! no country and no issue by name. `demarche-scenario` is the only maker of these values from a
//! file; what it promises (lengths agree, indices exist, ranges hold) the engine relies on.

mod parties;
mod talks;
mod around;

use demarche_domain::index::{GroupIx, IssueIx, PartyIx};
use demarche_domain::package::PackageSpace;
use demarche_random::sample::Number;
use demarche_record::cast::Cast;

pub use around::{
    Beliefs, Crossing, Durability, Effect, Group, Mediator, Shock, Style, Tempers, When, World,
};
pub use demarche_solutions::disagreement::Disagreement;
pub use parties::{
    Bargaining, Conduct, Constituency, Instructing, Linkage, Party, Preferences, SoftLine,
};
pub use talks::{
    Acceptance, ClockConvention, CrossingsReading, FirstMover, Offering, Outcome, Protocol, Round,
    RoundCondition, Ties, Variant,
};

/// Everything a run is made from, but for its seed and what comes from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Names and words.
    pub cast: Cast,
    /// The merged text that it was read from.
    pub text: String,
    /// The digest of that text.
    pub digest: String,
    /// The length of a turn. [d, (0, 1]]
    pub turn_days: f64,
    /// The turn after which a run ends, whatever is under way. [turns, ≥ 1]
    pub horizon_turns: u32,
    /// How long a run goes on after the last round. [turns]
    pub follow_on_turns: u32,
    /// The conventions of bargaining.
    pub protocol: Protocol,
    /// All packages.
    pub space: PackageSpace,
    /// The issues, in order.
    pub issues: Vec<Issue>,
    /// The parties, in roster order.
    pub parties: Vec<Party>,
    /// The mediators.
    pub mediators: Vec<Mediator>,
    /// The armed groups.
    pub groups: Vec<Group>,
    /// The crossings.
    pub crossings: Vec<Crossing>,
    /// The rounds, in order.
    pub rounds: Vec<Round>,
    /// What may strike from outside.
    pub shocks: Vec<Shock>,
    /// The classes of outcome, the first that fits is taken; the last fits always.
    pub outcomes: Vec<Outcome>,
    /// How the world between the parties moves.
    pub world: World,
    /// How long a truce lasts after the talks.
    pub durability: Durability,
}

impl Scenario {
    /// Whether fighting is part of the case: where it is not, a strike would mean nothing.
    #[must_use]
    pub fn has_fighting(&self) -> bool {
        let strikes = |party: &Party| {
            let conduct = &party.conduct;
            conduct.strike_after_attack.may_be_nonzero() || conduct.answer_strike.may_be_nonzero()
        };
        let world = [self.world.fighting, self.world.strike_escalation];
        world.iter().any(Number::may_be_nonzero) || self.parties.iter().any(strikes)
    }

    /// Whether a party's public threats are part of the case: they cost it something to back down
    /// from, raise what fighting is expected, or are what its policy does.
    #[must_use]
    pub fn has_threats(&self, party: PartyIx) -> bool {
        let own = &self.parties[party.ix()];
        let numbers =
            [self.world.threat_escalation, own.audience_cost, own.conduct.threat_when_struck];
        numbers.iter().any(Number::may_be_nonzero)
    }

    /// Whether what a party says at the close of a round is part of the case.
    #[must_use]
    pub fn has_statements(&self, party: PartyIx) -> bool {
        self.parties[party.ix()].conduct.statement_sharpness.may_be_nonzero()
    }
}

/// A question on which the parties differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// The level of each rung, 0 for the status quo. [1, [0, 1]]
    pub levels: Vec<f64>,
    /// Who must act on it, if somebody in particular must.
    pub obligor: Option<PartyIx>,
    /// Whether its worth to others hangs on the obligor's credibility.
    pub needs_credibility: bool,
    /// The issue whose level says how well this one is verified.
    pub verified_by: Option<IssueIx>,
    /// What share of a hardship it takes away at its top level.
    pub relief: Relief,
    /// Whether its cost to the obligor falls when a mediator asks for it.
    pub cost_falls_with_cover: bool,
    /// Whether its cost to the obligor falls when others stand behind it.
    pub cost_falls_with_guarantee: bool,
    /// The rung from which it puts a truce in force.
    pub truce_from: Option<u8>,
    /// Whether its level is the share of trade that passes when agreed.
    pub opens_crossings: bool,
    /// Whether its level is the restraint from strikes that both owe when agreed.
    pub restrains_strikes: bool,
    /// The group that the obligor must curb when agreed.
    pub curbs: Option<GroupIx>,
}

/// Shares of hardships that an issue takes away at level 1. [1, [0, 1]]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Relief {
    /// Of the pain of fighting, and of the fighting expected if the talks fail.
    pub fighting: f64,
    /// Of the pain of closed crossings.
    pub closure: f64,
    /// Of the pain of attacks.
    pub attacks: f64,
}
