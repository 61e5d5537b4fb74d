//! Anything: seats taken and handed back, decisions of every kind, shocks and extensions, at random
//! moments. Whatever entered, the record holds it all: it replays, and branches, to the byte.

use std::sync::Arc;

use demarche_domain::index::{IssueIx, ShockIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::questions::Asking;
use demarche_engine::scenario::Scenario;
use demarche_engine::session::{Session, run};
use demarche_engine::table::Status;
use demarche_record::decision::{Choice, Decision};
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::wire::RungOf;
use proptest::prelude::*;
use proptest::test_runner::TestRng;
use support::runs::{FLAGSHIP, lineage, scenario};

/// What somebody does who does anything.
pub(crate) struct Whim {
    pub(crate) rng: TestRng,
    pub(crate) decided: usize,
}

impl Whim {
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.rng.next_u64() % n as u64).expect("less than n")
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// A package of a region.
    fn package(&mut self, region: &Region, n_issues: usize) -> Package {
        let mut package = region.floor;
        for issue in IssueIx::first(n_issues) {
            package.set(issue, self.rung(region, issue));
        }
        package
    }

    fn rung(&mut self, region: &Region, issue: IssueIx) -> u8 {
        let (floor, ceiling) = (region.floor.rung(issue), region.ceiling.rung(issue));
        floor + u8::try_from(self.below(usize::from(ceiling - floor) + 1)).expect("few rungs")
    }

    /// A decision of a family.
    fn decision(&mut self, choice: Choice, n_issues: usize) -> Decision {
        match choice {
            Choice::One(decision) => decision,
            Choice::Propose(region) => {
                Decision::Propose { package: self.package(&region, n_issues) }
            }
            Choice::TableText(region) => {
                Decision::TableText { text: self.package(&region, n_issues) }
            }
            Choice::ChangeMandate(region) => {
                let issue = IssueIx::at(self.below(n_issues));
                let (a, b) = (self.rung(&region, issue), self.rung(&region, issue));
                let (floor, ceiling) = (a.min(b), a.max(b));
                let at = |rung| RungOf { issue, rung };
                Decision::ChangeMandate { floor: at(floor), ceiling: at(ceiling) }
            }
        }
    }

    /// Something from beside the table: a shock, more time, a seat that changes hands.
    fn intervene(&mut self, session: &mut Session) {
        let n_shocks = session.scenario().shocks.len();
        match self.below(4) {
            0 if n_shocks > 0 => {
                let shock = ShockIx::at(self.below(n_shocks));
                session.inject(0, shock).expect("a shock of the scenario");
            }
            1 => {
                // Refused between rounds, and then nothing has entered.
                let _ = session.extend(0, 1);
            }
            _ => {
                let seat = self.of(&Asking::at(session.world(), 0).seats());
                let outside = !self.one_in(3);
                session.hand(0, seat, outside).expect("a seat of the table");
            }
        }
    }

    /// Answers a question, or leaves it to the policy.
    fn answer(&mut self, session: &mut Session) {
        let n_issues = session.scenario().issues.len();
        let questions = session.questions(0).to_vec();
        let question = self.of(&questions);
        let seat = question.seat;
        if self.one_in(6) && session.leave_to_policy(0, seat).is_ok() {
            return;
        }
        let choice = self.of(&question.choices);
        // Nobody walks out or recalls at every turn, or there would be no talks.
        let decision = match self.decision(choice, n_issues) {
            Decision::WalkOut {} | Decision::Recall {} if !self.one_in(40) => {
                Decision::Hold { until_something_changes: self.one_in(2) }
            }
            other => other,
        };
        if session.decide(0, seat, decision).is_ok() {
            self.decided += 1;
        } else {
            let hold = Decision::Hold { until_something_changes: false };
            session.decide(0, seat, hold).expect("whoever is asked can hold");
        }
    }

    pub(crate) fn play(&mut self, scenario: &Arc<Scenario>, lineage: Lineage) -> RunRecord {
        let mut session = Session::new(scenario.clone(), 1);
        session.seat(0, lineage, Vec::new(), true);
        loop {
            match session.status(0) {
                Status::Ended => return session.record(0),
                Status::Awaiting if self.one_in(12) => self.intervene(&mut session),
                Status::Awaiting => self.answer(&mut session),
                _ => {
                    if self.one_in(10) {
                        self.intervene(&mut session);
                    }
                    if session.status(0) == Status::Running {
                        session.advance().expect("nothing is planned");
                    }
                }
            }
        }
    }
}

fn check(key: &str, seed: u64, rng: TestRng) -> Result<usize, TestCaseError> {
    let scenario = scenario(key);
    let mut whim = Whim { rng, decided: 0 };
    let record = whim.play(&scenario, lineage(seed));
    let again = run(&scenario, record.lineage, record.inputs.clone());
    let again = again.map_err(|refused| {
        TestCaseError::fail(format!("{key} {seed}: {refused}: {:?}", refused.input))
    })?;
    prop_assert!(again == record, "{key} {seed}: the record is told another way");
    let last = record.chronicle.entries.last().map_or(0, |entry| entry.turn);
    let branch = Some((u32::try_from(whim.below(last as usize + 1)).expect("few"), seed));
    let branched = run(&scenario, Lineage { branch, ..record.lineage }, record.inputs);
    prop_assert!(branched.unwrap().chronicle == record.chronicle, "{key} {seed}: branched");
    Ok(whim.decided)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_enters_a_run_replays(
        seed: u64,
        mut rng in Just(()).prop_perturb(|(), rng| rng),
    ) {
        let mut decided = check(FLAGSHIP, seed, rng.clone())?;
        for key in support::runs::keys_in("textbook") {
            let other = TestRng::from_seed(rng_algorithm(), &seed_of(rng.next_u64()));
            decided += check(key, seed, other)?;
        }
        prop_assert!(decided > 0, "nothing was decided");
    }
}

const fn rng_algorithm() -> proptest::test_runner::RngAlgorithm {
    proptest::test_runner::RngAlgorithm::ChaCha
}

fn seed_of(word: u64) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&word.to_le_bytes());
    seed
}
