//! Seating: from a scenario and a seed to a table where everyone sits.
//!
//! Every number of the scenario is resolved here, once a run: fixed ones to their value, uncertain
//! ones to the reference or to a draw from their range, chance ones to a draw. Components are
//! overwritten in place, so a table that ended can be laid for the next run.

use bevy_ecs::prelude::*;
use demarche_domain::index::{ConstituencyIx, GroupIx, MAX_PARTIES, MediatorIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_domain::worth::Worth;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_random::sample::Number;
use demarche_random::seed::RunSeed;
use demarche_record::event::Event;
use demarche_record::format::Lineage;
use demarche_record::seat::Stage;

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::attacks::{Excitement, Militancy, Struck};
use crate::mechanisms::audience_cost::{Audience, Threats};
use crate::mechanisms::concession::{Aspiration, ConcessionExponent};
use crate::mechanisms::cover::Cover;
use crate::mechanisms::credibility::Trust;
use crate::mechanisms::deadline::{Clock, RoundPlan};
use crate::mechanisms::durability::{Backing, Covariates, DurabilityClock, Lasting};
use crate::mechanisms::frontier::{CrossingsConduct, Frontier, share_now};
use crate::mechanisms::guarantee::Guarantee;
use crate::mechanisms::inducement::Inducements;
use crate::mechanisms::instructions::{Authority, Instructing, Mandate, Request};
use crate::mechanisms::mediation::Engagement;
use crate::mechanisms::no_deal::{Hardship, OutsideOption, Pain};
use crate::mechanisms::offering::{NextOffer, Position, Reading};
use crate::mechanisms::outcome::{Tally, Verdict};
use crate::mechanisms::patience::Patience;
use crate::mechanisms::pressure::Pressure;
use crate::mechanisms::ratification::{Consent, InForce};
use crate::mechanisms::reciprocity::Reciprocity;
use crate::mechanisms::red_lines::RedLines;
use crate::mechanisms::retaliation::{Force, Hostilities};
use crate::mechanisms::ripeness::Ripeness;
use crate::mechanisms::shock::Shocks;
use crate::mechanisms::stalling::Character;
use crate::mechanisms::statements::Rhetoric;
use crate::mechanisms::trust::Impressions;
use crate::mechanisms::valuation::{Gains, Valuing, linked_issues};
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::{Effect, Party, Preferences, Scenario, When};
use crate::table::{Narration, PerTable, Rules, Status, Tables};

/// The world's numbers in one run: see `scenario::World` for meaning and unit. -- parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Dynamics {
    pub calming_under_truce: f64,
    pub calming_without_truce: f64,
    pub strike_escalation: f64,
    pub truce_breaks_at: f64,
    pub fighting_if_talks_fail: f64,
    pub threat_escalation: f64,
    pub pain_retention: f64,
    pub enforcement: f64,
    pub capacity_cost: f64,
    pub expected_strikes: f64,
    pub concession: f64,
    pub stalling: f64,
    pub reneging: f64,
    pub walking_out: f64,
    pub blame: f64,
    pub goodwill: f64,
    pub message: f64,
    pub waiting: f64,
    pub refusal: f64,
    pub stalling_patience: f64,
    pub struck: f64,
    pub movement: f64,
    pub mediation: f64,
    pub cooling: f64,
    pub late_from: f64,
    pub window_days: f64,
    pub leverage_left: f64,
    pub pressure_retention: f64,
    pub worth_of_another_round: f64,
}

/// Numbers in place of those that a scenario gives, for runs that ask what would have been.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Addresses of numbers ([`Number::address`]) and what they are, in the engine's units.
    pub numbers: Vec<(u32, f64)>,
}

impl Settings {
    fn of(&self, number: &Number) -> Option<f64> {
        let set = self.numbers.iter().find(|(address, _)| *address == number.address);
        set.map(|(_, value)| *value)
    }
}

/// Turns numbers of a scenario into those of one run.
#[derive(Clone, Copy)]
struct Resolver<'a> {
    seed: RunSeed,
    over_ranges: Option<RunSeed>,
    set: &'a Settings,
}

