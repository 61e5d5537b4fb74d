//! A small run made by hand, in which every kind of event happens, to be read aloud.

use demarche_domain::index::{
    ConstituencyIx, GroupIx, IssueIx, MediatorIx, OutcomeIx, PartyIx, RoundIx, ShockIx,
};
use demarche_domain::package::Package;
use demarche_domain::region::Region;

use crate::cast::{Cast, IssueWords, Named, PartyWords, RoundWords, RungWords};
use crate::chronicle::{Chronicle, Entry, digest};
use crate::decision::{Decision, Input, Statement};
use crate::event::{Answer, Ending, Event, Objection, TrustCause};
use crate::format::{Lineage, RunRecord};
use crate::legible::Words;
use crate::seat::{Seat, Stage};
use crate::wire::RungOf;

const P: PartyIx = PartyIx(0);
const A: PartyIx = PartyIx(1);
const QATAR: MediatorIx = MediatorIx(0);
const TURKIYE: MediatorIx = MediatorIx(1);
const STATES: MediatorIx = MediatorIx(2);
const TTP: GroupIx = GroupIx(0);

fn named(key: &str, name: &str) -> Named {
    Named { key: key.to_owned(), name: name.to_owned() }
}

fn issue(key: &str, name: &str, rungs: &[&str]) -> IssueWords {
    let words = |rung: &&str| RungWords { key: rung.replace(' ', "-"), words: (*rung).to_owned() };
    IssueWords { named: named(key, name), rungs: rungs.iter().map(words).collect() }
}

/// A party that never signs what is beyond these rungs.
fn party(name: [&str; 3], constituencies: &[Named], ceiling: [u8; 5]) -> PartyWords {
    let [key, name, capital] = name;
    PartyWords {
        named: named(key, name),
        capital: capital.to_owned(),
        constituencies: constituencies.to_vec(),
        red_lines: Region { floor: Package::STATUS_QUO, ceiling: Package::new(&ceiling) },
    }
}

pub(super) fn cast() -> Cast {
    let round = |key, name| RoundWords { named: named(key, name), venue: name.to_owned() };
    Cast {
        title: "Pakistan and Afghanistan: the talks in Doha and Istanbul".to_owned(),
        starts: "2025-10-15T18:00".to_owned(),
        time_zone: "Pakistan time".to_owned(),
        turn_hours: 3.0,
        parties: vec![
            party(
                ["islamabad", "Pakistan", "Islamabad"],
                &[named("army", "the army")],
                [2, 2, 3, 2, 2],
            ),
            party(
                ["kabul", "Afghanistan", "Kabul"],
                &[named("kandahar", "the leadership in Kandahar"), named("cabinet", "The cabinet")],
                [2, 2, 3, 1, 2],
            ),
        ],
        issues: vec![
            issue("ceasefire", "the ceasefire", &["none", "48 hours", "open-ended"]),
            issue("pledge", "the pledge on Afghan soil", &["none", "verbal", "written"]),
            issue(
                "verification",
                "verification",
                &["none", "hotline", "joint body", "third party"],
            ),
            issue("ttp", "action on the TTP", &["none", "relocate", "curb and arrest"]),
            issue("crossings", "the crossings", &["shut", "phased", "open"]),
        ],
        mediators: vec![
            named("qatar", "Qatar"),
            named("turkiye", "Türkiye"),
            named("united-states", "The United States"),
        ],
        groups: vec![named("ttp", "the TTP")],
        crossings: vec![named("torkham", "Torkham"), named("chaman", "Chaman")],
        rounds: vec![
            round("doha", "Doha"),
            round("istanbul", "Istanbul"),
            round("riyadh", "Riyadh"),
        ],
        outcomes: vec![
            named("agreement", "verified agreement"),
            named("collapse", "collapse, while the truce holds"),
        ],
        shocks: vec![named("visit", "the Indian foreign minister receives a visitor from Kabul")],
    }
}

fn rung(issue: u8, rung: u8) -> RungOf {
    RungOf { issue: IssueIx(issue), rung }
}

pub(super) fn weighed(
    party: PartyIx,
    text: Package,
    objection: Objection,
    outside: &[u8],
) -> Event {
    Event::TextWeighed {
        party,
        text,
        gain: 0.1,
        aspiration: 0.2,
        by_issue: vec![0.1, 0.0, -0.05, -0.1, 0.1],
        if_kept: vec![0.1, 0.0, -0.05, -0.1, 0.1],
        audience: vec![0.0; 5],
        relief: vec![0.0; 5],
        outside: outside.iter().map(|at| IssueIx(*at)).collect(),
        objection,
    }
}

