//! Results computed by others, as they lie in `tests/reference/bargaining`, and their domains as
//! scenario files have them.

use std::fmt::Write as _;

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

/// The keys that the issues of a domain have in a scenario file.
#[must_use]
pub fn issue_keys(domain: &Value) -> Vec<String> {
    (0..list(domain, "issues").len()).map(|k| format!("i{k}")).collect()
}

/// The issues of a domain, as a scenario file has them.
///
/// # Panics
/// When the domain has none.
#[must_use]
pub fn issues_as_written(domain: &Value) -> String {
    let mut text = String::new();
    for (key, issue) in issue_keys(domain).iter().zip(list(domain, "issues")) {
        let options = list(issue, "options");
        let _ = write!(text, "[issues.{key}]\nname = \"{key}\"\nrungs = [\n");
        for place in 0..options.len() {
            // Levels only order the rungs: what they are worth stands in the tables of values.
            let of = |count: usize| f64::from(u32::try_from(count).expect("few options"));
            let level = of(place) / of(options.len() - 1);
            let row =
                format!("{{ key = \"o{place}\", words = \"option {place}\", level = {level} }}");
            let _ = writeln!(text, "    {row},");
        }
        text.push_str("]\n\n");
    }
    text
}

/// The parties of a domain, `a0` and on, as a scenario file has them, with how each bargains.
///
/// # Panics
/// When the domain is none.
#[must_use]
pub fn parties_as_written(domain: &Value, styles: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    let keys = issue_keys(domain);
    let per_issue = |of: &dyn Fn(usize) -> String| {
        let rows = keys.iter().enumerate().map(|(k, key)| format!("{key} = {}", of(k)));
        rows.collect::<Vec<_>>().join(", ")
    };
    for (place, (agent, style)) in list(domain, "agents").iter().zip(styles).enumerate() {
        let name = agent["name"].as_str().expect("agents have names");
        let values = per_issue(&|k| format!("{:?}", numbers(&agent["values"][k])));
        let weights = per_issue(&|k| format!("{:?}", numbers(&agent["weights"])[k]));
        let reservation = agent["reservation"].as_f64().expect("agents have a reservation");
        let _ = write!(
            text,
            "[parties.a{place}]\nname = \"{name}\"\nvalues = {{ {values} }}\n\
             weights = {{ {weights} }}\nreservation = {reservation:?}\n\
             bargaining = {{ {style} }}\n\n"
        );
    }
    text
}

/// Checks those cases of a reference of which something is said, so many.
///
/// # Panics
/// When there are more or fewer, or a check fails.
#[track_caller]
pub fn check_cases(name: &str, (key, said): (&str, &str), n: usize, check: fn(&Value)) {
    let all = reference(name);
    let cases = list(&all, "cases").iter().filter(|case| case[key] == said);
    assert_eq!(cases.clone().count(), n, "the references have other cases");
    cases.for_each(check);
}
