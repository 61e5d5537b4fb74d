//! The menu: what the person at the terminal sees before a decision, and what they can type.

use demarche_domain::index::IssueIx;
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::questions::View;
use demarche_engine::scenario::Scenario;
use demarche_record::calendar::Calendar;
use demarche_record::cast::Cast;
use demarche_record::decision::{Choice, Decision, Question};
use demarche_record::wire::RungOf;
use demarche_record::wording::{self, Lying};

use demarche_seat::brief::{seat_name, situation};

use super::page::{self, lines};

/// What a choice means that needs words after its number.
const NAMED: &str = "type the number alone to see what can be named, and how";

/// What the person chose.
pub(crate) enum Chosen {
    /// A decision.
    Decision(Decision),
    /// That the policy decide, this once.
    Policy,
    /// To go back before the last decision.
    Undo,
    /// To read the brief again.
    Brief,
    /// To stop.
    Quit,
    /// Nothing yet: an explanation.
    Help(String),
}

/// The choices of one seat, as a numbered list.
pub(crate) struct Menu<'a> {
    scenario: &'a Scenario,
    question: &'a Question,
    lying: Lying,
    situation: String,
}

impl<'a> Menu<'a> {
    /// The menu for a question.
    pub(crate) fn new(scenario: &'a Scenario, question: &'a Question, view: &View) -> Self {
        let lying = if view.offered_by.is_some() { Lying::Offer } else { Lying::Text };
        Self { scenario, question, lying, situation: page::of(&situation(scenario, view)) }
    }

    /// The table as the seat sees it, and the choices.
    pub(crate) fn show(&self, turn: u32) -> String {
        let cast = &self.scenario.cast;
        let when = Calendar::new(cast).moment(turn);
        let who = seat_name(cast, self.question.seat);
        let mut text = format!("\n== {who}, {when} ==\n{}", self.situation);
        for (number, choice) in (1..).zip(self.listed()) {
            let (act, meaning) = self.words(choice);
            text.push_str(&format!("{number:>3}. {act}\n       {meaning}\n"));
        }
        text.push_str("  Enter: no (further) decision · w: wait until something changes\n");
        text.push_str("  p: let the policy decide · b: your brief again\n");
        text.push_str("  u: undo, back to before your last decision · q: stop\n");
        text
    }

    /// All choices but holding, which has keys of its own.
    fn listed(&self) -> impl Iterator<Item = &Choice> {
        let is_hold = |choice: &&Choice| matches!(choice, Choice::One(Decision::Hold { .. }));
        self.question.choices.iter().filter(move |choice| !is_hold(choice))
    }

    fn words(&self, choice: &Choice) -> (String, &'static str) {
        match choice {
            Choice::One(decision) => {
                let words = wording::decision(&self.scenario.cast, decision, self.lying);
                (words.act, words.meaning)
            }
            Choice::Propose(_) => ("Put an offer".into(), NAMED),
            Choice::TableText(_) => ("Table a text".into(), NAMED),
            Choice::ChangeMandate(_) => ("Change the mandate on an issue".into(), NAMED),
        }
    }

