//! Colours, shapes and dashes: told apart without colour sight, on a light page and on a dark one.
//!
//! Hues follow Okabe and Ito's set \[okabe2008\], darker where the original would be too pale on
//! white: every one has a contrast of 3 to 1 or more to its background, as WCAG 2.2 asks of
//! graphics; a test computes it. A page that is dark swaps each for its twin by style alone, so
//! that a chart is the same file wherever it goes.

use kuva::plot::line::LineStyle;
use kuva::plot::scatter::MarkerShape;

/// A colour on a light page, and its twin on a dark one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twin {
    /// On a light page.
    pub light: &'static str,
    /// On a dark page.
    pub dark: &'static str,
}

const fn twin(light: &'static str, dark: &'static str) -> Twin {
    Twin { light, dark }
}

/// The background of pages.
pub const PAGE: Twin = twin("#ffffff", "#16181c");
/// Text and axes.
pub const INK: Twin = twin("#1a1a1a", "#e8e8e8");
/// What stands back: connecting lines, the frontier.
pub const MUTED: Twin = twin("#5c5c5c", "#b0b0b0");
/// Lines of a grid.
pub const GRID: Twin = twin("#dddddd", "#3a3d44");

/// Series, in their order.
pub const SERIES: [Twin; 8] = [
    twin("#0072b2", "#5ab4ea"),
    twin("#c84e00", "#ff8f4a"),
    twin("#00805d", "#2fcf9f"),
    twin("#a0408a", "#e396d0"),
    twin("#7a5c00", "#d8b74a"),
    twin("#4d4d4d", "#c4c4c4"),
    twin("#8c1d40", "#f0708f"),
    twin("#3f3fa8", "#a3a3ff"),
];

/// Steps of a heat, from none to all; figures on it have the colour of text.
pub const HEAT: [Twin; 6] = [
    twin("#f4f8fc", "#1d2229"),
    twin("#dbe9f6", "#1e2f42"),
    twin("#bcd7ec", "#1f3e5c"),
    twin("#9ac3e1", "#1e4c76"),
    twin("#77add4", "#1d5a8e"),
    twin("#5b97c6", "#1c67a5"),
];

/// All are filled: a cross is thin beside them, and its colour hard to see.
const SHAPES: [MarkerShape; 4] =
    [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle, MarkerShape::Diamond];

/// The colour of a series.
#[must_use]
pub fn color(series: usize) -> &'static str {
    SERIES[series % SERIES.len()].light
}

/// The shape of a series.
#[must_use]
pub fn shape(series: usize) -> MarkerShape {
    SHAPES[series % SHAPES.len()]
}

/// The dash of a series.
#[must_use]
pub fn dash(series: usize) -> LineStyle {
    match series % 4 {
        0 => LineStyle::Solid,
        1 => LineStyle::Dashed,
        2 => LineStyle::Dotted,
        _ => LineStyle::DashDot,
    }
}

/// The step of a heat that stands for a share.
#[must_use]
pub fn heat(share: f64) -> &'static str {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 5")]
    let step = (share.clamp(0.0, 1.0) * 5.0).ceil() as usize;
    HEAT[step].light
}

/// All twins, for the style of a page.
pub fn twins() -> impl Iterator<Item = Twin> {
    [PAGE, INK, MUTED, GRID].into_iter().chain(SERIES).chain(HEAT)
}

#[cfg(test)]
mod tests {
    use demarche_random::math;

    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { math::pow((value + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_series_stands_out_on_both_pages() {
        for series in SERIES.into_iter().chain([MUTED]) {
            assert!(contrast(series.light, PAGE.light) >= 3.0, "{}", series.light);
            assert!(contrast(series.dark, PAGE.dark) >= 3.0, "{}", series.dark);
        }
        assert!(contrast(INK.light, PAGE.light) >= 7.0 && contrast(INK.dark, PAGE.dark) >= 7.0);
    }

    #[test]
    fn figures_on_a_heat_can_be_read() {
        for step in HEAT {
            assert!(contrast(step.light, INK.light) >= 4.5, "{}", step.light);
            assert!(contrast(step.dark, INK.dark) >= 4.5, "{}", step.dark);
        }
        assert_eq!([0.0, 0.001, 1.0].map(heat), [0, 1, 5].map(|step| HEAT[step].light));
    }

    #[test]
    fn no_two_series_look_alike() {
        for (at, one) in SERIES.iter().enumerate() {
            for other in &SERIES[at + 1..] {
                assert!(one.light != other.light && one.dark != other.dark);
            }
        }
    }
}
