//! Aggregates merge exactly, and are read as they were written.

use super::*;
use crate::range::{Work, play};
use crate::runs::Player;
use crate::testing::plan_of;

fn aggregate(work: &Work, runs: std::ops::Range<u64>) -> Aggregate {
    let mut player = Player::new(&work.plan.scenario);
    play(&work.plan, &work.tables, &mut player, runs).aggregate
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
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(Aggregate::from_json(&written, &work, &(0..30)), Some(whole));
    assert_eq!(Aggregate::from_json(&serde_json::json!({"n": 3}), &work, &(0..30)), None);
}

/// What somebody made up is not merged, which would end the program: every number of an aggregate
/// made greater than can be, and every list longer or shorter.
#[test]
fn what_cannot_be_of_these_runs_is_not_read() {
    let work = Work::of(plan_of("textbook/symmetric-dispute", 30));
    let written = aggregate(&work, 0..30).to_json();
    let read = |value: &serde_json::Value| Aggregate::from_json(value, &work, &(0..30));
    assert!(read(&written).is_some());
    let many = serde_json::json!(u64::MAX);
    let squares = serde_json::json!([30, "0", u128::MAX.to_string()]);
    let forgeries = [
        ("/n", many.clone()),
        ("/failed", serde_json::json!(31)),
        ("/failures", serde_json::json!([{"run": 30, "seed": 1, "words": ""}])),
        ("/outcomes", serde_json::json!([30])),
        ("/outcomes/0", many.clone()),
        ("/agreed", serde_json::json!(31)),
        ("/blocked", serde_json::json!([])),
        ("/blocked/0", serde_json::json!([0])),
        ("/blocked/0/0", many.clone()),
        ("/ends", serde_json::json!([])),
        ("/ends/0/0/ended", serde_json::json!([0])),
        ("/ends/0/0/censored", many.clone()),
        ("/sums", serde_json::json!([])),
        ("/sums/0/bins", serde_json::json!([0, 1])),
        ("/sums/0/exact", squares.clone()),
        ("/sums/0/exact/1", serde_json::json!(i128::MIN.to_string())),
        ("/points", serde_json::json!([[7, [0, 0, 0]]])),
        ("/gaps", serde_json::json!([])),
        ("/gaps/0", serde_json::json!([])),
    ];
    for (path, forged) in forgeries {
        let mut value = written.clone();
        let place = value.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there"));
        assert_ne!(*place, forged, "{path} is forged");
        *place = forged;
        assert_eq!(read(&value), None, "{path}");
    }
}

#[test]
fn runs_that_failed_are_named_in_order_and_read_too() {
    let work = Work::of(plan_of("textbook/symmetric-dispute", 30));
    let rows = Rows::new(work.tables.runs.of_ranges());
    let failing = |run: u64| {
        let mut of = Aggregate::empty(&work.plan.scenario, &work.tables.runs);
        let played = Played::Failed(format!("fault {run}"));
        let entry = Entry { run, seed: run + 1, point: None, played: &played };
        of.add(&entry, &rows, &work.tables.runs);
        of
    };
    let mut whole = aggregate(&work, 0..28);
    whole.merge(&failing(29));
    whole.merge(&failing(28));
    assert_eq!((whole.n, whole.n_failed, whole.n_ended()), (30, 2, 28));
    let named: Vec<&str> = whole.failures.iter().map(|failure| failure.words.as_str()).collect();
    assert_eq!(named, ["fault 28", "fault 29"]);
    let read = Aggregate::from_json(&whole.to_json(), &work, &(0..30));
    assert_eq!(read, Some(whole));
}

#[test]
fn counts_merge_point_by_point() {
    let at = |points: &[(u64, Vec<u64>)]| Aggregate {
        points: points.iter().cloned().collect(),
        ..Aggregate::default()
    };
    let mut own = at(&[(0, vec![1, 2]), (1, vec![0, 1])]);
    own.merge(&at(&[(0, vec![3, 0]), (2, vec![4, 4])]));
    assert_eq!(own, at(&[(0, vec![4, 2]), (1, vec![0, 1]), (2, vec![4, 4])]));
}

#[test]
fn bins_hold_their_bounds() {
    let of = Summed { column: 0, key: "x".to_owned(), low: 0.0, high: 1.0 };
    assert_eq!(
        [-0.1, 0.0, 0.01, 0.02, 0.999, 1.0, 1.1].map(|x| bin(x, &of)),
        [0, 1, 1, 2, 50, 50, 51]
    );
}
