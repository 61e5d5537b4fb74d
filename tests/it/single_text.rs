//! Single texts computed by others, reproduced change by change by the mediated protocol.
//!
//! The references are of NegMAS 0.16; `tests/reference/bargaining/README.md` says what they are. A
//! mediator there puts candidates by a fixed rule, and every side votes for one that it likes
//! better than the text so far. Delegations here measure a text by what they aspire to, not by the
//! one before it, so the seats of the mediator and, while it drafts, of the delegations are
//! outside:
//!
//! - of this file are the candidates of the mediator and the rule by which a side votes;
//! - of the engine is all else: what a text gains a side over no deal, which text lies on the
//!   table, what a delegation may answer, that a new text clears what was accepted of the old one,
//!   and that all have accepted it. Delegates may not sign while a text is drafted, so that what
//!   all accept is the text so far, and nothing is agreed;
//! - of the engine and its policy alone is how it ends. The text goes to a last round of one turn,
//!   at the end of which aspirations have fallen to no deal, and delegates who may sign take or
//!   leave it: NegMAS calls it agreed where it is worth the reservation to everybody.

use std::fmt::Write as _;
use std::sync::Arc;

use demarche_domain::index::{MediatorIx, PartyIx};
use demarche_domain::package::{Package, PackageSpace};
use demarche_engine::mechanisms::agenda::TextOnTable;
use demarche_engine::questions::Asking;
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::{PerTable, Status};
use demarche_record::chronicle::Chronicle;
use demarche_record::decision::{Decision, Input};
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use serde_json::Value;
use support::references::{
    check_cases, issue_keys, issues_as_written, list, numbers, parties_as_written, reference, whole,
};
use support::runs::{go_on, lineage, read_scenario};

/// Sums taken in another order differ in the last digits. [worth]
const ROUNDING: f64 = 1e-12;

/// A scenario file for a domain: a round to draft in, and one to sign.
fn talks(domain: &Value, case: &Value) -> Arc<Scenario> {
    let n_steps = whole(&case["n_steps"]);
    let mut text = String::from(
        "format = 1\ntitle = \"A reference\"\nsummary = \"A single text computed by others.\"\n\
         grade = \"reproduces\"\nsource = \"assumed\"\n\n\
         [clock]\nstarts = 2000-01-03T00:00:00\nturn-hours = 1\nhorizon-days = 92\n\n\
         [protocol]\nvariant = \"mediated-single-text\"\noffering = \"lowest-above-target\"\n\
         acceptance = \"threshold\"\nties = \"first-package\"\nclock = \"end-of-turn\"\n\
         first-mover = \"as-listed\"\ndisagreement = \"reservation-or-worst\"\n\n",
    );
    let n = list(domain, "agents").len();
    let style = "concession-exponent = 1.0".to_owned();
    text.push_str(&issues_as_written(domain));
    text.push_str(&parties_as_written(domain, std::iter::repeat_n(style, n)));
    let (agenda, parties) = (issue_keys(domain), (0..n).map(|p| format!("a{p}")));
    let parties: Vec<String> = parties.collect();
    write!(
        text,
        "[mediators.drafter]\nname = \"the drafter\"\n\
         style = {{ communicate = 0, formulate = 0, manipulate = 0 }}\n\n\
         [rounds.drafting]\nname = \"drafting\"\nlasts-hours = {n_steps}\nagenda = {agenda:?}\n\n\
         [rounds.signing]\nname = \"signing\"\nopens = 2000-04-03T00:00:00\nlasts-hours = 1\n\
         agenda = {agenda:?}\nmay-sign = {parties:?}\n"
    )
    .unwrap();
    Arc::new(read_scenario("reference.toml", &text, &[]).scenario)
}

/// By which rule a mediator goes from text to text.
enum Mediator {
    /// Candidates from a linear congruential generator.
    Drawn(u64),
    /// One issue set to one other option, the first issue and option first, anew after each change.
    Climbing(usize),
}

