//! What the tests of this crate share.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::format::Lineage;
use demarche_scenario::{Loaded, catalogue, load};

use crate::design::Design;
use crate::plan::{Conduct, Follow, Plan};
use crate::runs::Run;

/// A built-in scenario.
pub(crate) fn loaded(key: &str) -> Loaded {
    let entry = catalogue::find(key).unwrap();
    let known: BTreeSet<String> = demarche_scenario::known_sources();
    load(&entry.file(), entry.text, &[], &[], &mut catalogue::base, &known).unwrap()
}

/// A textbook scenario of short runs.
pub(crate) fn dispute() -> Arc<Scenario> {
    Arc::new(loaded("textbook/symmetric-dispute").scenario)
}

/// Runs whose seeds are one more than their numbers.
pub(crate) fn runs_of(numbers: Range<u64>) -> impl Iterator<Item = (u64, Run)> {
    numbers.map(|number| {
        let lineage = Lineage { seed: number + 1, branch: None, over_ranges: None };
        (number, Run { lineage, settings: Arc::default(), past: None, is_followed: false })
    })
}

/// A plan of so many runs over ranges, of which all are followed.
pub(crate) fn plan_of(key: &str, n_runs: u64) -> Plan {
    let loaded = loaded(key);
    let conduct = Conduct { seed: 1, over_ranges: true, follow: Follow::All };
    Plan::new(Arc::new(loaded.scenario), loaded.numbers, Design::plain(n_runs), conduct).unwrap()
}
