//! Packs: the briefs of all seats on paper, a page a seat, for a class without screens.

use std::sync::Arc;

use demarche_domain::index::{IssueIx, RoundIx};
use demarche_domain::region::Region;
use demarche_engine::scenario::{Scenario, When};
use demarche_record::format::Lineage;
use demarche_record::seat::Seat;
use demarche_scenario::{Kit, kit_of};
use demarche_seat::brief::{brief, seat_name, span};
use demarche_seat::chairs;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::layout::STYLE;
use super::words::{blocks, who_you_are};
use crate::table::{NotThisRun, Table};

/// What only paper needs.
const PAPER: &str = "
section { break-before: page; border-block-start: 1px solid var(--line); padding-block: 1rem; }
@media print { @page { margin: 18mm; } body { font-size: 11pt; } section { border: none; } }
";

/// What a seat may do, in words.
pub(super) const fn may_do(seat: Seat) -> &'static str {
    match seat {
        Seat::Capital(_) => {
            "You answer what your delegation asks, may change unasked what it may sign, and may \
             call it home. Force, the crossings, armed groups on your soil and words in public \
             are yours. In the end you ratify, or not."
        }
        Seat::Delegation(_) => {
            "You put offers, accept a text or parts of it, set issues in brackets, ask your \
             capital for more room, play for time, speak in public, or walk out. You sign nothing \
             that lies beyond your mandate."
        }
        Seat::Constituency(..) => {
            "You are asked when a text has been initialled: you consent to it, or veto it."
        }
        Seat::Mediator(_) => {
            "You hear sides in private, carry messages, table drafts of one text, press a side \
             or offer it something, stand behind a text, and may have the talks paused or made \
             longer. You sign nothing."
        }
    }
}

/// The packs of a scenario, as one page that prints by itself.
///
/// # Errors
/// When the scenario cannot be laid as a table.
pub fn packs(scenario: &Arc<Scenario>, lineage: Lineage) -> Result<String, NotThisRun> {
    let table = Table::laid(scenario, lineage, Vec::new())?;
    let cast = &scenario.cast;
    let kit = kit_of(&cast.issue_keys());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Briefs: " (cast.title) }
                style { (PreEscaped(STYLE)) (PreEscaped(PAPER)) }
            }
            body {
                main {
                    h1 { bdi { (cast.title) } }
                    p { "A page for each seat: give nobody another’s. What a model says of such "
                        "talks under its assumptions; it is no forecast, and no history." }
                    h2 { "What all know" }
                    (common(scenario, kit.as_ref()))
                    @for seat in chairs::of_scenario(scenario) {
                        (pack(&table, kit.as_ref(), seat))
                    }
                    (for_the_host(scenario, kit.as_ref()))
                }
            }
        }
    };
    Ok(page.into_string())
}

/// What all know: the issues, and the words a text could use.
pub(super) fn common(scenario: &Scenario, kit: Option<&Kit>) -> Markup {
    let cast = &scenario.cast;
    html! {
        @for told in kit.iter().flat_map(|kit| &kit.background) { p { bdi { (told.says) } } }
        p {
            "There need not be a deal. Without one there is no new text; fighting, attacks and "
            "crossings go on, and may get worse. A text is worth it to a side only where it is "
            "better than that."
        }
        p { "The issues, and what a text can say on each: from how it is now to the furthest." }
        ul {
            @for issue in scenario.space.issues() {
                li {
                    strong { bdi { (cast.issue(issue)) } } ": "
                    @for (nth, rung) in cast.issues[issue.ix()].rungs.iter().enumerate() {
                        @if nth > 0 { " · " }
                        bdi { (rung.words) }
                    }
                }
            }
        }
        @if let Some(kit) = kit.filter(|kit| !kit.glossary.is_empty()) {
            h3 { "Words" }
            dl {
                @for (word, meaning) in &kit.glossary {
                    dt { (word) }
                    dd { (meaning) }
                }
            }
        }
    }
}

fn pack(table: &Table, kit: Option<&Kit>, seat: Seat) -> Markup {
    let scenario = table.scenario();
    let cast = &scenario.cast;
    html! {
        section aria-label=(seat_name(cast, seat)) {
            h2 { (seat_name(cast, seat)) }
            (who_you_are(kit, scenario, seat))
            p { (may_do(seat)) }
            h3 { "Only you know" }
            (blocks(&brief(scenario, &[seat], &table.asking())))
            (signable(scenario, seat))
        }
    }
}

/// What a seat's delegation may sign when a round opens; nothing for seats that send none.
pub(super) fn signable(scenario: &Scenario, seat: Seat) -> Markup {
    let (Seat::Capital(party) | Seat::Delegation(party)) = seat else { return html! {} };
    html! {
        @if !scenario.rounds.is_empty() {
            h3 { "What your delegation may sign when a round opens" }
            @for (place, round) in scenario.rounds.iter().enumerate() {
                p { strong { bdi { (scenario.cast.round(RoundIx::at(place))) } } }
                (mandate(scenario, &round.mandates[party.ix()], &round.agenda))
            }
        }
    }
}

fn mandate(scenario: &Scenario, mandate: &Region, agenda: &[IssueIx]) -> Markup {
    html! {
        ul {
            @for issue in agenda {
                li {
                    bdi { (scenario.cast.issue(*issue)) } ": "
                    bdi { (span(scenario, mandate, *issue)) }
                }
            }
        }
    }
}

/// What only who leads the class needs: questions with their answers, events and news.
fn for_the_host(scenario: &Scenario, kit: Option<&Kit>) -> Markup {
    let events = scenario.shocks.iter().zip(&scenario.cast.shocks);
    let events: Vec<_> = events.filter(|(shock, _)| shock.when == When::Injected).collect();
    if kit.is_none() && events.is_empty() {
        return html! {};
    }
    html! {
        section aria-label="For the host" {
            h2 { "For the host" }
            @if let Some(kit) = kit {
                h3 { "Have they understood?" }
                @for check in &kit.questions {
                    p { strong { (check.ask) } }
                    ol {
                        @for (place, choice) in check.choices.iter().enumerate() {
                            li { (choice) @if place == check.right { " ✓" } }
                        }
                    }
                    p { (check.why) }
                }
            }
            @if !events.is_empty() {
                h3 { "Events that you can let happen: they act in the model" }
                ul { @for (_, named) in &events { li { bdi { (named.name) } } } }
            }
            @if let Some(kit) = kit {
                h3 { "News that you can tell: they are words, and move no number" }
                ul { @for told in &kit.news { li { bdi { (told.says) } } } }
            }
        }
    }
}
