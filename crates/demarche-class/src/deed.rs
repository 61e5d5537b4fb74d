//! Deeds: what a form asks to be done, read from its fields.

use demarche_domain::index::{IssueIx, ShockIx};
use demarche_domain::package::Package;
use demarche_engine::scenario::Scenario;
use demarche_record::decision::Decision;
use demarche_record::legible::Words;
use demarche_record::seat::Seat;
use demarche_record::wire::{RungOf, Wire};

/// What somebody in a seat does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Decides.
    Decide(Decision),
    /// Lets the policy decide, this once.
    Leave,
    /// Writes to others.
    Say {
        /// To whom, by key.
        channel: String,
        /// What.
        text: String,
    },
    /// Takes a seat.
    Sit {
        /// At which table.
        at: usize,
        /// Which.
        seat: Seat,
    },
    /// Answers a question on the brief.
    Answer {
        /// Which, by its key.
        question: String,
        /// What, by its place.
        choice: usize,
    },
    /// Reads the brief of their side.
    Read,
    /// Stands up.
    Stand,
}

/// Whom the host says something to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hearers {
    /// All.
    All,
    /// All of a table.
    Table(usize),
    /// Those in a seat of a table.
    Seat(usize, Seat),
}

impl Hearers {
    /// Whether somebody who sits there, or nowhere, is among them.
    #[must_use]
    pub fn has(self, chair: Option<(usize, Seat)>) -> bool {
        match self {
            Self::All => true,
            Self::Table(at) => chair.is_some_and(|(table, _)| table == at),
            Self::Seat(at, seat) => chair == Some((at, seat)),
        }
    }

    /// How forms and files name them: `all`, `2` for a table, `2 capital:kabul` for a seat.
    #[must_use]
    pub fn key(self, scenario: &Scenario) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Table(at) => (at + 1).to_string(),
            Self::Seat(at, seat) => {
                format!("{} {}", at + 1, demarche_seat::chairs::name(seat, &scenario.cast))
            }
        }
    }

    /// Those of a name.
    #[must_use]
    pub fn of(key: &str, scenario: &Scenario) -> Option<Self> {
        if key == "all" {
            return Some(Self::All);
        }
        let (at, name) = key.split_once(' ').map_or((key, None), |(at, name)| (at, Some(name)));
        let at = at.parse::<usize>().ok()?.checked_sub(1)?;
        match name {
            None => Some(Self::Table(at)),
            Some(name) => Some(Self::Seat(at, seat(name, scenario)?)),
        }
    }

    /// The table that they must sit at, if it is one.
    #[must_use]
    pub const fn table(self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Table(at) | Self::Seat(at, _) => Some(at),
        }
    }
}

/// What the host does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostDeed {
    /// Begins the talks at all tables, or goes on after a pause.
    GoOn,
    /// Stops them.
    Pause,
    /// Ends them, and opens everything to all.
    Debrief,
    /// Says something to some or all, in place of what was said to them before.
    Notice {
        /// To whom.
        to: Hearers,
        /// What; an empty text takes back what was said before.
        text: String,
    },
    /// Tells news at a table, or at all of them, as something that has happened there.
    Announce {
        /// At which; nothing for all.
        at: Option<usize>,
        /// What.
        words: Words,
    },
    /// Sets how long a step may take. [s, 0: as long as it takes]
    Pace(u32),
    /// Makes the round of a table longer.
    Extend {
        /// At which table.
        at: usize,
        /// By how many turns.
        by_turns: u32,
    },
    /// Lets a shock in at a table.
    Inject {
        /// At which table.
        at: usize,
        /// Which.
        shock: ShockIx,
    },
    /// Takes back the last decisions of a table.
    Undo {
        /// At which table.
        at: usize,
    },
    /// Hands a seat to the policy; people who sit there look on.
    Hand {
        /// At which table.
        at: usize,
        /// Which.
        seat: Seat,
        /// To its people, rather than to the policy.
        to_people: bool,
    },
    /// Lets the policy play a table to its end.
    PlayOut {
        /// At which table.
        at: usize,
    },
    /// Lets time pass at a table until its next round opens: the policy decides for all.
    Skip {
        /// At which table.
        at: usize,
    },
    /// Shows texts and offers on the projector, or only who is waited for.
    Projector {
        /// Whether texts are shown.
        texts: bool,
    },
    /// Lets others join, or nobody any more.
    Doors {
        /// Whether others can.
        open: bool,
    },
    /// Gives somebody a seat, whatever they have read.
    Seat {
        /// Whom.
        person: i64,
        /// At which table.
        at: usize,
        /// Which.
        seat: Seat,
    },
    /// Lets somebody change sides.
    Free {
        /// Who.
        person: i64,
    },
    /// Gives somebody another PIN.
    NewPin {
        /// Who.
        person: i64,
    },
    /// Has somebody leave the class.
    Remove {
        /// Who.
        person: i64,
    },
}

impl HostDeed {
    /// Whether it is about a table, so that it can be done only while there are talks.
    #[must_use]
    pub const fn is_of_talks(&self) -> bool {
        matches!(
            self,
            Self::Pause
                | Self::Debrief
                | Self::Announce { .. }
                | Self::Extend { .. }
                | Self::Inject { .. }
                | Self::Undo { .. }
                | Self::Hand { .. }
                | Self::PlayOut { .. }
                | Self::Skip { .. }
        )
    }
}

