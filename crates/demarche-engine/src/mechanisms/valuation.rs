//! Valuation: what each package would gain a party over no deal, all parts together.
//!
//! # Rules
//! - **R1** G(x) = Σ_k w_k·(promise worth)·(cost modifiers) + linkages − audience cost − soft lines
//!   plus Σ_h pain_h·r_h(x) + φ_F·r_F(x)·F_fail + inducement − o + ε, the same form for every
//!   party. [raiffa1982, additive worth; fearon1995, zartman1989, walter1997 for its parts]
//! - **R2** Levels count from what is in force: what is already agreed is no gain, what it already
//!   relieves no relief. So to sign nothing new gains ε − o, less what the signature itself costs:
//!   the audience's demands that stay unmet and the soft lines that stay crossed. [ours: see
//!   Departures]
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
use tracing::trace;

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::audience_cost::{Audience, Threats, demanded, stakes_at_home, unmet};
use crate::mechanisms::cover::Cover;
use crate::mechanisms::credibility::{Trust, credibility, enforcement};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::guarantee::Guarantee;
use crate::mechanisms::inducement::Inducements;
use crate::mechanisms::mediation;
use crate::mechanisms::no_deal::{OutsideOption, Pain};
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::red_lines::penalty;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::stalling::Character;
use crate::roster::Roster;
use crate::scenario::{Issue, Preferences, Scenario, SoftLine};
use crate::seated::Seated;
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

/// Whether packages are worth the same to a side for a whole round: it values by a table, and
/// nobody is there to pay it.
pub(crate) fn is_lasting(scenario: &Scenario, party: PartyIx) -> bool {
    let by_table = matches!(scenario.parties[party.ix()].preferences, Preferences::Tables { .. });
    by_table && !mediation::is_used(scenario)
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
pub struct Regarding<'w, 's> {
    rules: Res<'w, Rules>,
    roster: Res<'w, Roster>,
    public: Public<'w>,
    capitals: Query<'w, 's, Own<'static>>,
    threats: Query<'w, 's, &'static Threats>,
}

impl Regarding<'_, '_> {
    /// The same, row by row.
    #[must_use]
    pub fn seated(&self) -> Regard<'_> {
        Regard {
            scenario: &self.rules.0,
            public: &self.public,
            capitals: self.roster.seated(self.capitals),
            threats: self.roster.seated(self.threats),
        }
    }
}

/// What capitals bring to their valuations, side by side.
type AllOwn<'a> =
    (&'a [Valuing], &'a [Trust], &'a [Character], &'a [Pain], &'a [Audience], &'a [OutsideOption]);

/// Everything a valuation reads, row by row.
pub struct Regard<'a> {
    scenario: &'a Scenario,
    public: &'a Public<'a>,
    capitals: Seated<'a, AllOwn<'a>, PartyIx>,
    threats: Seated<'a, &'a [Threats], PartyIx>,
}

impl Regard<'_> {
    /// The circumstances of a party at a table.
    #[must_use]
    pub fn circumstances(&self, at: usize, party: PartyIx) -> Circumstances<'_> {
        let (dynamics, hostilities, in_force, clocks, guarantees, covers, inducements) =
            self.public;
        let (valuing, trust, character, pain, audience, outside) = self.capitals.get(at, party);
        let stakes = match valuing {
            Valuing::Stakes { stakes, .. } => stakes.as_slice(),
            Valuing::Tables { .. } => &[],
        };
        let agenda =
            clocks[at].round.map_or(&[] as &[IssueIx], |r| &self.scenario.rounds[r.ix()].agenda);
        Circumstances {
            scenario: self.scenario,
            party,
            valuing,
            stakes,
            trust,
            character,
            pain,
            audience,
            threats: self.threats.get(at, party).count,
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
    regarding: Regarding,
    gains: Query<&mut Gains>,
    texts: Res<PerTable<TextOnTable>>,
) {
    let regard = regarding.seated();
    let mut gains = roster.seated(gains);
    for (at, _) in tables.here() {
        // Between rounds nothing is weighed.
        if texts[at].is_closed() {
            continue;
        }
        for party in roster.parties() {
            if !regard.public.3[at].just_opened && is_lasting(regard.scenario, party) {
                continue;
            }
            let gains = &mut gains.get_mut(at, party).0;
            regard.circumstances(at, party).assess(Part::All, gains);
            trace!(
                party = %tables.named(&party), text = texts[at].text.map(|text| gains.of(&text)),
                nothing_new = gains.of(&texts[at].agenda.floor), "packages valued",
            );
        }
    }
}

