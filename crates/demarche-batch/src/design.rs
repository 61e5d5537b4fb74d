//! Designs: which numbers of a scenario vary over a batch, at which points, in which futures.
//!
//! A design has points, and so many futures at each. A future is a seed: the same attacks, delays
//! and tempers. On a grid and on points that are given all points meet the same futures, so that
//! they compare in pairs; along a trajectory of Morris its points do; of a hypercube or Sobol'
//! sequence every point meets its own, so that more points also mean more futures.

use std::sync::Arc;

use demarche_engine::seating::Settings;
use demarche_random::seed::MasterSeed;
use demarche_scenario::NumberUse;
use demarche_statistics::fault::Fault;
use demarche_statistics::grid::Grid;
use demarche_statistics::latin_hypercube::LatinHypercube;
use demarche_statistics::morris::Trajectories;
use demarche_statistics::plan::Plan as Points;
use demarche_statistics::sobol_sequence::SobolSequence;

/// A number that varies, from end to end.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// What it means.
    pub meaning: String,
    /// Its unit; `1` if it has none.
    pub unit: String,
    /// The lower end. In its unit.
    pub low: f64,
    /// The upper end. In its unit.
    pub high: f64,
    /// The address of its draw.
    address: u32,
    /// How many of its units make one of the engine's.
    per_unit: f64,
}

impl Lever {
    /// The lever that a number with a range is; nothing of one without.
    #[must_use]
    pub fn of(number: &NumberUse) -> Option<Self> {
        let (low, high) = number.number.shape?.ends();
        Some(Self {
            path: number.path.clone(),
            meaning: number.doc.to_owned(),
            unit: number.quantity.unit.to_owned(),
            low,
            high,
            address: number.address,
            per_unit: number.per_engine_unit(),
        })
    }

    /// Whether it can be set to this. In its unit.
    pub(crate) fn admits(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    fn setting(&self, value: f64) -> (u32, f64) {
        (self.address, value / self.per_unit)
    }
}

/// How points are spread.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// One point, at which nothing varies.
    Nothing,
    /// Every combination of so many levels of each lever.
    Grid(Grid),
    /// A Latin hypercube: each lever's range is cut into as many parts as there are points, and
    /// each part is met once (McKay et al. 1979).
    LatinHypercube(LatinHypercube),
    /// The Sobol' sequence, which fills space evenly (Joe and Kuo 2008).
    Sobol(SobolSequence),
    /// Trajectories that move one lever at a time (Morris 1991).
    Morris(Trajectories),
    /// Points that are given: a value for each lever, point after point. In the units of levers.
    Given(Arc<[f64]>),
}

/// Which numbers vary, at which points, in how many futures.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// What varies.
    pub levers: Vec<Lever>,
    /// How its points are spread.
    pub spread: Spread,
    /// Futures at each point. [runs, ≥ 1]
    pub futures: u64,
}

/// Where one run of a design is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The point, from 0.
    pub point: u64,
    /// The future, from 0: the seed is that of the batch and so many more.
    pub future: u64,
}

impl Design {
    /// No lever: so many futures of the scenario as it is.
    #[must_use]
    pub const fn plain(n_runs: u64) -> Self {
        Self { levers: Vec::new(), spread: Spread::Nothing, futures: n_runs }
    }

    /// Levers over a grid of so many levels.
    ///
    /// # Errors
    /// When there are no levers or levels, or more points than can be numbered.
    pub fn grid(levers: Vec<Lever>, levels: u32, futures: u64) -> Result<Self, Fault> {
        let grid = Grid::new(&vec![levels; levers.len()])?;
        Ok(Self { levers, spread: Spread::Grid(grid), futures })
    }

    /// Levers over a Latin hypercube of so many points.
    ///
    /// # Errors
    /// When there are no levers or points, or too many.
    pub fn latin_hypercube(
        levers: Vec<Lever>,
        n_points: u64,
        futures: u64,
        seed: MasterSeed,
    ) -> Result<Self, Fault> {
        let points = LatinHypercube::new(n_points, levers.len(), seed)?;
        Ok(Self { levers, spread: Spread::LatinHypercube(points), futures })
    }

