//! The names that a scenario declares, collected before anything refers to them.
use crate::document::{Document, NOTE, NodeIx, SOURCE, Value, join, nth};
use crate::spec::{Kind, Register, TableSpec};

/// The key of an issue that lists its rungs, and the key of a rung that names it.
const RUNGS: (&str, &str) = ("rungs", "key");
/// The key of an issue that divides a quantity instead, and the key for the number of parts.
const SCALE: (&str, &str) = ("scale", "parts");

/// All declared names, in the order of the file.
#[derive(Clone, Debug)]
pub struct Registers {
    scopes: Vec<Scope>,
    /// Issues and the keys of their rungs.
    rungs: Vec<(String, Vec<String>)>,
}

/// Names of one kind and the table within which they hold.
#[derive(Clone, Debug)]
struct Scope {
    register: Register,
    /// The path of that table; empty for the whole scenario.
    within: String,
    names: Vec<String>,
}

impl Registers {
    /// Collects the names that a document declares according to the spec of its root.
    pub fn collect(document: &Document, spec: &'static TableSpec) -> Self {
        let mut registers = Self { scopes: Vec::new(), rungs: Vec::new() };
        let kind = Kind::Table(spec);
        let root =
            Found { node: document.root(), kind, path: String::new(), within: String::new() };
        let mut work = vec![root];
        while let Some(found) = work.pop() {
            registers.enter(document, &found, &mut work);
        }
        registers
    }

    /// The same with the names of one kind in alphabetical order, so that nothing that counts them
    /// hangs on who is listed first.
    #[must_use]
    pub fn alphabetical(mut self, register: Register) -> Self {
        for scope in self.scopes.iter_mut().filter(|scope| scope.register == register) {
            scope.names.sort_unstable();
        }
        self
    }

    fn enter(&mut self, document: &Document, found: &Found, work: &mut Vec<Found>) {
        let start = work.len();
        let entries = || named(document, found.node);
        match found.kind {
            Kind::Table(spec) => {
                for (key, node) in entries() {
                    if let Some(field) = spec.field(key) {
                        let (path, within) = (join(&found.path, key), found.within.clone());
                        work.push(Found { node, kind: field.kind, path, within });
                    }
                }
            }
            Kind::Map { of, register, .. } => {
                self.declare(register, &found.within, entries().map(|(key, _)| key));
                for (key, node) in entries() {
                    if register == Register::Issues {
                        self.rungs.push((key.to_owned(), rung_keys(document, node)));
                    }
                    let path = join(&found.path, key);
                    work.push(Found { node, kind: Kind::Table(of), within: path.clone(), path });
                }
            }
            Kind::List { of, .. } => {
                for (index, node) in document.items(found.node).iter().enumerate() {
                    let path = nth(&found.path, index);
                    let kind = Kind::Table(of);
                    work.push(Found { node: *node, kind, within: path.clone(), path });
                }
            }
            Kind::TablePer { of, .. } => {
                for (key, node) in entries() {
                    let (path, within) = (join(&found.path, key), found.within.clone());
                    work.push(Found { node, kind: Kind::Table(of), path, within });
                }
            }
            _ => {}
        }
        work[start..].reverse();
    }

