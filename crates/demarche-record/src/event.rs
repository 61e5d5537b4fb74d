//! Events: what happened, in the past tense, one fact each.
//!
//! They carry what an explanation needs: what each side thought of a text and why, what was asked
//! at home and answered, what was believed, what blocked.

use demarche_domain::index::{GroupIx, IssueIx, MediatorIx, OutcomeIx, PartyIx, RoundIx, ShockIx};
use demarche_domain::package::Package;

use crate::decision::Statement;
use crate::legible::Words;
use crate::seat::Seat;
use crate::wire::{RungOf, wire_enum, wire_words};

wire_words! {
    /// How a round ended.
    pub enum Ending {
        /// With a text that was signed and ratified.
        Agreement = "agreement",
        /// A side declared that it was over, and left.
        WalkOut = "walk-out",
        /// Time ran out.
        Deadline = "deadline",
    }
}

wire_words! {
    /// Why trust moved.
    pub enum TrustCause {
        /// Attacks from the other's soil.
        Attacks = "attacks",
        /// Days without any.
        Calm = "calm",
        /// Strikes by the other.
        Strikes = "strikes",
        /// A concession by the other.
        Concession = "concession",
        /// Stalling by the other.
        Stalling = "stalling",
        /// The other took back what it had accepted.
        Reneging = "reneging",
        /// The other left the talks.
        WalkOut = "walk-out",
        /// The other put the blame on one in public.
        Blame = "blame",
        /// Crossings opened as goodwill.
        Goodwill = "goodwill",
        /// A mediator whom one believes spoke for the other.
        Mediator = "mediator",
        /// A shock.
        Shock = "shock",
    }
}

wire_words! {
    /// A capital's answer to its delegation.
    pub enum Answer {
        /// One rung more.
        Extended = "extended",
        /// No.
        Refused = "refused",
        /// Not now.
        Deferred = "deferred",
        /// No, and what was accepted is taken back.
        Revoked = "revoked",
    }
}

wire_words! {
    /// Why a text that delegates could have signed was not accepted.
    pub enum Objection {
        /// It is accepted.
        None = "none",
        /// It lies outside the mandate.
        Mandate = "mandate",
        /// It crosses a line that is never to be crossed.
        RedLine = "red-line",
        /// It is worth less than no deal.
        Loss = "loss",
        /// It is worth less than what the side still hopes for.
        Aspiration = "aspiration",
        /// The talks themselves are worth more to the capital than the text.
        Stalling = "stalling",
    }
}

