//! Comparisons with known answers, and what may make no difference to any.

use std::collections::BTreeSet;

use demarche_scenario::{Loaded, catalogue, load};
use demarche_statistics::interval::Interval;
use demarche_statistics::paired::FourCells;

use super::findings::{Effect, Findings, Method, Verdict, Ways};
use super::tally::Turn;
use super::*;

const FLAGSHIP: &str = "historical/doha-istanbul";
const SUM: &str = "textbook/splitting-a-sum";
const SILENT: &(dyn Fn(u64, u64) + Sync) = &|_, _| {};
const NOTHING: Interval = Interval { low: 0.0, high: 0.0 };

fn scenario(key: &str, sets: &[(&str, &str)]) -> Arc<Scenario> {
    let entry = catalogue::find(key).unwrap();
    let known: BTreeSet<String> = demarche_scenario::known_sources();
    let owned = |(path, value): &(&str, &str)| ((*path).to_owned(), (*value).to_owned());
    let sets: Vec<(String, String)> = sets.iter().map(owned).collect();
    let loaded = load(&entry.file(), entry.text, &sets, &[], &mut catalogue::base, &known);
    let loaded: Loaded =
        loaded.unwrap_or_else(|problems| panic!("{}", problems.render(100, false, true)));
    Arc::new(loaded.scenario)
}

fn engaged() -> Arc<Scenario> {
    scenario(FLAGSHIP, &[("mediators.united-states.engaged", "true")])
}

fn arm(scenario: Arc<Scenario>) -> Arm {
    Arm { name: "changed".to_owned(), changes: Vec::new(), scenario }
}

fn compared(base: &Arc<Scenario>, arms: &[Arm], futures: Futures, threads: usize) -> Compared {
    Comparison { base, arms, futures, threads, watch: SILENT }.run().unwrap()
}

/// All that is said of one arm, and what it was counted from.
fn found(base: &Arc<Scenario>, changed: Arc<Scenario>, futures: Futures) -> (Tally, Findings) {
    let mut compared = compared(base, &[arm(changed)], futures, 2);
    let tally = compared.arms.remove(0);
    let findings = Findings::of(&tally);
    (tally, findings)
}

fn all(findings: &Findings) -> Vec<Effect> {
    let Findings { agreement, truce, better, outcomes, numbers } = findings;
    [vec![*agreement, *truce, *better], outcomes.clone(), numbers.clone()].concat()
}

/// The same but for the last digits, which the order of a subtraction may move.
#[track_caller]
fn near(one: Option<f64>, other: Option<f64>) {
    match (one, other) {
        (Some(one), Some(other)) => assert!((one - other).abs() < 1e-12, "{one} is not {other}"),
        (one, other) => assert_eq!(one, other),
    }
}

#[test]
fn futures_come_in_whole_draws() {
    let futures = |n, per_draw| Futures::over_ranges(n, 1, per_draw).unwrap();
    let counts = |of: Futures| (of.draws.unwrap(), of.per_draw);
    assert_eq!(counts(futures(5000, None)), (250, 20));
    assert_eq!(counts(futures(1000, None)), (50, 20));
    assert_eq!(counts(futures(100, None)), (50, 2));
    assert_eq!(counts(futures(7, None)), (7, 1));
    assert_eq!(counts(futures(103, Some(20))), (6, 20));
    let last = futures(103, Some(20)).lineage(119);
    assert_eq!((last.seed, last.over_ranges), (120, Some(6)));
    let point = Futures::at_the_point(100, 5).unwrap().lineage(99);
    assert_eq!((point.seed, point.over_ranges), (104, None));
    assert_eq!(Futures::at_the_point(0, 1), Err(CompareFault::NoFutures));
    assert!(Futures::over_ranges(10, u64::MAX - 5, None).is_err());
}

#[test]
fn what_is_the_same_differs_in_nothing() {
    let base = scenario(FLAGSHIP, &[]);
    let over = Futures::over_ranges(60, 1, Some(6)).unwrap();
    for futures in [over, Futures::at_the_point(60, 1).unwrap()] {
        let (tally, findings) = found(&base, base.clone(), futures);
        assert_eq!((tally.n, tally.n_alike), (60, 60));
        for effect in all(&findings).into_iter().filter(|effect| effect.n > 0) {
            assert_eq!((effect.difference, effect.interval), (Some(0.0), Some(NOTHING)));
            assert_eq!(effect.method, Some(Method::Untouched));
            assert_eq!(effect.verdict(0), Verdict::None);
            assert_eq!(effect.ways.is_some(), futures.draws.is_some());
            assert!(effect.ways.is_none_or(|ways| (ways.up, ways.down) == (0, 0)));
        }
        assert!(tally.turned.iter().all(Vec::is_empty));
    }
}

