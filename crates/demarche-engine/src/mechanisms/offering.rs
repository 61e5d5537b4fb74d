//! Offering: choosing the next offer.
//!
//! # Rules
//! - **R1** Of all packages that may be signed and reach the aspiration, the offer is the one
//!   closest to the others' last stand, issues weighted by the believed stakes of the others;
//!   before anybody has taken a stand, the best for oneself. [faratin2002, trade-off]
//! - **R2** By the other convention it is the package worth least above the aspiration.
//!   [mohammad2021, NegMAS 0.16, time-based negotiators]
//! - **R3** Of equal packages the first is taken, or one is drawn, as the scenario chooses. [ours:
//!   no result should hang on the order of a list unseen]
//! - **R4** Others' stakes are believed with an error that messages halve one by one. [ours:
//!   misreading is what communication by a mediator can mend]
//! - **R5** Over a mediator's single text a stand moves from one's last one toward the others',
//!   issue by issue, and only to give up something of one's own; where offers are put in turn, each
//!   turn has its offer. [fisher1978: sides comment, they do not haggle]
//! - **R6** Where a mediator keeps the text and all sides have put the same package, which no home
//!   has refused, that is the text, accepted by all. [ours: nobody need draft what all ask for]
//!
//! # Departures
//! Faratin et al. search hill-climbing on a fuzzy similarity; here the search is exact over the
//! rungs.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::ranking::Ranking;
use demarche_domain::region::Region;
use demarche_domain::search::{Search, TOLERANCE};
use demarche_domain::worth::Worth;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use tracing::{debug, trace};

use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::concession::Aspiration;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::Mandate;
use crate::mechanisms::red_lines::{RedLines, signable};
use crate::mechanisms::valuation::{Gains, Valuing};
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::{Offering, Preferences, Scenario, Ties, Variant};
use crate::seated::Seated;
use crate::table::{Narration, PerTable, Rules, Table, Tables};

/// Where a party stands. -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// The last package that it put to the others in this round.
    pub stand: Option<Package>,
}

/// What a delegation would put next. -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct NextOffer {
    /// The package, if anything that may be signed reaches the aspiration.
    pub package: Option<Package>,
    /// What it would gain. [gain]
    pub gain: f64,
    /// Whether it is closer to the others' stands than one's own last stand.
    pub is_closer: bool,
}

/// How well a delegation reads the others. -- state and parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Error in its idea of the others' stakes before any message. [1]
    pub misreading: f64,
    /// Messages that it had of each other.
    pub messages: [u32; MAX_PARTIES],
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(choose.in_set(crate::turn::Phase::Offer));
}

pub(crate) fn install_proposing(schedule: &mut Schedule) {
    schedule.add_systems(propose.in_set(crate::turn::Phase::Propose));
}

/// R4: what a party takes the stakes of another to be, as shares of what they are, issue by issue.
/// [1, ≥ 0]
pub(crate) fn taken_for(
    table: &Table,
    (of, about): (PartyIx, PartyIx),
    reading: &Reading,
) -> impl FnMut() -> f64 + use<> {
    let mut draws = first_turn(table).draws(Purpose::Estimate, of.ix() * MAX_PARTIES + about.ix());
    let (misreading, messages) = (reading.misreading, reading.messages[about.ix()]);
    move || estimate(misreading, messages, draws.uniform())
}

/// R4, from a draw in [0, 1).
fn estimate(misreading: f64, messages: u32, u: f64) -> f64 {
    let error = misreading * math::pow(0.5, f64::from(messages));
    1.0 + error * (2.0 * u - 1.0)
}

/// The stakes of a party, or the span of its values where it values by tables.
fn stake_of(scenario: &Scenario, valuing: &Valuing, party: PartyIx, issue: IssueIx) -> f64 {
    match (valuing, &scenario.parties[party.ix()].preferences) {
        (Valuing::Stakes { stakes, .. }, _) => stakes[issue.ix()],
        (_, crate::scenario::Preferences::Tables { values, .. }) => {
            let of = &values[issue.ix()];
            let most = of.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            most - of.iter().copied().fold(f64::INFINITY, f64::min)
        }
        (Valuing::Tables { .. }, _) => 0.0,
    }
}