impl Resolver<'_> {
    fn get(self, number: &Number) -> f64 {
        if let Some(value) = self.set.of(number) {
            return value;
        }
        number.in_run(self.seed, self.over_ranges)
    }

    fn all(self, numbers: &[Number]) -> Vec<f64> {
        numbers.iter().map(|number| self.get(number)).collect()
    }

    /// Stakes of one run: shares that add up to 1, also where some were drawn or set.
    fn stakes(self, numbers: &[Number]) -> Vec<f64> {
        let mut stakes = self.all(numbers);
        let are_given = stakes.iter().zip(numbers).all(|(stake, n)| *stake == n.reference);
        let sum: f64 = stakes.iter().map(|stake| stake.abs()).sum();
        if !are_given && sum > 0.0 {
            stakes.iter_mut().for_each(|stake| *stake /= sum);
        }
        stakes
    }

    fn row(self, numbers: &[Number]) -> [f64; MAX_PARTIES] {
        let mut row = [0.0; MAX_PARTIES];
        for (place, number) in row.iter_mut().zip(numbers) {
            *place = self.get(number);
        }
        row
    }
}

/// Lays so many empty tables in a World. Everybody is seated once, table by table, so that all have
/// their components from now on and lie in the order of the roster.
pub(crate) fn lay(world: &mut World, n_tables: usize) {
    furnish(world, n_tables);
    let lineage = Lineage { seed: 0, branch: None, over_ranges: None };
    for at in 0..n_tables {
        seat(world, at, lineage, false, &Settings::default());
    }
    furnish(world, n_tables);
}

/// Puts the resources of empty tables into a World.
fn furnish(world: &mut World, n_tables: usize) {
    let rules = world.resource::<Rules>().clone();
    world.insert_resource(Tables::new(rules, n_tables));
    world.insert_resource(Narration(vec![Default::default(); n_tables]));
    fn each<T: Clone + Send + Sync + 'static>(world: &mut World, n: usize, value: T) {
        world.insert_resource(PerTable(vec![value; n]));
    }
    each(world, n_tables, Dynamics::default());
    each(world, n_tables, Orders::default());
    each(world, n_tables, Clock::default());
    each(world, n_tables, Shocks::default());
    each(world, n_tables, Struck::default());
    each(world, n_tables, Hostilities::default());
    each(world, n_tables, Frontier::default());
    each(world, n_tables, InForce(Package::STATUS_QUO));
    each(world, n_tables, TextOnTable::closed(Package::STATUS_QUO));
    each(world, n_tables, Moves::default());
    each(world, n_tables, Impressions::default());
    each(world, n_tables, Guarantee::default());
    each(world, n_tables, Backing::default());
    each(world, n_tables, Cover::default());
    each(world, n_tables, Inducements::default());
    each(world, n_tables, Ripeness::default());
    each(world, n_tables, Tally::default());
    each(world, n_tables, Verdict::default());
    each(world, n_tables, Lasting::default());
    let covariates = Covariates::default();
    each(world, n_tables, DurabilityClock { bare_30_days: 0.5, shape: 1.0, covariates });
}

/// Seats a run at a table.
pub(crate) fn seat(world: &mut World, at: usize, lineage: Lineage, narrate: bool, set: &Settings) {
    let scenario = world.resource::<Rules>().0.clone();
    let (seed, over_ranges) = (RunSeed(lineage.seed), lineage.over_ranges.map(RunSeed));
    let resolver = Resolver { seed, over_ranges, set };
    lay_table(world, at, &scenario, resolver);
    for party in PartyIx::first(scenario.parties.len()) {
        seat_party(world, at, &scenario, party, resolver);
    }
    seat_mediators(world, at, &scenario, resolver);
    seat_groups(world, at, &scenario, resolver);
    plan_rounds(world, at, &scenario, resolver);
    world.resource_mut::<PerTable<Orders>>()[at].renew();
    let narrator = &mut world.resource_mut::<Narration>().0[at];
    narrator.is_on = narrate;
    narrator.chronicle.entries.clear();
    let table = &mut world.resource_mut::<Tables>().list[at];
    (table.status, table.turn, table.stage, table.mover) = (Status::Running, 0, Stage::World, 0);
    table.lineage = lineage;
    introduce(world, at, scenario.parties.len());
}

