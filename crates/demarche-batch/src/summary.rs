//! The summary of a batch: every share and mean with its interval, as JSON.

use demarche_domain::index::IssueIx;
use demarche_statistics::duration::{LifeTable, TurnRow};
use demarche_statistics::interval::{Confidence, Interval};
use demarche_statistics::mean::ExactSums;
use demarche_statistics::proportion::Share;
use serde_json::{Value, json};

use crate::aggregate::{Aggregate, BINS, ENDINGS, Sums, UNIT};
use crate::range::Work;
use crate::results::{CAUTION, Completeness};
use crate::table::Summed;

/// The version of summaries. It rises when a reader of the old one would misread the new one.
pub const SUMMARY_VERSION: u64 = 1;

/// Everything that is kept of a batch, in numbers.
#[must_use]
pub fn summary(work: &Work, all: &Aggregate, completeness: &Completeness) -> Value {
    let plan = &work.plan;
    let cast = &plan.scenario.cast;
    let numbers = match &plan.past {
        Some(past) => format!("as in the past they share, up to turn {}", past.turn),
        None if plan.draws_ranges() => "over assumed ranges".to_owned(),
        None => "at the reference point".to_owned(),
    };
    let (n, is_sample) = (all.n_ended(), plan.design.is_sample());
    let outcomes = cast.outcomes.iter().zip(&all.outcomes).map(|(outcome, count)| {
        let mut said = share(*count, n, is_sample);
        said["key"] = outcome.key.as_str().into();
        said["name"] = outcome.name.as_str().into();
        said
    });
    let blocked = plan.scenario.space.issues().map(|issue| blocked(work, all, issue));
    let rounds = cast.rounds.iter().zip(&all.ends).map(|(round, rows)| {
        let mut said = ends(rows, plan.scenario.turn_days * 24.0, is_sample);
        said["key"] = round.named.key.as_str().into();
        said["name"] = round.named.name.as_str().into();
        said
    });
    let measures = work.tables.runs.summed().iter().zip(&all.sums);
    let gaps = cast.rounds.iter().zip(&all.gaps).map(|(round, classes)| {
        let classes = cast.outcomes.iter().zip(classes).map(|(outcome, turns)| {
            let turns = turns.iter().map(|of| mean(of, is_sample));
            json!({"outcome": outcome.key, "turns": turns.collect::<Value>()})
        });
        json!({"round": round.named.key, "by-outcome": classes.collect::<Value>()})
    });
    let failures = all
        .failures
        .iter()
        .map(|failure| json!({"run": failure.run, "seed": failure.seed, "words": failure.words}));
    json!({
        "summary": "demarche batch",
        "version": SUMMARY_VERSION,
        "title": cast.title,
        "plan-digest": &*work.digest,
        "numbers": numbers,
        "runs": all.n,
        "planned": completeness.n_planned,
        "until": completeness.until,
        "missing-ranges": completeness.missing.len(),
        "failed": all.n_failed,
        "failures": failures.collect::<Value>(),
        "confidence": Confidence::NINETY_FIVE.level(),
        "outcomes": outcomes.collect::<Value>(),
        "agreement": share(all.n_agreed, n, is_sample),
        "blocking": blocked.collect::<Value>(),
        "rounds": rounds.collect::<Value>(),
        "measures": measures.map(|(of, sums)| measure(work, of, sums)).collect::<Value>(),
        "gaps": gaps.collect::<Value>(),
        "points": points(work, all),
        "caution": CAUTION,
    })
}

/// A count as a share, with Wilson's interval where runs are a sample of independent futures.
fn share(count: u64, of: u64, is_sample: bool) -> Value {
    let share = Share::new(count, of).expect("a part is not greater than the whole");
    let interval = is_sample.then(|| pair(share.wilson(Confidence::NINETY_FIVE)));
    json!({"count": count, "of": of, "share": share.estimate(), "interval": interval})
}

fn pair(of: Interval) -> Value {
    json!([of.low, of.high])
}

fn blocked(work: &Work, all: &Aggregate, issue: IssueIx) -> Value {
    let cast = &work.plan.scenario.cast;
    let sides = cast.parties.iter().map(|party| Some(party.named.key.as_str())).chain([None]);
    let by_side = sides
        .zip(&all.blocked[issue.ix()])
        .map(|(side, count)| json!({"side": side, "count": count}));
    let is_sample = work.plan.design.is_sample();
    let mut said = share(all.n_blocked(issue), all.n_ended(), is_sample);
    said["issue"] = cast.issues[issue.ix()].named.key.as_str().into();
    said["name"] = cast.issue(issue).into();
    said["by-side"] = by_side.collect();
    said
}

