//! What a batch costs beyond its runs, and what a second thread gains: `cargo bench -p
//! demarche-tests --bench batch`. Everything by ratio within one run of this program, pair by pair.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use demarche_batch::campaign::Campaign;
use demarche_batch::design::Design;
use demarche_batch::folder::Folder;
use demarche_batch::plan::{Conduct, Follow, Plan};
use demarche_batch::range::Work;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::format::Lineage;
use support::paired::{paired, paired_often};
use support::runs::{FLAGSHIP, loaded};

/// Runs of the plan: what is left alone overnight, so that ranges are as large as they get.
const PLANNED: u64 = 1_000_000;
/// Runs that are played of it against the bare loop: the first ranges.
const FEW: u64 = 2048;
/// On two threads, which take ranges as they come.
const MANY: u64 = 8192;
const TABLES: usize = 64;

/// The plan that is measured: uncertain numbers over their ranges, nobody followed.
fn plan() -> Plan {
    let loaded = loaded(FLAGSHIP, &[]);
    let conduct = Conduct { seed: 1, over_ranges: true, follow: Follow::Nobody };
    let design = Design::plain(PLANNED);
    Plan::new(Arc::new(loaded.scenario), loaded.numbers, design, conduct).expect("it is a plan")
}

/// The same runs over the bare engine: nothing is read off them.
fn bare(session: &mut Session) {
    let mut seeds = 1..=FEW;
    let mut seat = |session: &mut Session, at: usize| {
        let seed = seeds.next();
        let lineage = seed.map(|seed| Lineage { seed, branch: None, over_ranges: Some(seed) });
        match lineage {
            Some(lineage) => session.seat(at, lineage, Vec::new(), false),
            None => session.vacate(at),
        }
        seed.is_some()
    };
    let mut open = (0..TABLES).filter(|at| seat(session, *at)).count();
    while open > 0 {
        session.advance().expect("nothing is planned");
        for at in 0..TABLES {
            if session.status(at) == Status::Ended && !seat(session, at) {
                open -= 1;
            }
        }
    }
}

/// An empty folder each time.
fn folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("demarche-bench-{}-{number}", std::process::id()))
}

/// Plays ranges into a folder of their own.
fn keep(work: &Work, ranges: &[Range<u64>], threads: usize) {
    let path = folder();
    let place = Folder::at(&path);
    place.make().expect("there is room");
    let campaign = Campaign {
        work,
        folder: &place,
        threads,
        stopping: None,
        interrupt: &AtomicBool::new(false),
        watch: &|_| {},
    };
    campaign.run(ranges).expect("there is room");
    std::fs::remove_dir_all(&path).expect("it is ours");
}

fn main() {
    let work = Work::of(plan());
    let mut session = Session::new(work.plan.scenario.clone(), TABLES);
    let ranges = |n: u64| -> Vec<_> {
        let ranges: Vec<_> = work.plan.ranges().take_while(|range| range.end <= n).collect();
        assert_eq!(ranges.last().map(|range| range.end), Some(n));
        ranges
    };
    let few = ranges(FEW);
    let ratio = paired_often(101, || keep(&work, &few, 1), || bare(&mut session));
    println!("a batch, to the bare loop: {ratio}");
    let many = ranges(MANY);
    let both = |threads| keep(&work, &many, threads);
    println!("on one thread, to two: {}", paired(|| both(1), || both(2)));
}
