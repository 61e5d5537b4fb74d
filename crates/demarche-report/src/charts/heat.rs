//! Heat: a share for each row and column, darker for more, with its figure in the cell.

use kuva::plot::heatmap::{ColorMap, Heatmap};
use kuva::render::annotations::TextAnnotation;
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;
use std::sync::Arc;

use super::canvas::{LETTERS, beside, layout};
use super::palette::heat;

/// How high a row is. [px]
const ROW: f64 = 34.0;

/// Shares by row and column.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// What rows are of, from the top.
    pub rows: Vec<String>,
    /// What columns are of.
    pub columns: Vec<String>,
    /// Row by row. [1, [0, 1]]
    pub shares: Vec<Vec<f64>>,
}

impl Heat {
    pub(crate) fn plots(&self) -> (Vec<Plot>, Layout) {
        let (n_rows, n_columns) = (real(self.rows.len()), real(self.columns.len()));
        let most = self.shares.iter().flatten().copied().fold(0.0, f64::max).max(1e-9);
        // The library draws the first row at the bottom, and scales from the least to the most.
        let mut upward: Vec<Vec<f64>> = self.shares.iter().rev().cloned().collect();
        upward.iter_mut().flatten().for_each(|share| *share /= most);
        let least = upward.iter().flatten().copied().fold(1.0, f64::min);
        let map =
            ColorMap::Custom(Arc::new(move |of: f64| heat(least + of * (1.0 - least)).to_owned()));
        let plot = Heatmap::new().with_data(upward).with_color_map(map);
        let height = ROW.mul_add(n_rows, 60.0);
        let names = |names: &[String]| names.iter().map(|name| beside(name)).collect::<Vec<_>>();
        let mut layout = layout((0.5, n_columns + 0.5), (0.5, n_rows + 0.5), height)
            .with_x_categories(names(&self.columns))
            .with_y_categories(names(&self.rows).into_iter().rev().collect())
            .with_show_grid(false);
        layout.show_colorbar = false;
        for (at, row) in self.shares.iter().enumerate() {
            for (column, share) in row.iter().enumerate() {
                let (x, y) = (real(column) + 1.0, n_rows - real(at) - 0.36);
                let figure = crate::digits::percent(*share);
                let text = TextAnnotation::new(figure, x, y).with_font_size(LETTERS);
                layout = layout.with_annotation(text);
            }
        }
        (vec![plot.into()], layout)
    }
}

fn real(n: usize) -> f64 {
    f64::from(u32::try_from(n).expect("issues and parties are few"))
}
