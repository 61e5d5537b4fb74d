//! The talks: their conventions, the rounds they are held in, and the classes they can end in.
use demarche_domain::index::{IssueIx, RoundIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_random::sample::Number;
use demarche_record::event::Ending;
use demarche_solutions::disagreement::Disagreement;

/// The conventions of bargaining: choices of the scenario, because results must not hang on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Who puts what to whom.
    pub variant: Variant,
    /// How a side chooses what to put next.
    pub offering: Offering,
    /// When a side takes what is put to it.
    pub acceptance: Acceptance,
    /// Which of equal packages is taken.
    pub ties: Ties,
    /// How the elapsed share of a round is counted.
    pub clock: ClockConvention,
    /// Who moves first where moves follow one another.
    pub first_mover: FirstMover,
    /// What opening a crossing is.
    pub crossings: CrossingsReading,
    /// What no deal is worth where packages are valued by tables.
    pub disagreement: Disagreement,
}

/// Who puts what to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// A mediator redrafts one text; delegates answer under instructions.
    MediatedSingleText,
    /// Delegates put offers to each other in turn, under instructions.
    AlternatingOffers,
    /// The same, with delegates who may sign at once, asking nobody.
    DelegatesMaySign,
}

/// How a side chooses what to put next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offering {
    /// Of all that reaches its aspiration, what is nearest to the other's last stand.
    ClosestToOther,
    /// Of all that reaches its aspiration, what is worth least to itself.
    LowestAboveTarget,
}

/// When a side takes what is put to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// When it reaches the aspiration.
    Threshold,
    /// When it is at least as good as what one would put next.
    NextOffer,
    /// The same, or late and at least as good as the best of the last window.
    NextOfferOrLate,
}

/// Which of equal packages is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// The first in the order of packages.
    FirstPackage,
    /// One that is drawn.
    Drawn,
}

/// How the elapsed share s of a round is counted in its turn k of n, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockConvention {
    /// s = k/n: nothing has elapsed in the first turn.
    StartOfTurn,
    /// s = (k + 1)/n: all has elapsed in the last turn.
    EndOfTurn,
    /// s = (k + 1)/(n + 1): never 0 and never 1.
    Inside,
}

/// Who moves first where moves follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstMover {
    /// Drawn anew each turn, so that no side is favoured by its place in a file.
    Drawn,
    /// In the order of the file.
    AsListed,
}

/// What opening a crossing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossingsReading {
    /// Leverage that is given up, and so something to be sold.
    BargainingChip,
    /// A gesture that raises the other side's trust.
    Goodwill,
}

/// A round of talks.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The turn in which it opens.
    pub opens_turn: u32,
    /// How long it is meant to last. [d, (0, 365]]
    pub lasts_days: Number,
    /// On which ending of the round before it hangs.
    pub condition: RoundCondition,
    /// The issues on its agenda.
    pub agenda: Vec<IssueIx>,
    /// What each delegation may sign at the opening, by party.
    pub mandates: Vec<Region>,
    /// Whether each delegation may sign at once, asking nobody.
    pub may_sign: Vec<bool>,
    /// The text that lies on the table at the opening, if one does.
    pub opening_text: Option<Package>,
    /// Days before which nobody walks out. [d, [0, 365]]
    pub grace_days: Number,
    /// Chance that it is extended when time runs out with a text under discussion. [1, [0, 1]]
    pub extension: Number,
    /// By how much. [d, [0, 365]]
    pub extension_days: Number,
}

/// On which ending of the round before it a round hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundCondition {
    /// Held in any case.
    Always,
    /// Held only after an agreement.
    AfterAgreement,
    /// Held only without one.
    WithoutAgreement,
}

/// A class of outcome: all that is named must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How the last round that was held ended.
    pub ending: Option<Ending>,
    /// Whether a truce is in force.
    pub truce: Option<bool>,
    /// Rungs in force at the least.
    pub at_least: Vec<(IssueIx, u8)>,
    /// Fighting at the least. [1, [0, 1]]
    pub fighting_above: Option<f64>,
    /// Whether this round ended in an agreement.
    pub agreed_in: Option<RoundIx>,
    /// How much it settles, compared with the other classes: more is better. No rule reads it; it
    /// is for those who compare runs. [1, ≥ 0] -- input
    pub settles: Option<u32>,
}
