//! What is held to be true of durations: results of others, tables by hand, and shares without
//! censoring.

use demarche_random::purpose::Purpose;
use demarche_random::seed::RunSeed;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::proportion::Share;
use crate::testing::{list, near, number, numbers, reference, whole};

const REFERENCE: &str = include_str!("../../../../tests/reference/statistics/survival.json");
const TALKS: &str = include_str!("../../../../tests/reference/statistics/time_to_agreement.csv");

/// Rows from times and causes, of which 0 is censored.
fn rows(times: impl Iterator<Item = (usize, usize)>, n_causes: usize) -> Vec<TurnRow> {
    let mut rows: Vec<TurnRow> = Vec::new();
    for (turn, cause) in times {
        while rows.len() <= turn {
            rows.push(TurnRow { ended: vec![0; n_causes], censored: 0 });
        }
        match cause {
            0 => rows[turn].censored += 1,
            cause => rows[turn].ended[cause - 1] += 1,
        }
    }
    rows
}

/// The talks of the file: agreement is cause 0, a walk-out cause 1.
fn talks() -> Vec<TurnRow> {
    let lines = TALKS.lines().skip(1).map(|line| {
        let mut fields = line.split(',').map(|field| field.trim().parse::<usize>().unwrap());
        (fields.next().unwrap(), fields.next().unwrap())
    });
    rows(lines, 2)
}

#[track_caller]
fn check_survival(table: &LifeTable, case: &Value) {
    assert_eq!(table.n(), whole(&case["n"]));
    for (at, time) in numbers(&case["times"]).into_iter().enumerate() {
        let turn = time as usize;
        assert_eq!(table.at_risk()[turn], whole(&case["at_risk"][at]), "turn {turn}");
        near(table.survival()[turn], number(&case["S"][at]), 1e-13);
        let interval = table.survival_interval(turn, Confidence::NINETY_FIVE);
        near(interval.low, number(&case["ci95_loglog_lower"][at]), 1e-12);
        near(interval.high, number(&case["ci95_loglog_upper"][at]), 1e-12);
        let ninety = table.survival_interval(turn, Confidence::new(0.9).unwrap());
        near(ninety.low, number(&case["ci90_lower"][at]), 1e-12);
    }
    let turn = |value: &Value| value.as_f64().map(|turn| turn as usize);
    assert_eq!(table.median(), turn(&case["median"]));
    let interval = table.median_interval(Confidence::NINETY_FIVE);
    assert_eq!(interval.low, turn(&case["median_ci95"][0]));
    assert_eq!(interval.high, turn(&case["median_ci95"][1]));
}

#[test]
fn survival_is_what_others_found() {
    let file = reference(REFERENCE);
    for key in ["freireich_6mp", "freireich_control"] {
        let (times, ends) = (numbers(&file[key]["T"]), numbers(&file[key]["E"]));
        let pairs = times.iter().zip(&ends).map(|(time, end)| (*time as usize, *end as usize));
        check_survival(&LifeTable::new(&rows(pairs, 1)).unwrap(), &file[key]);
    }
    let ecdf = &file["scipy_ecdf_6mp"];
    let times = numbers(&file["freireich_6mp"]["T"]).into_iter().map(|time| time as usize);
    let ends = numbers(&file["freireich_6mp"]["E"]).into_iter().map(|end| end as usize);
    let table = LifeTable::new(&rows(times.zip(ends), 1)).unwrap();
    for (time, share) in numbers(&ecdf["times"]).into_iter().zip(numbers(&ecdf["S"])) {
        near(table.survival()[time as usize], share, 1e-14);
    }
    let alone: Vec<TurnRow> = talks().iter().map(|row| row.only(0)).collect();
    let case = &file["negotiation"]["agreement_as_event_walkout_censored"];
    check_survival(&LifeTable::new(&alone).unwrap(), case);
}

#[test]
fn incidence_is_what_others_found() {
    let file = reference(REFERENCE);
    let table = LifeTable::new(&talks()).unwrap();
    for (cause, key) in [(0, "1"), (1, "2")] {
        let case = &file["negotiation"]["aalen_johansen"][key];
        for (at, turn) in list(&case["times"]).iter().enumerate() {
            let turn = usize::try_from(whole(turn)).unwrap();
            near(table.incidence(cause)[turn], number(&case["cif"][at]), 1e-13);
            let error = table.incidence_variance(cause)[turn].sqrt();
            near(error, number(&case["se"][at]), 1e-12);
        }
    }
}

