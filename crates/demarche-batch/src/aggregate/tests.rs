//! Aggregates merge exactly, and are read as they were written.

use super::*;
use crate::range::{Work, play};
use crate::runs::Player;
use crate::testing::plan_of;

fn aggregate(work: &Work, runs: std::ops::Range<u64>) -> Aggregate {
    let mut player = Player::new(&work.plan.scenario);
    play(&work.plan, &work.tables, &mut player, runs, |_| {}).aggregate
}

#[test]
fn parts_merge_to_the_whole_however_they_are_cut() {
    let work = Work::of(plan_of("textbook/symmetric-dispute", 120));
    let whole = aggregate(&work, 0..120);
    assert_eq!(whole.n, 120);
    assert!(whole.gaps.iter().flatten().flatten().any(|sums| sums.n > 0), "some are followed");
    for cuts in [vec![0, 1, 120], vec![0, 50, 51, 99, 120]] {
        let parts: Vec<Aggregate> =
            cuts.windows(2).map(|two| aggregate(&work, two[0]..two[1])).collect();
        for order in [parts.iter().collect::<Vec<_>>(), parts.iter().rev().collect()] {
            let mut merged = Aggregate::empty(&work.plan.scenario, &work.tables.runs);
            order.into_iter().for_each(|part| merged.merge(part));
            assert_eq!(merged, whole);
        }
    }
}

#[test]
fn what_is_written_is_read_again() {
    let work = Work::of(plan_of("textbook/symmetric-dispute", 30));
    let whole = aggregate(&work, 0..30);
    let text = whole.to_json().to_string();
    let read = Aggregate::from_json(&serde_json::from_str(&text).unwrap());
    assert_eq!(read, Some(whole));
    assert_eq!(Aggregate::from_json(&serde_json::json!({"n": 3})), None);
}

#[test]
fn bins_hold_their_bounds() {
    let of = Summed { column: 0, key: "x".to_owned(), low: 0.0, high: 1.0 };
    assert_eq!(
        [-0.1, 0.0, 0.01, 0.02, 0.999, 1.0, 1.1].map(|x| bin(x, &of)),
        [0, 1, 1, 2, 50, 50, 51]
    );
}
