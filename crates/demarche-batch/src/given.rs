//! What is given of a run before it begins: its number, its seed, its point of the design, what
//! levers set there, and the numbers that it draws by itself.
//!
//! These are the first columns of the table of runs. They follow from the plan, and are most of a
//! row: so ranges leave them out, and they are written once, when ranges are joined.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use demarche_columns::{Column, Given, GivenCells, Kind, Range as Ends};
use demarche_random::sample::Number;
use demarche_random::seed::RunSeed;
use demarche_record::format::Lineage;
use demarche_scenario::NumberUse;

use crate::design::Lever;
use crate::plan::{Known, Plan};

/// What stands in a column that is given.
enum Source {
    Run,
    Seed,
    Point,
    /// What a lever is set to, by its place in the design.
    Lever(usize),
    /// A number that is drawn, by its place among them.
    Drawn(usize),
}

/// A number that runs draw.
struct Drawn {
    number: Number,
    /// The number of the sum that it is divided by: those that are drawn together and add up to 1,
    /// which are stakes.
    sum: Option<usize>,
    /// A draw can miss the end of its range by the last bit.
    ends: (f64, f64),
}

impl Drawn {
    fn in_run(&self, lineage: Lineage) -> f64 {
        self.number.in_run(RunSeed(lineage.seed), lineage.over_ranges.map(RunSeed))
    }
}

/// The columns that are given.
pub(crate) struct GivenColumns {
    pub(crate) columns: Vec<Column>,
    sources: Vec<Source>,
    drawn: Vec<Drawn>,
    /// The numbers of each sum, by their places among those that are drawn.
    shares: Vec<Vec<usize>>,
}

impl GivenColumns {
    /// Those of runs of which some numbers vary by design, and others are drawn by chance; of runs
    /// that part from one past at a turn, if they do.
    pub(crate) fn new(
        numbers: &[NumberUse],
        levers: &[Lever],
        over_ranges: bool,
        parts_at: Option<u32>,
    ) -> Self {
        let (columns, sources) = (Vec::new(), Vec::new());
        let mut given = Self { columns, sources, drawn: Vec::new(), shares: Vec::new() };
        given.add_identity(parts_at);
        for (place, lever) in levers.iter().enumerate() {
            let (key, meaning) =
                (key_of(&lever.path), format!("Set by the design. {}", lever.meaning));
            let (of, ends) = ((&*key, &*lever.unit, &*meaning), (lever.low, lever.high));
            given.add(Kind::Number, of, ends, Source::Lever(place));
        }
        let mut sums = BTreeMap::new();
        for number in drawn(numbers, levers, over_ranges) {
            given.add_drawn(number, &mut sums);
        }
        given
    }

    fn add_identity(&mut self, parts_at: Option<u32>) {
        let again = parts_at.map_or_else(
            || "The seed of the run: `replay --seed` tells it.".to_owned(),
            |turn| {
                let again = format!("`replay past.jsonl --branch-at {turn} --branch-seed`");
                format!("The seed of the run from turn {turn} on: {again} tells it.")
            },
        );
        for (key, meaning, source) in [
            ("run", "The number of the run, from 0.", Source::Run),
            ("seed", &again, Source::Seed),
            ("point", "The point of the design, from 0.", Source::Point),
        ] {
            self.add(Kind::Whole, (key, "1", meaning), (0.0, f64::INFINITY), source);
        }
    }

