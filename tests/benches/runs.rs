//! How long whole runs take, and what many tables in one World save: `cargo bench -p demarche-tests
//! --bench runs`. One core, everything by ratio within one run of this program.

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use support::engines::play_many;
use support::runs::{FLAGSHIP, scenario};

const N: u64 = 256;

fn flagship(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("flagship");
    group.throughput(Throughput::Elements(N)).sample_size(10);
    let flagship = scenario(FLAGSHIP);
    for (n_tables, narrate) in [(1, true), (1, false), (16, false), (64, false)] {
        let name = if narrate { "with chronicle" } else { "without" };
        let mut session = Session::new(flagship.clone(), n_tables);
        group.bench_function(BenchmarkId::new(name, n_tables), |bencher| {
            bencher.iter(|| play_many(&mut session, n_tables, 1..N + 1, narrate));
        });
    }
    group.finish();
}

/// What a World for each run costs, where scoring packages does not drown it.
fn tables(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tables");
    group.throughput(Throughput::Elements(N)).sample_size(10);
    let dispute: Arc<Scenario> = scenario("textbook/symmetric-dispute");
    group.bench_function("a World for each run", |bencher| {
        bencher.iter(|| {
            for seed in 1..=N {
                play_many(&mut Session::new(dispute.clone(), 1), 1, seed..seed + 1, false);
            }
        });
    });
    for n_tables in [1, 16, 64] {
        let mut session = Session::new(dispute.clone(), n_tables);
        group.bench_function(BenchmarkId::new("one World", n_tables), |bencher| {
            bencher.iter(|| play_many(&mut session, n_tables, 1..N + 1, false));
        });
    }
    group.finish();
}

criterion_group!(benches, flagship, tables);
criterion_main!(benches);