wire_enum! {
    /// Something that happened.
    pub enum Event tagged "event" beside "turn" {
        /// A capital's hidden temper was drawn. Nobody at the table knows it.
        CapitalDrawn = "capital-drawn" {
            /// Whose.
            party: PartyIx,
            /// Whether it wants an agreement, and not just talks.
            sincere: bool,
            /// Share of what is promised that it is able to do. [1, [0, 1]]
            capacity: f64,
            /// What the talks themselves are worth to it at their start. [gain, [0, 1]]
            stall_value: f64,
            /// Noise on its worth of any agreement. [gain]
            temper: f64,
        }
        /// A round of talks opened.
        RoundOpened = "round-opened" {
            /// Which.
            round: RoundIx,
            /// The turn in which it is due to close.
            closes_turn: u32,
        }
        /// A round was made longer.
        RoundExtended = "round-extended" {
            /// Which.
            round: RoundIx,
            /// The turn in which it is now due to close.
            closes_turn: u32,
        }
        /// A round ended.
        RoundClosed = "round-closed" {
            /// Which.
            round: RoundIx,
            /// How.
            ending: Ending,
            /// Who walked out, if somebody did.
            left_by: Option<PartyIx>,
            /// The text that was agreed, or the last that lay on the table.
            text: Option<Package>,
        }
        /// A round was not held, because of how the one before it ended.
        RoundSkipped = "round-skipped" {
            /// Which.
            round: RoundIx,
        }
        /// A shock struck from outside.
        ShockStruck = "shock-struck" {
            /// Which.
            shock: ShockIx,
            /// Whether somebody outside let it in.
            injected: bool,
        }
        /// Something was said to all at the table from outside, in words of who said it.
        Announced = "announced" {
            /// What.
            words: Words,
        }
        /// Attacks of a group in one turn, salient or not.
        AttacksCounted = "attacks-counted" {
            /// Which group.
            group: GroupIx,
            /// All of them.
            count: u32,
            /// Those that make the news.
            salient: u32,
        }
        /// A salient attack.
        AttackStruck = "attack-struck" {
            /// By which group.
            group: GroupIx,
            /// Whom.
            target: PartyIx,
            /// Severity relative to the least salient attack. [1, ≥ 1]
            severity: f64,
        }
        /// One side struck the other.
        StrikeCarriedOut = "strike-carried-out" {
            /// By whom.
            by: PartyIx,
            /// Whom.
            against: PartyIx,
            /// Whether it answered a strike of the other.
            in_answer: bool,
            /// The fighting after it. [1, [0, 1]]
            fighting: f64,
        }
        /// A truce came into force.
        TruceBegan = "truce-began" {
        }
        /// A truce that was for a time ran out, and no text made another.
        TruceLapsed = "truce-lapsed" {
        }
        /// Fighting grew past what the truce could bear.
        TruceBroke = "truce-broke" {
            /// The fighting. [1, [0, 1]]
            fighting: f64,
        }
        /// A side shut its crossings.
        CrossingsShut = "crossings-shut" {
            /// Who.
            by: PartyIx,
        }
        /// A side opened its crossings.
        CrossingsOpened = "crossings-opened" {
            /// Who.
            by: PartyIx,
            /// Whether all that it had shut is open again at the frontier.
            flowing: bool,
        }
        /// A host began to curb a group. The other side does not see it.
        GroupCurbed = "group-curbed" {
            /// The host.
            by: PartyIx,
            /// The group.
            group: GroupIx,
        }
        /// A host left a group alone. The other side does not see it.
        GroupReleased = "group-released" {
            /// The host.
            by: PartyIx,
            /// The group.
            group: GroupIx,
        }
        /// One side's trust that another is willing moved notably.
        TrustMoved = "trust-moved" {
            /// Whose trust.
            of: PartyIx,
            /// In whom.
            toward: PartyIx,
            /// Before. [1, [0, 1]]
            from: f64,
            /// After. [1, [0, 1]]
            to: f64,
            /// Why.
            cause: TrustCause,
        }
        /// Every side hurts, and there is a text that would leave all better off (Zartman).
        MomentRipened = "moment-ripened" {
            /// What the worse-off side would gain by the best such text. [gain]
            least_gain: f64,
        }
        /// The moment passed.
        MomentPassed = "moment-passed" {
        }
        /// Where things stood at the end of a turn.
        TurnRecorded = "turn-recorded" {
            /// Fighting. [1, [0, 1]]
            fighting: f64,
            /// Share of the daily trade that can pass. [1, [0, 1]]
            open_share: f64,
            /// Who holds crossings shut.
            shut_by: Vec<PartyIx>,
            /// Pain of each party, fighting, closure and attacks together. [gain]
            pain: Vec<f64>,
            /// Trust of each party in each other, row by row. [1, [0, 1]]
            trust: Vec<f64>,
            /// Impatience of each delegation. [1, ≥ 0]
            impatience: Vec<f64>,
            /// What the text on the table would gain each party. [gain]
            gains: Vec<f64>,
            /// What each delegation still holds out for. [gain]
            aspirations: Vec<f64>,
        }
        /// Delegates asked their capital for a rung.
        HomeAsked = "home-asked" {
            /// Who.
            party: PartyIx,
            /// For which rung of which issue.
            rung: RungOf,
            /// What the text that prompted it would gain them. [gain]
            gain: f64,
        }
        /// Delegates who may not sign alone referred their acceptance of the text home.
        TextReferred = "text-referred" {
            /// Who.
            party: PartyIx,
            /// What the text would gain them. [gain]
            gain: f64,
        }
        /// The capital answered.
        HomeReplied = "home-replied" {
            /// Whose.
            party: PartyIx,
            /// About which rung of which issue, or nothing where leave to sign was asked.
            rung: Option<RungOf>,
            /// What.
            answer: Answer,
            /// How long it took. [turns]
            waited_turns: u32,
            /// What the text was worth to the capital. [gain]
            gain: f64,
            /// What the talks themselves were worth to it beyond its pain. [gain]
            stalling: f64,
        }
        /// What delegates may sign changed.
        MandateChanged = "mandate-changed" {
            /// Whose.
            party: PartyIx,
            /// From this rung.
            floor: RungOf,
            /// To this.
            ceiling: RungOf,
            /// Whether the delegates had asked for it.
            asked: bool,
        }
        /// A capital took back what its delegates had accepted beyond its first instructions.
        AcceptanceRevoked = "acceptance-revoked" {
            /// Whose.
            party: PartyIx,
            /// What the text was worth to the capital. [gain]
            gain: f64,
        }
        /// A capital called its delegation home.
        DelegationRecalled = "delegation-recalled" {
            /// Whose.
            party: PartyIx,
        }
        /// A side spoke in public.
        StatementMade = "statement-made" {
            /// Who.
            party: PartyIx,
            /// What it said.
            statement: Statement,
            /// Whether the round was over.
            at_close: bool,
        }
        /// A mediator carried a message.
        MessageCarried = "message-carried" {
            /// Who.
            mediator: MediatorIx,
            /// From whom.
            from: PartyIx,
            /// To whom.
            to: PartyIx,
        }
        /// A mediator heard a side in private.
        CaucusHeld = "caucus-held" {
            /// Who.
            mediator: MediatorIx,
            /// Which side.
            party: PartyIx,
        }
        /// A mediator tabled a draft.
        TextTabled = "text-tabled" {
            /// Who.
            mediator: MediatorIx,
            /// The draft.
            text: Package,
        }
        /// A mediator offered to stand behind a text.
        GuaranteeOffered = "guarantee-offered" {
            /// Who.
            mediator: MediatorIx,
        }
        /// A mediator offered a side something from outside the text.
        InducementOffered = "inducement-offered" {
            /// Who.
            mediator: MediatorIx,
            /// To whom.
            party: PartyIx,
            /// What it is worth to that side. [gain]
            worth: f64,
        }
        /// A mediator pressed a side.
        PartyPressed = "party-pressed" {
            /// Who.
            mediator: MediatorIx,
            /// Whom.
            party: PartyIx,
        }
        /// A mediator called a recess.
        RecessCalled = "recess-called" {
            /// Who.
            mediator: MediatorIx,
        }
        /// A mediator tried to bring back a side that had walked out.
        BringBackTried = "bring-back-tried" {
            /// Who.
            mediator: MediatorIx,
            /// Whom.
            party: PartyIx,
            /// Whether it came back.
            returned: bool,
        }
        /// A side put a package to the others.
        OfferTabled = "offer-tabled" {
            /// Who.
            party: PartyIx,
            /// What.
            package: Package,
            /// What it would gain by it. [gain]
            gain: f64,
            /// The least it was ready to gain. [gain]
            aspiration: f64,
        }
        /// What a side thought of a text, and why.
        TextWeighed = "text-weighed" {
            /// Who.
            party: PartyIx,
            /// The text.
            text: Package,
            /// What it would gain over no deal. [gain]
            gain: f64,
            /// The least it was ready to gain. [gain]
            aspiration: f64,
            /// What each issue adds to the gain, promises taken at their worth. [gain]
            by_issue: Vec<f64>,
            /// What each issue would add if every promise were certain. [gain]
            if_kept: Vec<f64>,
            /// What backing down from public demands takes away, by issue. [gain, ≤ 0]
            audience: Vec<f64>,
            /// Pain and expected fighting that each issue takes away. [gain]
            relief: Vec<f64>,
            /// Issues on which the text lies outside the mandate.
            outside: Vec<IssueIx>,
            /// Why it is not accepted.
            objection: Objection,
        }
        /// A delegation accepted the text, provisionally until all have.
        TextAccepted = "text-accepted" {
            /// Who.
            party: PartyIx,
        }
        /// A delegation accepted one issue of the text.
        IssueAccepted = "issue-accepted" {
            /// Who.
            party: PartyIx,
            /// Which rung of which issue.
            rung: RungOf,
        }
        /// A delegation set an issue in brackets.
        IssueBracketed = "issue-bracketed" {
            /// Who.
            party: PartyIx,
            /// Which issue.
            issue: IssueIx,
        }
        /// A delegation played for time.
        TalksStalled = "talks-stalled" {
            /// Who.
            party: PartyIx,
            /// The issue it reopened, if it did; else it changed the subject.
            reopened: Option<IssueIx>,
        }
        /// A delegation walked out.
        WalkedOut = "walked-out" {
            /// Who.
            party: PartyIx,
            /// Its impatience. [1, ≥ 0]
            impatience: f64,
            /// The part of it that comes from waiting for the other to hear from home. [1, ≥ 0]
            from_waiting: f64,
            /// The part that comes from refusals by the other's home, and what it took back.
            from_refusals: f64,
            /// The part that comes from the other's stalling.
            from_stalling: f64,
            /// The part that comes from attacks.
            from_attacks: f64,
        }
        /// All delegations accepted the text; it goes home to be ratified.
        TextInitialled = "text-initialled" {
            /// The text.
            text: Package,
        }
        /// A constituency had its say.
        ConstituencyHeard = "constituency-heard" {
            /// Which.
            seat: Seat,
            /// Whether it consents.
            consents: bool,
            /// What the text would gain it. [gain]
            gain: f64,
        }
        /// A party ratified, or not.
        RatificationDecided = "ratification-decided" {
            /// Who.
            party: PartyIx,
            /// Whether it does.
            ratified: bool,
            /// What the text would gain the capital. [gain]
            gain: f64,
            /// What the talks themselves were worth to it beyond its pain. [gain]
            stalling: f64,
        }
        /// A text was ratified by all and is in force.
        AgreementReached = "agreement-reached" {
            /// In which round.
            round: RoundIx,
            /// The text.
            text: Package,
        }
        /// The run ended.
        RunEnded = "run-ended" {
            /// The class of outcome.
            outcome: OutcomeIx,
            /// What is in force.
            in_force: Package,
            /// The issue that blocked, if there was no agreement in the last round.
            blocking_issue: Option<IssueIx>,
            /// The side that it blocked on.
            blocking_party: Option<PartyIx>,
            /// What each side would still have taken, if anything.
            still_acceptable: Vec<Option<Package>>,
        }
        /// How long the truce would last by the durability clock, after the talks.
        TruceDurability = "truce-durability" {
            /// The drawn time until it breaks. [d]
            lasts_days: f64,
            /// Chance that it holds for 30 days. [1, [0, 1]]
            holds_30_days: f64,
            /// Chance that it holds for 90 days. [1, [0, 1]]
            holds_90_days: f64,
        }
        /// A decision was taken at a seat by someone outside.
        DecidedOutside = "decided-outside" {
            /// Which seat.
            seat: Seat,
        }
    }
}
