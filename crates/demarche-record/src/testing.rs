//! A small cast and a small run, for the tests of this crate.

use demarche_domain::index::{OutcomeIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;

use crate::cast::{Cast, IssueWords, Named, PartyWords, RoundWords, RungWords};
use crate::chronicle::{Chronicle, Entry, digest};
use crate::decision::{Decision, Input};
use crate::event::{Ending, Event};
use crate::format::{Lineage, RunRecord};
use crate::seat::{Seat, Stage};

fn named(key: &str) -> Named {
    Named { key: key.to_owned(), name: format!("the {key}") }
}

/// Two parties and two issues.
pub(crate) fn cast() -> Cast {
    let issue = |key: &str, rungs: &[&str]| {
        let words = |key: &&str| RungWords { key: (*key).to_owned(), words: (*key).to_owned() };
        IssueWords { named: named(key), rungs: rungs.iter().map(words).collect() }
    };
    let party = |key: &str| PartyWords {
        named: named(key),
        capital: "home".to_owned(),
        constituencies: vec![named("army")],
        red_lines: Region { floor: Package::STATUS_QUO, ceiling: Package::new(&[2, 1]) },
    };
    Cast {
        title: "A test".to_owned(),
        starts: "2000-01-03T09:00".to_owned(),
        time_zone: "local time".to_owned(),
        turn_hours: 3.0,
        parties: vec![party("north"), party("south")],
        issues: vec![issue("peace", &["none", "some", "full"]), issue("trade", &["shut", "open"])],
        mediators: vec![named("envoy")],
        groups: vec![named("band")],
        crossings: vec![named("bridge")],
        rounds: vec![RoundWords { named: named("talks"), venue: "the hall".to_owned() }],
        outcomes: vec![named("agreement"), named("none")],
        shocks: vec![named("flood")],
    }
}

/// A run of four events and two inputs.
pub(crate) fn record() -> RunRecord {
    let input = |turn| Input::Decided {
        turn,
        stage: Stage::Delegations,
        mover: 0,
        seat: Seat::Delegation(PartyIx(0)),
        decision: Decision::WalkOut {},
    };
    let closed = Event::RoundClosed {
        round: RoundIx(0),
        ending: Ending::WalkOut,
        left_by: Some(PartyIx(0)),
        text: None,
    };
    let ended = Event::RunEnded {
        outcome: OutcomeIx(1),
        in_force: Package::STATUS_QUO,
        blocking_issue: None,
        blocking_party: None,
        still_acceptable: vec![None, Some(Package::new(&[2, 1]))],
    };
    let opened = Event::RoundOpened { round: RoundIx(0), closes_turn: 9 };
    let events = [(0, opened), (2, Event::TruceBroke { fighting: 0.25 }), (3, closed), (3, ended)];
    let entries = events.map(|(turn, event)| Entry { turn, event }).to_vec();
    let scenario = "title = \"A test\"\n".to_owned();
    RunRecord {
        model: "0.0".to_owned(),
        scenario_digest: digest(scenario.as_bytes()),
        scenario,
        lineage: Lineage { seed: 7, branch: Some((1, u64::MAX)), over_ranges: None },
        inputs: vec![input(2), input(3)],
        chronicle: Chronicle { entries },
    }
}
