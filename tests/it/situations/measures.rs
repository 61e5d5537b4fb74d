//! What can be counted in a run, by the words that files of situations use.

use demarche_domain::index::{IssueIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_engine::scenario::{Party, Preferences, Scenario};
use demarche_record::chronicle::{Chronicle, Entry};
use demarche_record::decision::Statement;
use demarche_record::event::{Answer, Ending, Event};
use support::runs::party;

use super::reading::Expectation;

/// Every word and what it counts.
pub(crate) const MEASURES: &[(&str, &str)] = &[
    ("agreement", "texts that came into force"),
    ("walk-out", "rounds that a side declared to be over; `of` is who left"),
    ("deadline", "rounds that ran out of time"),
    ("extension", "times a round was made longer"),
    ("request", "rungs and leave to sign that delegates asked for at home"),
    ("extended mandate", "requests that were granted"),
    ("refusal at home", "requests that were refused, put off or answered by taking back"),
    ("acceptance taken back", "acceptances that a capital revoked"),
    ("stalling", "times a delegation played for time"),
    ("veto", "constituencies that did not consent"),
    ("refusal to ratify", "capitals that did not ratify"),
    ("ratification", "capitals that ratified"),
    ("text beyond a red line", "agreements outside of what a party said it never signs"),
    ("attack", "attacks, salient or not"),
    ("salient attack", "attacks that made the news"),
    ("strike", "strikes; `of` is who struck"),
    ("broken truce", "truces that broke"),
    ("shut crossings", "times a side shut its crossings"),
    ("opened crossings", "times a side opened its crossings"),
    ("threat", "threats in public"),
    ("blame", "sides that blamed the other when a round closed"),
    ("draft", "drafts that a mediator tabled"),
    ("message", "messages that a mediator carried"),
    ("pressure", "times a mediator pressed a side"),
    ("inducement", "inducements that a mediator offered"),
    ("guarantee", "guarantees that a mediator offered"),
    ("attempt to bring back", "times a mediator tried to bring back a side that left"),
    ("return", "times a side came back"),
    ("offer", "offers that a side put to the others"),
    ("trust", "trust of `of`, or of all, in the others at the end"),
    ("least trust", "the least trust of `of`, or of any, in another in the course of the run"),
    ("open trade", "the share of trade that can pass at the end"),
    ("fighting", "fighting at the end"),
    ("days of truce", "how long the truce would last by its clock"),
    ("truce", "truces that came into force"),
    ("climb-down", "sides that fell short of their public demands in a text that came into force"),
    ("trust lost by the first attack", "of `of`, in the turn of the first salient attack on it"),
    ("attacks a day", "attacks of all kinds, by the day of the round"),
    ("attack in the first ten days", "attacks of all kinds, whatever the talks do"),
    ("chance of holding 90 days", "the chance that the truce lasts so long, at the end"),
    ("chance of breaking within 30 days", "the chance that the truce does not last so long"),
    ("advantage", "what the text in force is worth to `of`, less what it is to the others"),
    ("level in force", "the levels of all issues in force at the end, added up"),
];

/// What is watched for in a run.
pub(crate) struct Watched<'a> {
    scenario: &'a Scenario,
    word: &'a str,
    of: Option<PartyIx>,
    round: Option<RoundIx>,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(scenario: &'a Scenario, expect: &'a Expectation) -> Self {
        let of = expect.of.as_deref().map(|key| party(scenario, key));
        let round = expect.round.as_deref().map(|key| {
            let rounds = scenario.cast.rounds.iter();
            let place = { rounds }.position(|round| round.named.key == key);
            RoundIx::at(place.unwrap_or_else(|| panic!("there is no round `{key}`")))
        });
        Self { scenario, word: &expect.measure, of, round }
    }

    /// The same with another word.
    pub(crate) fn also<'b>(&'b self, word: &'b str) -> Watched<'b> {
        Watched { word, ..*self }
    }

    fn is_of(&self, party: PartyIx) -> bool {
        self.of.is_none_or(|of| of == party)
    }
}

/// How much of what is watched for a run shows.
pub(crate) fn measure(watched: &Watched<'_>, chronicle: &Chronicle) -> f64 {
    match watched.word {
        "trust" => last_turn(chronicle).map_or(0.0, |event| trust(watched, event, mean)),
        "least trust" => {
            let turns =
                chronicle.events().filter(|event| matches!(event, Event::TurnRecorded { .. }));
            turns.map(|event| trust(watched, event, least)).fold(f64::INFINITY, f64::min)
        }
        "open trade" => match last_turn(chronicle) {
            Some(Event::TurnRecorded { open_share, .. }) => *open_share,
            _ => 0.0,
        },
        "fighting" => match last_turn(chronicle) {
            Some(Event::TurnRecorded { fighting, .. }) => *fighting,
            _ => 0.0,
        },
        "chance of holding 90 days" => durability(chronicle).map_or(0.0, |[_, holds]| holds),
        "chance of breaking within 30 days" => {
            durability(chronicle).map_or(1.0, |[holds, _]| 1.0 - holds)
        }
        "trust lost by the first attack" => lost_by_attack(watched, chronicle),
        "attacks a day" => {
            let turns = during(watched, chronicle)
                .filter(|entry| matches!(entry.event, Event::TurnRecorded { .. }));
            let days = turns.map(|_| watched.scenario.turn_days).sum::<f64>();
            measure(&watched.also("attack"), chronicle) / days.max(watched.scenario.turn_days)
        }
        "attack in the first ten days" => {
            let last = 10.0 / watched.scenario.turn_days;
            let early = chronicle.entries.iter().filter(|entry| f64::from(entry.turn) < last);
            early.map(|entry| weight(&watched.also("attack"), &entry.event)).sum()
        }
        _ => during(watched, chronicle).map(|entry| weight(watched, &entry.event)).sum(),
    }
}

