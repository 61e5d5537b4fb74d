//! Around the table: mediators, armed groups, crossings, shocks, and how the world between the
//! parties moves.
use demarche_domain::index::{GroupIx, IssueIx, PartyIx, RoundIx};
use demarche_random::sample::Number;

/// A third party.
#[derive(Clone, Debug, PartialEq)]
pub struct Mediator {
    /// Whether it takes part at all.
    pub is_engaged: bool,
    /// The first and last turn of its engagement.
    pub turns: (u32, u32),
    /// How much it communicates, formulates and manipulates. [1, [0, 1]]
    pub style: Style,
    /// How close it is to each party, −1 hostile to 1 its own. [1, [−1, 1]]
    pub closeness: Vec<Number>,
    /// Its guarantee, γ, once offered. [1, [0, 3]]
    pub guarantee: Number,
    /// How much of the blame at home it can take on itself. [1, [0, 1]]
    pub cover: Number,
    /// What it can spend on inducements, all sides together. [gain, [0, 1]]
    pub inducement_budget: Number,
    /// How much pressure it can put on a side at a time. [gain, [0, 1]]
    pub leverage: Number,
    /// Chance that it brings back a side that walked out. [1, [0, 1]]
    pub salvage: Number,
    /// Error in its reading of each side's worth before it has heard them. [gain, [0, 1]]
    pub misreading: Number,
}

/// What a mediator does (Zartman and Touval's three roles). [1, [0, 1]]
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Carries messages and hears sides.
    pub communicate: Number,
    /// Drafts texts.
    pub formulate: Number,
    /// Presses, offers and guarantees.
    pub manipulate: Number,
}

/// An armed group that neither side commands.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Where it lives.
    pub host: PartyIx,
    /// Whom it attacks.
    pub target: PartyIx,
    /// Attacks a day that nothing provokes, μ. [1/d, [0, 100]]
    pub rate_per_day: Number,
    /// Attacks a day that the target expects of it under an unwilling host. [1/d, [0, 100]]
    pub expected_per_day: Number,
    /// Attacks that one attack sets off, α. [1, [0, 0.95]]
    pub excitation: Number,
    /// Days in which that effect halves. [d, (0, 100]]
    pub half_life_days: Number,
    /// Share of attacks that make the news. [1, [0, 1]]
    pub salient_share: Number,
    /// Exponent of the tail of severity. [1, (0, 10]]
    pub severity_tail: Number,
    /// How much progress in the talks provokes it, ψ. [1, [0, 10]]
    pub spoiling: Number,
}

/// A crossing of the frontier.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// Trade on an ordinary day. [USD m/d, ≥ 0]
    pub trade_per_day: Number,
    /// Who can shut it.
    pub held_by: Vec<PartyIx>,
}

/// Something that strikes from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// When.
    pub when: When,
    /// What it does.
    pub effects: Vec<Effect>,
}

/// When a shock strikes.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// In this turn.
    Turn(u32),
    /// By chance, at this rate, once at most. [1/d]
    Chance(Number),
    /// Only when somebody lets it in.
    Injected,
}

/// What a shock does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A salient attack of a group.
    Attack {
        /// The group.
        group: GroupIx,
        /// How severe. [1, ≥ 1]
        severity: Number,
    },
    /// A strike of one side on another.
    Strike {
        /// By whom.
        by: PartyIx,
        /// Whom.
        against: PartyIx,
    },
    /// Crossings of one side shut or open.
    Crossings {
        /// Whose.
        by: PartyIx,
        /// Open rather than shut.
        open: bool,
    },
    /// A truce comes into force, by no text of these talks.
    Truce,
    /// Trust of one side in another is multiplied in odds.
    Trust {
        /// Whose.
        of: PartyIx,
        /// In whom.
        toward: PartyIx,
        /// By what. [1, > 0]
        odds: Number,
    },
    /// A mediator enters or leaves the talks.
    Mediator {
        /// Which, by its place.
        mediator: usize,
        /// Enters rather than leaves.
        enters: bool,
    },
}

