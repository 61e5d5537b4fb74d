//! Aggregates as JSON, exact: what leaves one machine is what another merges.
//!
//! Sums can have more digits than a reader of JSON keeps, and so are written as text.

use std::collections::BTreeMap;

use demarche_statistics::duration::TurnRow;
use demarche_statistics::mean::ExactSums;
use serde_json::{Value, json};

use crate::aggregate::{Aggregate, Failure, Sums};

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

    /// From JSON; nothing where it is not what was written.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
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
