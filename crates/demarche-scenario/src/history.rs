//! What came of the talks that a scenario tells, issue by issue, with each side's account.

use crate::NodeIx;
use crate::document::Document;

/// What is known, as it is kept.
const LIST: &str = include_str!("../data/history.toml");

/// What came of talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// What it is of.
    pub title: String,
    /// Its rounds: key, and when and where.
    pub rounds: Vec<(String, String)>,
    /// One row for each issue.
    pub rows: Vec<HistoryRow>,
}

/// What came of one issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The key of the issue in scenarios.
    pub issue: String,
    /// What rounds came to and what parties say, by the key of the round or the party.
    pub told: Vec<(String, Told)>,
}

impl HistoryRow {
    /// What is told under a key.
    #[must_use]
    pub fn of(&self, key: &str) -> Option<&Told> {
        self.told.iter().find(|(known, _)| known == key).map(|(_, told)| told)
    }
}

/// Something told, and by which source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What.
    pub says: String,
    /// The id of the source.
    pub source: String,
}

/// All that is known.
#[must_use]
pub fn histories() -> Vec<History> {
    let (list, _) = Document::parse("history.toml", LIST);
    let all = list.entries(list.root()).iter();
    all.map(|(_, node)| history(&list, *node)).collect()
}

/// What came of the talks of a scenario: of those whose issues it has, all of them.
#[must_use]
pub fn history_of(issues: &[&str]) -> Option<History> {
    let is_of =
        |history: &History| history.rows.iter().all(|row| issues.contains(&row.issue.as_str()));
    histories().into_iter().find(is_of)
}

fn history(list: &Document, node: NodeIx) -> History {
    let text = |node: NodeIx, key: &str| list.text(node, key).unwrap_or_default().to_owned();
    let below = |key: &str| list.get(node, key).map_or(&[][..], |table| list.entries(table));
    let told = |(key, node): &(String, NodeIx)| {
        (key.clone(), Told { says: text(*node, "says"), source: text(*node, "source") })
    };
    let row = |(issue, node): &(String, NodeIx)| HistoryRow {
        issue: issue.clone(),
        told: list.entries(*node).iter().map(told).collect(),
    };
    let rounds = list.get(node, "rounds");
    let keys = below("rounds").iter().map(|(key, _)| key.clone());
    let rounds = keys.map(|key| {
        let when = rounds.map_or(String::new(), |table| text(table, &key));
        (key, when)
    });
    History {
        title: text(node, "title"),
        rounds: rounds.collect(),
        rows: below("issues").iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::library::known_sources;

    #[test]
    fn every_account_has_its_counterpart_and_every_line_its_source() {
        let (_, problems) = Document::parse("history.toml", LIST);
        assert!(problems.is_empty(), "{problems:?}");
        let known = known_sources();
        let all = histories();
        assert!(!all.is_empty());
        for history in &all {
            for row in &history.rows {
                let keys: Vec<&str> = row.told.iter().map(|(key, _)| key.as_str()).collect();
                assert_eq!(keys, ["doha", "istanbul", "pakistan", "afghanistan"], "{}", row.issue);
                for (key, told) in &row.told {
                    let place = format!("{}.{key}", row.issue);
                    assert!(!told.says.is_empty(), "{place}");
                    assert!(known.contains(&told.source), "{place}: {}", told.source);
                }
            }
        }
    }

    #[test]
    fn a_history_is_that_of_a_scenario_with_all_its_issues() {
        let text = catalogue::find("historical/doha-istanbul").unwrap().text;
        let rows = &histories()[0].rows;
        assert!(rows.iter().all(|row| text.contains(&format!("[issues.{}]", row.issue))));
        let issues: Vec<&str> = rows.iter().map(|row| row.issue.as_str()).collect();
        assert_eq!(history_of(&issues).map(|of| of.rows.len()), Some(7));
        assert_eq!(history_of(&issues[1..]), None);
    }
}