impl Mediator {
    fn new(case: &Value) -> Self {
        match case["mediator"].as_str() {
            Some("veto_lcg") => Self::Drawn(whole(&case["seed"]).into()),
            Some("hill_first_improvement") => Self::Climbing(0),
            other => panic!("no such mediator: {other:?}"),
        }
    }

    /// The next candidate, or none where each has been tried since the text last changed.
    fn candidate(
        &mut self,
        space: &PackageSpace,
        so_far: Option<Package>,
        has_changed: bool,
    ) -> Option<Package> {
        match self {
            Self::Drawn(x) => {
                *x = x.wrapping_mul(6_364_136_223_846_793_005);
                *x = x.wrapping_add(1_442_695_040_888_963_407);
                let index = (*x >> 33) % u64::from(space.size());
                Some(space.package(u32::try_from(index).unwrap()))
            }
            Self::Climbing(tried) => {
                let so_far = so_far.expect("it climbs from a text");
                *tried = if has_changed { 0 } else { *tried };
                let options = space.issues().flat_map(|k| (0..=space.top(k)).map(move |o| (k, o)));
                let mut others = options.filter(|(k, option)| so_far.rung(*k) != *option);
                let next = others.nth(*tried).map(|(k, option)| so_far.with(k, option));
                *tried += 1;
                next
            }
        }
    }
}

/// The talks of a case, while they go on.
struct Talks {
    session: Session,
    n_steps: u32,
    n_parties: usize,
    mediator: Mediator,
    so_far: Option<Package>,
    /// What the text so far gains each side; without one, what no deal does.
    gains: Vec<f64>,
}

impl Talks {
    fn begin(scenario: &Arc<Scenario>, case: &Value) -> Self {
        let mut session = Session::new(scenario.clone(), 1);
        let parties = PartyIx::first(scenario.parties.len());
        let seats = parties.map(Seat::Delegation).chain([Seat::Mediator(MediatorIx(0))]);
        session.seat(0, lineage(1), seats.map(Input::taken).collect(), true);
        let n_parties = scenario.parties.len();
        Self {
            session,
            n_steps: whole(&case["n_steps"]),
            n_parties,
            mediator: Mediator::new(case),
            so_far: case.get("start").map(|start| scenario.space.package(whole(start))),
            gains: vec![0.0; n_parties],
        }
    }

    /// What the text on the table gains a side, as its delegation sees it.
    fn gain(&self, party: PartyIx) -> Option<f64> {
        Asking::at(self.session.world(), 0).view(Seat::Delegation(party)).gain
    }

    fn on_table(&self) -> &TextOnTable {
        &self.session.world().resource::<PerTable<TextOnTable>>()[0]
    }

    /// Whether all accept the text on the table.
    fn is_accepted(&self) -> bool {
        self.on_table().accepted[..self.n_parties].iter().all(|accepts| *accepts)
    }

    /// What the mediator does in a turn.
    fn mediate(&mut self) -> Option<Decision> {
        let (turn, has_changed) = (self.session.turn(0), self.is_accepted());
        if has_changed {
            self.so_far = self.on_table().text;
        }
        if let Some(text) = self.so_far {
            let insight = self.session.insight(0);
            self.gains = insight.parties().map(|p| insight.gains(p).of(&text)).collect();
        }
        let text = if turn < self.n_steps {
            let space = &self.session.scenario().space;
            self.mediator.candidate(space, self.so_far, has_changed)
        } else {
            self.so_far
        };
        text.map(|text| Decision::TableText { text })
    }

    /// What a side answers: while the text is drafted yes to what is better than the text so far.
    fn vote(&self, party: PartyIx) -> Option<Decision> {
        let is_put = self.on_table().tabled == self.session.turn(0);
        let is_better = self.gain(party).is_some_and(|gain| gain > self.gains[party.ix()]);
        (is_put && is_better).then_some(Decision::Accept {})
    }