/// Notes what was drawn of each capital.
fn introduce(world: &mut World, at: usize, n_parties: usize) {
    for party in PartyIx::first(n_parties) {
        let capital = world.resource::<Roster>().capital(at, party);
        let &Character { is_sincere: sincere, capacity, stall_value, temper } =
            world.get(capital).expect("capitals are seated");
        let table = world.resource::<Tables>().list[at].clone();
        world.resource_mut::<Narration>().note(at, &table, || Event::CapitalDrawn {
            party,
            sincere,
            capacity,
            stall_value,
            temper,
        });
    }
}

fn lay_table(world: &mut World, at: usize, scenario: &Scenario, resolver: Resolver<'_>) {
    let rates = scenario.shocks.iter().map(|shock| match &shock.when {
        When::Chance(rate) => resolver.get(rate),
        When::Turn(_) | When::Injected => 0.0,
    });
    let rates = rates.collect();
    let number = |effect: &Effect| match effect {
        Effect::Attack { severity: number, .. } | Effect::Trust { odds: number, .. } => {
            resolver.get(number)
        }
        _ => 0.0,
    };
    let numbers = scenario.shocks.iter().map(|shock| shock.effects.iter().map(number).collect());
    let shocks = Shocks { rates, numbers: numbers.collect(), ..Shocks::default() };
    world.resource_mut::<PerTable<Shocks>>()[at] = shocks;
    let hostilities = Hostilities {
        fighting: resolver.get(&scenario.world.fighting),
        truce: scenario.world.truce,
        is_interim: scenario.world.truce && scenario.world.truce_lapses_after.is_some(),
        ..Hostilities::default()
    };
    world.resource_mut::<PerTable<Hostilities>>()[at] = hostilities;
    world.resource_mut::<PerTable<Dynamics>>()[at] = dynamics(scenario, resolver);
    world.resource_mut::<PerTable<DurabilityClock>>()[at] = durability(scenario, resolver);
    world.resource_mut::<PerTable<Frontier>>()[at] = frontier(scenario, resolver);
    world.resource_mut::<PerTable<InForce>>()[at] = InForce(Package::STATUS_QUO);
    world.resource_mut::<PerTable<TextOnTable>>()[at] = TextOnTable::closed(Package::STATUS_QUO);
    world.resource_mut::<PerTable<Clock>>()[at] = Clock::default();
    world.resource_mut::<PerTable<Struck>>()[at] = Struck::default();
    world.resource_mut::<PerTable<Moves>>()[at] = Moves::default();
    world.resource_mut::<PerTable<Impressions>>()[at].begin(scenario.parties.len());
    world.resource_mut::<PerTable<Guarantee>>()[at] = Guarantee::default();
    world.resource_mut::<PerTable<Backing>>()[at] = Backing::default();
    world.resource_mut::<PerTable<Cover>>()[at] = Cover::default();
    world.resource_mut::<PerTable<Inducements>>()[at] = Inducements::default();
    world.resource_mut::<PerTable<Ripeness>>()[at] = Ripeness::default();
    world.resource_mut::<PerTable<Tally>>()[at] = Tally::default();
    world.resource_mut::<PerTable<Verdict>>()[at] = Verdict::default();
    world.resource_mut::<PerTable<Lasting>>()[at] = Lasting::default();
}

