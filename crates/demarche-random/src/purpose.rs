//! What a draw is for: a part of its address.

/// What a draw is for. Numbers are appended and never reused, so that a seed keeps its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Purpose {
    /// The value of an uncertain parameter.
    Parameter = 1,
    /// Whether a capital is sincere.
    Sincerity = 2,
    /// The temper of a capital: the noise on its gain.
    Temper = 3,
    /// When a round closes.
    Closing = 4,
    /// Whether a round is extended.
    Extension = 5,
    /// Whether a chance shock strikes.
    Shock = 6,
    /// How many attacks a group carries out.
    Attacks = 7,
    /// How severe an attack is, and whether it is salient.
    Severity = 8,
    /// Whether a side strikes after an attack.
    Strike = 9,
    /// Whether a side answers a strike.
    Answer = 10,
    /// Whether crossings are shut or opened.
    Crossings = 11,
    /// How long a reply from home takes.
    Delay = 12,
    /// What the reply from home is.
    Reply = 13,
    /// Whether a capital takes back what was accepted.
    Revocation = 14,
    /// What a mediator mistakes about a side's worth.
    Reading = 15,
    /// Which of equal packages is taken.
    Tie = 16,
    /// Who moves first.
    FirstMover = 17,
    /// Whether delegates stall.
    Stall = 18,
    /// Whether a side walks out.
    WalkOut = 19,
    /// Whether a mediator brings a side back.
    BringBack = 20,
    /// Whether a constituency consents.
    Consent = 21,
    /// Whether a capital ratifies.
    Ratification = 22,
    /// What a side says at the end of a round.
    Statement = 23,
    /// How long the truce lasts after the talks.
    Durability = 24,
    /// Whether a group is curbed.
    Curbing = 25,
    /// Whether a mediator presses, caucuses or offers.
    Mediation = 26,
    /// Which pattern of error a side's estimate of the other has.
    Estimate = 27,
    /// Whether a side threatens in public during the talks.
    Threat = 28,
    /// Which stratum of a Latin hypercube a point lies in.
    Stratum = 29,
    /// Where in its stratum a point of a Latin hypercube lies.
    Place = 30,
    /// By how much the points of a Sobol' sequence are shifted.
    Shift = 31,
    /// Where a trajectory of elementary effects begins, and how it goes.
    Trajectory = 32,
}
