//! Where the time of the last round went: turn by turn, by what the table was waiting for.

use demarche_domain::index::PartyIx;
use demarche_record::chronicle::{Chronicle, Entry};
use demarche_record::event::{Answer, Event};

use crate::scene::LastRound;

/// What a turn was spent on. A turn that could be told in two ways is the first of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spent {
    /// A chair was empty.
    EmptyChair,
    /// An initialled text lay at home.
    AtHome,
    /// Delegates waited for word from their own capitals.
    Waiting(Vec<PartyIx>),
    /// A text lay on the table, and nobody waited for anybody.
    OverText,
    /// No text lay on the table yet.
    WithoutText,
}

/// Where the time went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeSpent {
    /// What the turns of the round were spent on, the most first. [turns]
    pub on: Vec<(Spent, u32)>,
    /// Turns in which each side played for time, by party; nothing for those who never did.
    pub stalled: Vec<(PartyIx, u32)>,
}

/// How the table stands while a chronicle is read.
#[derive(Default)]
struct Standing {
    has_text: bool,
    is_initialled: bool,
    is_left: bool,
    waits: Vec<PartyIx>,
}

pub(crate) fn time_spent(chronicle: &Chronicle, of: Option<LastRound>) -> TimeSpent {
    let Some(round) = of else { return TimeSpent::default() };
    let mut spent = TimeSpent::default();
    let mut standing = Standing::default();
    let mut entries = chronicle.entries.iter().peekable();
    for turn in round.opened..=round.closed {
        while let Some(entry) = entries.next_if(|entry| entry.turn <= turn) {
            if entry.turn == turn {
                standing.note(entry);
                if let Event::TalksStalled { party, .. } = entry.event {
                    add(&mut spent.stalled, party);
                }
            }
        }
        add(&mut spent.on, standing.spent());
    }
    spent.on.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    spent.stalled.sort();
    spent
}

fn add<T: PartialEq>(counts: &mut Vec<(T, u32)>, what: T) {
    match counts.iter_mut().find(|(known, _)| *known == what) {
        Some((_, count)) => *count += 1,
        None => counts.push((what, 1)),
    }
}

impl Standing {
    fn note(&mut self, entry: &Entry) {
        match &entry.event {
            Event::RoundOpened { .. } => *self = Self::default(),
            Event::TextTabled { .. } | Event::OfferTabled { .. } => self.has_text = true,
            Event::TextInitialled { .. } => self.is_initialled = true,
            Event::RatificationDecided { .. } => self.is_initialled = false,
            Event::WalkedOut { .. } | Event::DelegationRecalled { .. } => self.is_left = true,
            Event::BringBackTried { returned: true, .. } => self.is_left = false,
            Event::HomeAsked { party, .. } | Event::TextReferred { party, .. } => {
                self.waits.push(*party);
                self.waits.sort_unstable();
                self.waits.dedup();
            }
            Event::HomeReplied { party, answer, .. } if *answer != Answer::Deferred => {
                self.waits.retain(|waiting| waiting != party);
            }
            _ => {}
        }
    }

    fn spent(&self) -> Spent {
        match self {
            Self { is_left: true, .. } => Spent::EmptyChair,
            Self { is_initialled: true, .. } => Spent::AtHome,
            Self { waits, .. } if !waits.is_empty() => Spent::Waiting(waits.clone()),
            Self { has_text: true, .. } => Spent::OverText,
            _ => Spent::WithoutText,
        }
    }
}
