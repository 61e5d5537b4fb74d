//! Mediation: what a third party changes.
//!
//! # Rules
//! - **R1** A mediator communicates, formulates, manipulates, each as much as its style says, one
//!   act a turn. [zartman1985; beardsley2006]
//! - **R2** Communicating: a caucus halves its error about a side and lets it hear what that side
//!   may sign and will never sign; a message halves one side's error about the other, and is
//!   believed by closeness to the hearer. Once it has heard each side twice and carried two
//!   messages each way, a mediator has no more to tell in this round. [kydd2003; the numbers are
//!   ours]
//! - **R3** Formulating: the single text is redrafted to the greatest product of gains as the
//!   mediator reads them, never below what a side is read to need, never across a line it was told,
//!   and no further than a rung beyond what those it heard may sign, where they can ask home for
//!   it; where nothing leaves all better off, to what is least bad for the worse-off. A text that
//!   waits for word from home is left alone. [fisher1978; klein2003; nash1950]
//! - **R4** Manipulating: a guarantee, an inducement for a side that would lose, pressure on the
//!   side that objects; leverage wears off as it is used, pressure with time. [beardsley2006]
//! - **R5** Cover: mediators together take part of the blame at home, each by its closeness to the
//!   side: 1 − Π(1 − cover·(1 + closeness)/2). [beardsley2008, political cover]
//! - **R6** When a side walks out, each engaged mediator may try once to bring it back. [ist2-02]
//!
//! # Departures
//! Fisher's single text knows no aspirations; here delegates measure it by theirs.
use bevy_ecs::prelude::*;
use demarche_domain::index::{MAX_PARTIES, MediatorIx, PartyIx};
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::{Event, Objection, TrustCause};

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::deadline::{Clock, RoundPlan};
use crate::mechanisms::guarantee::{Guarantee, would_offer};
use crate::mechanisms::inducement::{Inducements, payment};
use crate::mechanisms::instructions::{Authority, Mandate, Pressure, Request};
use crate::mechanisms::offering::Reading;
use crate::mechanisms::patience::Patience;
use crate::mechanisms::red_lines::RedLines;
use crate::mechanisms::shock::Shocks;
use crate::mechanisms::trust::{Impression, Impressions};
use crate::mechanisms::valuation::Gains;
use crate::roster::Roster;
use crate::scenario::{Effect, Scenario};
use crate::seating::Dynamics;
use crate::table::{Narration, Orders, PerTable, Rules, Table, Tables};

/// A mediator's part in the talks. -- parameter and state.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Engagement {
    /// Whether it takes part at all.
    pub is_engaged: bool,
    /// Whether it takes part now: engaged, in its time, and a round under way.
    pub is_active: bool,
    /// Communicate, formulate, manipulate. [1]
    pub style: [f64; 3],
    /// Closeness to each party. [1, [−1, 1]]
    pub closeness: [f64; MAX_PARTIES],
    /// γ it can give. [1]
    pub guarantee: f64,
    /// Whether it has offered it in this round.
    pub has_guaranteed: bool,
    /// Blame it can take. [1]
    pub cover: f64,
    /// What is left of its budget. [gain]
    pub budget: f64,
    /// Leverage that is left. [gain]
    pub leverage: f64,
    /// Chance that it brings a side back. [1]
    pub salvage: f64,
    /// Error in its reading before a caucus. [gain]
    pub misreading: f64,
    /// Caucuses with each party in this round.
    pub heard: [u32; MAX_PARTIES],
    /// Messages carried from each party in this round.
    pub carried: [u32; MAX_PARTIES],
    /// Caucuses when it last drafted.
    pub heard_at_draft: u32,
}

impl Engagement {
    /// How much it communicates now. [1, [0, 1]]
    #[must_use]
    pub fn communication(&self) -> f64 {
        if self.is_active { self.style[0] } else { 0.0 }
    }

    /// How far a side believes it. [1, [0, 1]]
    #[must_use]
    pub fn believed_by(&self, hearer: PartyIx) -> f64 {
        (1.0 + self.closeness[hearer.ix()]) / 2.0
    }
}

/// Cover that each party has from all mediators. [1, [0, 1]] -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cover(pub [f64; MAX_PARTIES]);

