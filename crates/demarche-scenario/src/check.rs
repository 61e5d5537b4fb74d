//! Holding a document against its spec, and reporting all faults at once.
//!
//! The whole tree is walked with a list of visits still to make; a fault in one place never hides
//! one in another. What only makes sense across several values is left to lowering.
use std::collections::{BTreeMap, BTreeSet};

use crate::document::{BASE, Document, FileIx, NOTE, NodeIx, Place, SOURCE, Value, join, nth};
use crate::hint;
use crate::number::{self, Measured};
use crate::problem::{Code, Problem};
use crate::registers::{Registers, named};
use crate::sources::{self, Sources};
use crate::spec::{Kind, Need, Quantity, Register, TableSpec};
use demarche_record::legible::{Illegible, illegible, is_blank};

/// All faults of a merged document, in order of their places.
///
/// `known_sources` are the ids that a `source` may name besides `assumed`.
pub fn check(
    document: &Document,
    spec: &'static TableSpec,
    known_sources: &BTreeSet<String>,
) -> Vec<Problem> {
    let mut checker = Checker {
        document,
        registers: Registers::collect(document, spec),
        known_sources,
        problems: Vec::new(),
        unsourced: BTreeMap::new(),
        work: Vec::new(),
    };
    checker.later(document.root(), Kind::Table(spec), spec.doc, String::new(), &Sources::default());
    while let Some(visit) = checker.work.pop() {
        checker.visit(&visit);
    }
    checker.report_unsourced();
    let mut problems = checker.problems;
    problems.sort_by_key(|p| p.place.as_ref().map(|place| (place.file, place.span.start)));
    problems
}

struct Checker<'a> {
    document: &'a Document,
    registers: Registers,
    known_sources: &'a BTreeSet<String>,
    problems: Vec<Problem>,
    /// Numbers without a source, by the file they stand in: where, and their paths.
    unsourced: BTreeMap<FileIx, Vec<(usize, NodeIx, String)>>,
    work: Vec<Visit<'a>>,
}

/// A value still to be looked at, and what it must be.
struct Visit<'a> {
    node: NodeIx,
    kind: Kind,
    doc: &'static str,
    path: String,
    sources: Sources<'a>,
}

impl<'a> Checker<'a> {
    fn later(
        &mut self,
        node: NodeIx,
        kind: Kind,
        doc: &'static str,
        path: String,
        sources: &Sources<'a>,
    ) {
        self.work.push(Visit { node, kind, doc, path, sources: sources.clone() });
    }

    fn visit(&mut self, visit: &Visit<'a>) {
        let is_table = matches!(self.document.value(visit.node), Value::Table(_));
        match visit.kind {
            Kind::Number(quantity) => self.number(visit, &quantity),
            Kind::Whole { min, max } => self.whole(visit, min, max),
            Kind::Text => self.text(visit, false),
            Kind::Prose => self.text(visit, true),
            Kind::Flag => self.flag(visit),
            Kind::Moment => self.moment(visit),
            Kind::Choice(words) => self.choice(visit, words),
            Kind::Name(register) => self.name(visit, register),
            Kind::Names(register) => self.each(visit, Kind::Name(register), usize::MAX),
            Kind::Numbers(quantity) => self.each(visit, Kind::Number(quantity), usize::MAX),
            Kind::List { of, max } => self.each(visit, Kind::Table(of), max),
            _ if !is_table => self.wrong_type(visit),
            Kind::Table(spec) => self.table(visit, spec),
            Kind::Map { of, max, .. } => self.map(visit, of, max),
            Kind::NumberPer { register, quantity } => {
                self.per(visit, register, Kind::Number(quantity));
            }
            Kind::NumbersPer { register, quantity } => self.numbers_per(visit, register, quantity),
            Kind::TablePer { register, of } => self.per(visit, register, Kind::Table(of)),
            Kind::TablePerPer { outer, inner, of } => {
                self.per(visit, outer, Kind::TablePer { register: inner, of });
            }
            Kind::RungPer => self.rung_per(visit),
        }
    }

    // Tables and lists.

