//! Quantities by their unit: shares, gains, rates, hours. Each takes its letter and plausible
//! range.
use crate::spec::{Kind, Quantity};

const fn quantity(
    symbol: &'static str,
    unit: &'static str,
    (min, max): (f64, f64),
    assumed: Option<(f64, f64)>,
) -> Quantity {
    Quantity { symbol, unit, min, max, assumed }
}

/// A number without a unit, within bounds.
pub(super) const fn plain(symbol: &'static str, bounds: (f64, f64), low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "1", bounds, Some((low, high))))
}

/// A share or a chance.
pub(super) const fn share(symbol: &'static str, low: f64, high: f64) -> Kind {
    plain(symbol, (0.0, 1.0), low, high)
}

/// A signed weight of an issue.
pub(crate) const STAKE: Quantity = quantity("w", "1", (-1.0, 1.0), Some((-0.5, 0.5)));
/// A weight of an issue in a table of values.
pub(super) const WEIGHT: Quantity = quantity("w", "1", (0.0, 1.0), None);
/// A worth between the worst and the best package.
pub(super) const UTILITY: Quantity = quantity("u", "utility", (0.0, 1.0), None);
/// How close a mediator is to a party.
pub(super) const CLOSENESS: Quantity = quantity("close", "1", (-1.0, 1.0), Some((-0.5, 0.8)));

/// A utility.
pub(super) const fn utility() -> Kind {
    Kind::Number(UTILITY)
}

/// Worth that cannot be negative, on the scale of stakes.
pub(super) const fn cost(symbol: &'static str, low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "gain", (0.0, 1.0), Some((low, high))))
}

/// Signed worth, on the scale of stakes.
pub(super) const fn gain(symbol: &'static str, low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "gain", (-1.0, 1.0), Some((low, high))))
}

/// How sharply something turns on a gain.
pub(super) const fn per_gain(symbol: &'static str, max: f64, low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "1/gain", (0.0, max), Some((low, high))))
}

/// A shift of log-odds.
pub(super) const fn log_odds(symbol: &'static str, low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "log-odds", (0.0, 10.0), Some((low, high))))
}

/// How often something happens.
pub(super) const fn per_day(symbol: &'static str, max: f64, low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "1/d", (0.0, max), Some((low, high))))
}

/// A span of time, given in hours.
pub(super) const fn hours(symbol: &'static str, bounds: (f64, f64), low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "h", bounds, Some((low, high))))
}

/// A span of time, given in days.
pub(super) const fn days(symbol: &'static str, bounds: (f64, f64), low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "d", bounds, Some((low, high))))
}

/// Money a day.
pub(super) const fn trade(symbol: &'static str, low: f64, high: f64) -> Kind {
    Kind::Number(quantity(symbol, "USD m/d", (0.0, 100_000.0), Some((low, high))))
}
