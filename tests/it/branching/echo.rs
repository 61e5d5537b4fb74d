//! Echo: what the policy decided, read off its chronicle and decided again by somebody outside.
//!
//! The policy's orders are no inputs, but each leaves its own event, so they can be told from the
//! chronicle. Decided from outside at every seat they must give the same chronicle, but for the
//! notes that somebody outside decided: a person has the same moves as the policy, and no others.

use std::sync::Arc;

use demarche_domain::index::PartyIx;
use demarche_engine::questions::Asking;
use demarche_engine::scenario::{Effect, Scenario};
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::chronicle::Chronicle;
use demarche_record::decision::Decision;
use demarche_record::event::{Answer, Event};
use demarche_record::seat::{Seat, Stage};
use support::runs::{FLAGSHIP, chronicles, go_on, lineage, scenario};

use super::HOLD;

/// Who decided what in which part of a turn, as far as an event tells.
fn decision(event: &Event) -> Option<(Stage, Seat, Decision)> {
    let (seat, decision) = capital(event).or_else(|| mediator(event)).map_or_else(
        || delegation(event).map(|(party, decision)| (Seat::Delegation(party), decision)),
        Some,
    )?;
    let stage = match seat {
        Seat::Delegation(_) => Stage::Delegations,
        _ => Stage::Capitals,
    };
    Some((stage, seat, decision))
}

fn capital(event: &Event) -> Option<(Seat, Decision)> {
    let (party, decision) = match *event {
        Event::HomeReplied { party, answer, .. } => (
            party,
            match answer {
                Answer::Extended => Decision::ExtendMandate {},
                Answer::Refused => Decision::Refuse {},
                Answer::Deferred => Decision::Defer {},
                Answer::Revoked => Decision::Revoke {},
            },
        ),
        Event::StrikeCarriedOut { by, against, .. } => (by, Decision::Strike { against }),
        Event::GroupCurbed { by, group } => (by, Decision::Curb { group }),
        Event::GroupReleased { by, group } => (by, Decision::Release { group }),
        Event::CrossingsShut { by } => (by, Decision::ShutCrossings {}),
        Event::CrossingsOpened { by, .. } => (by, Decision::OpenCrossings {}),
        Event::StatementMade { party, statement, at_close: false } => {
            (party, Decision::State { statement })
        }
        _ => return None,
    };
    Some((Seat::Capital(party), decision))
}

fn mediator(event: &Event) -> Option<(Seat, Decision)> {
    let (mediator, decision) = match *event {
        Event::CaucusHeld { mediator, party } => (mediator, Decision::Caucus { party }),
        Event::MessageCarried { mediator, from, to } => {
            (mediator, Decision::CarryMessage { from, to })
        }
        Event::TextTabled { mediator, text } => (mediator, Decision::TableText { text }),
        Event::GuaranteeOffered { mediator } => (mediator, Decision::OfferGuarantee {}),
        Event::InducementOffered { mediator, party, .. } => {
            (mediator, Decision::OfferInducement { party })
        }
        Event::PartyPressed { mediator, party } => (mediator, Decision::Press { party }),
        Event::RecessCalled { mediator } => (mediator, Decision::ProposeRecess {}),
        Event::BringBackTried { mediator, party, .. } => (mediator, Decision::BringBack { party }),
        _ => return None,
    };
    Some((Seat::Mediator(mediator), decision))
}

fn delegation(event: &Event) -> Option<(PartyIx, Decision)> {
    Some(match *event {
        Event::OfferTabled { party, package, .. } => (party, Decision::Propose { package }),
        Event::TextAccepted { party } => (party, Decision::Accept {}),
        Event::IssueAccepted { party, rung } => {
            (party, Decision::AcceptIssue { issue: rung.issue })
        }
        Event::HomeAsked { party, rung, .. } => (party, Decision::AskHome { issue: rung.issue }),
        Event::TalksStalled { party, reopened: Some(issue) } => (party, Decision::Reopen { issue }),
        Event::TalksStalled { party, reopened: None } => (party, Decision::ChangeSubject {}),
        Event::WalkedOut { party, .. } => (party, Decision::WalkOut {}),
        _ => return None,
    })
}

