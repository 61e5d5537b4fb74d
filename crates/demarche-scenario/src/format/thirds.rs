//! Those who are no party, and what lies between the parties: mediators, armed groups, crossings.
use super::units::{CLOSENESS, cost, days, per_day, plain, share, trade};
use crate::spec::{Field, Kind, Register, TableSpec};

pub(super) static MEDIATOR: TableSpec = TableSpec {
    name: "mediator",
    doc: "A third party.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::optional(
            "engaged",
            Kind::Flag,
            "Whether it takes part at all; a shock may change that. Absent: it does.",
        ),
        Field::optional("from", Kind::Moment, "When its engagement begins. Absent: at the start."),
        Field::optional("to", Kind::Moment, "When it ends. Absent: with the run."),
        Field::required("style", Kind::Table(&STYLE), "What it does."),
        Field::optional(
            "closeness",
            Kind::NumberPer { register: Register::Parties, quantity: CLOSENESS },
            "How close it is to each party: −1 hostile, 1 its own. \
             Absent, or a party not named: neither near nor far (0).",
        ),
        Field::optional(
            "guarantee",
            plain("γ", (0.0, 3.0), 0.0, 1.5),
            "Its guarantee once offered. Absent: it guarantees nothing.",
        ),
        Field::optional(
            "cover",
            share("cover", 0.0, 1.0),
            "How much of the blame at home it can take on itself. Absent: none.",
        ),
        Field::optional(
            "inducement-budget",
            cost("I", 0.0, 0.2),
            "What it can spend on inducements, all sides together. Absent: nothing.",
        ),
        Field::optional(
            "leverage",
            cost("lev", 0.0, 0.2),
            "How much pressure it can put on a side at a time. Absent: none.",
        ),
        Field::optional(
            "salvage",
            share("salv", 0.0, 0.5),
            "Chance that it brings back a side that walked out. Absent: none.",
        ),
        Field::optional(
            "misreading",
            cost("mis", 0.0, 0.3),
            "Error in its reading of each side's worth before it has heard them. Absent: none.",
        ),
    ],
};

static STYLE: TableSpec = TableSpec {
    name: "style",
    doc: "What a mediator does.",
    fields: &[
        Field::required("communicate", share("com", 0.0, 1.0), "Carries messages and hears sides."),
        Field::required("formulate", share("form", 0.0, 1.0), "Drafts texts."),
        Field::required("manipulate", share("man", 0.0, 1.0), "Presses, offers and guarantees."),
    ],
};

pub(super) static GROUP: TableSpec = TableSpec {
    name: "group",
    doc: "An armed group that no party commands.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::required("host", Kind::Name(Register::Parties), "Where it lives."),
        Field::required("target", Kind::Name(Register::Parties), "Whom it attacks."),
        Field::required(
            "rate-per-day",
            per_day("μ", 100.0, 0.5, 4.0),
            "Attacks that nothing provokes.",
        ),
        Field::optional(
            "expected-per-day",
            per_day("μ̂", 100.0, 0.5, 4.0),
            "Attacks that its target expects under a host that would not curb it. Absent: as many \
            as there are.",
        ),
        Field::required(
            "excitation",
            plain("α", (0.0, 0.95), 0.2, 0.6),
            "Attacks that one attack sets off; below 1, or they would never end.",
        ),
        Field::required(
            "half-life-days",
            days("ln 2/β", (0.01, 100.0), 1.0, 5.0),
            "Days in which that effect halves.",
        ),
        Field::required(
            "salient-share",
            share("sal", 0.02, 0.15),
            "Share of attacks that make the news.",
        ),
        Field::required(
            "severity-tail",
            plain("tail", (0.1, 10.0), 1.2, 2.5),
            "Exponent of the tail of severity: the lower, the more often disaster strikes.",
        ),
        Field::required(
            "spoiling",
            plain("ψ", (0.0, 10.0), 0.0, 2.5),
            "How much progress in the talks provokes it.",
        ),
    ],
};

pub(super) static CROSSING: TableSpec = TableSpec {
    name: "crossing",
    doc: "A crossing of the frontier.",
    fields: &[
        Field::required("name", Kind::Text, "What it is called in a sentence."),
        Field::required(
            "trade-usd-m-per-day",
            trade("trade", 0.1, 5.0),
            "Trade on an ordinary day, in millions of US dollars.",
        ),
        Field::required("held-by", Kind::Names(Register::Parties), "Who can shut it."),
    ],
};
