//! Deadline: rounds open, time runs, rounds close.
//!
//! # Rules
//! - **R1** A round opens in its turn if the round before it ended as its condition asks; else it
//!   is not held. [ours: the flagship's second round was agreed on in the first, doha-02]
//! - **R2** The elapsed share s of a round is k/n, (k+1)/n or (k+1)/(n+1) in its turn k of n, as
//!   the scenario chooses. [mohammad2021, NegMAS 0.16 for the last; the others are the two ends of
//!   a turn]
//! - **R3** s never falls, also when a round is extended: what was conceded under pressure of time
//!   is not taken back because time was added. [ours: see Departures]
//! - **R4** When time runs out with a text under discussion, a round is extended once with a given
//!   chance. [ours: ist2-02, the eighteen-hour rescue of 28 October]
//! - **R5** A walk-out closes the round at the end of the turn, or of the next where a mediator may
//!   still bring the side back. [ours: salvage takes hours, not days]
//! - **R6** For word from home on what was initialled a round waits, whatever the clock says.
//!   [ours: initials are put under a text, not under a date]
//!
//! # Departures
//! Faratin et al. know one fixed deadline. Here it is drawn, and can move; s is then measured
//! against the new deadline but held where it was.
use bevy_ecs::prelude::*;
use demarche_domain::index::{PartyIx, RoundIx};
use demarche_random::purpose::Purpose;
use demarche_record::event::{Ending, Event};
use tracing::{debug, trace};

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::mediation::Engagement;
use crate::roster::Roster;
use crate::scenario::{ClockConvention, RoundCondition};
use crate::table::{Narration, PerTable, Rules, Tables};

/// The plan of a round in one run. -- state, drawn when the table is laid.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct RoundPlan {
    /// The turn in which it opens.
    pub opens_turn: u32,
    /// How many turns it is meant to last. [turns, ≥ 1]
    pub n_turns: u32,
    /// Turns before which nobody walks out.
    pub grace_turns: u32,
    /// Chance of an extension. [1, [0, 1]]
    pub extension: f64,
    /// Turns that an extension adds. [turns, ≥ 1]
    pub extension_turns: u32,
}

/// The clock of a table. -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    /// The round that is under way.
    pub round: Option<RoundIx>,
    /// How many rounds are over or were not held.
    pub n_past: usize,
    /// The turn in which the round opened.
    pub opened: u32,
    /// The first turn after the round.
    pub closes: u32,
    /// The elapsed share s. [1, [0, 1]]
    pub elapsed: f64,
    /// Whether the round opened in this turn.
    pub just_opened: bool,
    /// Whether the round was extended by those who negotiate: once is all they get.
    pub is_extended: bool,
    /// Who walked out of the round, and when.
    pub left: Option<(PartyIx, u32)>,
    /// The last round that closed, how, and in which turn.
    pub last: Option<(RoundIx, Ending, u32)>,
    /// Whether a round closed in this turn.
    pub just_closed: bool,
}

impl Clock {
    /// The turn of the round, from 0.
    #[must_use]
    pub const fn turn_of_round(&self, turn: u32) -> u32 {
        turn - self.opened
    }

    /// Lets a side leave the round, if one is under way and nobody has left it.
    pub(crate) const fn leave(&mut self, party: PartyIx, turn: u32) -> bool {
        let leaves = self.round.is_some() && self.left.is_none();
        if leaves {
            self.left = Some((party, turn));
        }
        leaves
    }

    /// Makes the round longer.
    pub(crate) const fn extend(&mut self, by_turns: u32) {
        self.closes = self.closes.saturating_add(by_turns);
    }
}

pub(crate) fn install_opening(schedule: &mut Schedule) {
    schedule.add_systems(open.in_set(crate::turn::Phase::Clock));
}

pub(crate) fn install_closing(schedule: &mut Schedule) {
    schedule.add_systems(close.in_set(crate::turn::Phase::Close));
}