pub(crate) fn install_engaging(schedule: &mut Schedule) {
    schedule.add_systems(engage.in_set(crate::turn::Phase::Engage));
}

pub(crate) fn install(schedule: &mut Schedule) {
    let acts = (decide, confer, lean, table_text, wear_off).chain();
    schedule.add_systems(acts.in_set(crate::turn::Phase::Mediators));
}

fn engage(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, shocks): (Res<PerTable<Clock>>, Res<PerTable<Shocks>>),
    mut mediators: Query<&mut Engagement>,
    (mut covers, mut guarantees, mut inducements): (
        ResMut<PerTable<Cover>>,
        ResMut<PerTable<Guarantee>>,
        ResMut<PerTable<Inducements>>,
    ),
) {
    for (at, table) in tables.here() {
        let mut blame_left = [1.0; MAX_PARTIES];
        if clocks[at].just_opened {
            guarantees[at] = Guarantee::default();
            inducements[at] = Inducements::default();
        }
        for m in roster.mediators(at) {
            let mut mediator = mediators.get_mut(roster.mediator(at, m)).expect("seated");
            enter_or_leave(&rules.0, &shocks[at], m, &mut mediator);
            let (from, to) = rules.0.mediators[m.ix()].turns;
            let in_time = (from..=to).contains(&table.turn);
            mediator.is_active = mediator.is_engaged && in_time && clocks[at].round.is_some();
            if clocks[at].just_opened {
                mediator.heard = [0; MAX_PARTIES];
                mediator.carried = [0; MAX_PARTIES];
                mediator.heard_at_draft = 0;
                mediator.has_guaranteed = false;
            }
            for p in roster.parties(at).filter(|_| mediator.is_active) {
                let taken = mediator.cover * mediator.believed_by(p);
                blame_left[p.ix()] *= 1.0 - taken;
            }
        }
        // R5.
        covers[at].0 = blame_left.map(|left| 1.0 - left);
    }
}

fn enter_or_leave(scenario: &Scenario, shocks: &Shocks, m: MediatorIx, mediator: &mut Engagement) {
    for effect in shocks.striking.iter().flat_map(|shock| &scenario.shocks[shock.ix()].effects) {
        if let Effect::Mediator { mediator: which, enters } = *effect
            && which == m.ix()
        {
            mediator.is_engaged = enters;
        }
    }
}

/// What a side tells in a caucus.
#[derive(Clone, Copy)]
struct Limits<'a> {
    lines: &'a RedLines,
    mandate: &'a Mandate,
    authority: &'a Authority,
}

/// What a mediator sees of a table when it decides.
struct Room<'a> {
    table: &'a Table,
    clock: &'a Clock,
    on_table: &'a TextOnTable,
    gains: Vec<&'a Worth>,
    limits: Vec<Limits<'a>>,
    opinions: Vec<&'a Opinion>,
    someone_waits: bool,
}

fn decide(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<(&Gains, &RedLines)>,
    delegations: Query<(&Opinion, &Request, &Mandate, &Authority)>,
    mut mediators: Query<(&mut Orders, &mut Engagement)>,
    (mut search, mut readings): (Local<Search>, Local<Vec<Worth>>),
) {
    for (at, table) in tables.here() {
        if texts[at].is_closed() {
            continue;
        }
        let own = |p| capitals.get(roster.capital(at, p)).expect("capitals are seated");
        let theirs = |p| delegations.get(roster.delegation(at, p)).expect("seated");
        let room = Room {
            table,
            clock: &clocks[at],
            on_table: &texts[at],
            gains: roster.parties(at).map(|p| &own(p).0.0).collect(),
            limits: roster
                .parties(at)
                .map(|p| Limits { lines: own(p).1, mandate: theirs(p).2, authority: theirs(p).3 })
                .collect(),
            opinions: roster.parties(at).map(|p| theirs(p).0).collect(),
            someone_waits: roster.parties(at).any(|p| theirs(p).1.pending.is_some()),
        };
        for m in roster.mediators(at) {
            let (mut orders, mut mediator) =
                mediators.get_mut(roster.mediator(at, m)).expect("mediators are seated");
            if !mediator.is_active || !orders.are_the_policys() {
                continue;
            }
            if let Some(act) = room.act(m, &mut mediator, &rules.0, &mut search, &mut readings) {
                orders.give(act);
            }
        }
    }
}

