//! Rounds of talks: when they open, what is on the table, and what may be signed.
use demarche_domain::index::IssueIx;
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::scenario::{Party, Round, RoundCondition, Variant};
use demarche_record::cast::RoundWords;

use super::conduct::both_or_neither;
use super::frame::{Faults, Frame, advice, report_twice, rungs};
use super::name_of;
use super::numbers::{days, number_or};
use crate::document::join;
use crate::problem::Code;
use crate::reading::{Per, Reader};

pub(super) fn words(root: &Reader<'_>) -> Vec<RoundWords> {
    let words = |entry: &Per<'_, Reader<'_>>| {
        let named = name_of(entry);
        let venue = entry.value.text_opt("venue").unwrap_or(&named.name).to_owned();
        RoundWords { named, venue }
    };
    root.entries("rounds").iter().map(words).collect()
}

pub(super) fn read(
    root: &Reader<'_>,
    frame: &Frame<'_>,
    parties: &[Party],
    variant: Variant,
    faults: &mut Faults,
) -> Vec<Round> {
    let entries = root.entries("rounds");
    if entries.is_empty() {
        let message = "rounds must hold at least one round";
        faults.add(root.problem(Code::WrongCount, "rounds", message, "when do they meet?"));
    }
    let mut rounds: Vec<Round> = Vec::new();
    let mut before = None;
    for Per { value: table, .. } in &entries {
        let opens = match table.has("opens") {
            true => frame.clock.turn(table, "opens", faults),
            false => Some(0),
        };
        let round = round(table, opens.unwrap_or(0), frame, parties, variant, faults);
        if opens.is_some() && before >= opens {
            let message = format!("{} does not open after the round before it", table.path());
            let help = "rounds stand in the order in which they open, each with its `opens`";
            faults.add(table.problem(Code::RangeDisordered, "opens", message, help));
        }
        if rounds.is_empty() && round.condition != RoundCondition::Always {
            let message = format!("{} hangs on a round before it, but is the first", table.path());
            let help = "leave `condition` out";
            faults.add(table.problem(Code::Contradiction, "condition", message, help));
        }
        before = opens.or(before);
        rounds.push(round);
    }
    rounds
}

fn round(
    table: &Reader<'_>,
    opens_turn: u32,
    frame: &Frame<'_>,
    parties: &[Party],
    variant: Variant,
    faults: &mut Faults,
) -> Round {
    both_or_neither(table, ["extension", "extension-hours"], faults);
    let agenda = agenda(table, frame, faults);
    Round {
        opens_turn,
        lasts_days: days(table, "lasts-hours"),
        condition: match table.choice_opt("condition") {
            Some("after-agreement") => RoundCondition::AfterAgreement,
            Some("without-agreement") => RoundCondition::WithoutAgreement,
            _ => RoundCondition::Always,
        },
        mandates: mandates(table, frame, parties, &agenda, faults),
        may_sign: may_sign(table, frame, variant),
        opening_text: opening_text(table, &agenda, faults),
        grace_days: days(table, "grace-hours"),
        extension: number_or(table, "extension", 0.0),
        extension_days: days(table, "extension-hours"),
        agenda,
    }
}

fn agenda(table: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<IssueIx> {
    report_twice(table, "agenda", &frame.issues, faults);
    let mut agenda: Vec<IssueIx> = table.names("agenda").into_iter().map(IssueIx::at).collect();
    agenda.sort_unstable();
    agenda.dedup();
    if agenda.is_empty() {
        let message = format!("{}.agenda must name an issue", table.path());
        let help = "what is there to talk about?";
        faults.add(table.problem(Code::WrongCount, "agenda", message, help));
    }
    agenda
}

fn mandates(
    table: &Reader<'_>,
    frame: &Frame<'_>,
    parties: &[Party],
    agenda: &[IssueIx],
    faults: &mut Faults,
) -> Vec<Region> {
    let mut mandates = vec![frame.everything(); frame.parties.len()];
    for party in table.table_per_per("mandates") {
        let region = frame.region(&party.value, faults);
        mandates[party.index] = region;
        for Per { index, value, .. } in &party.value {
            let issue = IssueIx::at(*index);
            let lines = &parties[party.index].red_lines;
            if region.ceiling.rung(issue) > lines.ceiling.rung(issue)
                || region.floor.rung(issue) < lines.floor.rung(issue)
            {
                let message = format!("{} reaches beyond a red line of the party", value.path());
                let help = "what is beyond the line will never be signed";
                let lines = join(&join("parties", party.name), "red-lines");
                faults.add_resting_on(lines, advice(value, "", &message, help));
            }
            if !agenda.contains(&issue) {
                let message =
                    format!("{} is about an issue that is not on the agenda", value.path());
                let help = "add the issue to the agenda, or leave this out";
                let agenda = join(table.path(), "agenda");
                faults.add_resting_on(agenda, advice(value, "", &message, help));
            }
        }
    }
    mandates
}

fn may_sign(table: &Reader<'_>, frame: &Frame<'_>, variant: Variant) -> Vec<bool> {
    if !table.has("may-sign") {
        return vec![variant == Variant::DelegatesMaySign; frame.parties.len()];
    }
    let named = table.names("may-sign");
    (0..frame.parties.len()).map(|party| named.contains(&party)).collect()
}

fn opening_text(table: &Reader<'_>, agenda: &[IssueIx], faults: &mut Faults) -> Option<Package> {
    if !table.has("opening-text") {
        return None;
    }
    let mut text = Package::STATUS_QUO;
    for (issue, rung) in rungs(table, "opening-text") {
        text.set(issue, rung);
        if !agenda.contains(&issue) && rung > 0 {
            let message = format!("{}.opening-text moves an issue off the agenda", table.path());
            let help = "add the issue to the agenda, or leave it out of the text";
            let problem = table.problem(Code::Contradiction, "opening-text", message, help);
            faults.add_resting_on(join(table.path(), "agenda"), problem);
        }
    }
    if text == Package::STATUS_QUO {
        let message = format!("{}.opening-text is the status quo, which is no text", table.path());
        let help = "leave it out";
        faults.add(table.problem(Code::Contradiction, "opening-text", message, help));
    }
    Some(text)
}