#[test]
fn calling_walk_outs_censored_tells_more_agreements_than_there_are() {
    let file = &reference(REFERENCE);
    let alone: Vec<TurnRow> = talks().iter().map(|row| row.only(0)).collect();
    let (alone, both) = (LifeTable::new(&alone).unwrap(), LifeTable::new(&talks()).unwrap());
    let told = 1.0 - alone.survival().last().unwrap();
    let agreed = both.incidence(0).last().unwrap();
    near(told, number(&file["one_minus_km_end"]), 1e-13);
    near(*agreed, number(&file["cif_agree_end"]), 1e-13);
    near(*both.incidence(1).last().unwrap(), number(&file["cif_walkout_end"]), 1e-13);
    for (incidence, survival) in both.incidence(0).iter().zip(alone.survival()) {
        assert!(*incidence <= 1.0 - survival + 1e-12);
    }
}

#[test]
fn a_table_worked_by_hand() {
    // Five runs: one agrees in turn 1, one is censored there, one walks out in turn 2, one agrees
    // in turn 3, and one goes on.
    let row = |agreed, walked, censored| TurnRow { ended: vec![agreed, walked], censored };
    let table = LifeTable::new(&[row(0, 0, 0), row(1, 0, 1), row(0, 1, 0), row(1, 0, 1)]).unwrap();
    assert_eq!(table.at_risk(), [5, 5, 3, 2]);
    for (found, paper) in table.survival().iter().zip([1.0, 0.8, 8.0 / 15.0, 4.0 / 15.0]) {
        near(*found, paper, 1e-15);
    }
    near(table.incidence(0)[3], 0.2 + 4.0 / 15.0, 1e-15);
    near(table.incidence(1)[3], 4.0 / 15.0, 1e-15);
    // Greenwood: S² (1/(5·4) + 1/(3·2) + 1/(2·1)).
    let paper = 16.0 / 225.0 * (0.05 + 1.0 / 6.0 + 0.5);
    near(table.survival_variance(3), paper, 1e-15);
    assert_eq!(
        (table.median(), table.quantile(0.8), table.quantile(0.1)),
        (Some(3), Some(1), None)
    );
}

#[test]
fn without_censoring_all_are_plain_shares() {
    let times = (0..997_u32).map(|who| {
        let mut draws = RunSeed(7).draws(Purpose::Closing, 0, who);
        (draws.choose(60), 1 + draws.choose(3))
    });
    let rows = rows(times, 3);
    let table = LifeTable::new(&rows).unwrap();
    let mut ended = [0; 3];
    for (turn, row) in rows.iter().enumerate() {
        for (cause, sum) in ended.iter_mut().enumerate() {
            *sum += row.ended[cause];
            let share = Share::new(*sum, 997).unwrap().estimate().unwrap();
            assert_eq!(table.incidence(cause)[turn], share);
            let binomial = share * (1.0 - share) / 997.0;
            near(table.incidence_variance(cause)[turn] * 997.0, binomial * 997.0, 1e-12);
        }
        let left = Share::new(997 - ended.iter().sum::<u64>(), 997).unwrap().estimate().unwrap();
        assert_eq!(table.survival()[turn], left);
        near(table.survival_variance(turn) * 997.0, left * (1.0 - left), 1e-12);
    }
}

#[test]
fn ten_millions_are_told_as_surely_as_ten() {
    let row = |agreed, walked, censored| TurnRow { ended: vec![agreed, walked], censored };
    let table = LifeTable::new(&[
        row(0, 1, 0),
        row(1_000_000, 10, 500_000),
        row(5_000_000, 99_989, 0),
        row(0, 0, 3_400_000),
    ])
    .unwrap();
    assert_eq!(table.n(), 10_000_000);
    for turn in 0..4 {
        let all = table.survival()[turn] + table.incidence(0)[turn] + table.incidence(1)[turn];
        near(all, 1.0, 1e-15);
        let interval = table.incidence_interval(1, turn, Confidence::NINETY_FIVE);
        assert!(interval.contains(table.incidence(1)[turn]) && interval.half_width() < 1e-4);
    }
    // One of ten millions: the error of a rare count is its root.
    near(table.incidence_variance(1)[0] * 1e14, 1.0, 1e-6);
}

