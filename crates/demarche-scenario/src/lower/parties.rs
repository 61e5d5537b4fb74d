//! Parties and their constituencies.
use demarche_domain::index::IssueIx;
use demarche_engine::scenario::{Constituency, Party, SoftLine};
use demarche_random::sample::Number;
use demarche_record::cast::PartyWords;

use super::frame::{Faults, Frame, rungs};
use super::names::report_namesakes;
use super::numbers::{number, number_or};
use super::{conduct, name_of, named, preferences};
use crate::problem::Code;
use crate::reading::{Per, Reader};

/// Trust where a file tells of none: as near to certainty as log-odds can stand.
const FULL_TRUST: f64 = 0.99;

pub(super) fn read(
    root: &Reader<'_>,
    frame: &Frame<'_>,
    faults: &mut Faults,
) -> (Vec<Party>, Vec<PartyWords>) {
    let entries = root.entries("parties");
    if entries.len() < 2 {
        let message = format!("parties must hold two parties or more, but holds {}", entries.len());
        faults.add(root.problem(
            Code::WrongCount,
            "parties",
            message,
            "with whom is it negotiating?",
        ));
    }
    let mut listed: Vec<(usize, &Per<'_, Reader<'_>>)> = entries.iter().enumerate().collect();
    listed.sort_by_key(|(_, entry)| entry.index);
    let mut parties = Vec::new();
    for (place, entry) in &listed {
        let read = party(entry, frame, faults);
        parties.push(Party { listed: u8::try_from(*place).unwrap_or(u8::MAX), ..read });
    }
    let words = listed.iter().zip(&parties).map(|((_, entry), own)| words(entry, own)).collect();
    (parties, words)
}

fn words(entry: &Per<'_, Reader<'_>>, own: &Party) -> PartyWords {
    PartyWords {
        red_lines: own.red_lines,
        named: name_of(entry),
        capital: entry.value.text_opt("capital").unwrap_or("home").to_owned(),
        constituencies: named(&entry.value.entries("constituencies")),
    }
}

fn party(entry: &Per<'_, Reader<'_>>, frame: &Frame<'_>, faults: &mut Faults) -> Party {
    let table = &entry.value;
    let (trust, perceived_capacity) = beliefs(entry, frame, faults);
    let pain = |key: &str| of(table, "pains", key, 0.0);
    let character = |key: &str, absent: f64| of(table, "character", key, absent);
    let mut demands = vec![None; frame.issues.len()];
    for (issue, rung) in rungs(table, "demands") {
        demands[issue.ix()] = Some(rung);
    }
    if table.has("audience-cost") && !table.has("demands") {
        let message = format!("{}: no audience cost without public demands", table.path());
        faults.advise(table, "audience-cost", &message, "add `demands`, or leave it out");
    }
    Party {
        listed: 0,
        preferences: preferences::read(table, frame, faults),
        linkages: preferences::linkages(table, frame, faults),
        red_lines: frame.region(&table.table_per("red-lines"), faults),
        soft_lines: soft_lines(table, frame, faults),
        demands,
        outside_option: number_or(table, "outside-option", 0.0),
        pain_of_fighting: pain("fighting"),
        pain_of_closure: pain("closure"),
        pain_of_attacks: pain("attacks"),
        audience_cost: number_or(table, "audience-cost", 0.0),
        sincerity: character("probability-sincere", 1.0),
        capacity: character("capacity", 1.0),
        stall_value: character("stall-value", 0.0),
        temper_spread: character("temper-spread", 0.0),
        trust,
        perceived_capacity,
        bargaining: conduct::bargaining(&table.required_table("bargaining"), faults),
        instructing: conduct::instructing(table.table("instructing").as_ref()),
        conduct: conduct::conduct(table.table("conduct").as_ref()),
        constituencies: constituencies(table, frame, faults),
    }
}

/// A number of a table that may be left out as a whole.
fn of(party: &Reader<'_>, table: &str, key: &str, absent: f64) -> Number {
    party.table(table).map_or(Number::fixed(absent), |table| number(&table, key))
}

fn soft_lines(party: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<SoftLine> {
    let lines = party.table_per("soft-lines").into_iter();
    let line = |line: Per<'_, Reader<'_>>| {
        let (from, to) = frame.interval(&line, faults);
        SoftLine {
            issue: IssueIx::at(line.index),
            from,
            to,
            penalty: number(&line.value, "penalty"),
        }
    };
    lines.map(line).collect()
}

fn beliefs(
    entry: &Per<'_, Reader<'_>>,
    frame: &Frame<'_>,
    faults: &mut Faults,
) -> (Vec<Number>, Vec<Number>) {
    let count = frame.parties.len();
    let mut trust = vec![Number::fixed(FULL_TRUST); count];
    let mut capacity = vec![Number::fixed(1.0); count];
    for belief in entry.value.table_per("beliefs") {
        if belief.index == entry.index {
            let message = format!("{} is about the party itself", belief.value.path());
            let help = "what it is able to do is `character.capacity`";
            faults.add(belief.value.problem(Code::Contradiction, "", message, help));
        }
        trust[belief.index] = number(&belief.value, "trust");
        capacity[belief.index] = number(&belief.value, "perceived-capacity");
    }
    (trust, capacity)
}

fn constituencies(party: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<Constituency> {
    let entries = party.entries("constituencies");
    report_namesakes(&entries, faults);
    let constituency = |Per { value, .. }: Per<'_, Reader<'_>>| Constituency {
        stakes: preferences::stakes(&value, frame, faults),
        sharpness: number(&value, "sharpness"),
        buffer: number(&value, "buffer"),
    };
    entries.into_iter().map(constituency).collect()
}