impl Room<'_> {
    /// R1: the act of one mediator in one turn, the most pressing first.
    fn act(
        &self,
        m: MediatorIx,
        mediator: &mut Engagement,
        scenario: &Scenario,
        search: &mut Search,
        readings: &mut Vec<Worth>,
    ) -> Option<Decision> {
        let mut draws = self.table.draws(Purpose::Mediation, m.ix());
        let [formulates, manipulates, communicates] =
            [1, 2, 0].map(|role| draws.chance(mediator.style[role]));
        if let Some((party, _)) = self.clock.left {
            return (mediator.salvage > 0.0).then_some(Decision::BringBack { party });
        }
        if formulates && self.is_time_to_draft(mediator) {
            mediator.heard_at_draft = mediator.heard.iter().sum();
            let text = self.draft(m, mediator, scenario, search, readings);
            if self.on_table.text != Some(text) && text != self.on_table.agenda.floor {
                return Some(Decision::TableText { text });
            }
        }
        if manipulates && let Some(act) = self.manipulation(mediator) {
            return Some(act);
        }
        self.communication(mediator).filter(|_| communicates)
    }

    /// R3: when a text should be drafted or redrafted.
    fn is_time_to_draft(&self, mediator: &Engagement) -> bool {
        let Some(_) = self.on_table.text else { return true };
        let by_a_side = matches!(self.on_table.by, Author::Party(_));
        let has_learned = mediator.heard.iter().sum::<u32>() > mediator.heard_at_draft;
        !self.someone_waits && (by_a_side || self.on_table.is_refused || has_learned)
    }

    /// R3.
    fn draft(
        &self,
        m: MediatorIx,
        mediator: &Engagement,
        scenario: &Scenario,
        search: &mut Search,
        readings: &mut Vec<Worth>,
    ) -> Package {
        let n = self.gains.len();
        readings.truncate(n);
        while readings.len() < n {
            readings.push(self.gains[readings.len()].clone());
        }
        let mut region = self.on_table.agenda;
        for p in PartyIx::first(n) {
            readings[p.ix()].clone_from(self.gains[p.ix()]);
            let error = mediator.misreading * halved(mediator.heard[p.ix()]);
            let who = m.ix() * MAX_PARTIES + p.ix();
            misread(&mut readings[p.ix()], scenario, error, self.table, who);
            if mediator.heard[p.ix()] > 0 {
                region = within_told(&region, &self.limits[p.ix()], &scenario.space);
            }
        }
        let gains: Vec<&Worth> = readings.iter().collect();
        let floors = vec![0.0; n];
        let best = search.nash(&region, &gains, &floors).first().copied();
        best.unwrap_or_else(|| search.maximin(&region, &gains).1)
    }

    /// R4.
    fn manipulation(&self, mediator: &Engagement) -> Option<Decision> {
        let has_text = self.on_table.text.is_some();
        if would_offer(mediator.guarantee, mediator.has_guaranteed, has_text) {
            return Some(Decision::OfferGuarantee {});
        }
        let worst = PartyIx::first(self.opinions.len())
            .filter(|p| self.opinions[p.ix()].text.is_some())
            .filter(|p| self.opinions[p.ix()].objection != Objection::None)
            .min_by(|a, b| self.opinions[a.ix()].gain.total_cmp(&self.opinions[b.ix()].gain))?;
        let opinion = self.opinions[worst.ix()];
        if payment(opinion.gain, mediator.budget).is_some() {
            return Some(Decision::OfferInducement { party: worst });
        }
        // A tenth of the smallest useful pressure is not worth the visit.
        (mediator.leverage > 0.01).then_some(Decision::Press { party: worst })
    }

    /// R2: hears the side it has heard least; once it has heard all, carries messages both ways.
    fn communication(&self, mediator: &Engagement) -> Option<Decision> {
        let parties = || PartyIx::first(self.opinions.len());
        let unheard = parties().filter(|p| mediator.heard[p.ix()] < ENOUGH);
        if let Some(party) = unheard.min_by_key(|p| mediator.heard[p.ix()]) {
            return Some(Decision::Caucus { party });
        }
        let unsaid = parties().filter(|p| mediator.carried[p.ix()] < ENOUGH);
        let from = unsaid.min_by_key(|p| mediator.carried[p.ix()])?;
        Some(Decision::CarryMessage {
            from,
            to: PartyIx::at((from.ix() + 1) % self.opinions.len()),
        })
    }
}