impl Circumstances<'_> {
    /// Adds up a part of the gain of every package into `worth`.
    pub fn assess(&self, part: Part, worth: &mut Worth) {
        match self.valuing {
            Valuing::Tables { no_deal } => self.by_tables(part, *no_deal, worth),
            Valuing::Stakes { linkages, .. } => {
                worth.clear();
                if matches!(part, Part::All | Part::IfKept | Part::Stakes) {
                    self.add_stakes(part != Part::IfKept, worth);
                    self.add_linkages(linkages, worth);
                }
                if matches!(part, Part::All | Part::Audience) {
                    self.add_audience(worth);
                }
                if matches!(part, Part::All | Part::Relief) {
                    self.add_relief(worth);
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
            worth.constant = self.inducement + self.character.temper - no_deal;
        }
    }

    /// The worth of the promise on an issue when the verifying issue stands at this level.
    pub(crate) fn promise(&self, issue: &Issue, verification: f64) -> f64 {
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

    /// R4: what an own cost is multiplied with, for capacity, for cover and for company.
    pub(crate) fn cost_factors(&self, issue: &Issue, stake: f64) -> [f64; 3] {
        if issue.obligor != Some(self.party) || stake >= 0.0 {
            return [1.0; 3];
        }
        let cover = if issue.cost_falls_with_cover { 0.5 * self.cover } else { 0.0 };
        let joint = self.guarantee / (1.0 + self.guarantee);
        let joint = if issue.cost_falls_with_guarantee { 0.4 * joint } else { 0.0 };
        let capacity = 1.0 + self.dynamics.capacity_cost * (0.5 - self.character.capacity);
        [capacity, 1.0 - cover, 1.0 - joint]
    }

    /// R3: what full relief by an issue is worth: what is certain, and what hangs on a promise.
    /// [gain]
    pub(crate) fn relief(&self, issue: &Issue) -> [f64; 2] {
        let Valuing::Stakes { cost_of_failure, .. } = self.valuing else { return [0.0; 2] };
        let relief = issue.relief;
        let certain = relief.fighting * (self.pain.fighting + cost_of_failure * self.feared)
            + relief.closure * self.pain.closure;
        [certain, relief.attacks * self.pain.attacks]
    }

    /// The soft lines that count now, with what a level beyond each costs.
    pub(crate) fn soft_lines(&self) -> impl Iterator<Item = (&SoftLine, f64)> {
        let lines = match self.valuing {
            Valuing::Stakes { soft_lines, .. } => soft_lines.as_slice(),
            Valuing::Tables { .. } => &[],
        };
        let counts = |line: &&(SoftLine, f64)| self.agenda.contains(&line.0.issue);
        lines.iter().filter(counts).map(|(line, per_level)| (line, *per_level))
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
            for (solo, level) in worth.solo_mut(k).iter_mut().zip(levels) {
                *solo += stake * promise * (level - in_force);
            }
            return;
        };
        let verification = &self.scenario.issues[verifier.ix()].levels;
        let standing = verification[usize::from(self.in_force.rung(verifier))];
        let already = in_force * self.promise(issue, standing);
        let mut add = worth.pair_adder(k, verifier);
        for (v, verified) in (0_u8..).zip(verification) {
            let promise = self.promise(issue, *verified);
            for (rung, level) in (0_u8..).zip(levels) {
                add(rung, v, stake * (level * promise - already));
            }
        }
    }

    fn add_stakes(&self, at_their_worth: bool, worth: &mut Worth) {
        for k in self.scenario.space.issues() {
            let stake = self.stakes[k.ix()];
            let factors = self.cost_factors(&self.scenario.issues[k.ix()], stake);
            let modified = stake * factors.into_iter().product::<f64>();
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

    fn add_audience(&self, worth: &mut Worth) {
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
        for (line, per_level) in self.soft_lines() {
            let issue = &self.scenario.issues[line.issue.ix()];
            for (rung, solo) in (0_u8..).zip(worth.solo_mut(line.issue)) {
                *solo -= penalty(issue, line, per_level, rung);
            }
        }
    }

    /// R3.
    fn add_relief(&self, worth: &mut Worth) {
        for k in self.scenario.space.issues() {
            let [certain, promised] = self.relief(&self.scenario.issues[k.ix()]);
            if certain != 0.0 {
                self.add_promised(k, certain, false, worth);
            }
            if promised != 0.0 {
                self.add_promised(k, promised, true, worth);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Linkage, Preferences};
    use crate::testing::{FIRST, SECOND, Side, WEST, packages};
    use demarche_random::sample::Number;

    #[track_caller]
    fn check(side: &Side, rungs: &[u8], expected: f64) {
        let gain = side.gain(rungs);
        assert!((gain - expected).abs() < 1e-12, "{rungs:?} gains {gain}, not {expected}");
    }

    /// East with something of every part: what West promises on the first issue is verified by the
    /// second, the issues hang together, and there are demands, lines, pain, fear and payments.
    fn full() -> Side {
        let mut side = Side::east();
        let first = &mut side.scenario.issues[0];
        (first.obligor, first.needs_credibility) = (Some(WEST), true);
        first.verified_by = Some(SECOND);
        (first.relief.fighting, first.relief.attacks) = (0.3, 0.5);
        side.scenario.issues[1].relief.closure = 0.8;
        let stake = Number::fixed(0.1);
        side.scenario.parties[0].linkages.push(Linkage { issues: (FIRST, SECOND), stake });
        side.valuing = Valuing::Stakes {
            stakes: side.stakes.clone(),
            linkages: vec![((FIRST, SECOND), 0.1)],
            soft_lines: vec![(SoftLine { issue: SECOND, from: 0, to: 1, penalty: stake }, 0.1)],
            cost_of_failure: 0.4,
        };
        side.audience.cost = 0.2;
        side.audience.demands = vec![Some(2), Some(0)];
        side.pain = Pain { fighting: 0.1, closure: 0.2, attacks: 0.3 };
        (side.outside, side.character.temper) = (0.05, 0.02);
        (side.feared, side.guarantee, side.inducement) = (0.5, 1.0, 0.03);
        side
    }

    #[test]
    fn r1_the_gain_is_the_sum_of_its_parts() {
        let side = full();
        let parts = [Part::Stakes, Part::Audience, Part::Relief].map(|part| side.worth(part));
        for package in packages() {
            let sum: f64 = parts.iter().map(|part| part.of(&package)).sum();
            check(&side, package.rungs(2), sum + 0.03 + 0.02 - 0.05);
        }
    }

    #[test]
    fn r1_each_part_is_what_it_is_on_paper() {
        let side = full();
        let at = |part, rungs: &[u8]| side.worth(part).of(&Package::new(rungs));
        let close = |found: f64, on_paper: f64| {
            assert!((found - on_paper).abs() < 1e-12, "{found}, not {on_paper}");
        };
        // Kept, all is worth 0.6 − 0.4 + 0.1 for both together; promised, the first is worth
        // κ̂(τ + (1 − τ)m), m = 1 − e^(−1·1·(1 + 1)), of what it is kept.
        close(at(Part::IfKept, &[2, 2]), 0.3);
        let promise = 0.5 * (0.5 + 0.5 * (1.0 - demarche_random::math::exp(-2.0)));
        close(at(Part::Stakes, &[2, 2]), 0.6 * promise - 0.4 + 0.1);
        // Half of the first demand met, half of the second given up; no line crossed, then one.
        close(at(Part::Audience, &[1, 1]), -0.1);
        close(at(Part::Audience, &[2, 2]), -0.1 - 0.05);
        // All that hurts of fighting is 0.1 + 0.4·0.5.
        close(at(Part::Relief, &[2, 0]), 0.3 * 0.3 + 0.5 * 0.3 * 0.25);
        close(at(Part::Relief, &[0, 1]), 0.8 * 0.2 * 0.5);
    }

    #[test]
    fn r2_what_is_in_force_is_no_gain_and_relieves_nothing() {
        let mut side = full();
        side.in_force = Package::new(&[1, 1]);
        for part in [Part::IfKept, Part::Stakes, Part::Relief] {
            let worth = side.worth(part).of(&side.in_force);
            assert!(worth.abs() < 1e-12, "{part:?} {worth}");
        }
        // What is left are the constant and the demands it leaves unmet.
        check(&side, &[1, 1], 0.03 + 0.02 - 0.05 - 0.1);
        side.audience.cost = 0.0;
        side.inducement = 0.0;
        check(&side, &[1, 1], 0.02 - 0.05);
    }

    #[test]
    fn r3_an_agreement_relieves_what_it_addresses_and_no_more() {
        let mut side = Side::east();
        side.stakes = vec![0.0, 0.0];
        side.pain = Pain { fighting: 0.2, closure: 0.1, attacks: 0.0 };
        side.scenario.issues[0].relief.fighting = 0.75;
        side.scenario.issues[1].relief.fighting = 0.25;
        check(&side, &[1, 0], 0.075);
        check(&side, &[2, 2], 0.2);
    }

    #[test]
    fn r3_relief_from_attacks_is_worth_as_much_as_the_promise() {
        let mut side = Side::east();
        side.stakes = vec![0.0, 0.0];
        side.pain.attacks = 0.4;
        let first = &mut side.scenario.issues[0];
        (first.relief.attacks, first.obligor, first.needs_credibility) = (1.0, Some(WEST), true);
        check(&side, &[2, 0], 0.4 * 0.25);
        side.trust.willing[WEST.ix()] = 1.0;
        check(&side, &[2, 0], 0.4 * 0.5);
        side.trust.able[WEST.ix()] = 0.0;
        check(&side, &[2, 0], 0.0);
    }

    #[test]
    fn r4_own_costs_rise_with_incapacity_and_fall_with_cover_and_company() {
        let mut side = Side::east();
        let second = &mut side.scenario.issues[1];
        (second.cost_falls_with_cover, second.cost_falls_with_guarantee) = (true, true);
        side.dynamics.capacity_cost = 1.0;
        (side.cover, side.guarantee, side.character.capacity) = (1.0, 1.0, 0.0);
        check(&side, &[0, 2], -0.4);
        side.scenario.issues[1].obligor = Some(crate::testing::EAST);
        check(&side, &[0, 2], -0.4 * 1.5 * 0.5 * 0.8);
        side.cover = 0.0;
        check(&side, &[0, 2], -0.4 * 1.5 * 0.8);
        side.guarantee = 0.0;
        check(&side, &[0, 2], -0.4 * 1.5);
        side.character.capacity = 1.0;
        check(&side, &[0, 2], -0.4 * 0.5);
        // What an obligor gains by its own act is no cost.
        side.stakes[1] = 0.4;
        check(&side, &[0, 2], 0.4);
    }

    #[test]
    fn r5_by_tables_the_gain_is_the_utility_over_no_deal() {
        let mut side = Side::east();
        let values = vec![vec![0.0, 0.3, 0.5], vec![0.5, 0.2, 0.0]];
        side.scenario.parties[0].preferences =
            Preferences::Tables { values, reservation: Number::fixed(0.4) };
        side.valuing = Valuing::Tables { no_deal: 0.4 };
        check(&side, &[0, 0], 0.1);
        check(&side, &[2, 0], 0.6);
        check(&side, &[1, 1], 0.1);
        check(&side, &[0, 2], -0.4);
    }
}