fn dynamics(scenario: &Scenario, resolver: Resolver<'_>) -> Dynamics {
    let world = &scenario.world;
    let get = |number| resolver.get(number);
    Dynamics {
        calming_under_truce: get(&world.calming_under_truce),
        calming_without_truce: get(&world.calming_without_truce),
        strike_escalation: get(&world.strike_escalation),
        truce_breaks_at: get(&world.truce_breaks_at),
        fighting_if_talks_fail: get(&world.fighting_if_talks_fail),
        threat_escalation: get(&world.threat_escalation),
        // A share a day, and here a share a turn.
        pain_retention: math::pow(get(&world.pain_retention), scenario.turn_days),
        enforcement: get(&world.enforcement),
        capacity_cost: get(&world.capacity_cost),
        expected_strikes: get(&world.expected_strikes),
        concession: get(&world.beliefs.concession),
        stalling: get(&world.beliefs.stalling),
        reneging: get(&world.beliefs.reneging),
        walking_out: get(&world.beliefs.walking_out),
        blame: get(&world.beliefs.blame),
        goodwill: get(&world.beliefs.goodwill),
        message: get(&world.beliefs.message),
        waiting: get(&world.tempers.waiting),
        refusal: get(&world.tempers.refusal),
        stalling_patience: get(&world.tempers.stalling),
        struck: get(&world.tempers.struck),
        movement: get(&world.tempers.movement),
        mediation: get(&world.tempers.mediation),
        cooling: get(&world.tempers.cooling),
        late_from: get(&world.late_from),
        window_days: get(&world.window_days),
        leverage_left: get(&world.leverage_left),
        pressure_retention: get(&world.pressure_retention),
        worth_of_another_round: get(&world.worth_of_another_round),
    }
}

fn durability(scenario: &Scenario, resolver: Resolver<'_>) -> DurabilityClock {
    let durability = &scenario.durability;
    let get = |number| resolver.get(number);
    DurabilityClock {
        bare_30_days: get(&durability.bare_30_days),
        shape: get(&durability.shape),
        covariates: Covariates {
            verification: get(&durability.verification),
            guarantee: get(&durability.guarantee),
            trade: get(&durability.trade),
            trust: get(&durability.trust),
            least_gain: get(&durability.least_gain),
            attacks: get(&durability.attacks),
        },
    }
}

fn seat_party(
    world: &mut World,
    at: usize,
    scenario: &Scenario,
    p: PartyIx,
    resolver: Resolver<'_>,
) {
    let party = &scenario.parties[p.ix()];
    let roster = world.resource::<Roster>().clone();
    world.entity_mut(roster.party(at, p)).insert((Position::default(), Threats::default()));
    seat_capital(world, roster.capital(at, p), scenario, p, resolver);
    seat_delegation(world, roster.delegation(at, p), scenario, party, resolver);
    for (c, constituency) in party.constituencies.iter().enumerate() {
        let entity = roster.constituency(at, p, ConstituencyIx::at(c));
        let stakes = resolver.stakes(&constituency.stakes);
        let sharpness = resolver.get(&constituency.sharpness);
        let buffer = resolver.get(&constituency.buffer);
        let consent = Consent { stakes, sharpness, buffer };
        world.entity_mut(entity).insert(consent);
    }
}

fn seat_capital(
    world: &mut World,
    entity: Entity,
    scenario: &Scenario,
    p: PartyIx,
    resolver: Resolver<'_>,
) {
    let party = &scenario.parties[p.ix()];
    let get = |number| resolver.get(number);
    let believed = Trust {
        willing: resolver.row(&party.trust),
        able: resolver.row(&party.perceived_capacity),
    };
    let hardship = Hardship {
        fighting: get(&party.pain_of_fighting),
        closure: get(&party.pain_of_closure),
        attacks: get(&party.pain_of_attacks),
    };
    let audience = Audience {
        cost: get(&party.audience_cost),
        demands: party.demands.clone(),
        threat_when_struck: get(&party.conduct.threat_when_struck),
    };
    let gains = Gains(Worth::zero(&scenario.space, &linked_issues(scenario)));
    world.entity_mut(entity).insert((
        valuing(scenario, party, resolver),
        gains,
        RedLines(party.red_lines),
        believed,
        hardship,
        starting_pain(scenario, &hardship, resolver),
        audience,
        OutsideOption(get(&party.outside_option)),
        character(party, p, resolver),
        Pressure::default(),
    ));
    world.entity_mut(entity).insert((
        Instructing {
            reply_delay_days: get(&party.instructing.reply_delay_days),
            reply_sharpness: get(&party.instructing.reply_sharpness),
            stalling_weight: get(&party.instructing.stalling_weight),
            revocation: get(&party.instructing.revocation),
            deferral: get(&party.instructing.deferral),
            stalls_per_day: get(&party.instructing.stalls_per_day),
        },
        Force {
            strike_after_attack: get(&party.conduct.strike_after_attack),
            answer_strike: get(&party.conduct.answer_strike),
            truce_restraint: get(&party.conduct.truce_restraint),
        },
        CrossingsConduct {
            opening_per_day: get(&party.conduct.opening_per_day),
            opening_by_pain: get(&party.conduct.opening_by_pain),
            opening_by_attacks: get(&party.conduct.opening_by_attacks),
            shut_when_struck: get(&party.conduct.shut_when_struck),
        },
        Rhetoric {
            sharpness: get(&party.conduct.statement_sharpness),
            appeal: get(&party.conduct.blame_appeal),
        },
    ));
}