fn open(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    plans: Query<&RoundPlan>,
    mut clocks: ResMut<PerTable<Clock>>,
    mut narration: ResMut<Narration>,
) {
    let plans = roster.seated(plans);
    let rounds = &rules.0.rounds;
    for (at, table) in tables.here() {
        let clock = &mut clocks[at];
        (clock.just_opened, clock.just_closed) = (false, false);
        while clock.round.is_none() && clock.n_past < rounds.len() {
            let round = RoundIx::at(clock.n_past);
            let plan = plans.get(at, round);
            if table.turn < plan.opens_turn {
                break;
            }
            if is_held(rounds[round.ix()].condition, clock.last.map(|(_, ending, _)| ending)) {
                begin(clock, round, plan, table.turn);
                let closes_turn = clock.closes;
                debug!(round = %tables.named(&round), closes_turn, "round opened");
                narration.note(at, table, || Event::RoundOpened { round, closes_turn });
            } else {
                clock.n_past += 1;
                let after = clock.last.map(|(_, ending, _)| ending);
                debug!(round = %tables.named(&round), ?after, "round not held");
                narration.note(at, table, || Event::RoundSkipped { round });
            }
        }
        if clock.round.is_some() {
            let (k, n) = (clock.turn_of_round(table.turn), clock.closes - clock.opened);
            clock.elapsed = no_less(clock.elapsed, elapsed(rules.0.protocol.clock, k, n));
            trace!(elapsed = clock.elapsed, turn_of_round = k, n_turns = n, "time ran");
        }
    }
}

fn begin(clock: &mut Clock, round: RoundIx, plan: &RoundPlan, turn: u32) {
    clock.round = Some(round);
    clock.opened = turn;
    clock.closes = turn + plan.n_turns;
    clock.elapsed = 0.0;
    clock.just_opened = true;
    clock.is_extended = false;
    clock.left = None;
}

fn is_held(condition: RoundCondition, last: Option<Ending>) -> bool {
    match condition {
        RoundCondition::Always => true,
        RoundCondition::AfterAgreement => last == Some(Ending::Agreement),
        RoundCondition::WithoutAgreement => last != Some(Ending::Agreement),
    }
}

fn elapsed(convention: ClockConvention, k: u32, n: u32) -> f64 {
    let (k, n) = (f64::from(k), f64::from(n));
    let s = match convention {
        ClockConvention::StartOfTurn => k / n,
        ClockConvention::EndOfTurn => (k + 1.0) / n,
        ClockConvention::Inside => (k + 1.0) / (n + 1.0),
    };
    s.min(1.0)
}

