//! Decisions: the closed list of what an actor may do, the same for the built-in policy, a person
//! at a seat, a test, and other programs.

use demarche_domain::index::{GroupIx, IssueIx, PartyIx, ShockIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;

use crate::legible::Words;
use crate::seat::{Seat, Stage};
use crate::wire::{RungOf, wire_enum, wire_words};

wire_words! {
    /// What a side says in public.
    pub enum Statement {
        /// Repeats its demand and says what will follow if it is not met: raises its own cost of
        /// backing down, and the fighting to be expected if the talks fail.
        Threaten = "threaten",
        /// Says that the other side is at fault.
        Blame = "blame",
        /// Says that both deserve credit.
        ShareCredit = "share-credit",
        /// Says nothing.
        KeepSilent = "keep-silent",
    }
}

wire_enum! {
    /// A decision of an actor.
    pub enum Decision tagged "do" {
        /// Capital: extends the mandate by a rung on the issue that was asked about.
        ExtendMandate = "extend-mandate" {}
        /// Capital: refuses what was asked.
        Refuse = "refuse" {}
        /// Capital: puts the answer off.
        Defer = "defer" {}
        /// Capital: takes back what its delegates accepted.
        Revoke = "revoke" {}
        /// Capital: changes what its delegates may sign, unasked.
        ChangeMandate = "change-mandate" {
            /// The lowest rung that they may sign.
            floor: RungOf,
            /// The highest.
            ceiling: RungOf,
        }
        /// Capital: calls its delegation home. The round ends as a walk-out.
        Recall = "recall" {}
        /// Capital: strikes across the frontier.
        Strike = "strike" {
            /// Whom.
            against: PartyIx,
        }
        /// Capital: curbs an armed group on its soil, as far as it can.
        Curb = "curb" {
            /// The group.
            group: GroupIx,
        }
        /// Capital: leaves the group alone.
        Release = "release" {
            /// The group.
            group: GroupIx,
        }
        /// Capital: opens the crossings on its side.
        OpenCrossings = "open-crossings" {}
        /// Capital: shuts them.
        ShutCrossings = "shut-crossings" {}
        /// Capital: ratifies the initialled text.
        Ratify = "ratify" {}
        /// Capital: refuses to ratify it.
        RefuseToRatify = "refuse-to-ratify" {}
        /// Capital or delegation: speaks in public.
        State = "state" {
            /// What it says.
            statement: Statement,
        }
        /// Constituency: consents to the initialled text.
        Consent = "consent" {}
        /// Constituency: vetoes it.
        Veto = "veto" {}
        /// Delegation: puts a package to the other side.
        Propose = "propose" {
            /// The package.
            package: Package,
        }
        /// Delegation: accepts the text on the table, the whole of it.
        Accept = "accept" {}
        /// Delegation: accepts one issue of the text, provisionally.
        AcceptIssue = "accept-issue" {
            /// The issue.
            issue: IssueIx,
        }
        /// Delegation: sets one issue of the text in brackets, to come back to it.
        Bracket = "bracket" {
            /// The issue.
            issue: IssueIx,
        }
        /// Delegation: asks the capital for a rung more on an issue.
        AskHome = "ask-home" {
            /// The issue.
            issue: IssueIx,
        }
        /// Delegation: changes the subject.
        ChangeSubject = "change-subject" {}
        /// Delegation: reopens a point that was accepted.
        Reopen = "reopen" {
            /// The issue.
            issue: IssueIx,
        }
        /// Delegation: leaves the talks.
        WalkOut = "walk-out" {}
        /// Anybody: no (further) decision in this stage.
        Hold = "hold" {
            /// A standing order: do not ask again until something changes.
            until_something_changes: bool,
        }
        /// Mediator: carries a message between two sides, which narrows what each mistakes about
        /// the other.
        CarryMessage = "carry-message" {
            /// Whose message.
            from: PartyIx,
            /// To whom.
            to: PartyIx,
        }
        /// Mediator: hears a side's limits in private.
        Caucus = "caucus" {
            /// Which side.
            party: PartyIx,
        }
        /// Mediator: tables a draft of the single text.
        TableText = "table-text" {
            /// The draft.
            text: Package,
        }
        /// Mediator: offers to stand behind a text.
        OfferGuarantee = "offer-guarantee" {}
        /// Mediator: offers a side something from outside the text.
        OfferInducement = "offer-inducement" {
            /// Which side.
            party: PartyIx,
        }
        /// Mediator: presses a side.
        Press = "press" {
            /// Which side.
            party: PartyIx,
        }
        /// Mediator: proposes a recess, which lets tempers cool and the clock run.
        ProposeRecess = "propose-recess" {}
        /// Mediator: proposes that the round go on longer.
        ProposeExtension = "propose-extension" {}
        /// Mediator: tries to bring back a side that walked out.
        BringBack = "bring-back" {
            /// Which side.
            party: PartyIx,
        }
    }
}

/// A family of decisions that a seat is offered.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Just this one.
    One(Decision),
    /// Propose any package of a region.
    Propose(Region),
    /// Table any text of a region.
    TableText(Region),
    /// Change the mandate on any issue, within what is never to be signed.
    ChangeMandate(Region),
}

impl Choice {
    /// Whether the decision is one of this family.
    #[must_use]
    pub fn admits(&self, decision: &Decision) -> bool {
        match (self, decision) {
            (Self::One(one), _) => one == decision,
            (Self::Propose(region), Decision::Propose { package }) => region.contains(package),
            (Self::TableText(region), Decision::TableText { text }) => region.contains(text),
            (Self::ChangeMandate(region), Decision::ChangeMandate { floor, ceiling }) => {
                let within = [floor, ceiling].iter().all(|at| region.admits(at.issue, at.rung));
                within && floor.issue == ceiling.issue && floor.rung <= ceiling.rung
            }
            _ => false,
        }
    }
}