/// What already hurts when the run begins: fighting and closure as they stand, no attacks.
fn starting_pain(scenario: &Scenario, hardship: &Hardship, resolver: Resolver<'_>) -> Pain {
    let closed = 1.0 - share_now(scenario, &frontier(scenario, resolver), &Package::STATUS_QUO);
    Pain {
        fighting: hardship.fighting * resolver.get(&scenario.world.fighting),
        closure: hardship.closure * closed,
        attacks: 0.0,
    }
}

/// The hidden temper of a capital.
fn character(party: &Party, p: PartyIx, resolver: Resolver<'_>) -> Character {
    let who = u32::from(p.0);
    let sincere = resolver.seed.draws(Purpose::Sincerity, 0, who).uniform();
    let temper = resolver.seed.draws(Purpose::Temper, 0, who).uniform();
    // Uniform with the given spread as standard deviation: bounded, so that no run is a freak.
    let spread = resolver.get(&party.temper_spread) * 3.0_f64.sqrt();
    Character {
        is_sincere: sincere < resolver.get(&party.sincerity),
        capacity: resolver.get(&party.capacity),
        stall_value: resolver.get(&party.stall_value),
        temper: spread * (2.0 * temper - 1.0),
    }
}

fn valuing(scenario: &Scenario, party: &Party, resolver: Resolver<'_>) -> Valuing {
    match &party.preferences {
        Preferences::Stakes(stakes) => Valuing::Stakes {
            stakes: resolver.stakes(stakes),
            linkages: party
                .linkages
                .iter()
                .map(|linkage| (linkage.issues, resolver.get(&linkage.stake)))
                .collect(),
            soft_lines: party
                .soft_lines
                .iter()
                .map(|line| (line.clone(), resolver.get(&line.penalty)))
                .collect(),
            cost_of_failure: resolver.get(&scenario.world.cost_of_failure),
        },
        Preferences::Tables { values, reservation } => {
            let worst = |of: &Vec<f64>| of.iter().copied().fold(f64::INFINITY, f64::min);
            let worst: f64 = values.iter().map(worst).sum();
            let reservation = resolver.get(reservation);
            Valuing::Tables { no_deal: scenario.protocol.disagreement.of(reservation, worst) }
        }
    }
}

fn seat_delegation(
    world: &mut World,
    entity: Entity,
    scenario: &Scenario,
    party: &Party,
    resolver: Resolver<'_>,
) {
    let bargaining = &party.bargaining;
    let get = |number| resolver.get(number);
    world.entity_mut(entity).insert((
        Mandate(demarche_domain::region::Region::all(&scenario.space)),
        Authority::default(),
        Request::default(),
        ConcessionExponent(get(&bargaining.concession_exponent)),
        Aspiration::default(),
        Reciprocity {
            share: get(&bargaining.reciprocity),
            given_back: 0.0,
            seen: [None; MAX_PARTIES],
            best: [None; MAX_PARTIES],
        },
        NextOffer::default(),
        Reading { misreading: get(&bargaining.misreading), messages: [0; MAX_PARTIES] },
        Opinion::default(),
        Patience {
            threshold: get(&bargaining.patience),
            walk_out_per_day: get(&bargaining.walk_out_per_day),
            ..Patience::default()
        },
    ));
}

