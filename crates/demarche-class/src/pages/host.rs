//! The host's board: who is here, who holds things up, and what can be done about it.

use demarche_engine::scenario::When;
use demarche_record::calendar::Calendar;
use demarche_record::cast::{Cast, Named};
use demarche_record::decision::Input;
use demarche_record::wording::{self, Lying};
use demarche_seat::brief::seat_name;
use demarche_seat::chairs;
use maud::{Markup, html};

use super::agreement::agreement;
use super::check::understood;
use super::layout::deed;
use super::words::{awaited, deadline, sitters};
use super::{Island, island};
use crate::class::{Class, Phase};
use crate::deed::Hearers;
use crate::exports::names;

/// The islands of the host's board.
#[must_use]
pub fn islands(class: &Class, addresses: &[String]) -> Vec<Island> {
    let mut all = vec![island("head", head(class, addresses)), island("steer", steer(class))];
    all.push(island(
        "tables",
        html! {
            @for at in 0..class.tables().len() { (table(class, at)) }
        },
    ));
    all.extend([
        island("say-all", say(class)),
        island("understood-list", understood(class)),
        island("people-list", people(class)),
    ]);
    if class.phase() != Phase::Lobby {
        all.push(island("take-home-list", take_home(class)));
    }
    all
}

fn head(class: &Class, addresses: &[String]) -> Markup {
    let n_here = class.people().iter().filter(|person| class.is_present(person.id)).count();
    html! {
        h1 { "Host’s board" }
        p { bdi { (class.scenario().cast.title) } }
        p {
            "Code: " strong.code { (class.foundation().code) } " · "
            (class.people().len()) " joined, " (n_here) " here"
        }
        ul { @for address in addresses { li { "Join at " bdi { code { (address) } } } } }
        p {
            a href="/projector" target="_blank" rel="noopener" { "Projector" } " · "
            a href="/debrief" target="_blank" rel="noopener" { "Debrief" }
        }
    }
}

fn take_home(class: &Class) -> Markup {
    html! {
        details #take-home {
            summary { "Take home" }
            p { "Of people, only what they did is counted, never what their side came to." }
            ul {
                @for name in names(class) {
                    li {
                        a href={ "/export/" (name) } download { (name) }
                        @if name.ends_with(".csv") {
                            " · "
                            a href={ "/export/" (name) "?names=no" } download { "without names" }
                        }
                    }
                }
            }
        }
    }
}

fn steer(class: &Class) -> Markup {
    let act = |what: &str, button: &str| deed("/host/act", what, &[("do", what)], button);
    html! {
        h2 {
            @match class.phase() {
                Phase::Lobby => "The class gathers",
                Phase::Talks => "The talks are on",
                Phase::Paused => "The talks are paused",
                Phase::Debrief => "Debrief: everything is open to all",
            }
        }
        div.holding {
            @match class.phase() {
                Phase::Lobby => (act("go-on", "Begin the talks")),
                Phase::Talks => (act("pause", "Pause")),
                Phase::Paused => (act("go-on", "Go on")),
                Phase::Debrief => {},
            }
            @if class.phase() != Phase::Debrief {
                details.grave #end {
                    summary { "End the talks" }
                    p { "All briefs, mandates and messages are then open to all, for good." }
                    (act("debrief", "Yes, to the debrief"))
                }
            }
        }
        @if class.phase() != Phase::Debrief {
        form.deed method="post" action="/host/act" id="pace" {
            input type="hidden" name="do" value="pace";
            label for="pace-seconds" { "Seconds a step may take (0: as long as it takes)" }
            input #pace-seconds name="seconds" type="number" min="0" max="3600"
                value=(class.pace());
            button { "Set the pace" }
        }
        @if class.shows_texts() {
            (deed("/host/act", "projector", &[("do", "projector"), ("texts", "no")],
                "No texts on the projector"))
        } @else {
            (deed("/host/act", "projector", &[("do", "projector"), ("texts", "yes")],
                "Show texts and offers on the projector"))
        }
        }
    }
}

