//! Joining: who comes in, who comes back, and whose browser it is.

use tracing::info;

use super::{Broken, Class, Refused, not_kept};
use crate::people::{self, Person};

/// Wrong PINs before a name has to wait.
const MOST_WRONG: u32 = 5;
/// How long it waits then. [s]
const WAIT: u32 = 60;

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
        let name = people::name(name)?;
        if self.people.iter().any(|person| person.name == name) {
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

    /// Somebody comes back on another device.
    ///
    /// # Errors
    /// When there is nobody of that name with that PIN, or too many PINs were wrong.
    pub fn come_back(&mut self, name: &str, pin: &str) -> Result<Joined, Refused> {
        let name = people::name(name)?;
        let (wrong, wait) = self.wrong.get(&name).copied().unwrap_or_default();
        if wait > 0 {
            return Err(format!("Too many wrong PINs; try again in {wait} seconds."));
        }
        let digest = people::digest(&self.foundation.code, pin.trim());
        let known = self.people.iter().find(|person| person.name == name);
        let Some(person) = known.filter(|person| people::same(&person.pin, &digest)) else {
            let wrong = wrong + 1;
            let wait = if wrong.is_multiple_of(MOST_WRONG) { WAIT } else { 0 };
            if self.wrong.len() < people::MOST_PEOPLE || self.wrong.contains_key(&name) {
                self.wrong.insert(name, (wrong, wait));
            }
            return Err("There is nobody of that name with that PIN.".to_owned());
        };
        let (person, token) = (person.id, people::token());
        let kept = self.store.add_token(person, &people::digest("token", &token));
        kept.map_err(|cause| not_kept(&cause))?;
        self.wrong.remove(&name);
        Ok(Joined { person, token, pin: None })
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
