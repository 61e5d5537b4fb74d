//! The format of scenario files: every key, what it means, and where its numbers must lie.
//!
//! A table that may be left out has an absence that can be said in a plain sentence, and its doc
//! says it: a textbook scenario is short because nothing happens in it, not because something is
//! assumed behind its back. Within a table that is given, keys are required unless their absence
//! has such a meaning, too. Plausible ranges are those of MODEL.md.
mod units;
mod issues;
mod parties;
mod thirds;
mod talks;
mod world;

use crate::spec::{Field, Kind, Register, TableSpec};
pub(crate) use units::STAKE;

/// The version of the format that this build reads.
pub const VERSION: i64 = 1;

/// Words for [`demarche_engine::scenario::Variant`].
pub const VARIANTS: &[(&str, &str)] = &[
    ("mediated-single-text", "a mediator redrafts one text; delegates answer under instructions"),
    ("alternating-offers", "delegates put offers to each other in turn, under instructions"),
    ("delegates-may-sign", "the same, with delegates who may sign at once, asking nobody"),
];
/// Words for [`demarche_engine::scenario::Offering`].
pub const OFFERINGS: &[(&str, &str)] = &[
    (
        "closest-to-other",
        "of all that reaches one's aspiration, what is nearest to the other's stand",
    ),
    ("lowest-above-target", "of all that reaches one's aspiration, what is worth least to oneself"),
];
/// Words for [`demarche_engine::scenario::Acceptance`].
pub const ACCEPTANCES: &[(&str, &str)] = &[
    ("threshold", "a text is taken when it reaches the aspiration"),
    ("next-offer", "a text is taken when it is as good as what one would put next"),
    ("next-offer-or-late", "the same, or late and as good as the best of the last window"),
];
/// Words for [`demarche_engine::scenario::Ties`].
pub const TIES: &[(&str, &str)] = &[
    ("first-package", "of equal packages the first in the order of the file"),
    ("drawn", "of equal packages one that is drawn"),
];
/// Words for [`demarche_engine::scenario::ClockConvention`].
pub const CLOCKS: &[(&str, &str)] = &[
    ("start-of-turn", "k/n has elapsed in turn k of n, counted from 0: nothing in the first"),
    ("end-of-turn", "(k + 1)/n has elapsed: all of it in the last"),
    ("inside", "(k + 1)/(n + 1) has elapsed: never nothing and never all"),
];
/// Words for [`demarche_engine::scenario::FirstMover`].
pub const FIRST_MOVERS: &[(&str, &str)] = &[
    ("drawn", "drawn anew each turn, so that no side is favoured by its place in the file"),
    ("as-listed", "in the order of the file"),
];
/// Words for [`demarche_engine::scenario::CrossingsReading`].
pub const CROSSINGS: &[(&str, &str)] = &[
    ("bargaining-chip", "opening a crossing gives up leverage, and so can be sold"),
    ("goodwill", "opening a crossing raises the other side's trust"),
];
/// Words for [`demarche_engine::scenario::Disagreement`].
pub const DISAGREEMENTS: &[(&str, &str)] = &[
    ("reservation", "no deal is worth the reservation value"),
    ("reservation-or-worst", "no deal is worth that, or the worst package where it is better"),
];
const GRADES: &[(&str, &str)] = &[
    ("reproduces", "shows the patterns of the case it is about, or a result known on paper"),
    ("plausible", "hangs together, and has not been held against the patterns of a case"),
    ("toy", "made up to teach one thing"),
];

