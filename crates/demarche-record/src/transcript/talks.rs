//! At the table: texts, offers, acceptances, playing for time, walking out.

use demarche_domain::index::{IssueIx, MediatorIx, PartyIx};
use demarche_domain::package::Package;

use super::page::Part;
use super::weighing::View;
use super::wording::{list, owns};
use super::{Dispatch, Scene};
use crate::cast::Cast;
use crate::event::Event;

/// What lies on the table, and what was last told about it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The mediators' text.
    pub(super) text: Option<Package>,
    /// The last offer of each party.
    pub(super) offers: Vec<Option<Package>>,
    /// The last told view of each party.
    pub(super) views: Vec<Option<View>>,
    /// The turn and the text on which all were last told to think alike.
    pub(super) alike: Option<(u32, Package)>,
    /// The turn and the text last spoken of, which a sentence may call "it".
    pub(super) spoken_of: Option<(u32, Package)>,
}

impl Table {
    pub(super) fn new(cast: &Cast) -> Self {
        let parties = cast.parties.len();
        let (offers, views) = (vec![None; parties], vec![None; parties]);
        Self { text: None, offers, views, alike: None, spoken_of: None }
    }
}

impl Dispatch<'_> {
    pub(super) fn text_tabled(&mut self, scene: Scene<'_>, mediator: MediatorIx, text: Package) {
        let by = self.mediator(mediator);
        let told = match &self.table.text {
            None => format!("{by} tables a text: {}", self.text(&text)),
            Some(old) if *old == text => format!("{by} puts the same text again"),
            Some(old) if scene.is_even() => {
                format!("a new draft by {by} {}", self.redraft(old, &text))
            }
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
            (Some(own), _) if scene.is_even() => {
                format!("{} new offer {}", owns(&by), self.redraft(&own, &package))
            }
            (Some(own), _) => {
                format!("{by} changes its offer: it {}", self.redraft(&own, &package))
            }
            (None, Some(text)) if text == package => {
                format!("{by} offers to take the text as it is")
            }
            (None, Some(text)) => {
                format!("{by} offers to take the text with {}", self.variant(&text, &package))
            }
            (None, None) => format!("{by} makes an offer: {}", self.text(&package)),
        };
        self.table.spoken_of = Some((scene.turn(), package));
        self.say(Part::Table, &told);
    }

    pub(super) fn text_accepted(&mut self, scene: Scene<'_>, event: &Event) {
        let accepts = |event: &Event| matches!(event, Event::TextAccepted { .. });
        let Event::TextAccepted { party } = event else { return };
        let spoken_of = self.table.spoken_of.is_some_and(|(turn, _)| turn == scene.turn());
        let text = if spoken_of { "it" } else { "the text" };
        if scene.events().filter(|event| accepts(event)).count() < self.cast.parties.len() {
            let others = if self.cast.parties.len() == 2 { "side does" } else { "sides do" };
            self.delegates(*party, &format!("accept {text}, provided the other {others}"));
        } else if scene.is_first(accepts) {
            self.say(Part::Table, &format!("{} accept {text}", self.all("delegations")));
        }
    }

    pub(super) fn text_initialled(&mut self, text: Package) {
        self.table.text = Some(text);
        self.say(Part::Table, "the text is initialled and goes home to be ratified");
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

    pub(super) fn talks_stalled(
        &mut self,
        scene: Scene<'_>,
        party: PartyIx,
        reopened: Option<IssueIx>,
    ) {
        let doing = match (reopened, scene.is_even()) {
            (Some(issue), _) => format!("reopen {}", self.issues(std::iter::once(issue))),
            (None, true) => "change the subject".to_owned(),
            (None, false) => "turn to another subject".to_owned(),
        };
        self.delegates(party, &doing);
    }

    /// The shares of the impatience come from requests home, stalling, and attacks.
    pub(super) fn walked_out(&mut self, party: PartyIx, shares: [f64; 3]) {
        let other = owns(self.others());
        let spent = [
            format!("on {other} requests home"),
            "on talks that did not move".to_owned(),
            "on attacks".to_owned(),
        ];
        let most = shares.iter().zip(spent).filter(|(share, _)| **share > 0.0);
        let most = most.max_by(|(a, _), (b, _)| a.total_cmp(b));
        let patience = most.map_or(String::new(), |(_, on)| format!(", most of it {on}"));
        let text = format!("{} delegation walks out, its patience spent", owns(&self.party(party)));
        self.say(Part::Table, &format!("{text}{patience}"));
    }
}
