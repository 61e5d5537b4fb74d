//! An explanation in words, for a student, without making an expert wince.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_engine::insight::{Account, IssueAccount};
use demarche_record::calendar::Calendar;
use demarche_record::cast::Cast;
use demarche_record::event::Objection;
use demarche_record::format::RunRecord;
use demarche_record::prose::{bare, counted, inside, list, owns, quoted, sentence, wrapped};
use demarche_record::transcript::tell_ending;

use crate::blocking::{Blocking, What};
use crate::least_change::{Change, Goal, LeastChange};
use crate::ledger::{Ledger, Side};
use crate::levers::{Lever, STEPS};
use crate::room::{Pick, Room, Yardsticks};
use crate::scene::Explanation;
use crate::time::{Spent, TimeSpent};

/// Tells an explanation, no wider than so many columns where that can be helped. `replay` is the
/// command line that plays the run again.
#[must_use]
pub fn tell(
    explanation: &Explanation,
    record: &RunRecord,
    cast: &Cast,
    replay: &str,
    width: usize,
) -> String {
    let teller = Teller { cast, calendar: Calendar::new(cast), replay, width };
    let mut text = tell_ending(record, cast, width);
    match &explanation.ledger {
        Some(ledger) => text += &teller.ledger(ledger),
        None => text += &teller.section("What the last text was worth", ["no text was tabled"]),
    }
    if let Some(room) = &explanation.room {
        let text_on_table = explanation.ledger.as_ref().map(|ledger| ledger.text);
        text += &teller.room(room, text_on_table.as_ref());
    }
    text += &teller.time(&explanation.time);
    if let Some(blocking) = &explanation.blocking {
        text += &teller.tried(blocking);
    }
    if let Some((goal, least)) = &explanation.least_change {
        text += &teller.least_change(*goal, least, &explanation.levers);
    }
    let caution = "A result of this model under its stated assumptions; it is no forecast.";
    text + "\n" + &wrapped(caution, width, ["", ""]) + "\n"
}

struct Teller<'a> {
    cast: &'a Cast,
    calendar: Calendar,
    replay: &'a str,
    width: usize,
}

/// A worth in points: hundredths of the scale on which a side's stakes add up to 1.
fn points(worth: f64) -> String {
    let points = (worth * 1000.0).round() / 10.0;
    // There is no minus zero in a ledger.
    let points = if points == 0.0 { 0.0 } else { points };
    let sign = if points < 0.0 { "−" } else { "+" };
    format!("{sign}{:.1}", points.abs())
}

