//! Negotiations computed by others, reproduced offer by offer by the direct protocol.
//!
//! The references are of NegMAS 0.16; `tests/reference/bargaining/README.md` says what they are.
//! Each domain becomes a scenario file, so that the whole way from a file to a chronicle is held
//! against them. Three conventions differ and are translated:
//!
//! - a threshold and the next offer are the same rule where the next offer is the package worth
//!   least above the target, so that one convention serves both sides of every case;
//! - a side that never accepts is one that never concedes: it would take its very best, and the
//!   offers that are compared show that nobody puts it;
//! - the exponent there is the inverse of ours; an infinite one is our 0.

use std::fmt::Write as _;
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::chronicle::{Chronicle, digest};
use demarche_record::event::Event;
use serde_json::Value;
use support::references::{
    check_cases, issue_keys, issues_as_written, list, parties_as_written, reference, whole,
};
use support::runs::{lineage, play, read_scenario};

/// A scenario file for a domain and the strategies of one case.
fn file(domain: &Value, case: &Value) -> String {
    let n_steps = whole(&case["n_steps"]);
    let mut text = head(n_steps);
    text.push_str(&issues_as_written(domain));
    let strategies = list(case, "agents").iter().map(style);
    text.push_str(&parties_as_written(domain, strategies));
    writeln!(text, "[rounds.talks]\nname = \"talks\"\nlasts-hours = {n_steps}").unwrap();
    writeln!(text, "agenda = {:?}", issue_keys(domain)).unwrap();
    text
}

fn head(n_steps: u32) -> String {
    format!(
        "format = 1\ntitle = \"A reference\"\nsummary = \"A negotiation computed by others.\"\n\
         grade = \"reproduces\"\nsource = \"assumed\"\n\n\
         [clock]\nstarts = 2000-01-03T00:00:00\nturn-hours = 1\nhorizon-days = {}\n\n\
         [protocol]\nvariant = \"delegates-may-sign\"\noffering = \"lowest-above-target\"\n\
         acceptance = \"next-offer\"\nties = \"first-package\"\nclock = \"inside\"\n\
         first-mover = \"as-listed\"\ndisagreement = \"reservation-or-worst\"\n\n",
        n_steps.div_ceil(24) + 1
    )
}

/// A strategy in our terms.
fn style(strategy: &Value) -> String {
    let (exponent, reciprocity) = match (strategy["strategy"].as_str(), strategy["e"].as_f64()) {
        (Some("tft"), _) => (0.0, 1.0),
        (Some("time_based"), Some(e)) => (1.0 / e, 0.0),
        (Some("time_based"), None) if strategy["e"] == "inf" => (0.0, 0.0),
        other => panic!("no such strategy: {other:?}"),
    };
    format!("concession-exponent = {exponent:?}, reciprocity = {reciprocity:?}")
}

/// What a chronicle tells in the terms of the references.
#[derive(Debug, PartialEq)]
struct Run {
    agreement: Option<u32>,
    step: u32,
    offers: Vec<[u32; 3]>,
}

fn told(scenario: &Scenario, chronicle: &Chronicle) -> Run {
    let mut run = Run { agreement: None, step: 0, offers: Vec::new() };
    for entry in &chronicle.entries {
        match &entry.event {
            Event::OfferTabled { party, package, .. } => {
                run.offers.push([entry.turn, u32::from(party.0), scenario.space.index(package)]);
            }
            Event::AgreementReached { text, .. } => {
                run.agreement = Some(scenario.space.index(text));
            }
            Event::RoundClosed { .. } => run.step = entry.turn + 1,
            _ => {}
        }
    }
    run
}

/// The offers that a reference tells: all of them, or the first and the last with a digest of all.
fn compare_offers(told: &str, case: &Value, offers: &[[u32; 3]]) {
    assert_eq!(offers.len(), usize::try_from(whole(&case["n_offers"])).unwrap(), "{told}");
    let row = |value: &Value| {
        let numbers: Vec<u32> = value.as_array().unwrap().iter().map(whole).collect();
        [numbers[0], numbers[1], numbers[2]]
    };
    let rows = |key: &str| list(case, key).iter().map(row).collect::<Vec<_>>();
    if case.get("trace").is_some() {
        assert_eq!(offers, rows("trace"), "{told}");
        return;
    }
    let (head, tail) = (rows("trace_head"), rows("trace_tail"));
    assert_eq!(offers[..head.len()], head, "{told}: the first offers");
    assert_eq!(offers[offers.len() - tail.len()..], tail, "{told}: the last offers");
    let joined: Vec<String> = offers.iter().map(|[s, a, o]| format!("{s},{a},{o}")).collect();
    let all = digest(joined.join(";").as_bytes());
    assert_eq!(Value::from(all), case["trace_sha256"], "{told}: an offer between");
}

fn check(case: &Value) {
    let domain = reference(&format!("domain_{}", case["domain"].as_str().unwrap()));
    let loaded = read_scenario("reference.toml", &file(&domain, case), &[]);
    let scenario = Arc::new(loaded.scenario);
    let run = told(&scenario, &play(&scenario, lineage(1)).chronicle);
    let name = format!("{} {}", case["domain"], case["agents"]);
    let agreement = (!case["agreement"].is_null()).then(|| whole(&case["agreement"]));
    compare_offers(&name, case, &run.offers);
    assert_eq!((run.agreement, run.step), (agreement, whole(&case["step"])), "{name}");
    assert_eq!(run.agreement.is_none(), case["timedout"].as_bool().unwrap(), "{name}");
}

/// The cases of the references on one domain.
#[track_caller]
fn check_domain(domain: &str, n: usize) {
    check_cases("negotiations_specified", ("domain", domain), n, check);
}

#[test]
fn two_parties_over_a_hundred_packages() {
    check_domain("random_2a_2x10", 9);
}

#[test]
fn three_parties_over_thousands_of_packages() {
    check_domain("random_3a_6x5", 4);
}

#[test]
fn equal_packages_are_taken_in_their_order() {
    check_domain("edge_ties", 1);
}

#[test]
fn without_a_zone_time_runs_out() {
    check_domain("edge_no_zopa", 1);
    check_domain("edge_single", 1);
}
