//! Worths: what packages are worth to a party lies, at every turn, where its scale lets it.
//!
//! A party that values by tables has utilities in [0, 1]. Of one that has stakes, whose absolute
//! values add up to 1, no text is worth more than 1 at face value, one way or the other.

use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::scenario::{Preferences, Scenario};
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::format::Lineage;
use demarche_scenario::catalogue;
use support::check_none;
use support::runs::{lineage, scenario, seated};

const TOLERANCE: f64 = 1e-9;
const SEEDS: std::ops::Range<u64> = 1..5;

#[test]
fn they_keep_to_their_scale_at_every_turn_of_every_scenario() {
    let (mut faults, mut turns) = (Vec::new(), 0);
    for entry in catalogue() {
        let scenario = scenario(entry.key);
        for seed in SEEDS {
            let lineage = Lineage { over_ranges: (seed % 2 == 1).then_some(seed), ..lineage(seed) };
            let mut session = seated(&scenario, lineage);
            while session.status(0) != Status::Ended && faults.len() < 20 {
                session.advance().expect("nothing enters that could be refused");
                let at = format!("{}, seed {seed}, turn {}", entry.key, session.turn(0));
                let strayed = strayed(&scenario, &mut session).into_iter();
                faults.extend(strayed.map(|fault| format!("{at}: {fault}")));
                turns += 1;
            }
        }
    }
    check_none(&faults);
    assert!(turns > 1000, "only {turns} turns");
}

fn strayed(scenario: &Scenario, session: &mut Session) -> Vec<String> {
    let mut faults = Vec::new();
    let all = Region::all(&scenario.space);
    let mut insight = session.insight(0);
    for party in insight.parties() {
        let mut out = |what: &str, value: f64, low: f64, high: f64| {
            if !(low - TOLERANCE..=high + TOLERANCE).contains(&value) {
                faults.push(format!("{what} of {} is {value}", scenario.cast.party(party)));
            }
        };
        if let Preferences::Tables { .. } = scenario.parties[party.ix()].preferences {
            let gains = insight.gains(party);
            // Without pairs of issues, the extremes of the sum are the sums of the extremes.
            let issues = || scenario.space.issues().map(|k| gains.solo(k));
            let least: f64 = issues().map(|k| k.iter().copied().fold(f64::MAX, f64::min)).sum();
            let most: f64 = issues().map(|k| k.iter().copied().fold(f64::MIN, f64::max)).sum();
            out("the least utility", least, 0.0, 1.0);
            out("the greatest utility", most, 0.0, 1.0);
            out("the worth of no deal", -gains.constant, 0.0, 1.0);
        }
        // At face value a text is worth most, or least, with every issue at one end or the other.
        let ends: [Package; 2] = [all.floor, all.ceiling];
        let sums = ends.map(|text| {
            let account = insight.accounts(&text).swap_remove(party.ix());
            account.issues.iter().map(|issue| issue.face_value.abs()).sum::<f64>()
        });
        out("the stakes at the status quo", sums[0], 0.0, 1.0);
        out("the stakes in a whole text", sums[1], 0.0, 1.0);
    }
    faults
}
