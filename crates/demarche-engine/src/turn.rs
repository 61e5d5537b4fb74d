//! The turn, in order. Reading this list is reading the model.
//!
//! A turn is four chained schedules; a table may wait for people between them, never inside one.
//! Within a phase all see the same state. Nothing is spawned, despawned, inserted or removed in a
//! turn: what comes and goes is an option or a flag in a component.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};
use demarche_domain::index::PartyIx;
use demarche_random::purpose::Purpose;
use demarche_record::seat::Stage;

use crate::mechanisms::{
    acceptance, agenda, attacks, audience_cost, concession, cover, deadline, durability, frontier,
    instructions, mediation, no_deal, offering, outcome, patience, ratification, reciprocity,
    retaliation, ripeness, shock, stalling, statements, trust, valuation,
};
use crate::orders;
use crate::scenario::{FirstMover, Scenario, Variant};
use crate::table::Table;

/// The phases of a turn.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // Said once, in [`PHASES`].
pub enum Phase {
    Clock,
    Shocks,
    Agenda,
    Engage,
    Attacks,
    Fighting,
    Frontier,
    Pain,
    Beliefs,
    Valuation,
    Ripeness,
    Reply,
    Force,
    Curbing,
    Crossings,
    Speech,
    Recall,
    Mediators,
    Reciprocate,
    Aspire,
    Offer,
    Weigh,
    Leave,
    Delay,
    Answer,
    Request,
    Propose,
    Issues,
    Accept,
    Ask,
    Stall,
    Words,
    Patience,
    Ratify,
    Settle,
    Close,
    Statements,
    Outcome,
    Durability,
    Record,
    Clear,
    Finish,
    Forget,
}

/// The phases in their order, by the part of the turn, with what happens in each.
pub const PHASES: [(Stage, &[(Phase, &str)]); 4] = [
    (
        Stage::World,
        &[
            (Phase::Clock, "rounds open, time runs"),
            (Phase::Shocks, "events from outside"),
            (Phase::Agenda, "the table of a new round is laid"),
            (Phase::Engage, "who mediates"),
            (Phase::Attacks, "attacks"),
            (Phase::Fighting, "fighting"),
            (Phase::Frontier, "crossings"),
            (Phase::Pain, "what hurts"),
            (Phase::Beliefs, "beliefs"),
            (Phase::Valuation, "what packages are worth"),
            (Phase::Ripeness, "whether the moment is ripe"),
            (Phase::Forget, "what was decided is forgotten"),
        ],
    ),
    (
        Stage::Capitals,
        &[
            (Phase::Reply, "capitals answer what their delegations asked"),
            (Phase::Force, "capitals strike or hold"),
            (Phase::Curbing, "hosts curb armed groups or leave them alone"),
            (Phase::Crossings, "crossings are opened or shut"),
            (Phase::Speech, "capitals speak in public"),
            (Phase::Recall, "capitals call their delegations home"),
            (Phase::Mediators, "mediators act"),
            (Phase::Forget, "what was decided is forgotten"),
        ],
    ),
    (
        Stage::Delegations,
        &[
            (Phase::Reciprocate, "take note of each other's moves"),
            (Phase::Aspire, "what to hold out for"),
            (Phase::Offer, "what to put next"),
            (Phase::Weigh, "what to think of the text"),
            (Phase::Leave, "whether to stay"),
            (Phase::Delay, "whether to play for time"),
            (Phase::Answer, "how to answer"),
            (Phase::Request, "whether to ask home"),
            (Phase::Propose, "offers are put"),
            (Phase::Issues, "issues are accepted or set in brackets"),
            (Phase::Accept, "texts are accepted"),
            (Phase::Ask, "capitals are asked"),
            (Phase::Stall, "time is played for"),
            (Phase::Words, "delegations speak in public"),
            (Phase::Patience, "patience wears"),
            (Phase::Forget, "what was decided is forgotten"),
        ],
    ),
    (
        Stage::Home,
        &[
            (Phase::Ratify, "constituencies and capitals judge an initialled text"),
            (Phase::Settle, "what has come into force takes effect"),
            (Phase::Close, "rounds close"),
            (Phase::Statements, "what is said of it"),
            (Phase::Outcome, "whether the run is over, and how"),
            (Phase::Durability, "how long the truce would last"),
            (Phase::Record, "where things stand"),
            (Phase::Clear, "what holds for a turn only is forgotten"),
            (Phase::Finish, "tables whose run is over are closed"),
            (Phase::Forget, "what was decided is forgotten"),
        ],
    ),
];

/// The label of a part of the turn.
#[derive(ScheduleLabel, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part(pub &'static str);

/// The four schedules of a turn, in order, with what a scenario uses: a mechanism that can do
/// nothing there, whoever decides whatever, is left out.
#[must_use]
pub fn schedules(scenario: &Scenario) -> [(Stage, Schedule); 4] {
    turn(Some(scenario))
}

/// The same with every mechanism. A scenario cannot tell them apart.
#[must_use]
pub fn all_schedules() -> [(Stage, Schedule); 4] {
    turn(None)
}

fn turn(of: Option<&Scenario>) -> [(Stage, Schedule); 4] {
    [
        (Stage::World, world(of)),
        (Stage::Capitals, capitals(of)),
        (Stage::Delegations, delegations(of)),
        (Stage::Home, home(of)),
    ]
}

/// What every scenario uses.
const fn always(_: &Scenario) -> bool {
    true
}