    fn table(&mut self, visit: &Visit<'a>, spec: &'static TableSpec) {
        let sources = self.source_and_note(visit);
        for (key, node) in named(self.document, visit.node) {
            match spec.field(key) {
                Some(field) => {
                    self.later(node, field.kind, field.doc, join(&visit.path, key), &sources);
                }
                None if visit.path.is_empty() && key == BASE => {}
                None => self.unknown_key(visit, spec, key, node),
            }
        }
        for field in spec.fields {
            let is_missing = self.document.get(visit.node, field.key).is_none();
            if field.need == Need::Required && is_missing {
                let subject = subject(&visit.path);
                let message = format!("{subject} lacks `{}`, {}", field.key, field.kind.wanted());
                let path = join(&visit.path, field.key);
                self.report(Code::MissingKey, self.key_place(visit.node), path, message, field.doc);
            }
        }
    }

    fn unknown_key(
        &mut self,
        visit: &Visit<'a>,
        spec: &'static TableSpec,
        key: &str,
        node: NodeIx,
    ) {
        let message = format!("{} has no key `{key}`", subject(&visit.path));
        let keys = spec.fields.iter().map(|field| field.key);
        let help = hint::did_you_mean(key, keys, "its keys are");
        let path = join(&visit.path, key);
        self.report(Code::UnknownKey, self.key_place(node), path, message, &help);
    }

    fn map(&mut self, visit: &Visit<'a>, of: &'static TableSpec, max: usize) {
        let sources = self.source_and_note(visit);
        let entries = named(self.document, visit.node);
        self.count(visit, entries.clone().count(), max);
        for (key, node) in entries {
            let path = join(&visit.path, key);
            if !is_kebab(key) {
                let message = format!("{path} is not a name in kebab-case");
                let help = "names are of small letters, digits and single hyphens: united-states";
                self.report(Code::BadName, self.key_place(node), path.clone(), message, help);
            }
            self.later(node, Kind::Table(of), of.doc, path, &sources);
        }
    }

    fn each(&mut self, visit: &Visit<'a>, kind: Kind, max: usize) {
        let Value::List(items) = self.document.value(visit.node) else {
            return self.wrong_type(visit);
        };
        self.count(visit, items.len(), max);
        for (index, node) in items.iter().enumerate() {
            self.later(*node, kind, visit.doc, nth(&visit.path, index), &visit.sources);
        }
    }

    fn per(&mut self, visit: &Visit<'a>, register: Register, kind: Kind) {
        let sources = self.source_and_note(visit);
        for (key, node) in named(self.document, visit.node) {
            let path = join(&visit.path, key);
            self.known_name(register, key, self.key_place(node), &path);
            self.later(node, kind, visit.doc, path, &sources);
        }
    }

    fn numbers_per(&mut self, visit: &Visit<'a>, register: Register, quantity: Quantity) {
        self.per(visit, register, Kind::Numbers(quantity));
        if register != Register::Issues {
            return;
        }
        for (issue, node) in named(self.document, visit.node) {
            let (wanted, found) =
                (self.registers.rungs(issue).len(), self.document.items(node).len());
            let is_list = matches!(self.document.value(node), Value::List(_));
            if is_list && wanted > 0 && wanted != found {
                let path = join(&visit.path, issue);
                let message = format!("{path} must have {wanted} numbers, but has {found}");
                let help = format!("one for each rung: {}", self.rung_list(issue));
                self.report(Code::WrongCount, self.place(node), path, message, &help);
            }
        }
    }

    fn rung_per(&mut self, visit: &Visit<'a>) {
        self.source_and_note(visit);
        for (issue, node) in named(self.document, visit.node) {
            let path = join(&visit.path, issue);
            if !self.known_name(Register::Issues, issue, self.key_place(node), &path) {
                continue;
            }
            match self.document.value(node) {
                Value::Text(rung) if self.registers.rungs(issue).contains(rung) => {}
                Value::Text(rung) => {
                    let message = format!("{path}: issue `{issue}` has no rung `{rung}`");
                    let rungs = self.registers.rungs(issue).iter().map(String::as_str);
                    let help = hint::did_you_mean(rung, rungs, "its rungs are");
                    self.report(Code::UnknownName, self.place(node), path, message, &help);
                }
                _ => {
                    let found = self.document.describe(node);
                    let message = format!("{path} must be a rung in quotes, but is {found}");
                    let help = format!("its rungs are: {}", self.rung_list(issue));
                    self.report(Code::WrongType, self.place(node), path, message, &help);
                }
            }
        }
    }

