//! Words of pages: blocks, dispatches and people as markup.

use demarche_domain::index::PartyIx;
use demarche_engine::scenario::Scenario;
use demarche_record::calendar::Calendar;
use demarche_record::seat::Seat;
use demarche_scenario::Kit;
use demarche_seat::block::Block;
use demarche_seat::brief::seat_name;
use demarche_seat::chairs;
use maud::{Markup, html};

use crate::class::{Class, Phase};
use crate::deed;
use crate::table::Table;

/// Blocks one below the other.
#[must_use]
pub fn blocks(blocks: &[Block]) -> Markup {
    let mut parts: Vec<(&str, Vec<&str>)> = Vec::new();
    for block in blocks {
        match block {
            Block::Said(text) | Block::Line(text) => parts.push((text, Vec::new())),
            Block::Item(text) => match parts.last_mut() {
                Some((_, items)) => items.push(text),
                None => parts.push(("", vec![text])),
            },
        }
    }
    html! {
        @for (text, items) in &parts {
            p { bdi { (text) } }
            @if !items.is_empty() { ul { @for item in items { li { bdi { (item) } } } } }
        }
    }
}

/// Who a seat is, in its own terms, where a kit says so.
#[must_use]
pub fn who_you_are(kit: Option<&Kit>, scenario: &Scenario, seat: Seat) -> Markup {
    let told = kit.and_then(|kit| kit.seat(&chairs::name(seat, &scenario.cast)));
    html! { @if let Some(told) = told { p.who { bdi { (told.says) } } } }
}

/// The days of a dispatch, each with its entries: an entry begins with a time, a day is a heading,
/// and what is indented goes on with the entry before it.
fn days(text: &str) -> Vec<(&str, Vec<String>)> {
    let mut days: Vec<(&str, Vec<String>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let begins = line.starts_with(|c: char| c.is_ascii_digit());
        if !begins && !line.starts_with(' ') {
            days.push((line, Vec::new()));
            continue;
        }
        if days.is_empty() {
            days.push(("", Vec::new()));
        }
        let entries = days.last_mut().map(|(_, entries)| entries);
        match entries {
            Some(entries) if !begins && !entries.is_empty() => {
                let last = entries.len() - 1;
                entries[last] = format!("{} {}", entries[last], line.trim());
            }
            Some(entries) => entries.push(line.trim().to_owned()),
            None => {}
        }
    }
    days
}

/// A dispatch, the latest first, for those who wait for news.
#[must_use]
pub fn dispatch(text: &str) -> Markup {
    html! {
        @for (day, entries) in days(text).iter().rev() {
            @if !day.is_empty() { h3 { (day) } }
            ol.dispatch { @for entry in entries.iter().rev() { li { bdi { (entry) } } } }
        }
    }
}

/// A dispatch in the order in which things happened, for those who look back.
#[must_use]
pub fn dispatch_in_order(text: &str) -> Markup {
    html! {
        @for (day, entries) in days(text) {
            @if !day.is_empty() { h3 { (day) } }
            ol.dispatch { @for entry in entries { li { bdi { (entry) } } } }
        }
    }
}

/// The people of a seat, or who plays it instead.
#[must_use]
pub fn sitters(class: &Class, at: usize, seat: Seat) -> Markup {
    let people: Vec<_> = class.seated(at, seat).collect();
    let is_held = class.tables()[at].held().contains(&seat);
    html! {
        @if people.is_empty() { span.policy { "the computer" } }
        @for (nth, person) in people.iter().enumerate() {
            @if nth > 0 { ", " }
            bdi { (person.name) }
            @if !class.is_present(person.id) { span.away { ", away" } }
        }
        @if !people.is_empty() && !is_held && class.phase() != Phase::Lobby {
            span.policy { " – the computer plays" }
        }
    }
}

/// What a table waits for.
#[must_use]
pub fn awaited(class: &Class, at: usize) -> Markup {
    let table = &class.tables()[at];
    let cast = &table.scenario().cast;
    html! {
        @if class.phase() == Phase::Lobby {
            "The talks have not begun."
        } @else if table.is_over() {
            "The talks are over."
        } @else if table.questions().is_empty() {
            "Nobody sits here yet."
        } @else {
            "Waiting for: "
            @for (nth, question) in table.questions().iter().enumerate() {
                @if nth > 0 { "; " }
                (seat_name(cast, question.seat)) ": " (sitters(class, at, question.seat))
            }
            "."
        }
    }
}

/// How long the round goes on that is under way, as everybody knows it.
#[must_use]
pub fn deadline(table: &Table) -> Markup {
    let cast = &table.scenario().cast;
    let view = table.view(Seat::Delegation(PartyIx(0)));
    let Some((round, closes)) = view.round.filter(|_| !table.is_over()) else { return html! {} };
    let left = closes.saturating_sub(table.turn());
    html! {
        span.deadline {
            "The round in " bdi { (cast.round(round)) } " ends on "
            bdi { (Calendar::new(cast).moment(closes)) } ": "
            @match left {
                0 => "it is over as soon as this step is.",
                1 => strong { "this is the last step." },
                left => { (left) " steps, this one among them." },
            }
        }
    }
}

/// A seat by its name in files, in words.
#[must_use]
pub fn seat_words(scenario: &Scenario, key: &str) -> String {
    let seat = deed::seat(key, scenario);
    seat.map_or_else(|| key.to_owned(), |seat| seat_name(&scenario.cast, seat))
}
