//! The kit of a class: what a scenario is given beside its numbers, in words.
//!
//! Who each seat is, in its own terms; questions by which one sees whether a brief was understood;
//! news for whoever leads a class to tell. What a seat wants and never signs is not in it: that
//! follows from the scenario, so that words and model cannot part.

use crate::NodeIx;
use crate::document::{Document, Value};
use crate::history::Told;

/// The kits that there are, each a file beside its scenario.
const KITS: [(&str, &str); 1] = [(
    "scenarios/classroom/in-class.kit.toml",
    include_str!("../../../scenarios/classroom/in-class.kit.toml"),
)];

/// What a class on some scenario is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// What it is on.
    pub title: String,
    /// The issues that a scenario must have for the kit to go with it, by their keys.
    pub issues: Vec<String>,
    /// What all know of the case, line by line.
    pub background: Vec<Told>,
    /// Words that not everybody knows, each with what it means.
    pub glossary: Vec<(String, String)>,
    /// Who each seat is, by the name of the seat in files.
    pub seats: Vec<(String, Told)>,
    /// Questions on what was read.
    pub questions: Vec<Check>,
    /// News to be told at a table in words.
    pub news: Vec<Told>,
}

/// A question by which one sees whether something was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How it is known.
    pub key: String,
    /// The question.
    pub ask: String,
    /// What can be answered.
    pub choices: Vec<String>,
    /// Which of these is right, from 0.
    pub right: usize,
    /// Why it is.
    pub why: String,
}

impl Kit {
    /// Who a seat is.
    #[must_use]
    pub fn seat(&self, name: &str) -> Option<&Told> {
        self.seats.iter().find(|(known, _)| known == name).map(|(_, told)| told)
    }
}

/// All kits.
#[must_use]
pub fn kits() -> Vec<Kit> {
    KITS.iter().map(|(file, text)| kit(&Document::parse(file, text).0)).collect()
}

/// The kit of a scenario that has these issues, if there is one.
#[must_use]
pub fn kit_of(issues: &[&str]) -> Option<Kit> {
    kits().into_iter().find(|kit| kit.issues.iter().all(|key| issues.contains(&key.as_str())))
}

fn kit(of: &Document) -> Kit {
    let root = of.root();
    let text = |node: NodeIx, key: &str| of.text(node, key).unwrap_or_default().to_owned();
    let below = |key: &str| of.get(root, key).map_or(&[][..], |table| of.entries(table));
    let told = |node: NodeIx| Told { says: text(node, "says"), source: text(node, "source") };
    let words = |node: NodeIx, key: &str| -> Vec<String> {
        let items = of.get(node, key).map_or(&[][..], |list| of.items(list));
        let word = |item: &NodeIx| match of.value(*item) {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        items.iter().map(word).collect()
    };
    let check = |(key, node): &(String, NodeIx)| {
        let right = of.get(*node, "right").and_then(|node| of.value(node).number());
        let choices = words(*node, "choices");
        let is_right = |place: &usize| right == Some((place + 1) as f64);
        Check {
            key: key.clone(),
            ask: text(*node, "ask"),
            right: (0..choices.len()).find(is_right).unwrap_or_default(),
            choices,
            why: text(*node, "why"),
        }
    };
    Kit {
        title: text(root, "title"),
        issues: words(root, "issues"),
        background: below("background").iter().map(|(_, node)| told(*node)).collect(),
        glossary: below("glossary")
            .iter()
            .map(|(_, node)| (text(*node, "word"), text(*node, "is")))
            .collect(),
        seats: below("seats").iter().map(|(key, node)| (key.clone(), told(*node))).collect(),
        questions: below("questions").iter().map(check).collect(),
        news: below("news").iter().map(|(_, node)| told(*node)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::known_sources;

    #[test]
    fn every_word_of_a_kit_has_its_source_and_every_question_its_answer() {
        let known = known_sources();
        for (file, text) in KITS {
            let (of, problems) = Document::parse(file, text);
            assert!(problems.is_empty(), "{problems:?}");
            let kit = kit(&of);
            assert!(!kit.issues.is_empty() && kit.seats.len() > 5 && kit.news.len() > 3);
            for told in
                kit.seats.iter().map(|(_, told)| told).chain(&kit.news).chain(&kit.background)
            {
                assert!(told.says.ends_with('.'), "{}", told.says);
                let mut sources = told.source.split(", ");
                assert!(sources.all(|id| id == "assumed" || known.contains(id)), "{}", told.source);
            }
            let is_whole = |(word, is): &(String, String)| !word.is_empty() && is.ends_with('.');
            assert!(kit.glossary.len() > 4 && kit.glossary.iter().all(is_whole));
            assert!(kit.questions.len() >= 4);
            for (check, (_, node)) in
                kit.questions.iter().zip(of.entries(of.get(of.root(), "questions").unwrap()))
            {
                let right = of.value(of.get(*node, "right").unwrap()).number().unwrap();
                assert_eq!(right, (check.right + 1) as f64, "{}", check.key);
                assert!(check.ask.ends_with('?') && check.why.ends_with('.'), "{}", check.key);
                assert!(check.choices.len() >= 2, "{}", check.key);
            }
        }
    }

    #[test]
    fn a_kit_goes_with_a_scenario_that_has_its_issues() {
        let kit = &kits()[0];
        let mut issues: Vec<&str> = kit.issues.iter().map(String::as_str).collect();
        issues.push("another");
        assert_eq!(kit_of(&issues).as_ref(), Some(kit));
        assert_eq!(kit_of(&issues[1..]), None);
    }
}