#[test]
fn turned_about_all_has_the_other_sign() {
    let (base, changed) = (scenario(FLAGSHIP, &[]), engaged());
    let over = Futures::over_ranges(90, 1, Some(6)).unwrap();
    for futures in [over, Futures::at_the_point(90, 1).unwrap()] {
        let (tally, there) = found(&base, changed.clone(), futures);
        let (turned, back) = found(&changed, base.clone(), futures);
        assert_ne!(tally.n, tally.n_alike, "the change does something");
        assert_eq!(tally.n_alike, turned.n_alike);
        let [gained, lost, _] = &tally.turned;
        assert_eq!(gained.len(), turned.turned[1].len());
        assert_eq!(lost.len(), turned.turned[0].len());
        for (there, back) in all(&there).into_iter().zip(all(&back)) {
            near(there.difference, back.difference.map(|difference| -difference));
            let back_interval = back.interval.map(|interval| interval.negated());
            near(there.interval.map(|of| of.low), back_interval.map(|of| of.low));
            near(there.interval.map(|of| of.high), back_interval.map(|of| of.high));
            assert_eq!((there.base, there.changed), (back.changed, back.base));
            let turned = |ways: Ways| Ways { up: ways.down, down: ways.up, ..ways };
            assert_eq!(there.ways, back.ways.map(turned));
        }
    }
}

#[test]
fn threads_show_nowhere_even_where_blocks_end_within_a_draw() {
    let (base, arms) = (scenario(FLAGSHIP, &[]), [arm(engaged()), arm(scenario(FLAGSHIP, &[]))]);
    let futures = Futures::over_ranges(150, 3, Some(10)).unwrap();
    assert!(!futures.block().is_multiple_of(10));
    let alone = compared(&base, &arms, futures, 1);
    for threads in [2, 7] {
        assert_eq!(compared(&base, &arms, futures, threads), alone, "{threads} threads");
    }
}

#[test]
fn every_pair_is_counted_once_everywhere() {
    let (tally, _) =
        found(&scenario(FLAGSHIP, &[]), engaged(), Futures::over_ranges(100, 1, None).unwrap());
    let n = tally.n;
    assert_eq!(n, 100);
    assert_eq!(tally.moves.iter().flatten().sum::<u64>(), n);
    let outcomes = (0..tally.moves.len()).map(|at| tally.outcome(at));
    let cells = [tally.agreement, tally.truce, tally.better].into_iter().chain(outcomes.clone());
    for cells in cells.chain(tally.blocked.iter().flatten().copied()) {
        assert_eq!(cells.n(), n);
    }
    assert_eq!(outcomes.map(|cells| cells.both + cells.only_base).sum::<u64>(), n);
    let draws = tally.draws.as_ref().unwrap();
    assert_eq!(draws.values().map(|draw| draw.n).sum::<u64>(), n);
    let by_draw = |at: usize| draws.values().map(|draw| draw.shares[at]).sum::<i64>();
    let parted =
        |cells: FourCells| cells.only_changed.cast_signed() - cells.only_base.cast_signed();
    assert_eq!(by_draw(0), parted(tally.agreement));
    assert_eq!(by_draw(2), parted(tally.better));
    assert_eq!(by_draw(3), parted(tally.outcome(0)));
}

