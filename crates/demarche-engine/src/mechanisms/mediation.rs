//! Mediation: what a third party changes.
//!
//! # Rules
//! - **R1** A mediator communicates, formulates, manipulates, each as much as its style says, one
//!   act a turn. [zartman1985; beardsley2006]
//! - **R2** Communicating: a caucus halves its error about a side and lets it hear what that side
//!   may sign; a message halves one side's error about the other, and is
//!   believed by closeness to the hearer. Once it has heard each side twice and carried two
//!   messages each way, a mediator has no more to tell in this round. [kydd2003; the numbers are
//!   ours]
//! - **R3** Formulating, once it has heard each side, if it communicates at all: it puts its draft
//!   on the table when one is due and no other has done so in this turn, unless it is nothing but
//!   what is in force, or the text that lies there; one that was refused at home it puts again once
//!   it has heard more. See Drafting. [fisher1978]
//! - **R4** Manipulating, once it has heard each side: a guarantee, an inducement for a side that
//!   would lose, pressure on one that objects: see Guarantee, Inducement, Pressure. [beardsley2006]
//! - **R5** When a side walks out, each engaged mediator may try once to bring it back. [ist2-02]
//!
//! # Departures
//! Mediators do not talk to each other: but for one draft a turn each acts as if it were alone, and
//! what they do adds up.
use bevy_ecs::prelude::*;
use demarche_domain::index::{MAX_PARTIES, MediatorIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::worth::Worth;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::{Event, Objection, TrustCause};
use demarche_record::seat::Seat;
use tracing::debug;

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::deadline::{Clock, RoundPlan};
use crate::mechanisms::drafting::{Desk, Known, Limits, is_due, reading_draws};
use crate::mechanisms::guarantee::{Guarantee, would_offer};
use crate::mechanisms::inducement::{Inducements, offer, payment};
use crate::mechanisms::instructions::{Authority, Mandate, Request};
use crate::mechanisms::offering::Reading;
use crate::mechanisms::patience::Patience;
use crate::mechanisms::pressure::{Pressure, press, wear_off, would_press};
use crate::mechanisms::red_lines::RedLines;
use crate::mechanisms::shock::Shocks;
use crate::mechanisms::trust::{Impression, Impressions};
use crate::mechanisms::valuation::Gains;
use crate::orders::Orders;
use crate::roster::{PerParty, Roster};
use crate::scenario::{Effect, Scenario};
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Table, Tables};

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

    /// R2: how badly it reads what a side gains. [gain]
    pub(crate) fn error_about(&self, party: PartyIx) -> f64 {
        self.misreading * math::pow(0.5, f64::from(self.heard[party.ix()]))
    }

    /// How far a side believes it. [1, [0, 1]]
    #[must_use]
    pub fn believed_by(&self, hearer: PartyIx) -> f64 {
        (1.0 + self.closeness[hearer.ix()]) / 2.0
    }
}

/// Whether anything can come of it in a scenario: somebody mediates.
pub(crate) fn is_used(scenario: &Scenario) -> bool {
    !scenario.mediators.is_empty()
}

pub(crate) fn install_engaging(schedule: &mut Schedule) {
    schedule.add_systems(engage.in_set(crate::turn::Phase::Engage));
}

pub(crate) fn install(schedule: &mut Schedule) {
    let acts = (wear_off, decide, confer, lean, table_text).chain();
    schedule.add_systems(acts.in_set(crate::turn::Phase::Mediators));
}

pub(crate) fn engage(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, shocks): (Res<PerTable<Clock>>, Res<PerTable<Shocks>>),
    mediators: Query<&mut Engagement>,
    (mut guarantees, mut inducements): (ResMut<PerTable<Guarantee>>, ResMut<PerTable<Inducements>>),
) {
    let mut mediators = roster.seated(mediators);
    for (at, table) in tables.here() {
        if clocks[at].just_opened {
            guarantees[at] = Guarantee::default();
            inducements[at] = Inducements::default();
        }
        for m in roster.mediators() {
            let mediator = mediators.get_mut(at, m);
            enter_or_leave(&rules.0, &shocks[at], m, mediator);
            let (from, to) = rules.0.mediators[m.ix()].turns;
            let in_time = (from..=to).contains(&table.turn);
            mediator.is_active = mediator.is_engaged && in_time && clocks[at].round.is_some();
            if clocks[at].just_opened {
                mediator.heard = [0; MAX_PARTIES];
                mediator.carried = [0; MAX_PARTIES];
                mediator.heard_at_draft = 0;
                mediator.has_guaranteed = false;
            }
        }
    }
}

