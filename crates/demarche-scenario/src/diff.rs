//! What two scenarios say differently.
use crate::document::{Document, NodeIx, Value, join, nth};

/// A value that differs between two scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path.
    pub path: String,
    /// The value in the first, as TOML on one line; nothing if it is not there.
    pub a: Option<String>,
    /// The value in the second.
    pub b: Option<String>,
}

/// All differences between two merged documents: in the order of the first, and after what a
/// table of the first has, what only the second has.
pub fn diff(a: &Document, b: &Document) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut work = vec![Pair { path: String::new(), a: Some(a.root()), b: Some(b.root()) }];
    while let Some(pair) = work.pop() {
        let parts = parts(&pair, a, b);
        match parts {
            Some(parts) => work.extend(parts.into_iter().rev()),
            None if !same(&pair, a, b) => differences.push(Difference {
                path: pair.path,
                a: pair.a.map(|ix| a.show_whole(ix)),
                b: pair.b.map(|ix| b.show_whole(ix)),
            }),
            None => {}
        }
    }
    differences
}

/// Two values at the same path.
struct Pair {
    path: String,
    a: Option<NodeIx>,
    b: Option<NodeIx>,
}

/// The parts to compare one by one: of two tables, and of two lists of one length.
fn parts(pair: &Pair, a: &Document, b: &Document) -> Option<Vec<Pair>> {
    let (in_a, in_b) = (pair.a?, pair.b?);
    match (a.value(in_a), b.value(in_b)) {
        (Value::Table(old), Value::Table(new)) => {
            let added = new.entries.iter().filter(|(key, _)| a.get(in_a, key).is_none());
            let keys = old.entries.iter().chain(added).map(|(key, _)| key);
            let part = |key: &String| Pair {
                path: join(&pair.path, key),
                a: a.get(in_a, key),
                b: b.get(in_b, key),
            };
            Some(keys.map(part).collect())
        }
        (Value::List(old), Value::List(new)) if old.len() == new.len() => {
            let part = |(index, (a, b)): (usize, (&NodeIx, &NodeIx))| Pair {
                path: nth(&pair.path, index),
                a: Some(*a),
                b: Some(*b),
            };
            Some(old.iter().zip(new).enumerate().map(part).collect())
        }
        _ => None,
    }
}

/// Whether two values that are not compared in parts are the same; `1` and `1.0` are.
fn same(pair: &Pair, a: &Document, b: &Document) -> bool {
    let (Some(in_a), Some(in_b)) = (pair.a, pair.b) else { return false };
    let (a, b) = (a.value(in_a), b.value(in_b));
    match (a.number(), b.number()) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => !matches!(a, Value::List(_) | Value::Table(_)) && a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: &[&str]) {
        let [a, b] = [a, b].map(|text| Document::parse("x", text).0);
        let line = |d: &Difference| {
            let shown = |side: &Option<String>| side.clone().unwrap_or("–".to_owned());
            format!("{}: {} → {}", d.path, shown(&d.a), shown(&d.b))
        };
        assert_eq!(diff(&a, &b).iter().map(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn values_are_compared_one_by_one() {
        check("a = 1\nb = 'x'", "b = 'x'\na = 1.0", &[]);
        check(
            "[t]\na = 1\nb = 2",
            "[t]\nb = 3\nc = true",
            &["t.a: 1 → –", "t.b: 2 → 3", "t.c: – → true"],
        );
        check("l = [1, {x = 2}]", "l = [1, {x = 3}]", &["l[2].x: 2 → 3"]);
        check("l = [1]", "l = [1, 2]", &["l: [1] → [1, 2]"]);
        check("t = {}", "t = []", &["t: {} → []"]);
        check("a = nan", "a = nan", &[]);
    }
}
