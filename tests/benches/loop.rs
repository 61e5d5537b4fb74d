//! What entities cost: the engine against a loop written by hand over the same rules, the same
//! negotiations, one core: `cargo bench -p demarche-tests --bench loop`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use support::by_hand::ByHand;
use support::runs::{play_many, read_scenario, scenario};

const N: u64 = 64;

fn compare(criterion: &mut Criterion) {
    let six_by_five = support::read("tests/benches/negmas/six-by-five.toml");
    let six_by_five: Arc<Scenario> =
        Arc::new(read_scenario("six-by-five.toml", &six_by_five, &[]).scenario);
    let trade_off = scenario("textbook/two-issue-trade-off");
    let sum = scenario("textbook/splitting-a-sum");
    for (name, scenario) in [("sum", sum), ("trade-off", trade_off), ("six-by-five", six_by_five)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(N)).sample_size(20);
        let mut by_hand = ByHand::new(&scenario);
        group.bench_function("by hand", |bencher| {
            bencher.iter(|| {
                for _ in 0..N {
                    black_box(by_hand.bargain());
                }
            });
        });
        for n_tables in [1, 64] {
            let mut session = Session::new(scenario.clone(), n_tables);
            group.bench_function(BenchmarkId::new("engine", n_tables), |bencher| {
                bencher.iter(|| play_many(&mut session, n_tables, 1..N + 1, false));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, compare);
criterion_main!(benches);
