//! Branching: a run is its scenario, its seeds and its inputs, and nothing else.
//!
//! So it can be branched at any turn, written and read, replayed, undone, and its policy's own
//! decisions can be taken from outside: each gives what the run was, or differs only where it must.

pub(crate) mod anything;
mod echo;

use std::sync::Arc;

use demarche_domain::index::{MediatorIx, PartyIx, ShockIx};
use demarche_domain::package::Package;
use demarche_engine::refusal::{Reason, Refusal};
use demarche_engine::scenario::Scenario;
use demarche_engine::session::{Session, hand_back, run};
use demarche_engine::table::Status;
use demarche_record::chronicle::{Chronicle, Entry};
use demarche_record::decision::{Choice, Decision, Input, Statement};
use demarche_record::event::Event;
use demarche_record::format::{Heading, Lineage, RunRecord};
use demarche_record::seat::{Seat, Stage};
use support::runs::{
    FLAGSHIP, go_on, issue, lineage, party, pick, play, read_scenario, scenario, seat_named, seated,
};

const HOLD: Decision = Decision::Hold { until_something_changes: false };

/// A World with one table, where these seats are taken by somebody outside.
fn with_outside(scenario: &Arc<Scenario>, seed: u64, seats: &[Seat]) -> Session {
    let mut session = Session::new(scenario.clone(), 1);
    let inputs = seats.iter().copied().map(Input::taken).collect();
    session.seat(0, lineage(seed), inputs, true);
    session
}

/// Plays a run to its end, every question answered by the function, then held on.
fn answered(
    session: &mut Session,
    mut answer: impl FnMut(&Session, Seat) -> Option<Decision>,
) -> RunRecord {
    loop {
        go_on(session);
        if session.status(0) == Status::Ended {
            return session.record(0);
        }
        let seat = session.questions(0)[0].seat;
        if let Some(decision) = answer(session, seat) {
            session.decide(0, seat, decision).unwrap();
        }
        session.decide(0, seat, HOLD).unwrap();
    }
}

/// Whether a decision is offered to a seat that is asked.
fn is_offered(session: &Session, seat: Seat, decision: &Decision) -> bool {
    let question = session.questions(0).iter().find(|question| question.seat == seat);
    question.is_some_and(|question| question.choices.iter().any(|choice| choice.admits(decision)))
}

/// A run into which something of everything entered: a seat taken and handed back, decisions, a
/// standing order, an extension.
fn busy(scenario: &Arc<Scenario>, seed: u64) -> RunRecord {
    let seats =
        [seat_named(scenario, "delegation:afghanistan"), seat_named(scenario, "capital:pakistan")];
    let mut session = with_outside(scenario, seed, &seats);
    let mut n_asked = 0;
    loop {
        go_on(&mut session);
        if session.status(0) == Status::Ended {
            return session.record(0);
        }
        n_asked += 1;
        let seat = session.questions(0)[0].seat;
        let wishes = [
            Decision::State { statement: Statement::Threaten },
            Decision::Accept {},
            Decision::ExtendMandate {},
        ];
        let wish = wishes.into_iter().find(|wish| is_offered(&session, seat, wish));
        if let Some(wish) = wish.filter(|_| n_asked % 3 == 0) {
            session.decide(0, seat, wish).unwrap();
        }
        let until_something_changes = n_asked % 2 == 0;
        session.decide(0, seat, Decision::Hold { until_something_changes }).unwrap();
        if n_asked == 12 {
            let turn = session.turn(0) + 1;
            let (seat, outside) = (seat_named(scenario, "capital:pakistan"), false);
            while session.turn(0) < turn && session.status(0) == Status::Running {
                session.advance().unwrap();
            }
            if session.status(0) != Status::Ended && session.turn(0) == turn {
                session.hand(0, seat, outside).unwrap();
            }
        }
    }
}

/// The last turn of a chronicle.
fn last_turn(chronicle: &Chronicle) -> u32 {
    chronicle.entries.last().unwrap().turn
}

/// The entries before a turn.
fn before(chronicle: &Chronicle, turn: u32) -> &[Entry] {
    let end = chronicle.entries.partition_point(|entry| entry.turn < turn);
    &chronicle.entries[..end]
}

