//! The wire form: how values are written as JSON with the scenario's own keys, and read back.
//!
//! Keys, not numbers, so that a line can be read by a person and joined by an analyst. Every type
//! says once how it is written and read; enums with fields are declared through [`wire_enum`],
//! which makes the type, the writer and the reader from one list.

use demarche_domain::index::{
    ConstituencyIx, CrossingIx, GroupIx, IssueIx, MediatorIx, OutcomeIx, PartyIx, RoundIx, ShockIx,
};
use demarche_domain::package::Package;
use serde_json::{Map, Value};

use crate::cast::Cast;
use crate::seat::{Seat, Stage};

/// Why a line could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A field is missing.
    #[error("the field `{0}` is missing")]
    Missing(String),
    /// A field has another type than it should.
    #[error("expected {expected}, found `{found}`")]
    Type {
        /// What belongs there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A name is not in the scenario.
    #[error("`{name}` is not one of: {known}")]
    Unknown {
        /// The name that was found.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A field has a fault of its own.
    #[error("in `{field}`: {cause}")]
    In {
        /// The field.
        field: String,
        /// What is wrong there.
        cause: Box<WireError>,
    },
}

/// A value with a wire form.
pub trait Wire: Sized {
    /// As JSON.
    fn to_wire(&self, cast: &Cast) -> Value;
    /// From JSON.
    ///
    /// # Errors
    /// When the value has another shape, or names what the scenario does not have.
    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError>;
}

fn wrong(expected: &'static str, found: &Value) -> WireError {
    let mut found = found.to_string();
    if let Some((at, _)) = found.char_indices().nth(60) {
        found.truncate(at);
        found.push('…');
    }
    WireError::Type { expected, found }
}

/// A field of an object.
///
/// # Errors
/// When it is missing or malformed. A missing field reads as null, so that options can be left out.
pub fn field<T: Wire>(map: &Map<String, Value>, key: &str, cast: &Cast) -> Result<T, WireError> {
    let value = map.get(key).unwrap_or(&Value::Null);
    T::from_wire(value, cast).map_err(|cause| {
        if map.contains_key(key) {
            WireError::In { field: key.to_owned(), cause: Box::new(cause) }
        } else {
            WireError::Missing(key.to_owned())
        }
    })
}

/// The object that a value should be.
///
/// # Errors
/// When it is something else.
pub fn object(value: &Value) -> Result<&Map<String, Value>, WireError> {
    value.as_object().ok_or_else(|| wrong("an object", value))
}

/// The place of a word among those known.
fn place<'a>(
    value: &Value,
    expected: &'static str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<usize, WireError> {
    let name = value.as_str().ok_or_else(|| wrong(expected, value))?;
    known.clone().position(|word| word == name).ok_or_else(|| WireError::Unknown {
        name: name.to_owned(),
        known: known.collect::<Vec<_>>().join(", "),
    })
}

macro_rules! wire_index {
    ($($type:ident: $expected:literal, $cast:ident => $keys:expr;)*) => {$(
        impl Wire for $type {
            fn to_wire(&self, $cast: &Cast) -> Value {
                $keys.nth(self.ix()).map_or(Value::Null, Value::from)
            }
            fn from_wire(value: &Value, $cast: &Cast) -> Result<Self, WireError> {
                place(value, $expected, $keys).map(Self::at)
            }
        }
    )*};
}

wire_index! {
    PartyIx: "the key of a party", cast => cast.parties.iter().map(|p| p.named.key.as_str());
    IssueIx: "the key of an issue", cast => cast.issues.iter().map(|i| i.named.key.as_str());
    MediatorIx: "the key of a mediator", cast => cast.mediators.iter().map(|m| m.key.as_str());
    GroupIx: "the key of a group", cast => cast.groups.iter().map(|g| g.key.as_str());
    CrossingIx: "the key of a crossing", cast => cast.crossings.iter().map(|c| c.key.as_str());
    RoundIx: "the key of a round", cast => cast.rounds.iter().map(|r| r.named.key.as_str());
    OutcomeIx: "the key of an outcome", cast => cast.outcomes.iter().map(|o| o.key.as_str());
    ShockIx: "the key of a shock", cast => cast.shocks.iter().map(|s| s.key.as_str());
}

impl Wire for f64 {
    fn to_wire(&self, _: &Cast) -> Value {
        Value::from(*self)
    }
    fn from_wire(value: &Value, _: &Cast) -> Result<Self, WireError> {
        value.as_f64().ok_or_else(|| wrong("a number", value))
    }
}

