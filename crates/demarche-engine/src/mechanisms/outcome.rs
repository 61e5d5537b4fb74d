//! Outcome: how a run ended, what blocked, and what each side would still have taken.
//!
//! # Rules
//! - **R1** A run ends when its last round is over and the follow-on time has passed, or at its
//!   horizon. [ours: an end that is known before the run begins]
//! - **R2** Its class is the first of the scenario's whose conditions all hold. [ours: the order
//!   says what weighs more]
//! - **R3** What a side would still have taken is, of what it may sign and gains by no less than
//!   talking on is worth, the package closest to the last text; nothing, where that is a text that
//!   its home refused as a whole. [ours: a counterfactual within its own mandate]
//! - **R4** The issue that blocked is where these packages, or where there is none the positions,
//!   lie furthest apart, weighted by the stakes of both; it blocked on the side that keeps furthest
//!   from the last text there, of equals on the one to which that text was worth less. [ours:
//!   distance weighs as much as those who keep it care]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES, OutcomeIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_record::event::{Ending, Event};
use tracing::debug;

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::Mandate;
use crate::mechanisms::offering::Position;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::red_lines::{RedLines, signable};
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::valuation::{Gains, Valuing};
use crate::roster::Roster;
use crate::scenario::{Outcome, Scenario};
use crate::table::{Narration, PerTable, Rules, Tables};

/// What is counted during a run. -- state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Attacks.
    pub n_attacks: u32,
    /// Salient ones.
    pub n_salient: u32,
    /// Strikes.
    pub n_strikes: u32,
    /// What delegates asked at home, or referred there, by party.
    pub n_requests: [u32; MAX_PARTIES],
    /// How often delegates played for time, by party.
    pub n_stalls: [u32; MAX_PARTIES],
    /// How each round that was held ended.
    pub endings: Vec<Closed>,
    /// Whether the run is over.
    pub is_over: bool,
    /// The class of outcome, once it is over.
    pub outcome: Option<OutcomeIx>,
    /// What blocked, and on whom.
    pub blocked: Option<(IssueIx, Option<PartyIx>)>,
}

/// A round that was held, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Which.
    pub round: RoundIx,
    /// How.
    pub ending: Ending,
    /// Who had walked out, if somebody had.
    pub left_by: Option<PartyIx>,
    /// The turn in which it opened.
    pub opened: u32,
    /// The turn in which it closed.
    pub closed: u32,
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(finish.in_set(crate::turn::Phase::Finish));
}

pub(crate) fn install_judging(schedule: &mut Schedule) {
    let judging = (count_endings, end, judge_last_text, judge).chain();
    schedule.add_systems(judging.in_set(crate::turn::Phase::Outcome));
}

fn count_endings(
    tables: Res<Tables>,
    clocks: Res<PerTable<Clock>>,
    mut tallies: ResMut<PerTable<Tally>>,
) {
    for (at, _) in tables.here() {
        let clock = &clocks[at];
        if let Some((round, ending, closed)) = clock.last.filter(|_| clock.just_closed) {
            let left_by = clock.left.map(|(party, _)| party).filter(|_| ending == Ending::WalkOut);
            let opened = clock.opened;
            tallies[at].endings.push(Closed { round, ending, left_by, opened, closed });
        }
    }
}

/// R1: whether this turn is the last, `no_more_since` the turn in which the last round ended, if no
/// other can come.
fn is_over(scenario: &Scenario, turn: u32, no_more_since: Option<u32>) -> bool {
    no_more_since.is_some_and(|last| turn >= last + scenario.follow_on_turns)
        || turn + 1 >= scenario.horizon_turns
}

fn end(
    (tables, rules): (Res<Tables>, Res<Rules>),
    clocks: Res<PerTable<Clock>>,
    mut tallies: ResMut<PerTable<Tally>>,
) {
    for (at, table) in tables.here() {
        let last = clocks[at].last.map_or(0, |(_, _, turn)| turn);
        let no_more = clocks[at].round.is_none() && clocks[at].n_past == rules.0.rounds.len();
        tallies[at].is_over = is_over(&rules.0, table.turn, no_more.then_some(last));
    }
}