/// The root of a scenario file.
pub static SCENARIO: TableSpec = TableSpec {
    name: "scenario",
    doc: "A negotiation: who, about what, by which conventions, and what happens around it.",
    fields: &[
        Field::required(
            "format",
            Kind::Whole { min: VERSION, max: VERSION },
            "The version of this format; this program reads version 1.",
        ),
        Field::required("title", Kind::Text, "What the scenario is called."),
        Field::required("summary", Kind::Prose, "What it is about, in a sentence or two."),
        Field::required("grade", Kind::Choice(GRADES), "How far to trust it."),
        Field::optional(
            "caution",
            Kind::Prose,
            "What a reader of its results must be told first. Absent: nothing beyond the usual.",
        ),
        Field::required(
            "clock",
            Kind::Table(&CLOCK),
            "When it begins, and how time is cut into turns.",
        ),
        Field::required("protocol", Kind::Table(&PROTOCOL), "The conventions of bargaining."),
        Field::required(
            "issues",
            Kind::Map { of: &issues::ISSUE, register: Register::Issues, max: 16 },
            "The questions on which the parties differ.",
        ),
        Field::required(
            "parties",
            Kind::Map { of: &parties::PARTY, register: Register::Parties, max: 16 },
            "Who negotiates; two or more.",
        ),
        Field::optional(
            "mediators",
            Kind::Map { of: &thirds::MEDIATOR, register: Register::Mediators, max: 6 },
            "Third parties. Absent: there are none.",
        ),
        Field::optional(
            "groups",
            Kind::Map { of: &thirds::GROUP, register: Register::Groups, max: 4 },
            "Armed groups that no party commands. Absent: there are none.",
        ),
        Field::optional(
            "crossings",
            Kind::Map { of: &thirds::CROSSING, register: Register::Crossings, max: 32 },
            "Crossings of the frontier. Absent: there are none, and no trade to stop.",
        ),
        Field::required(
            "rounds",
            Kind::Map { of: &talks::ROUND, register: Register::Rounds, max: 16 },
            "Rounds of talks, in the order in which they open.",
        ),
        Field::optional(
            "shocks",
            Kind::Map { of: &talks::SHOCK, register: Register::Shocks, max: 32 },
            "What strikes from outside. Absent: nothing does.",
        ),
        Field::optional(
            "outcomes",
            Kind::List { of: &talks::OUTCOME, max: 32 },
            "Classes of outcome: the first that fits is taken, and the last has no condition. \
             Absent: agreement and no agreement.",
        ),
        Field::optional(
            "world",
            Kind::Table(&world::WORLD),
            "How fighting, pain, beliefs and tempers move. Absent: nothing happens outside the \
            room.",
        ),
        Field::optional(
            "durability",
            Kind::Table(&world::DURABILITY),
            "How long a truce lasts after the talks. Absent: the truce is not followed.",
        ),
    ],
};

static CLOCK: TableSpec = TableSpec {
    name: "clock",
    doc: "When a scenario begins, and how time is cut into turns.",
    fields: &[
        Field::required(
            "starts",
            Kind::Moment,
            "Local day and hour at which the first turn begins.",
        ),
        Field::optional(
            "time-zone",
            Kind::Text,
            "Whose clock that is, as in \"Pakistan time\". Absent: local time of nowhere in \
            particular.",
        ),
        Field::required(
            "turn-hours",
            Kind::Whole { min: 1, max: 24 },
            "How many hours a turn has.",
        ),
        Field::required(
            "horizon-days",
            Kind::Whole { min: 1, max: 3650 },
            "Days after which a run ends, whatever is under way.",
        ),
        Field::optional(
            "follow-on-days",
            Kind::Whole { min: 0, max: 3650 },
            "Days for which a run goes on after the last round. Absent: it ends with that round.",
        ),
    ],
};

static PROTOCOL: TableSpec = TableSpec {
    name: "protocol",
    doc: "The conventions of bargaining: choices, because results must not hang on one.",
    fields: &[
        Field::required("variant", Kind::Choice(VARIANTS), "Who puts what to whom."),
        Field::required(
            "offering",
            Kind::Choice(OFFERINGS),
            "How a side chooses what to put next.",
        ),
        Field::required(
            "acceptance",
            Kind::Choice(ACCEPTANCES),
            "When a side takes what is put to it.",
        ),
        Field::required("ties", Kind::Choice(TIES), "Which of equal packages is taken."),
        Field::required(
            "clock",
            Kind::Choice(CLOCKS),
            "How the elapsed share of a round is counted.",
        ),
        Field::required(
            "first-mover",
            Kind::Choice(FIRST_MOVERS),
            "Who moves first where moves follow one another.",
        ),
        Field::optional(
            "crossings",
            Kind::Choice(CROSSINGS),
            "What opening a crossing is. Absent: there are no crossings to open.",
        ),
        Field::optional(
            "disagreement",
            Kind::Choice(DISAGREEMENTS),
            "What no deal is worth to parties that value packages by tables. \
             Absent: the reservation value.",
        ),
    ],
};