#[test]
fn a_branch_with_nothing_changed_is_the_same_run() {
    let scenario = scenario(FLAGSHIP);
    for seed in 0..3 {
        let record = play(&scenario, lineage(seed));
        for turn in 0..=last_turn(&record.chronicle) + 1 {
            let branched = Lineage { branch: Some((turn, seed)), ..lineage(seed) };
            let again = play(&scenario, branched);
            assert!(again.chronicle == record.chronicle, "seed {seed}, branched at {turn}");
        }
    }
    let record = busy(&scenario, 3);
    assert!(record.inputs.len() > 8, "little entered");
    for turn in (0..=last_turn(&record.chronicle)).step_by(5) {
        let branched = Lineage { branch: Some((turn, 3)), ..lineage(3) };
        let again = run(&scenario, branched, record.inputs.clone()).unwrap();
        assert!(again.chronicle == record.chronicle, "with inputs, branched at {turn}");
    }
}

#[test]
fn a_branch_by_another_seed_leaves_what_was_before() {
    let scenario = scenario(FLAGSHIP);
    for turn in [0, 1, 25, 60, 90, 100] {
        let mut differs = false;
        for seed in 0..4 {
            let record = play(&scenario, lineage(seed));
            for other in 100..103 {
                let branched = Lineage { branch: Some((turn, other)), ..lineage(seed) };
                let again = play(&scenario, branched).chronicle;
                let kept = before(&record.chronicle, turn) == before(&again, turn);
                assert!(kept, "seed {seed}: branching at {turn} changed what was before");
                differs |= again != record.chronicle;
            }
        }
        assert!(differs, "branching at {turn} changes nothing");
    }
}

#[test]
fn a_branch_keeps_what_was_drawn_for_the_whole_run() {
    let scenario = scenario(FLAGSHIP);
    let drawn = |lineage: Lineage| {
        let record = play(&scenario, lineage);
        let characters = record.chronicle.entries.into_iter();
        let is_drawn = |entry: &Entry| matches!(entry.event, Event::CapitalDrawn { .. });
        characters.filter(is_drawn).collect::<Vec<_>>()
    };
    let branched = Lineage { branch: Some((0, 77)), ..lineage(5) };
    assert_eq!(drawn(branched), drawn(lineage(5)));
}

/// What is written can be read, and is the same when it is written again.
#[track_caller]
fn check_written(record: &RunRecord, scenario: &Scenario) {
    let text = record.to_lines(&scenario.cast);
    let heading = Heading::read(&text).unwrap();
    assert_eq!(heading.scenario(), scenario.text);
    let read = heading.finish(&scenario.cast).unwrap();
    assert!(read == *record, "a record is not read as it was written");
    assert!(read.to_lines(&scenario.cast) == text);
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let scenario = scenario(FLAGSHIP);
    for seed in 0..6 {
        let over_ranges = Lineage { over_ranges: Some(seed), ..lineage(seed) };
        check_written(&play(&scenario, over_ranges), &scenario);
        check_written(&busy(&scenario, seed), &scenario);
    }
    let branched = Lineage { branch: Some((40, u64::MAX)), ..lineage(u64::MAX) };
    check_written(&play(&scenario, branched), &scenario);
}

#[test]
fn a_record_cut_short_or_changed_is_refused() {
    let scenario = scenario(FLAGSHIP);
    let text = play(&scenario, lineage(1)).to_lines(&scenario.cast);
    let finish = |text: &str| Heading::read(text)?.finish(&scenario.cast);
    assert!(finish(&text).is_ok());
    let lines: Vec<&str> = text.lines().collect();
    assert!(finish(&lines[..lines.len() - 1].join("\n")).is_err(), "without its digest");
    let missing = [&lines[..20], &lines[21..]].concat().join("\n");
    assert!(finish(&missing).is_err(), "a line is missing");
    assert!(Heading::read(&lines[1..].join("\n")).is_err(), "without its heading");
}

