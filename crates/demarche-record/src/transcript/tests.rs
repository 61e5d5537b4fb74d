//! The dispatch of the sample record: its parts, its width, and what it must not say.

use demarche_domain::index::{ConstituencyIx, IssueIx, MediatorIx, OutcomeIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use textwrap::core::display_width;

use super::sample::{cast, record};
use super::{Dispatch, Front, tell};
use crate::cast::Cast;
use crate::chronicle::Entry;
use crate::decision::Statement;
use crate::event::{Ending, Event, Objection};
use crate::format::{Heading, RunRecord};
use crate::seat::Seat;
use crate::wire::RungOf;

/// The sample as it should read: change it on purpose, and read it aloud.
const EXPECTED: &str = include_str!("sample.txt");

fn told(width: usize) -> String {
    tell(&record(), &cast(), width, None)
}

#[test]
fn the_sample_reads_as_it_should() {
    let told = told(88);
    assert!(told == EXPECTED, "the sample now reads:\n{told}");
}

#[test]
fn every_kind_of_event_is_in_the_sample() {
    let (record, cast) = (record(), cast());
    assert_eq!(record.chronicle.digest(&cast).len(), 64);
    for kind in Event::DICTIONARY {
        let found = record.chronicle.events().any(|event| event.word() == kind.word);
        assert!(found, "no `{}` in the sample", kind.word);
    }
}

#[test]
fn a_run_read_from_its_file_is_told_alike() {
    let (record, cast) = (record(), cast());
    let lines = record.to_lines(&cast);
    let read: RunRecord = Heading::read(&lines).unwrap().finish(&cast).unwrap();
    assert_eq!(read, record);
    assert_eq!(tell(&read, &cast, 88, None), EXPECTED);
}

#[test]
fn followed_turn_by_turn_it_reads_as_it_does_whole() {
    let (record, cast) = (record(), cast());
    let mut dispatch = Dispatch::new(&cast, 88);
    let mut text = dispatch.heading(&Front::from(&record));
    for turn in record.chronicle.entries.chunk_by(|a, b| a.turn == b.turn) {
        text.push_str(&dispatch.turn(turn));
    }
    assert_eq!(text + &dispatch.ending(&Front::from(&record)), EXPECTED);
}

/// Names as long, as wide and as ill-behaved as a file may hold.
fn difficult(mut cast: Cast) -> Cast {
    cast.title = "عنوان\tبہت لمبا ".repeat(12);
    cast.parties[0].named.name =
        "The Republic of Llanfairpwllgwyngyllgogerychwyrndrobwll".to_owned();
    cast.parties[1].named.name = "افغانستان\u{1b}[31m".to_owned();
    cast.issues[2].rungs[2].words = "共同机构".repeat(30);
    cast
}

#[test]
fn no_line_is_wider_than_the_page() {
    for cast in [cast(), difficult(cast())] {
        for width in 24..=120 {
            let text = tell(&record(), &cast, width, None);
            let widest = text.lines().max_by_key(|line| display_width(line)).unwrap();
            assert!(display_width(widest) <= width, "{width}: {widest}");
            assert!(!text.contains('\u{1b}'), "a control sequence got through");
        }
    }
}

#[test]
fn the_width_changes_nothing_but_the_lines() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for width in [0, 60, 100] {
        assert_eq!(words(&told(width)), words(EXPECTED));
    }
    assert!(told(0).lines().any(|line| line.starts_with("15:00  Talks open in Doha, due")));
}

#[test]
fn a_single_round_is_told_with_the_ending_and_without_the_rest() {
    let istanbul = tell(&record(), &cast(), 88, Some(RoundIx(1)));
    let (_, ending) = EXPECTED.split_once("How it ended").unwrap();
    assert!(istanbul.ends_with(ending));
    assert!(istanbul.contains("Talks open in Istanbul"));
    assert!(istanbul.contains("declared over by Pakistan"));
    for absent in ["Talks open in Doha", "Five days pass", "The truce breaks"] {
        assert!(!istanbul.contains(absent), "{absent}");
    }
    let doha = tell(&record(), &cast(), 88, Some(RoundIx(0)));
    assert!(doha.contains("with an agreement after") && !doha.contains("Talks open in Istanbul"));
}

