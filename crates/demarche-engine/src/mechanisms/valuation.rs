//! Valuation: what each package would gain a party over no deal, all parts together.
//!
//! # Rules
//! - **R1** G(x) = Σ_k w_k·(promise worth)·(cost modifiers) + linkages − audience cost − soft lines
//!   plus Σ_h pain_h·r_h(x) + φ_F·r_F(x)·F_fail + inducement − o + ε, the same form for every
//!   party. [raiffa1982, additive worth; fearon1995, zartman1989, walter1997 for its parts]
//! - **R2** Levels count from what is in force: what is already agreed is no gain, what it already
//!   relieves no relief. So the status quo gains ε − o. [ours: see Departures]
//! - **R3** An agreement relieves what it addresses and no more: r_h adds up over issues to at most
//!   1, and relief from attacks is worth as much as the promise is. [zartman1989]
//! - **R4** An obligor's own costs are 1 + c(½ − κ) as high for lack of capacity, fall by half with
//!   full cover, and by 0.4·γ/(1 + γ) where inspection is joint rather than foreign. [schultz2010;
//!   beardsley2008; the sizes are assumed]
//! - **R5** A party that values by tables gains u(x) − d, d its worth of no deal. [nash1950]
//!
//! # Departures
//! Worth is counted from what is in force rather than from rung 0, because a second round begins
//! where the first ended: a truce in force makes the next text less urgent.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::worth::Worth;

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::audience_cost::{Audience, Threats, demanded, stakes_at_home, unmet};
use crate::mechanisms::credibility::{Trust, credibility, enforcement};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::guarantee::Guarantee;
use crate::mechanisms::inducement::Inducements;
use crate::mechanisms::mediation::Cover;
use crate::mechanisms::no_deal::{OutsideOption, Pain};
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::red_lines::penalty;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::stalling::Character;
use crate::roster::Roster;
use crate::scenario::{Issue, Scenario, SoftLine};
use crate::seating::Dynamics;
use crate::table::{PerTable, Rules, Tables};

/// How a party values packages. -- parameter.
#[derive(Component, Clone, Debug, PartialEq)]
pub enum Valuing {
    /// By stakes.
    Stakes {
        /// Signed stake per issue. [1]
        stakes: Vec<f64>,
        /// Stakes of pairs. [gain]
        linkages: Vec<((IssueIx, IssueIx), f64)>,
        /// Soft lines and their penalties per level. [gain]
        soft_lines: Vec<(SoftLine, f64)>,
        /// φ_F. [gain]
        cost_of_failure: f64,
    },
    /// By a table.
    Tables {
        /// Worth of no deal. [utility]
        no_deal: f64,
    },
}

/// What every package would gain a party. -- state, made anew each turn.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Gains(pub Worth);

/// Which parts of the gain to add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All.
    All,
    /// Stakes, as if every promise were kept.
    IfKept,
    /// Stakes and linkages, promises at their worth.
    Stakes,
    /// Audience cost and soft lines.
    Audience,
    /// Relief of pain and fear.
    Relief,
}

/// Everything that the worth of a text hangs on, for one party in one turn.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Which party.
    pub party: PartyIx,
    /// How it values.
    pub valuing: &'a Valuing,
    /// Its stakes, or those of a constituency of its own.
    pub stakes: &'a [f64],
    /// What it believes.
    pub trust: &'a Trust,
    /// What it is like.
    pub character: &'a Character,
    /// What hurts.
    pub pain: &'a Pain,
    /// What it risks at home.
    pub audience: &'a Audience,
    /// Threats it made.
    pub threats: u32,
    /// o. [gain]
    pub outside: f64,
    /// What is in force.
    pub in_force: Package,
    /// Issues on the agenda.
    pub agenda: &'a [IssueIx],
    /// F_fail. [1]
    pub feared: f64,
    /// γ. [1]
    pub guarantee: f64,
    /// Cover that mediators give it. [1]
    pub cover: f64,
    /// What mediators offered it. [gain]
    pub inducement: f64,
    /// The world's parameters.
    pub dynamics: &'a Dynamics,
}

/// What mechanisms must declare as linked for the worth of this scenario.
#[must_use]
pub fn linked_issues(scenario: &Scenario) -> Vec<demarche_domain::worth::Linked> {
    use demarche_domain::worth::Linked;
    let verified = scenario.space.issues().filter_map(|k| {
        let issue = &scenario.issues[k.ix()];
        issue.verified_by.filter(|_| issue.needs_credibility).and_then(|v| Linked::new(k, v))
    });
    let linkages = scenario.parties.iter().flat_map(|party| &party.linkages);
    let linkages = linkages.filter_map(|linkage| Linked::new(linkage.issues.0, linkage.issues.1));
    let mut linked: Vec<Linked> = verified.chain(linkages).collect();
    linked.sort_unstable();
    linked.dedup();
    linked
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(value.in_set(crate::turn::Phase::Valuation));
}

