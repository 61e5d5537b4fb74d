//! The debrief: tables beside each other, what each side had in its brief, and all that was said.

use demarche_domain::index::{IssueIx, OutcomeIx};
use demarche_domain::package::Package;
use demarche_record::event::Event;
use demarche_seat::brief::{brief, seat_name};
use demarche_seat::chairs;
use maud::{Markup, html};

use super::history::history;
use super::words::{blocks, dispatch_in_order, seat_words, who_you_are};
use super::{Island, island, packs};
use crate::class::{Class, Phase};
use crate::study::Futures;
use crate::table::Table;
use crate::talk::{self, Message, PREDICTION, REFLECTION};

/// What all that follows is.
const CAUTION: &str = "What a model of such talks comes to under its assumptions, with people in \
                       its chairs. It is no forecast, and no history.";

/// How many messages of a table are shown.
const MOST_SHOWN: usize = 300;

/// Who wrote a message.
fn author<'a>(class: &'a Class, message: &Message) -> &'a str {
    class.person(message.person).map_or("", |person| person.name.as_str())
}

/// The islands of the debrief, as somebody sees them or the host; before the talks are over it is
/// closed. Who had a seat says first what the other side needed.
#[must_use]
pub fn islands(class: &Class, person: Option<i64>) -> Vec<Island> {
    if class.phase() != Phase::Debrief {
        let closed = html! {
            h1 { "Debrief" }
            p { "It opens when the host ends the talks." }
        };
        return vec![island("head", closed)];
    }
    let head = html! { h1 { "Debrief" } p { bdi { (class.scenario().cast.title) } } };
    let seated = person.and_then(|person| Some((person, class.chair(person)?.0)));
    if let Some((person, at)) = seated
        && !class.written(at, PREDICTION).any(|message| message.person == person)
    {
        return vec![island("head", head), island("predict", predict())];
    }
    let mut all = vec![
        island("head", head),
        island("briefs", briefs(class)),
        island("overlay", overlay(class)),
        island("history", history(&class.scenario().cast)),
        island("tables", html! { @for at in 0..class.tables().len() { (table(class, at)) } }),
    ];
    if seated.is_some() {
        all.push(island("reflect", reflect()));
    }
    all
}

fn predict() -> Markup {
    html! {
        h2 { "Before you look" }
        p {
            "What did the other side need most, and what could it never sign? All see it with your "
            "name, beside what it was told."
        }
        (write(PREDICTION, "Your prediction", "Write it, and look"))
        (super::layout::deed("/act", "look", &[
            ("do", "say"), ("channel", PREDICTION), ("text", "–"),
        ], "Look without a prediction"))
    }
}

fn reflect() -> Markup {
    html! {
        h2 { "Looking back" }
        p { "What would you do otherwise, and what does the model leave out?" }
        (write(REFLECTION, "Your reflection", "Write it"))
    }
}

fn write(heading: &str, label: &str, button: &str) -> Markup {
    html! {
        form.card.deed data-draft data-clear method="post" action="/act" id=(heading) {
            input type="hidden" name="do" value="say";
            input type="hidden" name="channel" value=(heading);
            label for={ (heading) "-text" } { (label) }
            textarea id={ (heading) "-text" } name="text" rows="4" maxlength="1000" required
                dir="auto" {}
            button { (button) }
        }
    }
}