fn say(class: &Class) -> Markup {
    let scenario = class.scenario();
    let key = |to: Hearers| to.key(scenario);
    let tables = 0..class.tables().len();
    html! {
        form.deed data-draft data-clear method="post" action="/host/act" id="notice-form" {
            h2 { "A word from you" }
            input type="hidden" name="do" value="notice";
            label for="notice-to" { "To" }
            select #notice-to name="to" {
                option value=(key(Hearers::All)) { "all" }
                (tables_and_seats(class, true))
            }
            label for="notice-text" { "What (leave it empty to remove what stands there)" }
            textarea #notice-text name="text" rows="2" maxlength="1000" dir="auto" {}
            button { "Show it" }
        }
        @if class.all_notices().next().is_some() {
            ul.notices {
                @for (to, text) in class.all_notices() {
                    li { strong { (hearers(class, to)) ": " } bdi { (text) } }
                }
            }
        }
        @if class.phase() != Phase::Lobby {
            form.deed data-draft data-clear method="post" action="/host/act" id="announce" {
                h2 { "News in your own words" }
                p { "Part of what happened there and of the record; it moves no number." }
                input type="hidden" name="do" value="announce";
                label for="announce-table" { "Where" }
                select #announce-table name="table" {
                    option value="" { "at all tables" }
                    @for at in tables { option value=(at) { "at table " (at + 1) } }
                }
                label for="announce-text" { "What has happened" }
                input #announce-text name="text" type="text" list="news" maxlength="1000" required
                    dir="auto" autocomplete="off";
                datalist #news {
                    @for told in class.kit().iter().flat_map(|kit| &kit.news) {
                        option value=(told.says) {}
                    }
                }
                button { "Tell it" }
            }
        }
    }
}

/// The seats of all tables to choose from, with all of a table where that can be meant.
fn tables_and_seats(class: &Class, with_tables: bool) -> Markup {
    let scenario = class.scenario();
    html! {
        @for at in 0..class.tables().len() {
            optgroup label={ "Table " (at + 1) } {
                @if with_tables {
                    option value=(Hearers::Table(at).key(scenario)) { "all at table " (at + 1) }
                }
                @for seat in chairs::of_scenario(scenario) {
                    option value=(Hearers::Seat(at, seat).key(scenario)) {
                        (seat_name(&scenario.cast, seat)) ", table " (at + 1)
                    }
                }
            }
        }
    }
}

/// Who has joined, and what can be done for them.
fn people(class: &Class) -> Markup {
    let act = |what: &str, person: i64, button: &str| {
        let (id, person) = (format!("{what}-{person}"), person.to_string());
        deed("/host/act", &id, &[("do", what), ("person", &person)], button)
    };
    let cast = &class.scenario().cast;
    html! {
        details #people {
            summary { "People (" (class.people().len()) ")" }
            @if class.is_closed() {
                p { "Nobody else can join." }
                (deed("/host/act", "doors", &[("do", "doors"), ("open", "yes")], "Let others join"))
            } @else {
                (deed("/host/act", "doors", &[("do", "doors"), ("open", "no")], "Close the doors"))
            }
            @if !class.people().is_empty() && class.phase() != Phase::Debrief {
                form.deed data-draft method="post" action="/host/act" id="seat-form" {
                    h3 { "Give somebody a seat" }
                    input type="hidden" name="do" value="seat";
                    label for="seat-person" { "Whom" }
                    select #seat-person name="person" {
                        @for person in class.people() {
                            option value=(person.id) { (person.name) }
                        }
                    }
                    label for="seat-to" { "Where" }
                    select #seat-to name="to" { (tables_and_seats(class, false)) }
                    button { "Seat them there" }
                }
            }
            ul.seats {
                @for person in class.people() {
                    li {
                        span {
                            bdi { (person.name) }
                            @match class.chair(person.id) {
                                Some((at, seat)) => {
                                    ": " (seat_name(cast, seat)) ", table " (at + 1)
                                }
                                None => ": no seat",
                            }
                        }
                        details.holding id={ "person-" (person.id) } {
                            summary { "Help" }
                            (act("new-pin", person.id, "New PIN"))
                            @if class.side(person.id).is_some() {
                                (act("free", person.id, "Let them change sides"))
                            }
                            (act("remove", person.id, "Remove from the class"))
                        }
                    }
                }
            }
        }
    }
}

/// Whom the host has said something to, in words.
fn hearers(class: &Class, to: Hearers) -> String {
    match to {
        Hearers::All => "To all".to_owned(),
        Hearers::Table(at) => format!("To table {}", at + 1),
        Hearers::Seat(at, seat) => {
            format!("To {}, table {}", seat_name(&class.scenario().cast, seat), at + 1)
        }
    }
}

