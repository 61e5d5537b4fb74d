//! Visibility: which events somebody at a seat would know of.
//!
//! What a capital tells its delegates, what a side thinks of a text, and what it believes are its
//! own. That a delegation asked home is seen by all; what it asked is not.

use demarche_domain::index::PartyIx;

use crate::event::Event;
use crate::seat::Seat;

/// Whether somebody who holds these seats knows of the event while the run is under way.
#[must_use]
pub fn is_seen(event: &Event, seats: &[Seat]) -> bool {
    let own = |party: &PartyIx| seats.iter().any(|seat| seat.party() == Some(*party));
    let mediates = |m| seats.contains(&Seat::Mediator(m));
    match event {
        Event::CapitalDrawn { party, .. }
        | Event::HomeAsked { party, .. }
        | Event::TextReferred { party, .. }
        | Event::HomeReplied { party, .. }
        | Event::MandateChanged { party, .. }
        | Event::RatificationDecided { party, ratified: true, .. } => own(party),
        // Who sits in the delegation makes up their own mind.
        Event::TextWeighed { party, .. } => {
            own(party) && !seats.contains(&Seat::Delegation(*party))
        }
        Event::TrustMoved { of, .. } => own(of),
        Event::GroupCurbed { by, .. } | Event::GroupReleased { by, .. } => own(by),
        Event::CaucusHeld { mediator, party } => mediates(*mediator) || own(party),
        Event::MessageCarried { mediator, from, to } => mediates(*mediator) || own(from) || own(to),
        Event::InducementOffered { mediator, party, .. }
        | Event::PartyPressed { mediator, party } => mediates(*mediator) || own(party),
        Event::ConstituencyHeard { seat, .. } => seat.party().is_some_and(|party| own(&party)),
        Event::DecidedOutside { seat } => seats.contains(seat),
        // Sums of the model that nobody at the table could draw up.
        Event::TurnRecorded { .. } | Event::MomentRipened { .. } | Event::MomentPassed {} => false,
        Event::RoundOpened { .. }
        | Event::RoundExtended { .. }
        | Event::RoundClosed { .. }
        | Event::RoundSkipped { .. }
        | Event::ShockStruck { .. }
        | Event::Announced { .. }
        | Event::AttacksCounted { .. }
        | Event::AttackStruck { .. }
        | Event::StrikeCarriedOut { .. }
        | Event::TruceBegan {}
        | Event::TruceLapsed {}
        | Event::TruceBroke { .. }
        | Event::CrossingsShut { .. }
        | Event::CrossingsOpened { .. }
        | Event::AcceptanceRevoked { .. }
        | Event::DelegationRecalled { .. }
        | Event::StatementMade { .. }
        | Event::TextTabled { .. }
        | Event::GuaranteeOffered { .. }
        | Event::RecessCalled { .. }
        | Event::BringBackTried { .. }
        | Event::OfferTabled { .. }
        | Event::TextAccepted { .. }
        | Event::IssueAccepted { .. }
        | Event::IssueBracketed { .. }
        | Event::TalksStalled { .. }
        | Event::WalkedOut { .. }
        | Event::TextInitialled { .. }
        | Event::RatificationDecided { ratified: false, .. }
        | Event::AgreementReached { .. }
        | Event::RunEnded { .. }
        | Event::TruceDurability { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_knows_its_own_counsel_and_not_the_others() {
        let drawn = Event::CapitalDrawn {
            party: PartyIx(1),
            sincere: true,
            capacity: 0.5,
            stall_value: 0.1,
            temper: 0.0,
        };
        assert!(is_seen(&drawn, &[Seat::Delegation(PartyIx(1))]));
        assert!(!is_seen(&drawn, &[Seat::Delegation(PartyIx(0))]));
        assert!(is_seen(&Event::TruceBegan {}, &[]));
    }

    #[test]
    fn who_sits_in_a_delegation_is_not_told_what_they_think() {
        let party = PartyIx(1);
        let weighed = Event::TextWeighed {
            party,
            text: demarche_domain::package::Package::STATUS_QUO,
            gain: 0.0,
            aspiration: 0.0,
            by_issue: Vec::new(),
            if_kept: Vec::new(),
            audience: Vec::new(),
            relief: Vec::new(),
            outside: Vec::new(),
            objection: crate::event::Objection::Loss,
        };
        assert!(is_seen(&weighed, &[Seat::Capital(party)]));
        assert!(!is_seen(&weighed, &[Seat::Capital(party), Seat::Delegation(party)]));
    }
}