/// What each side would still have taken, kept from the moment the last round closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The text that lay on the table, if one did, and what could have lain there; nothing before a
    /// round has closed.
    pub closing: Option<(Option<Package>, Region)>,
    /// By party.
    pub still_acceptable: Vec<Option<Package>>,
    /// The issue that blocked and the side.
    pub blocked: Option<(IssueIx, Option<PartyIx>)>,
}

/// What a side's verdict hangs on.
type Sides<'w, 's> = (
    Query<'w, 's, (&'static Gains, &'static RedLines, &'static Valuing)>,
    Query<'w, 's, (&'static Mandate, &'static Opinion)>,
    Query<'w, 's, &'static Position>,
);

fn judge_last_text(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts, tallies): (
        Res<PerTable<Clock>>,
        Res<PerTable<TextOnTable>>,
        Res<PerTable<Tally>>,
    ),
    (capitals, delegations, positions): Sides,
    mut verdicts: ResMut<PerTable<Verdict>>,
    mut search: Local<Search>,
) {
    let capitals = roster.seated(capitals);
    let delegations = roster.seated(delegations);
    let positions = roster.seated(positions);
    for (at, _) in tables.here() {
        // When a round closes, or is cut off by the horizon: afterwards the table is cleared.
        let cut_off = tallies[at].is_over && clocks[at].round.is_some();
        if !clocks[at].just_closed && !cut_off {
            continue;
        }
        let (verdict, on_table) = (&mut verdicts[at], &texts[at]);
        verdict.closing = Some((on_table.text, on_table.agenda));
        let stand = |p| positions.get(at, p).stand;
        let anyones = roster.parties().find_map(stand);
        let last = on_table.text.or(anyones).unwrap_or(on_table.agenda.floor);
        let acceptable = |p: PartyIx, search: &mut Search| {
            let (gains, lines, valuing) = capitals.get(at, p);
            let (mandate, opinion) = delegations.get(at, p);
            let region = signable(&mandate.0, &on_table.agenda, lines)?;
            let near = nearness(&rules.0, valuing, &last);
            still_acceptable(search, &region, (&gains.0, opinion.pull), &near)
        };
        let found = roster.parties().map(|p| {
            let refused = on_table.is_refused_by[p.ix()];
            acceptable(p, &mut search).filter(|package| !refused || *package != last)
        });
        verdict.still_acceptable = found.collect();
        let is_agreed = clocks[at].last.is_some_and(|(_, ending, _)| ending == Ending::Agreement);
        verdict.blocked = None;
        if cut_off || !is_agreed {
            let wanted: Vec<(PartyIx, Package)> = roster
                .parties()
                .map(|p| (p, verdict.still_acceptable[p.ix()].or(stand(p)).unwrap_or(last)))
                .collect();
            let stakes = |p: PartyIx, k| stake(&rules.0, capitals.get(at, p).2, p, k);
            let gain = |p: PartyIx| capitals.get(at, p).0.0.of(&last);
            // Who would have taken the text as it lay did not block it.
            let objectors = wanted.iter().filter(|(_, package)| *package != last);
            let issue = furthest_apart(&rules.0, &wanted, stakes);
            verdict.blocked = issue.map(|issue| {
                let levels = &rules.0.issues[issue.ix()].levels;
                let level = |package: &Package| levels[usize::from(package.rung(issue))];
                let way = |(p, wanted): &(PartyIx, Package)| {
                    (*p, (level(wanted) - level(&last)).abs(), gain(*p))
                };
                (issue, furthest_off(objectors.map(way)))
            });
        }
    }
}

/// R3: the nearest of the packages of a region that gain a side no less than talking on.
fn still_acceptable(
    search: &mut Search,
    region: &Region,
    (gains, pull): (&Worth, f64),
    near: &Worth,
) -> Option<Package> {
    search.best_above(region, gains, pull.max(0.0), near).first().copied()
}

/// R4: of sides, each with its way from the text and what that gains it, the first of those that
/// gain least of those furthest off.
fn furthest_off(sides: impl Iterator<Item = (PartyIx, f64, f64)>) -> Option<PartyIx> {
    sides.min_by(|a, b| b.1.total_cmp(&a.1).then(a.2.total_cmp(&b.2))).map(|(p, ..)| p)
}

