//! Results computed by others, as they lie in `tests/reference/bargaining`.

use serde_json::Value;

use crate::read;

const FOLDER: &str = "tests/reference/bargaining";

/// A file of results, by its name without ending.
///
/// # Panics
/// When there is none, or it is no JSON.
#[must_use]
pub fn reference(name: &str) -> Value {
    // What no package reaches is written there as an infinity, which is not JSON.
    let text = read(&format!("{FOLDER}/{name}.json"));
    let text = text.replace(":Infinity", ":null").replace(": Infinity", ": null");
    serde_json::from_str(&text).unwrap_or_else(|cause| panic!("{name}: {cause}"))
}

/// A list in a file of results.
///
/// # Panics
/// When there is none of this key.
#[must_use]
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is a list"))
}

/// A whole number in a file of results.
///
/// # Panics
/// When it is none, or does not fit.
#[must_use]
pub fn whole(value: &Value) -> u32 {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.unwrap_or_else(|| panic!("`{value}` is a whole number"))
}

/// A list of numbers in a file of results.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().and_then(|list| list.iter().map(Value::as_f64).collect());
    numbers.unwrap_or_else(|| panic!("`{value}` is a list of numbers"))
}
