//! The chronicle: the events of a run in the order in which they happened.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::cast::Cast;
use crate::event::Event;
use crate::wire::{Wire, WireError, field, object};

/// An event and the turn in which it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The turn, from 0.
    pub turn: u32,
    /// The event.
    pub event: Event,
}

/// The events of a run, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chronicle {
    /// The entries; turns never fall.
    pub entries: Vec<Entry>,
}

impl Chronicle {
    /// The chronicle as JSON lines, one event each.
    #[must_use]
    pub fn lines(&self, cast: &Cast) -> String {
        let mut text = String::new();
        for entry in &self.entries {
            text.push_str(&entry.to_wire(cast).to_string());
            text.push('\n');
        }
        text
    }

    /// The SHA-256 of [`Self::lines`], in hexadecimal: two runs are the same if and only if their
    /// digests are.
    #[must_use]
    pub fn digest(&self, cast: &Cast) -> String {
        digest(self.lines(cast).as_bytes())
    }

    /// The events alone.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.entries.iter().map(|entry| &entry.event)
    }
}

/// The SHA-256 of some bytes, in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of what is read, in hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of(mut from: impl std::io::Read) -> std::io::Result<String> {
    let (mut sum, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            n => sum.update(&piece[..n]),
        }
    }
}

impl Wire for Entry {
    fn to_wire(&self, cast: &Cast) -> Value {
        let mut map = serde_json::Map::new();
        map.insert("turn".to_owned(), Value::from(self.turn));
        if let Value::Object(event) = self.event.to_wire(cast) {
            map.extend(event);
        }
        Value::Object(map)
    }

    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError> {
        let turn = field(object(value)?, "turn", cast)?;
        Ok(Self { turn, event: Event::from_wire(value, cast)? })
    }
}
