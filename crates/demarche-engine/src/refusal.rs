//! Refusals: why a decision from outside is not taken, with its reason.

use demarche_domain::index::{IssueIx, MediatorIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_record::cast::Cast;
use demarche_record::decision::{Decision, Input, Statement};
use demarche_record::seat::{Seat, Stage};

use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::{Authority, Mandate, Request};
use crate::mechanisms::mediation::Engagement;
use crate::mechanisms::red_lines::RedLines;
use crate::questions::Asking;
use crate::turn::mover;

/// Why a decision is not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Nobody is asked at that seat now.
    #[error("nothing is asked of this seat now")]
    NotAsked {
        /// The seat.
        seat: Seat,
    },
    /// The decision is not among what was offered.
    #[error("this is not among what the seat may decide now ({reason:?})")]
    NotOffered {
        /// The seat.
        seat: Seat,
        /// The decision.
        decision: Decision,
        /// Why it is not.
        reason: Reason,
    },
    /// The seat has already decided on this matter.
    #[error("the seat has already decided on this matter in this part of the turn")]
    Decided {
        /// The seat.
        seat: Seat,
        /// The decision.
        decision: Decision,
    },
    /// The moment of a recorded input never came.
    #[error(
        "that moment never came: the run ended in turn {last_turn}, or nobody moves there then"
    )]
    NeverCame {
        /// The last turn of the run.
        last_turn: u32,
    },
    /// The table has no such seat, shock or turn.
    #[error("the table has no such thing: {what}")]
    Unknown {
        /// What there is not.
        what: &'static str,
    },
}

impl Refusal {
    /// The refusal in words, with the names of the scenario.
    #[must_use]
    pub fn words(&self, cast: &Cast) -> String {
        match self {
            Self::NotOffered { reason, .. } => {
                format!("this is not among what the seat may decide now: {}", reason.words(cast))
            }
            other => other.to_string(),
        }
    }
}

/// A refusal of a recorded input, with its place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("turn {}: {refusal}", .input.turn())]
pub struct RefusedInput {
    /// What is wrong.
    pub refusal: Refusal,
    /// The input.
    pub input: Input,
}

/// Why a decision is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Such a seat never decides this.
    OtherSeat,
    /// It is decided before another part of the turn.
    OtherPart(Stage),
    /// No round is under way.
    BetweenRounds,
    /// A side has left.
    SomebodyLeft(PartyIx),
    /// Nobody has left.
    NobodyLeft,
    /// The mediator takes no part now.
    NotEngaged,
    /// All delegations have accepted the text, and home decides.
    Initialled,
    /// No text waits for home.
    NotInitialled,
    /// Another delegation moves now.
    NotItsMove,
    /// No text or offer of anybody else lies on the table.
    NothingOnTable,
    /// The agenda does not reach there.
    OffAgenda(IssueIx),
    /// The mandate does not reach there.
    OutsideMandate(IssueIx),
    /// The capital never signs that.
    RedLine(IssueIx),
    /// The delegation has asked for nothing.
    NothingAsked,
    /// A request is on its way already.
    AlreadyAsked,
    /// The delegation may sign at once and has nobody to ask.
    NothingToAsk,
    /// Things are so already.
    SoAlready,
    /// The mediator has nothing of that to give, or no more.
    NoMeans,
    /// The round is not about to close.
    NotClosing,
    /// The scenario knows no such thing.
    NotInScenario,
}

impl Reason {
    /// The reason in words, as the end of a sentence.
    #[must_use]
    pub fn words(self, cast: &Cast) -> String {
        let part = |stage| match stage {
            Stage::World => "before the world moves",
            Stage::Capitals => "before capitals and mediators act",
            Stage::Delegations => "before delegations move",
            Stage::Home => "before home decides",
        };
        match self {
            Self::OtherSeat => "such a seat never decides this".to_owned(),
            Self::OtherPart(stage) => format!("this is decided {}", part(stage)),
            Self::BetweenRounds => "no round of talks is under way".to_owned(),
            Self::SomebodyLeft(party) => format!("{} has left the talks", cast.party(party)),
            Self::NobodyLeft => "nobody has left the talks".to_owned(),
            Self::NotEngaged => "this mediator takes no part now".to_owned(),
            Self::Initialled => "the text is initialled, and home decides".to_owned(),
            Self::NotInitialled => "no initialled text waits for home".to_owned(),
            Self::NotItsMove => "another delegation moves now".to_owned(),
            Self::NothingOnTable => "nothing of anybody else lies on the table".to_owned(),
            Self::OffAgenda(k) => format!("the agenda does not reach there on {}", cast.issue(k)),
            Self::OutsideMandate(k) => {
                format!("the mandate does not reach there on {}", cast.issue(k))
            }
            Self::RedLine(k) => format!("the capital never goes there on {}", cast.issue(k)),
            Self::NothingAsked => "the delegation has asked for nothing".to_owned(),
            Self::AlreadyAsked => "a request is on its way already".to_owned(),
            Self::NothingToAsk => "there is nothing to ask the capital for".to_owned(),
            Self::SoAlready => "it is so already".to_owned(),
            Self::NoMeans => "the mediator has nothing of that to give, or no more".to_owned(),
            Self::NotClosing => "no round is about to close".to_owned(),
            Self::NotInScenario => "the scenario knows no such thing".to_owned(),
        }
    }
}

