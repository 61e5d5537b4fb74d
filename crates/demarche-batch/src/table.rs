//! The table of runs: what each column of `runs.parquet` holds, and how it is read off a run.
//!
//! A column and its reading are said together, so that neither can be without the other, and the
//! dictionary that goes along with the file is made from the same list. What is given of a run
//! before it begins stands in the columns before these.

use std::sync::Arc;

use demarche_columns::{Cell, Column, Given, GivenCells, Kind, Range, Rows, Schema};
use demarche_domain::index::{IssueIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_engine::measures::{Measures, Room};
use demarche_engine::mechanisms::durability::Durability;
use demarche_engine::mechanisms::outcome::Closed;
use demarche_engine::scenario::Scenario;
use demarche_record::calendar::Calendar;
use demarche_record::cast::Cast;
use demarche_record::event::Ending;
use demarche_scenario::NumberUse;

use crate::aggregate::BINS;
use crate::design::Lever;
use crate::given::{GivenColumns, GivenRows};
use crate::plan::Plan;
use crate::runs::Played;

/// Counts beyond this are few, and of one bin.
const MANY: f64 = 100.0;

/// A row on the way.
struct Row<'a> {
    played: &'a Played,
    cast: &'a Cast,
    ended: &'a str,
    measures: Option<&'a Measures>,
}

type Reading = Box<dyn for<'a> Fn(&Row<'a>) -> Cell<'a> + Send + Sync>;

/// A number that is summed up over runs, and the bounds of its histogram.
#[derive(Clone, Debug, PartialEq)]
pub struct Summed {
    /// The place of its column in the table of a range.
    pub column: usize,
    /// Its key.
    pub key: String,
    /// The lower bound of the first bin. In the unit of the column.
    pub low: f64,
    /// The upper bound of the last. In the unit of the column.
    pub high: f64,
}

/// The table of runs of one batch.
pub struct RunsTable {
    schema: Arc<Schema>,
    given: GivenColumns,
    of_ranges: Arc<Schema>,
    readings: Vec<Reading>,
    summed: Vec<Summed>,
    cast: Cast,
    calendar: Calendar,
}

/// Columns as they are collected.
#[derive(Default)]
struct Columns {
    columns: Vec<Column>,
    readings: Vec<Reading>,
    summed: Vec<Summed>,
}

/// What a column is, without its reading.
struct Of<'a> {
    key: String,
    kind: Kind,
    unit: &'a str,
    range: Range,
    meaning: &'a str,
}

impl Columns {
    /// A column whose cells are empty where a run failed, or where there is nothing to tell.
    fn add(
        &mut self,
        of: Of<'_>,
        reading: impl for<'a> Fn(&Row<'a>) -> Cell<'a> + Send + Sync + 'static,
    ) {
        let Of { key, kind, unit, range, meaning } = of;
        let (unit, meaning, may_be_empty) = (unit.to_owned(), meaning.to_owned(), true);
        self.columns.push(Column { key, kind, unit, range, meaning, may_be_empty });
        self.readings.push(Box::new(reading));
    }

    /// A number that is read off a run that has ended, and summed up.
    fn measure(
        &mut self,
        (key, unit, meaning): (String, &str, &str),
        (low, high): (f64, f64),
        histogram: (f64, f64),
        read: impl Fn(&Measures) -> Option<f64> + Send + Sync + 'static,
    ) {
        let column = self.columns.len();
        let (low_bin, high_bin) = histogram;
        self.summed.push(Summed { column, key: key.clone(), low: low_bin, high: high_bin });
        let of = Of { key, kind: Kind::Number, unit, range: Range::Between { low, high }, meaning };
        let number = move |row: &Row<'_>| row.measures.and_then(&read);
        self.add(of, move |row| number(row).map_or(Cell::Empty, Cell::Number));
    }

    /// A count, likewise; its histogram goes as far as `most`.
    fn count(
        &mut self,
        (key, unit, meaning): (String, &str, &str),
        most: f64,
        read: impl Fn(&Measures) -> u32 + Send + Sync + 'static,
    ) {
        let column = self.columns.len();
        self.summed.push(Summed { column, key: key.clone(), low: 0.0, high: most });
        let range = Range::Between { low: 0.0, high: f64::INFINITY };
        let of = Of { key, kind: Kind::Whole, unit, range, meaning };
        self.add(of, move |row| {
            row.measures.map_or(Cell::Empty, |measures| Cell::Whole(read(measures).into()))
        });
    }

    fn flag(
        &mut self,
        key: String,
        meaning: &str,
        read: impl Fn(&Measures) -> bool + Send + Sync + 'static,
    ) {
        let range = Range::Said("true or false".to_owned());
        let of = Of { key, kind: Kind::Flag, unit: "1", range, meaning };
        self.add(of, move |row| row.measures.map_or(Cell::Empty, |of| Cell::Flag(read(of))));
    }

    /// A word that is one of the scenario's keys.
    fn word(
        &mut self,
        key: String,
        (range, meaning): (&str, &str),
        read: impl for<'a> Fn(&'a Measures, &'a Cast) -> Option<&'a str> + Send + Sync + 'static,
    ) {
        let range = Range::Said(range.to_owned());
        let of = Of { key, kind: Kind::Word, unit: "1", range, meaning };
        self.add(of, move |row| {
            let word = row.measures.and_then(|measures| read(measures, row.cast));
            word.map_or(Cell::Empty, Cell::Word)
        });
    }
}

