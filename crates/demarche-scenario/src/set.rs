//! Setting one value by its path, as `--set parties.kabul.patience=0.9` does.
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::document::{
    BASE, Document, FileIx, Node, NodeIx, Origin, SourceFile, Table, Value, join, nth,
};
use crate::hint;
use crate::parse::{Position, syntax};
use crate::problem::{Code, Problem};

impl Document {
    /// Sets the value at a path such as `parties.kabul.patience` or `shocks[1].size`, the first
    /// entry of a list being 1. The text is read as TOML; a bare word that is not TOML is a text.
    ///
    /// `LOW..HIGH` gives a number this range, around its middle.
    ///
    /// A plain number holds: what had a range or a distribution is no longer drawn. It must lie in
    /// that range all the same, lest a slip go unseen. All tables on the way must be there; the
    /// last key may be new, and [`check`] will say if nothing reads it. The argument becomes a file
    /// of the document, so that problems can point into it, also if it is in vain.
    ///
    /// [`check`]: crate::check::check
    pub fn set(&mut self, path: &str, text: &str) -> Result<(), Problem> {
        let file = FileIx(self.files.len());
        // A range may have been asked for as what varies, too.
        let option = if range(text).is_some() { "" } else { "--set " };
        let name = format!("{option}{path}={text}");
        let source =
            SourceFile { name, text: format!("{path}={text}"), origin: Origin::CommandLine };
        self.files.push(source);
        let steps = steps(path).ok_or_else(|| {
            Problem::new(Code::UnknownPath, path, format!("`{path}` is not a path"))
                .at(Position { file, offset: 0 }.place(0..path.len()))
                .with_help("a path has dots between its keys: parties.kabul.patience")
        })?;
        if let Some(zeroth) = steps.iter().find(|step| matches!(step.what, What::Index(0))) {
            return Err(counted_from_zero(path, zeroth, file));
        }
        if let [Step { what: What::Key(key), .. }] = steps.as_slice()
            && key == BASE
        {
            return Err(base_is_set(path, file));
        }
        let target = self.walk(&steps, file)?;
        let position = Position { file, offset: path.len() + 1 };
        let ix = match range(text) {
            Some(ends) => self.grow_range(text, &ends, position),
            None => self.grow_argument(text, path, position)?,
        };
        self.nodes[ix.0].key_place = Position { file, offset: 0 }.place(0..path.len());
        self.enter(target, ix);
        Ok(())
    }

    /// Where a path ends: at a node, or at a key that a table does not have yet.
    fn walk(&self, steps: &[Step], file: FileIx) -> Result<Target, Problem> {
        let mut at = self.root;
        let mut path = String::new();
        for (count, step) in steps.iter().enumerate() {
            let last = count + 1 == steps.len();
            let next = match &step.what {
                What::Key(key) => self.get(at, key),
                What::Index(nth) => self.items(at).get(nth - 1).copied(),
            };
            match (next, &step.what) {
                (Some(next), What::Key(key)) if last => {
                    return Ok(Target::Entry(at, key.clone(), Some(next)));
                }
                (Some(next), _) if last => return Ok(Target::Item(next)),
                (Some(next), _) => at = next,
                (None, What::Key(key)) if last && matches!(self.value(at), Value::Table(_)) => {
                    return Ok(Target::Entry(at, key.clone(), None));
                }
                (None, _) => return Err(self.lost(at, &path, step, file)),
            }
            path = step.what.after(&path);
        }
        Err(Problem::new(Code::UnknownPath, "", "the path is empty"))
    }

    fn lost(&self, at: NodeIx, path: &str, step: &Step, file: FileIx) -> Problem {
        let here = if path.is_empty() { "the scenario" } else { path };
        let keys = self.entries(at).iter().map(|(key, _)| key.as_str());
        let (message, help) = match (&step.what, self.value(at)) {
            (What::Key(key), Value::Table(_)) => {
                (format!("{here} has no `{key}`"), hint::did_you_mean(key, keys, "what it has"))
            }
            (What::Index(_), Value::List(items)) => {
                (format!("{here} has {} entries", items.len()), "the first is [1]".to_owned())
            }
            (_, value) => {
                (format!("{here} is {}, so the path ends there", value.what()), String::new())
            }
        };
        Problem::new(Code::UnknownPath, step.what.after(path), message)
            .at(Position { file, offset: 0 }.place(step.span.clone()))
            .with_help(help)
    }

    fn grow_argument(
        &mut self,
        text: &str,
        path: &str,
        position: Position,
    ) -> Result<NodeIx, Problem> {
        let bare = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let value = match DeValue::parse(text) {
            Ok(value) => value,
            Err(_) if !text.is_empty() && text.chars().all(bare) => {
                Spanned::new(0..text.len(), DeValue::String(text.into()))
            }
            Err(error) => {
                let help = format!("put a text in quotes: --set '{path}=\"two words\"'");
                return Err(syntax(&error, position, text.len()).with_help(help));
            }
        };
        let mut problems = Vec::new();
        let ix = self.grow(value, position, &mut problems);
        problems.pop().map_or(Ok(ix), Err)
    }

