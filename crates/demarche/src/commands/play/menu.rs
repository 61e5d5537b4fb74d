//! The menu: what the person at the terminal sees before a decision, and what they can type.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::questions::{Asking, View};
use demarche_engine::scenario::{Preferences, Scenario};
use demarche_engine::session::Session;
use demarche_record::calendar::Calendar;
use demarche_record::cast::Cast;
use demarche_record::decision::{Choice, Decision, Question};
use demarche_record::seat::Seat;
use demarche_record::wire::RungOf;
use demarche_record::wording;

/// What the person chose.
pub(crate) enum Chosen {
    /// A decision.
    Decision(Decision),
    /// That the policy decide, this once.
    Policy,
    /// To go back before the last decision.
    Undo,
    /// To stop.
    Quit,
    /// Nothing yet: an explanation.
    Help(String),
}

/// The choices of one seat, as a numbered list.
pub(crate) struct Menu<'a> {
    scenario: &'a Scenario,
    question: &'a Question,
    situation: String,
}

impl<'a> Menu<'a> {
    /// The menu for a question.
    pub(crate) fn new(scenario: &'a Scenario, question: &'a Question, asking: &Asking<'_>) -> Self {
        Self { scenario, question, situation: situation(scenario, question.seat, asking) }
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
        text.push_str("  p: let the policy decide · u: undo · q: stop\n");
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
                let words = wording::decision(&self.scenario.cast, decision);
                (words.act, words.meaning)
            }
            Choice::Propose(_) => {
                ("Propose a package".into(), "the number alone shows what can be named")
            }
            Choice::TableText(_) => {
                ("Table a text".into(), "the number alone shows what can be named")
            }
            Choice::ChangeMandate(_) => (
                "Change the mandate on an issue".into(),
                "the number alone shows what can be named",
            ),
        }
    }

    /// What a typed line means.
    pub(crate) fn read(&self, line: &str) -> Chosen {
        let line = line.trim();
        match line {
            "" => return Chosen::Decision(Decision::Hold { until_something_changes: false }),
            "w" => return Chosen::Decision(Decision::Hold { until_something_changes: true }),
            "p" => return Chosen::Policy,
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
                self.package(rest, region, |package| Decision::Propose { package })
            }
            Some(Choice::TableText(region)) => {
                self.package(rest, region, |text| Decision::TableText { text })
            }
            Some(Choice::ChangeMandate(region)) => self.mandate(rest, region),
            None => {
                Chosen::Help("  Type one of the numbers, or one of the letters below them.".into())
            }
        }
    }

    /// A package typed as `issue=rung issue=rung …`; issues left out stay at the floor.
    fn package(&self, typed: &str, region: &Region, make: impl Fn(Package) -> Decision) -> Chosen {
        let cast = &self.scenario.cast;
        let mut package = region.floor;
        if typed.trim().is_empty() {
            return Chosen::Help(self.rungs_help(region));
        }
        for word in typed.split_whitespace() {
            let found = word.split_once('=').and_then(|(issue, rung)| find(cast, issue, rung));
            match found {
                Some(at) => package.set(at.issue, at.rung),
                None => {
                    let help = self.rungs_help(region);
                    return Chosen::Help(format!("  `{word}` is not an issue and a rung.\n{help}"));
                }
            }
        }
        Chosen::Decision(make(package))
    }

    fn mandate(&self, typed: &str, region: &Region) -> Chosen {
        let words: Vec<&str> = typed.split_whitespace().collect();
        let ends = match words.as_slice() {
            [issue, from, to] => {
                find(&self.scenario.cast, issue, from).zip(find(&self.scenario.cast, issue, to))
            }
            _ => None,
        };
        match ends {
            Some((floor, ceiling)) => Chosen::Decision(Decision::ChangeMandate { floor, ceiling }),
            None => Chosen::Help(format!(
                "  Type the number, the issue, the lowest and the highest rung.\n{}",
                self.rungs_help(region)
            )),
        }
    }

    /// The rungs that can be named.
    fn rungs_help(&self, region: &Region) -> String {
        let cast = &self.scenario.cast;
        let mut text =
            String::from("  Name issues and rungs, as in `issue=rung`; the rest stays:\n");
        for issue in self.scenario.space.issues() {
            let (floor, ceiling) = (region.floor.rung(issue), region.ceiling.rung(issue));
            if floor < ceiling {
                let words = &cast.issues[issue.ix()];
                let rungs = (floor..=ceiling).map(|rung| &words.rungs[usize::from(rung)]);
                let rungs = rungs.map(|rung| rung.key.as_str()).collect::<Vec<_>>().join(" | ");
                text.push_str(&format!("    {} = {rungs}\n", words.named.key));
            }
        }
        text
    }
}

fn find(cast: &Cast, issue: &str, rung: &str) -> Option<RungOf> {
    let place = cast.issues.iter().position(|words| words.named.key == issue)?;
    let rung = cast.issues[place].rungs.iter().position(|words| words.key == rung)?;
    Some(RungOf { issue: IssueIx::at(place), rung: u8::try_from(rung).ok()? })
}

