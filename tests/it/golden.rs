//! Golden: what runs gave when they were last looked at.
//!
//! A transcript per scenario, to be read; digests of more runs, to be compared; seeds that once
//! broke an invariant; and the seed behind whatever the documentation shows. `BLESS=1 cargo test`
//! rewrites all but the regressions, and a blessing needs a line in the changelog under *Numbers*.

use std::collections::BTreeSet;
use std::sync::Arc;

use demarche_engine::MODEL_VERSION;
use demarche_engine::scenario::Scenario;
use demarche_record::format::Lineage;
use demarche_record::transcript::tell;
use demarche_scenario::{Document, catalogue};
use serde_json::Value;
use support::runs::{FLAGSHIP, changed, lineage, play, scenario};
use support::{check_current, check_none, demarche, files, is_blessing, read, root};

use crate::properties;

const TRANSCRIPTS: &str = "tests/golden";

/// The seeds of the transcripts of a scenario.
fn told_seeds(key: &str) -> &'static [u64] {
    if key == FLAGSHIP { &[1, 2, 3] } else { &[1] }
}

/// The seeds whose digests are kept.
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

#[test]
fn transcripts_read_as_they_did() {
    let mut current = BTreeSet::new();
    for entry in catalogue() {
        let scenario = scenario(entry.key);
        for seed in told_seeds(entry.key) {
            let path = format!("{TRANSCRIPTS}/{}-{seed}.txt", entry.key);
            let folder = root().join(&path);
            if let Some(folder) = folder.parent().filter(|_| is_blessing()) {
                std::fs::create_dir_all(folder).unwrap();
            }
            let record = play(&scenario, lineage(*seed));
            check_current(&path, &tell(&record, &scenario.cast, 88, None));
            current.insert(path);
        }
    }
    let gone = files(TRANSCRIPTS).into_iter().filter(|path| !current.contains(path));
    let gone: Vec<String> = gone.collect();
    if is_blessing() {
        gone.iter().for_each(|path| std::fs::remove_file(root().join(path)).unwrap());
    } else {
        let told = gone.iter().map(|path| format!("{path} is of no scenario in the catalogue"));
        check_none(&told.collect::<Vec<_>>());
    }
}

fn digest_of(scenario: &Arc<Scenario>, lineage: Lineage) -> String {
    play(scenario, lineage).chronicle.digest(&scenario.cast)
}

#[test]
fn digests_are_those_that_were_blessed() {
    let mut text = format!(
        "# Scenario and seed to the digest of the chronicle. Every second run of a scenario\n\
         # draws its uncertain numbers from their ranges. `BLESS=1 cargo test` rewrites this\n\
         # file; a blessing needs a line in docs/CHANGELOG.md under Numbers, and a new version\n\
         # of the model.\n\
         model = \"{MODEL_VERSION}\"\n"
    );
    for entry in catalogue() {
        let scenario = scenario(entry.key);
        text.push_str(&format!("\n[\"{}\"]\n", entry.key));
        for seed in SEEDS {
            let over_ranges = seed % 2 == 0;
            let digest = digest_of(
                &scenario,
                Lineage { over_ranges: over_ranges.then_some(seed), ..lineage(seed) },
            );
            let how = if over_ranges { "-over-ranges" } else { "" };
            text.push_str(&format!("{seed}{how} = \"{digest}\"\n"));
        }
    }
    check_current("seeds/golden.toml", &text);
}

/// The tables of a list in a file of seeds.
fn listed(path: &str, list: &str) -> Vec<(Document, demarche_scenario::NodeIx)> {
    let (document, problems) = Document::parse(path, &read(path));
    assert!(problems.is_empty(), "{path}: {problems:?}");
    let items =
        document.get(document.root(), list).map_or(Vec::new(), |at| document.items(at).to_vec());
    items.into_iter().map(|item| (document.clone(), item)).collect()
}

