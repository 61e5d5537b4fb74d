//! What a table of a scenario file may hold, declared once.
//!
//! Checking, hints, the schema for editors and the table of parameters are all read off these
//! declarations, so none of them can disagree with another. Everything here is plain data that a
//! `static` can hold.

/// A table of a scenario file: what it is called and which keys it may have.
#[derive(Clone, Copy, Debug)]
pub struct TableSpec {
    /// Its name in the schema, unique among all tables, in kebab-case.
    pub name: &'static str,
    /// What the table describes, in a sentence.
    pub doc: &'static str,
    /// Its keys, in the order in which they are explained. `source` and `note` go without saying.
    pub fields: &'static [Field],
}

impl TableSpec {
    /// The declaration of a key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key as written in the file.
    pub key: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// Whether it may be left out.
    pub need: Need,
    /// What it means, in a sentence that serves as a hint and as documentation.
    pub doc: &'static str,
}

impl Field {
    /// A key that every table of this kind must have.
    pub const fn required(key: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { key, kind, need: Need::Required, doc }
    }

    /// A key that may be left out; `doc` tells what its absence means.
    pub const fn optional(key: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { key, kind, need: Need::Optional, doc }
    }
}

/// Whether a key may be left out. There are no hidden defaults: absence has a meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The table is faulty without it.
    Required,
    /// Its absence means what the field's doc says.
    Optional,
}

/// What a number measures, and where it must lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// Its letter in MODEL.md.
    pub symbol: &'static str,
    /// Its unit; `1` if it has none.
    pub unit: &'static str,
    /// The least value that makes sense; may be minus infinity.
    pub min: f64,
    /// The greatest value that makes sense; may be infinity.
    pub max: f64,
    /// The plausible range inside of the bounds, for the documentation.
    pub assumed: Option<(f64, f64)>,
}

impl Quantity {
    /// Whether a value lies within the bounds; never true of NaN.
    pub fn admits(&self, value: f64) -> bool {
        value.is_finite() && (self.min..=self.max).contains(&value)
    }

    /// What a value must do, as it ends a sentence with `must`.
    pub fn demand(&self) -> String {
        let unit = if self.unit == "1" { String::new() } else { format!(" {}", self.unit) };
        match (self.min.is_finite(), self.max.is_finite()) {
            (true, true) => format!("lie in [{}, {}]{unit}", self.min, self.max),
            (true, false) => format!("be at least {}{unit}", self.min),
            (false, true) => format!("be at most {}{unit}", self.max),
            (false, false) => format!("be a finite number{unit}"),
        }
    }

    /// The bounds as an interval.
    pub fn interval(&self) -> String {
        let low =
            if self.min.is_finite() { format!("[{}", self.min) } else { "(−∞".to_owned() };
        let high = if self.max.is_finite() { format!("{}]", self.max) } else { "∞)".to_owned() };
        format!("{low}, {high}")
    }

    /// A value that would do, for messages.
    pub(crate) fn example(&self) -> f64 {
        match (self.assumed, self.min.is_finite(), self.max.is_finite()) {
            (Some((low, _)), ..) => low,
            (None, true, true) => self.min + (self.max - self.min) / 2.0,
            (None, true, false) => self.min + 1.0,
            (None, false, true) => self.max - 1.0,
            (None, false, false) => 1.0,
        }
    }
}

/// The names that a scenario declares, so that other places can refer to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    /// Who negotiates.
    Parties,
    /// What is negotiated.
    Issues,
    /// Third sides.
    Mediators,
    /// Armed groups.
    Groups,
    /// Border crossings.
    Crossings,
    /// Rounds of talks.
    Rounds,
    /// What strikes from outside.
    Shocks,
    /// Whom a party answers to; declared within that party.
    Constituencies,
}

impl Register {
    /// What one of its names is called.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Parties => "party",
            Self::Issues => "issue",
            Self::Mediators => "mediator",
            Self::Groups => "group",
            Self::Crossings => "crossing",
            Self::Rounds => "round",
            Self::Shocks => "shock",
            Self::Constituencies => "constituency",
        }
    }
}

