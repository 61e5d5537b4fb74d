//! Results known in closed form, against what runs record.
//!
//! `tests/reference/bargaining/README.md` says where `closed_form_checks.json` is from. Its blocks
//! on concession are held in `aspirations.rs`, its bargain on paper in `solutions.rs`. Three
//! blocks have no counterpart, since nobody here plays an equilibrium: parties concede by the
//! clock and do not discount what comes later, as Rubinstein's and Stahl's do, and an inspector
//! and an inspected who mix their moves are here the level of verification and what it enforces.
//! Of the threshold of enforcement, from which on a promise is kept out of self-interest in
//! repeated play, the engine has the measure m by which verification enforces, and no repeated
//! play.

use std::fmt::Write as _;
use std::sync::Arc;

use demarche_domain::index::GroupIx;
use demarche_domain::package::Package;
use demarche_engine::mechanisms::attacks::Excitement;
use demarche_engine::roster::Roster;
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_random::{math, sample};
use demarche_record::event::Event;
use demarche_record::seat::Stage;
use serde_json::Value;
use support::references::{list, numbers, reference};
use support::runs::{go_on, lineage, pick, play, read_scenario, seated};

/// Functions of another library differ in the last digits. [1]
const ROUNDING: f64 = 1e-12;

/// Two sides, one of whom owes a pledge, with clock, trust and the level at which it is verified.
struct World {
    turn_hours: u32,
    days: u32,
    trust: f64,
    able: f64,
    level: f64,
}

impl World {
    fn file(&self, rest: &str) -> Arc<Scenario> {
        let Self { turn_hours, days, trust, able, level } = self;
        let mut text = format!(
            "format = 1\ntitle = \"A world\"\nsummary = \"A pledge, and a group.\"\n\
             grade = \"toy\"\nsource = \"assumed\"\n\n\
             [clock]\nstarts = 2000-01-01T00:00:00\nturn-hours = {turn_hours}\n\
             horizon-days = {days}\nfollow-on-days = {days}\n\n\
             [protocol]\nvariant = \"mediated-single-text\"\noffering = \"lowest-above-target\"\n\
             acceptance = \"threshold\"\nties = \"first-package\"\nclock = \"end-of-turn\"\n\
             first-mover = \"as-listed\"\n\n\
             [issues.verification]\nname = \"verification\"\nrungs = [\n\
             {{ key = \"none\", words = \"none\", level = 0 }},\n\
             {{ key = \"some\", words = \"some\", level = {level:?} }},\n\
             {{ key = \"full\", words = \"full\", level = 1 }},\n]\n\n\
             [issues.pledge]\nname = \"the pledge\"\nobligor = \"host\"\n\
             needs-credibility = true\nverified-by = \"verification\"\nrungs = [\n\
             {{ key = \"none\", words = \"none\", level = 0 }},\n\
             {{ key = \"given\", words = \"given\", level = 1 }},\n]\n\n\
             [parties.host]\nname = \"Host\"\nstakes = {{ verification = -0.5, pledge = -0.5 }}\n\
             bargaining = {{ concession-exponent = 0 }}\n\n\
             [parties.target]\nname = \"Target\"\n\
             stakes = {{ verification = 0.5, pledge = 0.5 }}\n\
             bargaining = {{ concession-exponent = 0 }}\n\
             beliefs.host = {{ trust = {trust:?}, perceived-capacity = {able:?} }}\n\n\
             [rounds.talks]\nname = \"talks\"\nlasts-hours = {turn_hours}\n\
             agenda = [\"verification\", \"pledge\"]\n\n"
        );
        text.push_str(rest);
        Arc::new(read_scenario("closed-form.toml", &text, &[]).scenario)
    }
}

impl Default for World {
    fn default() -> Self {
        Self { turn_hours: 24, days: 2, trust: 0.5, able: 1.0, level: 0.5 }
    }
}

/// What a group is like, as a scenario file has it.
struct Group {
    rate: f64,
    expected: f64,
    excitation: f64,
    /// β. [1/d]
    decay: f64,
    tail: f64,
}

impl Default for Group {
    fn default() -> Self {
        Self { rate: 0.0, expected: 0.0, excitation: 0.0, decay: 1.0, tail: 1.0 }
    }
}