    /// Levers over the first points of the Sobol' sequence.
    ///
    /// # Errors
    /// When there are no levers or points, or too many.
    pub fn sobol(levers: Vec<Lever>, n_points: u64, futures: u64) -> Result<Self, Fault> {
        let points = SobolSequence::new(n_points, levers.len())?;
        Ok(Self { levers, spread: Spread::Sobol(points), futures })
    }

    /// Levers along so many trajectories over four levels.
    ///
    /// # Errors
    /// When there are no levers or trajectories, or too many.
    pub fn morris(
        levers: Vec<Lever>,
        n_trajectories: u64,
        futures: u64,
        seed: MasterSeed,
    ) -> Result<Self, Fault> {
        let n_levers = levers.len();
        let points = Trajectories::new(n_trajectories, n_levers, MORRIS_LEVELS, seed)?;
        Ok(Self { levers, spread: Spread::Morris(points), futures })
    }

    /// Levers at points that are given.
    ///
    /// # Panics
    /// When there is no lever, or not a value for each at each point.
    #[must_use]
    pub fn given(levers: Vec<Lever>, values: Vec<f64>, futures: u64) -> Self {
        let is_whole = !levers.is_empty() && values.len().is_multiple_of(levers.len());
        assert!(is_whole, "{} values for {} levers", values.len(), levers.len());
        Self { levers, spread: Spread::Given(values.into()), futures }
    }

    /// Points. [points, ≥ 1]
    #[must_use]
    pub fn n_points(&self) -> u64 {
        match &self.spread {
            Spread::Nothing => 1,
            Spread::Grid(points) => points.n_points(),
            Spread::LatinHypercube(points) => points.n_points(),
            Spread::Sobol(points) => points.n_points(),
            Spread::Morris(points) => points.n_points(),
            Spread::Given(values) => (values.len() / self.levers.len()) as u64,
        }
    }

    /// Runs in all, if they can be numbered. [runs]
    #[must_use]
    pub fn n_runs(&self) -> Option<u64> {
        self.n_points().checked_mul(self.futures)
    }

    /// How many futures the batch meets in all.
    #[must_use]
    pub fn n_futures(&self) -> u64 {
        let last = self.n_runs().map_or(0, |n| n.saturating_sub(1));
        self.place(last).future + 1
    }

    /// Where a run is: point after point, and all futures of one before those of the next.
    #[must_use]
    pub fn place(&self, run: u64) -> Place {
        let (point, within) = (run / self.futures, run % self.futures);
        let block = match &self.spread {
            Spread::Nothing | Spread::Grid(_) | Spread::Given(_) => 0,
            Spread::LatinHypercube(_) | Spread::Sobol(_) => point,
            Spread::Morris(points) => point / (points.n_dimensions() as u64 + 1),
        };
        Place { point, future: block * self.futures + within }
    }

    /// Whether points meet the same futures, so that they compare in pairs.
    #[must_use]
    pub const fn shares_futures(&self) -> bool {
        matches!(self.spread, Spread::Grid(_) | Spread::Given(_) | Spread::Morris(_))
    }