#[test]
fn what_a_side_would_have_taken_is_told_against_the_last_text() {
    #[track_caller]
    fn check(own: Option<Package>, expected: &str) {
        let mut record = record();
        for entry in &mut record.chronicle.entries {
            if let Event::RunEnded { still_acceptable, .. } = &mut entry.event {
                still_acceptable[1] = own;
            }
        }
        let text = tell(&record, &cast(), 0, None);
        assert!(text.lines().any(|line| line == expected), "{text}");
    }
    check(None, "- There was no text that Afghanistan would still have taken.");
    let same = Package::new(&[2, 2, 1, 2, 2]);
    check(Some(same), "- Afghanistan would have taken the last text as it lay.");
    let less = Package::new(&[2, 2, 0, 1, 2]);
    let expected = "- Afghanistan would still have taken the last text with verification left open \
                    and action on the TTP at “relocate” instead of “curb and arrest”.";
    check(Some(less), expected);
}

#[test]
fn a_side_that_comes_round_to_what_another_thinks_is_told() {
    let cast = cast();
    let text = Package::new(&[1]);
    let weighed = |turn, party, objection| Entry {
        turn,
        event: super::sample::weighed(PartyIx(party), text, objection, &[]),
    };
    let mut dispatch = Dispatch::new(&cast, 0);
    let turn = [weighed(0, 0, Objection::Aspiration), weighed(0, 1, Objection::None)];
    assert!(dispatch.turn(&turn).contains("Afghanistan’s delegates could sign it"));
    let turn = [weighed(1, 0, Objection::Aspiration), weighed(1, 1, Objection::Aspiration)];
    let told = dispatch.turn(&turn);
    assert!(told.contains("Afghanistan’s delegates hope for more"), "{told}");
    assert!(!told.contains("Pakistan"), "said already: {told}");
    let turn = [weighed(2, 0, Objection::None), weighed(2, 1, Objection::None)];
    assert!(dispatch.turn(&turn).contains("Both delegations could sign that text"));
    assert_eq!(dispatch.turn(&[weighed(3, 0, Objection::None)]), "");
}

/// A turn told by itself.
fn told_of(cast: &Cast, events: Vec<Event>) -> String {
    let turn: Vec<Entry> = events.into_iter().map(|event| Entry { turn: 3, event }).collect();
    Dispatch::new(cast, 0).turn(&turn)
}

#[test]
fn a_persons_decision_is_told_without_the_policys_reasons() {
    let (cast, text) = (cast(), Package::new(&[1]));
    let seat = Seat::Delegation(PartyIx(0));
    let walks = Event::WalkedOut {
        party: PartyIx(0),
        impatience: 2.0,
        from_waiting: 1.0,
        from_refusals: 0.5,
        from_stalling: 0.0,
        from_attacks: 0.0,
    };
    let weighs = super::sample::weighed(PartyIx(0), text, Objection::Loss, &[]);
    let alone = told_of(&cast, vec![weighs.clone(), walks.clone()]);
    assert!(alone.contains("worth less than no deal") && alone.contains("patience spent"));
    let own = told_of(&cast, vec![Event::DecidedOutside { seat }, weighs, walks]);
    assert!(own.contains("Pakistan’s delegation walks out.\n"), "{own}");
    assert!(!own.contains("worth less"), "{own}");
    let refuses = Event::RatificationDecided {
        party: PartyIx(0),
        ratified: false,
        gain: -1.0,
        stalling: 0.0,
    };
    let capital = Event::DecidedOutside { seat: Seat::Capital(PartyIx(0)) };
    let own = told_of(&cast, vec![capital, refuses.clone()]);
    assert!(own.contains("Pakistan does not ratify the text.\n"), "{own}");
    assert!(told_of(&cast, vec![refuses]).contains("less than no deal"));
}

/// The sample's cast without fighting, frontier, groups, or capitals with names.
fn plain_cast() -> Cast {
    let mut plain = cast();
    (plain.groups, plain.crossings) = (Vec::new(), Vec::new());
    for party in &mut plain.parties {
        "home".clone_into(&mut party.capital);
        party.constituencies.clear();
    }
    plain
}