/// A seat's name.
pub(crate) fn seat_name(cast: &Cast, seat: Seat) -> String {
    match seat {
        Seat::Capital(p) => format!("{} (the capital of {})", cast.capital(p), cast.party(p)),
        Seat::Delegation(p) => format!("The delegation of {}", cast.party(p)),
        Seat::Constituency(p, c) => {
            format!("{} ({})", cast.constituency(p, c), cast.party(p))
        }
        Seat::Mediator(m) => format!("{}, mediating", cast.mediator(m)),
    }
}

/// The table as one seat sees it.
fn situation(scenario: &Scenario, seat: Seat, asking: &Asking<'_>) -> String {
    let cast = &scenario.cast;
    let view = asking.view(seat);
    let mut text = String::new();
    if let Some(on_table) = view.text {
        text.push_str("On the table:\n");
        for &issue in &view.open_issues {
            let rung = cast.rung(issue, on_table.rung(issue));
            let may = outside(&view, issue);
            text.push_str(&format!("  {:<34} {rung}{may}\n", cast.issue(issue)));
        }
        if let Some(gain) = view.gain {
            let judged = match gain {
                gain if gain > 0.1 => "clearly better for you than no deal",
                gain if gain > 0.0 => "a little better for you than no deal",
                gain if gain > -0.1 => "a little worse for you than no deal",
                _ => "clearly worse for you than no deal",
            };
            text.push_str(&format!("  By your own stakes it is {judged}.\n"));
        }
    } else {
        text.push_str("Nothing is on the table.\n");
    }
    if let Some(mandate) = view.mandate.filter(|_| !view.open_issues.is_empty()) {
        text.push_str("The delegation may sign:\n");
        for &issue in &view.open_issues {
            let span = span(scenario, &mandate, issue);
            text.push_str(&format!("  {:<34} {span}\n", cast.issue(issue)));
        }
    }
    if let Some(rung) = view.asked {
        let words = match rung {
            Some(at) => format!("“{}” on {}", cast.rung(at.issue, at.rung), cast.issue(at.issue)),
            None => "leave to sign the text".to_owned(),
        };
        text.push_str(&format!("Your delegation has asked for {words}.\n"));
    }
    text
}

/// A remark on an issue of the text that lies outside the mandate.
fn outside(view: &View, issue: IssueIx) -> &'static str {
    let rung = view.text.map(|text| text.rung(issue));
    match (view.mandate, rung) {
        (Some(mandate), Some(rung)) if !mandate.admits(issue, rung) => "  (outside your mandate)",
        _ => "",
    }
}

/// The rungs of an issue that a mandate allows, in words.
fn span(scenario: &Scenario, mandate: &Region, issue: IssueIx) -> String {
    let (floor, ceiling) = (mandate.floor.rung(issue), mandate.ceiling.rung(issue));
    let words = |rung| scenario.cast.rung(issue, rung);
    match (floor, ceiling) {
        (0, top) if top == scenario.space.top(issue) => "anything".to_owned(),
        (floor, ceiling) if floor == ceiling => format!("only “{}”", words(floor)),
        (0, ceiling) => format!("up to “{}”", words(ceiling)),
        (floor, top) if top == scenario.space.top(issue) => format!("“{}” or more", words(floor)),
        (floor, ceiling) => format!("from “{}” to “{}”", words(floor), words(ceiling)),
    }
}

/// What the person should know before the first turn: who they are and what they want.
pub(crate) fn brief(scenario: &Scenario, seats: &[Seat], session: &Session) -> String {
    let cast = &scenario.cast;
    let mut text = format!("{}\n", cast.title);
    for seat in seats {
        text.push_str(&format!("\nYou are: {}\n", seat_name(cast, *seat)));
    }
    let mut parties: Vec<PartyIx> = seats.iter().filter_map(|seat| seat.party()).collect();
    parties.dedup();
    for party in parties {
        text.push_str(&party_brief(scenario, party));
    }
    let seed = session.record(0).lineage.seed;
    text.push_str(&format!("\nSeed {seed}. The others do not know what you are told here.\n"));
    text
}

fn party_brief(scenario: &Scenario, party: PartyIx) -> String {
    let cast = &scenario.cast;
    let own = &scenario.parties[party.ix()];
    let mut text = format!("\nWhat matters to {}:\n", cast.party(party));
    for issue in scenario.space.issues() {
        let matters = match &own.preferences {
            Preferences::Stakes(stakes) => match stakes[issue.ix()].reference {
                stake if stake > 0.15 => "much, the further the better",
                stake if stake > 0.0 => "the further the better",
                stake if stake < -0.15 => "a heavy price, the further the heavier",
                stake if stake < 0.0 => "a price, the further the higher",
                _ => "little",
            },
            Preferences::Tables { .. } => "by its table of values",
        };
        let demand = own.demands[issue.ix()];
        let demand = demand.map(|rung| format!("; you demand “{}”", cast.rung(issue, rung)));
        let (floor, ceiling) = (own.red_lines.floor.rung(issue), own.red_lines.ceiling.rung(issue));
        let line = (ceiling < scenario.space.top(issue))
            .then(|| format!("; you never sign beyond “{}”", cast.rung(issue, ceiling)));
        let below = (floor > 0)
            .then(|| format!("; you never sign less than “{}”", cast.rung(issue, floor)));
        let parts: String = [demand, line, below].into_iter().flatten().collect();
        text.push_str(&format!("  {:<34} {matters}{parts}\n", cast.issue(issue)));
    }
    text
}
