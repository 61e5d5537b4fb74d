//! Insight: a table as one sees it who knows what every side keeps to itself, for explanations.
//!
//! An account takes one text apart, issue by issue and part by part. Valuation adds the same parts
//! up into one number for every package, because that is what a run needs; a test holds the two to
//! each other.

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::system::SystemState;
use bevy_ecs::world::World;
use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_domain::worth::Worth;

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::audience_cost::{demanded, stakes_at_home, unmet};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::Instructing;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::offering::{Reading, taken_for};
use crate::mechanisms::pressure::Pressure;
use crate::mechanisms::red_lines::{RedLines, penalty};
use crate::mechanisms::stalling::{Character, pull};
use crate::mechanisms::valuation::{Circumstances, Gains, Part, Regarding, Valuing, linked_issues};
use crate::roster::Roster;
use crate::scenario::{Issue, Preferences};
use crate::table::{PerTable, Rules, Tables};

/// What a text gains a side over no deal, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Which side.
    pub party: PartyIx,
    /// All together: the sum of all that follows. [gain]
    pub gain: f64,
    /// Issue by issue.
    pub issues: Vec<IssueAccount>,
    /// What issues are worth together beyond each by itself. [gain]
    pub linkages: f64,
    /// What mediators pay. [gain, ≥ 0]
    pub inducement: f64,
    /// What its temper of the day adds. [gain]
    pub temper: f64,
    /// What the outside option takes off. [gain]
    pub outside: f64,
}

/// What one issue of a text gains a side, part by part, counted from what is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IssueAccount {
    /// At face value: as if every promise were kept and no act were harder than another. [gain]
    pub face_value: f64,
    /// What doubt takes off: promises may not be kept. [gain]
    pub credibility: f64,
    /// What being more or less able to do it adds to an own cost. [gain]
    pub capacity: f64,
    /// What of an own cost falls away because a mediator asks for it. [gain]
    pub cover: f64,
    /// What of it falls away because others stand behind it. [gain]
    pub company: f64,
    /// What backing down from a public demand costs. [gain, ≤ 0]
    pub audience: f64,
    /// What crossing a soft line costs. [gain, ≤ 0]
    pub soft_line: f64,
    /// What it takes away of pain and fear. [gain]
    pub relief: f64,
    /// Whether it crosses a red line.
    pub crosses_red_line: bool,
}

impl IssueAccount {
    /// All parts together. [gain]
    #[must_use]
    pub fn gain(&self) -> f64 {
        let own = self.face_value + self.credibility + self.capacity + self.cover + self.company;
        own + self.audience + self.soft_line + self.relief
    }
}

/// One table of a World, for those who may know everything.
pub struct Insight<'a> {
    world: &'a mut World,
    at: usize,
}

impl<'a> Insight<'a> {
    pub(crate) const fn at(world: &'a mut World, at: usize) -> Self {
        Self { world, at }
    }

    fn of<T: Component>(&self, entity: impl Fn(&Roster) -> Entity) -> &T {
        let entity = entity(self.world.resource::<Roster>());
        self.world.get(entity).expect("everyone is seated")
    }

    /// The account that each side would give of a text, as things stand.
    #[must_use]
    pub fn accounts(&mut self, text: &Package) -> Vec<Account> {
        let mut accounts = Vec::new();
        for party in self.parties() {
            let lines = *self.of::<RedLines>(|roster| roster.capital(self.at, party));
            accounts.push(self.regarding(party, |of| account(&of, &lines, text)));
        }
        accounts
    }

    /// The parties at the table.
    pub fn parties(&self) -> impl Iterator<Item = PartyIx> + use<> {
        PartyIx::first(self.world.resource::<Rules>().0.parties.len())
    }

    /// What every package gains a side over no deal. [gain]
    #[must_use]
    pub fn gains(&self, party: PartyIx) -> Worth {
        self.of::<Gains>(|roster| roster.capital(self.at, party)).0.clone()
    }

    /// What another takes the gains of a side to be: by the stakes that it believes in, all else as
    /// it is. [gain]
    #[must_use]
    pub fn believed_gains(&mut self, of: PartyIx, about: PartyIx) -> Worth {
        let reading = *self.of::<Reading>(|roster| roster.delegation(self.at, of));
        let table = self.world.resource::<Tables>().list[self.at].clone();
        let mut estimate = taken_for(&table, (of, about), &reading);
        self.regarding(about, |truth| {
            let mut worth = Worth::zero(&truth.scenario.space, &linked_issues(truth.scenario));
            let stakes: Vec<f64> = truth.stakes.iter().map(|stake| stake * estimate()).collect();
            Circumstances { stakes: &stakes, ..truth }.assess(Part::All, &mut worth);
            if stakes.is_empty() {
                // Where packages are valued by tables, the values of an issue are misread together.
                for issue in truth.scenario.space.issues() {
                    let share = estimate();
                    worth.solo_mut(issue).iter_mut().for_each(|value| *value *= share);
                }
            }
            worth
        })
    }

