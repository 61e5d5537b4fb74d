//! Measures: what is read off a run once it has ended, for tables of many runs.
//!
//! A run of a batch keeps no chronicle. All that is told of it is counted by the mechanisms as they
//! act, or stands at the table when the run is over; a test holds it to what the chronicle tells.
//! Gains are those of the moment when the last round closed.

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use demarche_domain::index::{IssueIx, OutcomeIx, PartyIx, RoundIx};
use demarche_domain::package::{MAX_ISSUES, Package};
use demarche_domain::region::Region;
use demarche_domain::search::{Search, TOLERANCE, least, product, steps};
use demarche_domain::worth::Worth;
use demarche_record::event::Ending;

use crate::mechanisms::credibility::Trust;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::durability::{Durability, Lasting};
use crate::mechanisms::frontier::Frontier;
use crate::mechanisms::outcome::{Closed, Tally, Verdict};
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::red_lines::RedLines;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::stalling::Character;
use crate::mechanisms::valuation::Gains;
use crate::roster::Roster;
use crate::scenario::Scenario;
use crate::table::{PerTable, Rules, Status, Tables};

/// What is read off a run that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// The class of outcome.
    pub outcome: OutcomeIx,
    /// The last turn, from 0.
    pub last_turn: u32,
    /// The rounds that were held, in order.
    pub rounds: Vec<Closed>,
    /// The round that the end of the run cut off, if one was under way, and the turn it opened in.
    pub under_way: Option<(RoundIx, u32)>,
    /// What is in force.
    pub in_force: Package,
    /// The last text that lay on the table of the last round, if one did.
    pub last_text: Option<Package>,
    /// The issue that blocked, and the side, if there was no agreement in the last round.
    pub blocked: Option<(IssueIx, Option<PartyIx>)>,
    /// By party.
    pub sides: Vec<Side>,
    /// What there was to be had when the last round closed; nothing where none was held.
    pub room: Option<Room>,
    /// Attacks of all groups.
    pub n_attacks: u32,
    /// Those that made the news.
    pub n_salient: u32,
    /// Strikes of all sides.
    pub n_strikes: u32,
    /// Trade that did not pass. [days of full trade, ≥ 0]
    pub trade_days_lost: f64,
    /// Share of the daily trade that can pass at the end. [1, [0, 1]]
    pub open_share: f64,
    /// Fighting at the end. [1, [0, 1]]
    pub fighting: f64,
    /// Whether a truce is in force at the end.
    pub truce: bool,
    /// How long the truce would last; nothing where there is none.
    pub durability: Option<Durability>,
}

impl Measures {
    /// Whether the last round that was held ended in an agreement.
    #[must_use]
    pub fn is_agreed(&self) -> bool {
        self.rounds.last().is_some_and(|closed| closed.ending == Ending::Agreement)
    }
}

/// What is read off one side.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// What the last text would gain it over no deal; nothing where there was none. [gain]
    pub gain: Option<f64>,
    /// Whether its capital wants an agreement, and not just talks.
    pub is_sincere: bool,
    /// What its delegates asked at home, or referred there.
    pub n_requests: u32,
    /// How often its delegates played for time.
    pub n_stalls: u32,
    /// Its trust in each other party that this one is willing, in roster order. [1, [0, 1]]
    pub trust: Vec<f64>,
}

/// What there was to be had: yardsticks over all texts that could have been signed, that is those
/// on the agenda that cross nobody's red line, but for the one that changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// The most that the side with the least gain could have had. [gain]
    pub best_least_gain: f64,
    /// The product of gains by the last text, as a share of the greatest (Nash 1950); 0 where there
    /// was no text or somebody would lose by it, and nothing where no text gains everybody
    /// something. [1, [0, 1]]
    pub nash_share: Option<f64>,
    /// What another text would have added to the gain of every side at once; nothing where there
    /// was no text. [gain, ≥ 0]
    pub short_of_frontier: Option<f64>,
}

/// Reads measures, and keeps its memory from run to run.
#[derive(Debug, Default)]
pub struct Gauge {
    search: Search,
    beyond: Vec<Worth>,
}

