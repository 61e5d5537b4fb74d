//! Signs: what theory says comes of what, tried on the same draws with a cause and without it.
//!
//! The experiments stand in `tests/signs/theory.toml`, read as situations are; the table that
//! docs/MODEL.md prints is made here. An experiment that does not show its sign is printed so, with
//! what was found, and is marked in the file: a sign that comes or goes turns this test red.

use std::sync::Mutex;

use demarche_random::math;
use demarche_record::chronicle::Chronicle;
use support::runs::{FLAGSHIP, scenario};
use support::{check_current, check_none, read};

use crate::docs::pages;
use crate::situations::measures::{Watched, first_turn, measure, opened};
use crate::situations::reading::{Claim, Situation, situations};
use crate::situations::runs;

const SIGNS: &str = "tests/signs/theory.toml";
const LEVELS: &str = "tests/signs/levels.toml";

/// How many standard errors make half of an interval that covers 95 in 100.
const Z: f64 = 1.959_963_984_540_054;

/// What an experiment found.
struct Found {
    n: usize,
    without: f64,
    with: f64,
    difference: f64,
    half_width: f64,
}

impl Found {
    fn interval(&self) -> [f64; 2] {
        [self.difference - self.half_width, self.difference + self.half_width]
    }

    fn shows(&self, claim: &Claim) -> bool {
        let [low, high] = self.interval();
        match *claim {
            Claim::More { by } => low > by,
            Claim::Fewer { by } => high < -by,
            Claim::Later | Claim::Dispersed => low > 0.0,
            Claim::Sooner => high < 0.0,
            Claim::AboutAsMany { by } => -by < low && high < by,
            Claim::Even => low <= 0.0 && 0.0 <= high,
            _ => panic!("a sign says which way something moves"),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand runs")]
fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0))
}

/// The difference of pairs, with its interval.
#[expect(clippy::cast_precision_loss, reason = "some thousand runs")]
fn paired(with: &[f64], without: &[f64]) -> Found {
    let differences: Vec<f64> = with.iter().zip(without).map(|(a, b)| a - b).collect();
    let (difference, variance) = mean_and_variance(&differences);
    let half_width = Z * (variance / differences.len() as f64).sqrt();
    let (with, without) = (mean_and_variance(with).0, mean_and_variance(without).0);
    Found { n: differences.len(), without, with, difference, half_width }
}

/// The difference between two lots that are no pairs.
#[expect(clippy::cast_precision_loss, reason = "some thousand runs")]
fn apart(with: &[f64], without: &[f64]) -> Found {
    let (a, b) = (mean_and_variance(with), mean_and_variance(without));
    let half_width = Z * (a.1 / with.len() as f64 + b.1 / without.len() as f64).sqrt();
    let n = with.len().min(without.len());
    Found { n, without: b.0, with: a.0, difference: a.0 - b.0, half_width }
}

/// Variance over mean, which is 1 where events come independently of each other.
#[expect(clippy::cast_precision_loss, reason = "some thousand runs")]
fn dispersion(with: &[f64], without: &[f64]) -> Found {
    let index = |counts: &[f64]| {
        let (mean, variance) = mean_and_variance(counts);
        variance / mean
    };
    let (with_index, without_index) = (index(with), index(without));
    // The standard error of each is about itself times √(2/(n−1)).
    let error = (2.0 / (with.len() as f64 - 1.0)).sqrt();
    let half_width = Z * error * with_index.hypot(without_index);
    let difference = with_index - without_index;
    Found { n: with.len(), without: without_index, with: with_index, difference, half_width }
}

fn experiment(case: &Situation) -> Found {
    let (scenario, given) = runs(case, &[&case.setting, &case.given]);
    let watched = Watched::new(&scenario, &case.expect);
    let among = case.expect.among.as_ref().map(|word| watched.also(word));
    let counts = |chronicles: &[Chronicle]| -> Vec<f64> {
        let is_among =
            |of: &&Chronicle| among.as_ref().is_none_or(|among| measure(among, of) > 0.0);
        chronicles.iter().filter(is_among).map(|of| measure(&watched, of)).collect()
    };
    if case.expect.claim == Claim::Even {
        let with = counts(&given);
        return paired(&with, &vec![0.0; with.len()]);
    }
    let plain = runs(case, &[&case.setting]).1;
    match case.expect.claim {
        Claim::Later | Claim::Sooner => {
            let hours = |of: &Chronicle| {
                let turns = first_turn(&watched, of)? - opened(&watched, of);
                Some(f64::from(turns) * scenario.cast.turn_hours)
            };
            let both = given.iter().zip(&plain).filter_map(|(a, b)| Some((hours(a)?, hours(b)?)));
            let (with, without): (Vec<f64>, Vec<f64>) = both.unzip();
            paired(&with, &without)
        }
        Claim::Dispersed => dispersion(&counts(&given), &counts(&plain)),
        _ if among.is_some() => apart(&counts(&given), &counts(&plain)),
        _ => paired(&counts(&given), &counts(&plain)),
    }
}

/// All experiments, on two threads.
fn all(cases: &[Situation]) -> Vec<Found> {
    let found: Vec<Mutex<Option<Found>>> = cases.iter().map(|_| Mutex::new(None)).collect();
    let next = Mutex::new(0..cases.len());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(at) = next.lock().unwrap().next() else { break };
                    *found[at].lock().unwrap() = Some(experiment(&cases[at]));
                }
            });
        }
    });
    found.into_iter().map(|one| one.into_inner().unwrap().unwrap()).collect()
}

/// A number with three digits that count.
fn told(number: f64) -> String {
    let digits = if number.abs() >= 100.0 {
        0
    } else if number.abs() >= 1.0 {
        2
    } else {
        3
    };
    format!("{number:.digits$}")
}