    /// What a typed line means.
    pub(crate) fn read(&self, line: &str) -> Chosen {
        let line = line.trim();
        match line {
            "" => return Chosen::Decision(Decision::Hold { until_something_changes: false }),
            "w" => return Chosen::Decision(Decision::Hold { until_something_changes: true }),
            "p" => return Chosen::Policy,
            "b" => return Chosen::Brief,
            "u" => return Chosen::Undo,
            "q" => return Chosen::Quit,
            _ => {}
        }
        let (number, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let place = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        match place.and_then(|place| self.listed().nth(place)) {
            // A slip of the finger must not sign a text away.
            Some(Choice::One(_)) if !rest.trim().is_empty() => {
                Chosen::Help(format!("  Choice {number} takes no words after its number."))
            }
            Some(Choice::One(decision)) => Chosen::Decision(decision.clone()),
            Some(Choice::Propose(region)) => {
                self.package(number, rest, region, |package| Decision::Propose { package })
            }
            Some(Choice::TableText(region)) => {
                self.package(number, rest, region, |text| Decision::TableText { text })
            }
            Some(Choice::ChangeMandate(region)) => self.mandate(number, rest, region),
            None => {
                Chosen::Help("  Type one of the numbers, or one of the letters below them.".into())
            }
        }
    }

    /// A package typed as `issue=rung issue=rung …`; issues left out stay at the floor.
    fn package(
        &self,
        number: &str,
        typed: &str,
        region: &Region,
        make: impl Fn(Package) -> Decision,
    ) -> Chosen {
        let cast = &self.scenario.cast;
        let mut package = region.floor;
        let help = || {
            let names = self.example(region).map(|at| pair(cast, at)).collect::<Vec<_>>();
            let example = format!("{number} {}", names.join(" "));
            let how = format!("Type {number}, and then issues with their rungs, as in `{example}`");
            format!("  {how}.\n  What is not named stays as it is.\n{}", self.rungs_help(region))
        };
        if typed.trim().is_empty() {
            return Chosen::Help(help());
        }
        for word in typed.split_whitespace() {
            let found = word.split_once('=').and_then(|(issue, rung)| find(cast, issue, rung));
            match found {
                Some(at) => package.set(at.issue, at.rung),
                None => {
                    let help = help();
                    return Chosen::Help(format!("  `{word}` is not an issue and a rung.\n{help}"));
                }
            }
        }
        Chosen::Decision(make(package))
    }

    /// A mandate typed as `issue lowest highest`.
    fn mandate(&self, number: &str, typed: &str, region: &Region) -> Chosen {
        let cast = &self.scenario.cast;
        let words: Vec<&str> = typed.split_whitespace().collect();
        let ends = match words.as_slice() {
            [issue, from, to] => find(cast, issue, from).zip(find(cast, issue, to)),
            _ => None,
        };
        if let Some((floor, ceiling)) = ends {
            return Chosen::Decision(Decision::ChangeMandate { floor, ceiling });
        }
        let example = self.example(region).next().map(|at| {
            let lowest = RungOf { rung: region.floor.rung(at.issue), ..at };
            let issue = &cast.issues[at.issue.ix()].named.key;
            format!(", as in `{number} {issue} {} {}`", key(cast, lowest), key(cast, at))
        });
        Chosen::Help(format!(
            "  Type {number}, an issue, the lowest rung and the highest{}.\n{}",
            example.unwrap_or_default(),
            self.rungs_help(region)
        ))
    }

    /// Rungs to show the form by: the highest that can be named on the first two issues.
    fn example(&self, region: &Region) -> impl Iterator<Item = RungOf> + use<> {
        let region = *region;
        let open = self.scenario.space.issues();
        let open = open.filter(move |k| region.floor.rung(*k) < region.ceiling.rung(*k));
        open.take(2).map(move |issue| RungOf { issue, rung: region.ceiling.rung(issue) })
    }

    /// The rungs that can be named.
    fn rungs_help(&self, region: &Region) -> String {
        let cast = &self.scenario.cast;
        let mut text = String::from("  Issues, each with its rungs:\n");
        for issue in self.scenario.space.issues() {
            let (floor, ceiling) = (region.floor.rung(issue), region.ceiling.rung(issue));
            if floor < ceiling {
                let words = &cast.issues[issue.ix()];
                let rungs = (floor..=ceiling).map(|rung| &words.rungs[usize::from(rung)]);
                let rungs = rungs.map(|rung| rung.key.as_str()).collect::<Vec<_>>().join(" | ");
                let line = format!("{}: {rungs}", words.named.key);
                text.push_str(&lines(&line, "    ", "      "));
            }
        }
        text
    }
}

/// `issue=rung`, as it is typed.
fn pair(cast: &Cast, at: RungOf) -> String {
    format!("{}={}", cast.issues[at.issue.ix()].named.key, key(cast, at))
}

fn key(cast: &Cast, at: RungOf) -> &str {
    &cast.issues[at.issue.ix()].rungs[usize::from(at.rung)].key
}

fn find(cast: &Cast, issue: &str, rung: &str) -> Option<RungOf> {
    let place = cast.issues.iter().position(|words| words.named.key == issue)?;
    let rung = cast.issues[place].rungs.iter().position(|words| words.key == rung)?;
    Some(RungOf { issue: IssueIx::at(place), rung: u8::try_from(rung).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Case;
    use crate::sources::ready;
    use demarche_engine::questions::Asking;
    use demarche_engine::session::Session;
    use demarche_engine::table::Status;
    use demarche_record::decision::Input;
    use demarche_record::format::Lineage;

    /// Lines that a menu gives as examples, in backticks.
    fn examples(help: &str) -> impl Iterator<Item = &str> {
        help.split('`').skip(1).step_by(2)
    }

    /// Types every example of a menu, and counts those that decide something.
    fn check(menu: &Menu<'_>) -> usize {
        let mut n_examples = 0;
        for number in 1..=menu.listed().count() {
            let Chosen::Help(help) = menu.read(&number.to_string()) else { continue };
            for example in examples(&help) {
                let Chosen::Decision(decision) = menu.read(example) else {
                    panic!("`{example}` is not understood");
                };
                let admits = |choice: &Choice| choice.admits(&decision);
                assert!(menu.question.choices.iter().any(admits), "`{example}` is not offered");
                n_examples += 1;
            }
        }
        n_examples
    }

    #[test]
    fn every_example_of_a_menu_is_understood_and_offered() {
        for named in ["historical/united-states-engaged", "textbook/symmetric-dispute"] {
            let scenario = Some(named.to_owned());
            let case = Case { scenario, ..Case::default() };
            let Ok(ready) = ready(&case) else { panic!("{named} is built in") };
            let mut session = Session::new(ready.scenario.clone(), 1);
            let lineage = Lineage { seed: 1, branch: None, over_ranges: None };
            let seats = Asking::at(session.world(), 0).seats();
            session.seat(0, lineage, seats.into_iter().map(Input::taken).collect(), true);
            let mut n_examples = 0;
            while session.status(0) != Status::Ended {
                session.advance().unwrap();
                while let Some(question) = session.questions(0).first().cloned() {
                    let view = Asking::at(session.world(), 0).view(question.seat);
                    n_examples += check(&Menu::new(&ready.scenario, &question, &view));
                    session.leave_to_policy(0, question.seat).unwrap();
                }
            }
            assert!(n_examples > 20, "{named}: only {n_examples}");
        }
    }
}