impl Gauge {
    /// What is read off a table whose run has ended.
    pub(crate) fn read(&mut self, world: &World, at: usize) -> Measures {
        let table = &world.resource::<Tables>().list[at];
        assert_eq!(table.status, Status::Ended, "the run at table {at} goes on");
        let tally = &world.resource::<PerTable<Tally>>()[at];
        let verdict = &world.resource::<PerTable<Verdict>>()[at];
        let clock = &world.resource::<PerTable<Clock>>()[at];
        let hostilities = &world.resource::<PerTable<Hostilities>>()[at];
        let last_text = verdict.closing.and_then(|(text, _)| text);
        let scene = Scene::of(world, at);
        let frontier = &world.resource::<PerTable<Frontier>>()[at];
        Measures {
            outcome: tally.outcome.expect("a run that has ended has a class of outcome"),
            last_turn: table.turn,
            rounds: tally.endings.clone(),
            under_way: clock.round.map(|round| (round, clock.opened)),
            in_force: world.resource::<PerTable<InForce>>()[at].0,
            last_text,
            blocked: tally.blocked,
            sides: scene.parties().map(|p| scene.side(p, tally, last_text.as_ref())).collect(),
            room: verdict.closing.and_then(|(text, agenda)| self.room(&scene, &agenda, text)),
            n_attacks: tally.n_attacks,
            n_salient: tally.n_salient,
            n_strikes: tally.n_strikes,
            trade_days_lost: frontier.trade_days_lost,
            open_share: frontier.open_share,
            fighting: hostilities.fighting,
            truce: hostilities.truce,
            durability: world.resource::<PerTable<Lasting>>()[at].0,
        }
    }

    /// Nothing where there is no text but the one that changes nothing.
    fn room(&mut self, scene: &Scene<'_>, agenda: &Region, text: Option<Package>) -> Option<Room> {
        let lines = |p| &scene.get::<RedLines>(scene.roster.capital(scene.at, p)).0;
        let region = scene.parties().try_fold(*agenda, |both, p| both.and(lines(p)))?;
        let worths: Vec<&Worth> = scene.parties().map(|p| scene.gains(p)).collect();
        if region.size() < 2 {
            return None;
        }
        let gains: Option<Vec<f64>> = text.map(|text| worths.iter().map(|w| w.of(&text)).collect());
        // What the text itself brings is known, if it is one of those that could have lain there.
        let own = text.filter(|text| region.contains(text) && *text != region.floor);
        let own = own.and(gains.as_deref());
        let known = own.map_or(f64::NEG_INFINITY, |gains| least(gains) - 2.0 * TOLERANCE);
        let (best_least_gain, at) =
            self.most_for_the_least(&region, &worths, known).expect("there are texts");
        let gaining = steps(best_least_gain) > 0.0;
        // Now it is known what that text brings, too.
        let gains_there: Vec<f64> = worths.iter().map(|worth| worth.of(&at)).collect();
        let known = own.map_or(0.0, product).max(product(&gains_there));
        let greatest = if gaining { self.greatest_product(&region, &worths, known) } else { 0.0 };
        let nash_share = (greatest > 0.0)
            .then(|| gains.as_ref().map_or(0.0, |gains| product(gains) / greatest).min(1.0));
        let short_of_frontier =
            gains.map(|gains| self.common_improvement(&region, &worths, &gains));
        Some(Room { best_least_gain, nash_share, short_of_frontier })
    }

    /// The greatest gain of the worse-off side and a text with it, where one brings more than
    /// `known`.
    fn most_for_the_least(
        &mut self,
        region: &Region,
        worths: &[&Worth],
        known: f64,
    ) -> Option<(f64, Package)> {
        // Where another text than the floor is best of all, it is so without the floor, too.
        let most = self.search.maximin_above(region, worths, known)?;
        if most.1 != region.floor {
            return Some(most);
        }
        without_floor(region).fold(None, |most, part| {
            let known = most.map_or(known, |(most, _)| most);
            self.search.maximin_above(&part, worths, known).or(most)
        })
    }

