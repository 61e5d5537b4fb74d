//! A scenario as the engine takes it: validated, every name resolved, every number in range.
//!
//! Everything that tells one case from another stands here and nowhere else in the engine: it knows
//! no country and no issue by name. `demarche-scenario` is the only maker of these values from a
//! file; what it promises (lengths agree, indices exist, ranges hold) the engine relies on.

use demarche_domain::index::{GroupIx, IssueIx, PartyIx, RoundIx};
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_random::sample::Number;
use demarche_record::cast::Cast;

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

/// What no deal is worth where packages are valued by tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The reservation value.
    Reservation,
    /// The reservation value, or the worst package where that is better.
    ReservationOrWorst,
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

/// How packages are valued.
#[derive(Clone, Debug, PartialEq)]
pub enum Preferences {
    /// By a signed stake per issue; the absolute values add up to 1. [1, [−1, 1]]
    Stakes(Vec<Number>),
    /// By a table of values per rung, and the worth of no deal. [utility]
    Tables {
        /// Values per issue and rung, weights already multiplied in.
        values: Vec<Vec<f64>>,
        /// The worth of no deal. [utility, [0, 1]]
        reservation: Number,
    },
}

/// Two issues that are worth more, or less, together.
#[derive(Clone, Debug, PartialEq)]
pub struct Linkage {
    /// The issues.
    pub issues: (IssueIx, IssueIx),
    /// What both at level 1 are worth beyond each by itself. [gain, [−1, 1]]
    pub stake: Number,
}

/// A party: its capital, its delegation, its constituencies.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Its place in the file: the roster is in the order of keys, so that nothing else hangs on it.
    pub listed: u8,
    /// How its capital values packages.
    pub preferences: Preferences,
    /// Issues that hang together for it.
    pub linkages: Vec<Linkage>,
    /// What it will never sign.
    pub red_lines: Region,
    /// What crossing a softer line costs: issue, the rungs it may not leave, penalty per level.
    pub soft_lines: Vec<SoftLine>,
    /// The rung it demands in public, per issue.
    pub demands: Vec<Option<u8>>,
    /// What no deal is worth by itself, o. [gain, [−1, 1]]
    pub outside_option: Number,
    /// What full fighting costs it, φ. [gain, [0, 1]]
    pub pain_of_fighting: Number,
    /// What full closure costs it. [gain, [0, 1]]
    pub pain_of_closure: Number,
    /// What one salient attack a day costs it. [gain, [0, 1]]
    pub pain_of_attacks: Number,
    /// What backing down from all its demands costs it, a. [gain, [0, 1]]
    pub audience_cost: Number,
    /// How likely its capital wants an agreement rather than talks. [1, [0, 1]]
    pub sincerity: Number,
    /// Share of what it promises that it is able to do, κ. [1, [0, 1]]
    pub capacity: Number,
    /// What talks themselves are worth to an insincere capital, h₀. [gain, [0, 1]]
    pub stall_value: Number,
    /// Spread of the noise on its worth of any agreement, ε. [gain, [0, 1]]
    pub temper_spread: Number,
    /// Its trust in each party that this one is willing, τ; its own place is unused. [1, (0, 1)]
    pub trust: Vec<Number>,
    /// The capacity it takes each party to have, κ̂. [1, [0, 1]]
    pub perceived_capacity: Vec<Number>,
    /// How its delegates bargain.
    pub bargaining: Bargaining,
    /// How its capital instructs them.
    pub instructing: Instructing,
    /// How it uses force, crossings and words.
    pub conduct: Conduct,
    /// Those at home who must consent.
    pub constituencies: Vec<Constituency>,
}

/// A line that costs something to cross.
#[derive(Clone, Debug, PartialEq)]
pub struct SoftLine {
    /// On which issue.
    pub issue: IssueIx,
    /// The highest rung that costs nothing, where crossing is going above.
    pub up_to: u8,
    /// What one full level beyond costs. [gain, [0, 1]]
    pub penalty: Number,
}

