//! The canonical text of a scenario: what it comes to after all overlays and settings, as one file.
//!
//! It lowers to the same scenario as the files it was merged from, and is its own canonical text,
//! so that its digest tells whether two scenarios are the same. A `source` line speaks for its own
//! file only, and here there is but one file: where a number would thereby change its source, it
//! is printed with its own.
use crate::document::{Document, Key, Node, NodeIx, SOURCE, Table, Value, join};
use crate::uses;

/// Tables longer than this get a header of their own, and longer lists a line for each entry.
const WIDTH: usize = 90;

impl Document {
    /// The whole document as plain TOML.
    pub fn to_toml(&self) -> String {
        let explicit = self.with_explicit_sources();
        let mut out = String::new();
        let mut work = vec![(explicit.root(), String::new())];
        while let Some((table, path)) = work.pop() {
            let start = work.len();
            explicit.print_table(table, &path, &mut out, &mut work);
            work[start..].reverse();
        }
        out
    }

    /// The same document with a source of its own for each number that needs one.
    fn with_explicit_sources(&self) -> Document {
        let mut explicit = self.clone();
        for found in uses::find(self) {
            let source = found.sources.of(self, found.node);
            let read_again = self.text(found.node, SOURCE).or(found.innermost);
            let Some(source) = source.filter(|source| Some(*source) != read_again) else {
                continue;
            };
            let plain = self.node(found.node);
            let text = Node { value: Value::Text(source.to_owned()), ..plain.clone() };
            let text = explicit.add(text);
            if !matches!(plain.value, Value::Table(_)) {
                let value = explicit.add(plain.clone());
                let entries = vec![("value".to_owned(), value)];
                explicit.nodes[found.node.0].value =
                    Value::Table(Table { entries, older_sources: Vec::new() });
            }
            explicit.put(found.node, SOURCE, text);
        }
        explicit
    }

    /// Prints what a table says on lines, and leaves the tables in it for later.
    fn print_table(
        &self,
        table: NodeIx,
        path: &str,
        out: &mut String,
        work: &mut Vec<(NodeIx, String)>,
    ) {
        // The order of parties and issues matters, so all tables in here get a header or none does.
        let has_blocks = self.entries(table).iter().any(|(key, ix)| self.is_block(path, key, *ix));
        let (blocks, lines): (Vec<_>, Vec<_>) =
            self.entries(table).iter().partition(|(_, ix)| has_blocks && self.is_table(*ix));
        if !path.is_empty() && (!lines.is_empty() || blocks.is_empty()) {
            out.push_str(&format!("\n[{path}]\n"));
        }
        for (key, ix) in lines {
            self.print_line(key, *ix, out);
        }
        work.extend(blocks.iter().map(|(key, ix)| (*ix, join(path, key))));
    }

    fn is_table(&self, ix: NodeIx) -> bool {
        matches!(self.value(ix), Value::Table(_)) && !self.is_number_table(ix)
    }

    fn is_block(&self, path: &str, key: &str, ix: NodeIx) -> bool {
        let length = || key.chars().count() + self.show(ix, WIDTH).chars().count();
        self.is_table(ix) && (path.is_empty() || length() > WIDTH)
    }

    fn print_line(&self, key: &str, ix: NodeIx, out: &mut String) {
        let items = self.items(ix);
        let long = self.show(ix, WIDTH).chars().count() > WIDTH;
        let has_tables = items.iter().any(|item| matches!(self.value(*item), Value::Table(_)));
        if !(long && has_tables) {
            out.push_str(&format!("{} = {}\n", Key(key), self.show_whole(ix)));
            return;
        }
        out.push_str(&format!("{} = [\n", Key(key)));
        for item in items {
            out.push_str(&format!("    {},\n", self.show_whole(*item)));
        }
        out.push_str("]\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, text: &str) -> Document {
        let (document, problems) = Document::parse(name, text);
        assert!(problems.is_empty(), "{problems:?}\n{text}");
        document
    }

    #[test]
    fn sources_survive_merging() {
        let base = "source = 'assumed'\n[parties.a]\nname = 'A'\nreservation = 0.1\n\
                    audience-cost = { value = 0.2, range = [0.1, 0.3] }\n";
        let over = "source = 'fearon1994'\n[parties.a]\noutside-option = 0.3\n";
        let mut merged = parse("b", base).overlay(parse("o", over));
        merged.set("parties.a.reservation", "0.4").unwrap();
        let text = merged.to_toml();
        insta::assert_snapshot!(text, @r##"
            source = "fearon1994"

            [parties.a]
            name = "A"
            reservation = { value = 0.4, source = "set on the command line" }
            audience-cost = { value = 0.2, range = [0.1, 0.3], source = "assumed" }
            outside-option = 0.3
            "##);
        assert_eq!(parse("again", &text).to_toml(), text);
    }

    #[test]
    fn order_and_odd_texts_are_kept() {
        let text = "b = \"a \\\"b\\\" \\\\ \\u007f é\"\n[parties]\nz.name = 'short'\n[parties.a]\nname = \
                    'a party whose name is so long that it cannot stand on one line with the others, alas'\n\
                    [parties.m]\n[x]\n'y z' = {}\nl = [{ a = 1 }, [2.5, true], 2025-10-18T09:00:00]\n";
        let document = parse("a", text);
        let printed = document.to_toml();
        assert_eq!(crate::diff(&document, &parse("b", &printed)), []);
        let keys = |d: &Document| d.show(d.get(d.root(), "parties").unwrap(), 999);
        assert_eq!(keys(&document), keys(&parse("b", &printed)));
        assert_eq!(parse("b", &printed).to_toml(), printed);
    }
}