impl Teller<'_> {
    fn party(&self, party: PartyIx) -> String {
        inside(self.cast.party(party))
    }

    fn section<T: AsRef<str>>(
        &self,
        heading: &str,
        sentences: impl IntoIterator<Item = T>,
    ) -> String {
        let items = sentences.into_iter().map(|told| self.item(told.as_ref()));
        format!("\n{heading}\n{}", items.collect::<String>())
    }

    fn item(&self, told: &str) -> String {
        wrapped(&sentence(told), self.width, ["- ", "  "]) + "\n"
    }

    fn rung(&self, issue: IssueIx, rung: u8) -> String {
        quoted(self.cast.rung(issue, rung))
    }

    /// How a package differs from a text that the reader knows.
    fn against(&self, package: &Package, known: Option<&Package>) -> String {
        let issues = IssueIx::first(self.cast.issues.len());
        let differs = |k: &IssueIx| known.is_none_or(|known| known.rung(*k) != package.rung(*k));
        let at = |k: IssueIx| {
            format!("{} at {}", inside(self.cast.issue(k)), self.rung(k, package.rung(k)))
        };
        let apart: Vec<String> = issues.filter(differs).map(at).collect();
        match (apart.is_empty(), known) {
            (true, _) => "the last text itself".to_owned(),
            (false, Some(_)) => format!("the last text with {}", list(&apart)),
            (false, None) => list(&apart),
        }
    }

    fn ledger(&self, ledger: &Ledger) -> String {
        let text = demarche_record::wording::package(self.cast, &ledger.text, &Package::STATUS_QUO);
        let intro = [
            format!("the last text: {text}"),
            "in points: hundredths of the scale on which a side’s stakes add up to 1, over no \
             deal, and counted from what was in force"
                .to_owned(),
        ];
        let mut told = self.section("What the last text was worth, and why", intro);
        for side in &ledger.sides {
            told += &format!("\n{}\n", self.verdict(side));
            told += &self.table(&side.account);
        }
        told
    }

    fn verdict(&self, side: &Side) -> String {
        let (name, gain) = (self.party(side.account.party), points(side.account.gain));
        let pull = if side.pull > 0.0 {
            format!("; to talk on was worth {} to it", points(side.pull))
        } else {
            String::new()
        };
        let made_of_it = match (side.refused_to_ratify, side.objection) {
            (true, _) => "; its home did not ratify it",
            (false, Some(Objection::RedLine)) => "; it crossed a line that it never crosses",
            (false, Some(Objection::Loss)) => "; it would have lost by it",
            (false, Some(Objection::Mandate)) => "; its delegates might not sign it",
            (false, Some(Objection::Stalling)) => "; it gained more by talking on",
            (false, Some(Objection::Aspiration)) => "; its delegates still hoped for more",
            (false, Some(Objection::None) | None) => "",
        };
        wrapped(
            &sentence(&format!("{name}: {gain} in all{pull}{made_of_it}")),
            self.width,
            ["", ""],
        )
    }

    /// The account of a side: an issue a line, and a column for each part that is not nought.
    fn table(&self, account: &Account) -> String {
        let shown: Vec<&Column> = COLUMNS
            .iter()
            .filter(|column| {
                account.issues.iter().any(|issue| points((column.of)(issue)) != "+0.0")
            })
            .collect();
        let issues = || IssueIx::first(self.cast.issues.len());
        let names = issues().map(|k| bare(self.cast.issue(k)).chars().count());
        let wide = names.max().unwrap_or(0).max(REST.chars().count());
        let head: String = shown.iter().map(|column| format!("{:>10}", column.name)).collect();
        let mut lines = format!("  {:wide$}{head}{:>10}\n", "", "in all");
        for k in issues() {
            let issue = &account.issues[k.ix()];
            let cells = shown.iter().map(|column| cell((column.of)(issue)));
            let red = if issue.crosses_red_line { "  crosses a red line" } else { "" };
            let cells: String = cells.chain([cell(issue.gain())]).collect();
            lines += &format!("  {:wide$}{cells}{red}\n", bare(self.cast.issue(k)));
        }
        let rest = account.gain - account.issues.iter().map(IssueAccount::gain).sum::<f64>();
        if points(rest) != "+0.0" {
            let gap = 10 * shown.len();
            lines += &format!("  {REST:wide$}{:gap$}{}\n", "", cell(rest));
        }
        lines
    }

    fn room(&self, room: &Room, text: Option<&Package>) -> String {
        let all = counted(u32::try_from(room.n_packages).unwrap_or(u32::MAX), "text");
        let mut told = vec![format!("{all} crossed nobody’s red line and kept what was in force")];
        told.push(format!(
            "{} would have left every side no worse than no deal{}",
            in_zone(room.over_no_deal.n_in_zone),
            if room.over_talking_on == room.over_no_deal {
                String::new()
            } else {
                format!(
                    "; {} also no worse than talking on, where that was worth something",
                    in_zone(room.over_talking_on.n_in_zone)
                )
            }
        ));
        told.extend(room.believed.iter().map(|(of, yardsticks)| {
            let (name, n) = (self.party(*of), in_zone(yardsticks.n_in_zone));
            format!("as {name} read the other side’s stakes: {n}")
        }));
        told.extend(self.picks(&room.over_no_deal, text));
        if let Some(short) = room.over_no_deal.short_of_frontier {
            told.push(if points(short) == "+0.0" {
                "no text would have given every side more than the last one".to_owned()
            } else {
                format!("another text would have given every side {} more", points(short))
            });
        }
        self.section("The room there was", told)
    }

    fn picks(&self, yardsticks: &Yardsticks, text: Option<&Package>) -> Vec<String> {
        let Yardsticks { nash, egalitarian, utilitarian, .. } = yardsticks;
        let Yardsticks { kalai_smorodinsky, kalai_smorodinsky_over_all, .. } = yardsticks;
        let named = [
            ("the greatest product of gains (Nash)", nash),
            ("equal shares of what each could hope for (Kalai–Smorodinsky)", kalai_smorodinsky),
            (
                "equal shares of what each could hope for if nobody could refuse \
                 (Kalai–Smorodinsky over all texts)",
                kalai_smorodinsky_over_all,
            ),
            ("the most for the one who gains least (egalitarian)", egalitarian),
            ("the greatest sum of gains (utilitarian)", utilitarian),
        ];
        let mut told: Vec<(Vec<&str>, &Pick)> = Vec::new();
        for (name, pick) in named {
            let Some(pick) = pick else { continue };
            match told.iter_mut().find(|(_, known)| *known == pick) {
                Some((names, _)) => names.push(name),
                None => told.push((vec![name], pick)),
            }
        }
        let say = |(names, pick): (Vec<&str>, &Pick)| {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            let gains = PartyIx::first(pick.gains.len()).zip(&pick.gains);
            let gains = gains.map(|(p, gain)| format!("{} for {}", points(*gain), self.party(p)));
            let gains: Vec<String> = gains.collect();
            format!("{}: {}: {}", list(&names), self.against(&pick.package, text), list(&gains))
        };
        told.into_iter().map(say).collect()
    }

    fn time(&self, time: &TimeSpent) -> String {
        if time.on.is_empty() {
            return String::new();
        }
        let spent = time
            .on
            .iter()
            .map(|(on, turns)| format!("{} {}", self.calendar.span(*turns), self.spent(on)));
        let stalled = time.stalled.iter().map(|(party, turns)| {
            format!("{} delegates played for time in {}", owns(&self.party(*party)), times(*turns))
        });
        self.section("Where the time of the last round went", spent.chain(stalled))
    }

    fn spent(&self, on: &Spent) -> String {
        match on {
            Spent::EmptyChair => "with an empty chair".to_owned(),
            Spent::AtHome => "with an initialled text at home".to_owned(),
            Spent::Waiting(parties) => {
                let capitals: Vec<String> =
                    parties.iter().map(|p| self.cast.capital(*p).to_owned()).collect();
                format!("waiting for word from {}", list(&capitals))
            }
            Spent::OverText => "over a text, with nobody waiting for word from home".to_owned(),
            Spent::WithoutText => "before there was a text".to_owned(),
        }
    }

    fn tried(&self, blocking: &Blocking) -> String {
        let issue = blocking.issue;
        let name = inside(self.cast.issue(issue));
        let heading = format!("What was tried on {name}");
        let told = blocking.tried.iter().map(|tried| {
            let at = self.calendar.moment(tried.turn);
            match tried.what {
                What::Drafted(m, rung) => {
                    let who = inside(self.cast.mediator(m));
                    format!("{at}: {who} tables a text with it at {}", self.rung(issue, rung))
                }
                What::Offered(p, rung) => {
                    format!("{at}: {} offers {}", self.party(p), self.rung(issue, rung))
                }
                What::Asked(p, rung) => {
                    let (who, rung) = (owns(&self.party(p)), self.rung(issue, rung));
                    format!("{at}: {who} delegates ask home for {rung}")
                }
                What::Answered(p, rung, yes) => {
                    let (who, rung) = (self.cast.capital(p), self.rung(issue, rung));
                    format!("{at}: {who} answers {} to {rung}", if yes { "yes" } else { "no" })
                }
            }
        });
        self.section(&heading, told)
    }

    fn least_change(&self, goal: Goal, least: &LeastChange, levers: &[Lever]) -> String {
        let heading = match goal {
            Goal::Agreement(round) => format!(
                "The least change that turns this run into an agreement in {}",
                self.cast.round(round)
            ),
            Goal::NoAgreement(round) => {
                format!("The least change that breaks the agreement of {}", self.cast.round(round))
            }
        };
        let mut told: Vec<String> =
            least.found.iter().take(MOST_TOLD).map(|change| self.change(change, levers)).collect();
        if least.found.len() > MOST_TOLD {
            let more = u32::try_from(least.found.len() - MOST_TOLD).unwrap_or(u32::MAX);
            told.push(format!("{} more at the same step", counted(more, "change")));
        }
        told.push(searched(least, levers.len()));
        if let Some(change) = least.found.first() {
            told.push(format!("to see it: {}", self.command(change, levers)));
        }
        told.push(
            "the draws are those of this run: what turns it need not turn another".to_owned(),
        );
        self.section(&heading, told)
    }

    /// The command that plays the run with a change.
    fn command(&self, change: &Change, levers: &[Lever]) -> String {
        let sets = change
            .steps
            .iter()
            .map(|step| format!(" --set {}={}", levers[step.lever].path, step.value));
        format!("`{}{}`", self.replay, sets.collect::<String>())
    }

    fn change(&self, change: &Change, levers: &[Lever]) -> String {
        let moves = change.steps.iter().map(|step| {
            let lever = &levers[step.lever];
            let unit = if lever.unit == "1" { String::new() } else { format!(" {}", lever.unit) };
            format!(
                "`{}` from {} to {}{unit} (range {} to {}; {})",
                lever.path,
                number(lever.now),
                number(step.value),
                number(lever.low),
                number(lever.high),
                lever.meaning.trim_end_matches('.')
            )
        });
        list(&moves.collect::<Vec<_>>())
    }
}