#[test]
fn what_a_scenario_does_not_model_is_not_told() {
    let cast = plain_cast();
    let drawn = |party| Event::CapitalDrawn {
        party: PartyIx(party),
        sincere: true,
        capacity: 1.0,
        stall_value: 0.0,
        temper: 0.0,
    };
    let recorded = |fighting| Event::TurnRecorded {
        fighting,
        open_share: 1.0,
        shut_by: Vec::new(),
        pain: Vec::new(),
        trust: vec![0.99; 4],
        impatience: Vec::new(),
        gains: Vec::new(),
        aspirations: Vec::new(),
    };
    let text = Package::new(&[1]);
    let events = |fighting| {
        vec![
            drawn(0),
            drawn(1),
            Event::RoundOpened { round: RoundIx(0), closes_turn: 9 },
            Event::OfferTabled { party: PartyIx(0), package: text, gain: 0.1, aspiration: 0.1 },
            Event::TextAccepted { party: PartyIx(1) },
            Event::TextInitialled { text },
            recorded(fighting),
        ]
    };
    let told = |fighting| {
        let entries = events(fighting).into_iter().map(|event| Entry { turn: 3, event });
        let chronicle = crate::chronicle::Chronicle { entries: entries.collect() };
        tell(&RunRecord { chronicle, ..record() }, &cast, 0, None)
    };
    let plain = told(0.0);
    for absent in ["fighting", "trust", "in a hundred", "consultation", "nobody", "home"] {
        assert!(!plain.contains(absent), "{absent}:\n{plain}");
    }
    assert!(plain.contains("Afghanistan’s delegates accept it. The offer is initialled."));
    assert!(told(0.3).contains("At the outset there is some fighting"));
}

#[test]
fn a_round_opens_by_its_place_or_else_by_its_name() {
    #[track_caller]
    fn check(name: &str, venue: &str, expected: &str) {
        let mut cast = cast();
        name.clone_into(&mut cast.rounds[0].named.name);
        venue.clone_into(&mut cast.rounds[0].venue);
        let told = told_of(&cast, vec![Event::RoundOpened { round: RoundIx(0), closes_turn: 9 }]);
        assert!(told.contains(&format!("  {expected}, due")), "{told}");
    }
    check("Doha", "Doha", "Talks open in Doha");
    check("Doha", "the palace in Doha", "Talks open in the palace in Doha");
    check("the talks", "the talks", "The talks open");
    check("the haggling", "the haggling", "Talks open: the haggling");
    check("Round 2", "Round 2", "Talks open: Round 2");
    check("the haggling", "Geneva", "The haggling: talks open in Geneva");
}

#[test]
fn an_acceptance_names_what_is_accepted() {
    let (cast, text) = (cast(), Package::new(&[2]));
    let offers = |party, rung| Event::OfferTabled {
        party: PartyIx(party),
        package: Package::new(&[rung]),
        gain: 0.1,
        aspiration: 0.1,
    };
    let accepts = || Event::TextAccepted { party: PartyIx(1) };
    let tabled = Event::TextTabled { mediator: MediatorIx(0), text };
    let told = told_of(&cast, vec![offers(0, 1), offers(1, 2), accepts()]);
    assert!(told.contains("delegates accept the offer of Pakistan, provided"), "{told}");
    // The last that was spoken of is an offer; what is accepted is the text.
    let told = told_of(&cast, vec![tabled, offers(0, 1), accepts()]);
    assert!(told.contains("delegates accept the text, provided"), "{told}");
}

#[test]
fn that_all_refuse_is_told_as_none_signing() {
    let (cast, text) = (cast(), Package::new(&[3]));
    let weighs = |party| super::sample::weighed(PartyIx(party), text, Objection::RedLine, &[]);
    let told = told_of(&cast, vec![weighs(0), weighs(1)]);
    let neither = "Neither delegation will sign that text: on the ceasefire it crosses a line";
    assert!(told.contains(neither), "{told}");
}

