//! Elementary effects: which inputs matter at all, from few runs \[morris1991\].
//!
//! A trajectory walks through the cube on a grid of levels, and each of its steps moves one
//! coordinate by the same length δ. What a step changes in the output, over δ, is an elementary
//! effect of that coordinate. Their mean μ tells the direction, the mean of their sizes μ* how much
//! the input matters \[campolongo2007\], and their deviation σ whether that depends on where one
//! stands: an interaction or a bend.

use demarche_random::purpose::Purpose;
use demarche_random::seed::MasterSeed;

use crate::fault::Fault;
use crate::interval::real;
use crate::plan::{Plan, check_request, dimension_number};

/// Trajectories through the cube, one after the other; each has a point more than there are
/// dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trajectories {
    n_trajectories: u64,
    n_dimensions: usize,
    levels: u32,
    seed: MasterSeed,
}

impl Trajectories {
    /// So many trajectories over so many levels, at 0, 1/(levels − 1), … 1. Four levels are the
    /// custom.
    ///
    /// # Errors
    /// When there is no trajectory or no dimension, levels are odd or fewer than 2, or there are
    /// more points than can be numbered.
    pub fn new(
        n_trajectories: u64,
        n_dimensions: usize,
        levels: u32,
        seed: MasterSeed,
    ) -> Result<Self, Fault> {
        if n_trajectories == 0 || n_dimensions == 0 {
            return Err(Fault::EmptyPlan);
        }
        if levels < 2 || !levels.is_multiple_of(2) {
            return Err(Fault::OddLevels { levels });
        }
        if u32::try_from(n_dimensions).is_err() {
            return Err(Fault::TooManyDimensions { n_dimensions, most: u32::MAX as usize });
        }
        let most = u64::MAX / (n_dimensions as u64 + 1);
        if n_trajectories > most {
            return Err(Fault::TooManyPoints { n_points: u64::MAX, most: u64::MAX });
        }
        Ok(Self { n_trajectories, n_dimensions, levels, seed })
    }

    /// How far each step goes: levels/(2(levels − 1)), which visits all levels equally often. [1]
    #[must_use]
    pub fn delta(&self) -> f64 {
        f64::from(self.levels) / (2.0 * f64::from(self.levels - 1))
    }
}

/// How one coordinate moves in a trajectory.
struct Walk {
    /// The lower of the two levels that it stands on.
    lower: u32,
    rises: bool,
    /// Coordinates move in the order of these numbers.
    turn: f64,
}

impl Plan for Trajectories {
    fn n_points(&self) -> u64 {
        self.n_trajectories * (self.n_dimensions as u64 + 1)
    }

    fn n_dimensions(&self) -> usize {
        self.n_dimensions
    }

    fn write(&self, index: u64, coordinates: &mut [f64]) {
        check_request(self, index, coordinates);
        let length = self.n_dimensions as u64 + 1;
        let (own, n_moved) = (self.seed.run(index / length), index % length);
        let walk = |dimension| {
            let mut draws = own.draws(Purpose::Trajectory, 0, dimension_number(dimension));
            let lower = draws.choose((self.levels / 2) as usize);
            let lower = u32::try_from(lower).expect("below half of the levels");
            Walk { lower, rises: draws.chance(0.5), turn: draws.uniform() }
        };
        let walks: Vec<Walk> = (0..self.n_dimensions).map(walk).collect();
        let mut order: Vec<usize> = (0..self.n_dimensions).collect();
        order.sort_by(|a, b| walks[*a].turn.total_cmp(&walks[*b].turn));
        for (place, dimension) in (0..).zip(order) {
            let Walk { lower, rises, .. } = walks[dimension];
            let is_moved = place < n_moved;
            let level = if is_moved == rises { lower + self.levels / 2 } else { lower };
            coordinates[dimension] = f64::from(level) / f64::from(self.levels - 1);
        }
    }
}

/// What steps in one coordinate did to the output, in units of the output over the whole range of
/// the coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementaryEffects {
    /// The mean effect μ. [output]
    pub mean: f64,
    /// The mean size of an effect μ*. [output, at least 0] \[campolongo2007\]
    pub mean_size: f64,
    /// The standard deviation σ of the effects, over r − 1; nothing from one trajectory. [output,
    /// at least 0]
    pub deviation: Option<f64>,
}

