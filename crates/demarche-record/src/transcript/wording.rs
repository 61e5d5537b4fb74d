//! Wording: how names, lists, numbers and texts are put, so that sentences read naturally.

use demarche_domain::index::{IssueIx, MediatorIx, PartyIx};
use demarche_domain::package::Package;

use super::Dispatch;
use crate::prose::{bare, inside, list, quoted};
use crate::wire::RungOf;

impl Dispatch<'_> {
    pub(super) fn party(&self, party: PartyIx) -> String {
        inside(self.cast.party(party))
    }

    /// Where a party's decisions are taken; one without a name is the capital of its party.
    pub(super) fn capital(&self, party: PartyIx) -> String {
        if self.cast.has_capital(party) {
            inside(self.cast.capital(party))
        } else {
            format!("the capital of {}", self.party(party))
        }
    }

    pub(super) fn mediator(&self, mediator: MediatorIx) -> String {
        inside(self.cast.mediator(mediator))
    }

    pub(super) fn issues(&self, issues: impl Iterator<Item = IssueIx>) -> String {
        list(&issues.map(|issue| inside(self.cast.issue(issue))).collect::<Vec<_>>())
    }

    pub(super) fn rung(&self, at: RungOf) -> String {
        quoted(self.cast.rung(at.issue, at.rung))
    }

    /// `“joint body” for verification`; `a text without verification` at its status quo.
    pub(super) fn point(&self, at: RungOf) -> String {
        let issue = inside(self.cast.issue(at.issue));
        match at.rung {
            0 => format!("a text without {issue}"),
            _ => format!("{} for {issue}", self.rung(at)),
        }
    }

    /// All parties other than one, as it would speak of them.
    pub(super) fn others(&self) -> &'static str {
        if self.cast.parties.len() == 2 { "the other side" } else { "the others" }
    }

    /// None of the parties.
    pub(super) fn neither_side(&self) -> &'static str {
        if self.cast.parties.len() == 2 { "neither side" } else { "no side" }
    }

    /// All delegations, or parties, together: `both sides`, `all sides`.
    pub(super) fn all(&self, noun: &str) -> String {
        let all = if self.cast.parties.len() == 2 { "both" } else { "all" };
        format!("{all} {noun}")
    }

    fn all_issues(&self) -> impl Iterator<Item = IssueIx> + use<> {
        IssueIx::first(self.cast.issues.len())
    }

    /// `ceasefire – open-ended`. The first space is one that does not break, so that no line
    /// begins with a dash.
    fn clause(&self, issue: IssueIx, text: &Package) -> String {
        let rung = self.cast.rung(issue, text.rung(issue));
        format!("{}\u{a0}– {rung}", bare(self.cast.issue(issue)))
    }

    /// A text by the issues on which it goes beyond the status quo.
    pub(super) fn text(&self, text: &Package) -> String {
        let settled = self.all_issues().filter(|issue| text.rung(*issue) > 0);
        let clauses: Vec<_> = settled.map(|issue| self.clause(issue, text)).collect();
        if clauses.is_empty() {
            return "every issue left open".to_owned();
        }
        let rest = if clauses.len() < self.cast.issues.len() { "; the rest left open" } else { "" };
        clauses.join("; ") + rest
    }

    /// What a new draft does to the old: `adds “open” for trade; moves on verification from “a” to
    /// “b”`.
    pub(super) fn redraft(&self, old: &Package, new: &Package) -> String {
        self.changes(old, new, |before, after| {
            format!("from {} to {}", self.rung(before), self.rung(after))
        })
    }

    /// What a party's new offer does to its last, which the reader has heard: where it moves to.
    pub(super) fn amended(&self, old: &Package, new: &Package) -> String {
        self.changes(old, new, |_, after| format!("to {}", self.rung(after)))
    }

    /// What one text has and another had not, has no longer, or has otherwise.
    fn changes(
        &self,
        old: &Package,
        new: &Package,
        moved: impl Fn(RungOf, RungOf) -> String,
    ) -> String {
        let (mut adds, mut opens, mut moves) = (Vec::new(), Vec::new(), Vec::new());
        for issue in self.all_issues().filter(|issue| old.rung(*issue) != new.rung(*issue)) {
            let [before, after] = [old, new].map(|text| RungOf { issue, rung: text.rung(issue) });
            let name = inside(self.cast.issue(issue));
            match (before.rung, after.rung) {
                (0, _) => adds.push(self.point(after)),
                (_, 0) => opens.push(name),
                _ => moves.push(format!("on {name} {}", moved(before, after))),
            }
        }
        let told = [("adds", adds, ""), ("leaves", opens, " open again"), ("moves", moves, "")];
        let told = told.iter().filter(|(_, some, _)| !some.is_empty());
        let told = told.map(|(verb, some, rest)| format!("{verb} {}{rest}", list(some)));
        told.collect::<Vec<_>>().join("; ")
    }

    /// How one text differs from another that the reader knows: `verification at “b” instead of
    /// “a” and trade left open`.
    pub(super) fn variant(&self, known: &Package, other: &Package) -> String {
        let point = |k: IssueIx| {
            let issue = inside(self.cast.issue(k));
            let rung = |text: &Package| quoted(self.cast.rung(k, text.rung(k)));
            match (known.rung(k), other.rung(k)) {
                (0, _) => format!("{issue} added at {}", rung(other)),
                (_, 0) => format!("{issue} left open"),
                _ => format!("{issue} at {} instead of {}", rung(other), rung(known)),
            }
        };
        let changed = self.all_issues().filter(|k| known.rung(*k) != other.rung(*k));
        list(&changed.map(point).collect::<Vec<_>>())
    }
}
