//! A scenario as written: a tree of values, each with its place in a file.
//!
//! The tree keeps the order of the file, because the order of parties is meaningful. Its nodes lie
//! in one row and refer to each other by index, so merging, setting and comparing are loops.
use std::fmt;
use std::ops::Range;

use toml::value::Datetime;

/// Which file of a document; an index into [`Document::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileIx(pub usize);

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: FileIx,
    /// From where to where.
    pub span: Range<usize>,
}

/// A text that values were read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The name that messages give it.
    pub name: String,
    /// All of its text.
    pub text: String,
    /// Whether it is a file at all.
    pub origin: Origin,
}

impl SourceFile {
    /// A file on disk or a built-in one.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), origin: Origin::File }
    }
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A scenario file or an overlay.
    File,
    /// An argument of the command line; its numbers need no source.
    CommandLine,
}

/// Which node of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeIx(pub(crate) usize);

/// A value together with where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where the value is; for a table, its header.
    pub place: Place,
    /// Where its key is; for an entry of a list, where the entry is.
    pub key_place: Place,
}

/// What TOML can say.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a point or an exponent.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A date, an hour, or both.
    Moment(Datetime),
    /// Several values.
    List(Vec<NodeIx>),
    /// Values with keys.
    Table(Table),
}

impl Value {
    /// What it is, with its article.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Whole(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Moment(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// The number, whether or not it was written with a point.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// The entries of a table, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Keys and values; no key comes twice.
    pub entries: Vec<(String, NodeIx)>,
    /// The `source` lines that overlays replaced: they still speak for the numbers of their files.
    pub older_sources: Vec<NodeIx>,
}

/// A scenario as written, after all its overlays.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it was read from.
    pub files: Vec<SourceFile>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: NodeIx,
    /// Numbers given by hand, each with the number with a range whose place it took.
    pub(crate) held: Vec<(NodeIx, NodeIx)>,
}

impl Document {
    /// The table of the whole file.
    pub fn root(&self) -> NodeIx {
        self.root
    }

    /// A node by its index.
    pub fn node(&self, ix: NodeIx) -> &Node {
        &self.nodes[ix.0]
    }

    /// The value of a node.
    pub fn value(&self, ix: NodeIx) -> &Value {
        &self.nodes[ix.0].value
    }

    /// The entry of a table; nothing if there is none or if it is no table.
    pub fn get(&self, table: NodeIx, key: &str) -> Option<NodeIx> {
        self.entries(table).iter().find(|(name, _)| name == key).map(|(_, ix)| *ix)
    }

