//! The scene of an ending: the run again, to the moment its last round closed.

use std::sync::Arc;

use demarche_domain::index::{OutcomeIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_engine::scenario::Scenario;
use demarche_engine::session::{Session, hand_back};
use demarche_record::chronicle::Chronicle;
use demarche_record::event::{Ending, Event};
use demarche_record::format::RunRecord;
use demarche_record::seat::Stage;
use demarche_scenario::NumberUse;

use crate::blocking::{Blocking, blocking};
use crate::least_change::{Goal, LeastChange, Run, Watch, least_change};
use crate::ledger::{Ledger, ledger};
use crate::levers::{Lever, levers};
use crate::room::{Room, room};
use crate::time::{TimeSpent, time_spent};

/// Why a run ended as it did.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// How it ended, as a class.
    pub outcome: OutcomeIx,
    /// The last round that was held, if one was.
    pub last_round: Option<LastRound>,
    /// What the last text was worth to each side; nothing where none was tabled.
    pub ledger: Option<Ledger>,
    /// What could have been signed; nothing where no round was held.
    pub room: Option<Room>,
    /// Where the time of the last round went.
    pub time: TimeSpent,
    /// What it ended on; nothing where it ended with an agreement, or nothing was apart.
    pub blocking: Option<Blocking>,
    /// The levers of the run, by path.
    pub levers: Vec<Lever>,
    /// What would have turned it; nothing where nobody asked, or no round was held.
    pub least_change: Option<(Goal, LeastChange)>,
}

/// The last round of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastRound {
    /// Which.
    pub round: RoundIx,
    /// The turn in which it opened.
    pub opened: u32,
    /// The last turn of it.
    pub closed: u32,
    /// How it ended; nothing where the run ended before it did.
    pub ending: Option<Ending>,
    /// Who walked out, if somebody did.
    pub left_by: Option<PartyIx>,
    /// The text that was agreed, or the last that lay on the table, if one did.
    pub text: Option<Package>,
}

/// How the least change is to be searched for.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// On how many threads.
    pub threads: usize,
    /// Whom to tell how far it has come.
    pub watch: Watch<'a>,
}

/// Explains a run that was played to its end.
///
/// # Panics
/// When the record is not one of a run of this scenario that was played to its end.
#[must_use]
pub fn explain(
    record: &RunRecord,
    scenario: &Arc<Scenario>,
    numbers: &[NumberUse],
    search: Option<Search<'_>>,
) -> Explanation {
    let last_round = last_round(&record.chronicle);
    let mut scene = last_round.map(|last| scene(record, scenario, last.closed));
    let text = last_round.and_then(|last| last.text);
    let mut insight = scene.as_mut().map(|scene| scene.insight(0));
    let ledger =
        insight.as_mut().zip(text).map(|(insight, text)| ledger(insight, &record.chronicle, &text));
    let tabled = last_round.map_or_else(Vec::new, |last| tabled(&record.chronicle, last.opened));
    let room = insight.as_mut().map(|insight| room(insight, text.as_ref(), &tabled));
    let levers = levers(numbers, record.lineage);
    let least_change = last_round.zip(search).map(|(last, search)| {
        let goal = match last.ending {
            Some(Ending::Agreement) => Goal::NoAgreement(last.round),
            _ => Goal::Agreement(last.round),
        };
        let (lineage, inputs) = (record.lineage, record.inputs.clone());
        let run = Run { scenario: scenario.clone(), lineage, inputs, goal };
        (goal, least_change(&run, &levers, search.threads, search.watch))
    });
    Explanation {
        outcome: outcome(&record.chronicle),
        last_round,
        ledger,
        room,
        time: time_spent(&record.chronicle, last_round),
        blocking: last_round.and_then(|last| blocking(&record.chronicle, last)),
        levers,
        least_change,
    }
}

fn outcome(chronicle: &Chronicle) -> OutcomeIx {
    let ended = chronicle.events().rev().find_map(|event| match event {
        Event::RunEnded { outcome, .. } => Some(*outcome),
        _ => None,
    });
    ended.expect("a run that was played to its end says how it ended")
}

/// The last round that was held.
fn last_round(chronicle: &Chronicle) -> Option<LastRound> {
    let mut last: Option<LastRound> = None;
    let mut lies = None;
    for entry in &chronicle.entries {
        match entry.event {
            Event::RoundOpened { round, .. } => {
                lies = None;
                let (opened, closed) = (entry.turn, entry.turn);
                let (ending, left_by, text) = (None, None, None);
                last = Some(LastRound { round, opened, closed, ending, left_by, text });
            }
            Event::TextTabled { text, .. } | Event::OfferTabled { package: text, .. } => {
                lies = Some(text);
            }
            Event::RoundClosed { ending, left_by, text, .. } => {
                let last = last.as_mut().expect("a round opens before it closes");
                (last.closed, last.text) = (entry.turn, text.or(lies));
                (last.ending, last.left_by) = (Some(ending), left_by);
            }
            Event::RunEnded { .. } => {
                if let Some(last) = last.as_mut().filter(|last| last.ending.is_none()) {
                    (last.closed, last.text) = (entry.turn, lies);
                }
            }
            _ => {}
        }
    }
    last
}

/// The texts that were tabled from a turn on, each once, and when it first was.
fn tabled(chronicle: &Chronicle, opened: u32) -> Vec<(u32, Package)> {
    let mut tabled: Vec<(u32, Package)> = Vec::new();
    for entry in chronicle.entries.iter().filter(|entry| entry.turn >= opened) {
        let (Event::TextTabled { text, .. } | Event::OfferTabled { package: text, .. }) =
            entry.event
        else {
            continue;
        };
        if !tabled.iter().any(|(_, known)| *known == text) {
            tabled.push((entry.turn, text));
        }
    }
    tabled
}

/// The run again, up to where this turn is decided at home.
fn scene(record: &RunRecord, scenario: &Arc<Scenario>, turn: u32) -> Session {
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, record.lineage, record.inputs.clone(), false);
    let again = "what entered a run once enters it again";
    while session.turn(0) < turn {
        session.advance().expect(again);
        hand_back(&mut session, 0);
    }
    session.advance_to(Stage::Home).expect(again);
    session
}