/// R1: how near each package is to the others' stands, as a worth.
struct Nearness<'a> {
    scenario: &'a Scenario,
    table: &'a Table,
    at: usize,
    roster: &'a Roster,
    positions: &'a Seated<'a, &'a [Position], PartyIx>,
    valuing: &'a Seated<'a, &'a [Valuing], PartyIx>,
}

impl Nearness<'_> {
    /// Where the others stand.
    fn stands(&self, party: PartyIx) -> impl Iterator<Item = Package> {
        let others = self.roster.parties().filter(move |other| *other != party);
        others.filter_map(|other| self.positions.get(self.at, other).stand)
    }

    /// Writes the nearness for one party. Returns whether anybody has taken a stand.
    fn write(&self, party: PartyIx, reading: &Reading, nearness: &mut Worth) -> bool {
        nearness.clear();
        let mut taken = false;
        for other in self.roster.parties().filter(|other| *other != party) {
            let place = self.positions.get(self.at, other);
            let Some(stand) = place.stand else { continue };
            taken = true;
            let valuing = self.valuing.get(self.at, other);
            let mut estimate = taken_for(self.table, (party, other), reading);
            for issue in self.scenario.space.issues() {
                let stake = stake_of(self.scenario, valuing, other, issue);
                let weight = stake.abs() * estimate();
                let levels = &self.scenario.issues[issue.ix()].levels;
                let stood = levels[usize::from(stand.rung(issue))];
                for (solo, level) in nearness.solo_mut(issue).iter_mut().zip(levels) {
                    *solo -= weight * (level - stood).abs();
                }
            }
        }
        taken
    }
}

/// A table as it was in turn 0: what is drawn once for a run is drawn there.
fn first_turn(table: &Table) -> Table {
    Table { turn: 0, ..table.clone() }
}

fn choose(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (texts, clocks): (Res<PerTable<TextOnTable>>, Res<PerTable<Clock>>),
    capitals: Query<(&Gains, &RedLines)>,
    (positions, valuing): (Query<&Position>, Query<&Valuing>),
    delegations: Query<(&mut NextOffer, &Aspiration, &Mandate, &Reading)>,
    (mut search, mut nearness): (Local<Search>, Local<Option<Worth>>),
    mut rankings: Local<Rankings>,
) {
    let capitals = roster.seated(capitals);
    let positions = roster.seated(positions);
    let valuing = roster.seated(valuing);
    let mut delegations = roster.seated(delegations);
    let scenario = &*rules.0;
    let nearness = nearness.get_or_insert_with(|| Worth::zero(&scenario.space, &[]));
    let is_single_text = scenario.protocol.variant == Variant::MediatedSingleText;
    for (at, table) in tables.here() {
        if texts[at].is_closed() {
            continue;
        }
        for p in tables.movers(at) {
            let (gains, lines) = capitals.get(at, p);
            let (next, aspiration, mandate, reading) = delegations.get_mut(at, p);
            let side = at * MAX_PARTIES + p.ix();
            if clocks[at].just_opened {
                rankings.forget(side);
            }
            let Some(region) = signable(&mandate.0, &texts[at].agenda, lines) else {
                *next = NextOffer::default();
                continue;
            };
            let others = Nearness {
                scenario,
                table,
                at,
                roster: &roster,
                positions: &positions,
                valuing: &valuing,
            };
            let anyone = scenario.protocol.offering == Offering::ClosestToOther
                && others.write(p, reading, nearness);
            let favour = anyone.then_some(&*nearness);
            let own = positions.get(at, p).stand;
            let region = match own.filter(|_| is_single_text) {
                Some(own) => onward(&region, &own, others.stands(p)),
                None => region,
            };
            let target = aspiration.target;
            let found = match scenario.protocol.offering {
                Offering::LowestAboveTarget if is_lasting(scenario, p) => {
                    rankings.of(side, &region, &gains.0).lowest_above(&gains.0, target)
                }
                _ => reaching(&mut search, scenario, &region, gains, target, favour),
            };
            let package = take(found, scenario.protocol.ties, table, p);
            next.gain = package.map_or(0.0, |package| gains.0.of(&package));
            next.package = package;
            next.is_closer = is_closer(favour, &gains.0, own, package);
            trace!(
                party = %tables.named(&p), package = %tables.named(&package), gain = next.gain,
                aspiration = aspiration.target, is_closer = next.is_closer, "next offer chosen",
            );
        }
    }
}

