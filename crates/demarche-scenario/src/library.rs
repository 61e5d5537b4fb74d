//! The list of sources: the facts and the works that a scenario may name.
use std::collections::BTreeSet;

use crate::document::{Document, Value};

/// The list as it is kept. It holds who published what and when, and no sentences of theirs.
const LIST: &str = include_str!("../data/sources.toml");

/// A source with all that it takes to find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// What a `source` line calls it.
    pub id: String,
    /// The full reference.
    pub reference: String,
    /// Where it can be read, if on the web.
    pub url: Option<String>,
    /// Whether it is a work of the literature rather than a report of the case.
    pub is_literature: bool,
}

/// All sources, in the order of the list.
#[must_use]
pub fn citations() -> Vec<Citation> {
    let (list, _) = Document::parse("sources.toml", LIST);
    let table = |key: &str| {
        let table = list.get(list.root(), key);
        table.map_or(&[][..], |table| list.entries(table))
    };
    let fact = |(id, node): &(String, crate::NodeIx)| {
        let get = |key: &str| list.text(*node, key).unwrap_or_default();
        let reference = format!("{}, \"{}\", {}.", get("publisher"), get("title"), get("date"));
        let url = Some(get("url")).filter(|url| url.starts_with("http")).map(str::to_owned);
        Citation { id: id.clone(), reference, url, is_literature: false }
    };
    let work = |(id, node): &(String, crate::NodeIx)| {
        let Value::Text(text) = list.value(*node) else { return None };
        let reference = text.clone();
        Some(Citation { id: id.clone(), reference, url: None, is_literature: true })
    };
    let works = table("literature").iter().filter_map(work);
    table("facts").iter().map(fact).chain(works).collect()
}

/// The ids of all sources.
#[must_use]
pub fn known_sources() -> BTreeSet<String> {
    citations().into_iter().map(|citation| citation.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_right_and_whole() {
        let (_, problems) = Document::parse("sources.toml", LIST);
        assert!(problems.is_empty(), "{problems:?}");
        let all = citations();
        let works = all.iter().filter(|citation| citation.is_literature);
        assert_eq!((all.len(), works.count(), known_sources().len()), (167, 73, 167));
        assert!(all.iter().all(|citation| citation.reference.len() > 20), "{all:?}");
        let fearon = all.iter().find(|citation| citation.id == "fearon1995").unwrap();
        assert!(fearon.reference.contains("Rationalist explanations for war"));
    }
}