#[test]
fn seeds_that_once_broke_an_invariant_keep_it() {
    let path = "seeds/regressions.toml";
    let mut faults = Vec::new();
    for (document, item) in listed(path, "regressions") {
        let text = |key: &str| {
            let text = document.text(item, key);
            text.unwrap_or_else(|| panic!("{path}: an entry lacks `{key}`")).to_owned()
        };
        let (key, why) = (text("scenario"), text("why"));
        let seed = document.get(item, "seed").and_then(|at| document.value(at).number());
        let seed: u64 = format!("{}", seed.expect("an entry has a seed")).parse().unwrap();
        let sets = document.get(item, "set").map_or(Vec::new(), |at| {
            document
                .entries(at)
                .iter()
                .map(|(key, value)| (key.clone(), document.show(*value, 999)))
                .collect()
        });
        let sets: Vec<(&str, &str)> =
            sets.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect();
        let scenario = changed(&key, &sets);
        for over_ranges in [false, true] {
            let record = play(
                &scenario,
                Lineage { over_ranges: over_ranges.then_some(seed), ..lineage(seed) },
            );
            let found = properties::faults(&scenario, &record.chronicle).into_iter();
            faults.extend(found.map(|fault| format!("{key}, seed {seed} ({why}): {fault}")));
        }
    }
    check_none(&faults);
}

/// A command that a page shows and that tells a run: where it stands, and what it says.
struct Published {
    page: String,
    command: String,
}

/// The commands of all pages that replay or play, in their order.
fn published() -> Vec<Published> {
    let pages = std::iter::once("README.md".to_owned()).chain(support::files_ending("docs", ".md"));
    pages
        .flat_map(|page| {
            let text = read(&page);
            let shown = text.lines().filter_map(|line| line.strip_prefix("$ demarche "));
            let runs = shown.filter(|command| ["replay", "play"].contains(&first_word(command)));
            let runs: Vec<String> = runs.map(str::to_owned).collect();
            runs.into_iter().map(move |command| Published { page: page.clone(), command })
        })
        .collect()
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

impl Published {
    /// The words of the command that say which run it is: without where it is written to, and how.
    fn words(&self) -> Vec<&str> {
        let command = self.command.split(['>', '<', '|', '#']).next().unwrap_or_default();
        let mut words = command.split_whitespace().filter(|word| *word != "--follow");
        let mut kept = Vec::new();
        while let Some(word) = words.next() {
            match word {
                "--round" | "--format" => drop(words.next()),
                "--force" => {}
                word => kept.push(word),
            }
        }
        kept
    }

    /// Whether all it needs is built in, and it needs nobody at the keys.
    fn stands_alone(&self) -> bool {
        let words = self.words();
        let is_file = |word: &&str| [".toml", ".jsonl"].iter().any(|end| word.ends_with(end));
        words[0] == "replay" && !words.iter().any(|word| is_file(word) || *word == "-o")
    }

    /// Seed and digest of the run.
    fn run(&self) -> (Value, Value) {
        let output = demarche().args(self.words()).args(["--format", "json"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = |line: Option<&str>| {
            line.map_or(Value::Null, |line| serde_json::from_str::<Value>(line).unwrap())
        };
        let (first, last) = (line(text.lines().next()), line(text.lines().last()));
        (first["seed"].clone(), last["digest"].clone())
    }
}

#[test]
fn the_runs_that_pages_show_are_known_by_their_seeds() {
    let mut text = String::from(
        "# The run behind each transcript in README.md and docs/: the page, the command as it\n\
         # stands there, and the seed and digest of the chronicle. A command that needs a file\n\
         # of its page, or somebody at the keys, or that shows a refusal has neither.\n\
         # `BLESS=1 cargo test` rewrites this file.\n",
    );
    for shown in published() {
        let (page, command) = (&shown.page, shown.command.replace('\'', "\""));
        text.push_str(&format!("\n[[published]]\npage = \"{page}\"\ncommand = '{command}'\n"));
        let (seed, digest) =
            if shown.stands_alone() { shown.run() } else { (Value::Null, Value::Null) };
        if let (Some(seed), Some(digest)) = (seed.as_u64(), digest.as_str()) {
            text.push_str(&format!("seed = {seed}\ndigest = \"{digest}\"\n"));
        }
    }
    check_current("seeds/published.toml", &text);
    let n = listed("seeds/published.toml", "published").len();
    assert_eq!(n, published().len());
}