    fn rung_list(&self, issue: &str) -> String {
        hint::list(self.registers.rungs(issue).iter().map(String::as_str))
    }

    fn count(&mut self, visit: &Visit<'a>, found: usize, max: usize) {
        if found > max {
            let message =
                format!("{} must have at most {max} entries, but has {found}", visit.path);
            self.fault(Code::TooMany, visit, message, visit.doc);
        }
    }

    // Single values.

    fn number(&mut self, visit: &Visit<'a>, quantity: &Quantity) {
        let field = Measured { path: &visit.path, quantity, doc: visit.doc };
        number::read(self.document, visit.node, &field, &mut self.problems);
        self.source_and_note(visit);
        if visit.sources.of(self.document, visit.node).is_none() {
            let place = &self.document.node(visit.node).place;
            let numbers = self.unsourced.entry(place.file).or_default();
            numbers.push((place.span.start, visit.node, visit.path.clone()));
        }
    }

    fn whole(&mut self, visit: &Visit<'a>, min: i64, max: i64) {
        match self.document.value(visit.node) {
            Value::Whole(whole) if (min..=max).contains(whole) => {}
            Value::Whole(whole) => {
                let message = format!("{} must lie in [{min}, {max}], but is {whole}", visit.path);
                self.fault(Code::OutOfRange, visit, message, visit.doc);
            }
            _ => self.wrong_type(visit),
        }
    }

    fn text(&mut self, visit: &Visit<'a>, is_prose: bool) {
        let Value::Text(text) = self.document.value(visit.node) else {
            return self.wrong_type(visit);
        };
        if is_blank(text) {
            let message = format!("{} must be a text, but is empty", visit.path);
            self.fault(Code::EmptyText, visit, message, visit.doc);
        } else if let Some(Illegible { character, what }) = illegible(text, is_prose) {
            let (path, code) = (&visit.path, u32::from(character));
            let message = format!("{path} holds {what} (U+{code:04X})");
            let help = "take it out; letters of any script are fine as they are";
            self.fault(Code::Illegible, visit, message, help);
        }
    }

    fn flag(&mut self, visit: &Visit<'a>) {
        if !matches!(self.document.value(visit.node), Value::Flag(_)) {
            self.wrong_type(visit);
        }
    }

    fn moment(&mut self, visit: &Visit<'a>) {
        match self.document.value(visit.node) {
            Value::Moment(moment) if moment.date.is_some() && moment.time.is_some() => {}
            Value::Moment(moment) => {
                let lacks = if moment.date.is_some() { "hour" } else { "day" };
                let message = format!("{} lacks its {lacks}: it is {moment}", visit.path);
                let help = "write day and hour: 2025-10-18T09:00:00";
                self.fault(Code::NotAMoment, visit, message, help);
            }
            Value::Text(text) if text.parse::<toml::value::Datetime>().is_ok() => {
                let message = format!("{} is a date in quotes", visit.path);
                self.fault(Code::NotAMoment, visit, message, &format!("take them off: {text}"));
            }
            _ => self.wrong_type(visit),
        }
    }

    fn choice(&mut self, visit: &Visit<'a>, words: &'static [(&str, &str)]) {
        let Value::Text(written) = self.document.value(visit.node) else {
            return self.wrong_type(visit);
        };
        if words.iter().any(|(word, _)| word == written) {
            return;
        }
        let all = hint::list(words.iter().map(|(word, _)| *word));
        let found = self.document.describe(visit.node);
        let message = format!("{} must be one of {all}, but is {found}", visit.path);
        let help = match hint::nearest(written, words.iter().map(|(word, _)| *word)) {
            Some(word) => format!("did you mean `{word}`?"),
            None => words.iter().map(|(word, is)| format!("`{word}`: {is}\n")).collect(),
        };
        self.fault(Code::UnknownWord, visit, message, help.trim_end());
    }