/// Before which part of a turn such a seat decides this; nothing, if it never does.
fn stage_of(seat: Seat, decision: &Decision) -> Option<Stage> {
    use Decision as D;
    Some(match (seat, decision) {
        (Seat::Capital(_), D::Ratify {} | D::RefuseToRatify {}) => Stage::Home,
        (Seat::Capital(_), D::State { statement }) if *statement != Statement::Threaten => {
            Stage::Home
        }
        (
            Seat::Capital(_),
            D::ExtendMandate {}
            | D::Refuse {}
            | D::Defer {}
            | D::Revoke {}
            | D::ChangeMandate { .. }
            | D::Recall {}
            | D::Strike { .. }
            | D::Curb { .. }
            | D::Release { .. }
            | D::OpenCrossings {}
            | D::ShutCrossings {}
            | D::State { .. },
        ) => Stage::Capitals,
        (Seat::Constituency(..), D::Consent {} | D::Veto {}) => Stage::Home,
        (Seat::Delegation(_), D::State { statement }) if *statement != Statement::Threaten => {
            return None;
        }
        (
            Seat::Delegation(_),
            D::Propose { .. }
            | D::Accept {}
            | D::AcceptIssue { .. }
            | D::Bracket { .. }
            | D::AskHome { .. }
            | D::ChangeSubject {}
            | D::Reopen { .. }
            | D::WalkOut {}
            | D::State { .. },
        ) => Stage::Delegations,
        (
            Seat::Mediator(_),
            D::CarryMessage { .. }
            | D::Caucus { .. }
            | D::TableText { .. }
            | D::OfferGuarantee {}
            | D::OfferInducement { .. }
            | D::Press { .. }
            | D::ProposeRecess {}
            | D::ProposeExtension {}
            | D::BringBack { .. },
        ) => Stage::Capitals,
        _ => return None,
    })
}

/// The first issue on which a package lies outside a region.
fn outside(region: &Region, package: Package, n_issues: usize) -> Option<IssueIx> {
    region.breaches(package).find(|k| k.ix() < n_issues)
}