/// What was decided at home, after the delegations had met.
fn at_home(event: &Event) -> Option<(Stage, Seat, Decision)> {
    let (seat, decision) = match *event {
        Event::ConstituencyHeard { seat, consents, .. } => {
            (seat, if consents { Decision::Consent {} } else { Decision::Veto {} })
        }
        Event::RatificationDecided { party, ratified, .. } => {
            let refuse = Decision::RefuseToRatify {};
            (Seat::Capital(party), if ratified { Decision::Ratify {} } else { refuse })
        }
        Event::StatementMade { party, statement, at_close: true } => {
            (Seat::Capital(party), Decision::State { statement })
        }
        _ => return None,
    };
    Some((Stage::Home, seat, decision))
}

/// All that was decided, turn by turn. Strikes that a shock brought were decided by nobody.
fn decisions(scenario: &Scenario, chronicle: &Chronicle) -> Vec<(u32, Stage, Seat, Decision)> {
    let mut found = Vec::new();
    let mut struck: Vec<(u32, PartyIx, PartyIx)> = Vec::new();
    for entry in &chronicle.entries {
        let turn = entry.turn;
        match &entry.event {
            Event::ShockStruck { shock, .. } => {
                struck.extend(scenario.shocks[shock.ix()].effects.iter().filter_map(|effect| {
                    let &Effect::Strike { by, against } = effect else { return None };
                    Some((turn, by, against))
                }));
            }
            Event::StrikeCarriedOut { by, against, .. }
                if struck.contains(&(turn, *by, *against)) =>
            {
                struck.retain(|one| *one != (turn, *by, *against));
            }
            event => {
                let decided = decision(event).or_else(|| at_home(event));
                found.extend(decided.map(|(stage, seat, decision)| (turn, stage, seat, decision)));
            }
        }
    }
    found
}

/// The same run, with every seat outside and every decision of the policy taken there.
fn echoed(scenario: &Arc<Scenario>, seed: u64, policy: &Chronicle) -> Chronicle {
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, lineage(seed), Vec::new(), true);
    for seat in Asking::at(session.world(), 0).seats() {
        session.hand(0, seat, true).unwrap();
    }
    let mut decided = decisions(scenario, policy);
    loop {
        go_on(&mut session);
        if session.status(0) == Status::Ended {
            assert!(decided.is_empty(), "seed {seed}: never asked for {:?}", decided[0]);
            return session.chronicle(0).clone();
        }
        let (seat, turn) = (session.questions(0)[0].seat, session.turn(0));
        let stage = stage_of(&session);
        let is_due =
            |at: &mut (u32, Stage, Seat, Decision)| (at.0, at.1, at.2) == (turn, stage, seat);
        for (.., decision) in decided.extract_if(.., is_due) {
            let taken = session.decide(0, seat, decision);
            taken.unwrap_or_else(|refusal| panic!("seed {seed}, turn {turn}: {refusal:?}"));
        }
        session.decide(0, seat, HOLD).unwrap();
    }
}

/// The part of the turn that a table waits in, told by what is asked there.
fn stage_of(session: &Session) -> Stage {
    let tables = session.world().resource::<demarche_engine::table::Tables>();
    tables.list[0].stage
}

/// Whether the policy curbs a group for show. Somebody outside means what they do (Attacks R5), so
/// that what follows is another run.
fn curbs_for_show(policy: &Chronicle) -> bool {
    let mut insincere = Vec::new();
    policy.events().any(|event| {
        if let Event::CapitalDrawn { party, sincere: false, .. } = event {
            insincere.push(*party);
        }
        matches!(event, Event::GroupCurbed { by, .. } if insincere.contains(by))
    })
}

#[track_caller]
fn check(key: &str, seeds: std::ops::Range<u64>) {
    let scenario = scenario(key);
    for (seed, policy) in chronicles(&scenario, seeds) {
        if curbs_for_show(&policy) {
            continue;
        }
        let mut echo = echoed(&scenario, seed, &policy);
        echo.entries.retain(|entry| !matches!(entry.event, Event::DecidedOutside { .. }));
        let differs = policy.entries.iter().zip(&echo.entries).find(|(a, b)| a != b);
        assert!(differs.is_none(), "{key}, seed {seed}: {differs:#?}");
        assert_eq!(policy.entries.len(), echo.entries.len(), "{key}, seed {seed}");
    }
}

#[test]
fn the_policy_has_no_moves_that_a_person_lacks() {
    check(FLAGSHIP, 0..30);
}

#[test]
fn offers_put_in_turn_can_be_put_from_outside() {
    check("textbook/splitting-a-sum", 0..2);
    check("textbook/symmetric-dispute", 0..8);
    check("textbook/two-issue-trade-off", 0..2);
    check("textbook/no-zone-of-agreement", 0..1);
}
