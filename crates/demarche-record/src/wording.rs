//! Wording: decisions as people at the talks would say them, each with what it means.

use demarche_domain::index::IssueIx;
use demarche_domain::package::Package;

use crate::cast::Cast;
use crate::decision::{Decision, Statement};
use crate::wire::RungOf;

/// A decision in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What is done, as an instruction: "Accept the text".
    pub act: String,
    /// What it means for the talks.
    pub meaning: &'static str,
}

fn words(act: impl Into<String>, meaning: &'static str) -> Words {
    Words { act: act.into(), meaning }
}

/// What lies on the table, as people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lying {
    /// A text: drafted by a mediator, or laid down at the opening.
    Text,
    /// An offer that a party has put.
    Offer,
}

impl Lying {
    /// With its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text => "the text",
            Self::Offer => "the offer",
        }
    }
}

/// A package in the words of its rungs: the issues above what is in force.
#[must_use]
pub fn package(cast: &Cast, package: &Package, in_force: &Package) -> String {
    let issues = IssueIx::first(cast.issues.len());
    let told = issues.filter(|k| package.rung(*k) != in_force.rung(*k));
    let told = told.map(|k| format!("{} – {}", cast.issue(k), cast.rung(k, package.rung(k))));
    let told = told.collect::<Vec<_>>().join("; ");
    if told.is_empty() { "nothing beyond what is in force".to_owned() } else { told }
}

/// What may be signed on an issue, from one rung to another.
pub(crate) fn span(cast: &Cast, floor: RungOf, ceiling: RungOf) -> String {
    let words = |at: RungOf| format!("“{}”", cast.rung(at.issue, at.rung));
    match (floor.rung, ceiling.rung) {
        (0, 0) => "nothing".to_owned(),
        (0, _) => format!("up to {}", words(ceiling)),
        (low, high) if low == high => format!("nothing but {}", words(floor)),
        _ => format!("from {} to {}", words(floor), words(ceiling)),
    }
}

/// A decision in words, where a text or an offer lies on the table.
#[must_use]
pub fn decision(cast: &Cast, decision: &Decision, lying: Lying) -> Words {
    match decision {
        Decision::ExtendMandate {} => {
            words("Grant what the delegation asks", "they may sign one step more, or the text")
        }
        Decision::Refuse {} => words("Answer no", "the mandate stays as it is"),
        Decision::Defer {} => words("Put the answer off", "time passes, and nothing is decided"),
        Decision::Revoke {} => words(
            "Answer no, and go back to the first instructions",
            "what was accepted beyond them is taken back, and the other side will trust you less",
        ),
        Decision::ChangeMandate { floor, ceiling } => words(
            format!(
                "Let the delegation sign {} on {}",
                span(cast, *floor, *ceiling),
                cast.issue(floor.issue)
            ),
            "a new mandate, unasked",
        ),
        Decision::Recall {} => words("Call the delegation home", "the round ends as a walk-out"),
        Decision::Strike { against } => words(
            format!("Strike {} across the frontier", cast.party(*against)),
            "fighting rises, trust falls, and it may be answered",
        ),
        Decision::Curb { group } => words(
            format!("Curb {}", cast.group(*group)),
            "fewer attacks, as far as you are able; the other side cannot see it",
        ),
        Decision::Release { group } => words(
            format!("Leave {} alone", cast.group(*group)),
            "no more effort against it; the other side cannot see it",
        ),
        Decision::OpenCrossings {} => {
            words("Open the crossings", "trade flows, and leverage is given up")
        }
        Decision::ShutCrossings {} => words("Shut the crossings", "it hurts both sides' trade"),
        Decision::Ratify {} => words("Ratify the text", "it comes into force if all do"),
        Decision::RefuseToRatify {} => words("Refuse to ratify", "the text falls"),
        Decision::State { statement } => statement_words(*statement),
        Decision::Consent {} => words("Consent to the text", "your party may ratify it"),
        Decision::Veto {} => words("Veto the text", "your party cannot ratify it"),
        other => at_the_table(cast, other, lying),
    }
}

fn statement_words(statement: Statement) -> Words {
    match statement {
        Statement::Threaten => words(
            "Repeat your demands in public, and say what will follow if they are not met",
            "backing down will cost you more, and failure is feared more by both",
        ),
        Statement::Blame => {
            words("Say in public that the other side is at fault", "it is heard at home")
        }
        Statement::ShareCredit => words("Share the credit in public", "it is heard by both"),
        Statement::KeepSilent => words("Keep silent", "nothing is said"),
    }
}

fn at_the_table(cast: &Cast, decision: &Decision, lying: Lying) -> Words {
    let lies = lying.words();
    match decision {
        Decision::Propose { package: p } => words(
            format!("Put an offer: {}", package(cast, p, &Package::STATUS_QUO)),
            "the others see where you stand",
        ),
        Decision::Accept {} => {
            words(format!("Accept {lies}, the whole of it"), "it is initialled once all accept")
        }
        Decision::AcceptIssue { issue } => words(
            format!("Accept {} as it stands in {lies}", cast.issue(*issue)),
            "provisionally: it can be reopened",
        ),
        Decision::Bracket { issue } => words(
            format!("Set {} in brackets", cast.issue(*issue)),
            "to come back to it; the text should be redrafted",
        ),
        Decision::AskHome { issue } => words(
            format!("Ask home for more room on {}", cast.issue(*issue)),
            "one step towards the text; the reply takes time, and the other side's patience",
        ),
        Decision::ChangeSubject {} => {
            words("Change the subject", "time passes; the other side notices")
        }
        Decision::Reopen { issue } => {
            words(format!("Reopen {}", cast.issue(*issue)), "what you had accepted is open again")
        }
        Decision::WalkOut {} => words("Walk out", "the talks end, unless you are brought back"),
        Decision::Hold { until_something_changes: true } => {
            words("Hold until something changes", "you are asked again when it does")
        }
        Decision::Hold { until_something_changes: false } => {
            words("No (further) decision", "the talks go on")
        }
        other => mediating(cast, other),
    }
}

fn mediating(cast: &Cast, decision: &Decision) -> Words {
    match decision {
        Decision::CarryMessage { from, to } => words(
            format!("Carry a message from {} to {}", cast.party(*from), cast.party(*to)),
            "they misread each other less",
        ),
        Decision::Caucus { party } => words(
            format!("Hear {} in private", cast.party(*party)),
            "you learn its limits and misread it less",
        ),
        Decision::TableText { text } => words(
            format!("Table a text: {}", package(cast, text, &Package::STATUS_QUO)),
            "what was accepted of the old text stands only where the new one agrees",
        ),
        Decision::OfferGuarantee {} => {
            words("Offer to stand behind a text", "promises become worth more")
        }
        Decision::OfferInducement { party } => words(
            format!("Offer {} something from outside the text", cast.party(*party)),
            "any agreement is worth more to it, from your budget",
        ),
        Decision::Press { party } => words(
            format!("Press {}", cast.party(*party)),
            "talking on is worth less to it; leverage wears off",
        ),
        Decision::ProposeRecess {} => words("Call a recess", "tempers cool while time runs"),
        Decision::ProposeExtension {} => words("Have the talks extended", "the deadline moves"),
        Decision::BringBack { party } => words(
            format!("Try to bring {} back", cast.party(*party)),
            "the round goes on if it works",
        ),
        _ => words("", ""),
    }
}
