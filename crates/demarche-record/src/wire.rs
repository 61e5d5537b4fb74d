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
    #[error("`{}` is not one of: {}", cut(name), several(known))]
    Unknown {
        /// The name that was found.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// An object has a field that nothing would read.
    #[error("there is no `{}` here, only: {}", cut(name), several(known))]
    NoField {
        /// The field that was found.
        name: String,
        /// The fields there are.
        known: Vec<String>,
    },
    /// A field, or an entry of a list, has a fault of its own.
    #[error("in `{field}`: {cause}")]
    In {
        /// The field; of a list, the entry as `[1]`.
        field: String,
        /// What is wrong there.
        cause: Box<WireError>,
    },
    /// There are several faults.
    #[error("{}", told(.0))]
    Several(Vec<WireError>),
}

impl WireError {
    /// The single faults, each with the fields that lead to it.
    #[must_use]
    pub fn single(&self) -> Vec<(Vec<&str>, &Self)> {
        let (mut found, mut work) = (Vec::new(), vec![(Vec::new(), self)]);
        while let Some((way, fault)) = work.pop() {
            match fault {
                Self::In { field, cause } => {
                    work.push(([way.as_slice(), &[field.as_str()]].concat(), cause));
                }
                Self::Several(faults) => {
                    work.extend(faults.iter().rev().map(|fault| (way.clone(), fault)));
                }
                fault => found.push((way, fault)),
            }
        }
        found
    }
}

/// How many words of a list are told; more would not be read.
const TOLD: usize = 12;

fn several(words: &[String]) -> String {
    let more = words.len().saturating_sub(TOLD);
    let told = words[..words.len() - more].join(", ");
    if more == 0 { told } else { format!("{told} and {more} more") }
}

fn told(faults: &[WireError]) -> String {
    let more = faults.len().saturating_sub(TOLD);
    let told = faults.iter().take(TOLD).map(ToString::to_string).collect::<Vec<_>>().join("; ");
    if more == 0 { told } else { format!("{told}; and {more} more") }
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

pub(crate) fn wrong(expected: &'static str, found: &Value) -> WireError {
    WireError::Type { expected, found: cut(&found.to_string()) }
}

/// A field of an object.
///
/// # Errors
/// When it is missing or malformed. A missing field reads as null, so that options can be left out.
pub fn field<T: Wire>(map: &Map<String, Value>, key: &str, cast: &Cast) -> Result<T, WireError> {
    let value = map.get(key).unwrap_or(&Value::Null);
    T::from_wire(value, cast).map_err(|cause| {
        if map.contains_key(key) { within(key, cause) } else { WireError::Missing(key.to_owned()) }
    })
}

/// The object that a value should be.
///
/// # Errors
/// When it is something else.
pub fn object(value: &Value) -> Result<&Map<String, Value>, WireError> {
    value.as_object().ok_or_else(|| wrong("an object", value))
}

/// The fields of an object on their way of being read. Every fault is kept, so that all of them can
/// be told at once.
#[derive(Debug)]
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    /// What stands there besides the fields.
    beside: &'static [&'static str],
    cast: &'a Cast,
    faults: Vec<WireError>,
}

impl<'a> Fields<'a> {
    /// The fields of a value, with what may stand there besides.
    ///
    /// # Errors
    /// When it is no object.
    pub fn of(
        value: &'a Value,
        beside: &'static [&'static str],
        cast: &'a Cast,
    ) -> Result<Self, WireError> {
        Ok(Self { map: object(value)?, beside, cast, faults: Vec::new() })
    }

    /// The word that says of which kind the object is.
    ///
    /// # Errors
    /// When it is missing, or no text.
    pub fn tag(&self, key: &str) -> Result<&'a str, WireError> {
        let value = self.map.get(key).ok_or_else(|| WireError::Missing(key.to_owned()))?;
        value.as_str().ok_or_else(|| within(key, wrong("a word", value)))
    }

    /// Reads a field, its name written as in Rust.
    pub fn read<T: Wire>(&mut self, name: &str) -> Option<T> {
        let read = field(self.map, &name.replace('_', "-"), self.cast);
        read.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// Faults all fields but these, their names written as in Rust.
    pub fn no_others(&mut self, names: &[&str]) {
        let known = self.beside.iter().chain(names).map(|name| name.replace('_', "-"));
        let known: Vec<String> = known.collect();
        self.faults.extend(strange(self.map, &known));
    }

    /// Says whether all was well.
    ///
    /// # Errors
    /// With every fault that was found.
    pub fn finish(mut self) -> Result<(), WireError> {
        match self.faults.len() {
            0 => Ok(()),
            1 => Err(self.faults.remove(0)),
            _ => Err(WireError::Several(self.faults)),
        }
    }
}