#[test]
fn a_line_that_is_crossed_is_named() {
    let (cast, text) = (cast(), Package::new(&[2, 2, 2, 2]));
    // The mandate reaches less far than the line: only the line is what they never cross.
    let weighs =
        |party| super::sample::weighed(PartyIx(party), text, Objection::RedLine, &[1, 2, 3]);
    let told = told_of(&cast, vec![weighs(1)]);
    let line = "will not sign that text: on action on the TTP it crosses a line that they never";
    assert!(told.contains(line), "{told}");
    let text = Package::new(&[3, 2, 2, 2]);
    let weighs = |party| super::sample::weighed(PartyIx(party), text, Objection::RedLine, &[]);
    let told = told_of(&cast, vec![weighs(0), weighs(1)]);
    assert!(!told.contains("either delegation"), "they have different lines: {told}");
    assert!(told.contains("on the ceasefire and action on the TTP it crosses lines"), "{told}");
}

#[test]
fn a_walk_out_tells_others_nothing_of_its_reasons() {
    let cast = cast();
    let leaves = Event::WalkedOut {
        party: PartyIx(1),
        impatience: 1.0,
        from_waiting: 0.7,
        from_refusals: 0.1,
        from_stalling: 0.1,
        from_attacks: 0.1,
    };
    let refuses = Event::RatificationDecided {
        party: PartyIx(1),
        ratified: false,
        gain: -0.1,
        stalling: 0.0,
    };
    let entry = |event: &Event| Entry { turn: 3, event: event.clone() };
    let told = |seats: &[Seat]| {
        Dispatch::read_by(&cast, 0, seats).turn(&[entry(&leaves), entry(&refuses)])
    };
    for other in [Seat::Mediator(MediatorIx(0)), Seat::Capital(PartyIx(0))] {
        let told = told(&[other]);
        assert!(told.contains("Afghanistan’s delegation walks out.\n"), "{told}");
        assert!(told.contains("Afghanistan does not ratify the text.\n"), "{told}");
    }
    let own = told(&[Seat::Capital(PartyIx(1))]);
    assert!(own.contains("its patience spent, most of it on waiting until"), "{own}");
    assert!(own.contains("less than no deal"), "{own}");
}

#[test]
fn who_blames_nobody_after_a_failure_is_not_told_to_be_silent() {
    let cast = cast();
    let closed = |ending| Event::RoundClosed {
        round: RoundIx(0),
        ending,
        left_by: Some(PartyIx(1)).filter(|_| ending == Ending::WalkOut),
        text: None,
    };
    let silent = |party| Event::StatementMade {
        party: PartyIx(party),
        statement: Statement::KeepSilent,
        at_close: true,
    };
    let opened = || Event::RoundOpened { round: RoundIx(0), closes_turn: 9 };
    let told = |ending, parties: &[u8]| {
        let said = parties.iter().map(|party| silent(*party));
        told_of(&cast, [opened(), closed(ending)].into_iter().chain(said).collect())
    };
    assert!(told(Ending::WalkOut, &[1]).contains("Afghanistan lays no blame in public."));
    assert!(told(Ending::Deadline, &[0, 1]).contains("Neither side lays blame in public."));
    assert!(told(Ending::Agreement, &[0]).contains("Pakistan keeps silent."));
}

#[test]
fn an_offer_moves_on_an_issue_and_moves_no_troops() {
    let cast = cast();
    let offers = |package: &[u8]| Event::OfferTabled {
        party: PartyIx(0),
        package: Package::new(package),
        gain: 0.2,
        aspiration: 0.2,
    };
    let told = told_of(&cast, vec![offers(&[2, 1, 1]), offers(&[2, 2, 0, 1])]);
    let changes = "it adds “relocate” for action on the TTP; leaves verification open again; moves \
                   on the pledge on Afghan soil to “written”.";
    assert!(told.contains(changes), "{told}");
}

#[test]
fn the_status_quo_of_an_issue_is_not_quoted() {
    let cast = cast();
    let asks = Event::HomeAsked {
        party: PartyIx(0),
        rung: RungOf { issue: IssueIx(3), rung: 0 },
        gain: 0.1,
    };
    let told = told_of(&cast, vec![asks]);
    assert!(told.contains("whether they may sign a text without action on the TTP."), "{told}");
    let at = |rung| RungOf { issue: IssueIx(3), rung };
    let changed = |floor, ceiling| Event::MandateChanged {
        party: PartyIx(0),
        floor: at(floor),
        ceiling: at(ceiling),
        asked: false,
    };
    let told = |floor, ceiling| told_of(&cast, vec![changed(floor, ceiling)]);
    assert!(told(0, 0).contains("its delegates may now sign nothing."));
    assert!(told(0, 1).contains("its delegates may now sign up to “relocate”."));
}

