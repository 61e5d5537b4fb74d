//! The matrix: issues by sides, in the words of the rungs, as all at the table can see it.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_engine::scenario::Variant;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use maud::{Markup, html};

use crate::table::Table;

/// How a table stands, by what everybody there has heard.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What lies on the table, and whose it is: a party's offer or a text.
    pub text: Option<(Package, Option<PartyIx>)>,
    /// The issues that the round leaves open, while there is one.
    pub agenda: Option<Vec<IssueIx>>,
    /// What each party last offered in this round.
    pub offers: Vec<Option<Package>>,
    /// Who has accepted an issue as it lies there, and who has set it in brackets.
    pub marks: Vec<(PartyIx, IssueIx, Mark)>,
    /// What is in force.
    pub in_force: Option<Package>,
}

/// What a side has done about an issue of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Accepted it, provisionally.
    Accepted,
    /// Set it in brackets.
    Bracketed,
}

impl Standing {
    /// How a table stands.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let n_parties = table.scenario().cast.parties.len();
        let mut standing = Self { offers: vec![None; n_parties], ..Self::default() };
        let is_kept = table.scenario().protocol.variant == Variant::MediatedSingleText;
        table.events().for_each(|(_, event)| standing.hear(event, is_kept));
        // What lies there all can see; where a mediator keeps the text, a later offer is only a
        // stand, and lies beside it.
        let view = table.view(Seat::Delegation(PartyIx(0)));
        standing.text = view.text.map(|text| (text, view.offered_by));
        standing.agenda = view.round.map(|_| view.open_issues);
        standing
    }

    /// Hears what happens; `is_kept` says that a mediator keeps the text, so that an offer is the
    /// text only where there is none, or where all put the same.
    fn hear(&mut self, event: &Event, is_kept: bool) {
        match event {
            Event::RoundOpened { .. } | Event::RoundClosed { .. } => {
                self.text = None;
                self.offers.fill(None);
                self.marks.clear();
            }
            Event::OfferTabled { party, package, .. } => {
                self.offers[party.ix()] = Some(*package);
                let is_common = self.offers.iter().all(|offer| *offer == Some(*package));
                if !is_kept || self.text.is_none() || is_common {
                    self.lay(*package, Some(*party));
                }
            }
            Event::TextTabled { text, .. } => self.lay(*text, None),
            Event::IssueAccepted { party, rung } => {
                self.mark(*party, rung.issue, Some(Mark::Accepted));
            }
            Event::IssueBracketed { party, issue } => {
                self.mark(*party, *issue, Some(Mark::Bracketed));
            }
            Event::TalksStalled { party, reopened: Some(issue) } => self.mark(*party, *issue, None),
            Event::AcceptanceRevoked { party, .. } => self.marks.retain(|mark| mark.0 != *party),
            Event::AgreementReached { text, .. } => self.in_force = Some(*text),
            _ => {}
        }
    }

    /// A new text: what was accepted of the old one stands where the new one agrees.
    fn lay(&mut self, text: Package, by: Option<PartyIx>) {
        let old = self.text.map(|(old, _)| old);
        let agrees = |issue: IssueIx| old.is_some_and(|old| old.rung(issue) == text.rung(issue));
        self.marks.retain(|(_, issue, mark)| *mark == Mark::Accepted && agrees(*issue));
        self.text = Some((text, by));
    }

    fn mark(&mut self, party: PartyIx, issue: IssueIx, mark: Option<Mark>) {
        self.marks.retain(|of| (of.0, of.1) != (party, issue));
        self.marks.extend(mark.map(|mark| (party, issue, mark)));
    }
}

/// What the matrix is, and what it means to lie on the table.
fn caption(table: &Table) -> Markup {
    let is_kept = table.scenario().protocol.variant == Variant::MediatedSingleText;
    html! {
        caption {
            "Issues by sides, as everybody at the table sees them"
            @if is_kept {
                ". The first offer lies on the table until a mediator tables a text, or all sides "
                "put the same; later offers stand beside it"
            }
        }
    }
}

/// The matrix, with columns that only one seat has added to its right.
#[must_use]
pub fn matrix(
    table: &Table,
    issues: &[IssueIx],
    more: &[(&str, &dyn Fn(IssueIx) -> Markup)],
) -> Markup {
    let standing = Standing::of(table);
    let cast = &table.scenario().cast;
    let parties = || PartyIx::first(cast.parties.len());
    let lying = match standing.text {
        None => "On the table".to_owned(),
        Some((_, None)) => "On the table: a mediator’s text".to_owned(),
        Some((_, Some(party))) => format!("On the table: an offer of {}", cast.party(party)),
    };
    let is_open = |issue| standing.agenda.as_ref().is_none_or(|open| open.contains(&issue));
    let rung = |issue: IssueIx, of: Option<Package>| match of {
        None => html! { "–" },
        Some(_) if !is_open(issue) => html! { span.mark { "not in this round" } },
        Some(of) => html! { bdi { (cast.rung(issue, of.rung(issue))) } },
    };
    let marks = |issue: IssueIx| {
        let of_issue: Vec<_> = standing.marks.iter().filter(|mark| mark.1 == issue).collect();
        html! {
            @for (party, _, mark) in of_issue {
                span.mark {
                    @match mark {
                        Mark::Accepted => "✓ accepted by ",
                        Mark::Bracketed => "[ ] bracketed by ",
                    }
                    bdi { (cast.party(*party)) }
                }
            }
        }
    };
    html! {
        div.scroll tabindex="0" role="group" aria-label="Issues by sides" {
            table.matrix {
                (caption(table))
                thead { tr {
                    th scope="col" { "Issue" }
                    @if standing.in_force.is_some() { th scope="col" { "In force" } }
                    th scope="col" { (lying) }
                    @for party in parties() {
                        th scope="col" { bdi { (cast.party(party)) } ", last offer" }
                    }
                    @for (head, _) in more { th scope="col" { (head) } }
                } }
                tbody {
                    @for issue in issues {
                        tr {
                            th scope="row" { bdi { (cast.issue(*issue)) } }
                            @if standing.in_force.is_some() {
                                td { @if let Some(of) = standing.in_force {
                                    bdi { (cast.rung(*issue, of.rung(*issue))) }
                                } }
                            }
                            td {
                                (rung(*issue, standing.text.map(|(text, _)| text)))
                                (marks(*issue))
                            }
                            @for party in parties() {
                                td { (rung(*issue, standing.offers[party.ix()])) }
                            }
                            @for (_, cell) in more { td { (cell(*issue)) } }
                        }
                    }
                }
            }
        }
    }
}