fn table(class: &Class, at: usize) -> Markup {
    let table = &class.tables()[at];
    let cast = &table.scenario().cast;
    let place = at.to_string();
    let act = |what: &str, button: &str| {
        let id = format!("{what}-{at}");
        deed("/host/act", &id, &[("do", what), ("table", &place)], button)
    };
    let is_under_way = matches!(class.phase(), Phase::Talks | Phase::Paused) && !table.is_over();
    html! {
        section.card aria-labelledby={ "table-" (at) } {
            h2 id={ "table-" (at) } { "Table " (at + 1) }
            p { bdi { (Calendar::new(cast).moment(table.turn())) } " · turn " (table.turn()) }
            p.awaited {
                (awaited(class, at)) " " (deadline(table))
                @if let Some(left) = class.seconds_left(at) { " " (left) " s left." }
            }
            (agreement(table, &[]))
            @if is_under_way {
                details id={ "steer-" (at) } {
                    summary { "Steer this table" }
                    div.holding {
                        @if !table.is_in_round() {
                            (act("skip", "Let time pass to the next round"))
                        }
                        (extend(at))
                        @if !cast.shocks.is_empty() { (inject(class, at)) }
                    }
                    @if let Some(inputs) = table.last_step() {
                        details.grave id={ "back-" (at) } {
                            summary { "Take back the last step" }
                            p { "This is taken back; the table is told so:" }
                            ul { @for input in inputs { li { (entered(cast, input)) } } }
                            (act("undo", "Yes, take it back"))
                        }
                    }
                    details.grave id={ "out-" (at) } {
                        summary { "Let the computer play it out" }
                        (act("play-out", "Yes, to the end"))
                    }
                }
            }
            details id={ "seats-" (at) } open[class.phase() == Phase::Lobby] {
                summary { "Seats" }
                ul.seats {
                    @for seat in chairs::of_scenario(table.scenario()) {
                        @let key = chairs::name(seat, cast);
                        @let is_held = table.held().contains(&seat);
                        @let has_people = class.seated(at, seat).next().is_some();
                        li {
                            span { (seat_name(cast, seat)) ": " (sitters(class, at, seat)) }
                            @if is_under_way && (is_held || has_people) {
                                (deed("/host/act", &format!("hand-{at}-{key}"), &[
                                    ("do", "hand"), ("table", &place), ("seat", &key),
                                    ("to", if is_held { "policy" } else { "people" }),
                                ], if is_held { "To the computer" } else { "To its people" }))
                            }
                        }
                    }
                }
            }
            p {
                a href={ "/export/table-" (at + 1) ".txt" } download {
                    "What has happened at table " (at + 1)
                }
            }
        }
    }
}

/// Something that has entered a table, in words.
fn entered(cast: &Cast, input: &Input) -> String {
    match input {
        Input::Decided { seat, decision, .. } => {
            let what = wording::decision(cast, decision, Lying::Text).act;
            format!("{}: {what}", seat_name(cast, *seat))
        }
        Input::Left { seat, .. } => format!("{}: left to the computer", seat_name(cast, *seat)),
        Input::Injected { shock, .. } => format!("the event: {}", cast.shock(*shock)),
        Input::Extended { by_turns, .. } => format!("{by_turns} more turns for the round"),
        Input::Announced { words, .. } => format!("the news: {}", words.as_str()),
        Input::Handed { seat, .. } => format!("{}: who plays it", seat_name(cast, *seat)),
    }
}

fn extend(at: usize) -> Markup {
    html! {
        form.deed data-draft method="post" action="/host/act" id={ "extend-" (at) } {
            input type="hidden" name="do" value="extend";
            input type="hidden" name="table" value=(at);
            label for={ "turns-" (at) } { "Turns more" }
            input id={ "turns-" (at) } name="turns" type="number" min="1" max="100" value="4";
            button { "Extend the round" }
        }
    }
}

/// The events that a host can let in: those that are there for it, or all where none is.
fn to_let_in(class: &Class) -> Vec<&Named> {
    let scenario = class.scenario();
    let all = || scenario.shocks.iter().zip(&scenario.cast.shocks);
    let own = all().filter(|(shock, _)| shock.when == When::Injected);
    let own: Vec<&Named> = own.map(|(_, named)| named).collect();
    if own.is_empty() { all().map(|(_, named)| named).collect() } else { own }
}

fn inject(class: &Class, at: usize) -> Markup {
    html! {
        form.deed data-draft method="post" action="/host/act" id={ "inject-" (at) } {
            input type="hidden" name="do" value="inject";
            input type="hidden" name="table" value=(at);
            label for={ "shock-" (at) } { "Event" }
            select id={ "shock-" (at) } name="shock" {
                @for shock in to_let_in(class) {
                    option value=(shock.key) { (shock.name) }
                }
            }
            button { "Let it happen" }
        }
    }
}
