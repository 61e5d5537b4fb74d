//! Weighing: what each side made of a text, and why, in plain words.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;

use super::page::Part;
use super::{Dispatch, Scene};
use crate::cast::Cast;
use crate::event::{Event, Objection};
use crate::seat::Seat;

/// What weighs less than this on an issue is not named as the reason. [gain; ours]
const NOTABLE_COST: f64 = 0.02;

/// A party's view of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    party: PartyIx,
    text: Package,
    objection: Objection,
    /// The issues that the objection is about: where the text lies outside the mandate, or crosses
    /// a line that is never crossed.
    about: Vec<IssueIx>,
    /// The issue that costs the party most, if one costs it much.
    costliest: Option<IssueIx>,
    /// Whether it would be enough if every promise were certain.
    enough_if_kept: bool,
}

impl View {
    /// The view that an event tells of, if it does.
    fn of(event: &Event, cast: &Cast) -> Option<Self> {
        let Event::TextWeighed {
            party,
            text,
            gain,
            aspiration,
            by_issue,
            if_kept,
            audience,
            outside,
            objection,
            ..
        } = event
        else {
            return None;
        };
        let doubt: f64 = by_issue.iter().zip(if_kept).map(|(real, kept)| kept - real).sum();
        let needed = if *objection == Objection::Loss { 0.0 } else { *aspiration };
        Some(Self {
            party: *party,
            text: *text,
            objection: *objection,
            about: match objection {
                Objection::Mandate => outside.clone(),
                Objection::RedLine => cast.crossed(*party, *text).collect(),
                _ => Vec::new(),
            },
            costliest: costliest(by_issue, audience),
            enough_if_kept: *gain < needed && needed <= gain + doubt,
        })
    }

    /// Whether two views are of one text and would be told in the same words.
    fn is_told_as(&self, other: &Self) -> bool {
        self.text == other.text && self.reads_like(other)
    }

    /// Whether two views, be it of different texts, would be told in the same words.
    fn reads_like(&self, other: &Self) -> bool {
        self.objection == other.objection && self.about == other.about
    }
}

/// The issue that takes away most, backing down in public included.
fn costliest(by_issue: &[f64], audience: &[f64]) -> Option<IssueIx> {
    let cost =
        |(at, worth): (usize, &f64)| (IssueIx::at(at), worth + audience.get(at).unwrap_or(&0.0));
    let least = by_issue.iter().enumerate().map(cost).min_by(|(_, a), (_, b)| a.total_cmp(b));
    least.filter(|(_, worth)| *worth < -NOTABLE_COST).map(|(issue, _)| issue)
}

