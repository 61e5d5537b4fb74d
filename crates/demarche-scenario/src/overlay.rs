//! Building one scenario on another: `base = "file.toml"`, and overlays on top.
use std::ops::Range;

use crate::document::{BASE, Document, FileIx, NodeIx, Value};
use crate::problem::{Code, Problem, Problems};

/// How many files may build on each other; more would be past finding out.
const DEEPEST: usize = 8;

/// Finds the file that another one builds on: from its name as written and the name of the file
/// that names it, to a name for messages and the text; or why not.
pub type Loader<'a> = dyn FnMut(&str, &str) -> Result<(String, String), String> + 'a;

impl Document {
    /// Reads a file and all that it builds on, and merges them.
    pub fn load(name: &str, text: &str, loader: &mut Loader<'_>) -> Result<Document, Problems> {
        let mut chain = vec![parse_cleanly(name, text)?];
        while let Some(top) = chain.last()
            && let Some(base) = top.get(top.root, BASE)
        {
            let (name, text) = find_base(&chain, base, loader)
                .map_err(|problem| Problems::new(top.files.clone(), vec![problem]))?;
            chain.push(parse_cleanly(&name, &text)?);
        }
        let bottom = chain.pop().unwrap_or_else(Document::empty);
        Ok(chain.into_iter().rev().fold(bottom, Document::overlay))
    }

    /// This document with another on top: tables merge key by key, all else is replaced whole.
    ///
    /// A number with a range or a distribution is one value and not merged, lest a new value keep
    /// an old source. New keys come after those of the base.
    pub fn overlay(mut self, over: Document) -> Document {
        let moved = Moved { nodes: self.nodes.len(), files: self.files.len() };
        let over_root = moved.node(over.root);
        self.files.extend(over.files);
        self.nodes.extend(over.nodes.into_iter().map(|mut node| {
            moved.adjust(&mut node);
            node
        }));
        let held = over.held.into_iter();
        self.held.extend(held.map(|(held, ranged)| (moved.node(held), moved.node(ranged))));
        let mut work = vec![(self.root, over_root)];
        while let Some((base, over)) = work.pop() {
            for (key, new) in self.entries(over).to_vec() {
                match self.get(base, &key).filter(|old| self.merges(*old, new)) {
                    Some(old) => work.push((old, new)),
                    None => self.put(base, &key, new),
                }
            }
        }
        if let Some(root) = self.table_mut(self.root) {
            root.entries.retain(|(key, _)| key != BASE);
        }
        self
    }

    fn merges(&self, old: NodeIx, new: NodeIx) -> bool {
        [old, new]
            .into_iter()
            .all(|ix| matches!(self.value(ix), Value::Table(_)) && !self.is_number_table(ix))
    }
}

/// By how much indices of an overlay grow when its nodes and files follow those of the base.
#[derive(Clone, Copy)]
struct Moved {
    nodes: usize,
    files: usize,
}

impl Moved {
    fn node(self, ix: NodeIx) -> NodeIx {
        NodeIx(ix.0 + self.nodes)
    }

    fn adjust(self, node: &mut crate::document::Node) {
        node.place.file = FileIx(node.place.file.0 + self.files);
        node.key_place.file = FileIx(node.key_place.file.0 + self.files);
        match &mut node.value {
            Value::List(items) => items.iter_mut().for_each(|ix| *ix = self.node(*ix)),
            Value::Table(table) => {
                let sources = table.older_sources.iter_mut();
                let entries = table.entries.iter_mut().map(|(_, ix)| ix);
                entries.chain(sources).for_each(|ix| *ix = self.node(*ix));
            }
            _ => {}
        }
    }
}

fn parse_cleanly(name: &str, text: &str) -> Result<Document, Problems> {
    let (document, problems) = Document::parse(name, text);
    if problems.is_empty() { Ok(document) } else { Err(Problems::new(document.files, problems)) }
}

