//! Parties: their capitals, their delegations, and those at home who must consent.
use demarche_domain::index::IssueIx;
use demarche_domain::region::Region;
use demarche_random::sample::Number;

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

/// A line that costs something to cross.
#[derive(Clone, Debug, PartialEq)]
pub struct SoftLine {
    /// On which issue.
    pub issue: IssueIx,
    /// The lowest rung that costs nothing.
    pub from: u8,
    /// The highest.
    pub to: u8,
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
    /// Chance that it answers a strike, with no truce and nothing at stake at home. [1, [0, 1]]
    pub answer_strike: Number,
    /// Share of these chances that a truce takes away. [1, [0, 1]]
    pub truce_restraint: Number,
    /// Chance that it threatens in public, for each attack or strike on it. [1, [0, 1]]
    pub threat_when_struck: Number,
    /// Whether its crossings are shut at the start.
    pub starts_shut: bool,
    /// How often it would open them on its own. [1/d, [0, 10]]
    pub opening_per_day: Number,
    /// How much its own pain of closure quickens that. [1/gain, [0, 100]]
    pub opening_by_pain: Number,
    /// How much its own pain of attacks slows that. [1/gain, [0, 100]]
    pub opening_by_attacks: Number,
    /// Chance that it shuts them, for each attack or strike on it. [1, [0, 1]]
    pub shut_when_struck: Number,
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
