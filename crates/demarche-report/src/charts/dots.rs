//! Fifty dots: of so many runs, how many end so. People read frequencies best, and a number of
//! things that they can count better than a share \[gigerenzer2007\].

use kuva::plot::scatter::ScatterPlot;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;

use super::canvas::{WIDTH, layout, shaped, with_legend};
use super::palette::{color, shape};

/// How many dots stand for all.
pub const DOTS: u64 = 50;
/// Dots of a row.
const ACROSS: u64 = 10;

/// Dots by class, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dots {
    /// The name of each class, and how many dots it has.
    pub classes: Vec<(String, u64)>,
}

impl Dots {
    /// Dots for counts, by largest remainder: together they are fifty, unless there is nothing to
    /// count.
    #[must_use]
    pub fn of(counts: &[(String, u64)]) -> Self {
        let all: u64 = counts.iter().map(|(_, count)| count).sum();
        let whole = |count: u64| u64::try_from(share(count, all).0).expect("at most fifty");
        let mut dots: Vec<u64> = counts.iter().map(|(_, count)| whole(*count)).collect();
        let left = if all == 0 { 0 } else { DOTS - dots.iter().sum::<u64>() };
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(share(counts[*at].1, all).1), *at));
        for at in order.into_iter().take(usize::try_from(left).expect("at most fifty")) {
            dots[at] += 1;
        }
        Self { classes: counts.iter().map(|(name, _)| name.clone()).zip(dots).collect() }
    }

    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let mut next = 0;
        let mut plots: Vec<Plot> = Vec::new();
        let mut legend = Vec::new();
        for (series, (name, n)) in self.classes.iter().enumerate().filter(|(_, (_, n))| *n > 0) {
            let places: Vec<(f64, f64)> = (next..next + n).map(place).collect();
            next += n;
            let dots = ScatterPlot::new().with_data(places).with_size(10.0);
            plots.push(dots.with_color(color(series)).with_marker(shape(series)).into());
            legend.push(shaped(&format!("{n}: {name}"), series));
        }
        let mut layout = layout((-0.6, 9.6), (-4.6, 0.6), WIDTH * 0.5).with_show_grid(false);
        layout.theme.axis_color = "none".to_owned();
        (layout.suppress_x_ticks, layout.suppress_y_ticks) = (true, true);
        (plots, with_legend(layout, legend))
    }
}

/// The whole dots of a count, and what remains of it in parts of the whole.
fn share(count: u64, all: u64) -> (u128, u128) {
    let (dots, all) = (u128::from(count) * u128::from(DOTS), u128::from(all.max(1)));
    (dots / all, dots % all)
}

fn place(dot: u64) -> (f64, f64) {
    let real = |n: u64| f64::from(u32::try_from(n).expect("at most fifty"));
    (real(dot % ACROSS), -real(dot / ACROSS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dots(counts: &[u64]) -> Vec<u64> {
        let counts: Vec<(String, u64)> = counts.iter().map(|n| (n.to_string(), *n)).collect();
        Dots::of(&counts).classes.into_iter().map(|(_, dots)| dots).collect()
    }

    #[test]
    fn dots_are_fifty_in_all() {
        assert_eq!(dots(&[1, 1]), [25, 25]);
        assert_eq!(dots(&[1, 1, 1]), [17, 17, 16]);
        assert_eq!(dots(&[999_999, 1]), [50, 0]);
        assert_eq!(dots(&[0, 0]), [0, 0]);
        assert_eq!(dots(&[u64::MAX / 4, u64::MAX / 4]), [25, 25]);
    }
}