/// How delegates bargain.
#[derive(Clone, Debug, PartialEq)]
pub struct Bargaining {
    /// Concession exponent e; 0 never concedes. [1, [0, 20]]
    pub concession_exponent: Number,
    /// Share of the other's concession that is given back, ρ. [1, [0, 2]]
    pub reciprocity: Number,
    /// Impatience at which walking out is as likely as it gets half-way, Φ*. [1, [0, 5]]
    pub patience: Number,
    /// How quickly it walks out once far past its patience. [1/d, [0, 10]]
    pub walk_out_per_day: Number,
    /// Error in its idea of the other's stakes before anything is told. [1, [0, 2]]
    pub misreading: Number,
}

/// How a capital instructs.
#[derive(Clone, Debug, PartialEq)]
pub struct Instructing {
    /// Mean delay of a reply beyond one turn, ℓ. [d, [0, 10]]
    pub reply_delay_days: Number,
    /// How sharply the reply turns on the gain, z. [1/gain, [0, 50]]
    pub reply_sharpness: Number,
    /// Weight of stalling against gain, ω. [1, [0, 2]]
    pub stalling_weight: Number,
    /// How often an unfavourable reply takes back what was accepted. [1, [0, 1]]
    pub revocation: Number,
    /// How often it puts off instead of refusing. [1, [0, 1]]
    pub deferral: Number,
    /// How often delegates of an insincere capital play for time. [1/d, [0, 10]]
    pub stalls_per_day: Number,
}

/// How a party uses force, crossings and words.
#[derive(Clone, Debug, PartialEq)]
pub struct Conduct {
    /// Chance that it strikes after a salient attack on it, with no truce. [1, [0, 1]]
    pub strike_after_attack: Number,
    /// Chance that it answers a strike, with no truce. [1, [0, 1]]
    pub answer_strike: Number,
    /// Share of these chances that a truce takes away. [1, [0, 1]]
    pub truce_restraint: Number,
    /// Chance that it threatens in public after a salient attack. [1, [0, 1]]
    pub threat_after_attack: Number,
    /// Whether its crossings are shut at the start.
    pub starts_shut: bool,
    /// How often it would open them on its own. [1/d, [0, 10]]
    pub opening_per_day: Number,
    /// How much its own pain of closure quickens that. [1/gain, [0, 100]]
    pub opening_by_pain: Number,
    /// Chance that it shuts them after a salient attack on it. [1, [0, 1]]
    pub shut_after_attack: Number,
    /// How sharply blame turns on cost at home against the worth of another round. [1/gain]
    pub statement_sharpness: Number,
    /// How much it gains at home by blaming, before its audience cost. [gain, [−1, 1]]
    pub blame_appeal: Number,
}

/// A veto holder at home.
#[derive(Clone, Debug, PartialEq)]
pub struct Constituency {
    /// Its own stakes. [1, [−1, 1]]
    pub stakes: Vec<Number>,
    /// How sharply its consent turns on its gain, κ_r. [1/gain, [0, 100]]
    pub sharpness: Number,
    /// The gain at which it is of two minds. [gain, [−1, 1]]
    pub buffer: Number,
}

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

/// A class of outcome: all that is named must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How the last round that was held ended.
    pub ending: Option<demarche_record::event::Ending>,
    /// Whether a truce is in force.
    pub truce: Option<bool>,
    /// Rungs in force at the least.
    pub at_least: Vec<(IssueIx, u8)>,
    /// Fighting at the least. [1, [0, 1]]
    pub fighting_above: Option<f64>,
    /// Whether this round ended in an agreement.
    pub agreed_in: Option<RoundIx>,
}

/// How the world between the parties moves.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Fighting at the start, F. [1, [0, 1]]
    pub fighting: Number,
    /// Whether a truce is in force at the start.
    pub truce: bool,
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
    /// Opening crossings as goodwill. [log-odds, [0, 10]]
    pub goodwill: Number,
    /// A message by a mediator whom one believes wholly. [log-odds, [0, 10]]
    pub message: Number,
}

/// What events make of impatience.
#[derive(Clone, Debug, PartialEq)]
pub struct Tempers {
    /// The other asks home. [1, [0, 5]]
    pub request: Number,
    /// The other plays for time. [1, [0, 5]]
    pub stalling: Number,
    /// A salient attack on one's own side. [1, [0, 5]]
    pub attack: Number,
    /// A concession that gives me all I hope for. [1, [0, 5]]
    pub movement: Number,
    /// A day with a mediator who communicates wholly. [1/d, [0, 5]]
    pub mediation: Number,
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
