//! What the tests of this crate share: results computed by others, and how near is near.

use serde_json::Value;

/// A file of results, parsed. Infinities, which are not JSON, stand as text there.
pub(crate) fn reference(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A number of a file of results.
#[track_caller]
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// A count of a file of results.
#[track_caller]
pub(crate) fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

/// A list of a file of results.
#[track_caller]
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

/// A list of numbers of a file of results.
#[track_caller]
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

/// Checks that a number is another, up to this part of it or this much.
#[track_caller]
pub(crate) fn near(found: f64, expected: f64, tolerance: f64) {
    let apart = (found - expected).abs();
    assert!(apart <= tolerance * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Checks that an interval has these two bounds.
#[track_caller]
pub(crate) fn near_bounds(found: crate::interval::Interval, bounds: &Value, tolerance: f64) {
    near(found.low, number(&bounds[0]), tolerance);
    near(found.high, number(&bounds[1]), tolerance);
}
