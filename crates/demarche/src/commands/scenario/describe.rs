//! What a scenario holds, in words.

use demarche_engine::scenario::{Preferences, Scenario};
use demarche_record::calendar::Calendar;
use demarche_scenario::Loaded;

/// A scenario in words: what it is about, the questions, who wants what, when they meet.
pub(crate) fn describe(loaded: &Loaded) -> String {
    let scenario = &loaded.scenario;
    let cast = &scenario.cast;
    let about = &loaded.about;
    let mut text = format!("{}\n\n{}\n", cast.title, about.summary);
    if let Some(caution) = &about.caution {
        text.push_str(&format!("{caution}\n"));
    }
    text.push_str(&format!("Grade: {}. Digest: {}.\n", about.grade, &scenario.digest[..12]));
    text.push_str(&issues(scenario));
    text.push_str(&stakes(scenario));
    text.push_str(&rounds(scenario));
    text.push_str(&around(scenario));
    text
}

fn issues(scenario: &Scenario) -> String {
    let mut text = String::from("\nIssues, from the status quo upward\n");
    for words in &scenario.cast.issues {
        let mut rungs: Vec<&str> = words.rungs.iter().map(|rung| rung.words.as_str()).collect();
        if rungs.len() > 6 {
            rungs.splice(3..rungs.len() - 1, ["…"]);
        }
        text.push_str(&format!("  {}: {}\n", words.named.name, rungs.join(" / ")));
    }
    text
}

/// Who wants what: a table of issues by parties.
fn stakes(scenario: &Scenario) -> String {
    let cast = &scenario.cast;
    let mut text = String::from("\nStakes at the reference point (positive: wants more of it)\n");
    let names: String = cast.parties.iter().map(|p| format!("{:>14}", p.named.name)).collect();
    text.push_str(&format!("  {:<36}{names}\n", ""));
    for issue in scenario.space.issues() {
        let of = |preferences: &Preferences| match preferences {
            Preferences::Stakes(stakes) => format!("{:>+14.2}", stakes[issue.ix()].reference),
            Preferences::Tables { values, .. } => {
                let values = &values[issue.ix()];
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                format!("{:>14}", format!("{low:.2} to {high:.2}"))
            }
        };
        let row: String = scenario.parties.iter().map(|party| of(&party.preferences)).collect();
        text.push_str(&format!("  {:<36}{row}\n", cast.issue(issue)));
    }
    text
}

fn rounds(scenario: &Scenario) -> String {
    let cast = &scenario.cast;
    let calendar = Calendar::new(cast);
    let mut text = String::from("\nRounds\n");
    for (words, round) in cast.rounds.iter().zip(&scenario.rounds) {
        let agenda: Vec<&str> = round.agenda.iter().map(|issue| cast.issue(*issue)).collect();
        text.push_str(&format!(
            "  {}, from {}, about {:.0} hours: {}\n",
            words.named.name,
            calendar.moment(round.opens_turn),
            round.lasts_days.reference * 24.0,
            agenda.join(", ")
        ));
    }
    text
}

/// Who and what is around the table.
fn around(scenario: &Scenario) -> String {
    let cast = &scenario.cast;
    let mut text = String::new();
    let mut list = |what: &str, names: Vec<String>| {
        if !names.is_empty() {
            text.push_str(&format!("\n{what}: {}\n", names.join(", ")));
        }
    };
    let mediators = cast.mediators.iter().zip(&scenario.mediators);
    let mediators = mediators.map(|(named, mediator)| {
        let aside = if mediator.is_engaged { "" } else { " (not at the table)" };
        format!("{}{aside}", named.name)
    });
    list("Mediators", mediators.collect());
    list("Armed groups", cast.groups.iter().map(|named| named.name.clone()).collect());
    list("Crossings", cast.crossings.iter().map(|named| named.name.clone()).collect());
    list("Shocks", cast.shocks.iter().map(|named| named.name.clone()).collect());
    list("Classes of outcome", cast.outcomes.iter().map(|named| named.name.clone()).collect());
    text
}