fn what(case: &Situation) -> String {
    let round = case.expect.round.as_ref();
    let in_round = round.map_or(String::new(), |round| format!(", {round}"));
    let of = case.expect.of.as_ref().map_or(String::new(), |of| format!(" ({of})"));
    let measure = &case.expect.measure;
    match case.expect.claim {
        Claim::Later | Claim::Sooner => format!("hours to {measure}{in_round}"),
        Claim::Dispersed => format!("variance over mean: {measure}"),
        _ => format!("{measure}{of}{in_round}"),
    }
}

fn signs(cases: &[Situation], found: &[Found]) -> String {
    let mut text = "| sign | what is measured | runs | without | with | difference (95 %) | shows \
                    |\n| --- | --- | ---: | ---: | ---: | ---: | --- |\n"
        .to_owned();
    for (case, found) in cases.iter().zip(found) {
        let sign = format!("**{}** {}", case.sign.as_deref().unwrap_or("–"), case.name);
        let without =
            if case.expect.claim == Claim::Even { "–".to_owned() } else { told(found.without) };
        let interval = told_interval(found);
        let shows = case.fails.as_deref().map_or("yes".to_owned(), |why| format!("no: {why}"));
        let (what, n, with) = (what(case), found.n, told(found.with));
        text.push_str(&format!(
            "| {sign} | {what} | {n} | {without} | {with} | {interval} | {shows} |\n"
        ));
    }
    text
}

fn told_interval(found: &Found) -> String {
    let [low, high] = found.interval();
    format!("{} ({} to {})", told(found.difference), told(low), told(high))
}

fn levels(cases: &[Situation], found: &[Found]) -> String {
    let mut text = "| what is compared | measure | public data | without | with | ratio |\n\
                    | --- | --- | --- | ---: | ---: | ---: |\n"
        .to_owned();
    for (case, found) in cases.iter().zip(found) {
        let public = case.public.as_deref().unwrap_or("–");
        let ratio =
            if found.without > 0.0 { told(found.with / found.without) } else { "–".into() };
        let (name, what) = (&case.name, what(case));
        let (without, with) = (told(found.without), told(found.with));
        text.push_str(&format!("| {name} | {what} | {public} | {without} | {with} | {ratio} |\n"));
    }
    text + &verified_truces()
}

/// What the clock of durability says on paper of a truce that a joint body verifies, all else bare.
fn verified_truces() -> String {
    let scenario = scenario(FLAGSHIP);
    let clock = &scenario.durability;
    let (bare, per_level) = (clock.bare_30_days.reference, clock.verification.reference);
    let verifier = clock.verified_by.expect("the flagship has a verifying issue");
    let joint_body = scenario.issues[verifier.ix()].levels[2];
    let ends = |level: f64| 1.0 - math::exp(math::ln(bare) * math::exp(-per_level * level));
    let (without, with) = (ends(0.0), ends(joint_body));
    let (ratio, without, with) = (told(with / without), told(without), told(with));
    format!(
        "| a truce that a joint body verifies, against a bare one | ended within 30 days, by the \
         clock | 0.10 with a monitoring clause against 0.19 without (`base-03`) | {without} | \
         {with} | {ratio} |\n"
    )
}

/// What did not come out as the file says.
fn turned(cases: &[Situation], found: &[Found]) -> Vec<String> {
    let turned = cases.iter().zip(found).filter_map(|(case, found)| {
        let [low, high] = found.interval();
        let told = format!("{}: {low:.4} to {high:.4}", case.name);
        match (found.shows(&case.expect.claim), &case.fails) {
            (true, Some(_)) => Some(format!("{told}: shows, though the file says it does not")),
            (false, None) => Some(format!("{told}: does not show")),
            _ => None,
        }
    });
    turned.collect()
}

fn check(file: &str, section: &str, table: impl Fn(&[Situation], &[Found]) -> String) {
    let cases = situations(file, &read(file));
    let found = all(&cases);
    let table = table(&cases, &found);
    let turned = turned(&cases, &found);
    assert!(turned.is_empty(), "{}\n{table}", turned.join("\n"));
    let _held = pages::MODEL_PAGE.lock();
    let page = pages::with_section(&read("docs/MODEL.md"), section, &table);
    check_current("docs/MODEL.md", &page);
}

#[test]
fn the_signs_that_theory_predicts() {
    check(SIGNS, "signs", signs);
}

#[test]
fn the_levels_that_public_data_show() {
    check(LEVELS, "levels", levels);
}

/// Every sign that the specification numbers is tried.
#[test]
fn no_sign_is_left_out() {
    let cases = situations(SIGNS, &read(SIGNS));
    let is_tried = |sign: &String| cases.iter().any(|case| case.sign.as_ref() == Some(sign));
    let missing = (1..=14).map(|number| format!("S{number}")).filter(|sign| !is_tried(sign));
    check_none(&missing.collect::<Vec<_>>());
    assert!(cases.iter().all(|case| case.seeds >= 1000));
}

#[test]
fn intervals_are_those_on_paper() {
    // Differences 1, 0, 0, 1: mean 0.5, variance 1/3, standard error √(1/12).
    let found = paired(&[1.0, 1.0, 0.0, 1.0], &[0.0, 1.0, 0.0, 0.0]);
    assert_eq!((found.with, found.without, found.difference), (0.75, 0.25, 0.5));
    assert!((found.half_width - Z / 12.0_f64.sqrt()).abs() < 1e-12);
    assert!(!found.shows(&Claim::More { by: 0.0 }) && found.shows(&Claim::Even));
}