/// Caucuses with a side, and messages from it, after which a mediator has no more to tell. Assumed.
const ENOUGH: u32 = 2;

/// The share of an error that so many meetings leave.
fn halved(times: u32) -> f64 {
    math::pow(0.5, f64::from(times))
}

/// Adds a mediator's error to what it reads: one error an issue, drawn once a run, growing with the
/// level.
fn misread(reading: &mut Worth, scenario: &Scenario, error: f64, table: &Table, who: usize) {
    if error <= 0.0 {
        return;
    }
    let first = Table { turn: 0, ..table.clone() };
    let mut draws = first.draws(Purpose::Reading, who);
    for issue in scenario.space.issues() {
        let off = error * (2.0 * draws.uniform() - 1.0);
        let levels = &scenario.issues[issue.ix()].levels;
        for (solo, level) in reading.solo_mut(issue).iter_mut().zip(levels) {
            *solo += off * level;
        }
    }
}

/// R3: the region within what a mediator was told, as far as the agenda and the others leave any.
fn within_told(region: &Region, limits: &Limits<'_>, space: &PackageSpace) -> Region {
    let lines = region.and(&limits.lines.0).unwrap_or(*region);
    let mut within_reach = limits.mandate.0;
    if !limits.authority.may_sign {
        for issue in space.issues() {
            let (floor, ceiling) =
                (within_reach.floor.rung(issue), within_reach.ceiling.rung(issue));
            within_reach.floor.set(issue, floor.saturating_sub(1));
            within_reach.ceiling.set(issue, (ceiling + 1).min(space.top(issue)));
        }
    }
    lines.and(&within_reach).unwrap_or(lines)
}

/// R2 and R6: what a mediator does by meeting and carrying.
fn confer(
    (tables, roster, dynamics): (Res<Tables>, Res<Roster>, Res<PerTable<Dynamics>>),
    plans: Query<&RoundPlan>,
    mut mediators: Query<(&Orders, &mut Engagement)>,
    mut delegations: Query<(&mut Reading, &mut Patience)>,
    (mut clocks, mut impressions): (ResMut<PerTable<Clock>>, ResMut<PerTable<Impressions>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        for mediator in roster.mediators(at) {
            let entity = roster.mediator(at, mediator);
            let (orders, mut engagement) = mediators.get_mut(entity).expect("seated");
            for decision in orders.iter() {
                let event = match *decision {
                    Decision::Caucus { party } => {
                        engagement.heard[party.ix()] += 1;
                        Event::CaucusHeld { mediator, party }
                    }
                    Decision::CarryMessage { from, to } => {
                        let hearer = roster.delegation(at, to);
                        let (mut reading, _) = delegations.get_mut(hearer).expect("seated");
                        reading.messages[from.ix()] += 1;
                        engagement.carried[from.ix()] += 1;
                        let log_odds = dynamics[at].message * engagement.believed_by(to);
                        let cause = TrustCause::Mediator;
                        let impression = Impression { of: to, toward: from, log_odds, cause };
                        impressions[at].list.push(impression);
                        Event::MessageCarried { mediator, from, to }
                    }
                    Decision::ProposeRecess {} => {
                        for p in roster.parties(at) {
                            let delegation = roster.delegation(at, p);
                            let (_, mut patience) =
                                delegations.get_mut(delegation).expect("seated");
                            patience.impatience *= COOLED_BY_RECESS;
                        }
                        Event::RecessCalled { mediator }
                    }
                    Decision::ProposeExtension {} => {
                        let Some(round) = clocks[at].round else { continue };
                        let plan = plans.get(roster.round(at, round)).expect("rounds are planned");
                        clocks[at].extend(plan.extension_turns);
                        Event::RoundExtended { round, closes_turn: clocks[at].closes }
                    }
                    Decision::BringBack { party } => {
                        // Another mediator may have been quicker.
                        if clocks[at].left.is_none() {
                            continue;
                        }
                        let draw = table.draws(Purpose::BringBack, mediator.ix());
                        let returned = draw_return(draw, &engagement, &clocks[at], party);
                        if returned {
                            clocks[at].left = None;
                            let delegation = roster.delegation(at, party);
                            let (_, mut patience) =
                                delegations.get_mut(delegation).expect("seated");
                            patience.impatience *= COOLED_BY_RETURN;
                        }
                        Event::BringBackTried { mediator, party, returned }
                    }
                    _ => continue,
                };
                narration.note(at, table, || event);
            }
        }
    }
}

