//! The paths that `--set` could have meant, where the one it gives leads nowhere.
use std::cmp::Reverse;

use demarche_record::nearest::{nearest, slips};

use crate::document::{Document, NodeIx, Origin, join, nth};
use crate::problem::{Code, Problem};
use crate::registers::named;
use crate::spec::{Kind, TableSpec};

/// How many paths are offered that fit alike.
const OFFERED: usize = 3;

/// Lets problems with a path of the command line offer the nearest path that there is.
pub(crate) fn offer_paths(document: &Document, spec: &'static TableSpec, problems: &mut [Problem]) {
    let mut known = None;
    for problem in problems {
        let Some(written) = written(document, problem) else { continue };
        let known = known.get_or_insert_with(|| paths(document, spec));
        let near = near(written, known);
        if !near.is_empty() {
            let near: Vec<String> = near.iter().map(|path| format!("`{path}`")).collect();
            problem.help = Some(format!("did you mean {}?", near.join(" or ")));
        }
    }
}

/// The path of a setting that leads nowhere.
fn written<'a>(document: &'a Document, problem: &Problem) -> Option<&'a str> {
    let file = document.files.get(problem.place.as_ref()?.file.0)?;
    let (path, _) = file.text.split_once('=')?;
    let is_about_path = match problem.code {
        Code::UnknownPath => true,
        Code::UnknownKey => problem.path == path,
        _ => false,
    };
    (file.origin == Origin::CommandLine && is_about_path).then_some(path)
}

/// The paths of all values that a scenario has, or could have in the tables that it has.
fn paths(document: &Document, spec: &'static TableSpec) -> Vec<String> {
    let mut found = Vec::new();
    let mut work = vec![(Some(document.root()), Kind::Table(spec), String::new())];
    while let Some((node, kind, path)) = work.pop() {
        let entries = || node.into_iter().flat_map(|node| named(document, node));
        let each = |kind: Kind, work: &mut Vec<(Option<NodeIx>, Kind, String)>| {
            work.extend(entries().map(|(key, node)| (Some(node), kind, join(&path, key))));
        };
        match kind {
            Kind::Table(spec) => work.extend(spec.fields.iter().map(|field| {
                let node = node.and_then(|node| document.get(node, field.key));
                (node, field.kind, join(&path, field.key))
            })),
            Kind::Map { of, .. } | Kind::TablePer { of, .. } => each(Kind::Table(of), &mut work),
            Kind::TablePerPer { inner, of, .. } => {
                each(Kind::TablePer { register: inner, of }, &mut work);
            }
            Kind::List { of, .. } => {
                let items = node.map_or(&[][..], |node| document.items(node)).iter().enumerate();
                let items = items.map(|(at, item)| (Some(*item), Kind::Table(of), nth(&path, at)));
                work.extend(items);
            }
            Kind::NumberPer { .. } | Kind::NumbersPer { .. } | Kind::RungPer => {
                each(Kind::Text, &mut work);
            }
            _ => found.push(path),
        }
    }
    found.sort();
    found
}

/// The paths that end as this one does and share most of its steps; else the nearest of all.
fn near<'a>(written: &str, known: &'a [String]) -> Vec<&'a str> {
    let last = |path: &'a str| path.rsplit('.').next().unwrap_or(path);
    let lasts = known.iter().map(|path| last(path));
    let wanted = written.rsplit('.').next().unwrap_or(written);
    let ending = lasts.clone().find(|known| *known == wanted).or_else(|| nearest(wanted, lasts));
    let Some(ending) = ending else { return whole(written, known) };
    let steps: Vec<&str> = written.split('.').collect();
    let shared = |path: &str| path.split('.').filter(|step| steps.contains(step)).count();
    let ranked = known.iter().filter(|path| last(path) == ending);
    let ranked = ranked.map(|path| ((Reverse(shared(path)), slips(written, path)), path.as_str()));
    let ranked: Vec<_> = ranked.collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min();
    let alike = ranked.iter().filter(|(rank, _)| Some(*rank) == best);
    alike.take(OFFERED).map(|(_, path)| *path).collect()
}

/// The nearest path by its letters, if it is near at all.
fn whole<'a>(written: &str, known: &'a [String]) -> Vec<&'a str> {
    if written.len() > 200 {
        return Vec::new();
    }
    let ranked = known.iter().map(|path| (slips(written, path), path.as_str()));
    let best = ranked.min().filter(|(slips, path)| *slips <= path.len() / 3);
    best.map(|(_, path)| path).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SCENARIO, SPEC, known_sources};

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let (mut document, _) = Document::parse("a.toml", SCENARIO);
        let mut problems: Vec<Problem> = document.set(path, "0.5").err().into_iter().collect();
        problems.extend(crate::check(&document, &SPEC, &known_sources()));
        offer_paths(&document, &SPEC, &mut problems);
        let help = problems.first().and_then(|problem| problem.help.as_deref());
        assert_eq!(help, Some(expected), "{path}");
    }

    #[test]
    fn the_nearest_path_is_offered_whole() {
        check("kabul.patience", "did you mean `parties.kabul.patience`?");
        check(
            "parties.kabul.council.weight",
            "did you mean `parties.kabul.constituencies.council.weight`?",
        );
        check("parties.kabull.patiense", "did you mean `parties.kabul.patience`?");
        check(
            "parties.kabul.ceasefire.from",
            "did you mean `parties.kabul.mandate.ceasefire.from`?",
        );
        check("parties.kabul.after", "did you mean `shocks[1].after`?");
        check("clok.day", "did you mean `clock.day`?");
        check("shocks[9].after", "did you mean `shocks[1].after`?");
        check("parties.delhi.patience", "did you mean `parties.kabul.patience`?");
    }

    #[test]
    fn a_word_that_is_nowhere_keeps_its_plain_hint() {
        let plain = "what it has: `title`, `source`, `grade`, `start`, `turns`, `late`, `levels`, \
                     `parties`, `issues`, `shocks`";
        check("economy.growth", plain);
    }
}
