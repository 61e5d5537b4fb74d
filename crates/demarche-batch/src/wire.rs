//! Aggregates as JSON, exact: what leaves one machine is what another merges.
//!
//! Sums can have more digits than a reader of JSON keeps, and so are written as text.

use std::collections::BTreeMap;
use std::ops::Range;

use demarche_statistics::duration::TurnRow;
use demarche_statistics::mean::ExactSums;
use serde_json::{Value, json};

use crate::aggregate::{Aggregate, BINS, ENDINGS, Failure, Sums, units};
use crate::range::Work;

impl Aggregate {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let failures = self.failures.iter().map(
            |failure| json!({"run": failure.run, "seed": failure.seed, "words": failure.words}),
        );
        let ends = self.ends.iter().map(|rows| rows.iter().map(row_to_json).collect::<Value>());
        let sums = self.sums.iter().map(|sums| {
            json!({"exact": exact_to_json(&sums.exact), "ends": sums.ends, "bins": sums.bins})
        });
        let points = self.points.iter().map(|(point, counts)| json!([point, counts]));
        let gaps = self.gaps.iter().map(|classes| {
            let class = |turns: &Vec<ExactSums>| turns.iter().map(exact_to_json).collect::<Value>();
            classes.iter().map(class).collect::<Value>()
        });
        json!({
            "n": self.n,
            "failed": self.n_failed,
            "failures": failures.collect::<Value>(),
            "outcomes": self.outcomes,
            "agreed": self.n_agreed,
            "blocked": self.blocked,
            "ends": ends.collect::<Value>(),
            "sums": sums.collect::<Value>(),
            "points": points.collect::<Value>(),
            "gaps": gaps.collect::<Value>(),
        })
    }

    /// From JSON; nothing where it is not what is written of these runs: who made them may be
    /// anybody.
    #[must_use]
    pub fn from_json(value: &Value, work: &Work, runs: &Range<u64>) -> Option<Self> {
        Self::read(value).filter(|read| read.is_of(work, runs))
    }

    fn read(value: &Value) -> Option<Self> {
        let whole = |key: &str| value[key].as_u64();
        Some(Self {
            n: whole("n")?,
            n_failed: whole("failed")?,
            failures: all(&value["failures"], failure)?,
            outcomes: counts(&value["outcomes"])?,
            n_agreed: whole("agreed")?,
            blocked: all(&value["blocked"], counts)?,
            ends: all(&value["ends"], |rows| all(rows, row))?,
            sums: all(&value["sums"], sums)?,
            points: all(&value["points"], |point| Some((point[0].as_u64()?, counts(&point[1])?)))?
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
            gaps: all(&value["gaps"], |of| all(of, |turns| all(turns, exact)))?,
        })
    }
}

impl Aggregate {
    /// Whether it has the shape of what is kept of these runs, and counts no more than there are.
    fn is_of(&self, work: &Work, runs: &Range<u64>) -> bool {
        let (plan, n) = (&work.plan, runs.end - runs.start);
        let Some(n_ended) = n.checked_sub(self.n_failed).filter(|_| self.n == n) else {
            return false;
        };
        let up_to = |counts: &[u64], most: u64| {
            counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count)) <= Some(most)
                && counts.iter().all(|count| *count <= most)
        };
        let empty = Self::empty(&plan.scenario, &work.tables.runs);
        let turns = plan.scenario.horizon_turns as usize;
        let is_blocked = self.blocked.concat();
        let has_shape = self.outcomes.len() == empty.outcomes.len()
            && self.blocked.len() == empty.blocked.len()
            && self.blocked.iter().zip(&empty.blocked).all(|(own, of)| own.len() == of.len())
            && self.ends.len() == empty.ends.len()
            && self.ends.iter().all(|rows| rows.len() <= turns)
            && self.ends.iter().flatten().all(|row| row.ended.len() == ENDINGS.len())
            && self.sums.len() == empty.sums.len()
            && self.sums.iter().all(|sums| [0, BINS + 2].contains(&sums.bins.len()))
            && self.gaps.len() == empty.gaps.len()
            && self.gaps.iter().zip(&empty.gaps).all(|(own, of)| own.len() == of.len())
            && self.gaps.iter().flatten().all(|of| of.len() <= turns);
        let ends = |rows: &[TurnRow]| {
            let ended = rows.iter().flat_map(|row| row.ended.iter().copied());
            ended.chain(rows.iter().map(|row| row.censored)).collect::<Vec<u64>>()
        };
        let at_point = |(point, counts): (&u64, &Vec<u64>)| {
            plan.counts_by_point()
                && *point < plan.design.n_points()
                && counts.len() == self.outcomes.len()
                && up_to(counts, n_ended)
        };
        let of_these = |failure: &Failure| runs.contains(&failure.run);
        has_shape
            && up_to(&self.outcomes, n_ended)
            && self.outcomes.iter().sum::<u64>() == n_ended
            && self.n_agreed <= n_ended
            && up_to(&is_blocked, n_ended)
            && self.ends.iter().all(|rows| up_to(&ends(rows), n_ended))
            && self.sums.iter().all(|sums| sums.exact.n <= n_ended && is_exact(&sums.exact))
            && self.sums.iter().all(|sums| up_to(&sums.bins, n_ended))
            && self.points.iter().all(at_point)
            && self.gaps.iter().flatten().flatten().all(|of| of.n <= n_ended && is_exact(of))
            && self.failures.len() as u64 <= self.n_failed
            && self.failures.iter().all(of_these)
    }
}

/// Whether so many numbers can come to these sums.
fn is_exact(of: &ExactSums) -> bool {
    let (n, most) = (u128::from(of.n), u128::from(units(f64::INFINITY).unsigned_abs()));
    of.sum.unsigned_abs() <= n * most && of.sum_of_squares <= n * most * most
}

fn all<T>(list: &Value, of: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list.as_array()?.iter().map(of).collect()
}

fn counts(list: &Value) -> Option<Vec<u64>> {
    all(list, Value::as_u64)
}

fn failure(of: &Value) -> Option<Failure> {
    let (run, seed) = (of["run"].as_u64()?, of["seed"].as_u64()?);
    Some(Failure { run, seed, words: of["words"].as_str()?.to_owned() })
}

fn row_to_json(row: &TurnRow) -> Value {
    json!({"ended": row.ended, "censored": row.censored})
}

fn row(of: &Value) -> Option<TurnRow> {
    Some(TurnRow { ended: counts(&of["ended"])?, censored: of["censored"].as_u64()? })
}

fn exact_to_json(of: &ExactSums) -> Value {
    json!([of.n, of.sum.to_string(), of.sum_of_squares.to_string()])
}

fn exact(of: &Value) -> Option<ExactSums> {
    Some(ExactSums {
        n: of[0].as_u64()?,
        sum: of[1].as_str()?.parse().ok()?,
        sum_of_squares: of[2].as_str()?.parse().ok()?,
    })
}

fn sums(of: &Value) -> Option<Sums> {
    let ends = match &of["ends"] {
        Value::Null => None,
        ends => Some((ends[0].as_f64()?, ends[1].as_f64()?)),
    };
    Some(Sums { exact: exact(&of["exact"])?, ends, bins: counts(&of["bins"])? })
}
