//! Swings: what a share comes to where a number is near its low end, and near its high one; the
//! widest on top, so that the chart has the shape of a tornado.

use kuva::plot::line::LinePlot;
use kuva::plot::scatter::ScatterPlot;
use kuva::render::annotations::ReferenceLine;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;

use super::canvas::{beside, layout, shaped, with_legend};
use super::palette::{MUTED, color, shape};

/// How high a row is. [px]
const ROW: f64 = 34.0;

/// Swings of a share.
#[derive(Clone, Debug, PartialEq)]
pub struct Swings {
    /// What goes to the right, with its unit.
    pub x: String,
    /// The share over all. In a hundred.
    pub all: f64,
    /// Which number, and the share at its low and its high end. In a hundred.
    pub rows: Vec<(String, f64, f64)>,
}

impl Swings {
    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let n = f64::from(u32::try_from(self.rows.len()).expect("rows are few"));
        let ends = self.rows.iter().flat_map(|(_, low, high)| [*low, *high]);
        let (least, most) =
            ends.fold((self.all, self.all), |(least, most), at| (least.min(at), most.max(at)));
        let around = (most - least).max(1e-6) * 0.08;
        let mut plots: Vec<Plot> = Vec::new();
        let mut y = n;
        for (_, low, high) in &self.rows {
            let line = LinePlot::new().with_data([(*low, y), (*high, y)]);
            plots.push(line.with_color(MUTED.light).with_stroke_width(5.0).into());
            for (series, at) in [(0, *low), (1, *high)] {
                let mark = ScatterPlot::new().with_data([(at, y)]).with_color(color(series));
                plots.push(mark.with_size(7.0).with_marker(shape(series)).into());
            }
            y -= 1.0;
        }
        // The end of a path says more than its beginning.
        let names = self.rows.iter().rev().map(|(path, ..)| beside(last_parts(path))).collect();
        let range = ((least - around).max(0.0), (most + around).min(100.0));
        let layout = layout(range, (0.5, n + 0.5), ROW.mul_add(n, 70.0))
            .with_y_categories(names)
            .with_ticks(4)
            .with_x_label(self.x.as_str())
            .with_reference_line(ReferenceLine::vertical(self.all).with_color(MUTED.light));
        let legend = vec![shaped("near its low end", 0), shaped("near its high end", 1)];
        (plots, with_legend(layout, legend))
    }
}

/// The last two parts of a path.
fn last_parts(path: &str) -> &str {
    let mut dots = path.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(1).map_or(path, |at| &path[at + 1..])
}
