//! The cast: the names and words of a scenario, so that indices can be told as people say them.

use demarche_domain::index::{
    ConstituencyIx, CrossingIx, GroupIx, IssueIx, MediatorIx, OutcomeIx, PartyIx, RoundIx, ShockIx,
};
use demarche_domain::package::Package;
use demarche_domain::region::Region;

/// Something with a key, as files write it, and a name, as people say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Kebab-case key.
    pub key: String,
    /// Name in a sentence.
    pub name: String,
}

/// An issue in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueWords {
    /// Key and name.
    pub named: Named,
    /// The rungs from the status quo upward.
    pub rungs: Vec<RungWords>,
}

/// A rung in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RungWords {
    /// Kebab-case key, unique on its issue.
    pub key: String,
    /// The words that a text would use.
    pub words: String,
}

/// A round of talks in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundWords {
    /// Key and name ("Doha").
    pub named: Named,
    /// Where it is held.
    pub venue: String,
}

/// A party in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyWords {
    /// Key and name ("Pakistan").
    pub named: Named,
    /// Where its decisions are taken ("Islamabad").
    pub capital: String,
    /// Those at home who must consent.
    pub constituencies: Vec<Named>,
    /// What it has said aloud that it never signs lies outside this.
    pub red_lines: Region,
}

/// The names and words of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    /// Title of the scenario.
    pub title: String,
    /// Local date and time at which turn 0 begins, as `2025-10-15T18:00`.
    pub starts: String,
    /// What clock that is ("Pakistan time").
    pub time_zone: String,
    /// Length of a turn. [h, (0, 24]]
    pub turn_hours: f64,
    /// Parties in roster order.
    pub parties: Vec<PartyWords>,
    /// Issues in order.
    pub issues: Vec<IssueWords>,
    /// Mediators in order.
    pub mediators: Vec<Named>,
    /// Armed groups in order.
    pub groups: Vec<Named>,
    /// Crossings in order.
    pub crossings: Vec<Named>,
    /// Rounds in order.
    pub rounds: Vec<RoundWords>,
    /// Classes of outcome in order.
    pub outcomes: Vec<Named>,
    /// Shocks in order.
    pub shocks: Vec<Named>,
}

/// What stands for a capital that a scenario does not name.
const HOME: &str = "home";

impl Cast {
    /// The keys of all issues, in order.
    #[must_use]
    pub fn issue_keys(&self) -> Vec<&str> {
        self.issues.iter().map(|issue| issue.named.key.as_str()).collect()
    }
    /// The name of a party.
    #[must_use]
    pub fn party(&self, party: PartyIx) -> &str {
        &self.parties[party.ix()].named.name
    }
    /// The seat of a party's government.
    #[must_use]
    pub fn capital(&self, party: PartyIx) -> &str {
        &self.parties[party.ix()].capital
    }
    /// Whether a party's decisions are taken in a place of their own: its capital has a name.
    #[must_use]
    pub fn has_capital(&self, party: PartyIx) -> bool {
        self.capital(party) != HOME
    }
    /// The name of a constituency.
    #[must_use]
    pub fn constituency(&self, party: PartyIx, constituency: ConstituencyIx) -> &str {
        &self.parties[party.ix()].constituencies[constituency.ix()].name
    }
    /// The name of an issue.
    #[must_use]
    pub fn issue(&self, issue: IssueIx) -> &str {
        &self.issues[issue.ix()].named.name
    }
    /// The words of a rung.
    #[must_use]
    pub fn rung(&self, issue: IssueIx, rung: u8) -> &str {
        &self.issues[issue.ix()].rungs[usize::from(rung)].words
    }
    /// The issues on which a text crosses a line that a party never crosses.
    pub fn crossed(&self, party: PartyIx, text: Package) -> impl Iterator<Item = IssueIx> + use<> {
        let n_issues = self.issues.len();
        let breaches = self.parties[party.ix()].red_lines.breaches(text);
        breaches.filter(move |issue| issue.ix() < n_issues)
    }
    /// The name of a mediator.
    #[must_use]
    pub fn mediator(&self, mediator: MediatorIx) -> &str {
        &self.mediators[mediator.ix()].name
    }
    /// The name of an armed group.
    #[must_use]
    pub fn group(&self, group: GroupIx) -> &str {
        &self.groups[group.ix()].name
    }
    /// The name of a crossing.
    #[must_use]
    pub fn crossing(&self, crossing: CrossingIx) -> &str {
        &self.crossings[crossing.ix()].name
    }
    /// The name of a round.
    #[must_use]
    pub fn round(&self, round: RoundIx) -> &str {
        &self.rounds[round.ix()].named.name
    }
    /// The name of a class of outcome.
    #[must_use]
    pub fn outcome(&self, outcome: OutcomeIx) -> &str {
        &self.outcomes[outcome.ix()].name
    }
    /// The name of a shock.
    #[must_use]
    pub fn shock(&self, shock: ShockIx) -> &str {
        &self.shocks[shock.ix()].name
    }
}