    fn play(&mut self) {
        loop {
            go_on(&mut self.session);
            if self.session.status(0) == Status::Ended {
                return;
            }
            let seat = self.session.questions(0)[0].seat;
            let drafting = self.session.turn(0) < self.n_steps;
            let decision = match seat {
                Seat::Delegation(party) if drafting => self.vote(party),
                Seat::Mediator(_) => self.mediate(),
                _ => {
                    self.session.leave_to_policy(0, seat).unwrap();
                    continue;
                }
            };
            if let Some(decision) = decision {
                self.session.decide(0, seat, decision).unwrap();
            }
            let hold = Decision::Hold { until_something_changes: false };
            self.session.decide(0, seat, hold).unwrap();
        }
    }
}

/// What the chronicle tells in the terms of the references.
#[derive(Debug, Default, PartialEq)]
struct Told {
    /// The texts that were put while one was drafted.
    texts: Vec<u32>,
    /// When all accepted a text, and which.
    changes: Vec<[u32; 2]>,
    agreement: Option<u32>,
}

fn told(scenario: &Scenario, chronicle: &Chronicle, n_steps: u32) -> Told {
    let mut told = Told::default();
    let mut n_accepted = 0;
    for entry in &chronicle.entries {
        match &entry.event {
            Event::TextTabled { text, .. } if entry.turn < n_steps => {
                told.texts.push(scenario.space.index(text));
                n_accepted = 0;
            }
            Event::TextAccepted { .. } if entry.turn < n_steps => {
                n_accepted += 1;
                if n_accepted == scenario.parties.len() {
                    told.changes.push([entry.turn + 1, *told.texts.last().unwrap()]);
                }
            }
            Event::AgreementReached { text, .. } => {
                told.agreement = Some(scenario.space.index(text));
            }
            _ => {}
        }
    }
    told
}

fn check(case: &Value) {
    let domain = reference(&format!("domain_{}", case["domain"].as_str().unwrap()));
    let scenario = talks(&domain, case);
    let mut talks = Talks::begin(&scenario, case);
    talks.play();
    let told = told(&scenario, talks.session.chronicle(0), talks.n_steps);
    let name = format!("{} {} {}", case["mediator"], case["seed"], case["start"]);

    let changes = list(case, "accepted_changes").iter();
    let changes: Vec<[u32; 2]> = changes.map(|of| [whole(&of[0]), whole(&of[1])]).collect();
    assert_eq!(told.changes, changes, "{name}");
    if case.get("first_texts").is_some() {
        let first: Vec<u32> = list(case, "first_texts").iter().map(whole).collect();
        assert_eq!(told.texts[..first.len()], first, "{name}");
        assert_eq!(told.texts.len(), usize::try_from(talks.n_steps).unwrap(), "{name}");
    }
    let last = talks.so_far.map(|text| scenario.space.index(&text));
    assert_eq!(last, Some(whole(&case["final_text"])), "{name}");
    let no_deal = numbers(&domain["analysis"]["disagreement_used"]);
    let worths = talks.gains.iter().zip(no_deal).map(|(gain, no_deal)| gain + no_deal);
    for (worth, expected) in worths.zip(numbers(&case["utils"])) {
        assert!((worth - expected).abs() < ROUNDING, "{name}: worth {worth}, not {expected}");
    }
    let agreement = (!case["negmas_agreement"].is_null()).then(|| whole(&case["negmas_agreement"]));
    assert_eq!(told.agreement, agreement, "{name}");
}

/// The cases of the references with one mediator.
#[track_caller]
fn check_mediator(mediator: &str, n: usize) {
    check_cases("mediated_single_text", ("mediator", mediator), n, check);
}

#[test]
fn a_text_that_all_must_like_better_changes_as_in_the_reference() {
    check_mediator("veto_lcg", 1);
}

#[test]
fn a_mediator_who_climbs_stops_at_the_texts_of_the_reference() {
    check_mediator("hill_first_improvement", 3);
}
