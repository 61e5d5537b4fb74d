//! Parties: their capitals, delegations and constituencies.
use super::units::{
    STAKE, UTILITY, WEIGHT, cost, gain, hours, per_day, per_gain, plain, share, utility,
};
use crate::spec::{Field, Kind, Register, TableSpec};

pub(super) static PARTY: TableSpec = TableSpec {
    name: "party",
    doc: "A party: what it wants, what it can do, and how its delegates bargain. It values \
        packages either by `stakes`, or by `values` and `linear` tables with a `reservation`.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::optional("capital", Kind::Text, "Where its decisions are taken. Absent: \"home\"."),
        Field::optional(
            "stakes",
            Kind::NumberPer { register: Register::Issues, quantity: STAKE },
            "What each issue weighs, positive where it wants a higher rung; the absolute values \
            add up to 1, and those drawn from ranges are divided so that they do. An issue not \
            named weighs nothing. Absent: it values by tables.",
        ),
        Field::optional(
            "values",
            Kind::NumbersPer { register: Register::Issues, quantity: UTILITY },
            "What each rung of an issue is worth. Absent: none is valued so.",
        ),
        Field::optional(
            "linear",
            Kind::TablePer { register: Register::Issues, of: &LINEAR },
            "What an issue is worth in proportion to its level. Absent: none is valued so.",
        ),
        Field::optional(
            "weights",
            Kind::NumberPer { register: Register::Issues, quantity: WEIGHT },
            "What each issue counts where packages are valued by tables; they add up to 1. \
             Absent: there is only one issue, or it values by stakes.",
        ),
        Field::optional(
            "reservation",
            utility(),
            "What no deal is worth where packages are valued by tables. Absent: it values by \
            stakes.",
        ),
        Field::optional(
            "linkages",
            Kind::List { of: &LINKAGE, max: 32 },
            "Pairs of issues that are worth more, or less, together. Absent: there are none.",
        ),
        Field::optional(
            "red-lines",
            Kind::TablePer { register: Register::Issues, of: &INTERVAL },
            "The rungs outside of which it never signs. Absent, or an issue not named: it may sign \
            any.",
        ),
        Field::optional(
            "soft-lines",
            Kind::TablePer { register: Register::Issues, of: &SOFT_LINE },
            "Lines that cost something to cross. Absent: there are none.",
        ),
        Field::optional(
            "demands",
            Kind::RungPer,
            "What it demands in public. Absent: nothing, so it has nothing to back down from.",
        ),
        Field::optional(
            "audience-cost",
            cost("a", 0.0, 0.25),
            "What backing down from all its demands costs it. Absent: nothing.",
        ),
        Field::optional(
            "outside-option",
            gain("o", -0.1, 0.2),
            "What no deal is worth by itself. Absent: nothing.",
        ),
        Field::optional("pains", Kind::Table(&PAINS), "What hurts it. Absent: nothing does."),
        Field::optional(
            "character",
            Kind::Table(&CHARACTER),
            "What others cannot see. Absent: it is sincere, fully capable, and always of one mind.",
        ),
        Field::optional(
            "beliefs",
            Kind::TablePer { register: Register::Parties, of: &BELIEF },
            "What it believes of each other party. Absent, or a party not named: \
             as good as full trust (0.99), and full capacity.",
        ),
        Field::required("bargaining", Kind::Table(&BARGAINING), "How its delegates bargain."),
        Field::optional(
            "instructing",
            Kind::Table(&INSTRUCTING),
            "How its capital instructs them. Absent: it answers at once, clearly, and plays for no \
            time.",
        ),
        Field::optional(
            "conduct",
            Kind::Table(&CONDUCT),
            "How it uses force, crossings and words. Absent: it uses neither force nor crossings, \
            and has nothing to gain by blaming.",
        ),
        Field::optional(
            "constituencies",
            Kind::Map { of: &CONSTITUENCY, register: Register::Constituencies, max: 4 },
            "Those at home who must consent. Absent: nobody need be asked.",
        ),
    ],
};

