//! Plain columns: the engine's sources without entities tell the same of every run, so that what
//! the entity component system does is no more than hold what belongs to whom and call rules in
//! their order.

use std::collections::BTreeMap;
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_scenario::catalogue;
use support::engines::{Engine, Entities, Plain, play_each};
use support::runs::scenario;

const SEEDS: std::ops::Range<u64> = 1..13;
const TABLES: usize = 5;

/// The digest of each seed's chronicle.
fn told<E: Engine>(scenario: &Arc<Scenario>) -> BTreeMap<u64, String> {
    let mut told = BTreeMap::new();
    play_each(&mut E::of(scenario, TABLES), TABLES, SEEDS, true, |engine, at, seed| {
        told.insert(seed, engine.told(at).digest(&scenario.cast));
    });
    told
}

#[test]
fn columns_tell_the_same_as_entities() {
    for entry in catalogue() {
        let scenario = scenario(entry.key);
        assert_eq!(told::<Plain>(&scenario), told::<Entities>(&scenario), "{}", entry.key);
    }
}
