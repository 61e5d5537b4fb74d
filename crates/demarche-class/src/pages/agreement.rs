//! The agreement: a text that all have initialled, on its way home, and what is in force.

use demarche_domain::index::{PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use demarche_record::visibility::is_seen;
use maud::{Markup, html};

use crate::table::Table;

/// How far a text has come that all sides at a table had initialled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// The text that was initialled in this round, if one was.
    pub initialled: Option<Package>,
    /// What each party has said of it at home, as far as the reader knows.
    pub ratified: Vec<Option<bool>>,
    /// What those who must consent have said, as far as the reader knows.
    pub consents: Vec<(Seat, bool)>,
    /// What is in force, and the round that it came from.
    pub in_force: Option<(RoundIx, Package)>,
}

impl Agreement {
    /// How far it has come, as those know who hold these seats.
    #[must_use]
    pub fn of(table: &Table, readers: &[Seat]) -> Self {
        let n_parties = table.scenario().cast.parties.len();
        let mut agreement = Self { ratified: vec![None; n_parties], ..Self::default() };
        let seen = table.events().map(|(_, event)| event).filter(|event| is_seen(event, readers));
        seen.for_each(|event| agreement.hear(event));
        agreement
    }

    fn hear(&mut self, event: &Event) {
        match event {
            Event::RoundOpened { .. }
            | Event::RoundClosed { .. }
            | Event::TextTabled { .. }
            | Event::OfferTabled { .. } => self.begin(None),
            Event::TextInitialled { text } => self.begin(Some(*text)),
            Event::ConstituencyHeard { seat, consents, .. } => {
                self.consents.push((*seat, *consents));
            }
            Event::RatificationDecided { party, ratified, .. } => {
                self.ratified[party.ix()] = Some(*ratified);
            }
            Event::AgreementReached { round, text } => {
                self.ratified.fill(Some(true));
                self.in_force = Some((*round, *text));
            }
            _ => {}
        }
    }

    /// Another text, or none: what was said of the last counts no more.
    fn begin(&mut self, text: Option<Package>) {
        self.initialled = text;
        self.ratified.fill(None);
        self.consents.clear();
    }
}

/// The agreement as a reader sees it; nothing where there is none.
#[must_use]
pub fn agreement(table: &Table, readers: &[Seat]) -> Markup {
    let of = Agreement::of(table, readers);
    let cast = &table.scenario().cast;
    let is_concluded = of.in_force.map(|(_, text)| text) == of.initialled;
    html! {
        @if let Some(text) = of.initialled.filter(|_| !is_concluded) {
            @let has_failed = of.ratified.contains(&Some(false));
            div.agreement role="group" aria-label="A text at home" {
                @if has_failed {
                    h2 { "A text has failed at home" }
                    p { "All sides had initialled it; it does not come into force." }
                } @else {
                    h2 { "A text goes home" }
                    p {
                        "All sides have initialled it. It comes into force once all have "
                        "ratified it."
                    }
                }
                (clauses(table, &text))
                ul {
                    @for party in PartyIx::first(cast.parties.len())
                        .filter(|party| !has_failed || of.ratified[party.ix()].is_some())
                    {
                        li { bdi { (cast.party(party)) } ": " (said(of.ratified[party.ix()])) }
                    }
                    @for (seat, consents) in &of.consents {
                        li {
                            bdi { (demarche_seat::brief::seat_name(cast, *seat)) }
                            @if *consents { ": consents" } @else { ": does not consent" }
                        }
                    }
                }
            }
        }
        @if let Some((round, text)) = of.in_force {
            div.agreement role="group" aria-label="In force" {
                h2 { "In force" }
                p { "Agreed in the round in " bdi { (cast.round(round)) } ", and ratified by all." }
                (clauses(table, &text))
            }
        }
    }
}

const fn said(ratified: Option<bool>) -> &'static str {
    match ratified {
        Some(true) => "has ratified it",
        Some(false) => "has not ratified it",
        None => "has not said yet",
    }
}

/// What a text says: a clause for each issue on which it says something.
fn clauses(table: &Table, text: &Package) -> Markup {
    let scenario = table.scenario();
    let issues = scenario.space.issues().filter(|issue| text.rung(*issue) > 0);
    html! {
        ol.clauses {
            @for issue in issues {
                li {
                    bdi { (scenario.cast.issue(issue)) } ": "
                    strong { bdi { (scenario.cast.rung(issue, text.rung(issue))) } }
                }
            }
        }
    }
}
