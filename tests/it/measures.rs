//! Measures: what is read off a run without chronicle is what the chronicle of that run tells, and
//! the room is that of an explanation.

use std::sync::Arc;

use demarche_domain::index::PartyIx;
use demarche_domain::search::product;
use demarche_engine::measures::{Gauge, Measures};
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_explain::explain;
use demarche_record::event::Event;
use demarche_record::format::{Lineage, RunRecord};
use support::runs::{FLAGSHIP, keys_in, lineage, loaded, pick, play};

fn measured(scenario: &Arc<Scenario>, lineage: Lineage, gauge: &mut Gauge) -> Measures {
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, lineage, Vec::new(), false);
    while session.status(0) != Status::Ended {
        session.advance().unwrap();
    }
    session.measure(0, gauge)
}

#[track_caller]
fn check_told(record: &RunRecord, measured: &Measures) {
    let chronicle = &record.chronicle;
    let count = |of: &dyn Fn(&Event) -> bool| {
        u32::try_from(chronicle.events().filter(|event| of(event)).count()).unwrap()
    };
    for (p, side) in measured.sides.iter().enumerate() {
        let party = PartyIx::at(p);
        let asked = |event: &Event| match event {
            Event::HomeAsked { party: p, .. } | Event::TextReferred { party: p, .. } => *p == party,
            _ => false,
        };
        assert_eq!(side.n_requests, count(&asked));
        let stalled =
            |event: &Event| matches!(event, Event::TalksStalled { party: p, .. } if *p == party);
        assert_eq!(side.n_stalls, count(&stalled));
    }
    let attacks = pick(chronicle, |event| match event {
        Event::AttacksCounted { count, salient, .. } => Some((*count, *salient)),
        _ => None,
    });
    let attacks = attacks.fold((0, 0), |all, turn| (all.0 + turn.0, all.1 + turn.1));
    // Those of shocks are salient and are counted by no group.
    let by_group = chronicle.events().all(|event| !matches!(event, Event::ShockStruck { .. }));
    if by_group {
        assert_eq!((measured.n_attacks, measured.n_salient), attacks);
    }
    assert_eq!(measured.n_strikes, count(&|e| matches!(e, Event::StrikeCarriedOut { .. })));
    let rounds = chronicle.entries.iter().filter_map(|entry| match entry.event {
        Event::RoundClosed { round, ending, left_by, .. } => {
            Some((round, ending, left_by, entry.turn))
        }
        _ => None,
    });
    let of = measured.rounds.iter().map(|c| (c.round, c.ending, c.left_by, c.closed));
    assert!(of.eq(rounds), "{:?}", measured.rounds);
    let ended = pick(chronicle, |event| match event {
        Event::RunEnded { outcome, in_force, blocking_issue, blocking_party, .. } => {
            Some((*outcome, *in_force, blocking_issue.map(|issue| (issue, *blocking_party))))
        }
        _ => None,
    });
    let told = (measured.outcome, measured.in_force, measured.blocked);
    assert_eq!(ended.collect::<Vec<_>>(), [told]);
    let lasting = pick(chronicle, |event| match event {
        Event::TruceDurability { lasts_days, holds_30_days, .. } => {
            Some((*lasts_days, *holds_30_days))
        }
        _ => None,
    });
    let of = measured.durability.map(|of| (of.lasts_days, of.holds_30_days));
    assert_eq!(lasting.last(), of);
}

#[test]
fn what_is_measured_is_what_the_chronicle_tells() {
    let keys = keys_in("textbook").into_iter().chain([FLAGSHIP, "historical/with-a-guarantor"]);
    let mut gauge = Gauge::default();
    for key in keys {
        let (loaded, mut n_rooms) = (loaded(key, &[]), 0);
        let scenario = Arc::new(loaded.scenario);
        for seed in 1..=30 {
            let lineage =
                Lineage { over_ranges: (seed % 2 == 1).then_some(seed * 7), ..lineage(seed) };
            let record = play(&scenario, lineage);
            let measured = measured(&scenario, lineage, &mut gauge);
            check_told(&record, &measured);
            let explained = explain(&record, &scenario, &loaded.numbers, None);
            let (Some(told), Some(room)) = (explained.room, measured.room) else { continue };
            n_rooms += 1;
            let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-8, "{key} {seed}: {a} {b}");
            let told = told.over_no_deal;
            if let (Some(told), Some(measured)) = (told.short_of_frontier, room.short_of_frontier) {
                near(told.max(0.0), measured);
            }
            if let Some(egalitarian) = &told.egalitarian {
                let least = egalitarian.gains.iter().copied().fold(f64::INFINITY, f64::min);
                near(least, room.best_least_gain);
            }
            let gains: Option<Vec<f64>> = measured.sides.iter().map(|side| side.gain).collect();
            if let (Some(nash), Some(gains), Some(share)) = (&told.nash, gains, room.nash_share) {
                near(product(&gains) / product(&nash.gains), share);
            }
        }
        assert!(n_rooms >= 20, "{key}: {n_rooms} rooms");
    }
}