/// How many changes are told.
const MOST_TOLD: usize = 5;
/// What a side gains by a text whatever stands in it.
const REST: &str = "temper, payments, outside option";

/// A part of an account.
struct Column {
    name: &'static str,
    of: fn(&IssueAccount) -> f64,
}

const COLUMNS: [Column; 8] = [
    Column { name: "if kept", of: |issue| issue.face_value },
    Column { name: "doubt", of: |issue| issue.credibility },
    Column { name: "capacity", of: |issue| issue.capacity },
    Column { name: "cover", of: |issue| issue.cover },
    Column { name: "company", of: |issue| issue.company },
    Column { name: "audience", of: |issue| issue.audience },
    Column { name: "soft line", of: |issue| issue.soft_line },
    Column { name: "relief", of: |issue| issue.relief },
];

fn cell(worth: f64) -> String {
    let told = points(worth);
    format!("{:>10}", if told == "+0.0" { "·" } else { &told })
}

fn in_zone(n: usize) -> String {
    match n {
        0 => "none".to_owned(),
        n => n.to_string(),
    }
}

fn times(turns: u32) -> String {
    counted(turns, "turn")
}

/// A number as a person would write it.
fn number(value: f64) -> String {
    let shown = format!("{value:.4}");
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How far the search went.
fn searched(least: &LeastChange, n_levers: usize) -> String {
    let share = u32::from(least.at_steps) * 100 / u32::from(STEPS);
    let refused = match least.n_refused {
        0 => String::new(),
        n => format!("; {n} could not be played, as a recorded decision was not offered there"),
    };
    let singles = least.n_singles;
    match (least.found.is_empty(), least.n_pairs) {
        (false, 0) => format!(
            "nothing else did, of {n_levers} levers moved by up to {share} % of their ranges, one \
             at a time ({singles} runs{refused})"
        ),
        (false, pairs) => format!(
            "no single lever did, moved anywhere in its range ({singles} runs); of two at a time \
             these did, moved by up to {share} % of their ranges ({pairs} runs{refused})"
        ),
        (true, pairs) => format!(
            "none found: not one of {n_levers} levers by itself, moved anywhere in its range \
             ({singles} runs), and no two of them, both moved a quarter, half or all of the way \
             ({pairs} runs{refused})"
        ),
    }
}