/// R5: of a region, what lies between one's own last stand and the others' on every issue. What
/// was conceded is not taken back; where the mandate no longer allows that, it goes first.
fn onward(region: &Region, own: &Package, others: impl Iterator<Item = Package>) -> Region {
    let mut between = Region { floor: *own, ceiling: *own };
    for other in others {
        for issue in IssueIx::first(demarche_domain::package::MAX_ISSUES) {
            between = between.reaching(issue, other.rung(issue));
        }
    }
    region.and(&between).unwrap_or(*region)
}

/// R5.
fn is_closer(
    nearness: Option<&Worth>,
    gains: &Worth,
    own: Option<Package>,
    next: Option<Package>,
) -> bool {
    match (nearness, own, next) {
        (_, None, Some(_)) => true,
        (Some(near), Some(own), Some(next)) => {
            near.of(&next) > near.of(&own) + TOLERANCE && gains.of(&next) < gains.of(&own)
        }
        _ => false,
    }
}

/// Whether what a side may sign, and what that is worth to it, stays as it is for a whole round: it
/// values by tables and has no capital to ask.
fn is_lasting(scenario: &Scenario, party: PartyIx) -> bool {
    let by_tables = matches!(scenario.parties[party.ix()].preferences, Preferences::Tables { .. });
    by_tables && scenario.protocol.variant == Variant::DelegatesMaySign
}

/// Rankings for what is lasting, kept from run to run, each made when first asked for.
#[derive(Default)]
struct Rankings {
    all: Vec<Ranking>,
    /// The one that each side asked last, in this round.
    last: Vec<Option<usize>>,
}

impl Rankings {
    /// Forgets which ranking a side asked: a round has opened, or a run begun.
    fn forget(&mut self, side: usize) {
        self.last.resize(self.last.len().max(side + 1), None);
        self.last[side] = None;
    }

    /// The ranking of a region by the worth of a side, which is lasting.
    fn of(&mut self, side: usize, region: &Region, worth: &Worth) -> &mut Ranking {
        let last = self.last[side].filter(|at| self.all[*at].region() == region);
        let at = last.unwrap_or_else(|| {
            let known = self.all.iter().position(|ranking| ranking.is_of(region, worth));
            known.unwrap_or_else(|| {
                self.all.push(Ranking::of(region, worth));
                self.all.len() - 1
            })
        });
        self.last[side] = Some(at);
        &mut self.all[at]
    }
}

/// R1 and R2.
fn reaching<'a>(
    search: &'a mut Search,
    scenario: &Scenario,
    region: &Region,
    gains: &Gains,
    target: f64,
    favour: Option<&Worth>,
) -> &'a [Package] {
    match (scenario.protocol.offering, favour) {
        (Offering::LowestAboveTarget, _) => search.lowest_above(region, &gains.0, target),
        (_, Some(favour)) => search.best_above(region, &gains.0, target, favour),
        (_, None) => search.best_above(region, &gains.0, target, &gains.0),
    }
}

/// R3.
fn take(found: &[Package], ties: Ties, table: &Table, party: PartyIx) -> Option<Package> {
    match ties {
        Ties::Drawn if found.len() > 1 => {
            Some(found[table.draws(Purpose::Tie, party.ix()).choose(found.len())])
        }
        _ => found.first().copied(),
    }
}

