//! A small spec and a scenario that is right by it, for the tests of this crate.
use crate::spec::{Field, Kind, Quantity, Register, TableSpec};

const SHARE: Quantity =
    Quantity { symbol: "s", unit: "1", min: 0.0, max: 1.0, assumed: Some((0.2, 0.8)) };
const DAYS: Quantity =
    Quantity { symbol: "d", unit: "days", min: 0.0, max: f64::INFINITY, assumed: None };
const GRADES: &[(&str, &str)] = &[("toy", "for fun"), ("plausible", "may have been so")];

/// A root with one field of each kind somewhere below.
pub(crate) static SPEC: TableSpec = TableSpec {
    name: "scenario",
    doc: "A test scenario.",
    fields: &[
        Field::required("title", Kind::Text, "What it is called."),
        Field::optional("grade", Kind::Choice(GRADES), "How far to trust it."),
        Field::optional("start", Kind::Moment, "When talks open."),
        Field::optional("turns", Kind::Whole { min: 1, max: 100 }, "How many turns."),
        Field::optional("late", Kind::Flag, "Whether talks run over."),
        Field::optional("levels", Kind::Numbers(SHARE), "Some shares."),
        Field::required(
            "parties",
            Kind::Map { of: &PARTY, register: Register::Parties, max: 3 },
            "Who negotiates.",
        ),
        Field::required(
            "issues",
            Kind::Map { of: &ISSUE, register: Register::Issues, max: 4 },
            "What about.",
        ),
        Field::optional("shocks", Kind::List { of: &SHOCK, max: 2 }, "Events from outside."),
        Field::optional("clock", Kind::Table(&CLOCK), "The clock."),
    ],
};

static PARTY: TableSpec = TableSpec {
    name: "party",
    doc: "Who negotiates.",
    fields: &[
        Field::required("patience", Kind::Number(SHARE), "How long it waits: 0 not at all."),
        Field::optional(
            "stakes",
            Kind::NumberPer { register: Register::Issues, quantity: SHARE },
            "What each issue weighs.",
        ),
        Field::optional(
            "values",
            Kind::NumbersPer { register: Register::Issues, quantity: SHARE },
            "What each rung is worth.",
        ),
        Field::optional(
            "mandate",
            Kind::TablePer { register: Register::Issues, of: &MANDATE },
            "What its delegates may sign.",
        ),
        Field::optional("opening", Kind::RungPer, "What it asks for first."),
        Field::optional("heeds", Kind::Name(Register::Constituencies), "Whom it hears first."),
        Field::optional(
            "constituencies",
            Kind::Map { of: &CONSTITUENCY, register: Register::Constituencies, max: 2 },
            "Whom it answers to.",
        ),
    ],
};

static CONSTITUENCY: TableSpec = TableSpec {
    name: "constituency",
    doc: "Whom a party answers to.",
    fields: &[Field::required("weight", Kind::Number(SHARE), "How much it counts.")],
};

static ISSUE: TableSpec = TableSpec {
    name: "issue",
    doc: "A question.",
    fields: &[Field::required("rungs", Kind::List { of: &RUNG, max: 5 }, "Its answers.")],
};

static RUNG: TableSpec = TableSpec {
    name: "rung",
    doc: "An answer.",
    fields: &[Field::required("key", Kind::Text, "Its name.")],
};

static MANDATE: TableSpec = TableSpec {
    name: "mandate",
    doc: "What may be signed.",
    fields: &[Field::required("from", Kind::Text, "The lowest rung.")],
};

static SHOCK: TableSpec = TableSpec {
    name: "shock",
    doc: "An event.",
    fields: &[
        Field::required("party", Kind::Name(Register::Parties), "Whom it strikes."),
        Field::optional("also", Kind::Names(Register::Parties), "Whom else."),
        Field::required("after", Kind::Number(DAYS), "When."),
    ],
};

static CLOCK: TableSpec = TableSpec {
    name: "clock",
    doc: "The clock.",
    fields: &[Field::required("day", Kind::Number(DAYS), "How long a day is.")],
};

/// Right in every way, with one source for all.
pub(crate) const SCENARIO: &str = r#"title = "Test"
source = "assumed"
grade = "toy"
start = 2025-10-18T09:00:00
turns = 20
late = false
levels = [0.1, { value = 0.2, range = [0.1, 0.3] }]

[parties.kabul]
patience = { value = 0.35, range = [0.2, 0.9], source = "lecker2010" }
stakes = { ceasefire = 0.7, trade = 0.3 }
values = { ceasefire = [0.0, 0.5, 1.0] }
opening = { ceasefire = "open-ended" }
mandate.ceasefire = { from = "days" }
heeds = "base"
constituencies.council.weight = 0.6
constituencies.base.weight = 0.4

[parties.islamabad]
patience = { distribution = "triangular", low = 0.2, mode = 0.5, high = 1 }
constituencies.army.weight = 1

[issues.ceasefire]
rungs = [{ key = "none" }, { key = "days" }, { key = "open-ended" }]

[issues.trade]
rungs = [{ key = "shut" }, { key = "open" }]

[[shocks]]
party = "kabul"
also = ["islamabad"]
after = 3
"#;

/// The sources that the tests may cite.
pub(crate) fn known_sources() -> std::collections::BTreeSet<String> {
    ["lecker2010", "border-closed"].map(str::to_owned).into()
}