/// On paper: who asks for 1 − s² instead of 1 − s gets 0.618 of the sum instead of a half.
#[test]
fn who_holds_out_gets_the_golden_section_in_every_future() {
    let base = scenario(SUM, &[]);
    let changed = scenario(SUM, &[("parties.row.bargaining.concession-exponent", "0.5")]);
    let (tally, findings) = found(&base, changed, Futures::at_the_point(30, 1).unwrap());
    assert_eq!(tally.agreement, FourCells { both: 30, ..FourCells::default() });
    let scales = Scales::of(&base);
    let gains = ["gain.row", "gain.column"].map(|key| {
        let at = scales.numbers.iter().position(|scale| scale.key == key).unwrap();
        findings.numbers[at]
    });
    for (gain, expected) in gains.iter().zip([0.618 - 0.5, 0.382 - 0.5]) {
        let (difference, interval) = (gain.difference.unwrap(), gain.interval.unwrap());
        assert!((difference - expected).abs() <= 0.015, "{difference}");
        assert!(interval.half_width() < 1e-6, "every future gives the same: {interval:?}");
    }
    assert_eq!(findings.agreement.verdict(0), Verdict::None);
    assert_eq!((findings.better.base, findings.better.changed), (Some(0.0), Some(0.0)));
}

/// On paper: two who both want more than half of a sum cannot agree.
#[test]
fn without_a_zone_every_agreement_is_lost() {
    let base = scenario(SUM, &[]);
    let sets = [("parties.row.reservation", "0.6"), ("parties.column.reservation", "0.6")];
    let (tally, findings) =
        found(&base, scenario(SUM, &sets), Futures::at_the_point(30, 1).unwrap());
    assert_eq!(tally.agreement, FourCells { only_base: 30, ..FourCells::default() });
    let effect = findings.agreement;
    assert_eq!(effect.difference, Some(-1.0));
    assert_eq!(effect.verdict(30), Verdict::Less);
    assert_eq!(tally.better.only_base, 30, "no agreement is worse than one");
    assert_eq!(tally.turned[Turn::Lost as usize].len(), 3);
}

#[test]
fn a_run_that_panics_leaves_its_pair_out_and_no_other() {
    let base = scenario(SUM, &[]);
    let arms = [arm(base.clone()), arm(base.clone())];
    let futures = Futures::at_the_point(80, 1).unwrap();
    let comparison = Comparison { base: &base, arms: &arms, futures, threads: 1, watch: SILENT };
    let scales = Scales::of(&base);
    let mut players = comparison.players();
    players[0].mine = Some(|future| assert!(future != 3, "trodden"));
    players[2].mine = Some(|future| assert!(future != 40 && future != 3, "trodden"));
    let mut own = Compared::empty(&comparison, &scales);
    comparison.play(&mut players, 0..80, &scales, &mut own, &AtomicU64::new(0));
    assert_eq!(own.n_failed, 3);
    let named: Vec<_> = own.failures.iter().map(|of| (of.arm, of.future)).collect();
    assert_eq!(named, [(None, 3), (Some(1), 3), (Some(1), 40)]);
    assert_eq!((own.arms[0].n, own.arms[1].n), (79, 78));
    assert_eq!((own.arms[0].n_alike, own.arms[1].n_alike), (79, 78));
}

#[test]
fn what_has_other_classes_does_not_compare() {
    let base = scenario(SUM, &[]);
    let classes = "[{ key = \"some\", name = \"some\", ending = \"agreement\" }, \
                   { key = \"none\", name = \"none\" }]";
    let arms = [arm(scenario(SUM, &[("outcomes", classes)]))];
    let futures = Futures::at_the_point(1, 1).unwrap();
    let fault = Comparison { base: &base, arms: &arms, futures, threads: 1, watch: SILENT }.run();
    let told = fault.unwrap_err().to_string();
    assert!(told.contains("agreement, no-agreement") && told.contains("some, none"), "{told}");
}

#[test]
fn what_cannot_be_told_says_what_it_would_take() {
    let effect = Effect {
        n: 1000,
        base: Some(0.1),
        changed: Some(0.11),
        difference: Some(0.01),
        interval: Some(Interval { low: -0.01, high: 0.03 }),
        method: Some(Method::Tango),
        ways: None,
    };
    // On paper: the half-width is twice the difference, so that it must shrink to half, which takes
    // four times as many, and about twice that for four tries of five.
    let Verdict::CannotTell { needed: Some(needed) } = effect.verdict(50) else {
        panic!("nought lies between the bounds")
    };
    assert!((needed - 4000.0 * 2.043).abs() < 1e-6, "{needed}");
    let told = Effect { interval: Some(Interval { low: 0.001, high: 0.019 }), ..effect };
    assert_eq!(told.verdict(50), Verdict::More);
    let none = Effect { difference: Some(0.0), ..effect };
    assert_eq!(none.verdict(50), Verdict::CannotTell { needed: None });
}
