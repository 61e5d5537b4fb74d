//! What a batch costs beyond its runs, and what a second thread gains: `cargo bench -p
//! demarche-tests --bench batch`. Everything by ratio within one run of this program.
//!
//! A batch and the bare loop play in turns, some runs each, on one thread: machines that are slower
//! for a while, and be it for the blink of an eye, are so for both.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use demarche_batch::campaign::{Campaign, Tallies};
use demarche_batch::design::Design;
use demarche_batch::folder::Folder;
use demarche_batch::plan::{Conduct, Follow, Plan};
use demarche_batch::range::Work;
use demarche_batch::results::{Parts, begun};
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::format::Lineage;
use serde_json::Value;
use support::paired::{Ratio, paired, seconds};
use support::runs::{FLAGSHIP, loaded};

/// Runs of the plan: what is left alone overnight, so that ranges are as large as they get.
const PLANNED: u64 = 1_000_000;
/// Runs that are played of it at once: the first ranges.
const SOME: u64 = 8192;
/// How often they are played against the bare loop.
const ROUNDS: usize = 15;
/// Runs until it is the other's turn.
const TURN: u64 = 64;
const TABLES: usize = 64;

/// The plan that is measured: uncertain numbers over their ranges, nobody followed.
fn plan() -> Plan {
    let loaded = loaded(FLAGSHIP, &[]);
    let conduct = Conduct { seed: 1, over_ranges: true, follow: Follow::Nobody };
    let design = Design::plain(PLANNED);
    Plan::new(Arc::new(loaded.scenario), loaded.numbers, design, conduct).expect("it is a plan")
}

/// The same runs over the bare engine: nothing is read off them.
struct Bare {
    session: Session,
    seeds: RangeInclusive<u64>,
    /// What was played so far. [s]
    spent: f64,
}

impl Bare {
    fn of(work: &Work, seeds: RangeInclusive<u64>) -> Self {
        let session = Session::new(work.plan.scenario.clone(), TABLES);
        Self { session, seeds, spent: 0.0 }
    }

    /// Plays until so many more have ended, or all.
    fn play(&mut self, n: u64) {
        self.spent += seconds(|| {
            let (mut n_ended, mut n_open) = (0, 1);
            while n_ended < n && n_open > 0 {
                n_open = 0;
                for at in 0..TABLES {
                    if self.session.status(at) != Status::Running {
                        let Some(seed) = self.seeds.next() else { continue };
                        let lineage = Lineage { seed, branch: None, over_ranges: Some(seed) };
                        self.session.seat(at, lineage, Vec::new(), false);
                    }
                    n_open += 1;
                }
                self.session.advance().expect("nothing is planned");
                let ended = (0..TABLES).filter(|at| self.session.status(*at) == Status::Ended);
                let ended: Vec<usize> = ended.collect();
                n_ended += ended.len() as u64;
                ended.into_iter().for_each(|at| self.session.vacate(at));
            }
        });
    }
}

/// An empty folder each time.
fn folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("demarche-bench-{}-{number}", std::process::id()))
}

/// Plays ranges into a folder of their own, which is removed. `watch` hears of each run as it ends.
fn keep(work: &Work, ranges: &[Range<u64>], threads: usize, watch: &(dyn Fn(&Tallies) + Sync)) {
    let place = kept(work, ranges, threads, watch);
    std::fs::remove_dir_all(place.path()).expect("it is ours");
}

/// Plays ranges into a folder of their own.
fn kept(
    work: &Work,
    ranges: &[Range<u64>],
    threads: usize,
    watch: &(dyn Fn(&Tallies) + Sync),
) -> Folder {
    let place = Folder::at(&folder());
    place.make().expect("there is room");
    let campaign = Campaign { work, folder: &place, threads, stopping: None, watch };
    campaign.run(ranges).expect("there is room");
    place
}

/// Joins what was played into a folder of its own, which is removed.
fn join(work: &Work, place: &Folder) {
    let into = Folder::at(&folder());
    into.make().expect("there is room");
    let parts = Parts { work, folders: std::slice::from_ref(place) };
    let gathered = parts.gather(SOME, false).expect("they are whole");
    let begun = begun(work, &[], Value::Null);
    parts.finish(&gathered, &into, &begun, None, false).expect("there is room");
    std::fs::remove_dir_all(into.path()).expect("it is ours");
}

/// The time of a batch on one thread to that of the bare loop.
fn to_bare(work: &Work, ranges: &[Range<u64>]) -> f64 {
    let bare = Mutex::new(Bare::of(work, 1..=SOME));
    let both = seconds(|| {
        keep(work, ranges, 1, &|tallies| {
            if tallies.n_played.load(Ordering::Relaxed).is_multiple_of(TURN) {
                bare.lock().expect("one thread").play(TURN);
            }
        });
        bare.lock().expect("one thread").play(SOME);
    });
    let bare = bare.into_inner().expect("one thread");
    assert!(bare.seeds.is_empty(), "it has played the same runs");
    (both - bare.spent) / bare.spent
}

/// The bare loop on some threads, each with its share of the runs.
fn bare_on(work: &Work, threads: u64) {
    let share = SOME / threads;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let seeds = thread * share + 1..=(thread + 1) * share;
            scope.spawn(move || Bare::of(work, seeds).play(share));
        }
    });
}

fn main() {
    let work = Work::of(plan());
    let ranges: Vec<_> = work.plan.ranges().take_while(|range| range.end <= SOME).collect();
    assert_eq!(ranges.last().map(|range| range.end), Some(SOME));
    let ratio = Ratio::of((0..ROUNDS).map(|_| to_bare(&work, &ranges)).collect());
    println!("a batch, to the bare loop: {ratio}");
    let place = kept(&work, &ranges, 1, &|_| {});
    let again = || keep(&work, &ranges, 1, &|_| {});
    println!("joining, to playing and keeping: {}", paired(|| join(&work, &place), again));
    std::fs::remove_dir_all(place.path()).expect("it is ours");
    let both = |threads| keep(&work, &ranges, threads, &|_| {});
    println!("on one thread, to two: {}", paired(|| both(1), || both(2)));
    // What two threads of this machine are worth where nothing is shared.
    let bare = |threads| bare_on(&work, threads);
    println!("the bare loop on one thread, to two: {}", paired(|| bare(1), || bare(2)));
}
