//! Seats: who sits where, which side somebody has come to know, and who plays a seat.

use demarche_domain::index::PartyIx;
use demarche_record::seat::Seat;
use demarche_seat::chairs;

use super::{Class, Phase, Refused, not_kept};
use crate::deed;
use crate::people::Person;

/// What begins the keys under which is kept which side somebody knows.
pub(super) const SIDE: &str = "side ";
/// What begins the keys under which is kept which seats the host has given to the policy.
pub(super) const GIVEN: &str = "given ";

/// Those who know the same brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The seats of a party.
    Party(PartyIx),
    /// Mediators.
    Mediators,
}

impl Side {
    /// The side of a seat.
    #[must_use]
    pub fn of(seat: Seat) -> Self {
        seat.party().map_or(Self::Mediators, Self::Party)
    }

    fn key(self) -> String {
        match self {
            Self::Party(party) => party.ix().to_string(),
            Self::Mediators => "mediators".to_owned(),
        }
    }

    /// The side that a key of the file names.
    pub(super) fn by_key(key: &str) -> Option<Self> {
        match key {
            "mediators" => Some(Self::Mediators),
            _ => key.parse().ok().map(|party| Self::Party(PartyIx(party))),
        }
    }
}

impl Class {
    /// Where somebody sits.
    #[must_use]
    pub fn chair(&self, person: i64) -> Option<(usize, Seat)> {
        self.chairs.get(&person).copied()
    }

    /// Who sits in a seat.
    pub fn seated(&self, at: usize, seat: Seat) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| self.chair(person.id) == Some((at, seat)))
    }

    /// The side whose brief somebody has read; they take no seat of another.
    #[must_use]
    pub fn side(&self, person: i64) -> Option<Side> {
        self.sides.get(&person).copied()
    }

    /// Whether somebody sees their brief: before the talks, once they have asked for it.
    #[must_use]
    pub fn has_read(&self, person: i64) -> bool {
        let own = self.chair(person).map(|(_, seat)| Side::of(seat));
        self.phase != Phase::Lobby || own.is_some_and(|own| self.side(person) == Some(own))
    }

    /// Whether people play a seat, rather than the policy: somebody sits there, and the host has
    /// not given it to the policy.
    pub(super) fn is_for_people(&self, at: usize, seat: Seat) -> bool {
        !self.given.contains(&(at, seat)) && self.seated(at, seat).next().is_some()
    }

    /// From now on somebody knows the brief of their side.
    pub(super) fn read(&mut self, person: i64) -> Result<(), Refused> {
        let (_, seat) = self.chair(person).ok_or_else(|| "Take a seat first.".to_owned())?;
        self.know(person, Side::of(seat))
    }

    fn know(&mut self, person: i64, side: Side) -> Result<(), Refused> {
        if self.side(person) == Some(side) {
            return Ok(());
        }
        self.keep(&format!("{SIDE}{person}"), &side.key())?;
        self.sides.insert(person, side);
        self.version += 1;
        Ok(())
    }

    /// Whoever sits somewhere knows the brief of their side, now that the talks begin.
    pub(super) fn all_know(&mut self) -> Result<(), Refused> {
        let all: Vec<(i64, Side)> =
            self.chairs.iter().map(|(person, (_, seat))| (*person, Side::of(*seat))).collect();
        all.into_iter().try_for_each(|(person, side)| self.know(person, side))
    }

    /// Lets somebody take a seat of another side, whatever they have read.
    pub(super) fn free(&mut self, person: i64) -> Result<(), Refused> {
        self.keep(&format!("{SIDE}{person}"), "")?;
        self.sides.remove(&person);
        Ok(())
    }

    /// Gives a seat to the policy for good, or back to whoever sits there.
    pub(super) fn give(&mut self, at: usize, seat: Seat, to_people: bool) -> Result<(), Refused> {
        let name = chairs::name(seat, &self.scenario().cast);
        let key = format!("{GIVEN}{} {name}", at + 1);
        self.keep(&key, if to_people { "" } else { "yes" })?;
        match to_people {
            true => self.given.remove(&(at, seat)),
            false => self.given.insert((at, seat)),
        };
        self.change(at, None, |table| table.hand(seat, to_people))
    }

    pub(super) fn sit(&mut self, person: i64, at: usize, seat: Seat) -> Result<(), Refused> {
        if at >= self.tables.len() {
            return Err(deed::UNREADABLE.to_owned());
        }
        if self.phase == Phase::Debrief {
            return Err("The talks are over.".to_owned());
        }
        if self.side(person).is_some_and(|side| side != Side::of(seat)) {
            let why = "You have read the brief of your side. The host can let you change sides.";
            return Err(why.to_owned());
        }
        if self.chair(person) == Some((at, seat)) {
            return Ok(());
        }
        let name = chairs::name(seat, &self.scenario().cast);
        self.store.seat(person, at, &name).map_err(|cause| not_kept(&cause))?;
        self.leave_chair(person)?;
        self.chairs.insert(person, (at, seat));
        if self.phase != Phase::Lobby {
            self.know(person, Side::of(seat))?;
            if self.is_for_people(at, seat) {
                self.change(at, None, |table| table.hand(seat, true))?;
            }
        }
        self.version += 1;
        Ok(())
    }

    pub(super) fn stand(&mut self, person: i64) -> Result<(), Refused> {
        self.store.unseat(person).map_err(|cause| not_kept(&cause))?;
        self.leave_chair(person)?;
        self.version += 1;
        Ok(())
    }

    /// The policy takes over where the last one leaves.
    fn leave_chair(&mut self, person: i64) -> Result<(), Refused> {
        let Some((at, seat)) = self.chair(person) else { return Ok(()) };
        let is_last = self.seated(at, seat).count() == 1;
        if is_last && matches!(self.phase, Phase::Talks | Phase::Paused) {
            self.change(at, None, |table| table.hand(seat, false))?;
        }
        self.chairs.remove(&person);
        Ok(())
    }
}