fn propose(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (orders, delegations): (Res<PerTable<Orders>>, Query<&Aspiration>),
    (gains, positions): (Query<&Gains>, Query<&mut Position>),
    mut texts: ResMut<PerTable<TextOnTable>>,
    mut narration: ResMut<Narration>,
) {
    let delegations = roster.seated(delegations);
    let gains = roster.seated(gains);
    let mut positions = roster.seated(positions);
    for (at, table) in tables.here() {
        let on_table = &mut texts[at];
        for party in tables.movers(at) {
            for decision in orders[at].of(Seat::Delegation(party)) {
                let &Decision::Propose { package } = decision else { continue };
                positions.get_mut(at, party).stand = Some(package);
                // Where a mediator keeps the text, a proposal is only a stand; and the proposal is
                // the text where nobody has drafted one.
                let direct = rules.0.protocol.variant != Variant::MediatedSingleText;
                if direct || on_table.text.is_none() {
                    on_table.table(package, Author::Party(party), table.turn);
                    on_table.accepted[party.ix()] = true;
                    on_table.confirmed[party.ix()] = true;
                }
                let gain = gains.get(at, party).0.of(&package);
                let aspiration = delegations.get(at, party).target;
                debug!(
                    party = %tables.named(&party), package = %tables.named(&package), gain,
                    aspiration, "offer put",
                );
                narration.note(at, table, || Event::OfferTabled {
                    party,
                    package,
                    gain,
                    aspiration,
                });
            }
        }
        if rules.0.protocol.variant != Variant::MediatedSingleText {
            continue;
        }
        let stand = |p| positions.get(at, p).stand;
        let common = common_stand(roster.parties().map(|p| (p, stand(p))));
        if let Some((text, last)) = common.filter(|(text, _)| is_news(on_table, *text)) {
            if on_table.text != Some(text) {
                debug!(text = %tables.named(&text), "same package put by all");
                on_table.table(text, Author::Party(last), table.turn);
            }
            for p in roster.parties() {
                on_table.accepted[p.ix()] = true;
                on_table.confirmed[p.ix()] = true;
            }
        }
    }
}

/// R6: whether a package is nobody else's text and was refused at no home.
fn is_news(on_table: &TextOnTable, text: Package) -> bool {
    let is_drafted = on_table.text == Some(text) && on_table.by.party().is_none();
    let mut refused = on_table.refusals.iter().flat_map(|of| of.iter());
    !is_drafted && refused.all(|refused| refused != text)
}