#[test]
fn a_record_replays_from_what_it_holds() {
    let scenario = scenario(FLAGSHIP);
    for seed in 0..6 {
        let record = busy(&scenario, seed);
        // The scenario in the record is all that is needed.
        let inside = Arc::new(read_scenario("inside", &record.scenario, &[]).scenario);
        assert_eq!(inside.digest, record.scenario_digest, "the merged text is its own fixed point");
        let again = run(&inside, record.lineage, record.inputs.clone()).unwrap();
        assert_eq!(
            again.chronicle.digest(&inside.cast),
            record.chronicle.digest(&scenario.cast),
            "seed {seed}"
        );
        assert_eq!(again.inputs, record.inputs, "seed {seed}");
    }
}

#[test]
fn shocks_and_extensions_replay() {
    let scenario = scenario(FLAGSHIP);
    let inputs = vec![
        Input::Injected { turn: 30, stage: Stage::World, mover: 0, shock: ShockIx(0) },
        Input::Extended { turn: 90, stage: Stage::Home, mover: 0, by_turns: 6 },
        Input::Injected { turn: 95, stage: Stage::Delegations, mover: 0, shock: ShockIx(1) },
    ];
    for seed in 0..4 {
        let record = run(&scenario, lineage(seed), inputs.clone());
        // Not every run has a round under way in turn 90.
        let Ok(record) = record else { continue };
        let injected = pick(&record.chronicle, |event| match event {
            Event::ShockStruck { injected: true, .. } => Some(()),
            _ => None,
        });
        assert_eq!(injected.count(), 2);
        check_written(&record, &scenario);
        let again = run(&scenario, record.lineage, record.inputs.clone()).unwrap();
        assert!(again == record);
    }
}

/// A run stopped at the first question to a delegation over a text.
fn at_a_text(scenario: &Arc<Scenario>, seat: Seat) -> Session {
    let mut session = with_outside(scenario, 1, &[seat]);
    loop {
        go_on(&mut session);
        assert_eq!(session.status(0), Status::Awaiting, "the run ended with no text on the table");
        if is_offered(&session, seat, &Decision::Accept {}) {
            return session;
        }
        session.decide(0, seat, HOLD).unwrap();
    }
}

#[test]
fn what_is_not_offered_is_refused_and_changes_nothing() {
    let scenario = scenario(FLAGSHIP);
    let seat = seat_named(&scenario, "delegation:afghanistan");
    let mut session = at_a_text(&scenario, seat);
    let stood = |session: &Session| {
        let inputs = session.inputs(0).to_vec();
        (session.chronicle(0).clone(), inputs, session.questions(0).to_vec(), session.turn(0))
    };
    let before = stood(&session);
    let unsignable = Package::new(&[3, 3, 3, 3, 3, 3, 3]);
    let [pledge, verification, action] =
        ["pledge", "verification", "action"].map(|key| issue(&scenario, key));
    let beyond = Package::new(&[1, 0, 2]);
    let not_offered = [
        (Decision::Propose { package: unsignable }, Reason::OffAgenda(pledge)),
        (Decision::Propose { package: beyond }, Reason::OutsideMandate(verification)),
        (Decision::Ratify {}, Reason::OtherSeat),
        (Decision::Strike { against: party(&scenario, "pakistan") }, Reason::OtherSeat),
        (Decision::State { statement: Statement::Blame }, Reason::OtherSeat),
        (Decision::Reopen { issue: action }, Reason::SoAlready),
    ];
    for (decision, reason) in not_offered {
        let refused = session.decide(0, seat, decision.clone());
        assert_eq!(refused, Err(Refusal::NotOffered { seat, decision, reason }));
    }
    let words = Reason::RedLine(action).words(&scenario.cast);
    assert_eq!(words, "the capital never goes there on action on the TTP");
    for other in [seat_named(&scenario, "delegation:pakistan"), Seat::Mediator(MediatorIx(200))] {
        let refused = session.decide(0, other, Decision::Accept {});
        assert_eq!(refused, Err(Refusal::NotAsked { seat: other }));
    }
    let nobody = session.hand(0, Seat::Capital(PartyIx(9)), true);
    assert_eq!(nobody, Err(Refusal::Unknown { what: "seat" }));
    assert_eq!(session.inject(0, ShockIx(99)), Err(Refusal::Unknown { what: "shock" }));
    assert!(stood(&session) == before, "a refusal changed the table");

    session.decide(0, seat, Decision::Accept {}).unwrap();
    let before = stood(&session);
    for decision in [Decision::Accept {}, Decision::WalkOut {}, Decision::ChangeSubject {}] {
        let refused = session.decide(0, seat, decision.clone());
        assert_eq!(refused, Err(Refusal::Decided { seat, decision }));
    }
    assert!(stood(&session) == before, "a refusal changed the table");
    session.decide(0, seat, HOLD).unwrap();
    assert_eq!(session.decide(0, seat, HOLD), Err(Refusal::NotAsked { seat }));
}