    /// A number with the range that a text says: its middle, drawn over it.
    fn grow_range(&mut self, text: &str, ends: &[Range<usize>; 2], position: Position) -> NodeIx {
        let whole = ends[0].start..ends[1].end;
        let mut grow = |value: Value, place: &Range<usize>| {
            let place = position.place(place.clone());
            self.add(Node { value, place: place.clone(), key_place: place })
        };
        let [low, high] =
            [0, 1].map(|end| text[ends[end].clone()].parse().expect("the ends are numbers"));
        let middle = grow(Value::Number(low + (high - low) / 2.0), &whole);
        let numbers = vec![grow(Value::Number(low), &ends[0]), grow(Value::Number(high), &ends[1])];
        let range = grow(Value::List(numbers), &whole);
        let entries = vec![("value".to_owned(), middle), ("range".to_owned(), range)];
        grow(Value::Table(Table { entries, older_sources: Vec::new() }), &whole)
    }

    fn enter(&mut self, target: Target, ix: NodeIx) {
        let old = match &target {
            Target::Entry(_, _, old) => *old,
            Target::Item(old) => Some(*old),
        };
        let ranged = old.filter(|_| self.value(ix).number().is_some());
        let ranged = ranged.and_then(|old| {
            let has_range = self.is_number_table(old) && self.get(old, "range").is_some();
            if has_range { Some(self.add(self.node(old).clone())) } else { self.held_within(old) }
        });
        let at = match target {
            Target::Entry(table, key, _) => {
                self.put(table, &key, ix);
                ix
            }
            Target::Item(old) => {
                self.nodes[old.0] = self.nodes[ix.0].clone();
                old
            }
        };
        self.held.extend(ranged.map(|ranged| (at, ranged)));
    }
}

/// The entries of a list count from 1, in paths as in messages.
fn counted_from_zero(path: &str, zeroth: &Step, file: FileIx) -> Problem {
    let message = format!("`{path}`: the entries of a list count from 1, so there is no [0]");
    let first = format!("{}[1]{}", &path[..zeroth.span.start], &path[zeroth.span.end..]);
    Problem::new(Code::OutOfRange, path, message)
        .at(Position { file, offset: 0 }.place(zeroth.span.clone()))
        .with_help(format!("the first is `{first}`"))
}

/// Files are merged before a value is set, so a base would come too late.
fn base_is_set(path: &str, file: FileIx) -> Problem {
    let message = "`base` names the file to build on, and cannot be set once that is done";
    let help = "name the other scenario in place of this one; or lay a file over it with `--with`; \
                or write `base` in a file of your own";
    Problem::new(Code::BaseSet, BASE, message)
        .at(Position { file, offset: 0 }.place(0..path.len()))
        .with_help(help)
}

/// What a path leads to.
enum Target {
    /// A key of a table, and what is there now.
    Entry(NodeIx, String, Option<NodeIx>),
    /// An entry of a list.
    Item(NodeIx),
}

/// One step of a path, and where in the path it is written.
struct Step {
    what: What,
    span: std::ops::Range<usize>,
}

enum What {
    Key(String),
    /// An entry of a list, from 1.
    Index(usize),
}

impl What {
    fn after(&self, path: &str) -> String {
        match self {
            Self::Key(key) => join(path, key),
            Self::Index(at) => nth(path, at - 1),
        }
    }
}

/// The steps of a path; nothing if it is malformed.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path;
    // Each round takes at least one character off the path.
    while !rest.is_empty() {
        let start = path.len() - rest.len();
        let (what, length) = step(rest)?;
        steps.push(Step { what, span: start..start + length });
        rest = &rest[length..];
        match rest.strip_prefix('.') {
            Some("") => return None,
            Some(after) => rest = after,
            None if rest.is_empty() || rest.starts_with('[') => {}
            None => return None,
        }
    }
    Some(steps).filter(|steps| !steps.is_empty())
}

/// The first step of a path and its length in bytes: `key`, `"quoted key"` or `[1]`.
fn step(rest: &str) -> Option<(What, usize)> {
    if let Some(after) = rest.strip_prefix('[') {
        let (digits, _) = after.split_once(']')?;
        return Some((What::Index(digits.parse().ok()?), digits.len() + 2));
    }
    if let Some(after) = rest.strip_prefix('"') {
        let (key, _) = after.split_once('"')?;
        return Some((What::Key(key.to_owned()), key.len() + 2));
    }
    let length = rest.find(['.', '[']).unwrap_or(rest.len());
    (length > 0).then(|| (What::Key(rest[..length].to_owned()), length))
}

/// The ends of a range such as `0.5..3`, if the text is one. [as the number they are for]
#[must_use]
pub fn ends_of_range(text: &str) -> Option<[f64; 2]> {
    let [low, high] = range(text)?.map(|place| text[place].parse().ok());
    Some([low?, high?])
}