/// What the value of a key must be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number in any of the forms of [`crate::number`].
    Number(Quantity),
    /// Several numbers in a list.
    Numbers(Quantity),
    /// A whole number, both bounds included.
    Whole {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A text of one line that is not empty.
    Text,
    /// A text that may have several lines.
    Prose,
    /// `true` or `false`.
    Flag,
    /// A date with an hour, with or without an offset.
    Moment,
    /// One of a few words, each with its meaning.
    Choice(&'static [(&'static str, &'static str)]),
    /// A name that the scenario declares.
    Name(Register),
    /// Several such names in a list.
    Names(Register),
    /// A table of its own.
    Table(&'static TableSpec),
    /// Named tables; the names are hereby declared. `[parties.kabul]`
    Map {
        /// What each of them holds.
        of: &'static TableSpec,
        /// Where their names are entered.
        register: Register,
        /// How many there may be.
        max: usize,
    },
    /// Tables in a row. `[[shocks]]`
    List {
        /// What each of them holds.
        of: &'static TableSpec,
        /// How many there may be.
        max: usize,
    },
    /// A number for some names. `{ ceasefire = 0.2, trade = 0.1 }`
    NumberPer {
        /// Which names may be keys.
        register: Register,
        /// What each number measures.
        quantity: Quantity,
    },
    /// A list of numbers for some names; for issues, one number per rung.
    NumbersPer {
        /// Which names may be keys.
        register: Register,
        /// What each number measures.
        quantity: Quantity,
    },
    /// A table for some names. `mandate.ceasefire = { … }`
    TablePer {
        /// Which names may be keys.
        register: Register,
        /// What each table holds.
        of: &'static TableSpec,
    },
    /// For some names, a table for some names. `mandates.kabul.ceasefire = { … }`
    TablePerPer {
        /// Which names may be keys.
        outer: Register,
        /// Which names may be keys of the tables at those.
        inner: Register,
        /// What each of the innermost tables holds.
        of: &'static TableSpec,
    },
    /// For some issues, the key of one of the issue's rungs. `{ ceasefire = "open-ended" }`
    RungPer,
}

impl Kind {
    /// What is wanted, with an example, as it ends a sentence with `must be`.
    pub(crate) fn wanted(&self) -> String {
        match self {
            Self::Number(quantity) => format!("a number such as {}", quantity.example()),
            Self::Numbers(quantity) => {
                format!("a list of numbers such as [{}]", quantity.example())
            }
            Self::Whole { min, .. } => format!("a whole number such as {min}"),
            Self::Text | Self::Prose => "a text in quotes".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Moment => "a date with an hour such as 2025-10-18T09:00:00".to_owned(),
            Self::Choice(words) => {
                let word = words.first().map_or("", |(word, _)| word);
                format!("one of its words, such as \"{word}\"")
            }
            Self::Name(register) => format!("the name of a {} in quotes", register.noun()),
            Self::Names(register) => format!("a list of names, each that of a {}", register.noun()),
            Self::Table(spec) => format!("a table ({})", spec.name),
            Self::Map { register, .. } => format!("a table with one table per {}", register.noun()),
            Self::List { of, .. } => format!("a list of tables ({})", of.name),
            Self::NumberPer { register, quantity } => {
                format!("a table such as {{ {} = {} }}", register.noun(), quantity.example())
            }
            Self::NumbersPer { register, quantity } => {
                format!("a table such as {{ {} = [{}] }}", register.noun(), quantity.example())
            }
            Self::TablePer { register, .. } => {
                format!("a table such as {{ {} = {{ ... }} }}", register.noun())
            }
            Self::TablePerPer { outer, inner, .. } => {
                format!(
                    "a table such as {{ {} = {{ {} = {{ ... }} }} }}",
                    outer.noun(),
                    inner.noun()
                )
            }
            Self::RungPer => "a table such as { issue = \"rung\" }".to_owned(),
        }
    }

    /// The table that this kind holds one or many of.
    pub fn inner(&self) -> Option<&'static TableSpec> {
        match self {
            Self::Table(of)
            | Self::Map { of, .. }
            | Self::List { of, .. }
            | Self::TablePer { of, .. }
            | Self::TablePerPer { of, .. } => Some(of),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(min: f64, max: f64, unit: &'static str, demand: &str, interval: &str) {
        let quantity = Quantity { symbol: "x", unit, min, max, assumed: None };
        assert_eq!((quantity.demand().as_str(), quantity.interval().as_str()), (demand, interval));
        assert!(quantity.admits(quantity.example()) && !quantity.admits(f64::NAN));
    }

    #[test]
    fn bounds_read_as_words_and_as_intervals() {
        let infinity = f64::INFINITY;
        check(0.0, 1.0, "1", "lie in [0, 1]", "[0, 1]");
        check(0.5, infinity, "days", "be at least 0.5 days", "[0.5, ∞)");
        check(-infinity, 3.0, "1", "be at most 3", "(−∞, 3]");
        check(-infinity, infinity, "1", "be a finite number", "(−∞, ∞)");
    }
}