#[test]
fn what_is_said_at_one_home_is_one_sentence() {
    let cast = cast();
    let heard = |which: usize, consents| Event::ConstituencyHeard {
        seat: Seat::Constituency(PartyIx(1), ConstituencyIx::at(which)),
        consents,
        gain: 0.1,
    };
    let check = |heard: Vec<Event>, expected: &str| {
        let told = told_of(&cast, heard);
        assert!(told.contains(&format!("  In Kabul the text {expected}.\n")), "{told}");
    };
    let (leadership, cabinet) = ("the leadership in Kandahar", "the cabinet");
    check(vec![heard(1, true)], &format!("has the consent of {cabinet}"));
    check(vec![heard(0, false)], &format!("lacks the consent of {leadership}"));
    check(
        vec![heard(0, true), heard(1, true)],
        &format!("has the consent of {leadership} and {cabinet}"),
    );
    check(
        vec![heard(0, false), heard(1, true)],
        &format!("has the consent of {cabinet}, but lacks that of {leadership}"),
    );
    assert!(!told_of(&cast, Vec::new()).contains("consent"));
}

#[test]
fn a_home_that_refuses_a_text_twice_is_named_once() {
    let (mut cast, text) = (cast(), Package::new(&[2]));
    let refuses = |party| Event::RatificationDecided {
        party: PartyIx(party),
        ratified: false,
        gain: 0.1,
        stalling: 0.0,
    };
    let told = |cast: &Cast, refusing: &[u8]| {
        let (round, ending) = (RoundIx(0), Ending::Deadline);
        let begins = [
            Event::RoundOpened { round, closes_turn: 9 },
            Event::OfferTabled { party: PartyIx(0), package: text, gain: 0.1, aspiration: 0.1 },
            Event::TextInitialled { text },
        ];
        let ends = [
            Event::RoundClosed { round, ending, left_by: None, text: Some(text) },
            Event::RunEnded {
                outcome: OutcomeIx(0),
                in_force: Package::STATUS_QUO,
                blocking_issue: None,
                blocking_party: None,
                still_acceptable: Vec::new(),
            },
        ];
        let events = begins.into_iter().chain(refusing.iter().copied().map(refuses)).chain(ends);
        let entries = events.map(|event| Entry { turn: 3, event }).collect();
        let chronicle = crate::chronicle::Chronicle { entries };
        tell(&RunRecord { chronicle, ..record() }, cast, 0, None)
    };
    let blocked = "What blocked was ratification in";
    assert!(told(&cast, &[1, 1]).contains(&format!("{blocked} Kabul.")));
    assert!(told(&cast, &[0, 1, 0]).contains(&format!("{blocked} Islamabad and Kabul.")));
    cast.parties[0].capital = cast.parties[1].capital.clone();
    assert!(told(&cast, &[0, 1]).contains(&format!("{blocked} Kabul.")));
}

#[test]
fn names_and_lists_read_naturally() {
    use crate::prose::{counted, inside, list, owns, sentence};
    let items = |items: &[&str]| list(&items.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>());
    assert_eq!(items(&["a", "b", "c"]), "a, b and c");
    assert_eq!(inside("The United States"), "the United States");
    assert_eq!(owns("the United States"), "the United States’");
    assert_eq!(sentence("élan."), "Élan.");
    assert_eq!(
        (counted(1, "strike"), counted(13, "strike")),
        ("one strike".into(), "13 strikes".into())
    );
}

#[test]
fn what_is_hidden_stands_in_the_annex_alone() {
    let (body, annex) = EXPECTED.split_once("What nobody at the table knew").unwrap();
    for hidden in ["wanted an agreement", "curbed", "promises\n"] {
        assert!(!body.contains(hidden), "{hidden}");
    }
    assert!(annex.contains("Afghanistan wanted talks more than an agreement"));
}
