//! Mediators, armed groups and crossings.
use demarche_domain::index::PartyIx;
use demarche_engine::scenario::{Crossing, Group, Mediator, Style};

use super::frame::{Faults, Frame};
use super::numbers::{each, number, number_or};
use crate::problem::Code;
use crate::reading::{Per, Reader};

pub(super) fn mediators(
    root: &Reader<'_>,
    frame: &Frame<'_>,
    faults: &mut Faults,
) -> Vec<Mediator> {
    let entries = root.entries("mediators").into_iter();
    entries.map(|entry| mediator(&entry.value, frame, faults)).collect()
}

fn mediator(table: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Mediator {
    let from = frame.clock.turn(table, "from", faults).unwrap_or(0);
    let to = frame.clock.turn(table, "to", faults).unwrap_or(frame.clock.horizon_turns);
    if from > to {
        let message = format!("{} ends its engagement before it begins", table.path());
        faults.add(table.problem(Code::RangeDisordered, "to", message, "let `to` be after `from`"));
    }
    let style = table.required_table("style");
    Mediator {
        is_engaged: table.flag_opt("engaged").unwrap_or(true),
        turns: (from, to),
        style: Style {
            communicate: number(&style, "communicate"),
            formulate: number(&style, "formulate"),
            manipulate: number(&style, "manipulate"),
        },
        closeness: each(table, "closeness", frame.parties.len(), 0.0),
        guarantee: number_or(table, "guarantee", 0.0),
        cover: number_or(table, "cover", 0.0),
        inducement_budget: number_or(table, "inducement-budget", 0.0),
        leverage: number_or(table, "leverage", 0.0),
        salvage: number_or(table, "salvage", 0.0),
        misreading: number_or(table, "misreading", 0.0),
    }
}

pub(super) fn groups(root: &Reader<'_>, faults: &mut Faults) -> Vec<Group> {
    let issues = root.entries("issues");
    let entries = root.entries("groups").into_iter();
    entries.map(|entry| group(&entry, &issues, faults)).collect()
}

fn group(
    entry: &Per<'_, Reader<'_>>,
    issues: &[Per<'_, Reader<'_>>],
    faults: &mut Faults,
) -> Group {
    let table = &entry.value;
    let (host, target) = (table.name_opt("host"), table.name_opt("target"));
    if host.is_some() && host == target {
        let message = format!("{} attacks its own host", table.path());
        let help = "a group lives with one party and attacks another";
        faults.add(table.problem(Code::Contradiction, "target", message, help));
    }
    for issue in issues.iter().filter(|issue| issue.value.name_opt("curbs") == Some(entry.index)) {
        let obligor = issue.value.name_opt("obligor");
        if obligor.is_some() && host.is_some() && obligor != host {
            let message =
                format!("{} is to be curbed by a party that is not its host", table.path());
            faults.advise(&issue.value, "obligor", &message, "only the host can do much about it");
        }
    }
    Group {
        host: PartyIx::at(host.unwrap_or_default()),
        target: PartyIx::at(target.unwrap_or_default()),
        rate_per_day: number(table, "rate-per-day"),
        expected_per_day: if table.has("expected-per-day") {
            number(table, "expected-per-day")
        } else {
            number(table, "rate-per-day")
        },
        excitation: number(table, "excitation"),
        half_life_days: number(table, "half-life-days"),
        salient_share: number(table, "salient-share"),
        severity_tail: number(table, "severity-tail"),
        spoiling: number(table, "spoiling"),
    }
}

pub(super) fn crossings(root: &Reader<'_>, faults: &mut Faults) -> Vec<Crossing> {
    let entries = root.entries("crossings").into_iter();
    entries.map(|Per { value, .. }| crossing(&value, faults)).collect()
}

fn crossing(table: &Reader<'_>, faults: &mut Faults) -> Crossing {
    let held_by: Vec<PartyIx> = table.names("held-by").into_iter().map(PartyIx::at).collect();
    if held_by.is_empty() {
        let message = format!("{}.held-by must name a party", table.path());
        let help = "a crossing that nobody can shut has no part in the talks";
        faults.add(table.problem(Code::WrongCount, "held-by", message, help));
    }
    Crossing { trade_per_day: number(table, "trade-usd-m-per-day"), held_by }
}
