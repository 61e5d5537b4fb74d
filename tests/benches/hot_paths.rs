//! What turns are made of, each by itself: `cargo bench -p demarche-tests --bench hot_paths`. One
//! core, and to be compared within one run of this program only.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use demarche_domain::package::Package;
use demarche_domain::ranking::Ranking;
use demarche_domain::region::Region;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use support::runs::{FLAGSHIP, lineage, read_scenario, scenario};

/// A turn of the first round, with a text on the table.
const IN_THE_TALKS: u32 = 20;

/// A session in the middle of talks, with the gains of its sides and what they may sign.
fn in_the_talks(scenario: &Arc<Scenario>, turn: u32) -> (Session, Vec<Worth>, Region) {
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, lineage(1), Vec::new(), false);
    while session.turn(0) < turn {
        session.advance().expect("nothing is planned");
    }
    let insight = session.insight(0);
    let gains = insight.parties().map(|party| insight.gains(party)).collect();
    let region = insight.signable().expect("there is something to sign");
    (session, gains, region)
}

fn six_by_five() -> Arc<Scenario> {
    let path = "tests/benches/negmas/six-by-five.toml";
    Arc::new(read_scenario(path, &support::read(path), &[]).scenario)
}

/// Search: the best, the next offer, the draft, the way out.
fn searching(criterion: &mut Criterion) {
    for (name, scenario) in [("flagship", scenario(FLAGSHIP)), ("six-by-five", six_by_five())] {
        let (_, gains, region) = in_the_talks(&scenario, IN_THE_TALKS.min(scenario.horizon_turns));
        let (own, other) = (&gains[0], &gains[1]);
        let mut search = Search::default();
        let target = 0.7 * search.most(&region, own);
        let both: Vec<&Worth> = gains.iter().collect();
        let mut group = criterion.benchmark_group(format!("search, {name}"));
        group.bench_function("best", |b| b.iter(|| search.most(black_box(&region), own)));
        group.bench_function("best for the other above one's target", |b| {
            b.iter(|| search.best_above(black_box(&region), own, target, other).first().copied());
        });
        group.bench_function("lowest above one's target", |b| {
            b.iter(|| search.lowest_above(black_box(&region), own, target).first().copied());
        });
        let floor = vec![0.0; both.len()];
        group.bench_function("drafting: product of gains", |b| {
            b.iter(|| search.nash(black_box(&region), &both, &floor).first().copied());
        });
        group.bench_function("least bad for the worse-off", |b| {
            b.iter(|| search.maximin(black_box(&region), &both));
        });
        group.finish();
    }
}

/// Ranking: making one, and asking it.
fn ranking(criterion: &mut Criterion) {
    let scenario = six_by_five();
    let (_, gains, region) = in_the_talks(&scenario, 1);
    let mut group = criterion.benchmark_group("ranking, six-by-five");
    group.bench_function("making", |b| b.iter(|| Ranking::of(black_box(&region), &gains[0])));
    let mut ranking = Ranking::of(&region, &gains[0]);
    group.bench_function("lowest above one's target", |b| {
        b.iter(|| ranking.lowest_above(&gains[0], black_box(0.35)).first().copied());
    });
    group.finish();
}

/// What a package is worth, and what all are: valuation as one takes an account of it.
fn valuing(criterion: &mut Criterion) {
    let scenario = scenario(FLAGSHIP);
    let (mut session, gains, region) = in_the_talks(&scenario, IN_THE_TALKS);
    let mut group = criterion.benchmark_group("valuation, flagship");
    let text: Package = region.ceiling;
    group.bench_function("one package", |b| b.iter(|| gains[0].of(black_box(&text))));
    let parties: Vec<_> = session.insight(0).parties().collect();
    group.bench_function("all packages, as another takes them to be", |b| {
        b.iter(|| session.insight(0).believed_gains(parties[0], parties[1]));
    });
    group.finish();
}

/// Seating, and whole turns.
fn tables(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tables");
    for (name, scenario) in [("flagship", scenario(FLAGSHIP)), ("six-by-five", six_by_five())] {
        group.bench_function(format!("a World with its schedules, {name}"), |b| {
            b.iter(|| Session::new(scenario.clone(), 1));
        });
        let mut session = Session::new(scenario.clone(), 1);
        group.bench_function(format!("seating, {name}"), |b| {
            b.iter(|| session.seat(0, lineage(black_box(1)), Vec::new(), false));
        });
        group.bench_function(format!("seating and the first turn, {name}"), |b| {
            b.iter(|| {
                session.seat(0, lineage(1), Vec::new(), false);
                session.advance().expect("nothing is planned");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, searching, ranking, valuing, tables);
criterion_main!(benches);