    /// The greatest product of gains, where a text other than the floor has one of `known`.
    fn greatest_product(&mut self, region: &Region, worths: &[&Worth], known: f64) -> f64 {
        let floors = vec![0.0; worths.len()];
        let mut best = |of: &Region| {
            let found = self.search.nash_above(of, worths, &floors, known).first().copied()?;
            let gains: Vec<f64> = worths.iter().map(|worth| worth.of(&found)).collect();
            Some((found, product(&gains)))
        };
        match best(region) {
            Some((found, greatest)) if found != region.floor => greatest,
            _ => without_floor(region)
                .filter_map(|part| best(&part))
                .map(|b| b.1)
                .fold(0.0, f64::max),
        }
    }

    /// The most that some other text adds to every gain at once, at least 0.
    fn common_improvement(&mut self, region: &Region, worths: &[&Worth], gains: &[f64]) -> f64 {
        let mut beyond = std::mem::take(&mut self.beyond);
        beyond.resize_with(worths.len(), || worths[0].clone());
        for ((beyond, worth), gain) in beyond.iter_mut().zip(worths).zip(gains) {
            beyond.clone_from(worth);
            beyond.constant -= gain;
        }
        let refs: Vec<&Worth> = beyond.iter().collect();
        let most = self.most_for_the_least(region, &refs, 0.0);
        self.beyond = beyond;
        most.map_or(0.0, |(most, _)| most)
    }
}

/// A region without the package at its floor: in parts that have nothing in common.
fn without_floor(region: &Region) -> impl Iterator<Item = Region> + use<> {
    let region = *region;
    let above = move |k: &IssueIx| region.floor.rung(*k) < region.ceiling.rung(*k);
    IssueIx::first(MAX_ISSUES).filter(above).map(move |first| {
        // The first issue on which a package is above the floor is this one.
        let mut part = region;
        part.floor.set(first, region.floor.rung(first) + 1);
        for before in IssueIx::first(first.ix()) {
            part.ceiling.set(before, region.floor.rung(before));
        }
        part
    })
}

/// A table whose run has ended.
struct Scene<'a> {
    world: &'a World,
    at: usize,
    scenario: &'a Scenario,
    roster: &'a Roster,
}

impl<'a> Scene<'a> {
    fn of(world: &'a World, at: usize) -> Self {
        let (scenario, roster) = (&*world.resource::<Rules>().0, world.resource::<Roster>());
        Self { world, at, scenario, roster }
    }

    fn parties(&self) -> impl Iterator<Item = PartyIx> + Clone + use<> {
        PartyIx::first(self.scenario.parties.len())
    }

    fn get<T: Component>(&self, entity: Entity) -> &'a T {
        self.world.get(entity).expect("everyone is seated")
    }

    fn gains(&self, party: PartyIx) -> &'a Worth {
        &self.get::<Gains>(self.roster.capital(self.at, party)).0
    }

    fn side(&self, party: PartyIx, tally: &Tally, text: Option<&Package>) -> Side {
        let capital = self.roster.capital(self.at, party);
        let trust: &Trust = self.get(capital);
        Side {
            gain: text.map(|text| self.gains(party).of(text)),
            is_sincere: self.get::<Character>(capital).is_sincere,
            n_requests: tally.n_requests[party.ix()],
            n_stalls: tally.n_stalls[party.ix()],
            trust: self.parties().filter(|o| *o != party).map(|o| trust.willing[o.ix()]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_domain::package::PackageSpace;

    #[test]
    fn a_region_without_its_floor_is_all_of_it_but_one_package() {
        let space = PackageSpace::new(&[3, 1, 4, 2]).unwrap();
        let mut region = Region::all(&space);
        region.floor = Package::new(&[1, 0, 1, 0]);
        let parts: Vec<Region> = without_floor(&region).collect();
        for place in 0..u32::try_from(region.size()).unwrap() {
            let package = region.package(4, place);
            let n = parts.iter().filter(|part| part.contains(&package)).count();
            assert_eq!(n, usize::from(package != region.floor), "{package:?}");
        }
        assert_eq!(parts.iter().map(Region::size).sum::<usize>(), region.size() - 1);
    }
}
