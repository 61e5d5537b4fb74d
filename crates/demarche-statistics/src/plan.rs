//! Plans: which points of the unit cube to run, each known by its number.
//!
//! A coordinate is a quantile of what varies, so a plan knows nothing of scenarios. Every point can
//! be computed on its own, in any order and on any machine, and no plan keeps its points: a million
//! runs are split into ranges of numbers, and a run that is looked at again is where it was.

/// Points of the unit cube, by number.
pub trait Plan {
    /// How many points there are. [points, at least 1]
    fn n_points(&self) -> u64;

    /// How many coordinates each has. [dimensions, at least 1]
    fn n_dimensions(&self) -> usize;

    /// Writes the coordinates of a point. [1, [0, 1]]
    ///
    /// # Panics
    /// When there is no such point, or not a place for each coordinate.
    fn write(&self, index: u64, coordinates: &mut [f64]);

    /// The coordinates of a point. [1, [0, 1]]
    ///
    /// # Panics
    /// When there is no such point.
    fn point(&self, index: u64) -> Vec<f64> {
        let mut coordinates = vec![0.0; self.n_dimensions()];
        self.write(index, &mut coordinates);
        coordinates
    }
}

/// Checks what every plan asks of who asks for a point.
pub(crate) fn check_request(plan: &impl Plan, index: u64, coordinates: &[f64]) {
    let (n_points, n_dimensions) = (plan.n_points(), plan.n_dimensions());
    assert!(index < n_points, "point {index} of a plan of {n_points}");
    let n_places = coordinates.len();
    assert!(n_places == n_dimensions, "{n_places} places for {n_dimensions} coordinates");
}

/// The number of a dimension, as part of an address.
pub(crate) fn dimension_number(dimension: usize) -> u32 {
    u32::try_from(dimension).expect("plans check that they have fewer than 2^32 dimensions")
}