    /// What talking on is worth to a side beyond its pain. [gain, ≥ 0]
    #[must_use]
    pub fn pull(&self, party: PartyIx) -> f64 {
        let of = |roster: &Roster| roster.capital(self.at, party);
        let (character, pain) = (self.of::<Character>(of), self.of::<Pain>(of));
        let (pressure, instructing) = (self.of::<Pressure>(of), self.of::<Instructing>(of));
        let elapsed = self.world.resource::<PerTable<Clock>>()[self.at].elapsed;
        pull(character, instructing.stalling_weight, elapsed, pain.total(), pressure.0)
    }

    /// What is on the agenda and crosses nobody's red line; nothing, where that is empty.
    #[must_use]
    pub fn signable(&self) -> Option<Region> {
        let agenda = self.world.resource::<PerTable<TextOnTable>>()[self.at].agenda;
        self.parties().try_fold(agenda, |common, party| {
            common.and(&self.of::<RedLines>(|roster| roster.capital(self.at, party)).0)
        })
    }

    fn regarding<T>(&mut self, party: PartyIx, look: impl FnOnce(Circumstances<'_>) -> T) -> T {
        let mut state = SystemState::<Regarding<'_, '_>>::new(self.world);
        let all = state.get(self.world).expect("a furnished World has what a valuation reads");
        look(all.seated().circumstances(self.at, party))
    }
}

fn account(of: &Circumstances<'_>, lines: &RedLines, text: &Package) -> Account {
    let mut issues: Vec<IssueAccount> = of
        .scenario
        .space
        .issues()
        .map(|k| IssueAccount {
            crosses_red_line: !lines.0.admits(k, text.rung(k)),
            ..IssueAccount::default()
        })
        .collect();
    let mut linked = 0.0;
    let no_deal = match of.valuing {
        Valuing::Tables { no_deal } => {
            by_tables(of, text, &mut issues);
            *no_deal
        }
        Valuing::Stakes { linkages, .. } => {
            linked = by_stakes(of, linkages, text, &mut issues);
            of.outside
        }
    };
    let (inducement, temper) = (of.inducement, of.character.temper);
    let parts: f64 = issues.iter().map(IssueAccount::gain).sum();
    let gain = parts + linked + inducement + temper - no_deal;
    Account {
        party: of.party,
        gain,
        issues,
        linkages: linked,
        inducement,
        temper,
        outside: -no_deal,
    }
}

fn by_tables(of: &Circumstances<'_>, text: &Package, issues: &mut [IssueAccount]) {
    let Preferences::Tables { values, .. } = &of.scenario.parties[of.party.ix()].preferences else {
        return;
    };
    for k in of.scenario.space.issues() {
        issues[k.ix()].face_value = values[k.ix()][usize::from(text.rung(k))];
    }
}

/// The parts of every issue; returns what the linkages add.
fn by_stakes(
    of: &Circumstances<'_>,
    linkages: &[((IssueIx, IssueIx), f64)],
    text: &Package,
    issues: &mut [IssueAccount],
) -> f64 {
    let level = |k: IssueIx, package: &Package| {
        of.scenario.issues[k.ix()].levels[usize::from(package.rung(k))]
    };
    for k in of.scenario.space.issues() {
        let (issue, account) = (&of.scenario.issues[k.ix()], &mut issues[k.ix()]);
        let way = level(k, text) - level(k, &of.in_force);
        let (kept, before) = (promised(of, k, text), promised(of, k, &of.in_force));
        let doubt = kept - before - way;
        let stake = of.stakes[k.ix()];
        let [able, covered, joined] = of.cost_factors(issue, stake);
        account.face_value = stake * way;
        account.capacity = stake * way * (able - 1.0);
        account.cover = stake * way * able * (covered - 1.0);
        account.company = stake * way * able * covered * (joined - 1.0);
        account.credibility = stake * able * covered * joined * doubt;
        let [certain, promised] = of.relief(issue);
        account.relief = certain * way + promised * (kept - before);
        account.soft_line = -of
            .soft_lines()
            .filter(|(line, _)| line.issue == k)
            .map(|(line, per_level)| penalty(issue, line, per_level, text.rung(k)))
            .sum::<f64>();
    }
    let demands = demanded(of.audience, of.agenda);
    let n = demands.clone().count();
    for (k, demand) in demands {
        #[expect(clippy::cast_precision_loss, reason = "at most 16 issues")]
        let each = stakes_at_home(of.audience, of.threats, of.cover) / n as f64;
        let issue = &of.scenario.issues[k.ix()];
        issues[k.ix()].audience = -each * unmet(issue, demand, text.rung(k));
    }
    let linked = linkages.iter().map(|&((k, l), stake)| {
        let both = |package: &Package| level(k, package) * level(l, package);
        stake * (both(text) - both(&of.in_force))
    });
    linked.sum()
}

/// The level of an issue in a text, at the worth of the promise that it is.
fn promised(of: &Circumstances<'_>, k: IssueIx, text: &Package) -> f64 {
    let issue: &Issue = &of.scenario.issues[k.ix()];
    let verification = issue.verified_by.map_or(0.0, |verifier| {
        of.scenario.issues[verifier.ix()].levels[usize::from(text.rung(verifier))]
    });
    issue.levels[usize::from(text.rung(k))] * of.promise(issue, verification)
}