impl Wire for u32 {
    fn to_wire(&self, _: &Cast) -> Value {
        Value::from(*self)
    }
    fn from_wire(value: &Value, _: &Cast) -> Result<Self, WireError> {
        let whole = value.as_u64().and_then(|n| Self::try_from(n).ok());
        whole.ok_or_else(|| wrong("a whole number", value))
    }
}

impl Wire for bool {
    fn to_wire(&self, _: &Cast) -> Value {
        Value::from(*self)
    }
    fn from_wire(value: &Value, _: &Cast) -> Result<Self, WireError> {
        value.as_bool().ok_or_else(|| wrong("true or false", value))
    }
}

impl<T: Wire> Wire for Option<T> {
    fn to_wire(&self, cast: &Cast) -> Value {
        self.as_ref().map_or(Value::Null, |value| value.to_wire(cast))
    }
    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError> {
        if value.is_null() { Ok(None) } else { T::from_wire(value, cast).map(Some) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn to_wire(&self, cast: &Cast) -> Value {
        self.iter().map(|value| value.to_wire(cast)).collect()
    }
    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError> {
        let list = value.as_array().ok_or_else(|| wrong("a list", value))?;
        list.iter().map(|value| T::from_wire(value, cast)).collect()
    }
}

/// A rung of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RungOf {
    /// The issue.
    pub issue: IssueIx,
    /// The rung's place from the status quo.
    pub rung: u8,
}

fn rung_keys(cast: &Cast, issue: IssueIx) -> impl Iterator<Item = &str> + Clone {
    cast.issues[issue.ix()].rungs.iter().map(|rung| rung.key.as_str())
}

impl Wire for RungOf {
    fn to_wire(&self, cast: &Cast) -> Value {
        let mut map = Map::new();
        let rung = rung_keys(cast, self.issue).nth(usize::from(self.rung));
        map.insert("issue".to_owned(), self.issue.to_wire(cast));
        map.insert("rung".to_owned(), rung.map_or(Value::Null, Value::from));
        Value::Object(map)
    }
    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError> {
        let map = object(value)?;
        let issue = field(map, "issue", cast)?;
        let rung = map.get("rung").ok_or_else(|| WireError::Missing("rung".to_owned()))?;
        let rung = place(rung, "the key of a rung", rung_keys(cast, issue))?;
        Ok(Self { issue, rung: u8::try_from(rung).expect("at most 256 rungs") })
    }
}

impl Wire for Package {
    fn to_wire(&self, cast: &Cast) -> Value {
        let mut map = Map::new();
        for issue in IssueIx::first(cast.issues.len()) {
            let key = rung_keys(cast, issue).nth(usize::from(self.rung(issue)));
            let name = cast.issues[issue.ix()].named.key.clone();
            map.insert(name, key.map_or(Value::Null, Value::from));
        }
        Value::Object(map)
    }

    /// Issues not named stay at the status quo.
    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError> {
        let mut package = Self::STATUS_QUO;
        for (key, rung) in object(value)? {
            let issue = IssueIx::from_wire(&Value::from(key.as_str()), cast)?;
            let rung = place(rung, "the key of a rung", rung_keys(cast, issue))
                .map_err(|cause| WireError::In { field: key.clone(), cause: Box::new(cause) })?;
            package.set(issue, u8::try_from(rung).expect("at most 256 rungs"));
        }
        Ok(package)
    }
}

impl Wire for Seat {
    /// `capital:kabul`, `delegation:kabul`, `mediator:qatar`, `constituency:kabul/army`.
    fn to_wire(&self, cast: &Cast) -> Value {
        let party = |p: PartyIx| cast.parties[p.ix()].named.key.as_str();
        Value::from(match *self {
            Self::Capital(p) => format!("capital:{}", party(p)),
            Self::Delegation(p) => format!("delegation:{}", party(p)),
            Self::Mediator(m) => format!("mediator:{}", cast.mediators[m.ix()].key),
            Self::Constituency(p, c) => {
                let key = &cast.parties[p.ix()].constituencies[c.ix()].key;
                format!("constituency:{}/{key}", party(p))
            }
        })
    }