    fn declare<'a>(
        &mut self,
        register: Register,
        within: &str,
        names: impl Iterator<Item = &'a str>,
    ) {
        let names = names.map(str::to_owned);
        let known = self.scopes.iter_mut().find(|s| s.register == register && s.within == within);
        match known {
            Some(scope) => scope.names.extend(names),
            None => {
                let scope = Scope { register, within: within.to_owned(), names: names.collect() };
                self.scopes.push(scope);
            }
        }
    }

    /// The names that hold at a path: those of the innermost table around it that declares any.
    /// If none does, as for a constituency named outside of its party, all names of the register.
    pub fn names(&self, register: Register, path: &str) -> Vec<&str> {
        let scopes = || self.scopes.iter().filter(move |scope| scope.register == register);
        let inner = scopes()
            .filter(|scope| is_within(path, &scope.within))
            .max_by_key(|scope| scope.within.len());
        match inner {
            Some(scope) => scope.names.iter().map(String::as_str).collect(),
            None => scopes().flat_map(|scope| scope.names.iter().map(String::as_str)).collect(),
        }
    }

    /// Which of the names that hold at a path a name is.
    pub fn index(&self, register: Register, path: &str, name: &str) -> Option<usize> {
        self.names(register, path).iter().position(|known| *known == name)
    }

    /// The keys of an issue's rungs, in order; none if there is no such issue.
    pub fn rungs(&self, issue: &str) -> &[String] {
        let issue = self.rungs.iter().find(|(name, _)| name == issue);
        issue.map_or(&[], |(_, rungs)| rungs.as_slice())
    }
}

/// A value on the way of collecting.
struct Found {
    node: NodeIx,
    kind: Kind,
    path: String,
    within: String,
}

/// The entries of a table whose keys are names or fields: all but `source` and `note`.
pub(crate) fn named(
    document: &Document,
    table: NodeIx,
) -> impl Iterator<Item = (&str, NodeIx)> + Clone {
    let entries = document.entries(table).iter().map(|(key, ix)| (key.as_str(), *ix));
    entries.filter(|(key, _)| *key != SOURCE && *key != NOTE)
}

fn rung_keys(document: &Document, issue: NodeIx) -> Vec<String> {
    let Some(list) = document.get(issue, RUNGS.0) else { return scale_keys(document, issue) };
    let keys = document.items(list).iter().map(|rung| document.get(*rung, RUNGS.1));
    let text = |ix: NodeIx| match document.value(ix) {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    // A rung without a key keeps its place, so that positions still count rungs.
    keys.map(|key| key.and_then(text).unwrap_or_default()).collect()
}

/// The keys of the rungs of a quantity that is divided: `open`, `0`, `1` and so on.
fn scale_keys(document: &Document, issue: NodeIx) -> Vec<String> {
    let parts = document.get(issue, SCALE.0).and_then(|scale| document.get(scale, SCALE.1));
    let Some(Value::Whole(parts)) = parts.map(|parts| document.value(parts)) else {
        return Vec::new();
    };
    // A number of parts that the spec refuses makes no rungs that anything could name.
    let parts = if (1..=254).contains(parts) { *parts } else { return Vec::new() };
    std::iter::once("open".to_owned()).chain((0..=parts).map(|part| part.to_string())).collect()
}

/// Whether a path leads to a table or to something in it.
pub(crate) fn is_within(path: &str, table: &str) -> bool {
    let Some(rest) = path.strip_prefix(table) else { return false };
    table.is_empty() || rest.is_empty() || rest.starts_with(['.', '['])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SCENARIO, SPEC};

    #[test]
    fn names_hold_in_the_table_that_declares_them() {
        let (document, _) = Document::parse("a.toml", SCENARIO);
        let registers = Registers::collect(&document, &SPEC);
        let check = |register, path: &str, expected: &[&str]| {
            assert_eq!(registers.names(register, path), expected);
        };
        check(Register::Parties, "shocks[1].party", &["kabul", "islamabad"]);
        check(Register::Constituencies, "parties.kabul.heeds", &["council", "base"]);
        check(Register::Constituencies, "parties.islamabad", &["army"]);
        check(Register::Constituencies, "shocks[1]", &["council", "base", "army"]);
        check(Register::Groups, "", &[]);
        assert_eq!(registers.rungs("ceasefire"), ["none", "days", "open-ended"]);
        assert_eq!(registers.rungs("nothing"), [""; 0]);
        assert_eq!(registers.index(Register::Issues, "", "trade"), Some(1));
    }

    #[test]
    fn a_path_is_within_whole_segments_only() {
        assert!(is_within("a.b", "a") && is_within("a[1]", "a") && is_within("a", ""));
        assert!(!is_within("ab", "a") && !is_within("a", "a.b"));
    }
}