/// The fields of a form, in their order.
pub type Fields = [(String, String)];

/// What a form that cannot be read is answered.
pub const UNREADABLE: &str = "That could not be read. Nothing was done; load the page again.";

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn number(fields: &Fields, name: &str) -> Option<u32> {
    field(fields, name)?.trim().parse().ok()
}

fn table(fields: &Fields) -> Option<usize> {
    usize::try_from(number(fields, "table")?).ok()
}

/// A seat by its name in files.
#[must_use]
pub fn seat(name: &str, scenario: &Scenario) -> Option<Seat> {
    let seat = Seat::from_wire(&serde_json::Value::from(name), &scenario.cast).ok()?;
    demarche_seat::chairs::of_scenario(scenario).contains(&seat).then_some(seat)
}

/// Reads what somebody in a seat does.
#[must_use]
pub fn deed(fields: &Fields, scenario: &Scenario) -> Option<Deed> {
    Some(match field(fields, "do")? {
        "decide" => {
            let value = serde_json::from_str(field(fields, "decision")?).ok()?;
            Deed::Decide(Decision::from_wire(&value, &scenario.cast).ok()?)
        }
        "propose" => Deed::Decide(Decision::Propose { package: package(fields, scenario)? }),
        "table-text" => Deed::Decide(Decision::TableText { text: package(fields, scenario)? }),
        "mandate" => Deed::Decide(mandate(fields, scenario)?),
        "leave" => Deed::Leave,
        "say" => Deed::Say {
            channel: field(fields, "channel")?.to_owned(),
            text: field(fields, "text")?.to_owned(),
        },
        "sit" => {
            let at = table(fields)?;
            Deed::Sit { at, seat: seat(field(fields, "seat")?, scenario)? }
        }
        "answer" => {
            let choice = usize::try_from(number(fields, "choice")?).ok()?;
            Deed::Answer { question: field(fields, "question")?.to_owned(), choice }
        }
        "read" => Deed::Read,
        "stand" => Deed::Stand,
        _ => return None,
    })
}

/// A package from a field for each issue: what has none stays at the status quo.
fn package(fields: &Fields, scenario: &Scenario) -> Option<Package> {
    let mut package = Package::STATUS_QUO;
    for issue in scenario.space.issues() {
        let named = format!("rung-{}", scenario.cast.issues[issue.ix()].named.key);
        if let Some(key) = field(fields, &named) {
            package.set(issue, rung(scenario, issue, key)?);
        }
    }
    Some(package)
}

fn mandate(fields: &Fields, scenario: &Scenario) -> Option<Decision> {
    let key = field(fields, "issue")?;
    let issue = scenario.space.issues().find(|k| scenario.cast.issues[k.ix()].named.key == key)?;
    let end = |name: &str| {
        let rung = rung(scenario, issue, field(fields, name)?)?;
        Some(RungOf { issue, rung })
    };
    Some(Decision::ChangeMandate { floor: end("from")?, ceiling: end("to")? })
}

fn rung(scenario: &Scenario, issue: IssueIx, key: &str) -> Option<u8> {
    let rungs = &scenario.cast.issues[issue.ix()].rungs;
    u8::try_from(rungs.iter().position(|rung| rung.key == key)?).ok()
}

/// Reads what the host does.
#[must_use]
pub fn host_deed(fields: &Fields, scenario: &Scenario) -> Option<HostDeed> {
    Some(match field(fields, "do")? {
        "go-on" => HostDeed::GoOn,
        "pause" => HostDeed::Pause,
        "debrief" => HostDeed::Debrief,
        "notice" => HostDeed::Notice {
            to: Hearers::of(field(fields, "to")?, scenario)?,
            text: field(fields, "text")?.to_owned(),
        },
        "announce" => HostDeed::Announce {
            at: match field(fields, "table")? {
                "" => None,
                _ => Some(table(fields)?),
            },
            words: Words::of(field(fields, "text")?)?,
        },
        "pace" => HostDeed::Pace(number(fields, "seconds")?),
        "extend" => HostDeed::Extend { at: table(fields)?, by_turns: number(fields, "turns")? },
        "inject" => {
            let key = field(fields, "shock")?;
            let shock = scenario.cast.shocks.iter().position(|shock| shock.key == key)?;
            HostDeed::Inject { at: table(fields)?, shock: ShockIx::at(shock) }
        }
        "undo" => HostDeed::Undo { at: table(fields)? },
        "hand" => HostDeed::Hand {
            at: table(fields)?,
            seat: seat(field(fields, "seat")?, scenario)?,
            to_people: field(fields, "to")? == "people",
        },
        "play-out" => HostDeed::PlayOut { at: table(fields)? },
        "skip" => HostDeed::Skip { at: table(fields)? },
        "projector" => HostDeed::Projector { texts: field(fields, "texts")? == "yes" },
        "doors" => HostDeed::Doors { open: field(fields, "open")? == "yes" },
        "seat" => {
            let Hearers::Seat(at, seat) = Hearers::of(field(fields, "to")?, scenario)? else {
                return None;
            };
            HostDeed::Seat { person: number(fields, "person")?.into(), at, seat }
        }
        "free" => HostDeed::Free { person: number(fields, "person")?.into() },
        "new-pin" => HostDeed::NewPin { person: number(fields, "person")?.into() },
        "remove" => HostDeed::Remove { person: number(fields, "person")?.into() },
        _ => return None,
    })
}
