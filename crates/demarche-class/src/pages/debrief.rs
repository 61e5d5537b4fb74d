//! The debrief: tables beside each other, what each side had in its brief, and all that was said.

use demarche_domain::index::{IssueIx, OutcomeIx};
use demarche_domain::package::Package;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use demarche_seat::brief::{brief, seat_name};
use demarche_seat::chairs;
use maud::{Markup, html};

use super::words::{blocks, dispatch};
use super::{Island, island};
use crate::class::{Class, Phase};
use crate::study::Futures;
use crate::table::Table;
use crate::talk::Message;

/// What all that follows is.
const CAUTION: &str = "What a model of such talks comes to under its assumptions, with people in \
                       its chairs. It is no forecast, and no history.";

/// Who wrote a message.
fn author<'a>(class: &'a Class, message: &Message) -> &'a str {
    class.person(message.person).map_or("", |person| person.name.as_str())
}

/// The islands of the debrief; before the talks are over it is closed.
#[must_use]
pub fn islands(class: &Class) -> Vec<Island> {
    if class.phase() != Phase::Debrief {
        let closed = html! {
            h1 { "Debrief" }
            p { "It opens when the host ends the talks." }
        };
        return vec![island("head", closed)];
    }
    vec![
        island("head", html! { h1 { "Debrief" } p { bdi { (class.scenario().cast.title) } } }),
        island("overlay", overlay(class)),
        island("briefs", briefs(class)),
        island("tables", html! { @for at in 0..class.tables().len() { (table(class, at)) } }),
    ]
}

/// How a table ended: its class of outcome and what is in force, or what lay there last.
fn ended(table: &Table) -> (Option<OutcomeIx>, Package) {
    let mut in_force = Package::STATUS_QUO;
    let mut outcome = None;
    for (_, event) in table.events() {
        match event {
            Event::AgreementReached { text, .. } => in_force = *text,
            Event::RunEnded { outcome: class, in_force: text, .. } => {
                (outcome, in_force) = (Some(*class), *text);
            }
            _ => {}
        }
    }
    (outcome, in_force)
}

fn overlay(class: &Class) -> Markup {
    let cast = &class.scenario().cast;
    let ends: Vec<_> = class.tables().iter().map(ended).collect();
    let issues: Vec<IssueIx> = class.scenario().space.issues().collect();
    let futures = class.study().map(|study| &study.futures);
    let alike = |outcome: Option<OutcomeIx>| {
        let n = futures.zip(outcome).map(|(of, outcome)| (of.outcomes[outcome.ix()], of.n()));
        html! { @if let Some((n, all)) = n {
            span.mark { "as do " bdi { (n) } " of " bdi { (all) } " futures of the policy alone" }
        } }
    };
    let share =
        |n: u32| html! { span.mark { bdi { (n) } " of " bdi { (futures.map_or(0, Futures::n)) } } };
    let usual = match futures.and_then(Futures::usual) {
        Some((outcome, n)) => html! { bdi { (cast.outcome(outcome)) } (share(n)) },
        None => html! { "being worked out …" },
    };
    let usual_rung = |issue: IssueIx| match futures.and_then(|of| of.usual_rung(issue)) {
        Some((rung, n)) => html! { bdi { (cast.rung(issue, rung)) } (share(n)) },
        None => html! { "…" },
    };
    html! {
        h2 { "What is in force, table by table" }
        div.scroll tabindex="0" role="group" aria-label="Tables beside each other" {
            table.matrix {
                thead { tr {
                    th scope="col" { "Issue" }
                    @for at in 0..ends.len() { th scope="col" { "Table " (at + 1) } }
                    th scope="col" { "The policy alone, most often" }
                } }
                tbody {
                    tr {
                        th scope="row" { "How it ended" }
                        @for (outcome, _) in &ends {
                            td { @match outcome {
                                Some(outcome) => bdi { (cast.outcome(*outcome)) },
                                None => "not played to its end",
                            } " " (alike(*outcome)) }
                        }
                        td { (usual) }
                    }
                    @for issue in &issues {
                        tr {
                            th scope="row" { bdi { (cast.issue(*issue)) } }
                            @for (_, text) in &ends {
                                td { bdi { (cast.rung(*issue, text.rung(*issue))) } }
                            }
                            td { (usual_rung(*issue)) }
                        }
                    }
                }
            }
        }
        p.caution { (CAUTION) }
    }
}

/// A text of sections: a heading, and lines that begin with a dash.
fn plain(text: &str) -> Markup {
    html! {
        @for line in text.lines().filter(|line| !line.trim().is_empty()) {
            @if let Some(item) = line.strip_prefix("- ") {
                p.item { bdi { (item) } }
            } @else {
                p { strong { bdi { (line) } } }
            }
        }
    }
}

fn briefs(class: &Class) -> Markup {
    let table = &class.tables()[0];
    let scenario = table.scenario();
    let seats = chairs::of_scenario(scenario)
        .into_iter()
        .filter(|seat| matches!(seat, Seat::Capital(_) | Seat::Mediator(_)));
    html! {
        h2 { "What each side was told" }
        @for seat in seats {
            details id={ "brief-" (chairs::name(seat, &scenario.cast)) } {
                summary { (seat_name(&scenario.cast, seat)) }
                (blocks(&brief(scenario, &[seat], &table.asking())))
            }
        }
    }
}

fn table(class: &Class, at: usize) -> Markup {
    let messages: Vec<_> = class.messages(at).collect();
    html! {
        section.card aria-labelledby={ "table-" (at) } {
            h2 id={ "table-" (at) } { "Table " (at + 1) }
            details id={ "dispatch-" (at) } {
                summary { "What happened, with the reasons" }
                (dispatch(&class.tables()[at].dispatch(None)))
            }
            @if let Some(why) = class.study().and_then(|study| study.reasons[at].as_deref()) {
                details id={ "why-" (at) } {
                    summary { "Why it ended so, and the least change that would have turned it" }
                    (plain(why))
                }
            }
            details id={ "said-" (at) } {
                summary { "What was said (" (messages.len()) ")" }
                ol.talk {
                    @for message in &messages {
                        li {
                            strong { bdi { (author(class, message)) } }
                            " (" (message.seat) ", to " (message.channel) "): "
                            bdi { (message.text) }
                        }
                    }
                }
            }
        }
    }
}