fn seat_mediators(world: &mut World, at: usize, scenario: &Scenario, resolver: Resolver<'_>) {
    for (m, mediator) in scenario.mediators.iter().enumerate() {
        let entity = world.resource::<Roster>().mediator(at, MediatorIx::at(m));
        let style = &mediator.style;
        let get = |number| resolver.get(number);
        let engagement = Engagement {
            is_engaged: mediator.is_engaged,
            is_active: false,
            style: [get(&style.communicate), get(&style.formulate), get(&style.manipulate)],
            closeness: resolver.row(&mediator.closeness),
            guarantee: get(&mediator.guarantee),
            has_guaranteed: false,
            cover: get(&mediator.cover),
            budget: get(&mediator.inducement_budget),
            leverage: get(&mediator.leverage),
            salvage: get(&mediator.salvage),
            misreading: get(&mediator.misreading),
            heard: [0; MAX_PARTIES],
            carried: [0; MAX_PARTIES],
            heard_at_draft: 0,
        };
        world.entity_mut(entity).insert(engagement);
    }
}

fn seat_groups(world: &mut World, at: usize, scenario: &Scenario, resolver: Resolver<'_>) {
    for (g, group) in scenario.groups.iter().enumerate() {
        let entity = world.resource::<Roster>().group(at, GroupIx::at(g));
        let militancy = Militancy {
            host: group.host,
            target: group.target,
            rate_per_day: resolver.get(&group.rate_per_day),
            expected_per_day: resolver.get(&group.expected_per_day),
            excitation: resolver.get(&group.excitation),
            decay_per_day: std::f64::consts::LN_2 / resolver.get(&group.half_life_days),
            salient_share: resolver.get(&group.salient_share),
            severity_tail: resolver.get(&group.severity_tail),
            spoiling: resolver.get(&group.spoiling),
        };
        world.entity_mut(entity).insert((militancy, Excitement::default()));
    }
}

/// The frontier as it is when the run begins.
fn frontier(scenario: &Scenario, resolver: Resolver<'_>) -> Frontier {
    let trade = scenario.crossings.iter().map(|crossing| resolver.get(&crossing.trade_per_day));
    let mut frontier = Frontier { trade: trade.collect(), ..Frontier::default() };
    for (shut, party) in frontier.is_shut.iter_mut().zip(&scenario.parties) {
        *shut = party.conduct.starts_shut;
    }
    frontier.open_share = share_now(scenario, &frontier, &Package::STATUS_QUO);
    frontier
}

fn plan_rounds(world: &mut World, at: usize, scenario: &Scenario, resolver: Resolver<'_>) {
    for (r, round) in scenario.rounds.iter().enumerate() {
        let entity = world.resource::<Roster>().round(at, RoundIx::at(r));
        let turns = |number: &Number| {
            let turns = (resolver.get(number) / scenario.turn_days).round();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "≤ 10⁵")]
            let turns = turns.clamp(0.0, 100_000.0) as u32;
            turns
        };
        let plan = RoundPlan {
            opens_turn: round.opens_turn,
            n_turns: turns(&round.lasts_days).max(1),
            grace_turns: turns(&round.grace_days),
            extension: resolver.get(&round.extension),
            extension_turns: turns(&round.extension_days).max(1),
        };
        world.entity_mut(entity).insert(plan);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_random::sample::Distribution;

    #[test]
    fn stakes_are_shares_also_where_they_are_drawn_or_set() {
        let ranged = |reference: f64, address| Number {
            spread: Some(Distribution::Uniform { low: reference * 0.5, high: reference * 1.5 }),
            address,
            ..Number::fixed(reference)
        };
        let stakes = [ranged(0.6, 1), ranged(-0.4, 2)];
        let of = |over_ranges: bool, set: &Settings| {
            let over_ranges = over_ranges.then_some(RunSeed(3));
            Resolver { seed: RunSeed(3), over_ranges, set }.stakes(&stakes)
        };
        assert_eq!(of(false, &Settings::default()), [0.6, -0.4]);
        let drawn = of(true, &Settings::default());
        assert!((drawn[0] - 0.6).abs() > 1e-3 && drawn[1] < 0.0, "{drawn:?}");
        assert!((drawn[0] - drawn[1] - 1.0).abs() < 1e-12, "{drawn:?}");
        assert_eq!(of(false, &Settings { numbers: vec![(1, 0.4)] }), [0.5, -0.5]);
    }
}