/// The places of both ends of a range, if the text is one.
fn range(text: &str) -> Option<[Range<usize>; 2]> {
    let (low, high) = text.split_once("..")?;
    // Three dots are a slip, and no number without a nought.
    if high.starts_with('.') {
        return None;
    }
    let place = |part: &str, from: usize| {
        let start = from + (part.len() - part.trim_start().len());
        let number = part.trim();
        number.parse::<f64>().ok().filter(|number| number.is_finite())?;
        Some(start..start + number.len())
    };
    Some([place(low, 0)?, place(high, low.len() + 2)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problems;

    const BASE: &str = "
        n = { value = 0.5, range = [0, 1], source = 'a' }
        d = { distribution = 'uniform', low = 0, high = 1 }
        t.x = 1
        l = [{ y = 1 }, { y = 2 }]
    ";

    fn set(path: &str, text: &str) -> (Document, Result<(), Problem>) {
        let (mut document, _) = Document::parse("a.toml", BASE);
        let result = document.set(path, text);
        (document, result)
    }

    #[track_caller]
    fn check(path: &str, text: &str, key: &str, expected: &str) {
        let (document, result) = set(path, text);
        result.unwrap();
        assert_eq!(document.show(document.get(document.root(), key).unwrap(), 99), expected);
    }

    #[test]
    fn a_value_is_set_where_the_path_leads() {
        check("n", "0.7", "n", "0.7");
        check("n.value", "0.7", "n", "{ value = 0.7, range = [0, 1], source = \"a\" }");
        check("n", "{ value = 1 }", "n", "{ value = 1 }");
        check("n.range", "[0, 2]", "n", "{ value = 0.5, range = [0, 2], source = \"a\" }");
        check("d", "0.7", "d", "0.7");
        check("n", "0.2..0.6", "n", "{ value = 0.4, range = [0.2, 0.6] }");
        check("d", " 1e-3 .. 2", "d", "{ value = 1.0005, range = [0.001, 2.0] }");
        check("t.x", "true", "t", "{ x = true }");
        check("t.new", "far-off", "t", "{ x = 1, new = \"far-off\" }");
        check("l[2].y", "3", "l", "[{ y = 1 }, { y = 3 }]");
        check("l[1]", "3", "l", "[3, { y = 2 }]");
        check("\"a b\"", "'c d'", "a b", "\"c d\"");
    }

    #[test]
    fn a_path_that_leads_nowhere_is_underlined() {
        let rendered: Vec<String> =
            [("tt.x", "1"), ("l[3].y", "1"), ("t.x.y", "1"), ("t.x", "a b")]
                .into_iter()
                .map(|(path, text)| {
                    let (document, result) = set(path, text);
                    Problems::new(document.files, vec![result.unwrap_err()]).render(80, false, true)
                })
                .collect();
        insta::assert_snapshot!(rendered.join(""), @r##"
              × S020 the scenario has no `tt`
               ╭─[--set tt.x=1:1:1]
             1 │ tt.x=1
               · ──
               ╰────
              help: did you mean `t`?

            1 problem in --set tt.x=1
              × S020 l has 2 entries
               ╭─[--set l[3].y=1:1:2]
             1 │ l[3].y=1
               ·  ───
               ╰────
              help: the first is [1]

            1 problem in --set l[3].y=1
              × S020 t.x is a whole number, so the path ends there
               ╭─[--set t.x.y=1:1:5]
             1 │ t.x.y=1
               ·     ─
               ╰────

            1 problem in --set t.x.y=1
              × S001 this is not TOML: string values must be quoted, expected literal
              │ string
               ╭─[--set t.x=a b:1:5]
             1 │ t.x=a b
               ·     ───
               ╰────
              help: put a text in quotes: --set 't.x="two words"'

            1 problem in --set t.x=a b
            "##);
    }

    #[track_caller]
    fn check_refused(path: &str, code: Code, help: &str) {
        let problem = set(path, "1").1.unwrap_err();
        assert_eq!((problem.code, problem.help.as_deref()), (code, Some(help)));
    }

    #[test]
    fn entries_count_from_one_as_messages_tell_them() {
        check_refused("l[0].y", Code::OutOfRange, "the first is `l[1].y`");
        check_refused("l[0]", Code::OutOfRange, "the first is `l[1]`");
    }

    #[test]
    fn a_base_is_not_set_for_it_would_be_passed_over() {
        for path in ["base", "\"base\""] {
            let problem = set(path, "'textbook/splitting-a-sum'").1.unwrap_err();
            assert_eq!(problem.code, Code::BaseSet);
            assert!(problem.help.unwrap().contains("--with"));
        }
    }

    #[test]
    fn malformed_paths_are_refused() {
        for path in ["", ".", "a.", ".a", "a..b", "l[x]", "l[1]y", "\"a", "[", "l["] {
            assert_eq!(set(path, "1").1.unwrap_err().code, Code::UnknownPath, "{path}");
        }
    }
}