fn enter_or_leave(scenario: &Scenario, shocks: &Shocks, m: MediatorIx, mediator: &mut Engagement) {
    for (effect, _) in shocks.effects(&scenario.shocks) {
        if let Effect::Mediator { mediator: which, enters } = *effect
            && which == m.ix()
        {
            mediator.is_engaged = enters;
        }
    }
}

/// What a mediator sees of a table when it decides.
struct Room<'a> {
    table: &'a Table,
    clock: &'a Clock,
    on_table: &'a TextOnTable,
    gains: PerParty<&'a Worth>,
    lines: PerParty<&'a RedLines>,
    limits: PerParty<Limits<'a>>,
    opinions: PerParty<&'a Opinion>,
    someone_waits: bool,
}

fn decide(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<(&Gains, &RedLines)>,
    delegations: Query<(&Opinion, &Request, &Mandate, &Authority)>,
    mediators: Query<&mut Engagement>,
    mut orders: ResMut<PerTable<Orders>>,
    mut desk: Local<Desk>,
) {
    let capitals = roster.seated(capitals);
    let delegations = roster.seated(delegations);
    let mut mediators = roster.seated(mediators);
    for (at, table) in tables.here() {
        if texts[at].is_closed() || roster.mediators().next().is_none() {
            continue;
        }
        let own = |p| capitals.get(at, p);
        let theirs = |p| delegations.get(at, p);
        let limits = |p| Limits { mandate: theirs(p).2, authority: theirs(p).3 };
        let room = Room {
            table,
            clock: &clocks[at],
            on_table: &texts[at],
            gains: roster.parties().map(|p| &own(p).0.0).collect(),
            lines: roster.parties().map(|p| own(p).1).collect(),
            limits: roster.parties().map(limits).collect(),
            opinions: roster.parties().map(|p| theirs(p).0).collect(),
            someone_waits: texts[at].is_initialled()
                || roster.parties().any(|p| theirs(p).1.pending.is_some()),
        };
        let mut is_drafted = false;
        for m in roster.mediators() {
            let seat = Seat::Mediator(m);
            let mediator = mediators.get_mut(at, m);
            if !mediator.is_active || !orders[at].are_the_policys(seat) {
                continue;
            }
            if let Some(act) = room.act(m, mediator, &rules.0, &mut desk, is_drafted) {
                debug!(mediator = %tables.named(&m), act = %tables.named(&act), "mediator acts");
                is_drafted |= matches!(act, Decision::TableText { .. });
                orders[at].give(seat, act);
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
        desk: &mut Desk,
        is_drafted: bool,
    ) -> Option<Decision> {
        let mut draws = self.table.draws(Purpose::Mediation, m.ix());
        let [formulates, manipulates, communicates] =
            [1, 2, 0].map(|role| draws.chance(mediator.style[role]));
        if let Some((party, _)) = self.clock.left {
            return (mediator.salvage > 0.0).then_some(Decision::BringBack { party });
        }
        let heard = mediator.heard.iter().sum();
        let has_learned = heard > mediator.heard_at_draft;
        // Who words a text, or leans on a side, has heard all first, if it ever hears anybody.
        let all_heard = self.parties().all(|p| mediator.heard[p.ix()] > 0);
        let knows_enough = all_heard || mediator.style[0] <= 0.0;
        let may_draft = formulates && !is_drafted && knows_enough;
        if may_draft && is_due(self.on_table, self.opinions.len(), self.someone_waits, has_learned)
        {
            mediator.heard_at_draft = heard;
            let text = self.draft(m, mediator, scenario, desk);
            let is_new = self.on_table.text != Some(text);
            let is_second_try = self.on_table.is_refused && has_learned;
            if (is_new || is_second_try) && text != self.on_table.agenda.floor {
                return Some(Decision::TableText { text });
            }
        }
        if manipulates
            && all_heard
            && let Some(act) = self.manipulation(mediator)
        {
            return Some(act);
        }
        let first = draws.choose(self.opinions.len());
        self.communication(mediator, first).filter(|_| communicates)
    }

    /// The parties at the table.
    fn parties(&self) -> impl Iterator<Item = PartyIx> + use<> {
        PartyIx::first(self.opinions.len())
    }

    /// R3: what it would put on the table.
    fn draft(
        &self,
        m: MediatorIx,
        mediator: &Engagement,
        scenario: &Scenario,
        desk: &mut Desk,
    ) -> Package {
        let told = |p: PartyIx| (mediator.heard[p.ix()] > 0).then(|| self.limits[p.ix()]);
        let error = |p| mediator.error_about(p);
        let known = |p: PartyIx| Known {
            gains: self.gains[p.ix()],
            error: error(p),
            lines: self.lines[p.ix()],
            told: told(p),
            refused: self.on_table.refusals[p.ix()],
        };
        let sides: PerParty<Known<'_>> = self.parties().map(known).collect();
        let draws = |p| reading_draws(self.table, m, PartyIx::at(p));
        desk.draft(scenario, self.on_table.agenda, &sides, draws)
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
        would_press(mediator.leverage, opinion.pull).then_some(Decision::Press { party: worst })
    }

    /// R2: hears the side it has heard least; once it has heard all, carries messages both ways.
    /// Of equals the first is drawn, so that no side is favoured by its place.
    fn communication(&self, mediator: &Engagement, first: usize) -> Option<Decision> {
        let n = self.opinions.len();
        let parties = || (0..n).map(|step| PartyIx::at((first + step) % n));
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

/// R2 and R5: what a mediator does by meeting and carrying.
fn confer(
    (tables, roster, dynamics): (Res<Tables>, Res<Roster>, Res<PerTable<Dynamics>>),
    plans: Query<&RoundPlan>,
    (orders, mediators): (Res<PerTable<Orders>>, Query<&mut Engagement>),
    delegations: Query<(&mut Reading, &mut Patience)>,
    (mut clocks, mut impressions): (ResMut<PerTable<Clock>>, ResMut<PerTable<Impressions>>),
    mut narration: ResMut<Narration>,
) {
    let plans = roster.seated(plans);
    let mut mediators = roster.seated(mediators);
    let mut delegations = roster.seated(delegations);
    for (at, table) in tables.here() {
        for mediator in roster.mediators() {
            for decision in orders[at].of(Seat::Mediator(mediator)) {
                let engagement = mediators.get_mut(at, mediator);
                let event = match *decision {
                    Decision::Caucus { party } => {
                        engagement.heard[party.ix()] += 1;
                        Event::CaucusHeld { mediator, party }
                    }
                    Decision::CarryMessage { from, to } => {
                        delegations.get_mut(at, to).0.messages[from.ix()] += 1;
                        engagement.carried[from.ix()] += 1;
                        let log_odds = dynamics[at].message * engagement.believed_by(to);
                        let cause = TrustCause::Mediator;
                        let impression = Impression { of: to, toward: from, log_odds, cause };
                        impressions[at].list.push(impression);
                        Event::MessageCarried { mediator, from, to }
                    }
                    Decision::ProposeRecess {} => {
                        for p in roster.parties() {
                            let (_, patience) = delegations.get_mut(at, p);
                            patience.impatience *= COOLED_BY_RECESS;
                        }
                        Event::RecessCalled { mediator }
                    }
                    Decision::ProposeExtension {} => {
                        let Some(round) = clocks[at].round else { continue };
                        clocks[at].extend(plans.get(at, round).extension_turns);
                        clocks[at].is_extended = true;
                        Event::RoundExtended { round, closes_turn: clocks[at].closes }
                    }
                    Decision::BringBack { party } => {
                        // Another mediator may have been quicker.
                        if clocks[at].left.is_none() {
                            continue;
                        }
                        let u = table.draws(Purpose::BringBack, mediator.ix()).uniform();
                        let returned = returns(&clocks[at], party, engagement.salvage, u);
                        debug!(party = %tables.named(&party), returned, "return sought");
                        if returned {
                            clocks[at].left = None;
                            let (_, patience) = delegations.get_mut(at, party);
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
    (orders, mediators): (Res<PerTable<Orders>>, Query<&mut Engagement>),
    opinions: Query<&Opinion>,
    pressures: Query<&mut Pressure>,
    (mut guarantees, mut inducements): (ResMut<PerTable<Guarantee>>, ResMut<PerTable<Inducements>>),
    mut narration: ResMut<Narration>,
) {
    let mut mediators = roster.seated(mediators);
    let opinions = roster.seated(opinions);
    let mut pressures = roster.seated(pressures);
    for (at, table) in tables.here() {
        // What another has paid in this turn no side needs a second time.
        let before = inducements[at].offered;
        for mediator in roster.mediators() {
            for decision in orders[at].of(Seat::Mediator(mediator)) {
                let engagement = mediators.get_mut(at, mediator);
                let event = match *decision {
                    Decision::OfferGuarantee {} => {
                        guarantees[at].0 += engagement.guarantee;
                        engagement.has_guaranteed = true;
                        Event::GuaranteeOffered { mediator }
                    }
                    Decision::OfferInducement { party } => {
                        let opinion = opinions.get(at, party);
                        let offered = &mut inducements[at].offered[party.ix()];
                        let gain = opinion.gain + *offered - before[party.ix()];
                        let worth = offer(gain, engagement.budget);
                        *offered += worth;
                        engagement.budget -= worth;
                        Event::InducementOffered { mediator, party, worth }
                    }
                    Decision::Press { party } => {
                        let pressure = pressures.get_mut(at, party);
                        press(pressure, &mut engagement.leverage, &dynamics[at]);
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

/// R5: whether a side comes back, from a draw in [0, 1).
fn returns(clock: &Clock, party: PartyIx, salvage: f64, u: f64) -> bool {
    clock.left.is_some_and(|(left, _)| left == party) && u < salvage
}

fn table_text(
    (tables, roster): (Res<Tables>, Res<Roster>),
    orders: Res<PerTable<Orders>>,
    mut texts: ResMut<PerTable<TextOnTable>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        for mediator in roster.mediators() {
            for decision in orders[at].of(Seat::Mediator(mediator)) {
                if let &Decision::TableText { text } = decision {
                    texts[at].table(text, Author::Mediator(mediator), table.turn);
                    narration.note(at, table, || Event::TextTabled { mediator, text });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{EAST, Side, WEST, mediator, plain_scenario, plain_table, text_on_table};

    /// A table at which West would lose 0.2 by the text, says so, and gains by talking on.
    struct Scene {
        clock: Clock,
        on_table: TextOnTable,
        stakes: [[f64; 2]; 2],
        opinions: [Opinion; 2],
        is_drafted: bool,
    }

    fn scene(text: Option<&[u8]>) -> Scene {
        let (clock, on_table) = (Clock::default(), text_on_table(text));
        let text = on_table.text;
        let opinion =
            |gain, objection| Opinion { text, gain, objection, pull: 0.1, ..Opinion::default() };
        let opinions = [opinion(0.3, Objection::None), opinion(-0.2, Objection::Loss)];
        let stakes = [[0.6, -0.4], [-0.4, 0.6]];
        Scene { clock, on_table, stakes, opinions, is_drafted: false }
    }

    impl Scene {
        /// What a mediator does here.
        fn act(&self, mut mediator: Engagement) -> Option<Decision> {
            let (scenario, table) = (plain_scenario(), plain_table(3));
            let gains = self.stakes.map(Side::gains);
            let all = self.on_table.agenda;
            let (lines, mandate) = (&RedLines(all), &Mandate(all));
            let limits = Limits { mandate, authority: &Authority { may_sign: true } };
            let room = Room {
                table: &table,
                clock: &self.clock,
                on_table: &self.on_table,
                gains: gains.iter().collect(),
                lines: [lines; 2].into_iter().collect(),
                limits: [limits; 2].into_iter().collect(),
                opinions: self.opinions.iter().collect(),
                someone_waits: false,
            };
            let desk = &mut Desk::default();
            room.act(MediatorIx(0), &mut mediator, &scenario, desk, self.is_drafted)
        }
    }

    #[test]
    fn r1_style_says_what_it_does_and_the_most_pressing_comes_first() {
        let (empty, laid) = (scene(None), scene(Some(&[2, 2])));
        let press = Some(Decision::Press { party: WEST });
        let heard = [1; MAX_PARTIES];
        let strong = |style| Engagement { leverage: 0.3, heard, ..mediator(style) };
        let stranger = |style| Engagement { heard: [0; MAX_PARTIES], ..strong(style) };
        assert_eq!(laid.act(strong([0.0, 0.0, 0.0])), None);
        assert!(matches!(laid.act(strong([1.0, 0.0, 0.0])), Some(Decision::Caucus { .. })));
        let met = laid.act(stranger([1.0, 0.0, 1.0]));
        assert!(matches!(met, Some(Decision::Caucus { .. })), "it hears before it leans");
        assert_eq!(laid.act(strong([1.0, 0.0, 1.0])), press);
        let drafted = |style| Engagement { heard_at_draft: 16, ..strong(style) };
        assert_eq!(laid.act(drafted([1.0, 1.0, 1.0])), press, "no draft is due");
        let text = Package::new(&[2, 2]);
        // Having heard somebody since its last draft, it would also redraft.
        assert_eq!(empty.act(strong([1.0, 1.0, 1.0])), Some(Decision::TableText { text }));
    }

    #[test]
    fn r2_each_meeting_halves_the_error() {
        let mut known = Engagement { misreading: 0.8, ..mediator([1.0; 3]) };
        (known.heard[0], known.heard[1]) = (0, 3);
        assert_eq!((known.error_about(EAST), known.error_about(WEST)), (0.8, 0.1));
    }

    #[test]
    fn r2_it_hears_all_then_carries_both_ways_and_then_has_no_more_to_tell() {
        let check = |heard: [u32; 2], carried: [u32; 2], expected| {
            let mut communicator = mediator([1.0, 0.0, 0.0]);
            communicator.heard[..2].copy_from_slice(&heard);
            communicator.carried[..2].copy_from_slice(&carried);
            assert_eq!(scene(None).act(communicator), expected, "{heard:?} {carried:?}");
        };
        check([1, 0], [0, 0], Some(Decision::Caucus { party: WEST }));
        check([2, 2], [0, 1], Some(Decision::CarryMessage { from: EAST, to: WEST }));
        check([2, 2], [2, 1], Some(Decision::CarryMessage { from: WEST, to: EAST }));
        check([2, 2], [2, 2], None);
    }

    #[test]
    fn r3_a_draft_that_says_nothing_new_is_not_put() {
        let drafter = || mediator([0.0, 1.0, 0.0]);
        let (mut same, mut other) = (scene(Some(&[2, 2])), scene(Some(&[2, 1])));
        (same.on_table.is_refused, other.on_table.is_refused) = (true, true);
        let text = Package::new(&[2, 2]);
        assert_eq!(other.act(drafter()), Some(Decision::TableText { text }));
        assert_eq!(same.act(drafter()), None);
        let knows_more = Engagement { heard: [1; MAX_PARTIES], ..drafter() };
        assert_eq!(same.act(knows_more), Some(Decision::TableText { text }), "a second try");
        let talker = mediator([1.0, 1.0, 0.0]);
        let heard = Engagement { heard: [1; MAX_PARTIES], ..talker.clone() };
        assert!(matches!(other.act(talker), Some(Decision::Caucus { .. })), "it listens first");
        assert_eq!(other.act(heard), Some(Decision::TableText { text }));
        other.is_drafted = true;
        assert_eq!(other.act(drafter()), None, "another has put one");
        let opposed = Scene { stakes: [[0.6, -0.4], [-0.6, 0.4]], ..scene(None) };
        assert_eq!(opposed.act(drafter()), None, "nothing but what is in force");
    }

    #[test]
    fn r4_it_guarantees_then_pays_and_then_presses() {
        let laid = scene(Some(&[2, 2]));
        let heard = [1; MAX_PARTIES];
        let strong = Engagement { leverage: 0.3, heard, ..mediator([0.0, 0.0, 1.0]) };
        let rich = Engagement { budget: 0.5, ..strong.clone() };
        let guarantor = Engagement { guarantee: 1.0, ..rich.clone() };
        assert_eq!(laid.act(guarantor), Some(Decision::OfferGuarantee {}));
        assert_eq!(laid.act(rich), Some(Decision::OfferInducement { party: WEST }));
        assert_eq!(laid.act(strong.clone()), Some(Decision::Press { party: WEST }));
        assert_eq!(laid.act(Engagement { leverage: 0.0, ..strong.clone() }), None);
        let mut content = scene(Some(&[2, 2]));
        content.opinions[1].objection = Objection::None;
        assert_eq!(content.act(strong.clone()), None, "nobody objects");
        let mut sincere = scene(Some(&[2, 2]));
        sincere.opinions[1].pull = 0.0;
        assert_eq!(sincere.act(strong), None, "pressure moves nobody who gains nothing by talking");
    }

    #[test]
    fn r5_who_left_may_be_brought_back_before_all_else() {
        let mut deserted = scene(Some(&[2, 2]));
        deserted.clock.left = Some((WEST, 3));
        let strong = Engagement { leverage: 0.3, ..mediator([1.0; 3]) };
        let able = Engagement { salvage: 0.4, ..strong.clone() };
        assert_eq!(deserted.act(able), Some(Decision::BringBack { party: WEST }));
        assert_eq!(deserted.act(strong), None);
        assert!(returns(&deserted.clock, WEST, 0.4, 0.3));
        assert!(!returns(&deserted.clock, WEST, 0.4, 0.5));
        assert!(!returns(&deserted.clock, EAST, 0.4, 0.3), "it never left");
    }
}