    /// Whether runs are independent witnesses, and those from the first on a sample of the design:
    /// neither points share their futures nor futures their point.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        !self.shares_futures() && (self.futures == 1 || self.n_points() == 1)
    }

    /// The values of the levers at a point. In their units.
    #[must_use]
    pub fn values(&self, point: u64) -> Vec<f64> {
        let within = |points: &dyn Points| {
            let quantiles = points.point(point);
            let ends = self.levers.iter().zip(quantiles);
            // The upper end can be missed by the last bit.
            ends.map(|(of, u)| (of.low + (of.high - of.low) * u).min(of.high)).collect()
        };
        match &self.spread {
            Spread::Nothing => Vec::new(),
            Spread::Grid(points) => within(points),
            Spread::LatinHypercube(points) => within(points),
            Spread::Sobol(points) => within(points),
            Spread::Morris(points) => within(points),
            Spread::Given(values) => {
                let n = self.levers.len();
                let at = usize::try_from(point).expect("its values are in memory") * n;
                values[at..at + n].to_vec()
            }
        }
    }

    /// The levers set to these values, as the engine takes them.
    #[must_use]
    pub fn settings(&self, values: &[f64]) -> Settings {
        let numbers = self.levers.iter().zip(values).map(|(lever, value)| lever.setting(*value));
        Settings { numbers: numbers.collect() }
    }

    /// What it is called, in a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self.spread {
            Spread::Nothing => "none",
            Spread::Grid(_) => "grid",
            Spread::LatinHypercube(_) => "latin-hypercube",
            Spread::Sobol(_) => "sobol",
            Spread::Morris(_) => "morris",
            Spread::Given(_) => "given",
        }
    }
}

/// Four levels, as is the custom: each lever moves by two thirds of its range.
const MORRIS_LEVELS: u32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn lever(path: &str, low: f64, high: f64) -> Lever {
        let (meaning, unit) = (String::new(), "1".to_owned());
        Lever { path: path.to_owned(), meaning, unit, low, high, address: 7, per_unit: 24.0 }
    }

    fn two() -> Vec<Lever> {
        vec![lever("a", 0.0, 1.0), lever("b", 10.0, 20.0)]
    }

    #[test]
    fn points_of_a_grid_meet_the_same_futures() {
        let design = Design::grid(two(), 3, 4).unwrap();
        assert_eq!(design.n_runs(), Some(36));
        assert_eq!(design.place(5), Place { point: 1, future: 1 });
        assert_eq!(design.values(1), [0.0, 15.0]);
        assert_eq!(design.n_futures(), 4);
    }

    #[test]
    fn single_runs_are_a_sample_where_neither_points_nor_futures_are_shared() {
        let cube = |points, futures| Design::latin_hypercube(two(), points, futures, MasterSeed(1));
        let designs = [
            (Ok(Design::plain(9)), true),
            (cube(9, 1), true),
            (cube(1, 9), true),
            (cube(3, 3), false),
            (Design::sobol(two(), 3, 3), false),
            (Design::grid(two(), 3, 1), false),
        ];
        for (design, expected) in designs {
            let design = design.unwrap();
            assert_eq!(design.is_sample(), expected, "{design:?}");
        }
    }

    #[test]
    fn points_of_a_hypercube_meet_their_own() {
        let design = Design::latin_hypercube(two(), 10, 3, MasterSeed(1)).unwrap();
        assert_eq!(design.place(5), Place { point: 1, future: 5 });
        assert_eq!(design.n_futures(), 30);
        let values = design.values(9);
        assert!((0.0..1.0).contains(&values[0]) && (10.0..20.0).contains(&values[1]));
    }

    #[test]
    fn points_of_a_trajectory_share_theirs_and_move_one_lever() {
        let design = Design::morris(two(), 5, 2, MasterSeed(1)).unwrap();
        assert_eq!(design.n_runs(), Some(30));
        for point in 0..3 {
            assert_eq!(design.place(point * 2 + 1).future, 1);
            assert_eq!(design.place((point + 3) * 2).future, 2);
        }
        for (one, next) in [(0, 1), (1, 2), (3, 4)] {
            let [one, next] = [one, next].map(|point| design.values(point));
            assert_eq!(one.iter().zip(&next).filter(|(a, b)| a != b).count(), 1);
        }
    }

    #[test]
    fn levers_are_set_in_the_engines_units() {
        let design = Design::given(two(), vec![0.5, 12.0, 0.25, 18.0], 1);
        assert_eq!(design.n_points(), 2);
        assert_eq!(design.values(1), [0.25, 18.0]);
        assert_eq!(design.settings(&[12.0, 24.0]).numbers, [(7, 0.5), (7, 1.0)]);
    }
}