    fn from_wire(value: &Value, cast: &Cast) -> Result<Self, WireError> {
        let text = value.as_str().ok_or_else(|| wrong("a seat such as `capital:…`", value))?;
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        let party = |name: &str| PartyIx::from_wire(&Value::from(name), cast);
        match kind {
            "capital" => party(name).map(Self::Capital),
            "delegation" => party(name).map(Self::Delegation),
            "mediator" => MediatorIx::from_wire(&Value::from(name), cast).map(Self::Mediator),
            "constituency" => {
                let (owner, key) = name.split_once('/').unwrap_or((name, ""));
                let owner = party(owner)?;
                let keys = cast.parties[owner.ix()].constituencies.iter().map(|c| c.key.as_str());
                let at = place(&Value::from(key), "the key of a constituency", keys)?;
                Ok(Self::Constituency(owner, ConstituencyIx::at(at)))
            }
            _ => Err(WireError::Unknown {
                name: kind.to_owned(),
                known: "capital:…, delegation:…, constituency:…/…, mediator:…".to_owned(),
            }),
        }
    }
}

/// Declares an enum without fields and its words.
macro_rules! wire_words {
    ($(#[$doc:meta])* pub enum $name:ident {
        $($(#[doc = $vdoc:literal])+ $variant:ident = $word:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $vdoc])+ $variant,)* }

        impl $name {
            /// Every word and what it means.
            pub const WORDS: &'static [(&'static str, &'static str)] =
                &[$(($word, concat!($($vdoc,)+)),)*];
        }

        $crate::wire::wire_words!(impl $name { $($variant = $word,)* });
    };
    (impl $name:ident { $($variant:ident = $word:literal,)* }) => {
        impl $crate::wire::Wire for $name {
            fn to_wire(&self, _: &$crate::cast::Cast) -> serde_json::Value {
                serde_json::Value::from(match self { $(Self::$variant => $word,)* })
            }
            fn from_wire(
                value: &serde_json::Value,
                _: &$crate::cast::Cast,
            ) -> Result<Self, $crate::wire::WireError> {
                match value.as_str() {
                    $(Some($word) => Ok(Self::$variant),)*
                    _ => Err($crate::wire::WireError::Unknown {
                        name: value.to_string(),
                        known: [$($word),*].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use wire_words;

wire_words!(impl Stage {
    World = "world", Capitals = "capitals", Delegations = "delegations", Home = "home",
});

/// Declares an enum whose variants have named fields, with its words: the type, its writer, its
/// reader and its dictionary, from one list.
macro_rules! wire_enum {
    ($(#[$doc:meta])* pub enum $name:ident tagged $tag:literal {
        $($(#[doc = $vdoc:literal])+ $variant:ident = $word:literal {
            $($(#[doc = $fdoc:literal])+ $field:ident: $type:ty,)*
        })*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[doc = $vdoc])+ $variant { $($(#[doc = $fdoc])+ $field: $type,)* },)*
        }

        impl $name {
            /// The word that stands for this kind in the wire form.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word,)* }
            }

            /// Every kind: its word, its meaning, and the name and meaning of each field.
            pub const DICTIONARY: &'static [$crate::wire::Entry] = &[$($crate::wire::Entry {
                word: $word,
                meaning: concat!($($vdoc,)+),
                fields: &[$((stringify!($field), concat!($($fdoc,)+)),)*],
            },)*];
        }

        impl $crate::wire::Wire for $name {
            #[allow(unused_variables)]
            fn to_wire(&self, cast: &$crate::cast::Cast) -> serde_json::Value {
                let mut map = serde_json::Map::new();
                map.insert($tag.to_owned(), serde_json::Value::from(self.word()));
                match self {
                    $(Self::$variant { $($field,)* } => {
                        $(map.insert(
                            stringify!($field).replace('_', "-"),
                            $crate::wire::Wire::to_wire($field, cast),
                        );)*
                    })*
                }
                serde_json::Value::Object(map)
            }

            fn from_wire(
                value: &serde_json::Value,
                cast: &$crate::cast::Cast,
            ) -> Result<Self, $crate::wire::WireError> {
                let map = $crate::wire::object(value)?;
                let word = map.get($tag).and_then(serde_json::Value::as_str);
                let word = word.ok_or_else(|| $crate::wire::WireError::Missing($tag.to_owned()))?;
                match word {
                    $($word => Ok(Self::$variant {
                        $($field: $crate::wire::field(
                            map, &stringify!($field).replace('_', "-"), cast)?,)*
                    }),)*
                    _ => Err($crate::wire::WireError::Unknown {
                        name: word.to_owned(),
                        known: [$($word),*].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use wire_enum;

/// One kind in the dictionary of an enum.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The word in the wire form.
    pub word: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Name and meaning of each field.
    pub fields: &'static [(&'static str, &'static str)],
}