static LINEAR: TableSpec = TableSpec {
    name: "linear",
    doc: "The worth of an issue in proportion to its level; of the status quo, nothing.",
    fields: &[
        Field::required("from", utility(), "The worth at level 0, were it agreed."),
        Field::required("to", utility(), "The worth at level 1."),
    ],
};

static LINKAGE: TableSpec = TableSpec {
    name: "linkage",
    doc: "Two issues that are worth more, or less, together.",
    fields: &[
        Field::required("issues", Kind::Names(Register::Issues), "The two issues."),
        Field::required(
            "stake",
            gain("w_kl", -0.2, 0.2),
            "What both at level 1 are worth beyond each by itself.",
        ),
    ],
};

pub(super) static INTERVAL: TableSpec = TableSpec {
    name: "interval",
    doc: "An interval of rungs, both ends included.",
    fields: &[
        Field::optional("from", Kind::Text, "The lowest rung. Absent: the status quo."),
        Field::optional("to", Kind::Text, "The highest rung. Absent: the highest there is."),
    ],
};

static SOFT_LINE: TableSpec = TableSpec {
    name: "soft-line",
    doc: "A line that costs something to cross.",
    fields: &[
        Field::optional("from", Kind::Text, "The lowest rung that costs nothing. Absent: any."),
        Field::optional("to", Kind::Text, "The highest rung that costs nothing. Absent: any."),
        Field::required("penalty", cost("pen", 0.05, 0.5), "What one full level beyond costs."),
    ],
};

static PAINS: TableSpec = TableSpec {
    name: "pains",
    doc: "What hurts a party while nothing is agreed.",
    fields: &[
        Field::required("fighting", cost("φ_F", 0.3, 0.6), "What full fighting costs it."),
        Field::required("closure", cost("φ_B", 0.02, 0.3), "What full closure costs it."),
        Field::required(
            "attacks",
            cost("φ_A", 0.03, 0.12),
            "What one salient attack a day costs it.",
        ),
    ],
};

static CHARACTER: TableSpec = TableSpec {
    name: "character",
    doc: "What others cannot see of a party.",
    fields: &[
        Field::required(
            "probability-sincere",
            share("P(sincere)", 0.05, 0.9),
            "How likely its capital wants an agreement rather than talks.",
        ),
        Field::required(
            "capacity",
            share("κ", 0.1, 0.8),
            "Share of what it promises that it is able to do.",
        ),
        Field::required(
            "stall-value",
            cost("h₀", 0.0, 0.9),
            "What the talks themselves are worth to it if it is not sincere.",
        ),
        Field::required(
            "temper-spread",
            cost("ε", 0.0, 0.1),
            "Spread of the noise on its worth of any agreement.",
        ),
    ],
};

static BELIEF: TableSpec = TableSpec {
    name: "belief",
    doc: "What a party believes of another at the start.",
    fields: &[
        Field::required(
            "trust",
            plain("τ₀", (0.001, 0.999), 0.1, 0.6),
            "How likely it takes the other to be willing to keep its word.",
        ),
        Field::required(
            "perceived-capacity",
            share("κ̂", 0.3, 0.9),
            "How much of its word it takes the other to be able to keep.",
        ),
    ],
};

static BARGAINING: TableSpec = TableSpec {
    name: "bargaining",
    doc: "How the delegates of a party bargain.",
    fields: &[
        Field::required(
            "concession-exponent",
            plain("e", (0.0, 20.0), 0.2, 1.2),
            "Below 1 they hold out and concede late, above 1 they concede early; 0 never concedes.",
        ),
        Field::optional(
            "reciprocity",
            plain("ρ", (0.0, 2.0), 0.0, 1.2),
            "Share of the other's concession that they give back. Absent: none.",
        ),
        Field::optional(
            "patience",
            plain("Φ*", (0.0, 5.0), 0.4, 1.6),
            "Impatience at which walking out is half as likely as it gets. Absent: they never walk \
            out.",
        ),
        Field::optional(
            "walk-out-per-day",
            per_day("h_w", 10.0, 0.1, 1.5),
            "How quickly they walk out once far past their patience. Absent: they never do.",
        ),
        Field::optional(
            "misreading",
            plain("mis", (0.0, 2.0), 0.0, 1.0),
            "Error in their idea of the other's stakes before anything is told. Absent: none.",
        ),
    ],
};