fn doubted(party: PartyIx, text: Package) -> Event {
    let mut event = weighed(party, text, Objection::Loss, &[]);
    if let Event::TextWeighed { gain, if_kept, .. } = &mut event {
        *gain = -0.05;
        if_kept[1] = 0.1;
    }
    event
}

fn recorded(fighting: f64, open_share: f64, trust: [f64; 2]) -> Event {
    Event::TurnRecorded {
        fighting,
        open_share,
        shut_by: if open_share > 0.5 { Vec::new() } else { vec![P] },
        pain: vec![0.1; 2],
        trust: vec![1.0, trust[0], trust[1], 1.0],
        impatience: vec![0.0; 2],
        gains: vec![0.0; 2],
        aspirations: vec![0.0; 2],
    }
}

fn trust(of: PartyIx, toward: PartyIx, (from, to): (f64, f64), cause: TrustCause) -> Event {
    Event::TrustMoved { of, toward, from, to, cause }
}

fn asked(party: PartyIx, rung: RungOf) -> Event {
    Event::HomeAsked { party, rung, gain: 0.1 }
}

fn replied(party: PartyIx, rung: RungOf, answer: Answer, waited_turns: u32) -> Event {
    let rung = Some(rung);
    Event::HomeReplied { party, rung, answer, waited_turns, gain: 0.1, stalling: 0.0 }
}

fn counted(count: u32, salient: u32) -> Event {
    Event::AttacksCounted { group: TTP, count, salient }
}

fn struck() -> Event {
    Event::AttackStruck { group: TTP, target: P, severity: 1.4 }
}

fn spoke(party: PartyIx, statement: Statement, at_close: bool) -> Event {
    Event::StatementMade { party, statement, at_close }
}

fn before_the_talks() -> Vec<(u32, Vec<Event>)> {
    let drawn = |party, sincere| Event::CapitalDrawn {
        party,
        sincere,
        capacity: 0.6,
        stall_value: 0.2,
        temper: 0.0,
    };
    let strike = |by, against, in_answer, fighting| Event::StrikeCarriedOut {
        by,
        against,
        in_answer,
        fighting,
    };
    vec![
        (0, vec![drawn(P, true), drawn(A, false), recorded(0.3, 0.8, [0.34, 0.3])]),
        (
            2,
            vec![
                counted(3, 2),
                struck(),
                struck(),
                strike(P, A, false, 0.5),
                strike(A, P, true, 0.72),
                trust(P, A, (0.34, 0.24), TrustCause::Attacks),
                trust(A, P, (0.3, 0.22), TrustCause::Strikes),
                trust(P, A, (0.24, 0.22), TrustCause::Strikes),
                Event::CrossingsShut { by: P },
                Event::CrossingsShut { by: A },
                recorded(0.72, 0.0, [0.22, 0.22]),
            ],
        ),
        (8, vec![counted(4, 0), recorded(0.5, 0.0, [0.22, 0.22])]),
        (14, vec![counted(5, 0), Event::GroupCurbed { by: A, group: TTP }]),
    ]
}

fn doha() -> Vec<(u32, Vec<Event>)> {
    let first = Package::new(&[1, 1]);
    let second = Package::new(&[2, 2]);
    vec![
        (
            23,
            vec![
                Event::RoundOpened { round: RoundIx(0), closes_turn: 31 },
                Event::MomentRipened { least_gain: 0.1 },
                Event::CaucusHeld { mediator: QATAR, party: P },
                Event::CaucusHeld { mediator: QATAR, party: A },
                Event::MessageCarried { mediator: TURKIYE, from: P, to: A },
                Event::MessageCarried { mediator: TURKIYE, from: A, to: P },
                recorded(0.45, 0.0, [0.22, 0.22]),
            ],
        ),
        (
            24,
            vec![
                Event::TextTabled { mediator: QATAR, text: first },
                weighed(P, first, Objection::Aspiration, &[]),
                weighed(A, first, Objection::Mandate, &[1]),
                asked(A, rung(1, 1)),
                recorded(0.45, 0.0, [0.22, 0.22]),
            ],
        ),
        (
            27,
            vec![
                replied(A, rung(1, 1), Answer::Extended, 3),
                Event::MandateChanged {
                    party: A,
                    floor: rung(1, 0),
                    ceiling: rung(1, 2),
                    asked: true,
                },
                Event::TextTabled { mediator: QATAR, text: second },
                weighed(P, second, Objection::None, &[]),
                Event::TextAccepted { party: P },
                weighed(A, second, Objection::None, &[]),
                Event::TextAccepted { party: A },
                Event::TextInitialled { text: second },
                recorded(0.4, 0.0, [0.22, 0.22]),
            ],
        ),
    ]
}