/// The public circumstances of a table, as resources.
type Public<'w> = (
    Res<'w, PerTable<Dynamics>>,
    Res<'w, PerTable<Hostilities>>,
    Res<'w, PerTable<InForce>>,
    Res<'w, PerTable<Clock>>,
    Res<'w, PerTable<Guarantee>>,
    Res<'w, PerTable<Cover>>,
    Res<'w, PerTable<Inducements>>,
);

/// What a capital brings to its valuation.
pub(crate) type Own<'a> =
    (&'a Valuing, &'a Trust, &'a Character, &'a Pain, &'a Audience, &'a OutsideOption);

/// Everything a valuation reads, for systems that value.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Regard<'w, 's> {
    rules: Res<'w, Rules>,
    roster: Res<'w, Roster>,
    public: Public<'w>,
    capitals: Query<'w, 's, Own<'static>>,
    threats: Query<'w, 's, &'static Threats>,
}

impl Regard<'_, '_> {
    /// The circumstances of a party at a table.
    #[must_use]
    pub fn circumstances(&self, at: usize, party: PartyIx) -> Circumstances<'_> {
        let (dynamics, hostilities, in_force, clocks, guarantees, covers, inducements) =
            &self.public;
        let capital = self.capitals.get(self.roster.capital(at, party)).expect("seated");
        let (valuing, trust, character, pain, audience, outside) = capital;
        let stakes = match valuing {
            Valuing::Stakes { stakes, .. } => stakes.as_slice(),
            Valuing::Tables { .. } => &[],
        };
        let threats = self.threats.get(self.roster.party(at, party)).expect("seated").count;
        let scenario = &*self.rules.0;
        let agenda =
            clocks[at].round.map_or(&[] as &[IssueIx], |r| &scenario.rounds[r.ix()].agenda);
        Circumstances {
            scenario,
            party,
            valuing,
            stakes,
            trust,
            character,
            pain,
            audience,
            threats,
            outside: outside.0,
            in_force: in_force[at].0,
            agenda,
            feared: hostilities[at].expected,
            guarantee: guarantees[at].0,
            cover: covers[at].0[party.ix()],
            inducement: inducements[at].offered[party.ix()],
            dynamics: &dynamics[at],
        }
    }
}

fn value(
    (tables, roster): (Res<Tables>, Res<Roster>),
    regard: Regard,
    mut gains: Query<&mut Gains>,
    texts: Res<PerTable<TextOnTable>>,
) {
    for (at, _) in tables.here() {
        // Between rounds nothing is weighed; tables of values never change.
        if texts[at].is_closed() {
            continue;
        }
        for party in roster.parties(at) {
            let mut gains = gains.get_mut(roster.capital(at, party)).expect("capitals are seated");
            regard.circumstances(at, party).assess(Part::All, &mut gains.0);
        }
    }
}

