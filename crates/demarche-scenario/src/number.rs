//! The three forms of a number: plain, a reference value in a plausible range, a distribution.
//!
//! ```toml
//! patience = 0.35
//! patience = { value = 0.35, range = [0.2, 1.2], source = "lecker2010" }
//! patience = { distribution = "triangular", low = 0.2, mode = 0.35, high = 1.2 }
//! ```
//!
//! The first is the same in every run; so is the second at the reference point, and over the ranges
//! it is drawn; the third is drawn afresh in each run. One function reads all of them, both for
//! checking and for lowering, so that the two cannot disagree.
use demarche_random::sample::Distribution;

use crate::document::{Document, NodeIx, Value, join};
use crate::hint;
use crate::problem::{Code, Problem};
use crate::spec::Quantity;

/// All keys that a number written as a table may have.
pub(crate) const KEYS: [&str; 10] =
    ["value", "range", "distribution", "low", "mode", "high", "mean", "sd", "source", "note"];

/// The distributions over a range, and those drawn in each run: these and `normal`.
pub(crate) const OVER_RANGE: [&str; 3] = ["uniform", "triangular", "log-uniform"];
/// The distributions drawn afresh in each run.
pub(crate) const DRAWN: [&str; 4] = ["uniform", "triangular", "log-uniform", "normal"];

/// A number as read, whichever form it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadNumber {
    /// The reference value; of a distribution its mode, mean or (geometric) midpoint.
    pub value: f64,
    /// How it is spread over its range, if it has one.
    pub shape: Option<Distribution>,
    /// Whether each run draws it afresh; otherwise the shape is for designs only.
    pub drawn_every_run: bool,
    /// Where it comes from: `assumed`, ids with commas between, or the command line.
    pub source: String,
}

impl ReadNumber {
    /// Whether it is not known: it has a range, over which designs draw it, and no run by itself.
    #[must_use]
    pub const fn is_uncertain(&self) -> bool {
        self.shape.is_some() && !self.drawn_every_run
    }
}

/// A number without its source, as far as it could be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bare {
    pub(crate) value: f64,
    pub(crate) shape: Option<Distribution>,
    pub(crate) drawn_every_run: bool,
}

/// Reads a number in any form and reports what is wrong with it.
pub(crate) fn read(
    document: &Document,
    ix: NodeIx,
    field: &Measured<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Bare> {
    let reading = &mut Reading { document, ix, field, problems };
    match document.value(ix) {
        Value::Whole(_) | Value::Number(_) => {
            let value = reading.bounded(ix, field.path)?;
            reading.held(value)?;
            Some(Bare { value, shape: None, drawn_every_run: false })
        }
        Value::Table(_) => reading.table(),
        _ => {
            let wanted = crate::spec::Kind::Number(*field.quantity).wanted();
            let found = document.describe(ix);
            let message = format!("{} must be {wanted}, but is {found}", field.path);
            reading.report(Code::WrongType, ix, field.path, message, field.doc);
            None
        }
    }
}

/// What a number is for: where it stands and what it measures.
pub(crate) struct Measured<'a> {
    pub(crate) path: &'a str,
    pub(crate) quantity: &'a Quantity,
    pub(crate) doc: &'a str,
}

