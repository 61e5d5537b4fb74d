//! Charts: what can be drawn, one file a kind.
//!
//! A chart holds what it shows and nothing of how; drawing is `kuva`'s, and what comes out is SVG
//! without script, with ids of its own and a name for those who do not see it. Series are told
//! apart by shape or dash as well as by colour.

pub mod canvas;
pub mod palette;
pub mod dots;
pub mod heat;
pub mod curves;
pub mod differences;
pub mod swings;
pub mod frontier;
pub mod timeline;

pub use canvas::Drawing;

/// A chart.
#[derive(Clone, Debug)]
pub enum Chart {
    /// Fifty dots for all runs.
    Dots(dots::Dots),
    /// Rows by columns, darker for more.
    Heat(heat::Heat),
    /// Lines over time or number, with bounds.
    Curves(curves::Curves),
    /// Differences with their bounds, beside none.
    Differences(differences::Differences),
    /// What a number does from end to end.
    Swings(swings::Swings),
    /// Gains of two sides.
    Frontier(frontier::Frontier),
    /// What happened when.
    Timeline(timeline::Timeline),
}

impl Chart {
    /// The chart as SVG. `key` makes its ids its own, `name` is what is read in its stead.
    #[must_use]
    pub fn draw(&self, key: &str, name: &str) -> Drawing {
        let (plots, layout) = match self {
            Self::Dots(chart) => chart.plots(),
            Self::Heat(chart) => chart.plots(),
            Self::Curves(chart) => chart.plots(),
            Self::Differences(chart) => chart.plots(),
            Self::Swings(chart) => chart.plots(),
            Self::Frontier(chart) => chart.plots(),
            Self::Timeline(chart) => chart.plots(),
        };
        canvas::draw(plots, layout, key, name)
    }
}