/// What people of a table wrote under a heading, each with their seat.
fn written(class: &Class, at: usize, heading: &str, title: &str) -> Markup {
    let all: Vec<&Message> = class.written(at, heading).filter(|of| of.text != "–").collect();
    html! {
        @if !all.is_empty() {
            h3 { (title) }
            ol.talk {
                @for message in all {
                    li {
                        strong { bdi { (author(class, message)) } }
                        " (" (seat_words(class.scenario(), &message.seat)) "): "
                        bdi { (message.text) }
                    }
                }
            }
        }
    }
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
            span.mark {
                "as do " bdi { (n) } " of " bdi { (all) } " futures in which the computer plays all"
            }
        } }
    };
    let share =
        |n: u32| html! { span.mark { bdi { (n) } " of " bdi { (futures.map_or(0, Futures::n)) } } };
    let usual = match futures.and_then(Futures::usual) {
        Some((outcome, n)) => html! { bdi { (cast.outcome(outcome)) } (share(n)) },
        None => html! { "being worked out; that can take a minute …" },
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
                    th scope="col" { "The computer alone, most often" }
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
                    tr {
                        th scope="row" { "Who played" }
                        @for table in class.tables() { td { (who_played(class, table)) } }
                        td { "the computer alone" }
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

/// How much of a table was played by people.
fn who_played(class: &Class, table: &Table) -> Markup {
    let (decided, left) = table.n_decided();
    let seats = table.seats_ever_held();
    let cast = &class.scenario().cast;
    html! {
        @if seats.is_empty() {
            "the computer alone"
        } @else {
            "people took " (decided) " decisions"
            @if left > 0 { ", and left " (left) " to the computer" }
            span.mark {
                @for (nth, seat) in seats.iter().enumerate() {
                    @if nth > 0 { "; " }
                    (seat_name(cast, *seat))
                }
            }
        }
    }
}

/// A part of an explanation: its heading, and what stands below it.
struct Part<'a> {
    heading: &'a str,
    lines: Vec<&'a str>,
}

/// What is for those who know the theory: it stands behind a fold.
const FOR_SPECIALISTS: [&str; 3] =
    ["What the last text was worth", "The room there was", "The least change"];

/// An explanation by its parts; below a fold what takes some theory to read.
fn explanation(text: &str) -> Markup {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for block in text.split("\n\n") {
        let mut lines = block.lines().filter(|line| !line.is_empty());
        let Some(heading) = lines.next() else { continue };
        parts.push(Part { heading, lines: lines.collect() });
    }
    // The ledger of each side goes on with what came before it, and the caution stands by itself.
    let mut is_special = false;
    let mut folds: [Vec<&Part<'_>>; 2] = [Vec::new(), Vec::new()];
    for part in parts.iter().skip(1) {
        let is_ledger = part.lines.iter().any(|line| line.starts_with("   "));
        is_special = FOR_SPECIALISTS.iter().any(|begin| part.heading.starts_with(begin))
            || is_special && is_ledger;
        folds[usize::from(is_special)].push(part);
    }
    html! {
        @for part in &folds[0] { (told(part)) }
        @if !folds[1].is_empty() {
            details {
                summary {
                    "For those who know the theory: gains, solutions, and the least change that "
                    "would have turned it"
                }
                @for part in &folds[1] { (told(part)) }
            }
        }
    }
}

fn told(part: &Part<'_>) -> Markup {
    let is_ledger = part.lines.iter().any(|line| line.starts_with("   "));
    html! {
        p { strong { bdi { (part.heading) } } }
        @if is_ledger {
            div.scroll tabindex="0" role="group" aria-label=(part.heading) {
                pre { (part.lines.join("\n")) }
            }
        } @else if !part.lines.is_empty() {
            ul { @for line in &part.lines { li { bdi { (line.trim_start_matches("- ")) } } } }
        }
    }
}

fn briefs(class: &Class) -> Markup {
    let table = &class.tables()[0];
    let scenario = table.scenario();
    let seats = chairs::of_scenario(scenario);
    html! {
        h2 { "What each side was told" }
        @for seat in seats {
            details id={ "brief-" (chairs::name(seat, &scenario.cast)) } {
                summary { (seat_name(&scenario.cast, seat)) }
                (who_you_are(class.kit(), scenario, seat))
                (blocks(&brief(scenario, &[seat], &table.asking())))
                (packs::signable(scenario, seat))
            }
        }
    }
}

fn table(class: &Class, at: usize) -> Markup {
    let messages: Vec<_> = class.messages(at).filter(|message| message.is_talk()).collect();
    html! {
        section.card aria-labelledby={ "table-" (at) } {
            h2 id={ "table-" (at) } { "Table " (at + 1) }
            (written(class, at, PREDICTION, "What they thought the other side needed"))
            (written(class, at, REFLECTION, "What they take from it"))
            details id={ "dispatch-" (at) } {
                summary { "What happened, with the reasons" }
                (dispatch_in_order(&class.tables()[at].dispatch(None)))
            }
            @if let Some(why) = class.study().and_then(|study| study.reasons[at].as_deref()) {
                details id={ "why-" (at) } {
                    summary { "Why it ended so" }
                    (explanation(why))
                }
            }
            details id={ "said-" (at) } {
                summary { "What was said (" (messages.len()) ")" }
                @if messages.len() > MOST_SHOWN {
                    p { "The last " (MOST_SHOWN) "; the host can take all of them home." }
                }
                ol.talk {
                    @for message in messages.iter().rev().take(MOST_SHOWN).rev() {
                        li {
                            strong { bdi { (author(class, message)) } }
                            " (" (seat_words(class.scenario(), &message.seat)) ", to "
                            (talk::outside(class.scenario(), &message.channel)) "): "
                            bdi { (message.text) }
                        }
                    }
                }
            }
        }
    }
}
