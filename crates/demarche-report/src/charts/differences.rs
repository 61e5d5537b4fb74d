//! Differences with their bounds, row by row, beside a line where there is none.

use kuva::plot::line::LinePlot;
use kuva::plot::scatter::ScatterPlot;
use kuva::render::annotations::ReferenceLine;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;

use super::canvas::{beside, layout};
use super::palette::{MUTED, color};

/// How high a row is. [px]
const ROW: f64 = 34.0;

/// Differences.
#[derive(Clone, Debug, PartialEq)]
pub struct Differences {
    /// What goes to the right, with its unit.
    pub x: String,
    /// What each is of, the difference, and its bounds where there are some.
    pub rows: Vec<(String, f64, Option<(f64, f64)>)>,
}

impl Differences {
    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let n = f64::from(u32::try_from(self.rows.len()).expect("rows are few"));
        let ends = self.rows.iter().flat_map(|(_, difference, bounds)| {
            let (low, high) = bounds.unwrap_or((*difference, *difference));
            [low, high]
        });
        let (least, most) =
            ends.fold((0.0_f64, 0.0_f64), |(least, most), at| (least.min(at), most.max(at)));
        let around = (most - least).max(1e-6) * 0.06;
        let mut plots: Vec<Plot> = Vec::new();
        let mut y = n;
        for (_, difference, bounds) in &self.rows {
            if let Some((low, high)) = bounds {
                let line = LinePlot::new().with_data([(*low, y), (*high, y)]);
                plots.push(line.with_color(color(0)).with_stroke_width(2.5).into());
            }
            let mark = ScatterPlot::new().with_data([(*difference, y)]).with_color(color(0));
            plots.push(mark.with_size(5.0).into());
            y -= 1.0;
        }
        let names = self.rows.iter().rev().map(|(name, ..)| beside(name)).collect();
        let range = (least - around, most + around);
        let layout = layout(range, (0.5, n + 0.5), ROW.mul_add(n, 70.0))
            .with_y_categories(names)
            .with_ticks(4)
            .with_x_label(self.x.as_str())
            .with_reference_line(ReferenceLine::vertical(0.0).with_color(MUTED.light));
        (plots, layout)
    }
}