impl Asking<'_> {
    /// Why a decision is not among what the seat may decide before the part of the turn that comes
    /// next. What it says of one that is offered means nothing.
    #[must_use]
    pub fn why_not(&self, seat: Seat, decision: &Decision) -> Reason {
        let Some(stage) = stage_of(seat, decision) else { return Reason::OtherSeat };
        if stage != self.table().stage {
            return Reason::OtherPart(stage);
        }
        match seat {
            Seat::Capital(party) => self.why_no_capital(party, decision),
            Seat::Constituency(..) => Reason::NotInitialled,
            Seat::Delegation(party) => self.why_no_delegation(party, decision),
            Seat::Mediator(m) => self.why_no_mediator(m, decision),
        }
    }

    fn why_no_capital(&self, party: PartyIx, decision: &Decision) -> Reason {
        let request = self.get::<Request>(self.roster().delegation(self.at_table(), party));
        match decision {
            Decision::Ratify {} | Decision::RefuseToRatify {} => Reason::NotInitialled,
            Decision::State { statement } if *statement != Statement::Threaten => {
                Reason::NotClosing
            }
            Decision::ExtendMandate {} | Decision::Refuse {} | Decision::Defer {} => {
                Reason::NothingAsked
            }
            Decision::Revoke {} if request.pending.is_none() => Reason::NothingAsked,
            Decision::Revoke {} => Reason::SoAlready,
            Decision::ChangeMandate { .. } | Decision::Recall {}
                if self.of::<Clock>().round.is_none() =>
            {
                Reason::BetweenRounds
            }
            Decision::ChangeMandate { floor, ceiling } => {
                let on_table = self.of::<TextOnTable>();
                let is_off = |at: &&demarche_record::wire::RungOf| {
                    !on_table.agenda.admits(at.issue, at.rung)
                };
                let off = [floor, ceiling].into_iter().find(is_off);
                off.map_or(Reason::RedLine(floor.issue), |at| Reason::OffAgenda(at.issue))
            }
            Decision::Curb { .. } | Decision::Release { .. } => Reason::SoAlready,
            Decision::OpenCrossings {} | Decision::ShutCrossings {} => {
                let crossings = &self.scenario().crossings;
                let holds = crossings.iter().any(|crossing| crossing.held_by.contains(&party));
                if holds { Reason::SoAlready } else { Reason::NotInScenario }
            }
            _ => Reason::NotInScenario,
        }
    }

    fn why_no_delegation(&self, party: PartyIx, decision: &Decision) -> Reason {
        let (clock, on_table) = (self.of::<Clock>(), self.of::<TextOnTable>());
        if clock.round.is_none() {
            return Reason::BetweenRounds;
        }
        if let Some((left, _)) = clock.left {
            return Reason::SomebodyLeft(left);
        }
        if on_table.is_initialled() {
            return Reason::Initialled;
        }
        if mover(self.scenario(), self.table()).is_some_and(|mover| mover != party) {
            return Reason::NotItsMove;
        }
        let text = on_table.text.filter(|_| on_table.by != Author::Party(party));
        match (decision, text) {
            (Decision::State { .. }, _) => Reason::NotInScenario,
            (Decision::Propose { package }, _) => self.why_not_sign(party, *package),
            (_, None) => Reason::NothingOnTable,
            (Decision::Accept {}, Some(_)) if on_table.accepted[party.ix()] => Reason::SoAlready,
            (Decision::Accept {}, Some(text)) => self.why_not_sign(party, text),
            (Decision::AskHome { issue }, Some(_)) => self.why_not_ask(party, *issue),
            (Decision::AcceptIssue { issue } | Decision::Bracket { issue }, Some(text))
                if !self.mandate(party).admits(*issue, text.rung(*issue)) =>
            {
                Reason::OutsideMandate(*issue)
            }
            _ => Reason::SoAlready,
        }
    }

    fn mandate(&self, party: PartyIx) -> Region {
        self.get::<Mandate>(self.roster().delegation(self.at_table(), party)).0
    }

    fn why_not_sign(&self, party: PartyIx, package: Package) -> Reason {
        let n = self.scenario().space.n_issues();
        let lines = self.get::<RedLines>(self.roster().capital(self.at_table(), party)).0;
        let agenda = self.of::<TextOnTable>().agenda;
        let off = outside(&agenda, package, n).map(Reason::OffAgenda);
        let crossing = outside(&lines, package, n).map(Reason::RedLine);
        let beyond = outside(&self.mandate(party), package, n).map(Reason::OutsideMandate);
        off.or(crossing).or(beyond).unwrap_or(Reason::SoAlready)
    }

    fn why_not_ask(&self, party: PartyIx, issue: IssueIx) -> Reason {
        let entity = self.roster().delegation(self.at_table(), party);
        let text = self.of::<TextOnTable>().text;
        if self.get::<Request>(entity).pending.is_some() {
            return Reason::AlreadyAsked;
        }
        let is_within = text.is_none_or(|text| self.mandate(party).admits(issue, text.rung(issue)));
        if self.get::<Authority>(entity).may_sign || is_within {
            return Reason::NothingToAsk;
        }
        Reason::RedLine(issue)
    }

    fn why_no_mediator(&self, m: MediatorIx, decision: &Decision) -> Reason {
        let entity = self.roster().mediator(self.at_table(), m);
        let is_active = self.get::<Engagement>(entity).is_active;
        let clock = self.of::<Clock>();
        let on_table = self.of::<TextOnTable>();
        match (decision, clock.left) {
            _ if clock.round.is_none() => Reason::BetweenRounds,
            _ if !is_active => Reason::NotEngaged,
            (Decision::BringBack { .. }, None) => Reason::NobodyLeft,
            (Decision::BringBack { .. }, Some((left, _))) | (_, Some((left, _))) => {
                Reason::SomebodyLeft(left)
            }
            (Decision::TableText { .. }, None) if on_table.is_initialled() => Reason::Initialled,
            (Decision::TableText { text }, None) => {
                let n = self.scenario().space.n_issues();
                outside(&on_table.agenda, *text, n).map_or(Reason::SoAlready, Reason::OffAgenda)
            }
            (Decision::CarryMessage { .. }, None) => Reason::NotInScenario,
            (Decision::ProposeExtension {}, None) => Reason::SoAlready,
            _ => Reason::NoMeans,
        }
    }
}
