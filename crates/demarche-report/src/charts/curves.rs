//! Curves: how something goes over time, or as runs are added, with bounds around it.

use kuva::plot::band::BandPlot;
use kuva::plot::line::LinePlot;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;

use super::canvas::{dashed, layout, with_legend};
use super::palette::{color, dash};

/// Some curves over the same axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// What goes to the right, with its unit.
    pub x: String,
    /// What goes up, with its unit.
    pub y: String,
    /// Whether the axis to the right is one of tenfold steps.
    pub is_log_x: bool,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it is of.
    pub name: String,
    /// Which series it is: the same thing looks the same in several charts.
    pub series: usize,
    /// Its points.
    pub points: Vec<Point>,
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Up.
    pub y: f64,
    /// The bounds of that, where there are some.
    pub bounds: Option<(f64, f64)>,
}

impl Curves {
    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let points = || self.curves.iter().flat_map(|curve| &curve.points);
        let most_x = points().map(|point| point.x).fold(0.0, f64::max);
        let least_x = points().map(|point| point.x).fold(f64::INFINITY, f64::min);
        let highest = |point: &Point| point.bounds.map_or(point.y, |(_, high)| high.max(point.y));
        let most_y = points().map(highest).fold(0.0, f64::max).max(1e-6);
        let left = if self.is_log_x { least_x } else { 0.0 };
        let layout = layout((left, most_x.max(left + 1e-6)), (0.0, most_y * 1.04), 300.0);
        let mut layout = layout.with_x_label(self.x.as_str()).with_y_label(self.y.as_str());
        if self.is_log_x {
            layout = layout.with_log_x();
        }
        let bands = self.curves.iter().filter_map(Curve::band);
        let lines = self.curves.iter().map(Curve::line);
        let legend = self.curves.iter().map(|curve| dashed(&curve.name, curve.series));
        let legend = if self.curves.len() > 1 { legend.collect() } else { Vec::new() };
        let layout = if legend.is_empty() { layout } else { with_legend(layout, legend) };
        (bands.chain(lines).collect(), layout)
    }
}

impl Curve {
    fn band(&self) -> Option<Plot> {
        let bounded = self.points.iter().filter_map(|point| Some((point.x, point.bounds?)));
        let (x, bounds): (Vec<f64>, Vec<(f64, f64)>) = bounded.unzip();
        let (low, high): (Vec<f64>, Vec<f64>) =
            bounds.into_iter().map(|(low, high)| (low.max(0.0), high)).unzip();
        let band = BandPlot::new(x.iter().copied(), low, high).with_color(color(self.series));
        (!x.is_empty()).then(|| band.with_opacity(0.18).into())
    }

    fn line(&self) -> Plot {
        let points = self.points.iter().map(|point| (point.x, point.y));
        let line = LinePlot::new().with_data(points).with_color(color(self.series));
        line.with_stroke_width(2.2).with_line_style(dash(self.series)).into()
    }
}
