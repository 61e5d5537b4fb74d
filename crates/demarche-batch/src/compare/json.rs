//! A comparison as JSON, by the keys of the scenario: every count exactly, every difference with
//! its bounds.

use demarche_engine::MODEL_VERSION;
use demarche_record::cast::Cast;
use demarche_record::format::Lineage;
use demarche_statistics::interval::Interval;
use demarche_statistics::paired::FourCells;
use serde_json::{Value, json};

use super::findings::{CONFIDENCE, Effect, Findings, Method, Verdict};
use super::tally::{Tally, Turn};
use super::words::Telling;
use crate::results::CAUTION;

/// The version of the form. It rises when a reader of the old one would misread the new one.
pub const COMPARISON_VERSION: u64 = 1;

/// The comparison. Shares are of 1, gains in gain, spans in days.
#[must_use]
pub fn to_json(telling: &Telling<'_>, base_digest: &str) -> Value {
    let Telling { cast, compared, arms, .. } = telling;
    let futures = compared.futures;
    let told = arms.iter().enumerate().map(|(arm, of)| {
        let tally = &compared.arms[arm];
        let mut said = json!({
            "arm": of.name,
            "changes": of.changes,
            "scenario-digest": of.scenario.digest,
        });
        let counted = self::arm(telling, tally, &Findings::of(tally));
        said.as_object_mut().expect("it is one").extend(counted);
        said["turned"] = turned(telling, arm, tally);
        said
    });
    let failures = compared.failures.iter().map(|failure| {
        let lineage = futures.lineage(failure.future);
        json!({
            "arm": failure.arm.map(|arm| &arms[arm].name),
            "seed": lineage.seed,
            "over-ranges": lineage.over_ranges,
            "words": failure.words,
        })
    });
    json!({
        "what-if": "demarche",
        "version": COMPARISON_VERSION,
        "program": env!("CARGO_PKG_VERSION"),
        "model": MODEL_VERSION,
        "title": cast.title,
        "scenario-digest": base_digest,
        "seed": futures.seed,
        "futures": futures.n(),
        "numbers": match futures.draws {
            Some(_) => "over assumed ranges",
            None => "at the reference point",
        },
        "draws": futures.draws,
        "futures-per-draw": futures.draws.map(|_| futures.per_draw),
        "confidence": CONFIDENCE.level(),
        "failed": compared.n_failed,
        "failures": failures.collect::<Value>(),
        "arms": told.collect::<Value>(),
        "caution": CAUTION,
    })
}

fn arm(
    telling: &Telling<'_>,
    tally: &Tally,
    findings: &Findings,
) -> serde_json::Map<String, Value> {
    let Telling { cast, scales, .. } = telling;
    let outcomes = cast.outcomes.iter().enumerate().map(|(at, outcome)| {
        let mut said = share(&findings.outcomes[at], &tally.outcome(at));
        said["key"] = outcome.key.as_str().into();
        said["name"] = outcome.name.as_str().into();
        said["settles"] = scales.settles.as_ref().map(|settles| settles[at]).into();
        said
    });
    let numbers = scales.numbers.iter().zip(&findings.numbers).map(|(of, effect)| {
        let mut said = self::effect(effect);
        said["key"] = of.key.as_str().into();
        said["meaning"] = of.meaning.as_str().into();
        said["unit"] = of.unit.into();
        said
    });
    let agreement = share(&findings.agreement, &tally.agreement);
    let better = {
        let mut said = self::effect(&findings.better);
        // Better is a relation of two runs, and no share of either.
        for key in ["as-it-was", "changed"] {
            said.as_object_mut().map(|said| said.remove(key));
        }
        let FourCells { only_base, only_changed, .. } = tally.better;
        said["by"] = if scales.settles.is_some() { "settles" } else { "agreement" }.into();
        said["better"] = only_changed.into();
        said["worse"] = only_base.into();
        said["unchanged"] = (tally.n - only_base - only_changed).into();
        said
    };
    let said = json!({
        "pairs": tally.n,
        "alike": tally.n_alike,
        "verdict": verdict(tally, findings),
        "agreement": agreement,
        "truce": share(&findings.truce, &tally.truce),
        "better": better,
        "outcomes": outcomes.collect::<Value>(),
        "moves": moves(cast, tally),
        "blocking": blocking(cast, tally),
        "numbers": numbers.collect::<Value>(),
    });
    match said {
        Value::Object(map) => map,
        _ => unreachable!("it is written as one above"),
    }
}

