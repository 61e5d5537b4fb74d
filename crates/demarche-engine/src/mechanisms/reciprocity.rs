//! Reciprocity: answering concession with concession.
//!
//! # Rules
//! - **R1** Of what another's last move gave me I give back the share ρ: my aspiration falls by
//!   ρ·max(0, G_i(new) − G_i(old)), summed over moves. [axelrod1984; faratin1998,
//!   behaviour-dependent tactics]
//! - **R2** A move that gives me less is not punished by more than what I gain less by it. [ours:
//!   the reference's tit for tat, which only ever concedes]
//! - **R3** A concession that gives me all I hope for raises my trust and calms my impatience by a
//!   given amount, a smaller one by its share; what was once given and taken back calms nobody when
//!   it is given again. [kydd2005, reassurance]
//!
//! # Departures
//! Faratin et al. imitate in percent or absolutely over a window; here absolutely, over the last
//! move.
use bevy_ecs::prelude::*;
use demarche_domain::index::MAX_PARTIES;
use demarche_domain::package::Package;
use demarche_record::event::TrustCause;
use tracing::debug;

use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::concession::Aspiration;
use crate::mechanisms::offering::Position;
use crate::mechanisms::trust::{Impression, Impressions};
use crate::mechanisms::valuation::Gains;
use crate::roster::Roster;
use crate::scenario::Party;
use crate::seating::Dynamics;
use crate::table::{PerTable, Tables};

/// What a delegation has seen and given back. -- state and parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Reciprocity {
    /// ρ. [1, [0, 2]]
    pub share: f64,
    /// What it gave back so far in this round. [gain]
    pub given_back: f64,
    /// The last stand of each other that it has seen.
    pub seen: [Option<Package>; MAX_PARTIES],
    /// The best of them in this round.
    pub best: [Option<Package>; MAX_PARTIES],
}

impl Reciprocity {
    /// Forgets the last round.
    pub(crate) const fn begin(&mut self) {
        self.given_back = 0.0;
        (self.seen, self.best) = ([None; MAX_PARTIES], [None; MAX_PARTIES]);
    }
}

/// Whether anything can come of it in a scenario: somebody answers
/// concessions, or takes note of them.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    let (beliefs, tempers) = (&scenario.world.beliefs, &scenario.world.tempers);
    let answers = |party: &Party| party.bargaining.reciprocity.may_be_nonzero();
    scenario.parties.iter().any(answers)
        || beliefs.concession.may_be_nonzero()
        || tempers.movement.may_be_nonzero()
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(reciprocate.in_set(crate::turn::Phase::Reciprocate));
}

fn reciprocate(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (dynamics, texts): (Res<PerTable<Dynamics>>, Res<PerTable<TextOnTable>>),
    (gains, positions): (Query<&Gains>, Query<&Position>),
    delegations: Query<(&mut Reciprocity, &Aspiration)>,
    (mut moves, mut impressions): (ResMut<PerTable<Moves>>, ResMut<PerTable<Impressions>>),
) {
    let gains = roster.seated(gains);
    let positions = roster.seated(positions);
    let mut delegations = roster.seated(delegations);
    for (at, _) in tables.here() {
        if texts[at].is_closed() {
            continue;
        }
        for of in tables.movers(at) {
            let gains = gains.get(at, of);
            let (reciprocity, aspiration) = delegations.get_mut(at, of);
            for toward in roster.parties().filter(|other| *other != of) {
                let stand = positions.get(at, toward).stand;
                let seen = std::mem::replace(&mut reciprocity.seen[toward.ix()], stand);
                let Some(new) = stand else { continue };
                let best = reciprocity.best[toward.ix()].unwrap_or(new);
                reciprocity.best[toward.ix()] = Some(better(new, best, |p| gains.0.of(p)));
                let Some(old) = seen else { continue };
                let given_now = given(gains.0.of(&new), gains.0.of(&old));
                reciprocity.given_back += given_back(reciprocity.share, given_now);
                let given = given(gains.0.of(&new), gains.0.of(&best));
                let share = share(given, aspiration.best);
                if share > 0.0 {
                    moves[at].was_given[of.ix()] += share;
                    debug!(
                        of = %tables.named(&of), toward = %tables.named(&toward), given, share,
                        given_back = reciprocity.given_back, "concession noted",
                    );
                    let (log_odds, cause) =
                        (dynamics[at].concession * share, TrustCause::Concession);
                    impressions[at].list.push(Impression { of, toward, log_odds, cause });
                }
            }
        }
    }
}

/// R3: the better of a stand and the best one so far.
fn better(new: Package, best: Package, gain: impl Fn(&Package) -> f64) -> Package {
    if gain(&new) > gain(&best) { new } else { best }
}

/// R1 and R2: what a move gave me. [gain, ≥ 0]
fn given(new: f64, old: f64) -> f64 {
    (new - old).max(0.0)
}

/// R1. [gain, ≥ 0]
fn given_back(share: f64, given: f64) -> f64 {
    share * given
}

/// R3: what I was given as a share of all I hope for. [1, [0, 1]]
fn share(given: f64, hoped_for: f64) -> f64 {
    (given / hoped_for.max(1e-6)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_domain::index::IssueIx;

    #[test]
    fn r1_a_share_of_what_was_given_is_given_back() {
        assert!((given_back(0.5, given(0.5, 0.1)) - 0.2).abs() < 1e-12);
        assert_eq!(given_back(0.0, given(0.5, 0.1)), 0.0);
        // Also of what only makes a loss smaller.
        assert!((given_back(2.0, given(-0.1, -0.2)) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn r2_a_move_that_gives_less_is_answered_with_nothing() {
        assert_eq!(given_back(1.5, given(0.1, 0.4)), 0.0);
        assert_eq!(given_back(1.5, given(-0.4, -0.1)), 0.0);
    }

    #[test]
    fn r3_to_and_fro_is_paid_for_once() {
        let gain = |package: &Package| f64::from(package.rung(IssueIx(0)));
        let mut best = Package::new(&[1]);
        let mut paid = 0.0;
        for stand in [3, 0, 2, 3].map(|rung| Package::new(&[rung])) {
            paid += given(gain(&stand), gain(&best));
            best = better(stand, best, gain);
        }
        assert_eq!(paid, 2.0);
    }

    #[test]
    fn r3_a_concession_counts_by_its_share_of_what_is_hoped_for() {
        assert_eq!(share(0.4, 0.4), 1.0);
        assert_eq!(share(0.1, 0.4), 0.25);
        assert_eq!(share(0.9, 0.4), 1.0, "no more than all");
        assert_eq!(share(0.0, 0.0), 0.0, "nothing given, nothing hoped for");
    }

    #[test]
    fn r1_a_new_round_forgets_the_last() {
        let mut reciprocity = Reciprocity {
            share: 0.5,
            given_back: 0.3,
            seen: [Some(Package::STATUS_QUO); MAX_PARTIES],
            best: [Some(Package::STATUS_QUO); MAX_PARTIES],
        };
        reciprocity.begin();
        assert_eq!((reciprocity.given_back, reciprocity.seen[0]), (0.0, None));
        assert_eq!(reciprocity.best[0], None);
    }
}