fn doha_ratifies() -> Vec<(u32, Vec<Event>)> {
    let second = Package::new(&[2, 2]);
    let ratified =
        |party| Event::RatificationDecided { party, ratified: true, gain: 0.2, stalling: 0.0 };
    let heard = |party, constituency| Event::ConstituencyHeard {
        seat: Seat::Constituency(party, ConstituencyIx(constituency)),
        consents: true,
        gain: 0.1,
    };
    vec![(
        28,
        vec![
            heard(P, 0),
            ratified(P),
            heard(A, 0),
            heard(A, 1),
            ratified(A),
            Event::AgreementReached { round: RoundIx(0), text: second },
            Event::TruceBegan {},
            Event::RoundClosed {
                round: RoundIx(0),
                ending: Ending::Agreement,
                left_by: None,
                text: Some(second),
            },
            spoke(P, Statement::ShareCredit, true),
            spoke(A, Statement::ShareCredit, true),
            recorded(0.1, 0.0, [0.3, 0.23]),
        ],
    )]
}

fn between_rounds() -> Vec<(u32, Vec<Event>)> {
    vec![
        (40, vec![counted(9, 0), Event::GroupReleased { by: A, group: TTP }]),
        (
            66,
            vec![
                Event::ShockStruck { shock: ShockIx(0), injected: false },
                Event::Announced { words: Words::of("Fruit rots at the crossings.").unwrap() },
                trust(P, A, (0.3, 0.25), TrustCause::Shock),
                Event::CrossingsOpened { by: A, flowing: false },
                Event::MomentPassed {},
                Event::TruceBroke { fighting: 0.5 },
                recorded(0.5, 0.1, [0.25, 0.23]),
            ],
        ),
        (70, vec![Event::TruceBegan {}, recorded(0.05, 0.1, [0.25, 0.23])]),
        (71, vec![Event::TruceLapsed {}, recorded(0.05, 0.1, [0.25, 0.23])]),
        (72, vec![Event::TruceBegan {}, recorded(0.05, 0.1, [0.25, 0.23])]),
    ]
}

fn istanbul_begins() -> Vec<(u32, Vec<Event>)> {
    let draft = Package::new(&[2, 2, 2, 1, 1]);
    vec![
        (
            79,
            vec![
                Event::RoundOpened { round: RoundIx(1), closes_turn: 103 },
                Event::OfferTabled {
                    party: P,
                    package: Package::new(&[2, 2, 3, 2]),
                    gain: 0.4,
                    aspiration: 0.4,
                },
                weighed(A, Package::new(&[2, 2, 3, 2]), Objection::RedLine, &[3]),
                recorded(0.05, 0.1, [0.25, 0.23]),
            ],
        ),
        (
            82,
            vec![
                Event::TextTabled { mediator: TURKIYE, text: draft },
                weighed(P, draft, Objection::Aspiration, &[]),
                weighed(A, draft, Objection::Mandate, &[2, 3]),
                asked(A, rung(2, 2)),
                Event::IssueAccepted { party: A, rung: rung(0, 2) },
                Event::IssueAccepted { party: A, rung: rung(1, 2) },
                Event::IssueBracketed { party: A, issue: IssueIx(3) },
            ],
        ),
        (
            85,
            vec![
                counted(2, 1),
                struck(),
                trust(P, A, (0.25, 0.18), TrustCause::Attacks),
                replied(A, rung(2, 2), Answer::Deferred, 3),
                Event::OfferTabled {
                    party: P,
                    package: Package::new(&[2, 2, 2, 2]),
                    gain: 0.35,
                    aspiration: 0.35,
                },
                Event::TalksStalled { party: A, reopened: None },
                Event::TalksStalled { party: A, reopened: Some(IssueIx(1)) },
                Event::DecidedOutside { seat: Seat::Mediator(STATES) },
                Event::PartyPressed { mediator: STATES, party: A },
                Event::InducementOffered { mediator: STATES, party: A, worth: 0.1 },
                Event::GuaranteeOffered { mediator: QATAR },
                Event::MessageCarried { mediator: QATAR, from: A, to: P },
            ],
        ),
    ]
}