impl Circumstances<'_> {
    /// Adds up a part of the gain of every package into `worth`.
    pub fn assess(&self, part: Part, worth: &mut Worth) {
        match self.valuing {
            Valuing::Tables { no_deal } => self.by_tables(part, *no_deal, worth),
            Valuing::Stakes { linkages, soft_lines, cost_of_failure, .. } => {
                worth.clear();
                if matches!(part, Part::All | Part::IfKept | Part::Stakes) {
                    self.add_stakes(part != Part::IfKept, worth);
                    self.add_linkages(linkages, worth);
                }
                if matches!(part, Part::All | Part::Audience) {
                    self.add_audience(soft_lines, worth);
                }
                if matches!(part, Part::All | Part::Relief) {
                    self.add_relief(*cost_of_failure, worth);
                }
                if part == Part::All {
                    worth.constant += self.inducement + self.character.temper - self.outside;
                }
            }
        }
    }

    /// R5.
    fn by_tables(&self, part: Part, no_deal: f64, worth: &mut Worth) {
        worth.clear();
        let crate::scenario::Preferences::Tables { values, .. } =
            &self.scenario.parties[self.party.ix()].preferences
        else {
            return;
        };
        if matches!(part, Part::All | Part::IfKept | Part::Stakes) {
            for issue in self.scenario.space.issues() {
                worth.solo_mut(issue).copy_from_slice(&values[issue.ix()]);
            }
        }
        if part == Part::All {
            worth.constant = self.character.temper - no_deal;
        }
    }

    /// The worth of the promise on an issue when the verifying issue stands at this level.
    fn promise(&self, issue: &Issue, verification: f64) -> f64 {
        match issue.obligor {
            Some(obligor) if issue.needs_credibility && obligor != self.party => {
                let m = enforcement(self.dynamics.enforcement, verification, self.guarantee);
                let (able, willing) =
                    (self.trust.able[obligor.ix()], self.trust.willing[obligor.ix()]);
                credibility(able, willing, m)
            }
            _ => 1.0,
        }
    }

    /// R4: what an own cost is multiplied with.
    fn cost_modifier(&self, issue: &Issue, stake: f64) -> f64 {
        if issue.obligor != Some(self.party) || stake >= 0.0 {
            return 1.0;
        }
        let cover = if issue.cost_falls_with_cover { 0.5 * self.cover } else { 0.0 };
        let joint = self.guarantee / (1.0 + self.guarantee);
        let joint = if issue.cost_falls_with_guarantee { 0.4 * joint } else { 0.0 };
        let capacity = 1.0 + self.dynamics.capacity_cost * (0.5 - self.character.capacity);
        capacity * (1.0 - cover) * (1.0 - joint)
    }

    /// Adds `stake` × level × worth of the promise, counted from what is in force.
    fn add_promised(&self, k: IssueIx, stake: f64, at_its_worth: bool, worth: &mut Worth) {
        let issue = &self.scenario.issues[k.ix()];
        let levels = &issue.levels;
        let in_force = levels[usize::from(self.in_force.rung(k))];
        let doubtful = at_its_worth
            && issue.needs_credibility
            && issue.obligor.is_some_and(|obligor| obligor != self.party);
        let Some(verifier) = issue.verified_by.filter(|_| doubtful) else {
            let promise = if doubtful { self.promise(issue, 0.0) } else { 1.0 };
            for (rung, level) in levels.iter().enumerate() {
                worth.solo_mut(k)[rung] += stake * promise * (level - in_force);
            }
            return;
        };
        let verification = &self.scenario.issues[verifier.ix()].levels;
        let standing = verification[usize::from(self.in_force.rung(verifier))];
        let already = in_force * self.promise(issue, standing);
        for (v, verified) in (0_u8..).zip(verification) {
            let promise = self.promise(issue, *verified);
            for (rung, level) in (0_u8..).zip(levels) {
                worth.add_pair((k, rung), (verifier, v), stake * (level * promise - already));
            }
        }
    }

    fn add_stakes(&self, at_their_worth: bool, worth: &mut Worth) {
        for k in self.scenario.space.issues() {
            let stake = self.stakes[k.ix()];
            let modified = stake * self.cost_modifier(&self.scenario.issues[k.ix()], stake);
            self.add_promised(k, modified, at_their_worth, worth);
        }
    }

    fn add_linkages(&self, linkages: &[((IssueIx, IssueIx), f64)], worth: &mut Worth) {
        for &((k, l), stake) in linkages {
            let levels = |issue: IssueIx| &self.scenario.issues[issue.ix()].levels;
            let now = |issue: IssueIx| levels(issue)[usize::from(self.in_force.rung(issue))];
            for (a, x) in (0_u8..).zip(levels(k)) {
                for (b, y) in (0_u8..).zip(levels(l)) {
                    worth.add_pair((k, a), (l, b), stake * (x * y - now(k) * now(l)));
                }
            }
        }
    }

    fn add_audience(&self, soft_lines: &[(SoftLine, f64)], worth: &mut Worth) {
        let at_stake = stakes_at_home(self.audience, self.threats, self.cover);
        let demands = demanded(self.audience, self.agenda);
        let n = demands.clone().count();
        for (k, demand) in demands {
            let issue = &self.scenario.issues[k.ix()];
            #[expect(clippy::cast_precision_loss, reason = "at most 16 issues")]
            let each = at_stake / n as f64;
            for (rung, solo) in (0_u8..).zip(worth.solo_mut(k)) {
                *solo -= each * unmet(issue, demand, rung);
            }
        }
        for (line, per_level) in soft_lines {
            let issue = &self.scenario.issues[line.issue.ix()];
            for (rung, solo) in (0_u8..).zip(worth.solo_mut(line.issue)) {
                *solo -= penalty(issue, line, *per_level, rung);
            }
        }
    }

    /// R3.
    fn add_relief(&self, cost_of_failure: f64, worth: &mut Worth) {
        for k in self.scenario.space.issues() {
            let relief = self.scenario.issues[k.ix()].relief;
            let certain = relief.fighting * (self.pain.fighting + cost_of_failure * self.feared)
                + relief.closure * self.pain.closure;
            if certain != 0.0 {
                self.add_promised(k, certain, false, worth);
            }
            let promised = relief.attacks * self.pain.attacks;
            if promised != 0.0 {
                self.add_promised(k, promised, true, worth);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    // The rules are tested where a whole party can be built: see `seating::tests`.
}
