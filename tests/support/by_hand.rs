//! Direct bargaining written out as a loop, without entities: an oracle for what the engine agrees
//! on, and the yardstick for what its entities cost.
//!
//! The same rules as the engine's, and only those that such a scenario uses: Concession R1,
//! Offering R1 to R3, Acceptance R1 with the next offer, Deadline R2 with the clock inside.

use demarche_domain::package::Package;
use demarche_domain::ranking::Ranking;
use demarche_domain::region::Region;
use demarche_domain::search::{Search, TOLERANCE};
use demarche_domain::worth::Worth;
use demarche_engine::scenario::{Offering, Preferences, Scenario};
use demarche_random::math;

/// One side as the loop sees it.
struct Side {
    /// What packages gain it. [utility]
    gains: Worth,
    ranking: Ranking,
    /// The inverse of the concession exponent.
    steepness: f64,
    best: f64,
    stand: Option<Package>,
    /// What a step of each issue weighs for it.
    spans: Vec<f64>,
}

/// A negotiation by hand: two or more sides that value by tables and may sign at once.
pub struct ByHand<'a> {
    scenario: &'a Scenario,
    region: Region,
    sides: Vec<Side>,
    n_turns: u32,
    search: Search,
    nearness: Worth,
}

impl<'a> ByHand<'a> {
    /// Lays the table for such a scenario.
    ///
    /// # Panics
    /// When a side values by stakes: that needs a world around it.
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        let mut search = Search::default();
        let region = Region::all(&scenario.space);
        let mut order: Vec<_> = scenario.parties.iter().collect();
        order.sort_by_key(|party| party.listed);
        let sides = order.into_iter().map(|party| {
            let Preferences::Tables { values, reservation } = &party.preferences else {
                panic!("{} values by stakes", party.listed)
            };
            let mut gains = Worth::zero(&scenario.space, &[]);
            for (issue, values) in scenario.space.issues().zip(values) {
                gains.solo_mut(issue).copy_from_slice(values);
            }
            gains.constant = -reservation.reference;
            let best = search.best(&region, &gains).0;
            let most = |values: &Vec<f64>| values.iter().copied().fold(f64::MIN, f64::max);
            let least = |values: &Vec<f64>| values.iter().copied().fold(f64::MAX, f64::min);
            let spans = values.iter().map(|values| most(values) - least(values)).collect();
            let steepness = 1.0 / party.bargaining.concession_exponent.reference;
            let ranking = Ranking::of(&region, &gains);
            Side { gains, ranking, steepness, best, stand: None, spans }
        });
        let sides = sides.collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some turns")]
        let n_turns = (scenario.rounds[0].lasts_days.reference / scenario.turn_days).round() as u32;
        let nearness = Worth::zero(&scenario.space, &[]);
        Self { scenario, region, sides, n_turns, search, nearness }
    }

    /// Bargains once: the turn of the agreement and its text, if there is one.
    pub fn bargain(&mut self) -> Option<(u32, Package)> {
        self.sides.iter_mut().for_each(|side| side.stand = None);
        let mut text: Option<Package> = None;
        for turn in 0..self.n_turns {
            let elapsed = (f64::from(turn) + 1.0) / (f64::from(self.n_turns) + 1.0);
            for mover in 0..self.sides.len() {
                let next = self.next_offer(mover, elapsed);
                let gains = &self.sides[mover].gains;
                if let Some(text) = text
                    && gains.of(&text) >= next.map_or(0.0, |next| gains.of(&next)) - TOLERANCE
                {
                    return Some((turn, text));
                }
                self.sides[mover].stand = next;
                text = next;
            }
        }
        None
    }

    fn next_offer(&mut self, mover: usize, elapsed: f64) -> Option<Package> {
        let anyone = self.scenario.protocol.offering == Offering::ClosestToOther
            && self.write_nearness(mover);
        let side = &mut self.sides[mover];
        let target = (side.best * (1.0 - math::pow(elapsed, side.steepness))).max(0.0);
        let favour = if anyone { &self.nearness } else { &side.gains };
        let found = match self.scenario.protocol.offering {
            Offering::LowestAboveTarget => side.ranking.lowest_above(&side.gains, target),
            Offering::ClosestToOther => {
                self.search.best_above(&self.region, &side.gains, target, favour)
            }
        };
        found.first().copied()
    }

    fn write_nearness(&mut self, mover: usize) -> bool {
        self.nearness.clear();
        let mut taken = false;
        for (_, other) in self.sides.iter().enumerate().filter(|(place, _)| *place != mover) {
            let Some(stand) = other.stand else { continue };
            taken = true;
            for issue in self.scenario.space.issues() {
                let levels = &self.scenario.issues[issue.ix()].levels;
                let stood = levels[usize::from(stand.rung(issue))];
                let weight = other.spans[issue.ix()];
                for (solo, level) in self.nearness.solo_mut(issue).iter_mut().zip(levels) {
                    *solo -= weight * (level - stood).abs();
                }
            }
        }
        taken
    }
}
