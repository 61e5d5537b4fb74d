//! What a batch came to, in words and a small table.

use demarche_record::cast::Cast;
use demarche_record::prose::shortened;
use demarche_statistics::interval::Confidence;
use demarche_statistics::proportion::Share;

use crate::aggregate::Aggregate;
use crate::range::Work;
use crate::results::{CAUTION, Completeness};

/// How wide the column of names is at most. [characters]
const NAMES: usize = 36;
/// Dots that stand for all runs.
const DOTS: f64 = 20.0;

/// Tells a batch.
#[must_use]
pub fn tell(work: &Work, all: &Aggregate, completeness: &Completeness) -> String {
    let (plan, cast) = (&work.plan, &work.plan.scenario.cast);
    let numbers = match &plan.past {
        Some(past) => format!("from turn {} on by the policy, with the numbers so far", past.turn),
        None if plan.draws_ranges() => {
            "uncertain numbers drawn over their assumed ranges in each".to_owned()
        }
        None if plan.design.levers.is_empty() => "no number drawn over a range".to_owned(),
        None => "no other number drawn over a range".to_owned(),
    };
    let mut text = format!("{}\n{}, {numbers}\n", cast.title, counted(all.n, "run"));
    let is_sample = plan.design.is_sample();
    let points = counted(plan.design.n_points(), "point");
    if !is_sample {
        let what = if plan.design.shares_futures() { "share" } else { "have several" };
        text.push_str(&format!("at {points} that {what} futures: no sample, so no bounds\n"));
    } else if !plan.design.levers.is_empty() {
        let levers = counted(plan.design.levers.len() as u64, "number");
        text.push_str(&format!("at {points} over the ranges of {levers}\n"));
    }
    if all.n < completeness.n_planned {
        let planned = grouped(completeness.n_planned);
        let why = completeness.until.as_ref().map_or_else(
            || "the rest is missing".to_owned(),
            |rule| format!("stopped by `{rule}`"),
        );
        text.push_str(&format!("of {planned} that were planned: {why}\n"));
    }
    text.push('\n');
    let n = all.n_ended();
    let width = names(cast).map(|name| shortened(name, NAMES).chars().count()).max().unwrap_or(0);
    let bounds = if is_sample { "  (bounds, 95 %)" } else { "" };
    text.push_str(&format!("{:<width$}    share{bounds}\n", ""));
    let mut line = |name: &str, count: u64| {
        text.push_str(&row(name, (count, n), width, is_sample));
    };
    for (outcome, count) in cast.outcomes.iter().zip(&all.outcomes) {
        line(&outcome.name, *count);
    }
    line(AGREEMENT, all.n_agreed);
    text.push_str(&blocking(work, all));
    if all.n_failed > 0 {
        let first = all.failures.first().map_or(0, |failure| failure.seed);
        let failed = counted(all.n_failed, "run");
        text.push_str(&format!(
            "\n{failed} failed, which is a bug, and not counted above; the first has seed \
             {first}.\n"
        ));
    }
    text.push_str(&format!("\n{CAUTION}\n"));
    text
}

const AGREEMENT: &str = "an agreement in the last round";

fn names(cast: &Cast) -> impl Iterator<Item = &str> {
    cast.outcomes.iter().map(|outcome| outcome.name.as_str()).chain([AGREEMENT])
}

/// A share with its interval, and the dots that stand for it, one for each twentieth.
fn row(name: &str, (count, n): (u64, u64), width: usize, is_sample: bool) -> String {
    let share = Share::new(count, n).expect("a part is not greater than the whole");
    let Some(estimate) = share.estimate() else {
        return format!("{:<width$}      –\n", shortened(name, NAMES));
    };
    let interval = share.wilson(Confidence::NINETY_FIVE);
    let [at, low, high] = [estimate, interval.low, interval.high].map(|share| share * 100.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20")]
    let dots = "●".repeat((estimate * DOTS).round() as usize);
    let name = shortened(name, NAMES);
    let bounds = if is_sample { format!("  ({low:4.1} to {high:4.1})") } else { String::new() };
    let line = format!("{name:<width$}  {at:5.1} %{bounds}  {dots}");
    format!("{}\n", line.trim_end())
}

/// Where talks without an agreement got stuck, most often first.
fn blocking(work: &Work, all: &Aggregate) -> String {
    let cast = &work.plan.scenario.cast;
    let mut issues: Vec<_> = work
        .plan
        .scenario
        .space
        .issues()
        .map(|issue| (all.n_blocked(issue), issue))
        .filter(|(count, _)| *count > 0)
        .collect();
    issues.sort_by_key(|(count, issue)| (std::cmp::Reverse(*count), *issue));
    let n_blocked: u64 = issues.iter().map(|(count, _)| count).sum();
    if n_blocked == 0 {
        return String::new();
    }
    // A run that was cut off after an agreement can be among those that something blocked.
    let total = (all.n_ended() - all.n_agreed).max(n_blocked);
    let mut text =
        "\nWhere there was no agreement in the last round, it was blocked by\n".to_owned();
    for (count, issue) in issues.into_iter().take(3) {
        let share = percent(count, total);
        let sides = &all.blocked[issue.ix()];
        let sides = cast.parties.iter().zip(sides).filter(|(_, n)| **n > 0);
        let sides: Vec<String> = sides
            .map(|(party, n)| format!("of {} in {}", party.named.name, percent(*n, count)))
            .collect();
        let side = if sides.is_empty() { "" } else { "; of these on the side " };
        text.push_str(&format!("  {} in {share}{side}{}\n", cast.issue(issue), sides.join(", ")));
    }
    if total > n_blocked {
        let share = percent(total - n_blocked, total);
        text.push_str(&format!("  nothing in {share}: all would still have taken the same\n"));
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "for a person to read")]
fn percent(count: u64, of: u64) -> String {
    format!("{:.0} %", 100.0 * count as f64 / of.max(1) as f64)
}

/// A count with commas between its thousands.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: "1 run", "2,000 runs".
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number to so many decimals, with the minus that people write, and none before nought.
#[must_use]
pub fn unsigned(value: f64, decimals: usize) -> String {
    let told = format!("{:.decimals$}", value.abs());
    if value < 0.0 && !is_nought(&told) { format!("−{told}") } else { told }
}

fn is_nought(told: &str) -> bool {
    told.chars().all(|c| c == '0' || c == '.')
}

/// The same with a plus before what is more than nought.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    let told = unsigned(value, decimals);
    if is_nought(&told) || told.starts_with('−') { told } else { format!("+{told}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_kept_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_share_comes_with_its_interval_and_dots() {
        let line = row("collapse", (50, 100), 10, true);
        assert_eq!(line, format!("collapse     50.0 %  (40.4 to 59.6)  {}\n", "●".repeat(10)));
        assert_eq!(row("none", (0, 0), 4, true), "none      –\n");
        let long = row("an interim understanding: a truce and a mechanism", (0, 10), NAMES, true);
        assert!(long.starts_with("an interim understanding  "), "{long}");
    }
}
