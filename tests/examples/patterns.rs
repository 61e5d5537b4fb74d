//! How often the patterns of the case show: `cargo run --release -p demarche-tests --example
//! patterns -- [N] [path=value]…`.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use std::collections::BTreeMap;
use std::sync::Arc;

use demarche_engine::session::Session;
use demarche_engine::table::Status;
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
    let mut kinds = BTreeMap::<String, u32>::new();
    let mut events = BTreeMap::<&str, u32>::new();
    for seed in 1..=n {
        session.seat(0, Lineage { seed, branch: None, over_ranges: false }, Vec::new(), true);
        while session.status(0) != Status::Ended {
            session.advance().expect("nothing is planned");
        }
        let shown = patterns(session.chronicle(0), scenario.cast.turn_hours);
        shares.count(&shown);
        if n <= 60 && shown.patterns.iter().all(|p| *p) {
            println!("seed {seed}");
        }
        let ends: Vec<String> = session
            .chronicle(0)
            .events()
            .filter_map(|event| match event {
                Event::RoundClosed { round, ending, .. } => {
                    Some(format!("{}:{ending:?}", scenario.cast.round(*round)))
                }
                _ => None,
            })
            .collect();
        let sincere = shown.is_sincere.map(|s| if s { '+' } else { '-' });
        *kinds.entry(format!("{}{} {}", sincere[0], sincere[1], ends.join(" "))).or_default() += 1;
        for event in session.chronicle(0).events() {
            *events.entry(event.word()).or_default() += 1;
        }
    }
    for ((key, what), count) in PATTERNS.iter().zip(shares.patterns) {
        println!("{key} {:6.3}  {what}", shares.share(count));
    }
    println!("all {:6.3}  agreed {:6.3}", shares.share(shares.all), shares.share(shares.agreed));
    for (kind, count) in kinds {
        println!("{:6.3} {kind}", f64::from(count) / f64::from(shares.n));
    }
    let told: Vec<String> = events
        .iter()
        .map(|(k, c)| format!("{k} {:.2}", f64::from(*c) / f64::from(shares.n)))
        .collect();
    println!("{}", told.join(", "));
    let _ = Ending::Agreement;
}