/// The fields of an object that nothing would read.
pub(crate) fn strange(
    map: &Map<String, Value>,
    known: &[String],
) -> impl Iterator<Item = WireError> {
    let strange = map.keys().filter(|key| !known.contains(key));
    strange.map(|name| WireError::NoField { name: name.clone(), known: known.to_vec() })
}

pub(crate) fn within(field: &str, cause: WireError) -> WireError {
    WireError::In { field: field.to_owned(), cause: Box::new(cause) }
}

/// A word that is none of those there are.
pub(crate) fn no_word<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> WireError {
    let known = known.into_iter().map(str::to_owned).collect();
    WireError::Unknown { name: name.to_owned(), known }
}

/// What was found, as it can be shown: cut where it is too long to be read, with stand-ins for what
/// would move or hide the text around it.
fn cut(found: &str) -> String {
    let is_odd =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut characters = found.chars().map(|c| if is_odd(c) { '\u{FFFD}' } else { c });
    let shown: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

/// The place of a word among those known.
fn place<'a>(
    value: &Value,
    expected: &'static str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<usize, WireError> {
    let name = value.as_str().ok_or_else(|| wrong(expected, value))?;
    known.clone().position(|word| word == name).ok_or_else(|| no_word(name, known))
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
        let read = |(place, value): (usize, &Value)| {
            let entry = T::from_wire(value, cast);
            entry.map_err(|cause| within(&format!("[{}]", place + 1), cause))
        };
        list.iter().enumerate().map(read).collect()
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
        let mut fields = Fields::of(value, &[], cast)?;
        fields.no_others(&["issue", "rung"]);
        let issue = fields.read("issue");
        fields.finish()?;
        let issue = issue.expect("a field without a fault was read");
        let rung = object(value)?.get("rung");
        let rung = rung.ok_or_else(|| WireError::Missing("rung".to_owned()))?;
        let rung = place(rung, "the key of a rung", rung_keys(cast, issue));
        let rung = rung.map_err(|cause| within("rung", cause))?;
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
        let (mut package, map) = (Self::STATUS_QUO, object(value)?);
        let issues: Vec<String> = cast.issues.iter().map(|issue| issue.named.key.clone()).collect();
        let mut faults: Vec<WireError> = strange(map, &issues).collect();
        for (at, key) in issues.iter().enumerate() {
            let Some(rung) = map.get(key) else { continue };
            let issue = IssueIx::at(at);
            match place(rung, "the key of a rung", rung_keys(cast, issue)) {
                Ok(rung) => package.set(issue, u8::try_from(rung).expect("at most 256 rungs")),
                Err(cause) => faults.push(within(key, cause)),
            }
        }
        if faults.is_empty() { Ok(package) } else { Err(WireError::Several(faults)) }
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
            _ => {
                Err(no_word(kind, ["capital:…", "delegation:…", "constituency:…/…", "mediator:…"]))
            }
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
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
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
                    Some(word) => Err($crate::wire::no_word(word, [$($word),*])),
                    None => Err($crate::wire::wrong("a word", value)),
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
/// reader and its dictionary, from one list. What stands `beside` the fields is read elsewhere.
macro_rules! wire_enum {
    ($(#[$doc:meta])* pub enum $name:ident tagged $tag:literal $(beside $beside:literal)? {
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
                let beside = &[$tag, $($beside)?];
                let mut fields = $crate::wire::Fields::of(value, beside, cast)?;
                match fields.tag($tag)? {
                    $($word => {
                        fields.no_others(&[$(stringify!($field),)*]);
                        $(let $field = fields.read(stringify!($field));)*
                        fields.finish()?;
                        Ok(Self::$variant {
                            $($field: $field.expect("a field without a fault was read"),)*
                        })
                    })*
                    word => {
                        let fault = $crate::wire::no_word(word, [$($word),*]);
                        Err($crate::wire::within($tag, fault))
                    }
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