fn verdict(tally: &Tally, findings: &Findings) -> Value {
    let parted = tally.agreement.only_base + tally.agreement.only_changed;
    let word = |word: &str| json!({"on": "agreement", "word": word});
    if tally.n > 0 && tally.n == tally.n_alike {
        return word("no-difference-at-all");
    }
    match findings.agreement.verdict(parted) {
        Verdict::None => word("no-difference"),
        Verdict::More => word("more-likely"),
        Verdict::Less => word("less-likely"),
        Verdict::CannotTell { needed } => {
            let mut said = word("cannot-tell");
            said["futures-needed"] = needed.into();
            said
        }
    }
}

fn share(of: &Effect, cells: &FourCells) -> Value {
    let mut said = effect(of);
    said["four-cells"] = four_cells(cells);
    // Futures that share a draw are no sample of pairs.
    said["mcnemar-mid-p"] = of.ways.is_none().then(|| cells.mcnemar_mid_p()).into();
    said
}

fn effect(of: &Effect) -> Value {
    let pair = |of: Interval| json!([of.low, of.high]);
    json!({
        "n": of.n,
        "as-it-was": of.base,
        "changed": of.changed,
        "difference": of.difference,
        "interval": of.interval.map(pair),
        "method": of.method.map(Method::word),
        "draws": of.ways.map(|ways| json!({"up": ways.up, "down": ways.down, "level": ways.level})),
    })
}

fn four_cells(cells: &FourCells) -> Value {
    json!({
        "both": cells.both,
        "only-as-it-was": cells.only_base,
        "only-changed": cells.only_changed,
        "neither": cells.neither,
    })
}

/// From which class of outcome to which, with the number of futures.
fn moves(cast: &Cast, tally: &Tally) -> Value {
    let rows = cast.outcomes.iter().zip(&tally.moves);
    let cells = rows.flat_map(|(from, row)| {
        cast.outcomes
            .iter()
            .zip(row)
            .filter(|(_, n)| **n > 0)
            .map(|(to, n)| json!({"from": from.key, "to": to.key, "futures": n}))
    });
    cells.collect()
}

fn blocking(cast: &Cast, tally: &Tally) -> Value {
    let issues = cast.issues.iter().zip(&tally.blocked);
    let cells = issues.flat_map(|(issue, sides)| {
        let parties = cast.parties.iter().map(|party| Some(party.named.key.as_str())).chain([None]);
        parties.zip(sides).filter(|(_, cells)| cells.neither < cells.n()).map(|(side, cells)| {
            let mut said = four_cells(cells);
            said["issue"] = issue.named.key.as_str().into();
            said["side"] = side.into();
            said
        })
    });
    cells.collect()
}

/// Some futures that turned, with the commands that tell them.
fn turned(telling: &Telling<'_>, arm: usize, tally: &Tally) -> Value {
    let words = ["agreement-gained", "agreement-lost", "other-class"];
    let key = |at: usize| telling.cast.outcomes[at].key.as_str();
    let all = Turn::ALL.into_iter().zip(words).flat_map(|(turn, word)| {
        tally.turned[turn as usize].iter().map(move |of| {
            let lineage: Lineage = telling.compared.futures.lineage(of.future);
            json!({
                "what": word,
                "seed": lineage.seed,
                "over-ranges": lineage.over_ranges,
                "from": key(of.base.ix()),
                "to": key(of.changed.ix()),
                "as-it-was": (telling.replay)(None, lineage),
                "changed": (telling.replay)(Some(arm), lineage),
            })
        })
    });
    all.collect()
}