struct Reading<'a> {
    document: &'a Document,
    ix: NodeIx,
    field: &'a Measured<'a>,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn report(&mut self, code: Code, at: NodeIx, path: &str, message: String, help: &str) {
        let place = self.document.node(at).place.clone();
        self.problems.push(Problem::new(code, path, message).at(place).with_help(help));
    }

    /// A plain finite number.
    fn finite(&mut self, ix: NodeIx, path: &str) -> Option<f64> {
        match self.document.value(ix).number() {
            Some(number) if number.is_finite() => Some(number),
            Some(number) => {
                let message = format!("{path} must be a finite number, but is {number}");
                self.report(Code::NotFinite, ix, path, message, self.field.doc);
                None
            }
            None => {
                let found = self.document.describe(ix);
                let message = format!("{path} must be a number, but is {found}");
                self.report(Code::WrongType, ix, path, message, self.field.doc);
                None
            }
        }
    }

    /// A plain number within the bounds of the quantity.
    fn bounded(&mut self, ix: NodeIx, path: &str) -> Option<f64> {
        let value = self.finite(ix, path)?;
        if !self.field.quantity.admits(value) {
            let demand = self.field.quantity.demand();
            let message = format!("{path} must {demand}, but is {value}");
            self.report(Code::OutOfRange, ix, path, message, self.field.doc);
            return None;
        }
        Some(value)
    }

    fn table(&mut self) -> Option<Bare> {
        self.unknown_keys();
        let value = self.document.get(self.ix, "value");
        let distribution = self.document.get(self.ix, "distribution");
        match (value, distribution) {
            (Some(value), distribution) => self.reference(value, distribution),
            (None, Some(distribution)) => self.drawn(distribution),
            (None, None) => {
                let path = self.field.path;
                let message = format!("{path} is a table with neither `value` nor `distribution`");
                let help = "write { value = 0.5, range = [0, 1] }, \
                            or { distribution = \"uniform\", low = 0, high = 1 }";
                self.report(Code::MissingKey, self.ix, path, message, help);
                None
            }
        }
    }

    fn reference(&mut self, value: NodeIx, distribution: Option<NodeIx>) -> Option<Bare> {
        self.extra_keys(&["value", "range", "distribution"], "a number with a `value`");
        let word = distribution.map(|ix| self.word(ix, &OVER_RANGE));
        let range = self.document.get(self.ix, "range");
        if let (Some(ix), None) = (distribution, range) {
            let message = format!("{} has a distribution, but no `range`", self.field.path);
            self.report(Code::MissingKey, ix, self.field.path, message, "add range = [low, high]");
        }
        let value = self.bounded(value, &join(self.field.path, "value"));
        let ends = range.and_then(|range| self.range(range));
        let (value, word) = (value?, word.unwrap_or(Some("uniform")));
        let Some((low, high)) = ends else {
            return Some(Bare { value, shape: None, drawn_every_run: false });
        };
        if !(low..=high).contains(&value) {
            let path = self.field.path;
            let message =
                format!("{path} must lie in its own range [{low}, {high}], but is {value}");
            let at = self.document.get(self.ix, "value").unwrap_or(self.ix);
            let help = "widen the range, or move the value";
            self.report(Code::ValueOutsideRange, at, path, message, help);
            return None;
        }
        let shape = match word? {
            "triangular" => Distribution::Triangular { low, mode: value, high },
            "log-uniform" => self.log_uniform(low, high)?,
            _ => Distribution::Uniform { low, high },
        };
        Some(Bare { value, shape: Some(shape), drawn_every_run: false })
    }

    /// A number given by hand in place of one with a range must lie in that range.
    fn held(&mut self, value: f64) -> Option<()> {
        // What is wrong with a range that nobody reads any more need not be told.
        let (document, field, unread) = (self.document, self.field, &mut Vec::new());
        let ranged = document.held_within(self.ix);
        let range = ranged.and_then(|ranged| document.get(ranged, "range"));
        let range = range.and_then(|range| {
            Reading { document, ix: range, field, problems: unread }.range(range)
        });
        let Some((low, high)) = range.filter(|(low, high)| !(*low..=*high).contains(&value)) else {
            return Some(());
        };
        let path = field.path;
        let message = format!("{path} must lie in its own range [{low}, {high}], but is {value}");
        let help = format!("to set it all the same: --set '{path}={{ value = {value} }}'");
        self.report(Code::ValueOutsideRange, self.ix, path, message, &help);
        None
    }

    fn drawn(&mut self, distribution: NodeIx) -> Option<Bare> {
        let word = self.word(distribution, &DRAWN)?;
        let keys: &[&str] = match word {
            "triangular" => &["low", "mode", "high"],
            "normal" => &["mean", "sd", "low", "high"],
            _ => &["low", "high"],
        };
        self.extra_keys(&[keys, &["distribution"]].concat(), &format!("a {word} distribution"));
        let [low, high] = ["low", "high"].map(|key| self.parameter(key, word));
        let middle = keys.contains(&"mode").then_some("mode");
        let middle = middle.or_else(|| keys.contains(&"mean").then_some("mean"));
        let middle = middle.map(|key| self.parameter(key, word));
        let sd = keys.contains(&"sd").then(|| self.deviation(word));
        let (low, high) = (low?, high?);
        self.ordered(low, middle.flatten(), high)?;
        let shape = match word {
            "triangular" => Distribution::Triangular { low, mode: middle??, high },
            "normal" => Distribution::Normal { mean: middle??, sd: sd??, low, high },
            "log-uniform" => self.log_uniform(low, high)?,
            _ => Distribution::Uniform { low, high },
        };
        Some(Bare { value: shape.reference(), shape: Some(shape), drawn_every_run: true })
    }

    /// A parameter of a distribution that is a value of the quantity.
    fn parameter(&mut self, key: &'static str, word: &str) -> Option<f64> {
        let ix = self.part(key, word)?;
        self.bounded(ix, &join(self.field.path, key))
    }

    /// The standard deviation: a spread, so only its sign is bounded.
    fn deviation(&mut self, word: &str) -> Option<f64> {
        let (ix, path) = (self.part("sd", word)?, join(self.field.path, "sd"));
        let sd = self.finite(ix, &path)?;
        if sd <= 0.0 {
            let message = format!("{path} must be above 0, but is {sd}");
            self.report(Code::OutOfRange, ix, &path, message, "it is a standard deviation");
            return None;
        }
        Some(sd)
    }

    fn part(&mut self, key: &str, word: &str) -> Option<NodeIx> {
        let ix = self.document.get(self.ix, key);
        if ix.is_none() {
            let path = self.field.path;
            let message = format!("{path} lacks `{key}`, which a {word} distribution needs");
            self.report(Code::MissingKey, self.ix, path, message, self.field.doc);
        }
        ix
    }

    fn ordered(&mut self, low: f64, middle: Option<f64>, high: f64) -> Option<()> {
        let path = self.field.path;
        let inside = middle.is_none_or(|middle| (low..=high).contains(&middle));
        if low < high && inside {
            return Some(());
        }
        let message = match middle {
            Some(middle) if low < high => {
                format!("{path} must have its middle in [{low}, {high}], but it is {middle}")
            }
            _ => format!("{path} must run from low to high, but runs from {low} to {high}"),
        };
        self.report(Code::RangeDisordered, self.ix, path, message, self.field.doc);
        None
    }

    fn log_uniform(&mut self, low: f64, high: f64) -> Option<Distribution> {
        if low > 0.0 {
            return Some(Distribution::LogUniform { low, high });
        }
        let path = self.field.path;
        let message = format!("{path} must begin above 0 to be log-uniform, but begins at {low}");
        self.report(Code::OutOfRange, self.ix, path, message, "zero has no logarithm");
        None
    }

    /// The two ends of `range`.
    fn range(&mut self, range: NodeIx) -> Option<(f64, f64)> {
        let path = join(self.field.path, "range");
        let [low, high] = self.document.items(range) else {
            let found = match self.document.value(range) {
                Value::List(items) => format!("a list of {}", items.len()),
                _ => self.document.describe(range),
            };
            let message = format!("{path} must be two numbers such as [0, 1], but is {found}");
            self.report(Code::WrongType, range, &path, message, self.field.doc);
            return None;
        };
        let (low, high) = (self.bounded(*low, &path), self.bounded(*high, &path));
        let (low, high) = (low?, high?);
        self.ordered(low, None, high)?;
        Some((low, high))
    }

    /// The name of a distribution, if it is one of those that may stand here.
    fn word(&mut self, ix: NodeIx, words: &[&'static str]) -> Option<&'static str> {
        let path = join(self.field.path, "distribution");
        let (all, found) = (hint::list(words.iter().copied()), self.document.describe(ix));
        let message = format!("{path} must be one of {all}, but is {found}");
        let Value::Text(written) = self.document.value(ix) else {
            self.report(Code::WrongType, ix, &path, message, self.field.doc);
            return None;
        };
        let word = words.iter().copied().find(|word| word == written);
        if word.is_none() {
            let near = hint::nearest(written, words.iter().copied());
            let help = near.map_or(String::new(), |near| format!("did you mean `{near}`?"));
            self.report(Code::UnknownWord, ix, &path, message, &help);
        }
        word
    }

    fn unknown_keys(&mut self) {
        for (key, ix) in self.document.entries(self.ix) {
            if !KEYS.contains(&key.as_str()) {
                let message = format!("{} is a number and has no key `{key}`", self.field.path);
                let help = hint::did_you_mean(key, KEYS, "a number's keys are");
                self.report_key(*ix, key, message, &help);
            }
        }
    }

    /// Reports keys that a number may have, though not in this form.
    fn extra_keys(&mut self, allowed: &[&str], form: &str) {
        for (key, ix) in self.document.entries(self.ix) {
            let known = KEYS.contains(&key.as_str());
            if known && ![allowed, &["source", "note"]].concat().contains(&key.as_str()) {
                let message = format!("{} is {form} and has no use for `{key}`", self.field.path);
                let help = format!("{form} has {}", hint::list(allowed.iter().copied()));
                self.report_key(*ix, key, message, &help);
            }
        }
    }

    fn report_key(&mut self, at: NodeIx, key: &str, message: String, help: &str) {
        let (path, place) = (join(self.field.path, key), self.document.node(at).key_place.clone());
        self.problems.push(Problem::new(Code::UnknownKey, path, message).at(place).with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<Bare>, Vec<Problem>) {
        let (document, problems) = Document::parse("a.toml", &format!("x = {text}"));
        assert!(problems.is_empty(), "{problems:?}");
        let quantity = Quantity { symbol: "x", unit: "1", min: 0.0, max: 2.0, assumed: None };
        let field = Measured { path: "x", quantity: &quantity, doc: "how far" };
        let mut problems = Vec::new();
        let ix = document.get(document.root(), "x").unwrap();
        (read(&document, ix, &field, &mut problems), problems)
    }

    #[track_caller]
    fn check(text: &str, value: f64, shape: Option<Distribution>, drawn_every_run: bool) {
        let (bare, problems) = read_text(text);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(bare, Some(Bare { value, shape, drawn_every_run }));
    }

    #[test]
    fn all_forms_are_read() {
        let (low, high) = (0.5, 2.0);
        check("1", 1.0, None, false);
        check("{ value = 0.35 }", 0.35, None, false);
        let uniform = Some(Distribution::Uniform { low, high });
        check("{ value = 1, range = [0.5, 2], source = 'a' }", 1.0, uniform, false);
        check("{ distribution = 'uniform', low = 0.5, high = 2 }", 1.25, uniform, true);
        let triangular = Some(Distribution::Triangular { low, mode: 1.0, high });
        check(
            "{ value = 1, range = [0.5, 2], distribution = 'triangular' }",
            1.0,
            triangular,
            false,
        );
        check(
            "{ distribution = 'triangular', low = 0.5, mode = 1, high = 2 }",
            1.0,
            triangular,
            true,
        );
        let log = Some(Distribution::LogUniform { low, high });
        check("{ value = 1, range = [0.5, 2], distribution = 'log-uniform' }", 1.0, log, false);
        let normal = Some(Distribution::Normal { mean: 1.0, sd: 3.0, low, high });
        check(
            "{ distribution = 'normal', mean = 1, sd = 3, low = 0.5, high = 2 }",
            1.0,
            normal,
            true,
        );
        let (bare, _) = read_text("{ distribution = 'log-uniform', low = 0.5, high = 2 }");
        assert!((bare.unwrap().value - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_fault_is_named() {
        let texts = [
            "2.5",
            "nan",
            "'a'",
            "{}",
            "{ value = 1, rang = [0, 1] }",
            "{ value = 1, range = [0.5, 0.8] }",
            "{ value = 1, range = [2, 0.8] }",
            "{ value = 1, range = [0, 1, 2] }",
            "{ value = 1, range = 3 }",
            "{ value = 3, range = [0, 3] }",
            "{ value = 1, distribution = 'uniform' }",
            "{ value = 1, range = [0, 2], distribution = 'normal', sd = 1 }",
            "{ distribution = 'unifrom', low = 0, high = 1 }",
            "{ distribution = 'uniform', low = 0 }",
            "{ distribution = 'uniform', low = 1, high = 1 }",
            "{ distribution = 'log-uniform', low = 0, high = 1 }",
            "{ distribution = 'triangular', low = 0, mode = 1.5, high = 1 }",
            "{ distribution = 'normal', mean = 1, sd = -1, low = 0, high = 'a' }",
            "{ distribution = 1 }",
        ];
        let said = texts.map(|text| {
            let (bare, problems) = read_text(text);
            assert!(!problems.is_empty(), "{text} is faulty: {bare:?}");
            problems
                .iter()
                .map(|problem| {
                    format!(
                        "{problem}
"
                    )
                })
                .collect::<String>()
        });
        insta::assert_snapshot!(said.concat(), @r##"
            S005 x must lie in [0, 2], but is 2.5
            S016 x must be a finite number, but is NaN
            S004 x must be a number such as 1, but is a text ("a")
            S003 x is a table with neither `value` nor `distribution`
            S002 x is a number and has no key `rang`
            S007 x must lie in its own range [0.5, 0.8], but is 1
            S006 x must run from low to high, but runs from 2 to 0.8
            S004 x.range must be two numbers such as [0, 1], but is a list of 3
            S004 x.range must be two numbers such as [0, 1], but is a whole number (3)
            S005 x.value must lie in [0, 2], but is 3
            S005 x.range must lie in [0, 2], but is 3
            S003 x has a distribution, but no `range`
            S002 x is a number with a `value` and has no use for `sd`
            S008 x.distribution must be one of `uniform`, `triangular`, `log-uniform`, but is a text ("normal")
            S008 x.distribution must be one of `uniform`, `triangular`, `log-uniform`, `normal`, but is a text ("unifrom")
            S003 x lacks `high`, which a uniform distribution needs
            S006 x must run from low to high, but runs from 1 to 1
            S005 x must begin above 0 to be log-uniform, but begins at 0
            S006 x must have its middle in [0, 1], but it is 1.5
            S004 x.high must be a number, but is a text ("a")
            S005 x.sd must be above 0, but is -1
            S004 x.distribution must be one of `uniform`, `triangular`, `log-uniform`, `normal`, but is a whole number (1)
            "##);
    }
}