impl RunsTable {
    /// The table of a scenario of which these numbers vary by design, and the others that are drawn
    /// by chance; of runs that part from one past at a turn, if they do.
    #[must_use]
    pub fn new(
        scenario: &Scenario,
        numbers: &[NumberUse],
        levers: &[Lever],
        over_ranges: bool,
        parts_at: Option<u32>,
    ) -> Self {
        let given = GivenColumns::new(numbers, levers, over_ranges, parts_at);
        let mut columns = Columns::default();
        add_ending(&mut columns, scenario);
        add_sides(&mut columns, scenario);
        add_room(&mut columns);
        add_world(&mut columns);
        let range = Range::Said("any text".to_owned());
        let meaning = "What the program said when the run failed, which is a bug; else empty.";
        let of = Of { key: "failure".to_owned(), kind: Kind::Word, unit: "1", range, meaning };
        columns.add(of, |row| match row.played {
            Played::Failed(words) => Cell::Word(words),
            Played::Ended(..) => Cell::Empty,
        });
        let Columns { columns, readings, summed } = columns;
        let meaning = "One row a run of a batch, in the order of their numbers.";
        let schema = Schema::new("runs", meaning, [given.columns.clone(), columns].concat());
        Self {
            of_ranges: Arc::new(schema.without_first(given.columns.len())),
            schema: Arc::new(schema),
            given,
            readings,
            summed,
            cast: scenario.cast.clone(),
            calendar: Calendar::new(&scenario.cast),
        }
    }

    /// What its columns are.
    #[must_use]
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Those of them that ranges keep: all but what is given before a run begins.
    #[must_use]
    pub const fn of_ranges(&self) -> &Arc<Schema> {
        &self.of_ranges
    }

    /// What is given of these runs of its plan: the columns that ranges leave out.
    pub(crate) fn given(&self, plan: &Plan, runs: std::ops::Range<u64>) -> GivenRows<'_> {
        self.given.of(plan, runs)
    }

    /// Rows of a range with what is given of their runs.
    pub(crate) fn whole(&self, plan: &Plan, runs: std::ops::Range<u64>, kept: &Rows) -> Rows {
        let (given, mut whole) = (self.given(plan, runs), Rows::new(&self.schema));
        let columns = 0..self.given.columns.len();
        let given: Vec<GivenCells> = columns.map(|column| given.cells(column)).collect();
        for row in 0..kept.n_rows() {
            let cells = given.iter().map(|cells| cells.cell(row));
            whole.push(cells.chain(kept.row(row)).collect::<Vec<_>>());
        }
        whole
    }

    /// The numbers that are summed up.
    #[must_use]
    pub fn summed(&self) -> &[Summed] {
        &self.summed
    }

    /// Adds the row of a run, as ranges keep it.
    pub fn push(&self, rows: &mut Rows, played: &Played) {
        let measures = match played {
            Played::Ended(measures, _) => Some(&**measures),
            Played::Failed(_) => None,
        };
        // It ends with its last turn.
        let ended = measures.map(|of| self.calendar.stamp(of.last_turn + 1)).unwrap_or_default();
        let row = Row { played, cast: &self.cast, ended: &ended, measures };
        rows.push(self.readings.iter().map(|read| read(&row)));
    }
}

const ENDINGS: &str = "agreement, walk-out, deadline; empty where it was not held or not closed";

pub(crate) const fn ending_word(ending: Ending) -> &'static str {
    match ending {
        Ending::Agreement => "agreement",
        Ending::WalkOut => "walk-out",
        Ending::Deadline => "deadline",
    }
}

