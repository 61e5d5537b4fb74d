//! The frontier: what texts would have gained two sides, which of them none beats for both, which
//! bargaining theory picks, and which lay on the table.

use kuva::plot::line::LinePlot;
use kuva::plot::scatter::ScatterPlot;
use kuva::render::annotations::ReferenceLine;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;

use super::canvas::{layout, shaped, with_legend};
use super::palette::{MUTED, color, shape};

/// Gains of two sides. In points.
#[derive(Clone, Debug, PartialEq)]
pub struct Frontier {
    /// Whose gain goes to the right, and whose up.
    pub sides: [String; 2],
    /// Texts of which none is better for both.
    pub frontier: Vec<(f64, f64)>,
    /// Kinds of texts, each with a name and its texts.
    pub marked: Vec<(String, Vec<(f64, f64)>)>,
}

impl Frontier {
    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let mut frontier = self.frontier.clone();
        frontier.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all = || frontier.iter().chain(self.marked.iter().flat_map(|(_, texts)| texts));
        let range = |of: fn(&(f64, f64)) -> f64| {
            let (least, most) = all()
                .map(of)
                .fold((0.0_f64, 0.0_f64), |(least, most), at| (least.min(at), most.max(at)));
            let around = (most - least).max(1e-6) * 0.06;
            (least - around, most + around)
        };
        let line = LinePlot::new().with_data(frontier.iter().copied()).with_color(MUTED.light);
        let dots = ScatterPlot::new().with_data(frontier.iter().copied()).with_color(MUTED.light);
        let mut plots: Vec<Plot> =
            vec![line.with_stroke_width(1.2).into(), dots.with_size(2.5).into()];
        for (series, (_, texts)) in self.marked.iter().enumerate() {
            let texts = ScatterPlot::new().with_data(texts.iter().copied());
            let texts = texts.with_color(color(series)).with_marker(shape(series));
            plots.push(texts.with_size(6.5).into());
        }
        let [right, up] = &self.sides;
        let layout = layout(range(|at| at.0), range(|at| at.1), 340.0)
            .with_x_label(format!("{right}: gain over no deal, points"))
            .with_y_label(format!("{up}: gain, points"))
            .with_reference_line(ReferenceLine::vertical(0.0).with_color(MUTED.light))
            .with_reference_line(ReferenceLine::horizontal(0.0).with_color(MUTED.light));
        let legend = self.marked.iter().enumerate();
        let legend = legend.map(|(series, (name, _))| shaped(name, series)).collect();
        (plots, with_legend(layout, legend))
    }
}