/// R4: what a mediator does by offering and pressing.
fn lean(
    (tables, roster, dynamics): (Res<Tables>, Res<Roster>, Res<PerTable<Dynamics>>),
    mut mediators: Query<(&Orders, &mut Engagement)>,
    opinions: Query<&Opinion>,
    mut pressures: Query<&mut Pressure>,
    (mut guarantees, mut inducements): (ResMut<PerTable<Guarantee>>, ResMut<PerTable<Inducements>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        for mediator in roster.mediators(at) {
            let entity = roster.mediator(at, mediator);
            let (orders, mut engagement) = mediators.get_mut(entity).expect("seated");
            for decision in orders.iter() {
                let event = match *decision {
                    Decision::OfferGuarantee {} => {
                        guarantees[at].0 += engagement.guarantee;
                        engagement.has_guaranteed = true;
                        Event::GuaranteeOffered { mediator }
                    }
                    Decision::OfferInducement { party } => {
                        let opinion = opinions.get(roster.delegation(at, party)).expect("seated");
                        let worth = payment(opinion.gain, engagement.budget);
                        let worth = worth.unwrap_or(engagement.budget);
                        engagement.budget -= worth;
                        inducements[at].offered[party.ix()] += worth;
                        Event::InducementOffered { mediator, party, worth }
                    }
                    Decision::Press { party } => {
                        let capital = roster.capital(at, party);
                        pressures.get_mut(capital).expect("seated").0 += engagement.leverage;
                        engagement.leverage *= dynamics[at].leverage_left;
                        Event::PartyPressed { mediator, party }
                    }
                    _ => continue,
                };
                narration.note(at, table, || event);
            }
        }
    }
}

/// Share of impatience that a recess leaves. [1] Assumed.
const COOLED_BY_RECESS: f64 = 0.8;

/// Share of impatience that is left to a side that was brought back. [1] Assumed.
const COOLED_BY_RETURN: f64 = 0.5;

/// R6.
fn draw_return(
    mut draws: demarche_random::draws::Draws,
    engagement: &Engagement,
    clock: &Clock,
    party: PartyIx,
) -> bool {
    clock.left.is_some_and(|(left, _)| left == party) && draws.chance(engagement.salvage)
}

fn table_text(
    (tables, roster): (Res<Tables>, Res<Roster>),
    orders: Query<&Orders>,
    mut texts: ResMut<PerTable<TextOnTable>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        for mediator in roster.mediators(at) {
            for decision in orders.get(roster.mediator(at, mediator)).expect("seated").iter() {
                if let &Decision::TableText { text } = decision {
                    texts[at].table(text, Author::Mediator(mediator), table.turn);
                    narration.note(at, table, || Event::TextTabled { mediator, text });
                }
            }
        }
    }
}

fn wear_off(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    dynamics: Res<PerTable<Dynamics>>,
    mut pressures: Query<&mut Pressure>,
) {
    for (at, _) in tables.here() {
        let stays = math::pow(dynamics[at].pressure_retention, rules.0.turn_days);
        for p in roster.parties(at) {
            pressures.get_mut(roster.capital(at, p)).expect("capitals are seated").0 *= stays;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r2_each_meeting_halves_the_error() {
        assert_eq!((halved(0), halved(1), halved(3)), (1.0, 0.5, 0.125));
    }
}
