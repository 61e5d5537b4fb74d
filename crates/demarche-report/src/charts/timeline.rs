//! A timeline: what happened when, a lane for each kind of thing.

use kuva::plot::line::LinePlot;
use kuva::plot::scatter::ScatterPlot;
use kuva::render::annotations::TextAnnotation;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;

use super::canvas::{LETTERS, beside, layout};
use super::palette::{INK, color, shape};

/// How high a lane is. [px]
const LANE: f64 = 36.0;
/// The part of the width that a letter of a note takes, roughly. [1]
const LETTER: f64 = 0.021;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// What goes to the right, with its unit.
    pub x: String,
    /// How long it all took. In the unit of the axis.
    pub length: f64,
    /// The lanes, from the top.
    pub lanes: Vec<Lane>,
}

/// Things of a kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// Of which.
    pub name: String,
    /// What lasted, from when to when, and what is written above it.
    pub spans: Vec<(f64, f64, String)>,
    /// What happened at once.
    pub moments: Vec<f64>,
}

impl Timeline {
    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let n = f64::from(u32::try_from(self.lanes.len()).expect("lanes are few"));
        let names = self.lanes.iter().rev().map(|lane| beside(&lane.name)).collect();
        let length = self.length.max(1e-6);
        let mut layout = layout((0.0, length), (0.4, n + 0.8), LANE.mul_add(n, 90.0))
            .with_y_categories(names)
            .with_x_label(self.x.as_str());
        let mut plots: Vec<Plot> = Vec::new();
        let mut y = n;
        for (series, lane) in self.lanes.iter().enumerate() {
            for (from, to, note) in &lane.spans {
                let line = LinePlot::new().with_data([(*from, y), (*to, y)]);
                plots.push(line.with_color(color(series)).with_stroke_width(8.0).into());
                let half = letters(note) * LETTER * length / 2.0;
                let middle = f64::midpoint(*from, *to).clamp(half, (length - half).max(half));
                let note = TextAnnotation::new(note.as_str(), middle, y + 0.3);
                layout =
                    layout.with_annotation(note.with_font_size(LETTERS - 2).with_color(INK.light));
            }
            let moments: Vec<(f64, f64)> = lane.moments.iter().map(|at| (*at, y)).collect();
            if !moments.is_empty() {
                let marks = ScatterPlot::new().with_data(moments).with_color(color(series));
                plots.push(marks.with_marker(shape(series)).with_size(5.5).into());
            }
            y -= 1.0;
        }
        (plots, layout)
    }
}

fn letters(of: &str) -> f64 {
    f64::from(u32::try_from(of.chars().count()).unwrap_or(u32::MAX))
}