#[test]
fn a_planned_decision_that_is_not_offered_is_told_with_its_turn() {
    let scenario = scenario(FLAGSHIP);
    let (turn, seat) = (3, seat_named(&scenario, "delegation:pakistan"));
    let (stage, decision) = (Stage::Delegations, Decision::Accept {});
    let input = Input::Decided { turn, stage, mover: 0, seat, decision };
    let refused = run(&scenario, lineage(1), vec![input.clone()]).unwrap_err();
    assert_eq!((refused.input.turn(), refused.refusal), (3, Refusal::NotAsked { seat }));
    assert_eq!(refused.input, input);
}

#[test]
fn a_seat_that_always_holds_brings_every_run_to_its_end() {
    let scenario = scenario(FLAGSHIP);
    let seats = [
        seat_named(&scenario, "capital:pakistan"),
        seat_named(&scenario, "delegation:afghanistan"),
        seat_named(&scenario, "mediator:qatar"),
        seat_named(&scenario, "constituency:afghanistan/kandahar"),
    ];
    for seed in 0..8 {
        for seat in seats {
            let mut session = with_outside(&scenario, seed, &[seat]);
            let record = answered(&mut session, |_, _| None);
            let decided = pick(&record.chronicle, |event| match event {
                Event::DecidedOutside { .. } => Some(()),
                _ => None,
            });
            assert_eq!(decided.count(), 0, "holding is no decision");
        }
    }
}

#[test]
fn a_standing_order_is_kept_until_something_changes() {
    let scenario = scenario(FLAGSHIP);
    let asked = |until_something_changes: bool| {
        let seat = seat_named(&scenario, "capital:pakistan");
        let mut session = with_outside(&scenario, 2, &[seat]);
        let mut n_asked = 0;
        loop {
            go_on(&mut session);
            if session.status(0) == Status::Ended {
                return (n_asked, session.chronicle(0).digest(&scenario.cast));
            }
            n_asked += 1;
            session.decide(0, seat, Decision::Hold { until_something_changes }).unwrap();
        }
    };
    let ((often, held), (seldom, stood)) = (asked(false), asked(true));
    assert!(seldom > 3 && seldom * 2 < often, "asked {seldom} times instead of {often}");
    assert_eq!(held, stood, "either way nothing is decided");
}

#[test]
fn a_delegation_that_accepts_brings_agreements() {
    let scenario = scenario(FLAGSHIP);
    let agreed = |record: &RunRecord| {
        pick(&record.chronicle, |event| match event {
            Event::AgreementReached { round, .. } => Some(*round),
            _ => None,
        })
        .count()
    };
    let accepting = |seed| {
        let seats = [
            seat_named(&scenario, "delegation:afghanistan"),
            seat_named(&scenario, "delegation:pakistan"),
        ];
        let mut session = with_outside(&scenario, seed, &seats);
        let accept = Decision::Accept {};
        agreed(&answered(&mut session, |session, seat| {
            is_offered(session, seat, &accept).then(|| accept.clone())
        }))
    };
    let with: usize = (0..12).map(accepting).sum();
    assert!(with > 0, "nobody agreed in twelve runs");
}