fn close(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (plans, engagements): (Query<&RoundPlan>, Query<&Engagement>),
    (mut clocks, texts): (ResMut<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    mut narration: ResMut<Narration>,
) {
    let plans = roster.seated(plans);
    let engagements = roster.seated(engagements);
    for (at, table) in tables.here() {
        let clock = &mut clocks[at];
        let Some(round) = clock.round else { continue };
        let text = &texts[at];
        let may_return = roster.mediators().any(|m| {
            let engagement = engagements.get(at, m);
            engagement.is_active && engagement.salvage > 0.0
        });
        let out_of_time = is_out_of_time(clock, text, table.turn);
        if out_of_time && may_be_extended(clock, text) {
            let plan = plans.get(at, round);
            if table.draws(Purpose::Extension, round.ix()).chance(plan.extension) {
                clock.extend(plan.extension_turns);
                clock.is_extended = true;
                let closes_turn = clock.closes;
                debug!(round = %tables.named(&round), closes_turn, "round extended");
                narration.note(at, table, || Event::RoundExtended { round, closes_turn });
                continue;
            }
        }
        let left = clock.left.filter(|(_, when)| {
            let has_waited = table.turn > *when;
            is_final(has_waited, may_return, out_of_time)
        });
        let Some(ending) = ending(text.is_ratified, left.is_some(), out_of_time) else { continue };
        let (left_by, text) = (left.map(|(party, _)| party), text.text);
        debug!(round = %tables.named(&round), ?ending, "round closed");
        narration.note(at, table, || Event::RoundClosed { round, ending, left_by, text });
        clock.last = Some((round, ending, table.turn));
        clock.round = None;
        clock.n_past += 1;
        clock.just_closed = true;
    }
}

/// R6.
fn is_out_of_time(clock: &Clock, on_table: &TextOnTable, turn: u32) -> bool {
    turn + 1 >= clock.closes && !on_table.is_initialled()
}

/// R3.
fn no_less(before: f64, elapsed: f64) -> f64 {
    before.max(elapsed)
}

/// R4: whether a round whose time has run out is one to be extended.
fn may_be_extended(clock: &Clock, on_table: &TextOnTable) -> bool {
    let is_under_discussion = on_table.text.is_some() && !on_table.is_ratified;
    is_under_discussion && clock.left.is_none() && !clock.is_extended
}

/// R5: whether a walk-out ends the round now.
const fn is_final(has_waited: bool, may_return: bool, out_of_time: bool) -> bool {
    !may_return || has_waited || out_of_time
}

fn ending(is_ratified: bool, is_left: bool, out_of_time: bool) -> Option<Ending> {
    match (is_ratified, is_left, out_of_time) {
        (true, _, _) => Some(Ending::Agreement),
        (_, true, _) => Some(Ending::WalkOut),
        (_, _, true) => Some(Ending::Deadline),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{EAST, text_on_table};

    #[test]
    fn r1_a_follow_up_hangs_on_the_round_before() {
        use RoundCondition::{AfterAgreement, Always, WithoutAgreement};
        assert!(is_held(Always, None));
        assert!(is_held(AfterAgreement, Some(Ending::Agreement)));
        assert!(!is_held(AfterAgreement, Some(Ending::WalkOut)));
        assert!(is_held(WithoutAgreement, Some(Ending::Deadline)));
        assert!(!is_held(WithoutAgreement, Some(Ending::Agreement)));
    }

    #[test]
    fn r2_the_three_conventions() {
        assert_eq!(elapsed(ClockConvention::StartOfTurn, 0, 4), 0.0);
        assert_eq!(elapsed(ClockConvention::EndOfTurn, 3, 4), 1.0);
        assert_eq!(elapsed(ClockConvention::Inside, 0, 99), 0.01);
    }

    #[test]
    fn r3_elapsed_time_is_not_given_back() {
        // Half-way through 8 turns, then the round is made twice as long.
        let before = elapsed(ClockConvention::StartOfTurn, 4, 8);
        let after = elapsed(ClockConvention::StartOfTurn, 5, 16);
        assert_eq!(no_less(before, after), 0.5);
        assert_eq!(no_less(0.5, elapsed(ClockConvention::StartOfTurn, 12, 16)), 0.75);
    }

    #[test]
    fn r4_an_extension_moves_the_deadline() {
        let mut clock = Clock { closes: 10, ..Clock::default() };
        clock.extend(4);
        assert_eq!((clock.closes, clock.is_extended), (14, false), "time given from outside");
        clock.extend(u32::MAX);
        assert_eq!(clock.closes, u32::MAX, "longer than anybody can wait, and no longer");
    }

    #[test]
    fn r4_a_round_is_extended_once_for_a_text_under_discussion() {
        let (clock, laid) = (Clock::default(), text_on_table(Some(&[1, 1])));
        assert!(may_be_extended(&clock, &laid));
        assert!(!may_be_extended(&Clock { is_extended: true, ..clock }, &laid), "once");
        assert!(!may_be_extended(&Clock { left: Some((EAST, 3)), ..clock }, &laid), "left");
        assert!(!may_be_extended(&clock, &text_on_table(None)), "nothing to discuss");
        assert!(!may_be_extended(&clock, &TextOnTable { is_ratified: true, ..laid }), "done");
    }

    #[test]
    fn r6_a_round_waits_for_home() {
        let (clock, laid) = (Clock { closes: 8, ..Clock::default() }, text_on_table(Some(&[1, 1])));
        assert!(!is_out_of_time(&clock, &laid, 6) && is_out_of_time(&clock, &laid, 7));
        let initialled = TextOnTable { verdict_due: Some(9), ..laid };
        assert!(!is_out_of_time(&clock, &initialled, 7) && !is_out_of_time(&clock, &initialled, 9));
    }

    #[test]
    fn r5_how_a_round_ends() {
        assert_eq!(ending(true, true, true), Some(Ending::Agreement));
        assert_eq!(ending(false, true, true), Some(Ending::WalkOut));
        assert_eq!(ending(false, false, true), Some(Ending::Deadline));
        assert_eq!(ending(false, false, false), None);
    }

    #[test]
    fn r5_an_empty_chair_is_kept_for_a_turn_where_somebody_may_fill_it() {
        assert!(is_final(false, false, false), "nobody to bring the side back");
        assert!(!is_final(false, true, false) && is_final(true, true, false));
        assert!(is_final(false, true, true), "no time left to try");
    }
}