    fn name(&mut self, visit: &Visit<'a>, register: Register) {
        match self.document.value(visit.node) {
            Value::Text(name) => {
                self.known_name(register, name, self.place(visit.node), &visit.path);
            }
            _ => self.wrong_type(visit),
        }
    }

    fn known_name(&mut self, register: Register, name: &str, place: Place, path: &str) -> bool {
        let names = self.registers.names(register, path);
        if names.contains(&name) {
            return true;
        }
        let noun = register.noun();
        let message = format!("{path}: there is no {noun} `{name}`");
        let help = hint::did_you_mean(name, names, "declared are");
        self.report(Code::UnknownName, place, path.to_owned(), message, &help);
        false
    }

    // Sources.

    /// Checks what every table may have, and returns the sources in force inside.
    fn source_and_note(&mut self, visit: &Visit<'a>) -> Sources<'a> {
        for line in sources::lines(self.document, visit.node).collect::<Vec<_>>() {
            self.source(line, join(&visit.path, SOURCE));
        }
        if let Some(note) = self.document.get(visit.node, NOTE) {
            let path = join(&visit.path, NOTE);
            self.later(note, Kind::Prose, "A remark in your own words.", path, &visit.sources);
        }
        visit.sources.within(self.document, visit.node)
    }

    fn source(&mut self, line: NodeIx, path: String) {
        let Value::Text(text) = self.document.value(line) else {
            let found = self.document.describe(line);
            let message = format!("{path} must be a text in quotes, but is {found}");
            return self.report(Code::WrongType, self.place(line), path, message, SOURCE_HELP);
        };
        for id in sources::ids(text) {
            if id.is_empty() {
                let message = format!("{path} is empty or has a comma too many");
                self.report(Code::EmptyText, self.place(line), path.clone(), message, SOURCE_HELP);
            } else if !self.known_sources.contains(id) {
                let message = format!("{path}: `{id}` is not in the list of sources");
                let known = self.known_sources.iter().map(String::as_str);
                let help = hint::nearest(id, known)
                    .map_or(SOURCE_HELP.to_owned(), |near| format!("did you mean `{near}`?"));
                self.report(Code::UnknownSource, self.place(line), path.clone(), message, &help);
            }
        }
    }

    /// One problem per file, not one per number: most often one line at its head is missing.
    fn report_unsourced(&mut self) {
        for mut numbers in std::mem::take(&mut self.unsourced).into_values() {
            numbers.sort_by_key(|(start, ..)| *start);
            let Some((_, first, path)) = numbers.first() else { continue };
            let place = self.document.node(*first).place.clone();
            let message = match numbers.len() {
                1 => format!("{path} does not say where its number comes from"),
                count => {
                    let paths = hint::list(numbers.iter().map(|(_, _, path)| path.as_str()));
                    format!("{count} numbers do not say where they come from: {paths}")
                }
            };
            self.report(Code::NoSource, place, path.clone(), message, SOURCE_HELP);
        }
    }

    // Reports.

    fn wrong_type(&mut self, visit: &Visit<'a>) {
        let (wanted, found) = (visit.kind.wanted(), self.document.describe(visit.node));
        let message = format!("{} must be {wanted}, but is {found}", subject(&visit.path));
        self.fault(Code::WrongType, visit, message, visit.doc);
    }

    fn fault(&mut self, code: Code, visit: &Visit<'a>, message: String, help: &str) {
        self.report(code, self.place(visit.node), visit.path.clone(), message, help);
    }

    fn report(&mut self, code: Code, place: Place, path: String, message: String, help: &str) {
        self.problems.push(Problem::new(code, path, message).at(place).with_help(help));
    }

    fn place(&self, node: NodeIx) -> Place {
        self.document.node(node).place.clone()
    }

    fn key_place(&self, node: NodeIx) -> Place {
        self.document.node(node).key_place.clone()
    }
}

const SOURCE_HELP: &str = concat!(
    "write `source = \"...\"` in this table or one around it: a fact or a work from the list of ",
    "sources, several with commas between, or \"assumed\""
);

fn subject(path: &str) -> &str {
    if path.is_empty() { "the scenario" } else { path }
}

pub(crate) fn is_kebab(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    name.split('-').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SCENARIO, SPEC, known_sources};

