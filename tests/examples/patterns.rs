//! How often the patterns of the case show: `cargo run --release -p demarche-tests --example
//! patterns -- [N] [path=value]…`.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use std::collections::BTreeMap;
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::chronicle::{Chronicle, Entry};
use demarche_record::event::{Ending, Event};
use demarche_record::format::Lineage;
use support::patterns::{PATTERNS, Shares, patterns};

fn main() {
    let mut n = 2000;
    let mut sets = Vec::new();
    let mut named = "historical/doha-istanbul".to_owned();
    for argument in std::env::args().skip(1) {
        match argument.split_once('=') {
            Some((path, value)) => sets.push((path.to_owned(), value.to_owned())),
            None if argument.parse::<u64>().is_ok() => n = argument.parse().expect("a number"),
            None => named = argument,
        }
    }
    let entry = demarche_scenario::catalogue::find(&named).expect("a built-in scenario");
    let known = demarche_scenario::known_sources();
    let base = &mut demarche_scenario::catalogue::base;
    let loaded = demarche_scenario::load(&entry.file(), entry.text, &sets, &[], base, &known);
    let loaded = loaded.unwrap_or_else(|problems| {
        println!("{}", problems.render(100, false, true));
        std::process::exit(3)
    });
    let scenario = Arc::new(loaded.scenario);
    let mut session = Session::new(scenario.clone(), 1);
    let mut shares = Shares::default();
    let mut counts = Counts::new();
    for seed in 1..=n {
        session.seat(0, Lineage { seed, branch: None, over_ranges: None }, Vec::new(), true);
        while session.status(0) != Status::Ended {
            session.advance().expect("nothing is planned");
        }
        let shown = patterns(session.chronicle(0), scenario.cast.turn_hours);
        shares.count(&shown);
        if n <= 60 && shown.patterns.iter().all(|shown| *shown) {
            println!("seed {seed} shows them all");
        }
        let sincere = shown.is_sincere.map(|s| if s { '+' } else { '-' });
        count(&mut counts, session.chronicle(0), &scenario, &sincere.iter().collect::<String>());
    }
    for ((key, what), count) in PATTERNS.iter().zip(shares.patterns) {
        println!("{key} {:6.3}  {what}", shares.share(count));
    }
    println!("all {:6.3}  agreed {:6.3}", shares.share(shares.all), shares.share(shares.agreed));
    for ((what, kind), count) in counts {
        println!("{:7.3}  {what}: {kind}", f64::from(count) / f64::from(shares.n));
    }
}

/// How often each kind of thing happened, by what it says of a run.
type Counts = BTreeMap<(&'static str, String), u32>;

fn count(counts: &mut Counts, chronicle: &Chronicle, scenario: &Scenario, sincere: &str) {
    let cast = &scenario.cast;
    let mut add = |what, kind| *counts.entry((what, kind)).or_default() += 1;
    let (mut endings, mut opened) = (sincere.to_owned(), 0);
    for Entry { turn, event, .. } in &chronicle.entries {
        match event {
            Event::RoundOpened { .. } => opened = *turn,
            Event::RoundClosed { round, ending, text, .. } => {
                endings += &format!(" {}:{ending:?}", cast.round(*round));
                let hours = f64::from(turn + 1 - opened) * cast.turn_hours;
                let part = (hours / 12.0).floor() * 12.0;
                add("hours", format!("{} {ending:?} {part:3.0}", cast.round(*round)));
                if let Some(text) = text.filter(|_| *ending == Ending::Agreement) {
                    for issue in &scenario.rounds[round.ix()].agenda {
                        let words = cast.rung(*issue, text.rung(*issue));
                        add(
                            "agreed",
                            format!("{} {}: {words}", cast.round(*round), cast.issue(*issue)),
                        );
                    }
                }
            }
            Event::WalkedOut {
                party,
                from_waiting,
                from_refusals,
                from_stalling,
                from_attacks,
                ..
            } => {
                let parts = [
                    ("waiting", from_waiting),
                    ("refusals", from_refusals),
                    ("stalling", from_stalling),
                    ("attacks", from_attacks),
                ];
                let most = parts.iter().max_by(|a, b| a.1.total_cmp(b.1)).expect("four parts").0;
                add("left", format!("{} for {most}", cast.party(*party)));
            }
            Event::RunEnded { blocking_issue: Some(issue), blocking_party, .. } => {
                let side = blocking_party.map_or("nobody", |p| cast.party(p));
                add("blocked on", cast.issue(*issue).to_owned());
                add("blocked by", side.to_owned());
            }
            _ => {}
        }
        add("event", event.word().to_owned());
    }
    add("ends", endings);
}