/// The effects of each coordinate, from the points of trajectories, one after the other, and the
/// outputs there. The points may be of any plan that walks one coordinate at a time.
///
/// # Errors
/// When there are no points, there is not an output for each, they are no whole number of
/// trajectories, or two that follow each other in one differ in no coordinate or in several.
pub fn elementary_effects(
    points: &[Vec<f64>],
    outputs: &[f64],
) -> Result<Vec<ElementaryEffects>, Fault> {
    let n_dimensions = points.first().ok_or(Fault::EmptyPlan)?.len();
    let length = n_dimensions + 1;
    if outputs.len() != points.len() || !points.len().is_multiple_of(length) {
        return Err(Fault::UnequalOutputs { found: outputs.len(), expected: length });
    }
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); n_dimensions];
    for from in (0..points.len()).filter(|index| (index + 1) % length != 0) {
        let (dimension, step) = step_between(points, from)?;
        effects[dimension].push((outputs[from + 1] - outputs[from]) / step);
    }
    Ok(effects.iter().map(|effects| summary(effects)).collect())
}

/// Which coordinate changes from a point to the next, and by how much.
fn step_between(points: &[Vec<f64>], from: usize) -> Result<(usize, f64), Fault> {
    let steps = points[from + 1].iter().zip(&points[from]).map(|(next, this)| next - this);
    let mut changed = steps.enumerate().filter(|(_, step)| *step != 0.0);
    let first = changed.next();
    let n_others = changed.count();
    match first {
        Some(step) if n_others == 0 => Ok(step),
        Some(_) => Err(Fault::NoStep { index: from, n_changed: n_others + 1 }),
        None => Err(Fault::NoStep { index: from, n_changed: 0 }),
    }
}

