//! Determinism: the same scenario and the same seed give the same bytes, whatever the company.
//!
//! A run may not know at which table it sits, who sits beside it, who sat there before, on which
//! thread, whether anybody listens, in which order the schedule runs what has no order, or which
//! party a file names first.

use std::collections::BTreeMap;
use std::sync::Arc;

use demarche_engine::scenario::{FirstMover, Scenario};
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_engine::turn::schedules;
use demarche_record::format::Lineage;
use support::runs::{FLAGSHIP, keys_in, lineage, play, read_scenario, scenario, text_of};

/// Seeds of the flagship.
const N_SEEDS: u64 = 24;

/// Digests by seed.
type Digests = BTreeMap<u64, String>;

/// The scenarios that are looked at, with as many seeds as each deserves: a textbook scenario
/// draws little.
fn cases() -> Vec<(&'static str, Arc<Scenario>, u64)> {
    let textbook = keys_in("textbook").into_iter().map(|key| (key, scenario(key), 6));
    std::iter::once((FLAGSHIP, scenario(FLAGSHIP), N_SEEDS)).chain(textbook).collect()
}

/// Every other seed draws its uncertain numbers from their ranges.
fn origin(seed: u64) -> Lineage {
    Lineage { seed, branch: None, over_ranges: (seed % 2 == 1).then_some(seed) }
}

/// What each seed gives alone in a World.
fn alone(scenario: &Arc<Scenario>, seeds: std::ops::Range<u64>) -> Digests {
    let digest = |seed| play(scenario, origin(seed)).chronicle.digest(&scenario.cast);
    seeds.map(|seed| (seed, digest(seed))).collect()
}

/// A run that is to be seated, and whether anybody listens.
type Job = (u64, bool);

/// What each seed gives among others: runs are seated as tables fall free, and some of them are
/// not narrated.
fn in_company(session: &mut Session, n_tables: usize, jobs: &[Job]) -> Digests {
    let mut waiting = jobs.iter().copied();
    let mut seated: Vec<Option<Job>> = vec![None; n_tables];
    let mut found = Digests::new();
    loop {
        for (at, job) in seated.iter_mut().enumerate() {
            if job.is_none()
                && let Some((seed, narrated)) = waiting.next()
            {
                session.seat(at, origin(seed), Vec::new(), narrated);
                *job = Some((seed, narrated));
            }
        }
        if seated.iter().all(Option::is_none) {
            return found;
        }
        session.advance().unwrap();
        for (at, job) in seated.iter_mut().enumerate() {
            let ended = job.take_if(|_| session.status(at) == Status::Ended);
            if let Some((seed, true)) = ended {
                found.insert(seed, session.chronicle(at).digest(&session.scenario().cast));
            }
        }
    }
}

/// Narrated runs with two among them that nobody listens to, so that tables are laid again after
/// either kind.
fn jobs(seeds: std::ops::Range<u64>) -> Vec<Job> {
    let aside = |seed: u64| [(seed, true), (seed + 1000, false), (seed + 2000, false)];
    seeds.flat_map(aside).collect()
}

#[test]
fn a_run_is_the_same_twice() {
    for (key, scenario, n) in cases() {
        assert_eq!(alone(&scenario, 0..n), alone(&scenario, 0..n), "{key}");
    }
}

#[test]
fn a_run_is_the_same_at_any_table_in_any_company() {
    for (key, scenario, n) in cases() {
        let expected = alone(&scenario, 0..n);
        for n_tables in [1, 7, 64] {
            let mut session = Session::new(scenario.clone(), n_tables);
            let found = in_company(&mut session, n_tables, &jobs(0..n));
            assert_eq!(found, expected, "{key} at {n_tables} tables");
        }
    }
}

#[test]
fn a_table_is_laid_again_as_if_nobody_had_sat_there() {
    let scenario = scenario(FLAGSHIP);
    let expected = alone(&scenario, 0..4);
    let mut session = Session::new(scenario.clone(), 1);
    for seed in [3, 0, 3, 2, 1, 2] {
        // Once to its end, and once left in the middle.
        for n_turns in [u32::MAX, 90] {
            session.seat(0, origin(seed), Vec::new(), true);
            while session.status(0) != Status::Ended && session.turn(0) < n_turns {
                session.advance().unwrap();
            }
            if session.status(0) == Status::Ended {
                assert_eq!(session.chronicle(0).digest(&scenario.cast), expected[&seed]);
            }
        }
    }
}

