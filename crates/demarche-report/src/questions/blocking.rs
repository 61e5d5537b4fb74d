//! Which issue blocks, and on whose side?

use super::{key, whose};
use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::heat::Heat;
use crate::digits;
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};
use crate::summary::Blocking;

/// Answers it, where something blocked.
#[must_use]
pub fn section(batches: &[Batch]) -> Option<Section> {
    let blocked: Vec<(usize, &Batch)> = batches
        .iter()
        .enumerate()
        .filter(|(_, batch)| batch.summary.blocking.iter().any(|of| of.share.count > 0))
        .collect();
    let answers = blocked.iter().map(|(_, batch)| answer(batches, batch));
    let figures = blocked.iter().map(|(at, batch)| figure(batches, *at, batch));
    (!blocked.is_empty()).then(|| Section {
        key: "blocking",
        question: "Which issue blocks, and on whose side?",
        answer: answers.collect(),
        figures: figures.collect(),
    })
}

/// How often an issue blocked on a side, of all runs. [1]
fn share(of: &Blocking, count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sixteen digits are enough for a share")]
    let share = count as f64 / of.share.of.max(1) as f64;
    share
}

fn answer(batches: &[Batch], batch: &Batch) -> Prose {
    let told = whose(batches, batch);
    let most = batch.summary.blocking.iter().rev().max_by_key(|of| of.share.count);
    let Some(most) = most else { return told };
    let told = told.words("where the last round ends without an agreement, what blocks most often");
    let told = told.words(" is ").name(&most.name).words(": in ");
    let told = told.and(super::endings::with_bounds(&most.share)).words(" of all runs");
    let side = most.by_side.iter().max_by_key(|by| by.count);
    let named = side.and_then(|by| Some((by.side.as_ref()?, by.count)));
    let Some((side, count)) = named else { return told };
    let parties = batch.cast().parties.iter();
    let name = parties.clone().find(|party| party.named.key == *side);
    let name = name.map_or(side.as_str(), |party| party.named.name.as_str());
    let told = told.words(", on the side of ").name(name).words(" in ");
    told.figure(digits::percent(share(most, count)))
}

fn figure(batches: &[Batch], at: usize, batch: &Batch) -> Figure {
    let cast = batch.cast();
    let mut issues: Vec<&Blocking> = batch.summary.blocking.iter().collect();
    issues.sort_by_key(|of| std::cmp::Reverse(of.share.count));
    let sides: Vec<String> = cast.parties.iter().map(|party| party.named.name.clone()).collect();
    let has_neither =
        issues.iter().any(|of| of.by_side.iter().any(|by| by.side.is_none() && by.count > 0));
    let n_columns = sides.len() + usize::from(has_neither);
    let shares = |of: &&Blocking| -> Vec<f64> {
        of.by_side.iter().take(n_columns).map(|by| share(of, by.count)).collect()
    };
    let neither = "on neither alone".to_owned();
    let columns: Vec<String> =
        sides.iter().cloned().chain(has_neither.then_some(neither)).collect();
    let seen: Vec<&Blocking> = issues.iter().copied().filter(|of| of.share.count > 0).collect();
    let chart = Heat {
        rows: seen.iter().map(|of| of.name.clone()).collect(),
        columns: columns.clone(),
        shares: seen.iter().map(shares).collect(),
    };
    let mut table = Table::new(
        "What blocked the last round, of all runs",
        &["issue", "runs", "share", "bounds (95 %)"],
    );
    table.heads.extend(columns);
    table.rows = issues
        .iter()
        .map(|of| {
            let mut row = super::endings::row(&of.name, &of.share);
            row.extend(of.by_side.iter().take(n_columns).map(|by| Cell::Count(by.count)));
            row
        })
        .collect();
    let names = seen.iter().take(3).map(|of| {
        let figure = digits::percent(of.share.share.unwrap_or_default());
        Prose::default().name(&of.name).words(" ").figure(figure)
    });
    let finding = whose(batches, batch).words("in the share of all runs in which each blocked, ");
    let finding = finding.words("before others come ").list(names.collect(), " and ");
    let key = key("blocking", batches, at);
    Figure { key, finding, chart: Some(Chart::Heat(chart)), table, notes: Vec::new() }
}
