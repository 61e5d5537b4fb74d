//! The canvas: what all charts have in common, and the last touch to what `kuva` draws.

use demarche_record::prose::shortened;
use kuva::plot::legend::{LegendEntry, LegendPosition, LegendShape};
use kuva::render::layout::Layout;
use kuva::render::plots::Plot;
use kuva::render::theme::Theme;

use super::palette::{GRID, INK, PAGE, color, shape};

/// How wide a chart is. Its letters can still be read where it is drawn on 328. [px]
pub(crate) const WIDTH: f64 = 430.0;
/// The size of letters. [px]
pub(crate) const LETTERS: u32 = 14;
/// What a line of a legend takes. [px]
const LEGEND_LINE: f64 = 22.0;
/// How many letters of a name stand beside an axis.
const BESIDE: usize = 22;
/// How many letters of a name stand in a legend.
const IN_LEGEND: usize = 44;

/// A drawn chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG, complete and by itself.
    pub svg: String,
}

/// The layout of a chart of this height, without its legend.
pub(crate) fn layout(x: (f64, f64), y: (f64, f64), height: f64) -> Layout {
    let theme = Theme {
        background: PAGE.light.to_owned(),
        axis_color: INK.light.to_owned(),
        tick_color: INK.light.to_owned(),
        text_color: INK.light.to_owned(),
        grid_color: GRID.light.to_owned(),
        legend_bg: PAGE.light.to_owned(),
        legend_border: "none".to_owned(),
        ..Theme::light()
    };
    Layout::new(x, y)
        .with_theme(theme)
        .with_font_family("system-ui, sans-serif")
        .with_label_size(LETTERS)
        .with_tick_size(LETTERS)
        .with_body_size(LETTERS)
        .with_width(WIDTH)
        .with_height(height)
        .with_clamp_axis()
        .with_legend_box(false)
}

/// Adds a legend below, a line for each entry.
pub(crate) fn with_legend(layout: Layout, entries: Vec<LegendEntry>) -> Layout {
    let lines = f64::from(u32::try_from(entries.len()).unwrap_or_default());
    let height = layout.height.unwrap_or_default() + LEGEND_LINE * lines;
    let mut layout = layout
        .with_height(height)
        .with_legend_position(LegendPosition::OutsideBottomColumns)
        .with_legend_width(WIDTH)
        .with_legend_entries(entries);
    layout.show_legend = true;
    layout
}

/// The entry of a series that is told by its shape.
pub(crate) fn shaped(name: &str, series: usize) -> LegendEntry {
    LegendEntry {
        label: shortened(name, IN_LEGEND),
        color: color(series).to_owned(),
        shape: LegendShape::Marker(shape(series)),
        dasharray: None,
    }
}

/// The entry of a series that is told by its dash.
pub(crate) fn dashed(name: &str, series: usize) -> LegendEntry {
    LegendEntry {
        label: shortened(name, IN_LEGEND),
        color: color(series).to_owned(),
        shape: LegendShape::Line,
        dasharray: super::palette::dash(series).dasharray(),
    }
}

/// A name as it stands beside an axis.
pub(crate) fn beside(name: &str) -> String {
    shortened(name, BESIDE)
}

/// Draws, names and seals a chart.
pub(crate) fn draw(plots: Vec<Plot>, layout: Layout, key: &str, name: &str) -> Drawing {
    let svg = kuva::render_to_svg(plots, layout);
    // Ids of several charts on a page must not be the same, or one would be clipped by another.
    let svg = svg.replace("kuva-", &format!("{key}-"));
    let at = svg.find('>').expect("it begins with its root");
    let (root, rest) = svg.split_at(at);
    let size = |of: &str| {
        let value =
            root.split_once(&format!(" {of}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.map_or("0", |(value, _)| value).to_owned()
    };
    let (width, height) = (size("width"), size("height"));
    let name = escaped(name);
    let svg =
        format!("{root} viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{name}\"{rest}");
    Drawing { svg }
}

/// Text between quotation marks of XML.
fn escaped(text: &str) -> String {
    maud::html! { (text) }.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_named_and_has_ids_of_its_own() {
        let layout = layout((0.0, 1.0), (0.0, 1.0), 200.0);
        let line = kuva::plot::line::LinePlot::new().with_data([(0.0, 0.0), (1.0, 1.0)]);
        let drawing = draw(vec![line.into()], layout, "here", "a \"line\" <b>");
        assert!(drawing.svg.contains("aria-label=\"a &quot;line&quot; &lt;b&gt;\""));
        assert!(drawing.svg.contains("viewBox=\"0 0 430 200\""), "{}", &drawing.svg[..200]);
        assert!(!drawing.svg.contains("kuva-") && !drawing.svg.contains("<script"));
    }
}
