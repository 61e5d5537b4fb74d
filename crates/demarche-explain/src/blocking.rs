//! What a run ended on: the issue and the side, and what had been tried there.

use demarche_domain::index::{IssueIx, MediatorIx, PartyIx};
use demarche_domain::package::Package;
use demarche_record::chronicle::Chronicle;
use demarche_record::event::{Answer, Ending, Event};

use crate::scene::LastRound;

/// The issue that blocked, and on which side.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocking {
    /// The issue where what the sides would have taken lies furthest apart.
    pub issue: IssueIx,
    /// The side that kept furthest from the last text there, if one did.
    pub side: Option<PartyIx>,
    /// What each side would still have taken, if anything.
    pub still_acceptable: Vec<Option<Package>>,
    /// Who refused to ratify the last text.
    pub refused_to_ratify: Vec<PartyIx>,
    /// What was tried on that issue in the last round, in order.
    pub tried: Vec<Tried>,
}

/// Something that was tried on an issue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tried {
    /// In which turn.
    pub turn: u32,
    /// What.
    pub what: What,
}

/// What can be tried on an issue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// A mediator's text put it at this rung, where it had not been before.
    Drafted(MediatorIx, u8),
    /// A side's offer put it there.
    Offered(PartyIx, u8),
    /// Delegates asked their capital for this rung.
    Asked(PartyIx, u8),
    /// The capital answered; a deferral is no answer.
    Answered(PartyIx, u8, bool),
}

pub(crate) fn blocking(chronicle: &Chronicle, last: LastRound) -> Option<Blocking> {
    if last.ending == Some(Ending::Agreement) {
        return None;
    }
    let (issue, side, still_acceptable) = chronicle.events().rev().find_map(verdict)?;
    let mut refused_to_ratify = Vec::new();
    let mut tried = Vec::new();
    let mut stood = vec![None; still_acceptable.len() + 1];
    for entry in chronicle.entries.iter().filter(|entry| entry.turn >= last.opened) {
        let mut note = |place: usize, rung: u8, what: What| {
            if stood[place].replace(rung) != Some(rung) {
                tried.push(Tried { turn: entry.turn, what });
            }
        };
        let drafts = still_acceptable.len();
        match &entry.event {
            Event::TextTabled { mediator, text } => {
                refused_to_ratify.clear();
                let rung = text.rung(issue);
                note(drafts, rung, What::Drafted(*mediator, rung));
            }
            Event::OfferTabled { party, package, .. } => {
                let rung = package.rung(issue);
                note(party.ix(), rung, What::Offered(*party, rung));
            }
            Event::HomeAsked { party, rung, .. } if rung.issue == issue => {
                tried.push(Tried { turn: entry.turn, what: What::Asked(*party, rung.rung) });
            }
            Event::HomeReplied { party, rung: Some(rung), answer, .. }
                if rung.issue == issue && *answer != Answer::Deferred =>
            {
                let is_granted = *answer == Answer::Extended;
                let what = What::Answered(*party, rung.rung, is_granted);
                tried.push(Tried { turn: entry.turn, what });
            }
            Event::RatificationDecided { party, ratified: false, .. } => {
                refused_to_ratify.push(*party);
            }
            _ => {}
        }
    }
    Some(Blocking { issue, side, still_acceptable, refused_to_ratify, tried })
}

type Verdict = (IssueIx, Option<PartyIx>, Vec<Option<Package>>);

fn verdict(event: &Event) -> Option<Verdict> {
    match event {
        Event::RunEnded { blocking_issue, blocking_party, still_acceptable, .. } => {
            blocking_issue.map(|issue| (issue, *blocking_party, still_acceptable.clone()))
        }
        _ => None,
    }
}