fn istanbul_ends() -> Vec<(u32, Vec<Event>)> {
    let draft = Package::new(&[2, 2, 1, 1, 2]);
    let last = Package::new(&[2, 2, 1, 2, 2]);
    vec![
        (
            92,
            vec![
                Event::TextTabled { mediator: TURKIYE, text: draft },
                weighed(P, draft, Objection::Aspiration, &[]),
                weighed(A, draft, Objection::Aspiration, &[]),
                Event::RecessCalled { mediator: TURKIYE },
            ],
        ),
        (
            99,
            vec![
                Event::MandateChanged {
                    party: P,
                    floor: rung(3, 2),
                    ceiling: rung(3, 2),
                    asked: false,
                },
                spoke(P, Statement::Threaten, false),
                Event::RoundExtended { round: RoundIx(1), closes_turn: 111 },
                Event::TextTabled { mediator: TURKIYE, text: last },
                weighed(P, last, Objection::None, &[]),
                Event::TextAccepted { party: P },
                doubted(A, last),
                Event::TextReferred { party: P, gain: 0.2 },
                asked(A, rung(3, 2)),
                recorded(0.05, 0.1, [0.18, 0.23]),
            ],
        ),
        (
            105,
            vec![
                replied(A, rung(3, 2), Answer::Revoked, 6),
                Event::AcceptanceRevoked { party: A, gain: -0.1 },
                trust(P, A, (0.18, 0.1), TrustCause::Reneging),
                Event::DelegationRecalled { party: A },
            ],
        ),
        (
            110,
            vec![
                Event::WalkedOut {
                    party: P,
                    impatience: 1.2,
                    from_waiting: 0.2,
                    from_refusals: 0.3,
                    from_stalling: 0.6,
                    from_attacks: 0.2,
                },
                Event::BringBackTried { mediator: QATAR, party: P, returned: false },
                Event::RoundClosed {
                    round: RoundIx(1),
                    ending: Ending::WalkOut,
                    left_by: Some(P),
                    text: Some(last),
                },
                spoke(P, Statement::Blame, true),
                spoke(A, Statement::KeepSilent, true),
                recorded(0.05, 0.0, [0.1, 0.22]),
            ],
        ),
    ]
}

fn the_end() -> Vec<(u32, Vec<Event>)> {
    let second = Package::new(&[2, 2]);
    vec![
        (112, vec![Event::RoundSkipped { round: RoundIx(2) }]),
        (
            124,
            vec![
                counted(6, 0),
                recorded(0.3, 0.0, [0.1, 0.22]),
                Event::RunEnded {
                    outcome: OutcomeIx(1),
                    in_force: second,
                    blocking_issue: Some(IssueIx(3)),
                    blocking_party: Some(A),
                    still_acceptable: vec![
                        Some(Package::new(&[2, 2, 1, 2, 2])),
                        Some(Package::new(&[2, 2, 1, 1, 2])),
                    ],
                },
                Event::TruceDurability {
                    lasts_days: 44.2,
                    holds_30_days: 0.71,
                    holds_90_days: 0.5,
                },
            ],
        ),
    ]
}

/// The entries of all turns; where nothing is written above, the world stays as it was.
fn every_turn(turns: impl Iterator<Item = (u32, Vec<Event>)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut world = recorded(0.0, 1.0, [0.0; 2]);
    let mut next = 0;
    for (turn, mut events) in turns {
        for quiet in next..turn {
            entries.push(Entry { turn: quiet, event: world.clone() });
        }
        if let Some(at) = events.iter().position(|e| matches!(e, Event::TurnRecorded { .. })) {
            world = events[at].clone();
        } else {
            events.push(world.clone());
        }
        entries.extend(events.into_iter().map(|event| Entry { turn, event }));
        next = turn + 1;
    }
    entries
}

/// The run; a digest and a version stand in for real ones.
pub(super) fn record() -> RunRecord {
    let parts = [
        before_the_talks(),
        doha(),
        doha_ratifies(),
        between_rounds(),
        istanbul_begins(),
        istanbul_ends(),
        the_end(),
    ];
    let chronicle = Chronicle { entries: every_turn(parts.into_iter().flatten()) };
    RunRecord {
        model: "0.1.0".to_owned(),
        scenario: "test".to_owned(),
        scenario_digest: digest(b"test"),
        lineage: Lineage { seed: 42, branch: None, over_ranges: None },
        inputs: vec![Input::Decided {
            turn: 85,
            stage: Stage::Capitals,
            mover: 0,
            seat: Seat::Mediator(STATES),
            decision: Decision::Press { party: A },
        }],
        chronicle,
    }
}
