//! Reading files of situations: strictly, so that no word in them is without effect.

use demarche_scenario::{Document, NodeIx, Problems, Value, known_sources};

use super::measures::MEASURES;

/// What is changed of a scenario, or enters its runs.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) with: Vec<String>,
    pub(crate) set: Vec<String>,
    pub(crate) decisions: Vec<String>,
}

/// A case.
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) name: String,
    /// The sign of the theory that it tries, by its number.
    pub(crate) sign: Option<String>,
    /// What public data say of it, where they do.
    pub(crate) public: Option<String>,
    /// Whether uncertain numbers are drawn over their ranges.
    pub(crate) over_ranges: bool,
    /// Why a sign does not show, where it does not.
    pub(crate) fails: Option<String>,
    pub(crate) scenario: String,
    /// What holds with and without what is given.
    pub(crate) setting: Changes,
    /// What makes the difference.
    pub(crate) given: Changes,
    pub(crate) seeds: u64,
    pub(crate) expect: Expectation,
}

/// What should come of it.
#[derive(Debug)]
pub(crate) struct Expectation {
    pub(crate) claim: Claim,
    pub(crate) measure: String,
    /// Whose, where a measure is of somebody.
    pub(crate) of: Option<String>,
    /// Among which runs only: those in which this happens.
    pub(crate) among: Option<String>,
    /// In which round only.
    pub(crate) round: Option<String>,
}

/// What is said of a measure.
#[derive(Debug, PartialEq)]
pub(crate) enum Claim {
    /// It happens in such a share of runs.
    Share { at_least: f64, at_most: f64 },
    /// On average it is so much.
    Mean { at_least: f64, at_most: f64 },
    /// In no run.
    Never,
    /// In every run.
    Always,
    /// On average more with what is given than without, by more than so much.
    More { by: f64 },
    /// On average fewer.
    Fewer { by: f64 },
    /// The same, seed by seed.
    AsMany,
    /// On average as many, give or take so much.
    AboutAsMany { by: f64 },
    /// In a later turn, where it happens with and without.
    Later,
    /// In an earlier turn.
    Sooner,
    /// Neither above nor below nothing, on average.
    Even,
    /// With a greater variance for its mean.
    Dispersed,
}

/// The claims by their keys, and whether each has bounds.
const CLAIMS: &[(&str, &[&str])] = &[
    ("share-of", &["at-least", "at-most"]),
    ("mean-of", &["at-least", "at-most"]),
    ("never", &[]),
    ("always", &[]),
    ("more", &["by"]),
    ("fewer", &["by"]),
    ("as-many", &[]),
    ("about-as-many", &["by"]),
    ("later", &[]),
    ("sooner", &[]),
    ("even", &[]),
    ("dispersed", &[]),
];

/// All cases of a file.
///
/// # Panics
/// When the file says something that nothing reads, or lacks something.
pub(crate) fn situations(path: &str, text: &str) -> Vec<Situation> {
    let (document, problems) = Document::parse(path, text);
    let problems = Problems::new(document.files.clone(), problems);
    assert!(!problems.is_fatal(), "{}", problems.render(100, false, true));
    let table = Table { document: &document, node: document.root(), place: path.to_owned() };
    table.only(&["situation"]);
    let cases = table.items("situation").into_iter().map(|case| case.situation());
    cases.collect()
}

/// A table of such a file, and how a reader finds it.
struct Table<'a> {
    document: &'a Document,
    node: NodeIx,
    place: String,
}

