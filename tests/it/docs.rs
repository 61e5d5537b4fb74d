//! Documentation: what is generated is current, what is shown runs, what is linked exists.
//!
//! `BLESS=1 cargo test` rewrites what is generated from the code.

mod console;
pub(crate) mod pages;

use support::{check_current, check_none, files, files_ending, read, root};

#[test]
fn the_model_is_described_as_it_is() {
    let _held = pages::MODEL_PAGE.lock();
    let mut page = read("docs/MODEL.md");
    page = pages::with_section(&page, "turn", &pages::turn());
    page = pages::with_section(&page, "submodels", &pages::submodels());
    check_current("docs/MODEL.md", &page);
}

#[test]
fn the_parameters_are_those_of_the_format() {
    check_current("docs/PARAMETERS.md", &pages::parameters());
}

#[test]
fn the_sources_are_those_of_the_list() {
    check_current("docs/SOURCES.md", &pages::sources());
}

#[test]
fn the_dictionary_is_that_of_the_record() {
    check_current("docs/CHRONICLE.md", &pages::chronicle());
}

#[test]
fn the_columns_of_results_are_those_of_the_tables() {
    let [runs, turns] = pages::columns();
    let page = pages::with_section(&read("docs/RESULTS.md"), "runs", &runs);
    check_current("docs/RESULTS.md", &pages::with_section(&page, "turns", &turns));
}

#[test]
fn every_command_that_is_shown_runs_as_shown() {
    let mut faults = Vec::new();
    for path in ["README.md".to_owned()].into_iter().chain(files_ending("docs/guide", ".md")) {
        faults.extend(console::run(&path, &read(&path)));
    }
    check_none(&faults);
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    for path in documents() {
        let text = read(&path);
        for target in links(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { beside(&path, file) };
            if !root().join(&file).exists() {
                faults.push(format!("{path}: {target} leads nowhere"));
            } else if !heading.is_empty() && !headings(&read(&file)).any(|slug| slug == heading) {
                faults.push(format!("{path}: {file} has no heading #{heading}"));
            }
        }
    }
    check_none(&faults);
}

#[test]
fn every_path_that_is_named_exists() {
    let folders = ["crates/", "docs/", "scenarios/", "seeds/", "tests/", ".ci/", ".cargo/"];
    let mut faults = Vec::new();
    for path in documents() {
        let text = read(&path);
        // In a line of code every second piece between backticks is code.
        let quoted = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
        let named = quoted.filter(|word| folders.iter().any(|folder| word.starts_with(folder)));
        let concrete = named.filter(|word| !word.contains(['*', '<', ' ', '{', '…']));
        let missing = concrete.filter(|word| !root().join(word).exists());
        faults.extend(missing.map(|word| format!("{path}: there is no {word}")));
    }
    check_none(&faults);
}

#[test]
fn every_word_of_the_glossary_is_in_the_code() {
    let mut faults = Vec::new();
    let rows = pages::rows(&read("docs/GLOSSARY.md"));
    assert!(rows.len() > 20, "the table of the glossary is found");
    for row in rows {
        let [term, _, name, file] = row.as_slice() else {
            faults.push(format!("{}: four columns are wanted", row.join(" | ")));
            continue;
        };
        let (name, file) = (name.trim_matches('`'), file.trim_matches('`'));
        let Ok(text) = std::fs::read_to_string(root().join(file)) else {
            faults.push(format!("{term}: there is no {file}"));
            continue;
        };
        let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        if !name.split("::").all(|part| words.any(|word| word == part)) {
            faults.push(format!("{term}: {file} has no `{name}`"));
        }
    }
    check_none(&faults);
}

#[test]
fn changes_are_told_under_the_five_headings() {
    let known = ["Model", "Numbers", "Scenarios", "Interface", "Internal"];
    let text = read("docs/CHANGELOG.md");
    let headings = text.lines().filter_map(|line| line.strip_prefix("### "));
    let strange = headings.filter(|heading| !known.contains(heading));
    check_none(&strange.map(str::to_owned).collect::<Vec<_>>());
    let version = demarche_engine::MODEL_VERSION;
    assert!(text.contains(&format!("## {version}")), "the changelog tells of model {version}");
}

/// All pages of documentation.
fn documents() -> Vec<String> {
    let all = files("docs").into_iter().chain(["README.md".to_owned()]);
    all.filter(|path| path.ends_with(".md")).collect()
}

/// The targets of all links of a page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// A path that is written relative to a page, from the root.
fn beside(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The headings of a page as links name them: small letters, blanks as hyphens, no other signs.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let titles = text.lines().filter(|line| line.starts_with('#'));
    titles.map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    })
}
