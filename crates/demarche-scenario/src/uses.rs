//! Every number of a scenario: where it stands, what it measures, what it is, and who says so.
use demarche_random::sample::Number;
use demarche_random::seed::RunSeed;
use demarche_record::format::Lineage;

use crate::document::{Document, NOTE, NodeIx, SOURCE, Value, join, nth};
use crate::format;
use crate::lower::{HOURS_A_DAY, address};
use crate::number::{self, Measured, ReadNumber};
use crate::registers::{is_within, named};
use crate::sources::{ASSUMED, Sources};
use crate::spec::{Kind, Quantity};

/// A number of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberUse {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// What it means.
    pub doc: &'static str,
    /// What it measures, in the unit of the file.
    pub quantity: Quantity,
    /// What it is, in that unit, and where it comes from.
    pub number: ReadNumber,
    /// The address of its draw: [`demarche_random::sample::Number::address`].
    pub address: u32,
}

impl NumberUse {
    /// Whether it is one of several that add up to 1, so that it cannot be set alone.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.quantity == format::STAKE
    }

    /// What it is in a run of this lineage, in the unit of the file; a stake, before all that it is
    /// drawn with are made to add up to 1.
    #[must_use]
    pub fn in_run(&self, lineage: Lineage) -> f64 {
        self.drawn().in_run(RunSeed(lineage.seed), lineage.over_ranges.map(RunSeed))
    }

    /// As it is drawn, in the unit of the file.
    #[must_use]
    pub const fn drawn(&self) -> Number {
        let ReadNumber { value: reference, shape: spread, drawn_every_run, .. } = self.number;
        Number { reference, spread, is_chance: drawn_every_run, address: self.address }
    }

    /// How many of its units make one of the engine's: hours are lowered to days.
    #[must_use]
    pub fn per_engine_unit(&self) -> f64 {
        if self.quantity.unit == "h" { HOURS_A_DAY } else { 1.0 }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceUse {
    /// Its path.
    pub path: String,
    /// The value, as short TOML.
    pub value: String,
    /// Its source: ids with commas between, `assumed`, or the command line.
    pub source: String,
}

/// How much of a value is shown, in characters: all of any that a file in good faith holds.
const SHOWN: usize = 10_000;

/// All numbers of a document, in its order.
pub fn numbers_of(document: &Document) -> Vec<NumberUse> {
    find(document).into_iter().filter_map(|found| found.number(document)).collect()
}

/// All numbers of a document with their sources, and the tables without numbers that name one.
pub fn sources_of(document: &Document) -> Vec<SourceUse> {
    let numbers = find(document);
    let tables = sourced_tables(document)
        .into_iter()
        .filter(|(path, ..)| !numbers.iter().any(|found| is_within(&found.path, path)));
    let show = |node| document.show(node, SHOWN);
    let of_tables = tables.map(|(path, value, source)| SourceUse { path, value, source });
    let of_numbers = numbers.iter().map(|found| SourceUse {
        path: found.path.clone(),
        value: show(found.node),
        source: found.sources.of(document, found.node).unwrap_or(ASSUMED).to_owned(),
    });
    of_numbers.chain(of_tables).collect()
}

/// Tables with a `source` line: their paths, what they say, and the source.
fn sourced_tables(document: &Document) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut work = vec![(document.root(), String::new())];
    while let Some((node, path)) = work.pop() {
        if let Some(source) = document.text(node, SOURCE) {
            let said = named(document, node).map(|(key, ix)| {
                let shown = document.show(ix, SHOWN);
                format!("{key} = {shown}")
            });
            let said: String = said.collect::<Vec<_>>().join(", ").chars().take(SHOWN).collect();
            found.push((path.clone(), said, source.to_owned()));
        }
        let inner = named(document, node).map(|(key, ix)| (ix, join(&path, key)));
        work.extend(inner.collect::<Vec<_>>().into_iter().rev());
    }
    found
}

/// A number on the way.
pub(crate) struct Found<'a> {
    pub(crate) node: NodeIx,
    pub(crate) path: String,
    /// The sources in force.
    pub(crate) sources: Sources<'a>,
    /// The innermost `source` line around it, of whichever file.
    pub(crate) innermost: Option<&'a str>,
    kind: Kind,
    doc: &'static str,
}

impl Found<'_> {
    fn number(&self, document: &Document) -> Option<NumberUse> {
        let Kind::Number(quantity) = self.kind else { return None };
        let field = Measured { path: &self.path, quantity: &quantity, doc: self.doc };
        let bare = number::read(document, self.node, &field, &mut Vec::new())?;
        let source = self.sources.of(document, self.node).unwrap_or(ASSUMED).to_owned();
        let (value, shape, drawn_every_run) = (bare.value, bare.shape, bare.drawn_every_run);
        let number = ReadNumber { value, shape, drawn_every_run, source };
        let (path, address) = (self.path.clone(), address(&self.path));
        Some(NumberUse { path, doc: self.doc, quantity, number, address })
    }
}

/// All numbers that the format knows, in the order of the document.
pub(crate) fn find(document: &Document) -> Vec<Found<'_>> {
    let root = Found {
        node: document.root(),
        path: String::new(),
        sources: Sources::default(),
        innermost: None,
        kind: Kind::Table(&format::SCENARIO),
        doc: format::SCENARIO.doc,
    };
    let mut numbers = Vec::new();
    let mut work = vec![root];
    while let Some(found) = work.pop() {
        match found.kind {
            Kind::Number(_) => numbers.push(found),
            _ => work.extend(parts(document, &found).into_iter().rev()),
        }
    }
    numbers
}

/// What is in a table or a list.
fn parts<'a>(document: &'a Document, found: &Found<'a>) -> Vec<Found<'a>> {
    let part = |node, path, kind, doc| Found {
        node,
        path,
        sources: found.sources.clone(),
        innermost: found.innermost,
        kind,
        doc,
    };
    if let Value::List(items) = document.value(found.node) {
        let Some(kind) = item_kind(found.kind) else { return Vec::new() };
        let items = items.iter().enumerate();
        return items
            .map(|(at, item)| part(*item, nth(&found.path, at), kind, found.doc))
            .collect();
    }
    let sources = found.sources.within(document, found.node);
    let innermost = document.text(found.node, SOURCE).or(found.innermost);
    let entries =
        document.entries(found.node).iter().filter(|(key, _)| key != NOTE && key != SOURCE);
    let entry = |(key, node): &'a (String, NodeIx)| {
        let (kind, doc) = entry_kind(found, key)?;
        let part = part(*node, join(&found.path, key), kind, doc);
        Some(Found { sources: sources.clone(), innermost, ..part })
    };
    entries.filter_map(entry).collect()
}

fn item_kind(list: Kind) -> Option<Kind> {
    match list {
        Kind::Numbers(quantity) => Some(Kind::Number(quantity)),
        Kind::List { of, .. } => Some(Kind::Table(of)),
        _ => None,
    }
}

/// What an entry of a table is, and its doc.
fn entry_kind(table: &Found<'_>, key: &str) -> Option<(Kind, &'static str)> {
    let kind = match table.kind {
        Kind::Table(spec) => return spec.field(key).map(|field| (field.kind, field.doc)),
        Kind::Map { of, .. } | Kind::TablePer { of, .. } => Kind::Table(of),
        Kind::TablePerPer { inner: register, of, .. } => Kind::TablePer { register, of },
        Kind::NumberPer { quantity, .. } => Kind::Number(quantity),
        Kind::NumbersPer { quantity, .. } => Kind::Numbers(quantity),
        _ => return None,
    };
    Some((kind, table.doc))
}