#[test]
fn what_is_counted_does_not_hang_on_narration() {
    let scenario = scenario(FLAGSHIP);
    let counted = |seed, narrate| {
        let mut session = Session::new(scenario.clone(), 1);
        session.seat(0, origin(seed), Vec::new(), narrate);
        while session.status(0) != Status::Ended {
            session.advance().unwrap();
        }
        assert_eq!(session.chronicle(0).entries.is_empty(), !narrate);
        (session.tally(0).clone(), session.turn(0))
    };
    for seed in 0..N_SEEDS {
        assert_eq!(counted(seed, true), counted(seed, false), "seed {seed}");
    }
}

#[test]
fn threads_do_not_show() {
    for (key, scenario, n) in cases() {
        let expected = alone(&scenario, 0..n);
        for n_threads in [1_u64, 2] {
            let found: Digests = std::thread::scope(|scope| {
                let share = |thread: u64| thread * n / n_threads..(thread + 1) * n / n_threads;
                let work = |thread| {
                    let scenario = scenario.clone();
                    move || {
                        let mut session = Session::new(scenario, 3);
                        in_company(&mut session, 3, &jobs(share(thread)))
                    }
                };
                let threads: Vec<_> = (0..n_threads).map(|t| scope.spawn(work(t))).collect();
                threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(found, expected, "{key} on {n_threads} threads");
        }
    }
}

/// A session whose schedules run what has no declared order in another order, and put no sync
/// points of their own between systems. What is ambiguous fails while the schedule is built.
fn shuffled(scenario: &Arc<Scenario>, shuffle_seed: Option<u64>) -> Session {
    let schedules = schedules(scenario).map(|(stage, mut schedule)| {
        let mut settings = schedule.get_build_settings();
        assert_eq!(format!("{:?}", settings.ambiguity_detection), "Error");
        settings.shuffle_seed = shuffle_seed;
        settings.auto_insert_apply_deferred = false;
        schedule.set_build_settings(settings);
        (stage, schedule)
    });
    Session::new(scenario.clone(), 7).with_schedules(schedules)
}

#[test]
fn the_order_of_systems_is_declared_wherever_it_shows() {
    for (key, scenario, n) in cases() {
        let n = n.min(8);
        let expected = alone(&scenario, 0..n);
        for shuffle_seed in std::iter::once(None).chain((0..16).map(Some)) {
            let mut session = shuffled(&scenario, shuffle_seed);
            let found = in_company(&mut session, 7, &jobs(0..n));
            assert_eq!(found, expected, "{key}, shuffled by {shuffle_seed:?}");
        }
    }
}

/// The same file with its parties in reverse order: the tables of each, as they are headed by
/// `[parties.…]`, are taken out and put back the other way round.
fn reversed(text: &str) -> String {
    let mut rest = String::new();
    let mut parties: Vec<(String, String)> = Vec::new();
    let mut of: Option<usize> = None;
    for line in text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            let name = header
                .strip_prefix("parties.")
                .map(|name| name.split(['.', ']']).next().unwrap_or_default().to_owned());
            of = name.map(|name| {
                let known = parties.iter().position(|(party, _)| *party == name);
                known.unwrap_or_else(|| {
                    parties.push((name, String::new()));
                    parties.len() - 1
                })
            });
        }
        let into = of.map_or(&mut rest, |party| &mut parties[party].1);
        into.push_str(line);
        into.push('\n');
    }
    rest + &parties.into_iter().rev().map(|(_, tables)| tables).collect::<String>()
}

#[test]
fn the_order_of_parties_in_a_file_does_not_show() {
    for (key, listed, n) in cases() {
        // Where the order of the file is asked for by name, it is meant to show.
        if listed.protocol.first_mover == FirstMover::AsListed {
            continue;
        }
        let turned = Arc::new(read_scenario(key, &reversed(text_of(key)), &[]).scenario);
        assert_eq!(turned.parties.len(), listed.parties.len());
        for seed in 0..n {
            let digest = |scenario: &Arc<Scenario>| {
                play(scenario, lineage(seed)).chronicle.digest(&scenario.cast)
            };
            assert_eq!(digest(&turned), digest(&listed), "{key}, seed {seed}");
        }
    }
}

#[test]
fn diagnostics_change_no_byte() {
    for key in [FLAGSHIP, "textbook/symmetric-dispute"] {
        let record = |more: &[&str]| {
            let mut command = support::demarche();
            command.args(["replay", key, "--seed", "5", "--format", "json"]).args(more);
            let output = command.output().unwrap();
            assert!(output.status.success());
            (output.stdout, output.stderr.len())
        };
        let ((quiet, nothing), (traced, talk)) = (record(&[]), record(&["--log", "trace"]));
        assert!(quiet == traced, "{key}: tracing changed the record");
        assert!(talk > nothing, "{key}: nothing was traced, so nothing was tested");
    }
}