    /// The text at a key of a table, if it is one.
    pub fn text(&self, table: NodeIx, key: &str) -> Option<&str> {
        match self.value(self.get(table, key)?) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a table; none if it is no table.
    pub fn entries(&self, table: NodeIx) -> &[(String, NodeIx)] {
        match self.value(table) {
            Value::Table(table) => &table.entries,
            _ => &[],
        }
    }

    /// The entries of a list; none if it is no list.
    pub fn items(&self, list: NodeIx) -> &[NodeIx] {
        match self.value(list) {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Whether a table is a number with a range or a distribution, and thus one value.
    pub fn is_number_table(&self, ix: NodeIx) -> bool {
        let entries = self.entries(ix);
        entries.iter().any(|(key, _)| key == "value" || key == "distribution")
            && entries.iter().all(|(key, _)| crate::number::KEYS.contains(&key.as_str()))
    }

    pub(crate) fn table_mut(&mut self, ix: NodeIx) -> Option<&mut Table> {
        match &mut self.nodes[ix.0].value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The number with a range whose place a number given by hand took.
    pub(crate) fn held_within(&self, ix: NodeIx) -> Option<NodeIx> {
        self.held.iter().rev().find(|(held, _)| *held == ix).map(|(_, ranged)| *ranged)
    }

    pub(crate) fn add(&mut self, node: Node) -> NodeIx {
        self.nodes.push(node);
        NodeIx(self.nodes.len() - 1)
    }

    /// Enters a value in a table in place of an older one; an older source is remembered.
    pub(crate) fn put(&mut self, table: NodeIx, key: &str, ix: NodeIx) {
        let Some(table) = self.table_mut(table) else { return };
        match table.entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => {
                let old = std::mem::replace(old, ix);
                if key == SOURCE {
                    table.older_sources.push(old);
                }
            }
            None => table.entries.push((key.to_owned(), ix)),
        }
    }

    /// A value as TOML on one line, cut after about `limit` characters.
    pub fn show(&self, ix: NodeIx, limit: usize) -> String {
        let mut out = String::new();
        let mut work = vec![Piece::Node(ix)];
        // A character takes at most four bytes, so what is cut off was too long in any case.
        while out.len() <= 4 * limit
            && let Some(piece) = work.pop()
        {
            match piece {
                Piece::Node(ix) => self.show_into(ix, &mut out, &mut work),
                Piece::Text(text) => out.push_str(&text),
            }
        }
        if out.chars().count() > limit {
            out = out.chars().take(limit).collect::<String>() + "...";
        }
        out
    }

    /// A value as TOML on one line, all of it.
    pub fn show_whole(&self, ix: NodeIx) -> String {
        // So long that nothing is ever cut, and small enough to be multiplied.
        self.show(ix, usize::MAX / 8)
    }

    /// What a value is, and the value itself if it is short to say.
    pub(crate) fn describe(&self, ix: NodeIx) -> String {
        match self.value(ix) {
            Value::Flag(flag) => flag.to_string(),
            value @ (Value::List(_) | Value::Table(_)) => value.what().to_owned(),
            value => format!("{} ({})", value.what(), self.show(ix, SHOWN)),
        }
    }

    fn show_into(&self, ix: NodeIx, out: &mut String, work: &mut Vec<Piece>) {
        let start = work.len();
        match self.value(ix) {
            Value::Text(text) => out.push_str(&quoted(text)),
            Value::Whole(whole) => out.push_str(&whole.to_string()),
            Value::Number(number) if number.is_nan() => out.push_str("nan"),
            Value::Number(number) => out.push_str(&format!("{number:?}")),
            Value::Flag(flag) => out.push_str(&flag.to_string()),
            Value::Moment(moment) => out.push_str(&moment.to_string()),
            Value::List(items) => {
                work.push(Piece::Text("[".to_owned()));
                for (place, item) in items.iter().enumerate() {
                    work.push(Piece::Text(if place == 0 { "" } else { ", " }.to_owned()));
                    work.push(Piece::Node(*item));
                }
                work.push(Piece::Text("]".to_owned()));
            }
            Value::Table(table) => {
                for (place, (key, item)) in table.entries.iter().enumerate() {
                    let before = if place == 0 { "{ " } else { ", " };
                    work.push(Piece::Text(format!("{before}{} = ", Key(key))));
                    work.push(Piece::Node(*item));
                }
                let close = if table.entries.is_empty() { "{}" } else { " }" };
                work.push(Piece::Text(close.to_owned()));
            }
        }
        // What was pushed in reading order is popped in reading order.
        work[start..].reverse();
    }
}

/// How much of a value a message shows, in characters.
const SHOWN: usize = 40;

enum Piece {
    Node(NodeIx),
    Text(String),
}

/// The key that says where numbers come from; every table may have it.
pub(crate) const SOURCE: &str = "source";
/// The key for remarks; every table may have it.
pub(crate) const NOTE: &str = "note";
/// The key of the root that names the file to build on.
pub(crate) const BASE: &str = "base";

/// A key as it stands in a path: in quotes unless it is a bare one.
pub(crate) struct Key<'a>(pub(crate) &'a str);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !self.0.is_empty() && self.0.chars().all(bare) {
            f.write_str(self.0)
        } else {
            f.write_str(&quoted(self.0))
        }
    }
}

/// The path of an entry of a table.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { Key(key).to_string() } else { format!("{path}.{}", Key(key)) }
}

/// The path of an entry of a list, counted from one as a reader would.
pub(crate) fn nth(path: &str, index: usize) -> String {
    format!("{path}[{}]", index + 1)
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, shown: &str) {
        let (document, problems) = Document::parse("a.toml", &format!("x = {value}"));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(document.show(document.get(document.root(), "x").unwrap(), 40), shown);
    }

    #[test]
    fn values_are_shown_as_short_toml() {
        check("1.0", "1.0");
        check("-3", "-3");
        check("nan", "nan");
        check("[1, [2.5, true], []]", "[1, [2.5, true], []]");
        check("{ a = 'b\"c', \"d e\" = {} }", "{ a = \"b\\\"c\", \"d e\" = {} }");
        check("2025-10-18T09:00:00", "2025-10-18T09:00:00");
        check(&format!("'{}'", "x".repeat(90)), &format!("\"{}...", "x".repeat(39)));
    }
}