/// The name and text of the file that the last of a chain builds on.
fn find_base(
    chain: &[Document],
    base: NodeIx,
    loader: &mut Loader<'_>,
) -> Result<(String, String), Problem> {
    let names: Vec<&str> =
        chain.iter().filter_map(|document| Some(document.files.first()?.name.as_str())).collect();
    let (Some(top), Some(from)) = (chain.last(), names.last()) else {
        return Err(Problem::new(Code::BaseNotFound, BASE, "there is no file to build on"));
    };
    let problem =
        |code, message: String| Problem::new(code, BASE, message).at(top.node(base).place.clone());
    let Value::Text(written) = top.value(base) else {
        let message = format!("base must be a text in quotes, but is {}", top.value(base).what());
        return Err(problem(Code::WrongType, message)
            .with_help("name the file to build on: base = \"other.toml\""));
    };
    let (name, text) = loader(written, from).map_err(|reason| {
        let message = format!("the base `{written}` cannot be read: {reason}");
        problem(Code::BaseNotFound, message)
            .with_help("the name is relative to the file that says it")
    })?;
    let steps: Range<usize> = 0..names.len();
    if names.contains(&name.as_str()) {
        let circle =
            names.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(", then ");
        let message = format!("files build on each other in a circle: {circle}");
        return Err(problem(Code::BaseChain, message));
    }
    if steps.len() >= DEEPEST {
        let message = format!("more than {DEEPEST} files build on each other");
        return Err(problem(Code::BaseChain, message));
    }
    Ok((name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loads the first of some files; the others can be its bases.
    fn load(files: &[(&str, &str)]) -> Result<Document, Problems> {
        let mut loader = |name: &str, _: &str| {
            let file = files.iter().find(|(known, _)| *known == name);
            file.map(|(name, text)| (name.to_string(), text.to_string()))
                .ok_or("no such file".into())
        };
        Document::load(files[0].0, files[0].1, &mut loader)
    }

    #[track_caller]
    fn check(base: &str, over: &str, expected: &str) {
        let over = format!("base = 'b'\n{over}");
        let document = load(&[("a", &over), ("b", base)]).unwrap();
        assert_eq!(document.show(document.root(), 999), expected);
    }

    #[test]
    fn tables_merge_and_all_else_is_replaced() {
        check("a = 1\nb = 2", "c = 3\na = 4", "{ a = 4, b = 2, c = 3 }");
        check("t = { x = 1, y = 2 }", "t.x = 3", "{ t = { x = 3, y = 2 } }");
        check("l = [1, 2]", "l = [3]", "{ l = [3] }");
        check("[[l]]\nx = 1", "[[l]]\ny = 1", "{ l = [{ y = 1 }] }");
        check("t = 1", "t.x = 1", "{ t = { x = 1 } }");
    }

    #[test]
    fn a_number_with_a_range_is_one_value() {
        let base = "n = { value = 1, range = [0, 2], source = 'a' }";
        check(base, "n = { value = 3 }", "{ n = { value = 3 } }");
        check(base, "n = 3", "{ n = 3 }");
    }

    #[test]
    fn bases_may_have_bases() {
        let files = [("a", "base = 'b'\nx = 1"), ("b", "base = 'c'\nx = 2\ny = 2"), ("c", "z = 3")];
        let document = load(&files).unwrap();
        assert_eq!(document.show(document.root(), 99), "{ z = 3, x = 1, y = 2 }");
        assert_eq!(document.files.len(), 3);
    }

    #[test]
    fn faults_of_a_base_point_at_its_name() {
        let message = |files: &[(&str, &str)]| load(files).unwrap_err().list[0].to_string();
        let circle = message(&[("a", "base = 'b'"), ("b", "base = 'a'")]);
        assert_eq!(circle, "S019 files build on each other in a circle: a, then b, then a");
        let missing = message(&[("a", "base = 'x'")]);
        assert_eq!(missing, "S018 the base `x` cannot be read: no such file");
        assert_eq!(message(&[("a", "base = 1")]).split(' ').next(), Some("S004"));
        let mut deeper = |name: &str, _: &str| Ok((format!("{name}x"), format!("base='{name}x'")));
        let problems = Document::load("a", "base='b'", &mut deeper).unwrap_err();
        assert_eq!(problems.list[0].message, "more than 8 files build on each other");
    }
}
