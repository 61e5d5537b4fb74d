//! Where numbers come from: a `source` line holds for all numbers in its table and below.
//!
//! It holds for the numbers of its own file only. An overlay that changes a number must say where
//! the new value comes from, and cannot pass it off as the finding of the base's source; nor can
//! its own `source` line claim the numbers of the base.
use crate::document::{Document, FileIx, NodeIx, Origin, SOURCE, Value};

/// The source of a number that is nothing but assumed.
pub const ASSUMED: &str = "assumed";
/// The source of a number given by `--set`.
pub const SET_SOURCE: &str = "set on the command line";

/// The sources in force at some table, by the file that states them; the innermost is last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources<'a> {
    in_force: Vec<(FileIx, &'a str)>,
}

impl<'a> Sources<'a> {
    /// The sources in force inside of a table.
    pub(crate) fn within(&self, document: &'a Document, table: NodeIx) -> Self {
        let mut inner = self.clone();
        inner.in_force.extend(lines(document, table).filter_map(|line| {
            let Value::Text(text) = document.value(line) else { return None };
            Some((document.node(line).place.file, text.as_str()))
        }));
        inner
    }

    /// The source of a number: its own, else the innermost one of its file.
    pub(crate) fn of(&self, document: &'a Document, number: NodeIx) -> Option<&'a str> {
        let file = document.node(number).place.file;
        let from_set =
            document.files.get(file.0).is_some_and(|file| file.origin == Origin::CommandLine);
        document
            .text(number, SOURCE)
            .or(from_set.then_some(SET_SOURCE))
            .or_else(|| self.in_force.iter().rev().find(|(f, _)| *f == file).map(|(_, text)| *text))
    }
}

/// The `source` lines of a table: those that overlays replaced, then the present one.
pub(crate) fn lines(document: &Document, table: NodeIx) -> impl Iterator<Item = NodeIx> {
    let older = match document.value(table) {
        Value::Table(table) => table.older_sources.as_slice(),
        _ => &[],
    };
    older.iter().copied().chain(document.get(table, SOURCE))
}

/// The ids of a source that must be known, with the commas taken out.
pub(crate) fn ids(source: &str) -> impl Iterator<Item = &str> {
    source.split(',').map(str::trim).filter(|id| ![ASSUMED, SET_SOURCE].contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(document: &Document, key: &str) -> Option<String> {
        let sources = Sources::default().within(document, document.root());
        let number = document.get(document.root(), key).unwrap();
        sources.of(document, number).map(str::to_owned)
    }

    #[test]
    fn a_source_speaks_for_its_own_file() {
        let (base, _) = Document::parse("b", "source = 'old'\nx = 1\ny = 1\nz = 1");
        let (over, _) = Document::parse("a", "source = 'new'\nx = 2");
        let (bare, _) = Document::parse("c", "z = 2");
        let mut document = base.overlay(over).overlay(bare);
        let check = |document: &Document, key, expected: Option<&str>| {
            assert_eq!(source(document, key).as_deref(), expected, "{key}");
        };
        check(&document, "x", Some("new"));
        check(&document, "y", Some("old"));
        check(&document, "z", None);
        document.set("y", "3").unwrap();
        document.set("source", "other").unwrap();
        check(&document, "y", Some(SET_SOURCE));
        check(&document, "x", Some("new"));
    }

    #[test]
    fn a_number_can_name_its_own_source_and_several() {
        let (document, _) = Document::parse("a", "x = { value = 1, source = 'a, assumed' }");
        assert_eq!(source(&document, "x").as_deref(), Some("a, assumed"));
        assert_eq!(ids("a, assumed,b").collect::<Vec<_>>(), ["a", "b"]);
    }
}