/// How the world between the parties moves.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Fighting at the start, F. [1, [0, 1]]
    pub fighting: Number,
    /// Whether a truce is in force at the start.
    pub truce: bool,
    /// The round with which that truce lapses, if no text makes another.
    pub truce_lapses_after: Option<RoundIx>,
    /// How quickly fighting dies down under a truce. [1/d, [0, 10]]
    pub calming_under_truce: Number,
    /// The same without one. [1/d, [0, 10]]
    pub calming_without_truce: Number,
    /// What one strike adds to the fighting, of what is left to full. [1, [0, 1]]
    pub strike_escalation: Number,
    /// The fighting at which a truce breaks. [1, [0, 1]]
    pub truce_breaks_at: Number,
    /// Fighting to be expected if the talks fail and nobody threatened. [1, [0, 1]]
    pub fighting_if_talks_fail: Number,
    /// What each threat adds to that. [1, [0, 1]]
    pub threat_escalation: Number,
    /// What that fighting would cost, φ_F. [gain, [0, 1]]
    pub cost_of_failure: Number,
    /// Share of pain that stays from day to day. [1, [0, 1)]
    pub pain_retention: Number,
    /// How well penalties follow from verification, η. [1, [0, 10]]
    pub enforcement: Number,
    /// How much lacking capacity raises an obligor's cost, c. [1, [0, 2]]
    pub capacity_cost: Number,
    /// Strikes a day that an unwilling side is expected to carry out. [1/d, [0, 10]]
    pub expected_strikes: Number,
    /// What beliefs make of events.
    pub beliefs: Beliefs,
    /// What events make of patience.
    pub tempers: Tempers,
    /// The share of a round after which it is late. [1, [0, 1]]
    pub late_from: Number,
    /// The window whose best a late text must match. [d, [0, 100]]
    pub window_days: Number,
    /// How much of a mediator's leverage is left after it was used. [1, [0, 1]]
    pub leverage_left: Number,
    /// How much of pressure stays from day to day. [1, [0, 1]]
    pub pressure_retention: Number,
    /// Worth of another round as a share of what one could still bring. [1, [0, 1]]
    pub worth_of_another_round: Number,
}

/// What beliefs make of events, in log-odds of trust.
#[derive(Clone, Debug, PartialEq)]
pub struct Beliefs {
    /// A concession that gives me all I hope for. [log-odds, [0, 10]]
    pub concession: Number,
    /// A stalling move. [log-odds, [0, 10]]
    pub stalling: Number,
    /// Taking back what was accepted. [log-odds, [0, 10]]
    pub reneging: Number,
    /// Walking out. [log-odds, [0, 10]]
    pub walking_out: Number,
    /// Blaming the other side when a round is over. [log-odds, [0, 10]]
    pub blame: Number,
    /// Opening crossings as goodwill. [log-odds, [0, 10]]
    pub goodwill: Number,
    /// A message by a mediator whom one believes wholly. [log-odds, [0, 10]]
    pub message: Number,
}

/// What events make of impatience.
#[derive(Clone, Debug, PartialEq)]
pub struct Tempers {
    /// A day of waiting for the other to hear from home. [1/d, [0, 5]]
    pub waiting: Number,
    /// The other's home refuses. [1, [0, 5]]
    pub refusal: Number,
    /// The other plays for time. [1, [0, 5]]
    pub stalling: Number,
    /// A salient attack or a strike on one's own side. [1, [0, 5]]
    pub struck: Number,
    /// A concession that gives me all I hope for. [1, [0, 5]]
    pub movement: Number,
    /// A day with a mediator who communicates wholly. [1/d, [0, 5]]
    pub mediation: Number,
    /// How quickly impatience fades by itself. [1/d, [0, 5]]
    pub cooling: Number,
}

/// How long a truce lasts after the talks: a Weibull clock with covariates on its rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Durability {
    /// Chance that a bare truce holds for 30 days. [1, (0, 1)]
    pub bare_30_days: Number,
    /// Shape p of the clock; below 1 the risk falls with time. [1, (0, 3]]
    pub shape: Number,
    /// What full verification takes off the log-rate. [1, [0, 5]]
    pub verification: Number,
    /// What a guarantee of 1 takes off. [1, [0, 5]]
    pub guarantee: Number,
    /// What open trade takes off. [1, [0, 5]]
    pub trade: Number,
    /// What full trust takes off. [1, [0, 5]]
    pub trust: Number,
    /// What a gain of 1 of the least side, without inducements, takes off. [1/gain, [0, 20]]
    pub least_gain: Number,
    /// What a salient attack a week adds. [1, [0, 5]]
    pub attacks: Number,
    /// The issue whose level in force is the verification.
    pub verified_by: Option<IssueIx>,
}