#[test]
fn of_nothing_nothing_is_told() {
    let empty = LifeTable::new(&[]).unwrap();
    assert_eq!((empty.n(), empty.median(), empty.n_causes()), (0, None, 0));
    let silent = LifeTable::new(&vec![TurnRow { ended: vec![0], censored: 0 }; 3]).unwrap();
    assert_eq!(
        (silent.survival(), silent.incidence(0)),
        ([1.0; 3].as_slice(), [0.0; 3].as_slice())
    );
    assert_eq!(silent.incidence_variance(0), [0.0; 3]);
    let alike = Interval { low: 1.0, high: 1.0 };
    assert_eq!(silent.survival_interval(2, Confidence::NINETY_FIVE), alike);
}

#[test]
fn turns_after_the_last_run_change_nothing() {
    let row = |agreed, censored| TurnRow { ended: vec![agreed], censored };
    let table = LifeTable::new(&[row(1, 0), row(0, 1), row(0, 0), row(0, 0)]).unwrap();
    assert_eq!((table.survival(), table.incidence(0)), ([0.5; 4].as_slice(), [0.5; 4].as_slice()));
    assert_eq!(table.incidence_variance(0), [0.125; 4]);
}

#[test]
fn rows_must_know_the_same_causes() {
    let rows = [TurnRow { ended: vec![0, 1], censored: 0 }, TurnRow::default()];
    let fault = Fault::UnequalCauses { turn: 1, found: 0, expected: 2 };
    assert_eq!(LifeTable::new(&rows), Err(fault));
}

proptest! {
    #[test]
    fn shares_make_one_and_move_one_way(rows in any_rows()) {
        let table = LifeTable::new(&rows).unwrap();
        let mut before = (1.0, 0.0, 0.0);
        for turn in 0..rows.len() {
            let now = (table.survival()[turn], table.incidence(0)[turn], table.incidence(1)[turn]);
            prop_assert!((now.0 + now.1 + now.2 - 1.0).abs() < 1e-12);
            let slack = 1e-15;
            prop_assert!(now.0 <= before.0 + slack);
            prop_assert!(now.1 >= before.1 - slack && now.2 >= before.2 - slack);
            let interval = table.survival_interval(turn, Confidence::NINETY_FIVE);
            prop_assert!(interval.low <= now.0 + slack && now.0 <= interval.high + slack);
            let surer = table.survival_interval(turn, Confidence::new(0.99).unwrap());
            prop_assert!(surer.low <= interval.low && interval.high <= surer.high);
            let interval = table.incidence_interval(1, turn, Confidence::NINETY_FIVE);
            prop_assert!(interval.low <= now.2 + slack && now.2 <= interval.high + slack);
            prop_assert!(interval.low >= 0.0 && interval.high <= 1.0);
            before = now;
        }
    }

    #[test]
    fn causes_may_be_named_in_any_order(rows in any_rows()) {
        let turned: Vec<TurnRow> = rows
            .iter()
            .map(|row| TurnRow { ended: vec![row.ended[1], row.ended[0]], ..*row })
            .collect();
        let (table, turned) = (LifeTable::new(&rows).unwrap(), LifeTable::new(&turned).unwrap());
        prop_assert_eq!(table.incidence(0), turned.incidence(1));
        prop_assert_eq!(table.incidence_variance(1), turned.incidence_variance(0));
    }

    #[test]
    fn one_cause_alone_is_the_complement_of_survival(rows in any_rows()) {
        let alone: Vec<TurnRow> = rows.iter().map(|row| row.only(1)).collect();
        let table = LifeTable::new(&alone).unwrap();
        for turn in 0..rows.len() {
            prop_assert!((table.incidence(0)[turn] + table.survival()[turn] - 1.0).abs() < 1e-12);
            let (survived, ended) =
                (table.survival_variance(turn), table.incidence_variance(0)[turn]);
            // Where all have ended, Greenwood's variance is 0 by convention.
            prop_assert!(table.survival()[turn] == 0.0 || (survived - ended).abs() < 1e-12);
        }
    }
}

fn any_rows() -> impl Strategy<Value = Vec<TurnRow>> {
    let row = (0..4_u64, 0..3_u64, 0..3_u64)
        .prop_map(|(agreed, walked, censored)| TurnRow { ended: vec![agreed, walked], censored });
    prop::collection::vec(row, 1..20)
}