    /// The problems of the test scenario with one text in place of another.
    fn faults(old: &str, new: &str) -> Vec<String> {
        assert!(SCENARIO.contains(old), "{old}");
        let (document, problems) = Document::parse("a.toml", &SCENARIO.replacen(old, new, 1));
        assert!(problems.is_empty(), "{problems:?}");
        let problems = check(&document, &SPEC, &known_sources());
        assert!(problems.iter().all(|problem| problem.place.is_some()));
        problems.iter().map(|p| format!("{p} | {}", p.help.as_deref().unwrap_or("–"))).collect()
    }

    #[test]
    fn a_right_scenario_has_no_faults() {
        assert_eq!(faults("", ""), [""; 0]);
    }

    #[test]
    fn faults_of_tables_are_named() {
        let said = [
            faults("title", "titel"),
            faults("heeds", "colour"),
            faults("patience = { value", "# { value"),
            faults("[[shocks]]", "[shocks]"),
            faults("[issues.trade]", "[issues.Trade_Off]"),
            faults(
                "constituencies.army.weight = 1",
                "constituencies = { a.weight = 1, b.weight = 1, c.weight = 1 }",
            ),
            faults("mandate.ceasefire = { from = \"days\" }", "mandate = 3"),
            faults("mandate.ceasefire", "mandate.cease-fire"),
        ];
        insta::assert_snapshot!(said.concat().join("\n"), @r##"
            S002 the scenario has no key `titel` | did you mean `title`?
            S003 the scenario lacks `title`, a text in quotes | What it is called.
            S002 parties.kabul has no key `colour` | its keys are: `patience`, `stakes`, `values`, `mandate`, `opening`, `heeds`, `constituencies`
            S003 parties.kabul lacks `patience`, a number such as 0.2 | How long it waits: 0 not at all.
            S004 shocks must be a list of tables (shock), but is a table | Events from outside.
            S009 parties.kabul.stakes.trade: there is no issue `trade` | declared are: `ceasefire`, `Trade_Off`
            S011 issues.Trade_Off is not a name in kebab-case | names are of small letters, digits and single hyphens: united-states
            S010 parties.islamabad.constituencies must have at most 2 entries, but has 3 | Whom it answers to.
            S004 parties.kabul.mandate must be a table such as { issue = { ... } }, but is a whole number (3) | What its delegates may sign.
            S009 parties.kabul.mandate.cease-fire: there is no issue `cease-fire` | did you mean `ceasefire`?
            "##);
    }

    #[test]
    fn faults_of_values_are_named() {
        let said = [
            faults("turns = 20", "turns = 200"),
            faults("turns = 20", "turns = 20.5"),
            faults("title = \"Test\"", "title = ' '"),
            faults("late = false", "late = 'no'"),
            faults("\"toy\"", "\"toi\""),
            faults("\"toy\"", "\"scientific\""),
            faults("2025-10-18T09:00:00", "2025-10-18"),
            faults("2025-10-18T09:00:00", "'2025-10-18T09:00:00'"),
            faults("2025-10-18T09:00:00", "'soon'"),
            faults("0.1, {", "1.1, {"),
            faults("ceasefire = 0.7", "ceasefire = nan"),
            faults("after = 3", "after = -3"),
            faults("late = false", "note = 1"),
        ];
        insta::assert_snapshot!(said.concat().join("\n"), @r##"
            S005 turns must lie in [1, 100], but is 200 | How many turns.
            S004 turns must be a whole number such as 1, but is a number (20.5) | How many turns.
            S012 title must be a text, but is empty | What it is called.
            S004 late must be `true` or `false`, but is a text ("no") | Whether talks run over.
            S008 grade must be one of `toy`, `plausible`, but is a text ("toi") | did you mean `toy`?
            S008 grade must be one of `toy`, `plausible`, but is a text ("scientific") | `toy`: for fun
            `plausible`: may have been so
            S015 start lacks its hour: it is 2025-10-18 | write day and hour: 2025-10-18T09:00:00
            S015 start is a date in quotes | take them off: 2025-10-18T09:00:00
            S004 start must be a date with an hour such as 2025-10-18T09:00:00, but is a text ("soon") | When talks open.
            S005 levels[1] must lie in [0, 1], but is 1.1 | Some shares.
            S016 parties.kabul.stakes.ceasefire must be a finite number, but is NaN | What each issue weighs.
            S005 shocks[1].after must be at least 0 days, but is -3 | When.
            S004 note must be a text in quotes, but is a whole number (1) | A remark in your own words.
            "##);
    }

    #[test]
    fn faults_of_names_are_named() {
        let said = [
            faults("party = \"kabul\"", "party = \"kabull\""),
            faults("party = \"kabul\"", "party = \"delhi\""),
            faults("[\"islamabad\"]", "[\"islamabat\", 3]"),
            faults("heeds = \"base\"", "heeds = \"army\""),
            faults("trade = 0.3", "trad = 0.3"),
            faults("opening = { ceasefire = \"open-ended\"", "opening = { ceasefire = \"open\""),
            faults("opening = { ceasefire = \"open-ended\"", "opening = { ceasefire = 2, trad = 1"),
            faults("[0.0, 0.5, 1.0]", "[0.0, 1.0]"),
        ];
        insta::assert_snapshot!(said.concat().join("\n"), @r##"
            S009 shocks[1].party: there is no party `kabull` | did you mean `kabul`?
            S009 shocks[1].party: there is no party `delhi` | declared are: `kabul`, `islamabad`
            S009 shocks[1].also[1]: there is no party `islamabat` | did you mean `islamabad`?
            S004 shocks[1].also[2] must be the name of a party in quotes, but is a whole number (3) | Whom else.
            S009 parties.kabul.heeds: there is no constituency `army` | declared are: `council`, `base`
            S009 parties.kabul.stakes.trad: there is no issue `trad` | did you mean `trade`?
            S009 parties.kabul.opening.ceasefire: issue `ceasefire` has no rung `open` | its rungs are: `none`, `days`, `open-ended`
            S004 parties.kabul.opening.ceasefire must be a rung in quotes, but is a whole number (2) | its rungs are: `none`, `days`, `open-ended`
            S009 parties.kabul.opening.trad: there is no issue `trad` | did you mean `trade`?
            S017 parties.kabul.values.ceasefire must have 3 numbers, but has 2 | one for each rung: `none`, `days`, `open-ended`
            "##);
    }

    #[test]
    fn every_number_needs_a_source() {
        let said = [
            faults("source = \"assumed\"\n", ""),
            faults("source = \"assumed\"", "source = \"asumed, , lecker2010\""),
            faults("\"lecker2010\"", "\"lecker2011\""),
            faults("\"lecker2010\"", "3"),
        ];
        insta::assert_snapshot!(said.concat().join("\n"), @r##"
            S013 12 numbers do not say where they come from: `levels[1]`, `levels[2]`, `parties.kabul.stakes.ceasefire`, `parties.kabul.stakes.trade`, `parties.kabul.values.ceasefire[1]`, `parties.kabul.values.ceasefire[2]`, `parties.kabul.values.ceasefire[3]`, `parties.kabul.constituencies.council.weight`, `parties.kabul.constituencies.base.weight`, `parties.islamabad.patience`, `parties.islamabad.constituencies.army.weight`, `shocks[1].after` | write `source = "..."` in this table or one around it: a fact or a work from the list of sources, several with commas between, or "assumed"
            S014 source: `asumed` is not in the list of sources | write `source = "..."` in this table or one around it: a fact or a work from the list of sources, several with commas between, or "assumed"
            S012 source is empty or has a comma too many | write `source = "..."` in this table or one around it: a fact or a work from the list of sources, several with commas between, or "assumed"
            S014 parties.kabul.patience.source: `lecker2011` is not in the list of sources | did you mean `lecker2010`?
            S004 parties.kabul.patience.source must be a text in quotes, but is a whole number (3) | write `source = "..."` in this table or one around it: a fact or a work from the list of sources, several with commas between, or "assumed"
            "##);
    }

    #[test]
    fn kebab_case_is_told_from_other_cases() {
        for name in ["united-states", "a", "g20"] {
            assert!(is_kebab(name), "{name}");
        }
        for name in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "é"] {
            assert!(!is_kebab(name), "{name}");
        }
    }
}
