//! The row of history: what rounds came to, issue by issue, with the account of each side.

use demarche_record::cast::Cast;
use demarche_scenario::{Told, citations, history_of};
use maud::{Markup, html};

/// What came of the talks that a scenario tells; nothing where that is not known.
#[must_use]
pub fn history(cast: &Cast) -> Markup {
    let Some(history) = history_of(&cast.issue_keys()) else { return html! {} };
    let citations = citations();
    let cited = |id: &str| {
        let known = citations.iter().find(|citation| citation.id == id);
        known.map_or_else(|| id.to_owned(), |citation| citation.reference.clone())
    };
    let cell = |told: Option<&Told>| {
        html! {
            td {
                @if let Some(told) = told {
                    bdi { (told.says) }
                    span.mark { bdi { (cited(&told.source)) } }
                } @else { "–" }
            }
        }
    };
    let name = |key: &str| {
        let known = cast.issues.iter().find(|issue| issue.named.key == key);
        known.map_or(String::new(), |issue| issue.named.name.clone())
    };
    html! {
        h2 { (history.title) }
        p {
            "Each side’s account stands beside the other’s; nobody neutral has told what was said "
            "in the rooms. Below each cell stands who reported it."
        }
        div.scroll tabindex="0" role="group" aria-label=(history.title) {
            table.matrix {
                thead { tr {
                    th scope="col" { "Issue" }
                    @for (_, when) in &history.rounds { th scope="col" { (when) } }
                    @for party in &cast.parties {
                        th scope="col" { "As " bdi { (party.named.name) } " tells it" }
                    }
                } }
                tbody {
                    @for row in &history.rows {
                        tr {
                            th scope="row" { bdi { (name(&row.issue)) } }
                            @for (key, _) in &history.rounds { (cell(row.of(key))) }
                            @for party in &cast.parties { (cell(row.of(&party.named.key))) }
                        }
                    }
                }
            }
        }
    }
}