/// How near packages are to a text by a side's own stakes.
fn nearness(scenario: &Scenario, valuing: &Valuing, text: &Package) -> Worth {
    let mut near = Worth::zero(&scenario.space, &[]);
    for k in scenario.space.issues() {
        let weight = match valuing {
            Valuing::Stakes { stakes, .. } => stakes[k.ix()].abs(),
            Valuing::Tables { .. } => 1.0,
        };
        let levels = &scenario.issues[k.ix()].levels;
        let of_text = levels[usize::from(text.rung(k))];
        for (solo, level) in near.solo_mut(k).iter_mut().zip(levels) {
            *solo = -weight * (level - of_text).abs();
        }
    }
    near
}

fn stake(scenario: &Scenario, valuing: &Valuing, party: PartyIx, issue: IssueIx) -> f64 {
    match (valuing, &scenario.parties[party.ix()].preferences) {
        (Valuing::Stakes { stakes, .. }, _) => stakes[issue.ix()].abs(),
        (_, crate::scenario::Preferences::Tables { values, .. }) => {
            values[issue.ix()].iter().copied().fold(0.0, f64::max)
        }
        (Valuing::Tables { .. }, _) => 0.0,
    }
}

/// R4: the first of the issues where what the sides want lies furthest apart, or nothing where they
/// want the same.
fn furthest_apart(
    scenario: &Scenario,
    wanted: &[(PartyIx, Package)],
    stake: impl Fn(PartyIx, IssueIx) -> f64,
) -> Option<IssueIx> {
    let apart = |k: IssueIx| {
        let level =
            |package: &Package| scenario.issues[k.ix()].levels[usize::from(package.rung(k))];
        let levels = wanted.iter().map(|(_, package)| level(package));
        let span =
            levels.clone().fold(f64::NEG_INFINITY, f64::max) - levels.fold(f64::INFINITY, f64::min);
        span * wanted.iter().map(|(p, _)| stake(*p, k)).sum::<f64>()
    };
    let issues = scenario.space.issues().map(|k| (k, apart(k))).filter(|(_, apart)| *apart > 1e-9);
    issues.rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(k, _)| k)
}

fn judge(
    (tables, rules): (Res<Tables>, Res<Rules>),
    (in_force, hostilities, verdicts): (
        Res<PerTable<InForce>>,
        Res<PerTable<Hostilities>>,
        Res<PerTable<Verdict>>,
    ),
    mut tallies: ResMut<PerTable<Tally>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        if !tallies[at].is_over {
            continue;
        }
        let fits =
            |outcome: &Outcome| fits(outcome, &tallies[at], &in_force[at].0, &hostilities[at]);
        let place = rules.0.outcomes.iter().position(fits);
        let outcome = OutcomeIx::at(place.unwrap_or(rules.0.outcomes.len() - 1));
        tallies[at].outcome = Some(outcome);
        tallies[at].blocked = verdicts[at].blocked;
        debug!(
            outcome = %tables.named(&outcome), in_force = %tables.named(&in_force[at].0),
            "outcome decided",
        );
        narration.note(at, table, || Event::RunEnded {
            outcome,
            in_force: in_force[at].0,
            blocking_issue: verdicts[at].blocked.map(|(issue, _)| issue),
            blocking_party: verdicts[at].blocked.and_then(|(_, party)| party),
            still_acceptable: verdicts[at].still_acceptable.clone(),
        });
    }
}

/// R2.
fn fits(outcome: &Outcome, tally: &Tally, in_force: &Package, hostilities: &Hostilities) -> bool {
    let last = tally.endings.last().map(|closed| closed.ending);
    let agreed = |round| {
        let agrees = |of: &Closed| of.round == round && of.ending == Ending::Agreement;
        tally.endings.iter().any(agrees)
    };
    outcome.ending.is_none_or(|ending| last == Some(ending))
        && outcome.truce.is_none_or(|truce| truce == hostilities.truce)
        && outcome.at_least.iter().all(|(issue, rung)| in_force.rung(*issue) >= *rung)
        && outcome.fighting_above.is_none_or(|bound| hostilities.fighting > bound)
        && outcome.agreed_in.is_none_or(agreed)
}