fn add_ending(columns: &mut Columns, scenario: &Scenario) {
    let outcomes = keys(scenario.cast.outcomes.iter().map(|outcome| &outcome.key));
    let meaning = "The class of outcome.";
    columns.word("outcome".to_owned(), (&outcomes, meaning), |measures, cast| {
        Some(&cast.outcomes[measures.outcome.ix()].key)
    });
    let meaning = "Whether the last round that was held ended in an agreement.";
    columns.flag("agreement".to_owned(), meaning, Measures::is_agreed);
    // Each bin is as many turns as any other.
    let n_bins = u32::try_from(BINS).expect("fifty");
    let most = f64::from(scenario.horizon_turns.div_ceil(n_bins) * n_bins);
    let meaning = "The last turn of the run, from 0.";
    columns.count(("last-turn".to_owned(), "turns", meaning), most, |of| of.last_turn);
    let range = Range::Said(format!("local time, {}", scenario.cast.time_zone));
    let meaning = "When the run ended.";
    let of = Of { key: "ended".to_owned(), kind: Kind::Word, unit: "1", range, meaning };
    columns.add(of, |row| match row.measures {
        Some(_) => Cell::Word(row.ended),
        None => Cell::Empty,
    });
    for round in RoundIx::first(scenario.rounds.len()) {
        add_round(columns, scenario, round);
    }
    for issue in scenario.space.issues() {
        add_issue(columns, scenario, issue);
    }
    let issues = keys(scenario.cast.issues.iter().map(|issue| &issue.named.key));
    let meaning = "The issue that blocked, if there was no agreement in the last round.";
    columns.word("blocking-issue".to_owned(), (&issues, meaning), |measures, cast| {
        measures.blocked.map(|(issue, _)| cast.issues[issue.ix()].named.key.as_str())
    });
    let parties = parties(scenario);
    let meaning = "The side that it blocked on.";
    columns.word("blocking-side".to_owned(), (&parties, meaning), |measures, cast| {
        let side = measures.blocked.and_then(|(_, side)| side);
        side.map(|side| cast.parties[side.ix()].named.key.as_str())
    });
}

fn add_round(columns: &mut Columns, scenario: &Scenario, round: RoundIx) {
    let key = |of: &str| format!("round.{}.{of}", scenario.cast.rounds[round.ix()].named.key);
    let closed = move |measures: &Measures| -> Option<Closed> {
        measures.rounds.iter().find(|closed| closed.round == round).copied()
    };
    let meaning = "How the round ended.";
    columns.word(key("ending"), (ENDINGS, meaning), move |measures, _| {
        closed(measures).map(|closed| ending_word(closed.ending))
    });
    let turn_hours = scenario.turn_days * 24.0;
    let meaning = "How long the round lasted, its last turn included.";
    let bounds = (0.0, f64::INFINITY);
    columns.measure((key("hours"), "h", meaning), bounds, (0.0, 240.0), move |measures| {
        closed(measures).map(|of| f64::from(of.closed + 1 - of.opened) * turn_hours)
    });
    let meaning = "Who walked out of it, if somebody did.";
    let parties = parties(scenario);
    columns.word(key("left-by"), (&parties, meaning), move |measures, cast| {
        let party = closed(measures).and_then(|closed| closed.left_by);
        party.map(|party| cast.parties[party.ix()].named.key.as_str())
    });
}

fn add_issue(columns: &mut Columns, scenario: &Scenario, issue: IssueIx) {
    let words = &scenario.cast.issues[issue.ix()];
    let rungs = keys(words.rungs.iter().map(|rung| &rung.key));
    let of = move |package: Package| usize::from(package.rung(issue));
    let key = |of: &str| format!("{of}.{}", words.named.key);
    let meaning = "The rung that is in force at the end.";
    columns.word(key("in-force"), (&rungs, meaning), move |measures, cast| {
        Some(&cast.issues[issue.ix()].rungs[of(measures.in_force)].key)
    });
    let meaning = "The rung in the last text that lay on the table, if one did.";
    columns.word(key("last-text"), (&rungs, meaning), move |measures, cast| {
        let rung = measures.last_text.map(of);
        rung.map(|rung| cast.issues[issue.ix()].rungs[rung].key.as_str())
    });
}