/// When a round ended, and how: cumulative incidence of each way (Aalen–Johansen), and beside it
/// what Kaplan and Meier would say who counted the other ways as cut off, which overstates each.
fn ends(rows: &[TurnRow], turn_hours: f64, is_sample: bool) -> Value {
    let life = LifeTable::new(rows).expect("each row has as many causes");
    let is_uncensored = rows.iter().all(|row| row.censored == 0);
    let endings = ENDINGS.iter().enumerate().map(|(cause, ending)| {
        let count: u64 = rows.iter().map(|row| row.ended[cause]).sum();
        let only: Vec<_> = rows.iter().map(|row| row.only(cause)).collect();
        let alone = LifeTable::new(&only).expect("each row has one cause");
        let overstated: Vec<f64> = alone.survival().iter().map(|s| 1.0 - s).collect();
        let bounds = |(turn, ended): (usize, u64)| {
            // Where none was cut off, incidence is a share, and its interval no point at nought.
            let share = Share::new(ended, life.n()).expect("a part is not more than the whole");
            if is_uncensored {
                share.wilson(Confidence::NINETY_FIVE)
            } else {
                life.incidence_interval(cause, turn, Confidence::NINETY_FIVE)
            }
        };
        let so_far = rows.iter().scan(0, |ended, row| {
            *ended += row.ended[cause];
            Some(*ended)
        });
        let intervals =
            is_sample.then(|| so_far.enumerate().map(|at| pair(bounds(at))).collect::<Value>());
        let incidence = if rows.is_empty() { &[] } else { life.incidence(cause) };
        json!({
            "ending": crate::table::ending_word(*ending),
            "count": count,
            "by-turn": rows.iter().map(|row| row.ended[cause]).collect::<Value>(),
            "incidence": incidence,
            "intervals": intervals,
            "if-others-were-censored": overstated,
        })
    });
    let survival = if rows.is_empty() { &[] } else { life.survival() };
    json!({
        "held": life.n(),
        "turn-hours": turn_hours,
        "still-under-way": survival,
        "median-turn": life.median(),
        "cut-off": rows.iter().map(|row| row.censored).sum::<u64>(),
        "endings": endings.collect::<Value>(),
    })
}

/// A mean, with an interval where runs are a sample of independent futures.
fn mean(of: &ExactSums, is_sample: bool) -> Value {
    let moments = of.moments(UNIT);
    let sample = moments.as_ref().filter(|_| is_sample);
    let interval = sample.and_then(|of| of.interval(Confidence::NINETY_FIVE));
    json!({"n": of.n, "mean": moments.map(|of| of.mean), "interval": interval.map(pair)})
}

fn measure(work: &Work, of: &Summed, sums: &Sums) -> Value {
    let column = &work.tables.runs.of_ranges().columns()[of.column];
    let mut said = mean(&sums.exact, work.plan.design.is_sample());
    let sd = sums.exact.moments(UNIT).map(|of| of.variance.max(0.0).sqrt());
    let bins = if sums.bins.is_empty() { vec![0; BINS + 2] } else { sums.bins.clone() };
    said["key"] = of.key.as_str().into();
    said["unit"] = column.unit.as_str().into();
    said["meaning"] = column.meaning.as_str().into();
    said["sd"] = sd.into();
    said["least"] = sums.ends.map(|ends| ends.0).into();
    said["greatest"] = sums.ends.map(|ends| ends.1).into();
    said["histogram"] = json!({
        "low": of.low,
        "high": of.high,
        "below": bins[0],
        "bins": bins[1..=BINS],
        "above": bins[BINS + 1],
    });
    said
}

/// Outcomes point by point, where the design has several and not too many.
fn points(work: &Work, all: &Aggregate) -> Value {
    let design = &work.plan.design;
    let points = all.points.iter().map(|(point, outcomes)| {
        json!({"point": point, "values": design.values(*point), "outcomes": outcomes})
    });
    let levers = design.levers.iter().map(|lever| lever.path.as_str());
    json!({"levers": levers.collect::<Value>(), "list": points.collect::<Value>()})
}