    fn add_drawn<'a>(&mut self, number: &'a NumberUse, sums: &mut BTreeMap<&'a str, usize>) {
        let ends = match number.number.shape {
            // Shares: what is drawn is divided by the sum of all.
            _ if number.is_share() => (-1.0, 1.0),
            Some(shape) => shape.ends(),
            None => (number.number.value, number.number.value),
        };
        let sum = number.is_share().then(|| {
            let sum = *sums.entry(table_of(number)).or_insert(self.shares.len());
            self.shares.resize(self.shares.len().max(sum + 1), Vec::new());
            self.shares[sum].push(self.drawn.len());
            sum
        });
        let (key, meaning) = (key_of(&number.path), format!("Drawn. {}", number.doc));
        let source = Source::Drawn(self.drawn.len());
        self.add(Kind::Number, (&key, number.quantity.unit, &meaning), ends, source);
        self.drawn.push(Drawn { number: number.drawn(), sum, ends });
    }

    fn add(
        &mut self,
        kind: Kind,
        (key, unit, meaning): (&str, &str, &str),
        (low, high): (f64, f64),
        source: Source,
    ) {
        self.columns.push(Column {
            key: key.to_owned(),
            kind,
            unit: unit.to_owned(),
            range: Ends::Between { low, high },
            meaning: meaning.to_owned(),
            may_be_empty: false,
        });
        self.sources.push(source);
    }

    /// What is given of these runs of a plan, which is the one that the columns are of.
    pub(crate) fn of(&self, plan: &Plan, runs: Range<u64>) -> GivenRows<'_> {
        let mut known = Known::default();
        let rows: Vec<GivenRow> = runs
            .map(|number| {
                let (run, point, values) = plan.run(number, &mut known);
                GivenRow { number, point, lineage: run.lineage, values }
            })
            .collect();
        let sums = self.shares.iter().map(|shares| {
            let draw = |row: &GivenRow, at: usize| self.drawn[at].in_run(row.lineage).abs();
            rows.iter().map(|row| shares.iter().map(|at| draw(row, *at)).sum()).collect()
        });
        GivenRows { sums: sums.collect(), rows, columns: self }
    }
}

/// What is given of one run.
struct GivenRow {
    number: u64,
    point: u64,
    lineage: Lineage,
    values: Arc<[f64]>,
}

/// What is given of some runs, one after the other.
pub(crate) struct GivenRows<'a> {
    columns: &'a GivenColumns,
    rows: Vec<GivenRow>,
    /// For each sum what it comes to in each run. [as the files of scenarios have stakes]
    sums: Vec<Vec<f64>>,
}

impl Given for GivenRows<'_> {
    fn n_rows(&self) -> usize {
        self.rows.len()
    }

    fn cells(&self, column: usize) -> GivenCells {
        let rows = self.rows.iter();
        match &self.columns.sources[column] {
            Source::Run => whole(rows.map(|row| row.number)),
            Source::Seed => whole(rows.map(|row| row.lineage.own())),
            Source::Point => whole(rows.map(|row| row.point)),
            Source::Lever(place) => {
                GivenCells::Number(rows.map(|row| row.values[*place]).collect())
            }
            Source::Drawn(place) => {
                let drawn = &self.columns.drawn[*place];
                let (low, high) = drawn.ends;
                let sums = drawn.sum.map(|sum| &self.sums[sum]);
                let cell = |(at, row): (usize, &GivenRow)| {
                    let sum = sums.map(|sums| sums[at]).filter(|sum| *sum > 0.0).unwrap_or(1.0);
                    (drawn.in_run(row.lineage) / sum).clamp(low, high)
                };
                GivenCells::Number(rows.enumerate().map(cell).collect())
            }
        }
    }
}

#[expect(clippy::cast_possible_wrap, reason = "runs, points and seeds of a plan are below 2^63")]
fn whole(numbers: impl Iterator<Item = u64>) -> GivenCells {
    GivenCells::Whole(numbers.map(|number| number as i64).collect())
}

/// The numbers that runs draw by themselves.
fn drawn<'a>(numbers: &'a [NumberUse], levers: &[Lever], over_ranges: bool) -> Vec<&'a NumberUse> {
    let is_drawn = |number: &NumberUse| {
        let is_lever = levers.iter().any(|lever| lever.path == number.path);
        let is_drawn =
            number.number.drawn_every_run || (over_ranges && number.number.is_uncertain());
        is_drawn && !is_lever
    };
    // Where one stake is drawn, the others move with it.
    let moving: Vec<&str> =
        numbers.iter().filter(|n| n.is_share() && is_drawn(n)).map(table_of).collect();
    let counts = |number: &NumberUse| {
        is_drawn(number) || (number.is_share() && moving.contains(&table_of(number)))
    };
    numbers.iter().filter(|number| counts(number)).collect()
}

