//! Numbers as the engine takes them: with the address of their draw, and spans of time in days.
use demarche_random::sample::Number;

use super::frame::Faults;
use crate::document::{join, nth};
use crate::number::ReadNumber;
use crate::problem::Code;
use crate::reading::Reader;

/// The address of a number's draw: made of its path and of nothing else, so that a draw stays where
/// it is when a file is edited elsewhere. FNV-1a, 32 bits.
#[must_use]
pub fn address(path: &str) -> u32 {
    path.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

pub(crate) const HOURS_A_DAY: f64 = 24.0;

/// A number that must be there.
pub(super) fn number(reader: &Reader<'_>, key: &str) -> Number {
    lowered(&reader.number(key), &join(reader.path(), key), 1.0)
}

/// A number, or the value that its absence stands for.
pub(super) fn number_or(reader: &Reader<'_>, key: &str, absent: f64) -> Number {
    let path = join(reader.path(), key);
    reader.number_opt(key).map_or(Number::fixed(absent), |number| lowered(&number, &path, 1.0))
}

/// A span of hours, in days; absent, it is nothing.
pub(super) fn days(reader: &Reader<'_>, key: &str) -> Number {
    let path = join(reader.path(), key);
    let number = reader.number_opt(key);
    number.map_or(Number::fixed(0.0), |number| lowered(&number, &path, HOURS_A_DAY))
}

/// A number for each issue or party; those not named have the value that absence stands for.
pub(super) fn each(reader: &Reader<'_>, key: &str, count: usize, absent: f64) -> Vec<Number> {
    let mut numbers = vec![Number::fixed(absent); count];
    let path = join(reader.path(), key);
    for per in reader.number_per(key) {
        if let Some(place) = numbers.get_mut(per.index) {
            *place = lowered(&per.value, &join(&path, per.name), 1.0);
        }
    }
    numbers
}

/// A number that the engine takes as it is: it cannot have a range.
pub(super) fn plain(reader: &Reader<'_>, key: &str, faults: &mut Faults) -> f64 {
    let number = reader.number(key);
    only_value(reader, key, &join(reader.path(), key), &number, faults)
}

/// The same for the numbers of a list at a path below a key.
pub(super) fn plain_list(
    reader: &Reader<'_>,
    key: &str,
    path: &str,
    numbers: &[ReadNumber],
    faults: &mut Faults,
) -> Vec<f64> {
    let numbers = numbers.iter().enumerate();
    numbers.map(|(at, number)| only_value(reader, key, &nth(path, at), number, faults)).collect()
}

pub(super) fn only_value(
    reader: &Reader<'_>,
    key: &str,
    path: &str,
    number: &ReadNumber,
    faults: &mut Faults,
) -> f64 {
    if number.shape.is_some() {
        let message = format!("{path} must be one number, but has a range or a distribution");
        let help = "it makes up the scale that everything is measured on";
        faults.add(reader.problem(Code::WrongType, key, message, help));
    }
    number.value
}

/// A number as read, in other units.
pub(crate) fn lowered(number: &ReadNumber, path: &str, per_unit: f64) -> Number {
    Number {
        reference: number.value / per_unit,
        spread: number.shape.map(|shape| shape.per(per_unit)),
        is_chance: number.drawn_every_run,
        address: address(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_random::sample::Distribution;

    #[test]
    fn addresses_are_those_of_fnv_1a() {
        // Values of the reference implementation (Fowler, Noll and Vo).
        assert_eq!(
            (address(""), address("a"), address("foobar")),
            (0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968)
        );
    }

    #[test]
    fn spans_change_their_unit_with_their_spread() {
        let shape = Some(Distribution::Triangular { low: 12.0, mode: 24.0, high: 48.0 });
        let source = "assumed".to_owned();
        let hours = ReadNumber { value: 24.0, shape, drawn_every_run: true, source };
        let days = lowered(&hours, "x", HOURS_A_DAY);
        let spread = Distribution::Triangular { low: 0.5, mode: 1.0, high: 2.0 };
        assert_eq!((days.reference, days.spread, days.is_chance), (1.0, Some(spread), true));
    }
}