impl Table<'_> {
    fn only(&self, known: &[&str]) {
        for (key, _) in self.document.entries(self.node) {
            assert!(known.contains(&key.as_str()), "{}: no key `{key}`: {known:?}", self.place);
        }
    }

    fn situation(&self) -> Situation {
        let name = self.text("name").unwrap_or_else(|| panic!("{}: a name", self.place));
        let case = Table { place: format!("{}: {name}", self.place), ..*self };
        case.only(&[
            "sign",
            "public",
            "over-ranges",
            "fails",
            "name",
            "because",
            "scenario",
            "setting",
            "given",
            "seeds",
            "expect",
        ]);
        let needs = |key: &str| case.text(key).unwrap_or_else(|| panic!("{}: {key}", case.place));
        check_because(&case.place, &needs("because"));
        let changes = |key: &str| case.table(key).map_or(Changes::default(), |of| of.changes());
        let seeds = case.number("seeds").unwrap_or_else(|| panic!("{}: seeds", case.place));
        let expect = case.table("expect").unwrap_or_else(|| panic!("{}: expect", case.place));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        Situation {
            name,
            sign: case.text("sign"),
            public: case.text("public"),
            over_ranges: case.flag("over-ranges"),
            fails: case.text("fails"),
            scenario: needs("scenario"),
            setting: changes("setting"),
            given: changes("given"),
            seeds: seeds as u64,
            expect: expect.expectation(),
        }
    }

    fn changes(&self) -> Changes {
        self.only(&["with", "set", "decisions"]);
        Changes {
            with: self.texts("with"),
            set: self.texts("set"),
            decisions: self.texts("decisions"),
        }
    }

    fn expectation(&self) -> Expectation {
        let is_said = |(key, _): &&(&str, &[&str])| self.get(key).is_some();
        let mut said = CLAIMS.iter().filter(is_said);
        let (key, bounds) = said.next().unwrap_or_else(|| panic!("{}: no claim", self.place));
        assert!(said.next().is_none(), "{}: two claims", self.place);
        self.only(&[&[*key, "of", "in", "among"], *bounds].concat());
        let measure = self.text(key).unwrap_or_default();
        let known: Vec<&str> = MEASURES.iter().map(|(word, _)| *word).collect();
        let among = self.text("among");
        for word in among.iter().chain([&measure]) {
            assert!(known.contains(&word.as_str()), "{}: `{word}`: {known:?}", self.place);
        }
        let (at_least, at_most) = (self.number("at-least"), self.number("at-most"));
        let bounded = at_least.is_some() || at_most.is_some();
        let (low, high) = (at_least.unwrap_or(f64::MIN), at_most.unwrap_or(f64::MAX));
        let by = self.number("by").unwrap_or(0.0);
        let claim = match *key {
            "share-of" | "mean-of" => {
                assert!(bounded, "{}: `at-least` or `at-most`", self.place);
                let (at_least, at_most) = (low, high);
                if *key == "share-of" {
                    Claim::Share { at_least, at_most }
                } else {
                    Claim::Mean { at_least, at_most }
                }
            }
            "never" => Claim::Never,
            "always" => Claim::Always,
            "more" => Claim::More { by },
            "fewer" => Claim::Fewer { by },
            "as-many" => Claim::AsMany,
            "about-as-many" => {
                assert!(by > 0.0, "{}: `by`", self.place);
                Claim::AboutAsMany { by }
            }
            "later" => Claim::Later,
            "sooner" => Claim::Sooner,
            "even" => Claim::Even,
            _ => Claim::Dispersed,
        };
        Expectation { claim, measure, among, of: self.text("of"), round: self.text("in") }
    }

    fn get(&self, key: &str) -> Option<NodeIx> {
        self.document.get(self.node, key)
    }

    fn text(&self, key: &str) -> Option<String> {
        let node = self.get(key)?;
        match self.document.value(node) {
            Value::Text(text) => Some(text.clone()),
            _ => panic!("{}.{key}: a text is wanted", self.place),
        }
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| match self.document.value(node) {
            Value::Flag(flag) => *flag,
            _ => panic!("{}.{key}: `true` or `false` is wanted", self.place),
        })
    }

    fn number(&self, key: &str) -> Option<f64> {
        let node = self.get(key)?;
        let number = self.document.value(node).number();
        Some(number.unwrap_or_else(|| panic!("{}.{key}: a number is wanted", self.place)))
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let Some(node) = self.get(key) else { return Vec::new() };
        assert!(
            matches!(self.document.value(node), Value::List(_)),
            "{}.{key}: a list",
            self.place
        );
        let text = |item: &NodeIx| match self.document.value(*item) {
            Value::Text(text) => text.clone(),
            _ => panic!("{}.{key}: texts are wanted", self.place),
        };
        self.document.items(node).iter().map(text).collect()
    }

    fn table(&self, key: &str) -> Option<Table<'_>> {
        let node = self.get(key)?;
        assert!(
            matches!(self.document.value(node), Value::Table(_)),
            "{}.{key}: a table",
            self.place
        );
        Some(Table { document: self.document, node, place: format!("{}.{key}", self.place) })
    }

    fn items(&self, key: &str) -> Vec<Table<'_>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let items = self.document.items(node).iter();
        let table = |node: &NodeIx| Table { node: *node, place: self.place.clone(), ..*self };
        items.map(table).collect()
    }
}

/// A reason ends with its sources in brackets, or says that it is ours.
fn check_because(place: &str, because: &str) {
    let source = because.strip_suffix(']').and_then(|because| because.rsplit_once('['));
    let (_, source) = source.unwrap_or_else(|| panic!("{place}: `because` names no source"));
    let known = known_sources();
    let is_ours = source == "ours" || source.starts_with("ours: ");
    let is_known = source.split(", ").all(|key| known.contains(key));
    assert!(is_ours || is_known, "{place}: [{source}] is in no list of sources");
}

#[test]
fn no_word_is_without_effect() {
    let right = "[[situation]]\nname = \"n\"\nbecause = \"so [ours]\"\nscenario = \"s\"\n\
                 seeds = 1\nexpect = { never = \"agreement\" }\n";
    let refused = |old: &str, new: &str| {
        let text = right.replacen(old, new, 1);
        assert_ne!(text, right);
        let read = std::panic::catch_unwind(|| situations("s.toml", &text));
        *read.map(|_| ()).unwrap_err().downcast::<String>().unwrap()
    };
    assert_eq!(situations("s.toml", right).len(), 1);
    assert!(refused("name", "sedes = 1\nname").contains("no key `sedes`"));
    assert!(refused("agreement", "agrement").contains("agrement"));
    assert!(refused("never", "nevr").contains("no claim"));
    assert!(refused("never", "more = \"attack\", never").contains("two claims"));
    assert!(refused("\" }", "\", by = 1 }").contains("no key `by`"));
    assert!(refused("never", "share-of").contains("at-least"));
    assert!(refused("never", "about-as-many").contains("`by`"));
    assert!(refused("[ours]", "").contains("names no source"));
    assert!(refused("[ours]", "[nobody1999]").contains("nobody1999"));
    assert!(refused("expect", "given = { sets = [] }\nexpect").contains("no key `sets`"));
}