static INSTRUCTING: TableSpec = TableSpec {
    name: "instructing",
    doc: "How a capital instructs its delegates.",
    fields: &[
        Field::required(
            "reply-delay-hours",
            hours("ℓ", (0.0, 240.0), 3.0, 36.0),
            "Mean delay of a reply beyond one turn.",
        ),
        Field::required(
            "reply-sharpness",
            per_gain("z", 50.0, 5.0, 15.0),
            "How sharply the reply turns on the gain.",
        ),
        Field::required(
            "stalling-weight",
            plain("ω", (0.0, 2.0), 0.0, 1.0),
            "Weight of playing for time against gain.",
        ),
        Field::required(
            "revocation",
            share("rev", 0.0, 0.3),
            "How often an unfavourable reply takes back what was accepted.",
        ),
        Field::required(
            "deferral",
            share("def", 0.0, 0.5),
            "How often it puts off instead of refusing.",
        ),
        Field::required(
            "stalls-per-day",
            per_day("stall", 10.0, 0.0, 2.0),
            "How often delegates of an insincere capital play for time.",
        ),
    ],
};

static CONDUCT: TableSpec = TableSpec {
    name: "conduct",
    doc: "How a party uses force, crossings and words.",
    fields: &[
        Field::required(
            "strike-after-attack",
            share("p_s", 0.0, 0.4),
            "Chance that it strikes for each salient attack on it, as it is felt, with no truce.",
        ),
        Field::required(
            "answer-strike",
            share("p_a", 0.2, 0.9),
            "Chance that it answers a strike, with no truce and nothing at stake at home.",
        ),
        Field::required(
            "truce-restraint",
            share("p_r", 0.6, 0.98),
            "Share of these chances that a truce takes away.",
        ),
        Field::required(
            "threat-when-struck",
            share("p_t", 0.0, 0.6),
            "Chance that it threatens in public, for each attack or strike on it.",
        ),
        Field::optional(
            "starts-shut",
            Kind::Flag,
            "Whether its crossings are shut at the start. Absent: they are open.",
        ),
        Field::required(
            "opening-per-day",
            per_day("b_o", 10.0, 0.03, 0.16),
            "How often it would open them on its own.",
        ),
        Field::required(
            "opening-by-pain",
            per_gain("b_p", 100.0, 0.0, 10.0),
            "How much its own pain of closure quickens that.",
        ),
        Field::required(
            "opening-by-attacks",
            per_gain("b_a", 100.0, 0.0, 60.0),
            "How much its own pain of attacks slows it.",
        ),
        Field::required(
            "shut-when-struck",
            share("p_b", 0.0, 0.4),
            "Chance that it shuts them, for each attack or strike on it.",
        ),
        Field::required(
            "statement-sharpness",
            per_gain("κ_s", 100.0, 5.0, 20.0),
            "How sharply blame turns on cost at home against the worth of another round.",
        ),
        Field::required(
            "blame-appeal",
            gain("blame", -0.1, 0.2),
            "How much it gains at home by blaming, before its audience cost.",
        ),
    ],
};

static CONSTITUENCY: TableSpec = TableSpec {
    name: "constituency",
    doc: "A veto holder at home.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::required(
            "stakes",
            Kind::NumberPer { register: Register::Issues, quantity: STAKE },
            "What each issue weighs for it; the absolute values add up to 1.",
        ),
        Field::required(
            "sharpness",
            per_gain("κ_r", 100.0, 15.0, 40.0),
            "How sharply its consent turns on its gain.",
        ),
        Field::required("buffer", gain("buf", -0.05, 0.1), "The gain at which it is of two minds."),
    ],
};