/// Clock, chance, pain and beliefs: nobody is asked.
fn world(of: Option<&Scenario>) -> Schedule {
    schedule(
        "world",
        Stage::World,
        of,
        &[
            (always, deadline::install_opening),
            (shock::is_used, shock::install),
            (always, agenda::install),
            (mediation::is_used, mediation::install_engaging),
            (mediation::is_used, cover::install),
            (attacks::is_used, attacks::install),
            (retaliation::is_used, retaliation::install),
            (frontier::is_used, frontier::install),
            (no_deal::is_used, no_deal::install),
            (trust::is_used, trust::install),
            (always, valuation::install),
            (no_deal::is_used, ripeness::install),
            (always, orders::install),
        ],
    )
}

/// Capitals, then mediators.
fn capitals(of: Option<&Scenario>) -> Schedule {
    schedule(
        "capitals",
        Stage::Capitals,
        of,
        &[
            (instructions::is_used, instructions::install_deciding),
            (always, instructions::install_replies),
            (retaliation::is_used, retaliation::install_strikes),
            (attacks::is_used, attacks::install_curbing),
            (frontier::is_used, frontier::install_conduct),
            (audience_cost::is_used, audience_cost::install),
            (always, patience::install_recalling),
            (mediation::is_used, mediation::install),
            (always, orders::install),
        ],
    )
}

/// Delegations at the table.
fn delegations(of: Option<&Scenario>) -> Schedule {
    schedule(
        "delegations",
        Stage::Delegations,
        of,
        &[
            (reciprocity::is_used, reciprocity::install),
            (always, concession::install),
            (always, offering::install),
            (always, acceptance::install),
            (patience::may_leave, patience::install_deciding),
            (stalling::is_used, stalling::install_deciding),
            (always, acceptance::install_deciding),
            (instructions::is_used, instructions::install_asking),
            (always, offering::install_proposing),
            (always, agenda::install_accepting),
            (attacks::is_used, agenda::install_progress),
            (always, acceptance::install_accepting),
            (instructions::is_used, instructions::install_sending),
            (always, stalling::install),
            (audience_cost::is_used, audience_cost::install_at_table),
            (always, patience::install_leaving),
            (patience::is_used, patience::install),
            (always, orders::install),
        ],
    )
}

/// Ratification, the end of a round, the record.
fn home(of: Option<&Scenario>) -> Schedule {
    schedule(
        "home",
        Stage::Home,
        of,
        &[
            (always, ratification::install),
            (frontier::is_used, frontier::install_settling),
            (always, deadline::install_closing),
            (statements::is_used, statements::install),
            (always, outcome::install_judging),
            (durability::is_used, durability::install),
            (always, crate::recording::install),
            (always, agenda::install_clearing),
            (always, outcome::install),
            (always, orders::install),
        ],
    )
}

/// A mechanism's part in a schedule, and whether a scenario uses it.
type Entry = (fn(&Scenario) -> bool, fn(&mut Schedule));

fn schedule(name: &'static str, stage: Stage, of: Option<&Scenario>, list: &[Entry]) -> Schedule {
    let mut schedule = empty(name, stage);
    for (is_used, install) in list {
        if of.is_none_or(is_used) {
            install(&mut schedule);
        }
    }
    schedule
}

fn empty(name: &'static str, stage: Stage) -> Schedule {
    let mut schedule = Schedule::new(Part(name));
    let phases = PHASES.iter().find(|(of, _)| *of == stage).map_or(&[] as &[_], |(_, list)| list);
    for two in phases.windows(2) {
        schedule.configure_sets((two[0].0, two[1].0).chain());
    }
    // Batches run in parallel, turns do not.
    schedule.set_executor(SingleThreadedExecutor::new());
    schedule.set_build_settings(ScheduleBuildSettings {
        ambiguity_detection: LogLevel::Error,
        ..ScheduleBuildSettings::default()
    });
    schedule
}

/// The turn as text: its parts and phases in order.
#[must_use]
pub fn describe() -> String {
    let mut text = String::new();
    for (number, (stage, phases)) in (1..).zip(PHASES) {
        text.push_str(&format!("{number} {stage:?}\n"));
        for (phase, what) in phases {
            text.push_str(&format!("    {:<12} {what}\n", format!("{phase:?}")));
        }
    }
    text
}

/// The delegation that moves now, where offers are put directly, one after the other; nobody by
/// itself, where all move over a mediator's single text.
pub(crate) fn mover(scenario: &Scenario, table: &Table) -> Option<PartyIx> {
    if scenario.protocol.variant == Variant::MediatedSingleText {
        return None;
    }
    let (n, mover) = (scenario.parties.len(), table.mover as usize);
    Some(match scenario.protocol.first_mover {
        FirstMover::AsListed => {
            let listed = |p: &PartyIx| usize::from(scenario.parties[p.ix()].listed) == mover;
            PartyIx::first(n).find(listed).expect("every place of the list is a party's")
        }
        FirstMover::Drawn => {
            let shift = table.draws(Purpose::FirstMover, 0).choose(n);
            PartyIx::at((mover + shift) % n)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_record::format::Lineage;

    #[test]
    fn the_schedules_come_in_the_order_of_the_stages() {
        let stages: Vec<Stage> = all_schedules().into_iter().map(|(stage, _)| stage).collect();
        assert!(stages.windows(2).all(|two| two[0] < two[1]));
    }

    #[test]
    fn each_side_moves_first_about_as_often() {
        let lineage = Lineage { seed: 4, branch: None, over_ranges: None };
        let (status, stage) = (crate::table::Status::Running, Stage::Delegations);
        let first = |turn| {
            let table = Table { status, turn, stage, mover: 0, lineage };
            table.draws(Purpose::FirstMover, 0).choose(2)
        };
        let second: usize = (0..1000).map(first).sum();
        assert!((430..570).contains(&second), "{second}");
    }
}