impl Dispatch<'_> {
    /// Views of one text that are alike on all sides are one sentence. A view that has been told
    /// is not told again, and one that goes on over a new draft is told with "still".
    pub(super) fn text_weighed(&mut self, scene: Scene<'_>, event: &Event) {
        let Some(view) = View::of(event, self.cast) else { return };
        // What the policy would think is not what a person at the seat thinks.
        if self.ledger.is_outside(Seat::Delegation(view.party)) {
            return;
        }
        let known = self.table.views[view.party.ix()].replace(view.clone());
        if known.as_ref().is_some_and(|known| known.is_told_as(&view))
            || self.is_overtaken(scene, &view)
        {
            return;
        }
        let still = known.as_ref().is_some_and(|known| known.reads_like(&view));
        if self.goes_without_saying(&view, still) {
            return;
        }
        let it = self.reference(scene, &view);
        let verdict = self.verdict(&view, &it, still);
        let now = Some((scene.turn(), view.text));
        if self.all_think_alike(scene, &view) && scene.is_first(|e| self.is_told_as(e, &view)) {
            self.table.alike = now;
            self.say(Part::Table, &self.said_of_all(&verdict));
        } else if self.table.alike != now || !self.all_think_alike(scene, &view) {
            let reason = self.reason(&view, known.as_ref());
            self.delegates(view.party, &format!("{verdict}{reason}"));
        }
    }

    /// Offer after offer may meet the same view: that it still holds is said once.
    fn goes_without_saying(&mut self, view: &View, still: bool) -> bool {
        let n_still = &mut self.table.n_still[view.party.ix()];
        *n_still = if still { *n_still + 1 } else { 0 };
        *n_still > 1 && self.table.text.is_none()
    }

    /// A verdict that all share: "both may not" would leave open whether one may.
    fn said_of_all(&self, verdict: &str) -> String {
        let none = if self.cast.parties.len() == 2 { "neither" } else { "no" };
        for (not, may) in [("may not sign", "may sign"), ("will not sign", "will sign")] {
            if let Some(rest) = verdict.strip_prefix(not) {
                return format!("{none} delegation {may}{rest}");
            }
            if let Some(rest) = verdict.strip_prefix("still ").and_then(|v| v.strip_prefix(not)) {
                return format!("still {none} delegation {may}{rest}");
            }
        }
        format!("{} {verdict}", self.all("delegations"))
    }

    fn is_told_as(&self, event: &Event, view: &View) -> bool {
        View::of(event, self.cast).is_some_and(|other| other.is_told_as(view))
    }

    fn all_think_alike(&self, scene: Scene<'_>, view: &View) -> bool {
        let parties = self.cast.parties.len();
        let like = |party| {
            let of_party = |other: &View| other.party == party && other.is_told_as(view);
            let mut views = scene.events().filter_map(|event| View::of(event, self.cast));
            views.any(|other| of_party(&other))
        };
        parties > 1 && PartyIx::first(parties).all(like)
    }

    /// A side that could sign and then accepts in the same turn is told by its acceptance.
    fn is_overtaken(&self, scene: Scene<'_>, view: &View) -> bool {
        let accepts =
            |event: &Event| matches!(event, Event::TextAccepted { party } if *party == view.party);
        view.objection == Objection::None && scene.events().any(accepts)
    }

    /// What to call the text that was weighed.
    fn reference(&mut self, scene: Scene<'_>, view: &View) -> String {
        let now = (scene.turn(), view.text);
        if self.table.spoken_of.replace(now) == Some(now) {
            return "it".to_owned();
        }
        let offers = self.table.offers.iter().position(|offer| *offer == Some(view.text));
        match offers.map(PartyIx::at) {
            _ if self.table.text == Some(view.text) => "the text".to_owned(),
            Some(by) if by != view.party => format!("the offer of {}", self.party(by)),
            Some(_) => "their own offer".to_owned(),
            None => "that text".to_owned(),
        }
    }

    fn verdict(&self, view: &View, it: &str, still: bool) -> String {
        let still = if still { "still " } else { "" };
        let about = self.issues(view.about.iter().copied());
        match view.objection {
            Objection::None => format!("{still}could sign {it}"),
            Objection::Mandate => {
                let on = if about.is_empty() { String::new() } else { format!(" on {about}") };
                format!("{still}may not sign {it}: it lies outside their mandate{on}")
            }
            Objection::RedLine => {
                let lines = if view.about.len() == 1 { "a line" } else { "lines" };
                let why = format!("on {about} it crosses {lines} that they never cross");
                format!("{still}will not sign {it}: {why}")
            }
            Objection::Loss => format!("{still}find {it} worth less than no deal"),
            Objection::Aspiration => format!("{still}hope for more than {it} gives"),
            Objection::Stalling => {
                format!("{still}could sign {it}, but their capital gains by talking on")
            }
        }
    }

    /// Why a text is worth too little; not said again when it is the same as last time.
    fn reason(&self, view: &View, known: Option<&View>) -> String {
        let weighed = matches!(view.objection, Objection::Loss | Objection::Aspiration);
        let why = |view: &View| (view.objection, view.costliest, view.enough_if_kept);
        if !weighed || known.is_some_and(|known| why(known) == why(view)) {
            return String::new();
        }
        if view.enough_if_kept {
            return "; were every promise sure to be kept, it would be enough".to_owned();
        }
        let costs =
            |issue| format!("; what costs them most is {}", self.issues(std::iter::once(issue)));
        view.costliest.map_or(String::new(), costs)
    }
}
