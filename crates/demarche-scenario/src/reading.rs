//! Typed access for lowering, once [`check`](crate::check::check) has said what is wrong.
//!
//! A reader never fails: where a value is missing or faulty, which has been reported already, it
//! gives a harmless stand-in, so that lowering can go on and find faults across values as well.
//! Asking for a key that the spec does not declare is a fault of ours, caught by an assertion in
//! debug builds.
use toml::value::Datetime;

use crate::document::{Document, NodeIx, Place, Value, join, nth};
use crate::number::{self, Measured, ReadNumber};
use crate::problem::{Code, Problem};
use crate::registers::{Registers, named};
use crate::sources::{ASSUMED, Sources};
use crate::spec::{Field, Kind, Quantity, Register, TableSpec};

/// A value that belongs to a declared name.
#[derive(Clone, Debug, PartialEq)]
pub struct Per<'a, T> {
    /// The name.
    pub name: &'a str,
    /// Which entry of its register the name is.
    pub index: usize,
    /// What belongs to it.
    pub value: T,
}

/// A table of a document, and the way to it.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    document: &'a Document,
    registers: &'a Registers,
    spec: &'static TableSpec,
    /// Nothing if the table is missing.
    node: Option<NodeIx>,
    place: Place,
    path: String,
    sources: Sources<'a>,
}

impl<'a> Reader<'a> {
    /// The whole document.
    pub fn root(
        document: &'a Document,
        spec: &'static TableSpec,
        registers: &'a Registers,
    ) -> Self {
        let node = document.root();
        let place = document.node(node).key_place.clone();
        let sources = Sources::default().within(document, node);
        Self { document, registers, spec, node: Some(node), place, path: String::new(), sources }
    }

    /// The path of this table; empty for the whole document.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether a key is there at all.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    // Numbers.

    /// A number; its stand-in is the value nearest to zero that its quantity admits.
    pub fn number(&self, key: &str) -> ReadNumber {
        self.number_opt(key).unwrap_or_else(|| match self.kind(key) {
            Some(Kind::Number(quantity)) => stand_in(&quantity),
            _ => stand_in_plain(0.0),
        })
    }

    /// A number that may be left out.
    pub fn number_opt(&self, key: &str) -> Option<ReadNumber> {
        let (node, kind) = (self.get(key)?, self.kind(key)?);
        let Kind::Number(quantity) = kind else { return None };
        Some(self.read_number(node, &quantity, &self.sources))
    }

    /// A list of numbers.
    pub fn numbers(&self, key: &str) -> Vec<ReadNumber> {
        match (self.get(key), self.kind(key)) {
            (Some(node), Some(Kind::Numbers(quantity))) => {
                self.read_numbers(node, &quantity, &self.sources)
            }
            _ => Vec::new(),
        }
    }