/// The first turn in which what is watched for happens.
pub(crate) fn first_turn(watched: &Watched<'_>, chronicle: &Chronicle) -> Option<u32> {
    let mut entries = during(watched, chronicle);
    entries.find(|entry| weight(watched, &entry.event) > 0.0).map(|entry| entry.turn)
}

/// The turn in which the round that is watched opened; 0 where all are.
pub(crate) fn opened(watched: &Watched<'_>, chronicle: &Chronicle) -> u32 {
    let mut entries = chronicle.entries.iter();
    let opens = |event: &Event| match event {
        Event::RoundOpened { round, .. } => watched.round == Some(*round),
        _ => false,
    };
    entries.find(|entry| opens(&entry.event)).map_or(0, |entry| entry.turn)
}

/// The entries of the round that is watched, or all.
fn during<'a>(
    watched: &'a Watched<'_>,
    chronicle: &'a Chronicle,
) -> impl Iterator<Item = &'a Entry> {
    let (mut under_way, mut last) = (None, None);
    chronicle.entries.iter().filter(move |entry| {
        let before = under_way;
        match entry.event {
            Event::RoundOpened { round, .. } => under_way = Some(round),
            Event::RoundClosed { round, .. } => (under_way, last) = (None, Some(round)),
            _ => {}
        }
        // What closes a round, and what is said of it at its close, belongs to it.
        let is_said_of_it = matches!(entry.event, Event::StatementMade { at_close: true, .. });
        let round = under_way.or(before).or(last.filter(|_| is_said_of_it));
        watched.round.is_none() || watched.round == round
    })
}

fn last_turn(chronicle: &Chronicle) -> Option<&Event> {
    chronicle.events().rev().find(|event| matches!(event, Event::TurnRecorded { .. }))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap()).max(1.0)
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// Trust of those who are watched, from its table row by row.
fn trust(watched: &Watched<'_>, event: &Event, of: fn(&[f64]) -> f64) -> f64 {
    let Event::TurnRecorded { trust, .. } = event else { return 0.0 };
    let others = watched.scenario.parties.len() - 1;
    match watched.of {
        Some(party) => of(&trust[party.ix() * others..(party.ix() + 1) * others]),
        None => of(trust),
    }
}

/// What one event adds.
fn weight(watched: &Watched<'_>, event: &Event) -> f64 {
    match (watched.word, event) {
        ("attack", Event::AttacksCounted { count, .. }) => f64::from(*count),
        ("days of truce", Event::TruceDurability { lasts_days, .. }) => *lasts_days,
        ("climb-down", Event::AgreementReached { round, text }) => {
            climb_downs(watched.scenario, *round, text)
        }
        ("advantage", Event::RunEnded { in_force, .. }) => advantage(watched, in_force),
        ("level in force", Event::RunEnded { in_force, .. }) => level(watched.scenario, in_force),
        ("text beyond a red line", Event::AgreementReached { text, .. }) => {
            let parties = watched.scenario.parties.iter();
            f64::from(u8::from({ parties }.any(|party| !party.red_lines.contains(text))))
        }
        _ => f64::from(u8::from(talks(watched, event) || around(watched, event))),
    }
}

/// The chances that the truce at the end holds 30 and 90 days, where there is one.
fn durability(chronicle: &Chronicle) -> Option<[f64; 2]> {
    chronicle.events().rev().find_map(|event| match event {
        Event::TruceDurability { holds_30_days, holds_90_days, .. } => {
            Some([*holds_30_days, *holds_90_days])
        }
        _ => None,
    })
}

/// How much less a side trusts after the turn of the first salient attack on it than before.
fn lost_by_attack(watched: &Watched<'_>, chronicle: &Chronicle) -> f64 {
    let struck = |event: &Event| match event {
        Event::AttackStruck { target, .. } => watched.is_of(*target),
        _ => false,
    };
    let first = chronicle.entries.iter().find(|entry| struck(&entry.event)).map(|entry| entry.turn);
    let Some(first) = first else { return 0.0 };
    let recorded = |turn: u32| {
        let mut entries = chronicle.entries.iter().filter(move |entry| entry.turn == turn);
        entries.find(|entry| matches!(entry.event, Event::TurnRecorded { .. }))
    };
    let after = recorded(first).map(|entry| trust(watched, &entry.event, mean));
    let before = recorded(first.saturating_sub(1)).map(|entry| trust(watched, &entry.event, mean));
    after.zip(before).map_or(0.0, |(after, before)| before - after)
}

