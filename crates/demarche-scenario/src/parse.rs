//! From text to a document, with every syntax error at its place.
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::document::{Document, FileIx, Node, NodeIx, Place, SourceFile, Table, Value};
use crate::problem::{Code, Problem};

/// More syntax errors than this are echoes of the first ones.
const SYNTAX_ERRORS: usize = 20;

impl Document {
    /// Reads one file. With problems, the document holds what could be made out.
    pub fn parse(name: &str, text: &str) -> (Document, Vec<Problem>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut problems: Vec<Problem> = errors
            .iter()
            .take(SYNTAX_ERRORS)
            .map(|error| syntax(error, Position { file: FileIx(0), offset: 0 }, text.len()))
            .collect();
        let mut document = Document::empty();
        document.files.push(SourceFile::file(name, text));
        let value = DeValue::Table(table.into_inner());
        let position = Position { file: FileIx(0), offset: 0 };
        document.root = document.grow(Spanned::new(0..0, value), position, &mut problems);
        (document, problems)
    }

    /// A document with an empty root and no files.
    pub(crate) fn empty() -> Document {
        let place = Place { file: FileIx(0), span: 0..0 };
        let value = Value::Table(Table::default());
        let root = Node { value, place: place.clone(), key_place: place };
        Document { files: Vec::new(), nodes: vec![root], root: NodeIx(0), held: Vec::new() }
    }

    /// Adds a parsed value and all that is in it; `position` is where its text begins.
    pub(crate) fn grow(
        &mut self,
        value: Spanned<DeValue<'_>>,
        position: Position,
        problems: &mut Vec<Problem>,
    ) -> NodeIx {
        let place = position.place(value.span());
        let root = self.seed(place.clone(), place);
        let mut work = vec![(root, value.into_inner())];
        while let Some((ix, value)) = work.pop() {
            let value = match value {
                DeValue::String(text) => Value::Text(text.into_owned()),
                DeValue::Integer(whole) => Value::Whole(self.whole(ix, &whole, problems)),
                DeValue::Float(number) => {
                    Value::Number(number.as_str().parse().unwrap_or(f64::NAN))
                }
                DeValue::Boolean(flag) => Value::Flag(flag),
                DeValue::Datetime(moment) => Value::Moment(moment),
                DeValue::Array(items) => self.seed_list(items, position, &mut work),
                DeValue::Table(table) => self.seed_table(table, position, &mut work),
            };
            self.nodes[ix.0].value = value;
        }
        root
    }

    /// A node whose value is still to come.
    fn seed(&mut self, place: Place, key_place: Place) -> NodeIx {
        self.add(Node { value: Value::Flag(false), place, key_place })
    }

    fn seed_list<'i>(
        &mut self,
        items: toml::de::DeArray<'i>,
        position: Position,
        work: &mut Vec<(NodeIx, DeValue<'i>)>,
    ) -> Value {
        let mut list = Vec::new();
        for item in items {
            let place = position.place(item.span());
            let ix = self.seed(place.clone(), place);
            work.push((ix, item.into_inner()));
            list.push(ix);
        }
        Value::List(list)
    }

    fn seed_table<'i>(
        &mut self,
        table: DeTable<'i>,
        position: Position,
        work: &mut Vec<(NodeIx, DeValue<'i>)>,
    ) -> Value {
        let mut pairs: Vec<_> = table.into_iter().collect();
        // The parser sorts keys by name; their places tell the order of the file.
        pairs.sort_by_key(|(key, _)| key.span().start);
        let mut entries = Vec::new();
        for (key, value) in pairs {
            let ix = self.seed(position.place(value.span()), position.place(key.span()));
            work.push((ix, value.into_inner()));
            entries.push((key.into_inner().into_owned(), ix));
        }
        Value::Table(Table { entries, older_sources: Vec::new() })
    }

    fn whole(&self, ix: NodeIx, whole: &DeInteger<'_>, problems: &mut Vec<Problem>) -> i64 {
        i64::from_str_radix(whole.as_str(), whole.radix()).unwrap_or_else(|_| {
            let message = format!("{whole} is too large for a whole number");
            problems.push(Problem::new(Code::Syntax, "", message).at(self.node(ix).place.clone()));
            0
        })
    }
}

/// Where a parsed text begins: its file, and how far into the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    pub(crate) file: FileIx,
    pub(crate) offset: usize,
}

impl Position {
    pub(crate) fn place(self, span: Range<usize>) -> Place {
        Place { file: self.file, span: span.start + self.offset..span.end + self.offset }
    }
}

/// A syntax error as a problem; one without a place is at the end of the text.
pub(crate) fn syntax(error: &toml::de::Error, position: Position, end: usize) -> Problem {
    let place = position.place(error.span().unwrap_or(end..end));
    Problem::new(Code::Syntax, "", format!("this is not TOML: {}", error.message())).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_file_is_kept() {
        let text = "b = 1\na = 2\n[z.y]\n[c]\n[z.x]\n";
        let (document, problems) = Document::parse("a.toml", text);
        assert!(problems.is_empty());
        let root = "{ b = 1, a = 2, z = { y = {}, x = {} }, c = {} }";
        assert_eq!(document.show(document.root(), 99), root);
    }

    #[test]
    fn values_and_keys_know_their_place() {
        let text = "[parties.kabul]\npatience = 0.5\n";
        let (document, _) = Document::parse("a.toml", text);
        let kabul = document.get(document.get(document.root(), "parties").unwrap(), "kabul");
        let patience = document.node(document.get(kabul.unwrap(), "patience").unwrap());
        assert_eq!(&text[patience.key_place.span.clone()], "patience");
        assert_eq!(&text[patience.place.span.clone()], "0.5");
        assert_eq!(&text[document.node(kabul.unwrap()).place.span.clone()], "[parties.kabul]");
    }

    #[test]
    fn several_syntax_errors_are_found_at_once() {
        let (_, problems) = Document::parse("a.toml", "a = \nb = 1\nc = 99999999999999999999\nd d");
        let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        insta::assert_debug_snapshot!(messages, @r##"
            [
                "this is not TOML: key with no value, expected `=`",
                "this is not TOML: string values must be quoted, expected literal string",
                "99999999999999999999 is too large for a whole number",
            ]
            "##);
    }
}