fn add_sides(columns: &mut Columns, scenario: &Scenario) {
    let named = |p: PartyIx| scenario.cast.parties[p.ix()].named.key.clone();
    let n = scenario.parties.len();
    for p in PartyIx::first(n) {
        let key = |of: &str| format!("side.{}.{of}", named(p));
        let meaning = "What the last text would gain it over no deal, valued when the last round \
                       closed; empty where there was none.";
        let anything = (f64::NEG_INFINITY, f64::INFINITY);
        columns.measure((key("gain"), "gain", meaning), anything, (-1.0, 1.0), move |measures| {
            measures.sides[p.ix()].gain
        });
        let meaning = "Whether its capital wants an agreement, and not just talks.";
        columns.flag(key("sincere"), meaning, move |measures| measures.sides[p.ix()].is_sincere);
        let meaning = "What its delegates asked at home, or referred there.";
        columns.count((key("requests"), "requests", meaning), MANY, move |measures| {
            measures.sides[p.ix()].n_requests
        });
        let meaning = "How often its delegates played for time.";
        columns.count((key("stalls"), "stalls", meaning), MANY, move |measures| {
            measures.sides[p.ix()].n_stalls
        });
    }
    for of in PartyIx::first(n) {
        for (place, toward) in PartyIx::first(n).filter(|toward| *toward != of).enumerate() {
            let key = format!("trust.{}.{}", named(of), named(toward));
            let meaning = "Trust of the first in the second, that it is willing, at the end.";
            columns.measure((key, "1", meaning), (0.0, 1.0), (0.0, 1.0), move |measures| {
                Some(measures.sides[of.ix()].trust[place])
            });
        }
    }
}

fn add_room(columns: &mut Columns) {
    let mut room = |key: &str, unit: &str, meaning: &str, read: fn(&Room) -> Option<f64>| {
        let (high, bins) = if unit == "1" { (1.0, 1.0) } else { (f64::INFINITY, 0.5) };
        let key = format!("room.{key}");
        let low = if key == "room.best-least-gain" { f64::NEG_INFINITY } else { 0.0 };
        columns.measure((key, unit, meaning), (low, high), (low.max(-0.5), bins), move |of| {
            of.room.as_ref().and_then(read)
        });
    };
    room(
        "best-least-gain",
        "gain",
        "The most that the side with the least gain could have had, when the last round closed.",
        |room| Some(room.best_least_gain),
    );
    room(
        "nash-share",
        "1",
        "The product of gains by the last text, as a share of the greatest; empty where no text \
         gains everybody something.",
        |room| room.nash_share,
    );
    room(
        "short-of-frontier",
        "gain",
        "What another text would have added to every gain at once; empty where there was no text.",
        |room| room.short_of_frontier,
    );
}

fn add_world(columns: &mut Columns) {
    let key = |key: &str| key.to_owned();
    let meaning = "Attacks of all groups.";
    columns.count((key("attacks"), "attacks", meaning), MANY, |of| of.n_attacks);
    let meaning = "Attacks that made the news.";
    columns.count((key("salient-attacks"), "attacks", meaning), MANY, |of| of.n_salient);
    let meaning = "Strikes of all sides.";
    columns.count((key("strikes"), "strikes", meaning), MANY, |of| of.n_strikes);
    let (share, anything) = ((0.0, 1.0), (0.0, f64::INFINITY));
    let meaning = "Trade that did not pass, in days of full trade.";
    columns.measure((key("trade-days-lost"), "d", meaning), anything, (0.0, 50.0), |of| {
        Some(of.trade_days_lost)
    });
    let meaning = "Share of the daily trade that can pass at the end.";
    columns.measure((key("open-share"), "1", meaning), share, share, |of| Some(of.open_share));
    let meaning = "Fighting at the end.";
    columns.measure((key("fighting"), "1", meaning), share, share, |of| Some(of.fighting));
    columns.flag(key("truce"), "Whether a truce is in force at the end.", |of| of.truce);
    let mut lasting = |of: &str, unit, meaning, bounds, bins, read: fn(&Durability) -> f64| {
        columns.measure((key(of), unit, meaning), bounds, bins, move |measures| {
            measures.durability.as_ref().map(read)
        });
    };
    let meaning = "The drawn time until the truce breaks, after the talks; empty without a truce.";
    lasting("lasts-days", "d", meaning, anything, (0.0, 365.0), |of| of.lasts_days);
    let meaning = "Chance that the truce holds for 30 days; empty without a truce.";
    lasting("holds-30-days", "1", meaning, share, share, |of| of.holds_30_days);
    let meaning = "Chance that the truce holds for 90 days; empty without a truce.";
    lasting("holds-90-days", "1", meaning, share, share, |of| of.holds_90_days);
}

fn keys<'a>(keys: impl Iterator<Item = &'a String>) -> String {
    keys.map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn parties(scenario: &Scenario) -> String {
    keys(scenario.cast.parties.iter().map(|party| &party.named.key))
}
