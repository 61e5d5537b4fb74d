//! What entities cost, on one core, by ratio within one run of this program: `cargo bench -p
//! demarche-tests --bench loop`.
//!
//! The engine against its own sources over plain columns, for all rules; and for direct bargaining
//! also against a loop written by hand that knows three of them.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group};
use demarche_engine::scenario::Scenario;
use support::by_hand::ByHand;
use support::engines::{Engine, Entities, Plain, play_many};
use support::paired::paired;
use support::runs::{FLAGSHIP, read_scenario, scenario};

const N: u64 = 64;

/// The scenarios, and whether the loop written by hand knows all that they need.
fn scenarios() -> Vec<(&'static str, Arc<Scenario>, bool)> {
    let six_by_five = support::read("tests/benches/negmas/six-by-five.toml");
    let six_by_five = Arc::new(read_scenario("six-by-five.toml", &six_by_five, &[]).scenario);
    vec![
        ("flagship", scenario(FLAGSHIP), false),
        ("dispute", scenario("textbook/symmetric-dispute"), false),
        ("sum", scenario("textbook/splitting-a-sum"), true),
        ("trade-off", scenario("textbook/two-issue-trade-off"), true),
        ("six-by-five", six_by_five, true),
    ]
}

fn engine<E: Engine>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    scenario: &Arc<Scenario>,
    n_tables: usize,
) {
    let mut engine = E::of(scenario, n_tables);
    group.bench_function(BenchmarkId::new(name, n_tables), |bencher| {
        bencher.iter(|| play_many(&mut engine, n_tables, 1..N + 1, false));
    });
}

fn compare(criterion: &mut Criterion) {
    for (name, scenario, is_bargaining) in scenarios() {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(N)).sample_size(20);
        if is_bargaining {
            let mut by_hand = ByHand::new(&scenario);
            group.bench_function("by hand", |bencher| {
                bencher.iter(|| {
                    for _ in 0..N {
                        black_box(by_hand.bargain());
                    }
                });
            });
        }
        for n_tables in [1, 16, 64] {
            engine::<Plain>(&mut group, "plain columns", &scenario, n_tables);
            engine::<Entities>(&mut group, "entities", &scenario, n_tables);
        }
        group.finish();
    }
}

/// Entities to plain columns, pair by pair.
fn ratios() {
    for (name, scenario, _) in scenarios() {
        for n_tables in [1, 16, 64] {
            let mut entities = Entities::of(&scenario, n_tables);
            let mut plain = Plain::of(&scenario, n_tables);
            let ratio = paired(
                || play_many(&mut entities, n_tables, 1..4 * N + 1, false),
                || play_many(&mut plain, n_tables, 1..4 * N + 1, false),
            );
            println!("{name}, tables {n_tables}: entities to plain columns {ratio}");
        }
    }
}

criterion_group!(benches, compare);

fn main() {
    ratios();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