fn summary(effects: &[f64]) -> ElementaryEffects {
    let n = real(effects.len() as u64);
    let mean = effects.iter().sum::<f64>() / n;
    let mean_size = effects.iter().map(|effect| effect.abs()).sum::<f64>() / n;
    let squares: f64 = effects.iter().map(|effect| (effect - mean) * (effect - mean)).sum();
    let deviation = (effects.len() > 1).then(|| (squares / (n - 1.0)).sqrt());
    ElementaryEffects { mean, mean_size, deviation }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{list, near, number, numbers, reference};

    const REFERENCE: &str = include_str!("../../../tests/reference/statistics/morris.json");

    fn plan(n_trajectories: u64, n_dimensions: usize, levels: u32) -> Trajectories {
        Trajectories::new(n_trajectories, n_dimensions, levels, MasterSeed(5)).unwrap()
    }

    fn effects(plan: &Trajectories, of: impl Fn(&[f64]) -> f64) -> Vec<ElementaryEffects> {
        let points: Vec<Vec<f64>> = (0..plan.n_points()).map(|index| plan.point(index)).collect();
        let outputs: Vec<f64> = points.iter().map(|point| of(point)).collect();
        elementary_effects(&points, &outputs).unwrap()
    }

    #[test]
    fn each_step_moves_one_coordinate_by_delta_along_the_levels() {
        for (n_dimensions, levels) in [(1, 2), (3, 4), (8, 6), (20, 8)] {
            let plan = plan(40, n_dimensions, levels);
            let length = n_dimensions as u64 + 1;
            for trajectory in 0..40 {
                let mut moved = vec![0; n_dimensions];
                let at = |step| plan.point(trajectory * length + step);
                for step in 0..length - 1 {
                    let (here, next) = (at(step), at(step + 1));
                    for (dimension, (a, b)) in here.iter().zip(&next).enumerate() {
                        let level = b * f64::from(levels - 1);
                        assert!((level - level.round()).abs() < 1e-12 && (0.0..=1.0).contains(b));
                        if a != b {
                            moved[dimension] += 1;
                            near((b - a).abs(), plan.delta(), 1e-15);
                        }
                    }
                }
                assert_eq!(moved, vec![1; n_dimensions]);
            }
        }
    }

    #[test]
    fn all_levels_are_visited_equally_often_and_steps_go_both_ways() {
        let plan = plan(6000, 2, 6);
        let mut visits = [0; 6];
        let mut n_rises = 0;
        for trajectory in 0..6000 {
            let (start, end) = (plan.point(trajectory * 3), plan.point(trajectory * 3 + 2));
            visits[(start[0] * 5.0).round() as usize] += 1;
            n_rises += u32::from(end[0] > start[0]);
        }
        // Four standard errors of a count.
        assert!(visits.iter().all(|visits: &i32| (visits - 1000).abs() < 116), "{visits:?}");
        assert!(n_rises.abs_diff(3000) < 155, "{n_rises}");
    }

    #[test]
    fn effects_are_those_that_others_found() {
        let file = reference(REFERENCE);
        let case = &file["analyser_case_ishigami"];
        // Effects there are per unit of a cube that is stretched to the inputs' range.
        let unit = |x: f64| (x / std::f64::consts::PI + 1.0) / 2.0;
        let points: Vec<Vec<f64>> = list(&case["X"])
            .iter()
            .map(|point| numbers(point).into_iter().map(unit).collect())
            .collect();
        let found = elementary_effects(&points, &numbers(&case["Y"])).unwrap();
        for (dimension, effects) in found.iter().enumerate() {
            near(effects.mean, number(&case["mu"][dimension]), 1e-12);
            near(effects.mean_size, number(&case["mu_star"][dimension]), 1e-12);
            near(effects.deviation.unwrap(), number(&case["sigma"][dimension]), 1e-12);
        }
    }

    #[test]
    fn a_line_has_its_coefficients_for_effects() {
        let exact = &reference(REFERENCE)["linear"]["exact"];
        let coefficients = numbers(&exact["coefficients"]);
        let line = |x: &[f64]| x.iter().zip(&coefficients).map(|(x, c)| x * c).sum();
        for (found, coefficient) in effects(&plan(10, 4, 4), line).iter().zip(&coefficients) {
            near(found.mean, *coefficient, 1e-14);
            near(found.mean_size, coefficient.abs(), 1e-14);
            near(found.deviation.unwrap(), 0.0, 1e-14);
        }
    }

    #[test]
    fn an_interaction_shows_in_the_deviation() {
        // x₁ x₂ + x₃: the effect of x₁ is x₂, which is uniform on the levels 0, ⅓, ⅔, 1.
        let found = effects(&plan(4000, 3, 4), |x| x[0] * x[1] + x[2]);
        for pair in &found[..2] {
            near(pair.mean, 0.5, 0.025);
            near(pair.deviation.unwrap(), (5.0_f64 / 36.0).sqrt(), 0.01);
        }
        near(found[2].mean, 1.0, 1e-14);
        near(found[2].deviation.unwrap(), 0.0, 1e-13);
    }

    #[test]
    fn what_is_no_walk_is_refused() {
        let refused =
            |points: &[Vec<f64>], outputs: &[f64]| elementary_effects(points, outputs).unwrap_err();
        assert_eq!(refused(&[], &[]), Fault::EmptyPlan);
        let one = vec![vec![0.0, 0.0]; 3];
        let short = Fault::UnequalOutputs { found: 2, expected: 3 };
        assert_eq!(refused(&one, &[0.0, 1.0]), short);
        assert_eq!(refused(&one, &[0.0; 3]), Fault::NoStep { index: 0, n_changed: 0 });
        let both = [vec![0.0, 0.0], vec![1.0, 1.0], vec![1.0, 0.0]];
        assert_eq!(refused(&both, &[0.0; 3]), Fault::NoStep { index: 0, n_changed: 2 });
        let levels = Trajectories::new(1, 1, 5, MasterSeed(0));
        assert_eq!(levels, Err(Fault::OddLevels { levels: 5 }));
    }

    #[test]
    fn one_trajectory_tells_no_deviation() {
        let found = effects(&plan(1, 2, 4), |x| x[0] - x[1]);
        assert_eq!(found[0].deviation, None);
    }
}
