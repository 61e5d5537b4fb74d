//! Where was room?
//!
//! Told of one run, the typical one: worths differ from run to run, so a frontier of several would
//! be one of nobody.

use demarche_domain::package::Package;
use demarche_explain::room::{Pick, Room};
use demarche_record::cast::Cast;

use super::key;
use super::runs::Looked;
use super::whose;
use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::frontier::Frontier;
use crate::digits;
use crate::gleaned::Rule;
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};

/// Answers it, where a typical run was played again and had a round.
#[must_use]
pub fn section(batches: &[Batch], looked: &[Vec<Looked>]) -> Option<Section> {
    let (mut answer, mut figures) = (Vec::new(), Vec::new());
    for (at, (batch, looked)) in batches.iter().zip(looked).enumerate() {
        let typical = looked.iter().find(|of| of.chosen.rule == Rule::Typical);
        let Some((typical, room)) = typical.and_then(|of| Some((of, of.room()?))) else { continue };
        answer.push(whose(batches, batch).and(told(batch.cast(), typical, room)));
        figures.push(figure(batches, at, batch, room));
    }
    let question = "Where was room?";
    (!figures.is_empty()).then_some(Section { key: "room", question, answer, figures })
}

/// How many texts would have done, and how far the last one was from them.
fn told(cast: &Cast, typical: &Looked, room: &Room) -> Prose {
    let over = &room.over_no_deal;
    let told = Prose::of("in the typical run, seed ").figure(typical.seed().to_string());
    let told = told.words(", when the last round closed, ");
    let (n, all) = (over.n_in_zone as u64, room.n_packages as u64);
    if n == 0 {
        let told = told.words("no text of ").figure(digits::count(all));
        return told
            .words(" that cross no red line would have left everybody at least as well off");
    }
    let told = told.figure(digits::count(n)).words(" of ").figure(digits::count(all));
    let told = told.words(" texts that cross no red line would have left nobody worse off than ");
    let told = told.words("no deal");
    let Some(nash) = &over.nash else { return told };
    let told = told.words("; the one that Nash’s solution picks gains ");
    let told = told.and(gains(cast, nash));
    match room.tabled.last() {
        None => told.words(", and no text ever lay on the table"),
        Some(last) => told.words(", the last on the table ").and(gains(cast, &last.pick)),
    }
}

/// What a text gains each side.
fn gains(cast: &Cast, pick: &Pick) -> Prose {
    let sides = cast.parties.iter().zip(&pick.gains).map(|(party, gain)| {
        let told = Prose::default().name(&party.named.name).words(" ");
        told.figure(digits::gain(*gain)).words(" points")
    });
    Prose::default().list(sides.collect(), " and ")
}

/// What yardsticks pick, in their order.
fn picks(room: &Room) -> [(&'static str, Option<&Pick>); 4] {
    let over = &room.over_no_deal;
    [
        ("Nash", over.nash.as_ref()),
        ("Kalai–Smorodinsky", over.kalai_smorodinsky.as_ref()),
        ("egalitarian", over.egalitarian.as_ref()),
        ("utilitarian", over.utilitarian.as_ref()),
    ]
}

fn figure(batches: &[Batch], at: usize, batch: &Batch, room: &Room) -> Figure {
    let cast = batch.cast();
    let mut table = Table::new("Texts, and what they would have gained over no deal", &["text"]);
    table.heads.extend(cast.parties.iter().map(|party| format!("{} (points)", party.named.name)));
    table.heads.push("what it says".to_owned());
    let row = |what: String, pick: &Pick| {
        let gains = pick.gains.iter().map(|gain| Cell::Gain(*gain));
        let says = Cell::Name(words(cast, &pick.package));
        std::iter::once(Cell::Words(what)).chain(gains).chain([says]).collect::<Vec<Cell>>()
    };
    let picked = picks(room).into_iter().filter_map(|(what, pick)| Some((what, pick?)));
    table.rows.extend(picked.map(|(what, pick)| row(format!("{what} solution"), pick)));
    let n = room.tabled.len();
    let tabled = room.tabled.iter().enumerate().map(|(nth, tabled)| {
        let last = if nth + 1 == n { ", the last" } else { "" };
        row(format!("on the table {}{last}", nth + 1), &tabled.pick)
    });
    table.rows.extend(tabled);
    let finding = whose(batches, batch).words("gains by the texts on the frontier, by those that ");
    let finding = finding.words("bargaining theory picks, and by those that lay on the table");
    let key = key("room", batches, at);
    Figure { key, finding, chart: chart(cast, room), table, notes: Vec::new() }
}

/// The frontier; of two sides only, since a page has two directions.
fn chart(cast: &Cast, room: &Room) -> Option<Chart> {
    let [one, other] = cast.parties.as_slice() else { return None };
    let at = |pick: &Pick| (pick.gains[0] * 100.0, pick.gains[1] * 100.0);
    let solutions = picks(room).into_iter();
    let mut marked: Vec<(String, Vec<(f64, f64)>)> = solutions
        .filter_map(|(name, pick)| Some((format!("{name} solution"), vec![at(pick?)])))
        .collect();
    let tabled: Vec<(f64, f64)> = room.tabled.iter().map(|tabled| at(&tabled.pick)).collect();
    if let Some((last, before)) = tabled.split_last() {
        if !before.is_empty() {
            marked.push(("earlier texts on the table".to_owned(), before.to_vec()));
        }
        marked.push(("the last text on the table".to_owned(), vec![*last]));
    }
    let frontier = room.frontier.iter().map(at).collect();
    let sides = [one, other].map(|party| party.named.name.clone());
    Some(Chart::Frontier(Frontier { sides, frontier, marked }))
}

/// What a text says beyond the status quo.
fn words(cast: &Cast, package: &Package) -> String {
    let status_quo = Package::new(&vec![0; cast.issues.len()]);
    demarche_record::wording::package(cast, package, &status_quo)
}