/// What a decision is about: a seat decides once on each matter in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// The answer to a request from the delegation.
    Answer,
    /// What is asked of the capital.
    Request,
    /// The mandate on one issue.
    Mandate(IssueIx),
    /// Whether the delegation stays.
    Recall,
    /// Whether to strike.
    Force,
    /// Whether to curb a group.
    Curbing(GroupIx),
    /// Whether crossings are open.
    Crossings,
    /// Whether to ratify or consent.
    Ratification,
    /// What is said in public.
    Word,
    /// The move at the table.
    Table,
    /// That there is no more to decide.
    Done,
}

impl Decision {
    /// What the decision is about.
    #[must_use]
    pub const fn matter(&self) -> Matter {
        match self {
            Self::ExtendMandate {} | Self::Refuse {} | Self::Defer {} | Self::Revoke {} => {
                Matter::Answer
            }
            Self::ChangeMandate { floor, .. } => Matter::Mandate(floor.issue),
            Self::Recall {} => Matter::Recall,
            Self::Strike { .. } => Matter::Force,
            Self::Curb { group } | Self::Release { group } => Matter::Curbing(*group),
            Self::OpenCrossings {} | Self::ShutCrossings {} => Matter::Crossings,
            Self::Ratify {} | Self::RefuseToRatify {} | Self::Consent {} | Self::Veto {} => {
                Matter::Ratification
            }
            Self::State { .. } => Matter::Word,
            Self::AskHome { .. } => Matter::Request,
            Self::Hold { .. } => Matter::Done,
            _ => Matter::Table,
        }
    }
}

/// What a seat is asked before a stage: it may decide once on each matter, then holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who is asked.
    pub seat: Seat,
    /// Among what.
    pub choices: Vec<Choice>,
}

wire_enum! {
    /// Something that entered a run from outside.
    pub enum Input tagged "input" {
        /// A decision taken at a seat, instead of the policy's.
        Decided = "decided" {
            /// In which turn.
            turn: u32,
            /// Before which part of it.
            stage: Stage,
            /// The how-manieth mover of that stage, where delegations move one after the other.
            mover: u32,
            /// By whom.
            seat: Seat,
            /// What.
            decision: Decision,
        }
        /// A seat of someone outside left to the policy, for this part of the turn.
        Left = "left-to-policy" {
            /// In which turn.
            turn: u32,
            /// Before which part of it.
            stage: Stage,
            /// The how-manieth mover of that stage.
            mover: u32,
            /// Which seat.
            seat: Seat,
        }
        /// A shock let in from outside: it strikes when the world moves next.
        Injected = "injected" {
            /// In which turn.
            turn: u32,
            /// Before which part of it.
            stage: Stage,
            /// The how-manieth mover of that stage.
            mover: u32,
            /// Which of the scenario's shocks.
            shock: ShockIx,
        }
        /// A round made longer from outside.
        Extended = "extended" {
            /// In which turn.
            turn: u32,
            /// Before which part of it.
            stage: Stage,
            /// The how-manieth mover of that stage.
            mover: u32,
            /// By how many turns.
            by_turns: u32,
        }
        /// Something said to all at the table from outside. It is told, and moves no number.
        Announced = "announced" {
            /// In which turn.
            turn: u32,
            /// Before which part of it.
            stage: Stage,
            /// The how-manieth mover of that stage.
            mover: u32,
            /// What.
            words: Words,
        }
        /// A seat handed to someone outside, or back to the policy, from then on.
        Handed = "handed" {
            /// In which turn.
            turn: u32,
            /// Before which part of it.
            stage: Stage,
            /// The how-manieth mover of that stage.
            mover: u32,
            /// Which seat.
            seat: Seat,
            /// To someone outside, rather than to the policy.
            outside: bool,
        }
    }
}

/// When something enters a run: before a part of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The turn.
    pub turn: u32,
    /// The part of it.
    pub stage: Stage,
    /// The how-manieth mover of that part, where delegations move one after the other.
    pub mover: u32,
}

impl Moment {
    /// The moment before anything has happened.
    pub const FIRST: Self = Self { turn: 0, stage: Stage::World, mover: 0 };
}

impl Input {
    /// When it entered.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        match *self {
            Self::Decided { turn, stage, mover, .. }
            | Self::Left { turn, stage, mover, .. }
            | Self::Injected { turn, stage, mover, .. }
            | Self::Extended { turn, stage, mover, .. }
            | Self::Announced { turn, stage, mover, .. }
            | Self::Handed { turn, stage, mover, .. } => Moment { turn, stage, mover },
        }
    }

    /// The turn in which it entered.
    #[must_use]
    pub const fn turn(&self) -> u32 {
        self.moment().turn
    }

    /// A seat that somebody outside takes before anything has happened.
    #[must_use]
    pub const fn taken(seat: Seat) -> Self {
        let Moment { turn, stage, mover } = Moment::FIRST;
        Self::Handed { turn, stage, mover, seat, outside: true }
    }
}

/// The seats that are held from outside once these inputs have entered, in the order in which they
/// were taken.
#[must_use]
pub fn held_after(inputs: &[Input]) -> Vec<Seat> {
    let mut seats = Vec::new();
    for input in inputs {
        if let Input::Handed { seat, outside, .. } = input {
            seats.retain(|held| held != seat);
            seats.extend(outside.then_some(*seat));
        }
    }
    seats
}
