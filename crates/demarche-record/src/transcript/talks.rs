//! At the table: texts, offers, acceptances, playing for time, walking out.

use demarche_domain::index::{IssueIx, MediatorIx, PartyIx};
use demarche_domain::package::Package;

use super::page::Part;
use super::weighing::View;
use super::{Dispatch, Scene};
use crate::cast::Cast;
use crate::event::Event;
use crate::prose::{list, owns};
use crate::seat::Seat;

/// What lies on the table, and what was last told about it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The mediators' text.
    pub(super) text: Option<Package>,
    /// The last offer of each party.
    pub(super) offers: Vec<Option<Package>>,
    /// The last told view of each party.
    pub(super) views: Vec<Option<View>>,
    /// How often in a row each party's view was told as unchanged.
    pub(super) n_still: Vec<u32>,
    /// The turn and the text on which all were last told to think alike.
    pub(super) alike: Option<(u32, Package)>,
    /// The turn and the text last spoken of, which a sentence may call "it".
    pub(super) spoken_of: Option<(u32, Package)>,
}

impl Table {
    pub(super) fn new(cast: &Cast) -> Self {
        let parties = cast.parties.len();
        let (offers, views) = (vec![None; parties], vec![None; parties]);
        let n_still = vec![0; parties];
        Self { text: None, offers, views, n_still, alike: None, spoken_of: None }
    }
}

impl Dispatch<'_> {
    pub(super) fn text_tabled(&mut self, scene: Scene<'_>, mediator: MediatorIx, text: Package) {
        let by = self.mediator(mediator);
        let told = match &self.table.text {
            None => format!("{by} tables a text: {}", self.text(&text)),
            Some(old) if *old == text => format!("{by} tables the same text again"),
            Some(old) => format!("{by} redrafts the text: it {}", self.redraft(old, &text)),
        };
        self.table.text = Some(text);
        self.table.spoken_of = Some((scene.turn(), text));
        self.say(Part::Table, &told);
    }

    /// An offer is told by its difference from the party's last one, or else from the text. An
    /// offer that is merely repeated is not told.
    pub(super) fn offer_tabled(&mut self, scene: Scene<'_>, party: PartyIx, package: Package) {
        let by = self.party(party);
        let own = self.table.offers[party.ix()].replace(package);
        let told = match (own, self.table.text) {
            (Some(own), _) if own == package => return,
            (Some(own), _) => {
                format!("{by} changes its offer: it {}", self.amended(&own, &package))
            }
            (None, Some(text)) if text == package => {
                format!("{by} offers to take the text as it is")
            }
            (None, Some(text)) => {
                format!("{by} offers to take the text with {}", self.variant(&text, &package))
            }
            (None, None) => format!("{by} puts an offer: {}", self.text(&package)),
        };
        self.table.spoken_of = Some((scene.turn(), package));
        self.say(Part::Table, &told);
    }

    pub(super) fn text_accepted(&mut self, scene: Scene<'_>, event: &Event) {
        let accepts = |event: &Event| matches!(event, Event::TextAccepted { .. });
        let Event::TextAccepted { party } = event else { return };
        let text = self.accepted(scene, *party);
        if scene.events().filter(|event| accepts(event)).count() < self.cast.parties.len() {
            let others = if self.cast.parties.len() == 2 { "side does" } else { "sides do" };
            let is_last = |event: &Event| matches!(event, Event::TextInitialled { .. });
            let proviso = if scene.events().any(is_last) {
                String::new()
            } else {
                format!(", provided the other {others}")
            };
            self.delegates(*party, &format!("accept {text}{proviso}"));
        } else if scene.is_first(accepts) {
            self.say(Part::Table, &format!("{} accept {text}", self.all("delegations")));
        }
    }

    /// What to call the text that a party accepts: the mediators', or another's offer.
    fn accepted(&self, scene: Scene<'_>, party: PartyIx) -> String {
        let is_anothers = |at: &usize| *at != party.ix() && self.table.offers[*at].is_some();
        let others: Vec<usize> = (0..self.table.offers.len()).filter(is_anothers).collect();
        let lies = match (self.table.text, others.as_slice()) {
            (None, [other]) => self.table.offers[*other],
            (text, _) => text,
        };
        let is_spoken_of =
            lies.is_some() && self.table.spoken_of == lies.map(|l| (scene.turn(), l));
        match (self.table.text, others.as_slice()) {
            _ if is_spoken_of => "it".to_owned(),
            (None, [other]) => format!("the offer of {}", self.party(PartyIx::at(*other))),
            (None, [_, _, ..]) => "the offer on the table".to_owned(),
            _ => "the text".to_owned(),
        }
    }

    pub(super) fn text_initialled(&mut self, text: Package) {
        let lies = if self.table.text.is_some() { "text" } else { "offer" };
        self.table.text = Some(text);
        let mut parties = PartyIx::first(self.cast.parties.len());
        let home = if parties.any(|party| self.cast.has_capital(party)) {
            " and goes home to be ratified"
        } else {
            ""
        };
        self.say(Part::Table, &format!("the {lies} is initialled{home}"));
    }

    pub(super) fn issue_accepted(&mut self, scene: Scene<'_>, party: PartyIx) {
        let accepts = |event: &Event| match event {
            Event::IssueAccepted { party: p, rung } if *p == party => Some(*rung),
            _ => None,
        };
        if scene.is_first(|event| accepts(event).is_some()) {
            let points: Vec<_> =
                scene.events().filter_map(accepts).map(|rung| self.point(rung)).collect();
            self.delegates(party, &format!("provisionally accept {}", list(&points)));
        }
    }

    pub(super) fn issue_bracketed(&mut self, scene: Scene<'_>, party: PartyIx) {
        let brackets = |event: &Event| match event {
            Event::IssueBracketed { party: p, issue } if *p == party => Some(*issue),
            _ => None,
        };
        if scene.is_first(|event| brackets(event).is_some()) {
            let issues = self.issues(scene.events().filter_map(brackets));
            self.delegates(party, &format!("set {issues} in brackets, to come back to it"));
        }
    }

    pub(super) fn talks_stalled(&mut self, party: PartyIx, reopened: Option<IssueIx>) {
        let doing = match reopened {
            Some(issue) => {
                format!("reopen the question of {}", self.issues(std::iter::once(issue)))
            }
            None => "change the subject".to_owned(),
        };
        self.delegates(party, &doing);
    }

    /// The shares of the impatience come from requests home, stalling, and attacks.
    pub(super) fn walked_out(&mut self, party: PartyIx, shares: [f64; 4]) {
        let leaves = format!("{} delegation walks out", owns(&self.party(party)));
        // A person's reasons are their own, and a side's are not the others'.
        if self.ledger.is_outside(Seat::Delegation(party)) || !self.is_told_why(party) {
            self.say(Part::Table, &leaves);
            return;
        }
        let other = self.others();
        let spent = [
            format!("on waiting until {other} had word from home"),
            format!("on what {} home refused", owns(other)),
            "on talks that did not move".to_owned(),
            "on attacks".to_owned(),
        ];
        let most = shares.iter().zip(spent).filter(|(share, _)| **share > 0.0);
        let most = most.max_by(|(a, _), (b, _)| a.total_cmp(b));
        let patience = most.map_or(String::new(), |(_, on)| format!(", most of it {on}"));
        self.say(Part::Table, &format!("{leaves}, its patience spent{patience}"));
    }
}
