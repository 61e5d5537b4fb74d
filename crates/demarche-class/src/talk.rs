//! Talk: what people write to each other, and who hears it.

use demarche_domain::index::{MediatorIx, PartyIx};
use demarche_engine::scenario::Scenario;
use demarche_record::seat::Seat;
use demarche_seat::chairs;

/// The most characters of a message.
pub const LONGEST: usize = 1000;

/// Something somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// At which table.
    pub at: usize,
    /// To whom, by [`Channel::key`].
    pub channel: String,
    /// Who wrote it.
    pub person: i64,
    /// In which seat, as files name it.
    pub seat: String,
    /// In which turn.
    pub turn: u32,
    /// What.
    pub text: String,
}

/// What somebody thinks the other side needed, before they see its brief.
pub const PREDICTION: &str = "prediction";
/// What somebody takes from the talks.
pub const REFLECTION: &str = "reflection";

/// What begins the name of the channel in which answers on a brief are kept.
const CHECK: &str = "check ";

/// The channel in which answers to a question on the brief are kept.
#[must_use]
pub fn check(question: &str) -> String {
    format!("{CHECK}{question}")
}

impl Message {
    /// Whether it is an answer to a question on the brief.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        self.channel.starts_with(CHECK)
    }

    /// Whether it was said to others, and is no answer, prediction or reflection.
    #[must_use]
    pub fn is_talk(&self) -> bool {
        !self.is_answer() && ![PREDICTION, REFLECTION].contains(&self.channel.as_str())
    }
}

/// Who is in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Everybody at the table.
    Plenary,
    /// The seats of one party.
    Own(PartyIx),
    /// The seats of two parties, without mediators.
    Bilateral(PartyIx, PartyIx),
    /// The seats of one party and a mediator.
    With(PartyIx, MediatorIx),
}

impl Channel {
    /// Whether a seat is in it.
    #[must_use]
    pub fn has(self, seat: Seat) -> bool {
        match (self, seat) {
            (Self::Plenary, _) => true,
            (Self::Own(of), _) => seat.party() == Some(of),
            (Self::Bilateral(one, other), _) => {
                seat.party() == Some(one) || seat.party() == Some(other)
            }
            (Self::With(_, m), Seat::Mediator(seat)) => m == seat,
            (Self::With(of, _), _) => seat.party() == Some(of),
        }
    }

    /// How forms and files name it.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Plenary => "plenary".to_owned(),
            Self::Own(p) => format!("own-{}", p.ix()),
            Self::Bilateral(one, other) => format!("bilateral-{}-{}", one.ix(), other.ix()),
            Self::With(p, m) => format!("with-{}-{}", p.ix(), m.ix()),
        }
    }

    /// What it is called by somebody who looks on it from outside, once all is open.
    #[must_use]
    pub fn outside(self, scenario: &Scenario) -> String {
        let cast = &scenario.cast;
        match self {
            Self::Plenary => "everybody at the table".to_owned(),
            Self::Own(p) => format!("{} only", cast.party(p)),
            Self::Bilateral(one, other) => {
                format!("{} and {}, without mediators", cast.party(one), cast.party(other))
            }
            Self::With(p, m) => format!("{} and {}, in private", cast.party(p), cast.mediator(m)),
        }
    }

    /// What it is called by somebody in it.
    #[must_use]
    pub fn name(self, scenario: &Scenario, seat: Seat) -> String {
        let cast = &scenario.cast;
        match self {
            Self::Plenary => "everybody at the table".to_owned(),
            Self::Own(p) => format!("{} only", cast.party(p)),
            Self::Bilateral(one, other) => {
                let them = if seat.party() == Some(one) { other } else { one };
                format!("{}, without mediators", cast.party(them))
            }
            Self::With(p, m) => match seat {
                Seat::Mediator(_) => format!("{}, in private", cast.party(p)),
                _ => format!("{}, in private", cast.mediator(m)),
            },
        }
    }
}

/// What a conversation is called by somebody who looks on from outside, found by its key.
#[must_use]
pub fn outside(scenario: &Scenario, key: &str) -> String {
    let known = all_channels(scenario).into_iter().find(|channel| channel.key() == key);
    known.map_or_else(|| key.to_owned(), |channel| channel.outside(scenario))
}

/// The conversations of a table that a seat is in.
#[must_use]
pub fn channels(scenario: &Scenario, seat: Seat) -> Vec<Channel> {
    let all = all_channels(scenario).into_iter();
    all.filter(|channel| channel.has(seat)).collect()
}

fn all_channels(scenario: &Scenario) -> Vec<Channel> {
    let n_parties = scenario.cast.parties.len();
    let parties = || PartyIx::first(n_parties);
    let mediators = chairs::of_scenario(scenario).into_iter().filter_map(|seat| match seat {
        Seat::Mediator(m) => Some(m),
        _ => None,
    });
    let mediators: Vec<MediatorIx> = mediators.collect();
    let mut all = vec![Channel::Plenary];
    all.extend(parties().map(Channel::Own));
    for one in parties() {
        all.extend(parties().filter(|other| one < *other).map(|o| Channel::Bilateral(one, o)));
        all.extend(mediators.iter().map(|m| Channel::With(one, *m)));
    }
    all
}
