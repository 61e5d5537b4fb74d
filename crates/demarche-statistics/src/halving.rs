//! Roots by halving: a fixed number of steps, so that every machine stops at the same bits.

/// Halvings of a stretch of at most 2 until its width is below 10^-19.
const N_HALVINGS: usize = 64;

/// The place between two bounds where a property ends that holds at the lower one.
pub(crate) fn halve(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..N_HALVINGS {
        let middle = low + (high - low) / 2.0;
        if holds(middle) { low = middle } else { high = middle }
    }
    low + (high - low) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_root_of_two() {
        assert!((halve(1.0, 2.0, |x| x * x < 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_bound_is_kept_where_the_property_ends_there() {
        assert_eq!(halve(0.0, 1.0, |_| true), 1.0);
        assert!(halve(0.0, 1.0, |_| false) < 1e-19);
    }
}
