//! Breakages: the rules of the mechanisms broken on purpose, as they lie in `tests/breakages`, one
//! file a mechanism. Where a rule is broken, a test named for it must fail.

use demarche_scenario::{Document, NodeIx, Problems, Value};

use crate::{files_ending, read};

const FOLDER: &str = "tests/breakages";

/// Where the mechanisms are.
pub const MECHANISMS: &str = "crates/demarche-engine/src/mechanisms";

/// One rule, broken in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakage {
    /// The mechanism whose rule it is.
    pub mechanism: String,
    /// The number of the rule.
    pub rule: u32,
    /// The file it is broken in, by its path from the root.
    pub file: String,
    /// Code that stands there once before the tests.
    pub find: String,
    /// What breaks the rule in its place.
    pub replace: String,
    /// Whether no test of the rule sees it yet.
    pub is_unseen: bool,
}

impl Breakage {
    /// The rule, as people say it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} R{}", self.mechanism, self.rule)
    }

    /// The text of its file, broken.
    ///
    /// # Errors
    /// When what is to be broken does not stand there exactly once, or would stay as it is.
    pub fn applied(&self, text: &str) -> Result<String, String> {
        let tests = text.find("\n#[cfg(test)]\nmod tests").unwrap_or(text.len());
        let (code, tests) = text.split_at(tests);
        if self.find == self.replace {
            return Err(format!("{}: `{}` stays as it is", self.name(), self.find));
        }
        match code.matches(&self.find).count() {
            1 => Ok(code.replacen(&self.find, &self.replace, 1) + tests),
            n => Err(format!("{}: `{}` stands {n} times in {}", self.name(), self.find, self.file)),
        }
    }
}

/// All of them, by mechanism.
///
/// # Panics
/// When a file says something else than breakages.
#[must_use]
pub fn breakages() -> Vec<Breakage> {
    files_ending(FOLDER, ".toml").iter().flat_map(|path| of_file(path, &read(path))).collect()
}

fn of_file(path: &str, text: &str) -> Vec<Breakage> {
    let (document, problems) = Document::parse(path, text);
    let problems = Problems::new(document.files.clone(), problems);
    assert!(!problems.is_fatal(), "{}", problems.render(100, false, true));
    check_keys(path, &document, document.root(), &["break"]);
    let mechanism = path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    let mechanism = mechanism.expect("its name ends so");
    let list = document.get(document.root(), "break").map_or(&[][..], |at| document.items(at));
    list.iter().map(|at| of_table(path, mechanism, &document, *at)).collect()
}

fn of_table(path: &str, mechanism: &str, document: &Document, at: NodeIx) -> Breakage {
    check_keys(path, document, at, &["rule", "file", "find", "replace", "unseen"]);
    let rule = match document.get(at, "rule").map(|rule| document.value(rule)) {
        Some(Value::Whole(rule)) => u32::try_from(*rule).ok(),
        _ => None,
    };
    let text = |key| document.text(at, key).map(str::to_owned);
    let needs = |key| text(key).unwrap_or_else(|| panic!("{path}: a breakage without `{key}`"));
    Breakage {
        mechanism: mechanism.to_owned(),
        rule: rule.unwrap_or_else(|| panic!("{path}: a breakage of no rule")),
        file: text("file").unwrap_or_else(|| format!("{MECHANISMS}/{mechanism}.rs")),
        find: needs("find"),
        replace: needs("replace"),
        is_unseen: document.get(at, "unseen").is_some_and(|node| match document.value(node) {
            Value::Flag(unseen) => *unseen,
            _ => panic!("{path}: `unseen` is true or false"),
        }),
    }
}

fn check_keys(path: &str, document: &Document, at: NodeIx, known: &[&str]) {
    for (key, _) in document.entries(at) {
        assert!(known.contains(&key.as_str()), "{path}: no key `{key}`: {known:?}");
    }
}