/// R6: the package that all have put, with the last of them.
fn common_stand(
    mut stands: impl Iterator<Item = (PartyIx, Option<Package>)>,
) -> Option<(Package, PartyIx)> {
    let (first, stand) = stands.next()?;
    stands.try_fold((stand?, first), |(common, _), (p, stand)| {
        (stand == Some(common)).then_some((common, p))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_domain::package::PackageSpace;
    use demarche_record::format::Lineage;
    use demarche_record::seat::Stage;

    fn split() -> (PackageSpace, Worth) {
        let space = PackageSpace::new(&[11]).unwrap();
        let mut worth = Worth::zero(&space, &[]);
        for (rung, solo) in (0_u8..).zip(worth.solo_mut(IssueIx(0))) {
            *solo = f64::from(rung) / 10.0;
        }
        (space, worth)
    }

    /// What is offered above 0.65.
    fn offered(
        by: Offering,
        space: &PackageSpace,
        own: &Worth,
        near: Option<&Worth>,
    ) -> Vec<Package> {
        let mut scenario = crate::testing::plain_scenario();
        scenario.protocol.offering = by;
        let (all, gains) = (Region::all(space), Gains(own.clone()));
        reaching(&mut Search::default(), &scenario, &all, &gains, 0.65, near).to_vec()
    }

    #[test]
    fn r1_the_offer_reaches_the_aspiration_and_goes_toward_the_other() {
        let (space, worth) = split();
        let mut near = Worth::zero(&space, &[]);
        for (rung, solo) in (0_u8..).zip(near.solo_mut(IssueIx(0))) {
            *solo = -f64::from(rung);
        }
        let found = |near| offered(Offering::ClosestToOther, &space, &worth, near);
        assert_eq!(found(Some(&near)), [Package::new(&[7])]);
        assert_eq!(found(None), [Package::new(&[10])], "nobody has taken a stand");
    }

    #[test]
    fn r2_the_other_convention_takes_the_lowest() {
        let (space, worth) = split();
        let found = offered(Offering::LowestAboveTarget, &space, &worth, None);
        assert_eq!(found, [Package::new(&[7])]);
    }

    #[test]
    fn r6_what_all_ask_for_is_the_text() {
        let [one, other] = [1, 2].map(|rung| Some(Package::new(&[rung])));
        let stands = |stands: [Option<Package>; 2]| {
            common_stand([PartyIx(0), PartyIx(1)].into_iter().zip(stands))
        };
        assert_eq!(stands([one, one]), one.map(|text| (text, PartyIx(1))));
        assert_eq!(stands([one, other]), None);
        assert_eq!(stands([one, None]), None);
        assert_eq!(stands([None, None]), None);
        let mut on_table = crate::testing::text_on_table(Some(&[1]));
        let [one, other] = [one, other].map(Option::unwrap);
        assert!(is_news(&on_table, other) && !is_news(&on_table, one), "a mediator has put it");
        on_table.table(one, Author::Party(PartyIx(0)), 0);
        assert!(is_news(&on_table, one), "a side has");
        on_table.refuse(PartyIx(1));
        assert!(!is_news(&on_table, one), "and a home refused it");
    }

    #[test]
    fn r3_equal_packages_the_first_or_a_drawn_one() {
        let lineage = Lineage { seed: 1, branch: None, over_ranges: None };
        let (status, stage) = (crate::table::Status::Running, Stage::Delegations);
        let found: Vec<Package> = (0..9).map(|rung| Package::new(&[rung])).collect();
        let at = |turn, ties| {
            let table = Table { status, turn, stage, mover: 0, lineage };
            take(&found, ties, &table, PartyIx(0)).unwrap()
        };
        assert!((0..50).all(|turn| at(turn, Ties::FirstPackage) == found[0]));
        let drawn: std::collections::BTreeSet<_> = (0..200).map(|t| at(t, Ties::Drawn)).collect();
        assert_eq!(drawn.len(), 9);
    }

    #[test]
    fn r5_a_stand_is_only_changed_for_a_closer_one_that_costs_something() {
        let (space, near) = split();
        let mut gains = Worth::zero(&space, &[]);
        for (rung, solo) in (0_u8..).zip(gains.solo_mut(IssueIx(0))) {
            *solo = -f64::from(rung);
        }
        let package = |rung| Some(Package::new(&[rung]));
        let changes = |own, next| is_closer(Some(&near), &gains, own, next);
        assert!(changes(None, package(3)));
        assert!(changes(package(3), package(4)));
        assert!(!changes(package(3), package(3)) && !changes(package(3), package(2)));
        assert!(!is_closer(Some(&near), &near, package(3), package(4)), "it gives nothing up");
        assert!(!is_closer(None, &gains, package(3), package(4)), "nobody else took a stand");
        let (own, other) = (Package::new(&[3]), Package::new(&[7]));
        let between = onward(&Region::all(&space), &own, std::iter::once(other));
        assert!(between.contains(&Package::new(&[5])) && !between.contains(&Package::new(&[2])));
    }

    #[test]
    fn r4_messages_mend_misreading() {
        assert_eq!(estimate(0.0, 0, 0.9), 1.0);
        let error = |messages| (estimate(0.8, messages, 0.9) - 1.0_f64).abs();
        assert!(error(0) > error(1) && error(1) > error(4));
    }
}