/// The table of a scenario file that a number stands in.
fn table_of(number: &NumberUse) -> &str {
    number.path.rsplit_once('.').map_or("", |(table, _)| table)
}

/// The key of a column for a path of a scenario: places in lists are numbers between dots.
fn key_of(path: &str) -> String {
    path.replace('[', ".").replace(']', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::Tables;
    use crate::testing::plan_of;

    /// The cells of each column that is given of the first runs of the built-in track.
    fn check(test: impl Fn(&Plan, &GivenColumns, &dyn Fn(usize, usize) -> f64)) {
        let plan = plan_of("historical/doha-istanbul", 8);
        let tables = Tables::of(&plan);
        let given = tables.runs.given(&plan, 2..8);
        let columns: Vec<Vec<f64>> = (0..given.columns.columns.len())
            .map(|column| {
                let whole = |whole: i64| f64::from(i32::try_from(whole).unwrap());
                match given.cells(column) {
                    GivenCells::Number(numbers) => numbers,
                    GivenCells::Whole(numbers) => numbers.into_iter().map(whole).collect(),
                }
            })
            .collect();
        assert!(columns.iter().all(|cells| cells.len() == 6 && given.n_rows() == 6));
        test(&plan, given.columns, &|column, row| columns[column][row]);
    }

    #[test]
    fn runs_and_seeds_are_numbered() {
        check(|plan, columns, cell| {
            let keys: Vec<&str> = columns.columns[..3].iter().map(|of| of.key.as_str()).collect();
            assert_eq!(keys, ["run", "seed", "point"]);
            for row in 0..6_u8 {
                let run = plan.run(2 + u64::from(row), &mut Known::default()).0;
                assert_eq!(run.lineage.seed, 3 + u64::from(row));
                let row = usize::from(row);
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let expected = [2.0 + row as f64, 3.0 + row as f64, 0.0];
                assert_eq!([0, 1, 2].map(|column| cell(column, row)), expected);
            }
        });
    }

    #[test]
    fn numbers_are_drawn_as_the_scenario_draws_them() {
        check(|plan, columns, cell| {
            let mut n = 0;
            for number in plan.numbers.iter().filter(|number| !number.is_share()) {
                let key = key_of(&number.path);
                let Some(at) = columns.columns.iter().position(|of| of.key == key) else {
                    continue;
                };
                for row in 0..6 {
                    let run = plan.run(2 + row as u64, &mut Known::default()).0;
                    let expected = number.in_run(run.lineage);
                    assert!((cell(at, row) - expected).abs() < 1e-12, "{key} in row {row}");
                }
                n += 1;
            }
            assert!(n > 100, "most numbers of the track are assumed: {n}");
        });
    }

    #[test]
    fn stakes_that_are_drawn_add_up_to_one() {
        check(|_, columns, cell| {
            assert!(columns.shares.len() >= 2, "each side has stakes");
            for (sum, shares) in columns.shares.iter().enumerate() {
                assert!(
                    shares.len() > 1 && shares.iter().all(|at| columns.drawn[*at].sum == Some(sum))
                );
                let stakes: Vec<usize> = (0..columns.sources.len())
                    .filter(|at| matches!(columns.sources[*at], Source::Drawn(of) if shares.contains(&of)))
                    .collect();
                for row in 0..6 {
                    let all: f64 = stakes.iter().map(|at| cell(*at, row).abs()).sum();
                    assert!((all - 1.0).abs() < 1e-12, "sum {sum}, row {row}: {all}");
                }
            }
        });
    }
}
