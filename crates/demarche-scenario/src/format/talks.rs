//! Rounds of talks, shocks from outside, and classes of outcome.
use super::parties::INTERVAL;
use super::units::{hours, per_day, plain, share};
use crate::spec::{Field, Kind, Register, TableSpec};

/// Words for [`demarche_engine::scenario::RoundCondition`].
pub(crate) const CONDITIONS: &[(&str, &str)] = &[
    ("always", "held in any case"),
    ("after-agreement", "held only if the round before it ended in an agreement"),
    ("without-agreement", "held only if the round before it did not"),
];
/// Words for [`demarche_record::event::Ending`].
pub(crate) const ENDINGS: &[(&str, &str)] = &[
    ("agreement", "with a text that was signed and ratified"),
    ("walk-out", "a side declared that it was over, and left"),
    ("deadline", "time ran out"),
];

pub(super) static ROUND: TableSpec = TableSpec {
    name: "round",
    doc: "A round of talks.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::optional("venue", Kind::Text, "Where it is held. Absent: where it is called after."),
        Field::optional("opens", Kind::Moment, "When it opens. Absent: with the first turn."),
        Field::required(
            "lasts-hours",
            hours("T", (1.0, 8760.0), 12.0, 144.0),
            "How long it is meant to last.",
        ),
        Field::optional(
            "condition",
            Kind::Choice(CONDITIONS),
            "On which ending of the round before it hangs. Absent: on none.",
        ),
        Field::required("agenda", Kind::Names(Register::Issues), "The issues on its agenda."),
        Field::optional(
            "mandates",
            Kind::TablePerPer { outer: Register::Parties, inner: Register::Issues, of: &INTERVAL },
            "What each delegation may sign at the opening. Absent, or a party or an issue not \
            named: anything on the agenda.",
        ),
        Field::optional(
            "may-sign",
            Kind::Names(Register::Parties),
            "Whose delegates may sign at once, asking nobody. Absent: with the variant \
             delegates-may-sign those of all parties, else those of none.",
        ),
        Field::optional(
            "opening-text",
            Kind::RungPer,
            "The text that lies on the table at the opening; an issue not named stays at the \
            status quo. Absent: there is none.",
        ),
        Field::optional(
            "grace-hours",
            hours("grace", (0.0, 8760.0), 12.0, 72.0),
            "Hours before which nobody walks out. Absent: none.",
        ),
        Field::optional(
            "extension",
            share("ext", 0.1, 0.5),
            "Chance that it is extended when time runs out with a text under discussion. Absent: \
            none.",
        ),
        Field::optional(
            "extension-hours",
            hours("T_ext", (1.0, 8760.0), 6.0, 48.0),
            "By how much it is extended. Absent: it is not.",
        ),
    ],
};

pub(super) static SHOCK: TableSpec = TableSpec {
    name: "shock",
    doc: "Something that strikes from outside: at a moment, by chance, or when somebody lets it \
        in.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::optional("at", Kind::Moment, "When it strikes. Absent: at no moment known before."),
        Field::optional(
            "rate-per-day",
            per_day("shock", 100.0, 0.01, 0.5),
            "How often it would strike; once at most. Absent: not by chance.",
        ),
        Field::optional(
            "injected",
            Kind::Flag,
            "Whether it strikes only when somebody lets it in. Absent: no.",
        ),
        Field::required(
            "effects",
            Kind::List { of: &EFFECT, max: 8 },
            "What it does, one thing each.",
        ),
    ],
};

static EFFECT: TableSpec = TableSpec {
    name: "effect",
    doc: "One thing that a shock does: exactly one of these keys.",
    fields: &[
        Field::optional(
            "attack",
            Kind::Table(&ATTACK),
            "A salient attack. Absent: another effect.",
        ),
        Field::optional("strike", Kind::Table(&STRIKE), "A strike. Absent: another effect."),
        Field::optional(
            "crossings",
            Kind::Table(&SHUT_OR_OPEN),
            "Crossings shut or opened. Absent: another effect.",
        ),
        Field::optional(
            "truce",
            Kind::Flag,
            "A truce comes into force, by no text of these talks. Absent: another effect.",
        ),
        Field::optional(
            "trust",
            Kind::Table(&TRUST),
            "Trust gained or lost. Absent: another effect.",
        ),
        Field::optional(
            "mediator",
            Kind::Table(&COMING),
            "A mediator enters or leaves. Absent: another effect.",
        ),
    ],
};

static ATTACK: TableSpec = TableSpec {
    name: "attack-effect",
    doc: "A salient attack of a group.",
    fields: &[
        Field::required("group", Kind::Name(Register::Groups), "The group."),
        Field::required(
            "severity",
            plain("S", (1.0, 1000.0), 1.0, 10.0),
            "How severe; 1 is the least.",
        ),
    ],
};

static STRIKE: TableSpec = TableSpec {
    name: "strike-effect",
    doc: "A strike of one party on another.",
    fields: &[
        Field::required("by", Kind::Name(Register::Parties), "Who strikes."),
        Field::required("against", Kind::Name(Register::Parties), "Who is struck."),
    ],
};

static SHUT_OR_OPEN: TableSpec = TableSpec {
    name: "crossings-effect",
    doc: "The crossings of one party shut or opened.",
    fields: &[
        Field::required("by", Kind::Name(Register::Parties), "Whose crossings."),
        Field::required("open", Kind::Flag, "Opened rather than shut."),
    ],
};

static TRUST: TableSpec = TableSpec {
    name: "trust-effect",
    doc: "Trust of one party in another, gained or lost.",
    fields: &[
        Field::required("of", Kind::Name(Register::Parties), "Whose trust."),
        Field::required("toward", Kind::Name(Register::Parties), "In whom."),
        Field::required(
            "odds",
            plain("odds", (0.001, 1000.0), 0.3, 3.0),
            "What the odds are multiplied by; below 1, trust is lost.",
        ),
    ],
};

static COMING: TableSpec = TableSpec {
    name: "mediator-effect",
    doc: "A mediator enters or leaves the talks.",
    fields: &[
        Field::required("mediator", Kind::Name(Register::Mediators), "Which."),
        Field::required("enters", Kind::Flag, "Enters rather than leaves."),
    ],
};

pub(super) static OUTCOME: TableSpec = TableSpec {
    name: "outcome",
    doc: "A class of outcome: all that is named must hold.",
    fields: &[
        Field::required("key", Kind::Text, "Its name in this file, in kebab-case."),
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::optional(
            "ending",
            Kind::Choice(ENDINGS),
            "How the last round that was held ended. Absent: in any way.",
        ),
        Field::optional("truce", Kind::Flag, "Whether a truce is in force. Absent: either way."),
        Field::optional(
            "at-least",
            Kind::RungPer,
            "Rungs in force at the least. Absent: none need be.",
        ),
        Field::optional(
            "fighting-above",
            share("F", 0.1, 0.6),
            "Fighting at the least. Absent: any.",
        ),
        Field::optional(
            "agreed-in",
            Kind::Name(Register::Rounds),
            "The round that must have ended in an agreement. Absent: none need have.",
        ),
        Field::optional(
            "settles",
            Kind::Whole { min: 0, max: 1000 },
            "How much it settles, compared with the other classes: more is better. Absent \
            everywhere: classes are compared only by whether the last round ended in an agreement.",
        ),
    ],
};