    /// A number for some names ([`Kind::NumberPer`]); names that are not declared are left out.
    pub fn number_per(&self, key: &str) -> Vec<Per<'a, ReadNumber>> {
        let Some(Kind::NumberPer { register, quantity }) = self.kind(key) else {
            return Vec::new();
        };
        let sources = self.sources_in(key);
        self.per(key, register, |node, _| self.read_number(node, &quantity, &sources))
    }

    /// A list of numbers for some names ([`Kind::NumbersPer`]).
    pub fn numbers_per(&self, key: &str) -> Vec<Per<'a, Vec<ReadNumber>>> {
        let Some(Kind::NumbersPer { register, quantity }) = self.kind(key) else {
            return Vec::new();
        };
        let sources = self.sources_in(key);
        self.per(key, register, |node, _| self.read_numbers(node, &quantity, &sources))
    }

    fn read_numbers(
        &self,
        node: NodeIx,
        quantity: &Quantity,
        sources: &Sources<'a>,
    ) -> Vec<ReadNumber> {
        let items = self.document.items(node).iter();
        items.map(|item| self.read_number(*item, quantity, sources)).collect()
    }

    fn read_number(&self, node: NodeIx, quantity: &Quantity, sources: &Sources<'a>) -> ReadNumber {
        let field = Measured { path: "", quantity, doc: "" };
        let Some(bare) = number::read(self.document, node, &field, &mut Vec::new()) else {
            return stand_in(quantity);
        };
        ReadNumber {
            value: bare.value,
            shape: bare.shape,
            drawn_every_run: bare.drawn_every_run,
            source: sources.of(self.document, node).unwrap_or(ASSUMED).to_owned(),
        }
    }

    // Single values.

    /// A whole number; its stand-in is the least allowed.
    pub fn whole(&self, key: &str) -> i64 {
        let least = match self.kind(key) {
            Some(Kind::Whole { min, .. }) => min,
            _ => 0,
        };
        self.whole_opt(key).unwrap_or(least)
    }

    /// A whole number that may be left out.
    pub fn whole_opt(&self, key: &str) -> Option<i64> {
        match (self.document.value(self.get(key)?), self.kind(key)?) {
            (Value::Whole(whole), Kind::Whole { min, max }) => Some((*whole).max(min).min(max)),
            _ => None,
        }
    }

    /// A text; its stand-in is empty.
    pub fn text(&self, key: &str) -> &'a str {
        self.text_opt(key).unwrap_or_default()
    }

    /// A text that may be left out; a name or a word of a choice can be read as one, too.
    pub fn text_opt(&self, key: &str) -> Option<&'a str> {
        as_text(self.document, self.get(key)?)
    }

    /// Yes or no; its stand-in is no.
    pub fn flag(&self, key: &str) -> bool {
        self.flag_opt(key).unwrap_or_default()
    }

    /// Yes or no, if it is said.
    pub fn flag_opt(&self, key: &str) -> Option<bool> {
        match self.document.value(self.get(key)?) {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A date with an hour.
    pub fn moment_opt(&self, key: &str) -> Option<Datetime> {
        match self.document.value(self.get(key)?) {
            Value::Moment(moment) if moment.date.is_some() && moment.time.is_some() => {
                Some(*moment)
            }
            _ => None,
        }
    }

    /// A word of a choice, as the spec has it; its stand-in is the first one.
    pub fn choice(&self, key: &str) -> &'static str {
        let first = match self.kind(key) {
            Some(Kind::Choice(words)) => words.first().map(|(word, _)| *word),
            _ => None,
        };
        self.choice_opt(key).or(first).unwrap_or_default()
    }

    /// A word of a choice, if one is given.
    pub fn choice_opt(&self, key: &str) -> Option<&'static str> {
        let (written, kind) = (self.text_opt(key)?, self.kind(key)?);
        let Kind::Choice(words) = kind else { return None };
        words.iter().map(|(word, _)| *word).find(|word| *word == written)
    }

    // Names.

    /// Which entry of its register a name is; its stand-in is 0, even if the register is empty.
    pub fn name(&self, key: &str) -> usize {
        self.name_opt(key).unwrap_or_default()
    }

    /// Which entry of its register a name is, if it is given and declared.
    pub fn name_opt(&self, key: &str) -> Option<usize> {
        let Some(Kind::Name(register)) = self.kind(key) else { return None };
        self.index(register, key, self.text_opt(key)?)
    }

    /// Which entries of their register some names are; those not declared are left out.
    pub fn names(&self, key: &str) -> Vec<usize> {
        let (Some(Kind::Names(register)), Some(node)) = (self.kind(key), self.get(key)) else {
            return Vec::new();
        };
        let texts = self.document.items(node).iter().filter_map(|ix| as_text(self.document, *ix));
        texts.filter_map(|name| self.index(register, key, name)).collect()
    }

    /// All names that hold at this table, in the order of the file.
    pub fn names_of(&self, register: Register) -> Vec<&'a str> {
        self.registers.names(register, &self.path)
    }

    /// A rung for some issues: which rung of its issue it is.
    pub fn rung_per(&self, key: &str) -> Vec<Per<'a, usize>> {
        let pairs = self.per(key, Register::Issues, |node, issue| {
            self.rung(issue, as_text(self.document, node)?)
        });
        let resolved = |Per { name, index, value }: Per<'a, Option<usize>>| {
            value.map(|value| Per { name, index, value })
        };
        pairs.into_iter().filter_map(resolved).collect()
    }

    /// Which rung of an issue has this key.
    pub fn rung(&self, issue: &str, key: &str) -> Option<usize> {
        self.registers.rungs(issue).iter().position(|rung| rung == key)
    }

    /// The keys of an issue's rungs, in order.
    pub fn rungs(&self, issue: &str) -> &'a [String] {
        self.registers.rungs(issue)
    }

    // Tables.

    /// A table that may be left out.
    pub fn table(&self, key: &str) -> Option<Reader<'a>> {
        let node = self.get(key)?;
        Some(self.at(node, self.kind(key)?.inner()?, join(&self.path, key), &self.sources))
    }

    /// A table that must be there; its stand-in is empty.
    pub fn required_table(&self, key: &str) -> Reader<'a> {
        let stand_in = || {
            let spec = self.kind(key).and_then(|kind| kind.inner()).unwrap_or(&NOTHING);
            Reader { node: None, spec, path: join(&self.path, key), ..self.clone() }
        };
        self.table(key).unwrap_or_else(stand_in)
    }

    /// The named tables of a [`Kind::Map`], in the order of the file.
    pub fn entries(&self, key: &str) -> Vec<Per<'a, Reader<'a>>> {
        let Some(Kind::Map { of, register, .. }) = self.kind(key) else { return Vec::new() };
        let (path, sources) = (join(&self.path, key), self.sources_in(key));
        self.per(key, register, |node, name| self.at(node, of, join(&path, name), &sources))
    }

    /// The tables of a [`Kind::List`].
    pub fn items(&self, key: &str) -> Vec<Reader<'a>> {
        let (Some(Kind::List { of, .. }), Some(node)) = (self.kind(key), self.get(key)) else {
            return Vec::new();
        };
        let path = join(&self.path, key);
        let items = self.document.items(node).iter().enumerate();
        items.map(|(index, item)| self.at(*item, of, nth(&path, index), &self.sources)).collect()
    }

    /// A table for some names.
    pub fn table_per(&self, key: &str) -> Vec<Per<'a, Reader<'a>>> {
        let Some(Kind::TablePer { of, register }) = self.kind(key) else { return Vec::new() };
        let (path, sources) = (join(&self.path, key), self.sources_in(key));
        self.per(key, register, |node, name| self.at(node, of, join(&path, name), &sources))
    }

    /// A table for some names, for some names.
    pub fn table_per_per(&self, key: &str) -> Vec<Per<'a, Vec<Per<'a, Reader<'a>>>>> {
        let Some(Kind::TablePerPer { outer, inner, of }) = self.kind(key) else {
            return Vec::new();
        };
        let (path, sources) = (join(&self.path, key), self.sources_in(key));
        self.per(key, outer, |node, name| {
            let (path, sources) = (join(&path, name), sources.within(self.document, node));
            let entries = named(self.document, node).filter_map(|(name, node)| {
                let index = self.registers.index(inner, &path, name)?;
                let value = self.at(node, of, join(&path, name), &sources);
                Some(Per { name, index, value })
            });
            entries.collect()
        })
    }

    // Places.

    /// Where the value of a key is; if there is none, where this table is.
    pub fn place(&self, key: &str) -> Place {
        let value = self.node.and_then(|node| self.document.get(node, key));
        value.map_or_else(|| self.place.clone(), |ix| self.document.node(ix).place.clone())
    }

    /// A fault found while lowering, at the value of a key.
    pub fn problem(
        &self,
        code: Code,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let path = if key.is_empty() { self.path.clone() } else { join(&self.path, key) };
        Problem::new(code, path, message).at(self.place(key)).with_help(help)
    }

    // Within.

    fn field(&self, key: &str) -> Option<&'static Field> {
        let field = self.spec.field(key);
        debug_assert!(field.is_some(), "table `{}` does not declare `{key}`", self.spec.name);
        field
    }

    fn kind(&self, key: &str) -> Option<Kind> {
        self.field(key).map(|field| field.kind)
    }

    fn get(&self, key: &str) -> Option<NodeIx> {
        self.field(key)?;
        self.document.get(self.node?, key)
    }

    fn at(
        &self,
        node: NodeIx,
        spec: &'static TableSpec,
        path: String,
        sources: &Sources<'a>,
    ) -> Reader<'a> {
        let place = self.document.node(node).key_place.clone();
        let sources = sources.within(self.document, node);
        Reader { node: Some(node), spec, place, path, sources, ..self.clone() }
    }

    fn sources_in(&self, key: &str) -> Sources<'a> {
        let table = self.get(key);
        table.map_or_else(Sources::default, |ix| self.sources.within(self.document, ix))
    }

    fn index(&self, register: Register, key: &str, name: &str) -> Option<usize> {
        self.registers.index(register, &join(&self.path, key), name)
    }

    /// What each entry of a table gives, for those whose key is a declared name.
    fn per<T>(
        &self,
        key: &str,
        register: Register,
        read: impl Fn(NodeIx, &'a str) -> T,
    ) -> Vec<Per<'a, T>> {
        let Some(table) = self.get(key) else { return Vec::new() };
        let resolved = |(name, node): (&'a str, NodeIx)| {
            let index = self.index(register, key, name)?;
            Some(Per { name, index, value: read(node, name) })
        };
        named(self.document, table).filter_map(resolved).collect()
    }
}