#[test]
fn undoing_goes_back_to_just_before() {
    let scenario = scenario(FLAGSHIP);
    let seats =
        [seat_named(&scenario, "delegation:pakistan"), seat_named(&scenario, "capital:pakistan")];
    let mut session = with_outside(&scenario, 4, &seats);
    for n_questions in 1..80_usize {
        go_on(&mut session);
        if session.status(0) == Status::Ended {
            break;
        }
        let (chronicle, inputs) = (session.chronicle(0).clone(), session.inputs(0).to_vec());
        let (questions, turn) = (session.questions(0).to_vec(), session.turn(0));
        let seat = questions[0].seat;
        let wish = questions[0].choices.iter().find_map(|choice| match choice {
            Choice::One(decision) if !matches!(decision, Decision::Recall {}) => Some(decision),
            _ => None,
        });
        let wish = wish.filter(|_| n_questions % 2 == 0).cloned();
        if let Some(decision) = wish {
            session.decide(0, seat, decision).unwrap();
        }
        session.decide(0, seat, HOLD).unwrap();
        go_on(&mut session);

        let mut undone = Session::new(scenario.clone(), 1);
        undone.seat(0, lineage(4), inputs.clone(), true);
        go_on(&mut undone);
        assert_eq!((undone.turn(0), undone.questions(0)), (turn, &questions[..]));
        assert!(*undone.chronicle(0) == chronicle, "undone, question {n_questions}");
        assert_eq!(undone.inputs(0), inputs);
    }
}

#[test]
fn a_table_is_taken_up_again_in_the_middle_of_a_part_of_a_turn() {
    let scenario = scenario(FLAGSHIP);
    let seat = seat_named(&scenario, "capital:pakistan");
    let mut session = with_outside(&scenario, 4, &[seat]);
    go_on(&mut session);
    let threat = Decision::State { statement: Statement::Threaten };
    session.decide(0, seat, threat).unwrap();
    // Not held yet: the seat may still decide on other matters, also after a restart.
    let mut resumed = Session::new(scenario.clone(), 1);
    resumed.seat(0, lineage(4), session.inputs(0).to_vec(), true);
    go_on(&mut resumed);
    assert_eq!(resumed.turn(0), session.turn(0));
    assert_eq!(resumed.questions(0), session.questions(0));
}

#[test]
fn a_part_of_a_turn_left_to_the_policy_replays() {
    let scenario = scenario(FLAGSHIP);
    let seat = seat_named(&scenario, "delegation:afghanistan");
    let mut session = with_outside(&scenario, 6, &[seat]);
    for n_asked in 0.. {
        go_on(&mut session);
        if session.status(0) == Status::Ended {
            break;
        }
        if n_asked % 4 == 1 {
            session.leave_to_policy(0, seat).unwrap();
        } else {
            session.decide(0, seat, HOLD).unwrap();
        }
    }
    let record = session.record(0);
    let again = run(&scenario, record.lineage, record.inputs.clone()).unwrap();
    assert!(again.chronicle == record.chronicle, "the replay takes another course");
    assert_eq!(again.inputs, record.inputs, "the replay has other inputs");
}

#[test]
fn a_seat_nobody_sits_at_any_more_goes_back_to_the_policy() {
    let scenario = scenario(FLAGSHIP);
    let mut session = with_outside(&scenario, 1, &[seat_named(&scenario, "capital:pakistan")]);
    go_on(&mut session);
    hand_back(&mut session, 0);
    go_on(&mut session);
    assert_eq!(session.status(0), Status::Ended);
    let mut policy = seated(&scenario, lineage(1));
    go_on(&mut policy);
    assert!(*session.chronicle(0) == *policy.chronicle(0), "it was as if nobody had sat there");
}

#[test]
fn a_delegation_speaks_in_public_as_a_capital_does() {
    let scenario = scenario(FLAGSHIP);
    let seat = seat_named(&scenario, "delegation:afghanistan");
    let mut session = with_outside(&scenario, 1, &[seat]);
    let threat = Decision::State { statement: Statement::Threaten };
    let record = answered(&mut session, |_, _| Some(threat.clone()));
    let decided = record
        .inputs
        .iter()
        .filter(|input| matches!(input, Input::Decided { decision, .. } if *decision == threat));
    let said = pick(&record.chronicle, |event| match event {
        Event::StatementMade { party, statement: Statement::Threaten, .. } => Some(*party),
        _ => None,
    });
    let said = said.filter(|party| seat.party() == Some(*party)).count();
    let decided = decided.count();
    assert!(said >= decided, "it threatened {decided} times, and {said} threats were heard");
}
