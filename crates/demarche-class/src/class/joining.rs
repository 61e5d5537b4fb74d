//! Joining: who comes in, who comes back, and whose browser it is.

use std::collections::BTreeMap;
use std::net::IpAddr;

use demarche_record::legible::heard;
use tracing::info;

use super::{Broken, Class, Refused, not_kept};
use crate::deed;
use crate::people::{self, Person};

/// Wrong PINs for a name from one address before it has to wait.
const MOST_WRONG: u32 = 5;
/// The same from all addresses together: more than one who plays tricks comes to in a lesson.
const MOST_WRONG_OF_ALL: u32 = 60;
/// How long one waits then. [s]
const WAIT: u32 = 60;

/// Wrong PINs of late: for each person from each address, and from all. The people of a class are
/// few, and an address is let in a limited number of times a minute, so that these are few.
#[derive(Clone, Debug, Default)]
pub(super) struct WrongPins {
    from: BTreeMap<(i64, Option<IpAddr>), (u32, u32)>,
}

impl WrongPins {
    /// A second has gone by.
    pub(super) fn tick(&mut self) {
        self.from.values_mut().for_each(|(_, wait)| *wait = wait.saturating_sub(1));
    }

    /// Seconds until another PIN is read.
    fn wait(&self, person: i64, from: IpAddr) -> u32 {
        let of = |from| self.from.get(&(person, from)).map_or(0, |(_, wait)| *wait);
        of(Some(from)).max(of(None))
    }

    fn note(&mut self, person: i64, from: IpAddr) {
        for (from, most) in [(Some(from), MOST_WRONG), (None, MOST_WRONG_OF_ALL)] {
            let (wrong, wait) = self.from.entry((person, from)).or_default();
            *wrong += 1;
            if wrong.is_multiple_of(most) {
                *wait = WAIT;
            }
        }
    }

    fn forget(&mut self, person: i64) {
        self.from.retain(|(of, _), _| *of != person);
    }
}

/// What somebody gets who joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Their number.
    pub person: i64,
    /// What their browser shows from now on.
    pub token: String,
    /// What they come back with on another device; only told to who is new.
    pub pin: Option<String>,
}

impl Class {
    /// Somebody new joins.
    ///
    /// # Errors
    /// When the code or the name will not do, or nothing can be kept.
    pub fn join(&mut self, code: &str, name: &str) -> Result<Joined, Refused> {
        if !people::same(&code.trim().to_uppercase(), &self.foundation.code) {
            return Err("That is not the code of this class; it stands on the board.".to_owned());
        }
        if self.is_closed {
            return Err("Nobody else can join: the host has closed the doors.".to_owned());
        }
        let name = people::name(name)?;
        if self.people.iter().any(|person| heard(&person.name) == heard(&name)) {
            let why =
                "is here already. Are you back? Come in with your PIN; else take another name.";
            return Err(format!("{name} {why}"));
        }
        if self.people.len() >= people::MOST_PEOPLE {
            return Err("This class is full.".to_owned());
        }
        let (token, pin) = (people::token(), people::pin());
        let pin_digest = people::digest(&self.foundation.code, &pin);
        let kept = self.store.add_person(&name, &pin_digest).and_then(|person| {
            self.store.add_token(person, &people::digest("token", &token)).map(|()| person)
        });
        let person = kept.map_err(|cause| not_kept(&cause))?;
        info!(person, "joined");
        self.people.push(Person { id: person, name, pin: pin_digest });
        self.version += 1;
        Ok(Joined { person, token, pin: Some(pin) })
    }

    /// Somebody comes back on another device, from this address.
    ///
    /// # Errors
    /// When there is nobody of that name with that PIN, or too many PINs were wrong.
    pub fn come_back(&mut self, name: &str, pin: &str, from: IpAddr) -> Result<Joined, Refused> {
        let nobody = || Err("There is nobody of that name with that PIN.".to_owned());
        let name = people::name(name)?;
        let known = self.people.iter().find(|person| heard(&person.name) == heard(&name));
        let Some(person) = known.map(|person| person.id) else { return nobody() };
        let wait = self.wrong.wait(person, from);
        if wait > 0 {
            let why = "Too many wrong PINs; try again in";
            return Err(format!("{why} {wait} seconds, or ask the host for a new one."));
        }
        let digest = people::digest(&self.foundation.code, pin.trim());
        if !known.is_some_and(|person| people::same(&person.pin, &digest)) {
            self.wrong.note(person, from);
            return nobody();
        }
        let token = people::token();
        let kept = self.store.add_token(person, &people::digest("token", &token));
        kept.map_err(|cause| not_kept(&cause))?;
        self.wrong.forget(person);
        Ok(Joined { person, token, pin: None })
    }

    /// Gives somebody another PIN, and says it.
    pub(super) fn new_pin(&mut self, person: i64) -> Result<String, Refused> {
        let pin = people::pin();
        let digest = people::digest(&self.foundation.code, &pin);
        let known = self.people.iter_mut().find(|known| known.id == person);
        let known = known.ok_or_else(|| deed::UNREADABLE.to_owned())?;
        self.store.set_pin(person, &digest).map_err(|cause| not_kept(&cause))?;
        known.pin = digest;
        let said = format!("All devices of {} are out. The new PIN is {pin}.", known.name);
        self.wrong.forget(person);
        self.version += 1;
        Ok(said)
    }

    /// Has somebody leave the class: their name, seat and browsers are forgotten.
    pub(super) fn remove(&mut self, person: i64) -> Result<(), Refused> {
        self.stand(person)?;
        self.store.remove_person(person).map_err(|cause| not_kept(&cause))?;
        self.people.retain(|known| known.id != person);
        self.sides.remove(&person);
        Ok(())
    }

    /// Whether others can join.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whose token it is.
    #[must_use]
    pub fn who(&self, token: &str) -> Option<i64> {
        self.store.owner(&people::digest("token", token)).ok().flatten()
    }

    /// Gives the host another token, and takes the old one back.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn new_host(&mut self) -> Result<String, Broken> {
        let token = people::token();
        self.foundation.host = people::digest("host", &token);
        self.store.set_value("host", &self.foundation.host)?;
        Ok(token)
    }

    /// Forgets who took part: names, PINs and messages. What was decided stays, and replays.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing is forgotten.
    pub fn forget(mut self) -> Result<usize, Broken> {
        self.store.forget()?;
        Ok(self.people.len())
    }

    /// Whether it is the host's token.
    #[must_use]
    pub fn is_host(&self, token: &str) -> bool {
        people::same(&people::digest("host", token), &self.foundation.host)
    }

    /// A page of somebody's was opened, or closed.
    pub fn presence(&mut self, person: i64, is_here: bool) {
        let n_pages = self.present.entry(person).or_default();
        *n_pages = if is_here { *n_pages + 1 } else { n_pages.saturating_sub(1) };
        self.version += 1;
    }
}