/// Stands in for the spec of a table that is declared as something else.
static NOTHING: TableSpec = TableSpec { name: "nothing", doc: "", fields: &[] };

fn as_text(document: &Document, node: NodeIx) -> Option<&str> {
    match document.value(node) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn stand_in(quantity: &Quantity) -> ReadNumber {
    stand_in_plain(0.0_f64.max(quantity.min).min(quantity.max))
}

fn stand_in_plain(value: f64) -> ReadNumber {
    ReadNumber { value, shape: None, drawn_every_run: false, source: ASSUMED.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SCENARIO, SPEC};
    use demarche_random::sample::Distribution;

    fn with_root(text: &str, test: impl FnOnce(Reader<'_>)) {
        let (document, _) = Document::parse("a.toml", text);
        let registers = Registers::collect(&document, &SPEC);
        test(Reader::root(&document, &SPEC, &registers));
    }

    #[test]
    fn what_is_written_is_read() {
        with_root(SCENARIO, |root| {
            assert_eq!((root.text("title"), root.choice("grade")), ("Test", "toy"));
            assert_eq!((root.whole("turns"), root.flag_opt("late")), (20, Some(false)));
            assert_eq!(root.moment_opt("start").unwrap().to_string(), "2025-10-18T09:00:00");
            assert_eq!(root.numbers("levels")[1].value, 0.2);
            assert_eq!(root.names_of(Register::Issues), ["ceasefire", "trade"]);
            let shock = &root.items("shocks")[0];
            assert_eq!((shock.name("party"), shock.names("also")), (0, vec![1]));
            assert_eq!(shock.path(), "shocks[1]");
            assert!(root.table("clock").is_none() && !root.has("clock"));
        });
    }

    #[test]
    fn parties_are_read_with_their_sources() {
        with_root(SCENARIO, |root| {
            let [kabul, islamabad] = root.entries("parties").try_into().unwrap();
            assert_eq!((kabul.name, islamabad.index), ("kabul", 1));
            let patience = kabul.value.number("patience");
            let shape = Some(Distribution::Uniform { low: 0.2, high: 0.9 });
            let source = "lecker2010".to_owned();
            let expected = ReadNumber { value: 0.35, shape, drawn_every_run: false, source };
            assert_eq!(patience, expected);
            let drawn = islamabad.value.number("patience");
            assert!(drawn.drawn_every_run && drawn.source == ASSUMED);
            let stakes = kabul.value.number_per("stakes");
            assert_eq!((stakes[1].name, stakes[1].value.value), ("trade", 0.3));
            assert_eq!(kabul.value.numbers_per("values")[0].value[1].value, 0.5);
            assert_eq!(kabul.value.rung_per("opening")[0].value, 2);
            assert_eq!(kabul.value.table_per("mandate")[0].value.text("from"), "days");
            assert_eq!(kabul.value.name_opt("heeds"), Some(1));
            assert_eq!(kabul.value.rung("trade", "open"), Some(1));
        });
    }

    #[test]
    fn what_is_missing_has_a_stand_in() {
        with_root("shocks = [1, {}]\nparties.a = 1\ngrade = 'x'\nturns = 999", |root| {
            assert_eq!((root.text("title"), root.choice("grade")), ("", "toy"));
            assert_eq!((root.whole("turns"), root.items("shocks").len()), (100, 2));
            assert_eq!(root.items("shocks")[0].number("after").value, 0.0);
            assert_eq!(root.entries("parties")[0].value.number_opt("patience"), None);
            let clock = root.required_table("clock");
            assert_eq!((clock.path(), clock.number("day").value), ("clock", 0.0));
            assert_eq!(clock.place("day"), root.place(""));
        });
    }

    #[test]
    fn problems_of_lowering_point_at_their_key() {
        with_root(SCENARIO, |root| {
            let kabul = &root.entries("parties")[0].value;
            let problem = kabul.problem(Code::WrongSum, "stakes", "stakes must sum to 1", "");
            assert_eq!((problem.path.as_str(), problem.help), ("parties.kabul.stakes", None));
            let span = problem.place.unwrap().span;
            assert_eq!(&SCENARIO[span], "{ ceasefire = 0.7, trade = 0.3 }");
            let header = kabul.problem(Code::Contradiction, "", "x", "y").place.unwrap().span;
            assert_eq!(&SCENARIO[header], "kabul");
        });
    }
}