fn finish(mut tables: ResMut<Tables>, tallies: Res<PerTable<Tally>>) {
    tables.close_where(|at| tallies[at].is_over);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::valuation::Part;
    use crate::testing::{EAST, FIRST, SECOND, Side, WEST, plain_scenario};

    #[test]
    fn r1_a_run_ends_when_nothing_follows_or_at_its_horizon() {
        // Four turns follow on the last round; the horizon is turn 20.
        let is_over = |turn, no_more_since| is_over(&plain_scenario(), turn, no_more_since);
        assert!(!is_over(6, Some(3)) && is_over(7, Some(3)));
        assert!(!is_over(18, None) && is_over(19, None));
    }

    #[test]
    fn r3_a_side_would_take_the_nearest_it_gains_by() {
        // East gains 0.6 on the first issue and gives 0.4 on the second.
        let side = Side::east();
        let (gains, all) = (side.worth(Part::All), Region::all(&side.scenario.space));
        let check = |last: &[u8], pull, expected: Option<&[u8]>| {
            let near = nearness(&side.scenario, &side.valuing, &Package::new(last));
            let found = still_acceptable(&mut Search::default(), &all, (&gains, pull), &near);
            assert_eq!(found, expected.map(Package::new), "{last:?} over {pull}");
        };
        check(&[1, 1], 0.0, Some(&[1, 1]));
        check(&[0, 2], 0.0, Some(&[0, 0]));
        check(&[1, 2], 0.0, Some(&[1, 1]));
        check(&[1, 2], -0.5, Some(&[1, 1]));
        check(&[1, 2], 0.2, Some(&[2, 2]));
        check(&[2, 2], 0.7, None);
    }

    #[test]
    fn r4_the_heaviest_distance_blocked_on_the_side_that_keeps_it() {
        let check = |east: &[u8], west: &[u8], weight: [f64; 2], expected: Option<IssueIx>| {
            let wanted = [(EAST, Package::new(east)), (WEST, Package::new(west))];
            let found = furthest_apart(&plain_scenario(), &wanted, |_, k| weight[k.ix()]);
            assert_eq!(found, expected, "{east:?} {west:?}");
        };
        check(&[2, 0], &[0, 1], [0.5, 0.5], Some(FIRST));
        check(&[2, 0], &[0, 1], [0.2, 0.5], Some(SECOND));
        check(&[2, 0], &[1, 1], [0.5, 0.5], Some(FIRST));
        check(&[2, 1], &[2, 1], [0.5, 0.5], None);
        let blocked = |east, west| {
            let side = |p, (way, gain)| (p, way, gain);
            furthest_off([side(EAST, east), side(WEST, west)].into_iter())
        };
        assert_eq!(blocked((0.3, 0.1), (0.5, 0.2)), Some(WEST), "who keeps further off");
        assert_eq!(blocked((0.5, 0.1), (0.5, -0.2)), Some(WEST), "who would gain less");
        assert_eq!(blocked((0.5, 0.1), (0.5, 0.1)), Some(EAST));
    }

    #[test]
    fn r2_all_conditions_must_hold() {
        let outcome = Outcome {
            ending: Some(Ending::Agreement),
            truce: Some(true),
            at_least: vec![(IssueIx(1), 2)],
            fighting_above: None,
            agreed_in: None,
            settles: None,
        };
        let (round, ending, left_by) = (RoundIx(0), Ending::Agreement, None);
        let closed = Closed { round, ending, left_by, opened: 0, closed: 3 };
        let tally = Tally { endings: vec![closed], ..Tally::default() };
        let truce = Hostilities { truce: true, ..Hostilities::default() };
        assert!(fits(&outcome, &tally, &Package::new(&[0, 2]), &truce));
        assert!(!fits(&outcome, &tally, &Package::new(&[3, 1]), &truce));
        assert!(!fits(&outcome, &tally, &Package::new(&[0, 2]), &Hostilities::default()));
        assert!(!fits(&outcome, &Tally::default(), &Package::new(&[0, 2]), &truce));
    }
}