impl Group {
    /// The group, all of whose attacks make the news.
    fn as_written(&self) -> String {
        let Self { rate, expected, excitation, decay, tail } = self;
        let half_life = std::f64::consts::LN_2 / decay;
        format!(
            "[groups.group]\nname = \"the group\"\nhost = \"host\"\ntarget = \"target\"\n\
             rate-per-day = {rate:?}\nexpected-per-day = {expected:?}\n\
             excitation = {excitation:?}\n\
             half-life-days = {half_life:?}\nsalient-share = 1.0\nseverity-tail = {tail:?}\n\
             spoiling = 0.0\n\n"
        )
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[track_caller]
fn check(told: &str, found: f64, expected: f64, precision: f64) {
    assert!((found - expected).abs() < precision, "{told}: {found}, not {expected}");
}

/// A world at peace in which verification enforces at the rate of the reference.
const ENFORCING: &str = "\
[world]
enforcement = 1.5
fighting = 0
truce = true
calming-under-truce-per-day = 1
calming-without-truce-per-day = 0
strike-escalation = 0
truce-breaks-at = 1
fighting-if-talks-fail = 0
threat-escalation = 0
cost-of-failure = 0
pain-retention-per-day = 0.5
capacity-cost = 0
expected-strikes-per-day = 0
late-from = 1
window-hours = 24
leverage-left = 1
pressure-retention-per-day = 1
worth-of-another-round = 0

[world.beliefs]
concession = 0
stalling = 0
reneging = 0
walking-out = 0
blame = 0
goodwill = 0
message = 0

[world.tempers]
waiting-per-day = 0
refusal = 0
stalling = 0
struck = 0
movement = 0
mediation-per-day = 0
cooling-per-day = 0
";

/// The level of verification that enforces enough, by the reference, enforces as much here.
#[test]
fn verification_enforces_what_the_threshold_asks_for() {
    let rows = reference("closed_form_checks")["enforcement"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    for row in rows.as_array().unwrap() {
        let world = World { level: number(&row["v_star_eta1_5"]), ..World::default() };
        let scenario = world.file(ENFORCING);
        let mut session = seated(&scenario, lineage(1));
        session.advance_to(Stage::Capitals).unwrap();
        let text = Package::new(&[1, 1]);
        let target = session.insight(0).accounts(&text).remove(1);
        let pledge = target.issues[1];
        // What doubt leaves of the pledge is q = κ̂·(τ + (1 − τ)·m), here with κ̂ = 1.
        let q = 1.0 + pledge.credibility / pledge.face_value;
        let m = (q - world.trust) / (1.0 - world.trust);
        check("m", m, number(&row["m_star"]), ROUNDING);
        // By that measure who gains by breaking its word loses as much by being found out.
        let [gain, delta, kept, punished] = ["gain", "delta", "Vc", "Vp"].map(|k| number(&row[k]));
        check("gain", m * delta * (kept - punished), gain, ROUNDING);
    }
}

/// How much of a capable host's attacks a willing one prevents in the reference, and how much of
/// that an unwilling one does. [1] Found from its numbers, which it states without them.
const PREVENTED: [f64; 2] = [0.7, 0.105];

/// Trust in the host after a day with so many attacks.
fn trust_after(n_attacks: usize, prior: f64, [unwilling, willing]: [f64; 2]) -> f64 {
    let world = World { trust: prior, able: 1.0 - willing / unwilling, ..World::default() };
    let mut rest = Group { expected: unwilling, ..Group::default() }.as_written();
    if n_attacks > 0 {
        let effect = "{ attack = { group = \"group\", severity = 1 } }, ".repeat(n_attacks);
        let at = "2000-01-01T00:00:00";
        writeln!(rest, "[shocks.day]\nname = \"a day\"\nat = {at}\neffects = [{effect}]").unwrap();
    }
    let chronicle = play(&world.file(&rest), lineage(1)).chronicle;
    let mut recorded = pick(&chronicle, |event| match event {
        Event::TurnRecorded { trust, .. } => Some(trust[1]),
        _ => None,
    });
    recorded.next().unwrap()
}

/// The reference sees whether there was any attack in a unit of time, the engine how many: what it
/// learns from each number, weighed by how likely that is, is what one learns from any.
#[test]
fn attacks_and_calm_move_trust_as_in_the_reference() {
    let rows = reference("closed_form_checks")["kydd_walter_update"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    let odds = |trust: f64| trust / (1.0 - trust);
    for row in rows.as_array().unwrap() {
        let [prior, able, rate] = ["prior", "capability", "rate"].map(|k| number(&row[k]));
        let [willing, unwilling] = PREVENTED.map(|share| rate * (1.0 - share * able));
        let after = |n: usize| trust_after(n, prior, [unwilling, willing]);
        let told = format!("a capacity of {able}");
        check(&told, after(0), number(&row["posterior_after_calm"]), ROUNDING);

        let [calm, one, two, three] = [0, 1, 2, 3].map(|n| odds(after(n)) / odds(prior));
        let by_each = one / calm;
        check(&told, two / one, by_each, 1e-9);
        check(&told, three / two, by_each, 1e-9);
        let mut likely = math::exp(-unwilling);
        let (mut any, mut moved, mut times) = (0.0, 0.0, calm);
        for n in 1..60_u8 {
            likely *= unwilling / f64::from(n);
            times *= by_each;
            any += likely;
            moved += likely * times;
        }
        let posterior = odds(prior) * moved / any;
        let posterior = posterior / (1.0 + posterior);
        check(&told, posterior, number(&row["posterior_after_attack"]), ROUNDING);
    }
}

/// The self-exciting process of the references.
struct Hawkes {
    mu: f64,
    alpha: f64,
    beta: f64,
    told: Value,
}

impl Hawkes {
    fn read() -> Self {
        let told = reference("closed_form_checks")["hawkes"].clone();
        let [mu, alpha, beta] = ["mu", "alpha", "beta"].map(|key| number(&told[key]));
        Self { mu, alpha, beta, told }
    }
}

/// Ten turns of half a day are a unit of time of the reference, so that its attacks fall on the
/// ends of turns. Only attacks that are told strike: of all seeds one is taken in which no other
/// does.
#[test]
fn excitement_has_the_likelihood_of_the_reference() {
    const DAYS: f64 = 5.0;
    let Hawkes { mu, alpha, beta, told } = Hawkes::read();
    assert_eq!((numbers(&told["events"]), number(&told["T"])), (vec![1.0, 1.5, 4.0, 7.2], 10.0));
    let attacks = ["2000-01-05T12", "2000-01-08T00", "2000-01-20T12", "2000-02-05T12"];
    let group = Group { excitation: alpha, decay: beta / DAYS, ..Group::default() };
    let mut rest = group.as_written();
    for (n, at) in attacks.iter().enumerate() {
        let effect = "{ attack = { group = \"group\", severity = 1 } }";
        write!(
            rest,
            "[shocks.s{n}]\nname = \"an attack\"\nat = {at}:00:00\neffects = [{effect}]\n"
        )
        .unwrap();
    }
    let scenario = World { turn_hours: 12, days: 50, ..World::default() }.file(&rest);
    let found = (0..200).find_map(|seed| {
        let mut session = seated(&scenario, lineage(seed));
        let (mut log_rates, mut integral, mut before) = (0.0, 0.0, 0.0);
        while session.status(0) == Status::Running {
            session.advance().unwrap();
            let group = session.world().resource::<Roster>().group(0, GroupIx(0));
            let excitement = *session.world().get::<Excitement>(group).unwrap();
            // Y as it had faded by the end of the turn, before the attacks of the turn. [1/unit]
            let n = f64::from(excitement.count);
            let faded = excitement.extra_rate * DAYS - n * alpha * beta;
            integral += (before - faded) / beta;
            log_rates += n * math::ln(mu + faded);
            before = excitement.extra_rate * DAYS;
        }
        let is_as_told = session.tally(0).n_attacks == 4 && session.turn(0) + 1 == 100;
        is_as_told.then_some(log_rates - mu * number(&told["T"]) - integral)
    });
    check("log-likelihood", found.unwrap(), number(&told["loglik_example"]), 1e-9);
}

/// Rates hold for a turn here; with one of an hour that adds less than a hundredth.
#[test]
fn attacks_come_at_the_stationary_rate() {
    const DAYS: u32 = 400;
    const RUNS: u32 = 40;
    let Hawkes { mu, alpha, beta, told } = Hawkes::read();
    let group = Group { rate: mu, excitation: alpha, decay: beta, ..Group::default() };
    let world = World { turn_hours: 1, days: DAYS, ..World::default() };
    let mut session = Session::new(world.file(&group.as_written()), 1);
    let mut n = 0;
    for seed in 0..RUNS {
        session.seat(0, lineage(seed.into()), Vec::new(), false);
        go_on(&mut session);
        n += session.tally(0).n_attacks;
    }
    let days = f64::from(DAYS * RUNS);
    let rate = number(&told["stationary_rate"]);
    // The variance of counts is 1/(1 − α)² times their mean.
    let error = (rate / days).sqrt() / (1.0 - alpha);
    check("attacks a day", f64::from(n) / days, rate, 3.0 * error);
}

#[test]
fn severity_has_the_tail_of_the_reference() {
    let rows = reference("closed_form_checks")["severity"].clone();
    for row in list(&serde_json::json!({ "rows": rows }), "rows") {
        // The exponent there is that of the density, ours that of the tail.
        let tail = number(&row["alpha"]) - 1.0;
        let group = Group { rate: 100.0, tail, ..Group::default() };
        let scenario = World { days: 100, ..World::default() }.file(&group.as_written());
        let chronicle = play(&scenario, lineage(1)).chronicle;
        let struck = pick(&chronicle, |event| match event {
            Event::AttackStruck { severity, .. } => Some(*severity),
            _ => None,
        });
        let severities: Vec<f64> = struck.collect();
        let n = severities.len() as f64;
        for (key, bound) in [("P_ge_10", 10.0), ("P_ge_50", 50.0)] {
            let likely = number(&row[key]);
            let found = sample::power_law(tail, 1.0 - likely);
            check(&format!("{key} at {tail}"), found / bound, 1.0, ROUNDING);
            let share = severities.iter().filter(|s| **s >= bound).count() as f64 / n;
            let error = (likely * (1.0 - likely) / n).sqrt();
            check(&format!("{key} of {n} at {tail}"), share, likely, 3.0 * error);
        }
    }
}
