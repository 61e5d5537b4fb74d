//! The projector: what the whole room may see.

use demarche_domain::index::IssueIx;
use demarche_record::calendar::Calendar;
use maud::{Markup, html};

use super::agreement::agreement;
use super::matrix::matrix;
use super::words::{awaited, deadline};
use super::{Island, desk, island};
use crate::class::{Class, Phase};
use crate::invitation;

/// The islands of the projector.
#[must_use]
pub fn islands(class: &Class, addresses: &[String]) -> Vec<Island> {
    vec![
        island("head", head(class, addresses)),
        island("notice", desk::notice(class, None)),
        island(
            "tables",
            html! {
                @if class.phase() != Phase::Lobby {
                    @for at in 0..class.tables().len() { (table(class, at)) }
                }
            },
        ),
    ]
}

fn head(class: &Class, addresses: &[String]) -> Markup {
    let is_gathering = class.phase() == Phase::Lobby;
    html! {
        h1 { bdi { (class.scenario().cast.title) } }
        @if is_gathering {
            div.join {
                @if let Some(address) = addresses.first() {
                    (invitation::for_page(&invitation::link(address, &class.foundation().code)))
                }
                div {
                    p { "Join at" }
                    @for address in addresses { p.address { bdi { (address) } } }
                    p { "with the code" }
                    p.code { (class.foundation().code) }
                    p { (class.people().len()) " have joined" }
                }
            }
        } @else {
            p {
                @match class.phase() {
                    Phase::Paused => strong { "The talks are paused. " },
                    Phase::Debrief => strong { "Debrief: everything is open to all. " },
                    _ => {},
                }
                @let shown = usize::from(class.phase() != Phase::Debrief);
                @for address in addresses.iter().take(shown) {
                    "Join at " bdi { (address) } " with the code "
                    span.code { (class.foundation().code) }
                }
            }
        }
    }
}

fn table(class: &Class, at: usize) -> Markup {
    let table = &class.tables()[at];
    let issues: Vec<IssueIx> = table.scenario().space.issues().collect();
    let when = Calendar::new(&table.scenario().cast).moment(table.turn());
    html! {
        section.card aria-labelledby={ "table-" (at) } {
            h2 id={ "table-" (at) } { "Table " (at + 1) }
            p { bdi { (when) } " · " (awaited(class, at)) " " (deadline(table)) }
            @if let Some(left) = class.seconds_left(at) { p.countdown { (left) " s" } }
            @if class.shows_texts() || class.phase() == Phase::Debrief {
                (agreement(table, &[]))
                (matrix(table, &issues, &[]))
            }
        }
    }
}
