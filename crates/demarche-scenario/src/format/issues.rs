//! Issues and their rungs.
use super::units::{plain, share};
use crate::spec::{Field, Kind, Register, TableSpec};

pub(super) static ISSUE: TableSpec = TableSpec {
    name: "issue",
    doc: "A question on which the parties differ, and the answers that a text may give.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::optional(
            "rungs",
            Kind::List { of: &RUNG, max: 256 },
            "Its answers from the status quo upward. Absent: there is a `scale` in their place.",
        ),
        Field::optional(
            "scale",
            Kind::Table(&SCALE),
            "A quantity to be divided, in place of `rungs`. Absent: there are `rungs`.",
        ),
        Field::optional(
            "obligor",
            Kind::Name(Register::Parties),
            "The party that must act on it. Absent: nobody in particular.",
        ),
        Field::optional(
            "needs-credibility",
            Kind::Flag,
            "Whether its worth to others hangs on the obligor being able and willing. Absent: no.",
        ),
        Field::optional(
            "verified-by",
            Kind::Name(Register::Issues),
            "The issue whose level says how well this one is verified. Absent: nothing verifies \
            it.",
        ),
        Field::optional(
            "relieves-fighting",
            share("r_F", 0.0, 0.9),
            "Share of the pain of fighting that it takes away at level 1. Absent: none.",
        ),
        Field::optional(
            "relieves-closure",
            share("r_B", 0.0, 1.0),
            "Share of the pain of closed crossings that it takes away at level 1. Absent: none.",
        ),
        Field::optional(
            "relieves-attacks",
            share("r_A", 0.0, 0.8),
            "Share of the pain of attacks that it takes away at level 1. Absent: none.",
        ),
        Field::optional(
            "cost-falls-with-cover",
            Kind::Flag,
            "Whether it costs the obligor less when a mediator asks for it. Absent: no.",
        ),
        Field::optional(
            "cost-falls-with-guarantee",
            Kind::Flag,
            "Whether it costs the obligor less when others stand behind it. Absent: no.",
        ),
        Field::optional(
            "truce-from",
            Kind::Text,
            "The rung from which it puts a truce in force. Absent: it brings no truce.",
        ),
        Field::optional(
            "opens-crossings",
            Kind::Flag,
            "Whether its level is the share of trade that passes when agreed. Absent: no.",
        ),
        Field::optional(
            "restrains-strikes",
            Kind::Flag,
            "Whether its level is the restraint from strikes that all owe when agreed. Absent: no.",
        ),
        Field::optional(
            "curbs",
            Kind::Name(Register::Groups),
            "The group that the obligor must curb when agreed. Absent: none.",
        ),
    ],
};

static RUNG: TableSpec = TableSpec {
    name: "rung",
    doc: "One answer to an issue.",
    fields: &[
        Field::required(
            "key",
            Kind::Text,
            "Its name in this file, in kebab-case, unique on the issue.",
        ),
        Field::required("words", Kind::Text, "The words that a text would use."),
        Field::required(
            "level",
            plain("x_k", (0.0, 1.0), 0.0, 1.0),
            "How far it goes: 0 for the status quo, which is the first rung, and never falling.",
        ),
    ],
};

static SCALE: TableSpec = TableSpec {
    name: "scale",
    doc: "A quantity to be divided into equal parts. Its rungs are `open`, where nothing is \
        divided yet, and then `0`, `1` and so on, each at the level of its share of the parts.",
    fields: &[
        Field::required(
            "parts",
            Kind::Whole { min: 1, max: 254 },
            "Into how many parts it is divided.",
        ),
        Field::required(
            "words",
            Kind::Text,
            "The words of a text, with {} for the number of parts.",
        ),
        Field::required("open", Kind::Text, "The words for the status quo."),
    ],
};