/// How many sides fell short of a public demand on an issue of the agenda.
fn climb_downs(scenario: &Scenario, round: RoundIx, text: &Package) -> f64 {
    let agenda = &scenario.rounds[round.ix()].agenda;
    let falls_short = |party: &&Party| {
        let Preferences::Stakes(stakes) = &party.preferences else { return false };
        agenda.iter().any(|k| {
            let wants_more = stakes[k.ix()].reference > 0.0;
            let short = |demand: u8| match wants_more {
                true => text.rung(*k) < demand,
                false => text.rung(*k) > demand,
            };
            party.demands[k.ix()].is_some_and(short)
        })
    };
    f64::from(u32::try_from(scenario.parties.iter().filter(falls_short).count()).unwrap())
}

/// What a text is worth to a party at face value.
fn face_value(scenario: &Scenario, party: PartyIx, text: &Package) -> f64 {
    let issues = scenario.space.issues();
    let level = |k: IssueIx| scenario.issues[k.ix()].levels[usize::from(text.rung(k))];
    match &scenario.parties[party.ix()].preferences {
        Preferences::Stakes(stakes) => issues.map(|k| stakes[k.ix()].reference * level(k)).sum(),
        Preferences::Tables { values, .. } => {
            issues.map(|k| values[k.ix()][usize::from(text.rung(k))]).sum()
        }
    }
}

fn advantage(watched: &Watched<'_>, text: &Package) -> f64 {
    let parties = PartyIx::first(watched.scenario.parties.len());
    let worth = |party| face_value(watched.scenario, party, text);
    parties.map(|party| if watched.is_of(party) { worth(party) } else { -worth(party) }).sum()
}

fn level(scenario: &Scenario, text: &Package) -> f64 {
    let levels = scenario.space.issues();
    levels.map(|k| scenario.issues[k.ix()].levels[usize::from(text.rung(k))]).sum()
}

/// Whether an event at the table, or at home, is what is watched for.
fn talks(watched: &Watched<'_>, event: &Event) -> bool {
    let is_of = |party: &PartyIx| watched.is_of(*party);
    match (watched.word, event) {
        ("agreement", Event::AgreementReached { .. })
        | ("extension", Event::RoundExtended { .. })
        | ("deadline", Event::RoundClosed { ending: Ending::Deadline, .. }) => true,
        ("walk-out", Event::RoundClosed { ending: Ending::WalkOut, left_by, .. }) => {
            watched.of.is_none() || watched.of == *left_by
        }
        ("request", Event::HomeAsked { party, .. } | Event::TextReferred { party, .. })
        | ("acceptance taken back", Event::AcceptanceRevoked { party, .. })
        | ("stalling", Event::TalksStalled { party, .. })
        | ("refusal to ratify", Event::RatificationDecided { party, ratified: false, .. })
        | ("ratification", Event::RatificationDecided { party, ratified: true, .. })
        | ("threat", Event::StatementMade { party, statement: Statement::Threaten, .. })
        | ("blame", Event::StatementMade { party, statement: Statement::Blame, at_close: true })
        | ("offer", Event::OfferTabled { party, .. }) => is_of(party),
        ("extended mandate", Event::HomeReplied { party, answer, .. }) => {
            is_of(party) && *answer == Answer::Extended
        }
        ("refusal at home", Event::HomeReplied { party, answer, .. }) => {
            is_of(party) && *answer != Answer::Extended
        }
        ("veto", Event::ConstituencyHeard { seat, consents: false, .. }) => {
            seat.party().is_some_and(|party| watched.is_of(party))
        }
        _ => false,
    }
}

/// Whether an event around the table is what is watched for.
fn around(watched: &Watched<'_>, event: &Event) -> bool {
    let is_of = |party: &PartyIx| watched.is_of(*party);
    match (watched.word, event) {
        ("broken truce", Event::TruceBroke { .. })
        | ("truce", Event::TruceBegan {})
        | ("draft", Event::TextTabled { .. })
        | ("guarantee", Event::GuaranteeOffered { .. }) => true,
        ("salient attack", Event::AttackStruck { target: party, .. })
        | ("strike", Event::StrikeCarriedOut { by: party, .. })
        | ("shut crossings", Event::CrossingsShut { by: party })
        | ("opened crossings", Event::CrossingsOpened { by: party, .. })
        | ("message", Event::MessageCarried { from: party, .. })
        | ("pressure", Event::PartyPressed { party, .. })
        | ("inducement", Event::InducementOffered { party, .. })
        | ("attempt to bring back", Event::BringBackTried { party, .. })
        | ("return", Event::BringBackTried { party, returned: true, .. }) => is_of(party),
        _ => false,
    }
}
